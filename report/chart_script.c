/* Chart script: see chart_script.h. */
#include "report/chart_script.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/clean.h"

void wb_chart_script_init(WbChartScript *script, const WbFontMetrics *metrics)
{
    *script = (WbChartScript){.text = g_string_new(NULL), .metrics = metrics};
}

static void append_number(GString *out, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(out, g_ascii_formatd(digits, sizeof digits, "%.17g", value));
}

void wb_chart_script_number(WbChartScript *script, const char *name, double value)
{
    g_string_append_printf(script->text, "%s = ", name);
    append_number(script->text, isfinite(value) ? value : 0);
    g_string_append_c(script->text, '\n');
}

/* In single quotes gnuplot changes nothing; cleaned text holds no line end. A quote of the text is
 * a literal of its own: doubled, gnuplot 5.4 takes it for an empty literal where a text begins. */
static void append_quoted(GString *out, const char *text)
{
    g_autofree char *cleaned = wb_clean_whole(text);

    g_string_append_c(out, '\'');
    for (const char *at = cleaned; *at; at++) {
        if (*at == '\'')
            g_string_append(out, "' . \"'\" . '");
        else
            g_string_append_c(out, *at);
    }
    g_string_append_c(out, '\'');
}

/* An array of no elements is none to gnuplot. */
static void begin_array(GString *out, const char *name, size_t n)
{
    g_string_append_printf(out, "array %s[%" G_GSIZE_FORMAT "]\n", name, MAX(n, 1));
}

void wb_chart_script_texts(WbChartScript *script, const char *name, const GPtrArray *texts,
                           double size, double width)
{
    begin_array(script->text, name, texts->len);
    for (guint i = 0; i < texts->len; i++) {
        const char *text = g_ptr_array_index(texts, i);
        g_autofree char *cut =
            width > 0 ? wb_font_metrics_fit(script->metrics, text, size, width) : g_strdup(text);

        g_string_append_printf(script->text, "%s[%u] = ", name, i + 1);
        append_quoted(script->text, cut);
        g_string_append_c(script->text, '\n');
    }
}

void wb_chart_script_words(WbChartScript *script, const char *title, const char *subtitle,
                           const char *foot)
{
    const char *const words[] = {title, subtitle, foot};
    const double sizes[] = {WB_CHART_SIZE_TITLE, WB_CHART_SIZE_TEXT, WB_CHART_SIZE_FOOT};

    begin_array(script->text, "T", G_N_ELEMENTS(words));
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree char *cut = wb_font_metrics_fit(script->metrics, words[i], sizes[i],
                                                   WB_CHART_WIDTH - 2 * WB_CHART_EDGE);

        g_string_append_printf(script->text, "T[%" G_GSIZE_FORMAT "] = ", i + 1);
        append_quoted(script->text, cut);
        g_string_append_c(script->text, '\n');
    }
}

void wb_chart_script_margins(WbChartScript *script, double height, double left, double right,
                             double top, double bottom)
{
    wb_chart_script_number(script, "W", WB_CHART_WIDTH);
    wb_chart_script_number(script, "H", height);
    wb_chart_script_number(script, "LM", left);
    wb_chart_script_number(script, "RM", right);
    wb_chart_script_number(script, "TM", top);
    wb_chart_script_number(script, "BM", bottom);
}

void wb_chart_script_numbers(WbChartScript *script, const char *name, const double *values,
                             size_t n)
{
    begin_array(script->text, name, n);
    for (size_t i = 0; i < n; i++) {
        g_string_append_printf(script->text, "%s[%" G_GSIZE_FORMAT "] = ", name, i + 1);
        append_number(script->text, isfinite(values[i]) ? values[i] : 0);
        g_string_append_c(script->text, '\n');
    }
}

static bool all_finite(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

void wb_chart_script_block(WbChartScript *script, const char *name, const double *values,
                           size_t rows, size_t columns)
{
    size_t shown = 0;

    g_string_append_printf(script->text, "$%s << WB_END\n", name);
    for (size_t r = 0; r < rows; r++) {
        if (!all_finite(values + r * columns, columns))
            continue;
        for (size_t c = 0; c < columns; c++) {
            if (c)
                g_string_append_c(script->text, ' ');
            append_number(script->text, values[r * columns + c]);
        }
        g_string_append_c(script->text, '\n');
        shown++;
    }
    g_string_append_printf(script->text, "WB_END\nN_%s = %" G_GSIZE_FORMAT "\n", name, shown);
}

/* ---- axes ----------------------------------------------------------------------------------- */

/* 1, 2, 2.5 or 5 times a power of ten, at least `least`. */
static double round_step(double least)
{
    static const double steps[] = {1, 2, 2.5, 5, 10};
    double power = pow(10, floor(log10(least)));

    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (steps[i] * power >= least * (1 - 1e-9))
            return steps[i] * power;
    return 10 * power;
}

/* The prefix of the largest number, and as many decimals as the step needs in it. */
static void set_format(WbChartAxis *axis)
{
    static const char *const prefixes[] = {"", "k", "M", "G", "T", "P", "E"};
    double most = fmax(fabs(axis->min), fabs(axis->max));
    size_t p = 0;
    int decimals;

    axis->factor = 1;
    while (p + 1 < G_N_ELEMENTS(prefixes) && most >= 1000 * axis->factor) {
        axis->factor *= 1000;
        p++;
    }
    /* a step has two digits at most (round_step) */
    decimals = (int)CLAMP(-floor(log10(axis->step / axis->factor) + 1e-9), 0, 9);
    if (fabs(remainder(axis->step / axis->factor, pow(10, -decimals))) >
        1e-6 * axis->step / axis->factor)
        decimals++;
    g_snprintf(axis->format, sizeof axis->format, "%%.%df%s", decimals, prefixes[p]);
}

WbChartAxis wb_chart_axis(double lo, double hi, bool from_zero, int steps)
{
    WbChartAxis axis;
    double width;

    if (from_zero || lo > hi)
        lo = fmin(0, lo);
    if (!(hi > lo)) { /* all equal: some room on both sides */
        double room = hi != 0 ? fabs(hi) * 0.05 : 1;

        lo = from_zero ? lo : lo < 0 ? lo - room : fmax(0, lo - room);
        hi += room;
    }
    width = hi - lo;
    axis.step = round_step(width / steps);
    axis.min = floor(lo / axis.step + 1e-9) * axis.step;
    axis.max = ceil(hi / axis.step - 1e-9) * axis.step;
    set_format(&axis);
    return axis;
}

void wb_chart_script_axis(WbChartScript *script, const char *letter, const WbChartAxis *axis)
{
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        {"MIN", axis->min}, {"MAX", axis->max}, {"STEP", axis->step}, {"FACTOR", axis->factor}};

    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *name = g_strconcat(letter, numbers[i].name, NULL);

        wb_chart_script_number(script, name, numbers[i].value);
    }
    g_string_append_printf(script->text, "%sFORMAT = '%s'\n", letter, axis->format);
}
