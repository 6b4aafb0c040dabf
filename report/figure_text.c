/* Figure text: see figure_text.h. */
#include "report/figure_text.h"

#include <inttypes.h>
#include <math.h>

#define PLUS_MINUS " \xc2\xb1 "     /* U+00B1 */
#define EN_DASH    " \xe2\x80\x93 " /* U+2013 */
#define DECIMALS   2                /* of a prefix, in tables */
#define MOST       6                /* of an interval that is very narrow */

/* Times have prefixes of their own; in a table all figures share one. */
static WbPrefix time_prefix(double ns)
{
    static const WbPrefix prefixes[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    size_t i = 0;

    /* rounded first: 999.996 us is 1.00 ms */
    while (i + 1 < G_N_ELEMENTS(prefixes)) {
        double step = i == 0 ? 1 : prefixes[i].factor * pow(10, -DECIMALS);

        if (round(ns / step) * step < prefixes[i + 1].factor)
            break;
        i++;
    }
    return prefixes[i];
}

WbScale wb_scale_make(WbUnit unit, double smallest, bool whole)
{
    WbScale scale = {.unit = unit, .prefix = {"", 1}, .decimals = DECIMALS};

    if (isnan(smallest))
        smallest = 0;
    if (unit == WB_UNIT_NS) {
        scale.prefix = time_prefix(smallest);
        if (scale.prefix.factor == 1)
            scale.decimals = 0;
        return scale;
    }
    if (unit == WB_UNIT_SHARE) {
        scale.prefix = (WbPrefix){" %", 0.01};
        scale.decimals = 1;
        return scale;
    }
    scale.prefix = wb_units_prefix(smallest, DECIMALS);
    if (scale.prefix.factor == 1 && whole)
        scale.decimals = 0;
    return scale;
}

/* How many of those decimals of the prefix a figure of that half width really has. */
static int honest_decimals(const WbScale *scale, int decimals, double half)
{
    double step = scale->prefix.factor * pow(10, -decimals);

    /* a source printed to the step has half of it; 1 % for a half width that is not exact */
    for (; decimals > 0 && step * 1.01 < 2 * half; step *= 10)
        decimals--;
    return decimals;
}

/* The place of the last digit: a power of ten, or that part of the prefix. */
static double step_of(const WbScale *scale, int decimals)
{
    return decimals < 0 ? scale->prefix.factor * pow(10, -decimals)
                        : scale->prefix.factor / pow(10, decimals);
}

/* Rounds to tens, hundreds, ... for decimals below 0. */
static char *format_at(const WbScale *scale, double value, int decimals)
{
    double step = step_of(scale, decimals);

    if (decimals < 0)
        return wb_units_format_scaled(round(value / step) * step, scale->prefix, 0);
    return wb_units_format_scaled(value, scale->prefix, decimals);
}

char *wb_figure_format(const WbScale *scale, double value, double half)
{
    if (value == 0)
        return g_strdup("0");
    return format_at(scale, value, honest_decimals(scale, scale->decimals, half));
}

/* Decimals of the prefix at which an interval of that half width is rounded (below 0: tens,
 * hundreds): the first three digits of `reach` decide whether two of them stay or one. 950 to 999
 * become 1000, of which two stay: the place where one digit of 9.5 would be. */
static int interval_decimals(const WbScale *scale, double reach)
{
    double scaled = reach / scale->prefix.factor;
    int exponent = (int)floor(log10(scaled));
    int first_three = (int)(scaled / pow(10, exponent) * 100 + 1e-6);

    return (first_three < 355 ? 1 : 0) - exponent;
}

char *wb_figure_format_interval(const WbScale *scale, double value, double half, double reach,
                                bool ascii)
{
    const char *between = ascii ? " +- " : PLUS_MINUS;
    g_autofree char *left = NULL;
    g_autofree char *right = NULL;
    int decimals;

    if (isnan(reach)) {
        left = wb_figure_format(scale, value, half);
        return g_strconcat(left, between, "?", NULL);
    }
    if (!(reach > 0)) {
        left = wb_figure_format(scale, value, half);
        return g_strconcat(left, between, "0", NULL);
    }
    /* no interval makes digits that the source did not hold, and none is shown as nothing */
    decimals = MIN(interval_decimals(scale, reach), honest_decimals(scale, MOST, half));
    left = format_at(scale, value, decimals);
    right = format_at(scale, MAX(reach, step_of(scale, decimals)), decimals);
    return g_strconcat(left, between, right, NULL);
}

char *wb_figure_format_range(const WbScale *scale, double min, double max, bool ascii)
{
    g_autofree char *left = wb_figure_format(scale, min, 0);
    g_autofree char *right = wb_figure_format(scale, max, 0);

    return g_strconcat(left, ascii ? " - " : EN_DASH, right, NULL);
}

char *wb_figure_format_percent(double share)
{
    const WbScale scale = wb_scale_make(WB_UNIT_SHARE, 0, false);

    return isnan(share) ? g_strdup("?") : wb_units_format_scaled(share, scale.prefix, 1);
}

char *wb_figure_errors(const WbErrorFigures *errors)
{
    GString *out = g_string_new(NULL);
    bool told = errors->of[WB_TALLY_ALL].count != WB_NONE;

    for (int class = WB_TALLY_CONNECT; class <= WB_TALLY_STATUS; class ++)
        if (errors->of[class].count > 0)
            g_string_append_printf(out, "%s%s %" PRId64, out->len ? ", " : "",
                                   wb_error_class_name((WbTallyClass) class),
                                   errors->of[class].count);
    if (out->len == 0 && told)
        g_string_append(out, "none");
    return g_string_free(out, FALSE);
}
