/*
 * Units: numbers are read as an integer mantissa and a count of decimals, so that "11.18ms" is
 * exactly 11 180 000 ns and its half width exactly 5 000 ns; strtod would bring the locale in and
 * a binary fraction with it.
 */
#include "schema/units.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK(wb_units_error, wb_units_error)

/* ---- reading ---------------------------------------------------------------------------- */

/* A decimal number as printed: mantissa / 10^decimals. */
typedef struct {
    int64_t mantissa; /* saturates; more than 18 digits are not exact anyway */
    int decimals;
    bool has_point;
    bool negative;
} Decimal;

static const double powers_of_10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                      1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
#define MAX_DECIMALS ((int)G_N_ELEMENTS(powers_of_10) - 1)

static const char *scan_decimal(const char *p, const char *end, Decimal *out)
{
    int digits = 0;

    *out = (Decimal){0};
    if (p < end && (*p == '-' || *p == '+'))
        out->negative = *p++ == '-';
    for (; p < end && (g_ascii_isdigit(*p) || (*p == '.' && !out->has_point)); p++) {
        if (*p == '.') {
            out->has_point = true;
            continue;
        }
        digits++;
        if (out->mantissa > (INT64_MAX - 9) / 10) {
            if (!out->has_point)
                return NULL; /* a whole number of more than 18 digits is no figure of ours */
            continue;        /* digits past the 18th change nothing */
        }
        if (out->decimals == MAX_DECIMALS)
            continue; /* nor do decimals past the 18th, be they zeros */
        out->mantissa = out->mantissa * 10 + (*p - '0');
        out->decimals += out->has_point;
    }
    return digits > 0 ? p : NULL;
}

static double decimal_value(const Decimal *d, double factor)
{
    /* Multiply first: both are whole, so the product is exact below 2^53. */
    double value = (double)d->mantissa * factor / powers_of_10[d->decimals];

    return d->negative ? -value : value;
}

static double decimal_half(const Decimal *d, double factor)
{
    return 0.5 * factor / powers_of_10[d->decimals];
}

const char *wb_units_scan_number(const char *text, const char *end, double *out_value,
                                 double *out_half, bool *out_exact)
{
    Decimal d;
    const char *p = scan_decimal(text, end, &d);

    if (!p)
        return NULL;
    *out_value = decimal_value(&d, 1);
    *out_half = decimal_half(&d, 1);
    *out_exact = !d.has_point;
    return p;
}

/* A unit's spelling and how many base units it is. */
typedef struct {
    const char *text;
    int64_t factor;
} Unit;

static const Unit time_units[] = {
    {"ns", 1},
    {"us", 1000},
    {"ms", 1000000},
    {"s", 1000000000},
    {"m", INT64_C(60000000000)},
    {"h", INT64_C(3600000000000)},
};

static const Unit count_units[] = {
    {"k", 1000},
    {"M", 1000000},
    {"G", 1000000000},
    {"T", INT64_C(1000000000000)},
};

static const Unit byte_units[] = {
    {"K", INT64_C(1) << 10},
    {"M", INT64_C(1) << 20},
    {"G", INT64_C(1) << 30},
    {"T", INT64_C(1) << 40},
};

/* The first unit of the list that the text begins with ("ms" stands before "m" in the list). */
static const Unit *scan_unit(const char *p, const char *end, const Unit *units, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(units[i].text);

        if ((size_t)(end - p) >= len && memcmp(p, units[i].text, len) == 0)
            return &units[i];
    }
    return NULL;
}

static bool to_int64(double value, int64_t *out)
{
    if (!(fabs(value) < 9.2e18))
        return false;
    *out = (int64_t)llround(value);
    return true;
}

const char *wb_units_scan_time(const char *text, const char *end, int64_t *out_ns,
                               int64_t *out_half_ns)
{
    Decimal d;
    const char *p = scan_decimal(text, end, &d);
    const Unit *unit = p ? scan_unit(p, end, time_units, G_N_ELEMENTS(time_units)) : NULL;
    int64_t ns;

    if (!unit || !to_int64(decimal_value(&d, (double)unit->factor), &ns) ||
        !to_int64(decimal_half(&d, (double)unit->factor), out_half_ns))
        return NULL;
    *out_ns = ns;
    return p + strlen(unit->text);
}

const char *wb_units_scan_count(const char *text, const char *end, double *out_value,
                                double *out_half)
{
    Decimal d;
    const char *p = scan_decimal(text, end, &d);
    const Unit *unit = p ? scan_unit(p, end, count_units, G_N_ELEMENTS(count_units)) : NULL;
    double factor = unit ? (double)unit->factor : 1;

    if (!p)
        return NULL;
    *out_value = decimal_value(&d, factor);
    *out_half = d.has_point || unit ? decimal_half(&d, factor) : 0;
    return unit ? p + 1 : p;
}

const char *wb_units_scan_bytes(const char *text, const char *end, int64_t *out_bytes,
                                int64_t *out_half_bytes)
{
    Decimal d;
    const char *p = scan_decimal(text, end, &d);
    const Unit *unit = p ? scan_unit(p, end, byte_units, G_N_ELEMENTS(byte_units)) : NULL;
    double factor = unit ? (double)unit->factor : 1;
    int64_t bytes;
    int64_t half = 0;

    if (!p || !to_int64(decimal_value(&d, factor), &bytes))
        return NULL;
    if ((d.has_point || unit) && !to_int64(ceil(decimal_half(&d, factor)), &half))
        return NULL;
    *out_bytes = bytes;
    *out_half_bytes = half;
    p += unit ? 1 : 0;
    return p < end && *p == 'B' ? p + 1 : p;
}

bool wb_units_parse_duration(const char *text, int64_t *out_ns, GError **error)
{
    const char *end = text + strlen(text);
    int64_t ns;
    int64_t half;
    Decimal d;
    const char *p = wb_units_scan_time(text, end, &ns, &half);

    if (!p && (p = scan_decimal(text, end, &d)) && !to_int64(decimal_value(&d, 1e9), &ns))
        p = NULL;
    if (!p || *p || ns <= 0) {
        g_set_error(error, WB_UNITS_ERROR, WB_UNITS_ERROR_TEXT,
                    "'%.80s' is no duration: write a number with ms, s, m or h, as in 10s", text);
        return false;
    }
    *out_ns = ns;
    return true;
}

bool wb_units_parse_share(const char *text, double *out_share, GError **error)
{
    double value, half;
    bool exact;
    const char *p = wb_units_scan_number(text, text + strlen(text), &value, &half, &exact);

    while (p && *p == ' ')
        p++;
    if (p && *p == '%') {
        value /= 100;
        p++;
    }
    if (!p || *p || value < 0) {
        g_set_error(error, WB_UNITS_ERROR, WB_UNITS_ERROR_TEXT,
                    "'%.80s' is no share: write a percentage, as in 5%%", text);
        return false;
    }
    *out_share = value;
    return true;
}

bool wb_units_parse_count(const char *text, int64_t min, int64_t max, int64_t *out_value,
                          GError **error)
{
    double value;
    double half;
    const char *p = wb_units_scan_count(text, text + strlen(text), &value, &half);

    if (!p || *p || value != floor(value)) {
        g_set_error(error, WB_UNITS_ERROR, WB_UNITS_ERROR_TEXT,
                    "'%.80s' is no whole number: write digits, with k or M for thousands and "
                    "millions",
                    text);
        return false;
    }
    if (value < (double)min || value > (double)max) {
        g_set_error(error, WB_UNITS_ERROR, WB_UNITS_ERROR_TEXT,
                    "%.80s is out of range: it must be %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                    text, min, max);
        return false;
    }
    *out_value = (int64_t)value;
    return true;
}

/* ---- writing for people ------------------------------------------------------------------ */

static double round_to(double value, int decimals)
{
    return round(value * powers_of_10[decimals]) / powers_of_10[decimals];
}

static const WbPrefix prefixes[] = {{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}};

WbPrefix wb_units_prefix(double value, int decimals)
{
    size_t i = 0;

    /* Rounded first, so that 999 995 becomes 1.00M and never 1000.00k. */
    while (i + 1 < G_N_ELEMENTS(prefixes) &&
           round_to(fabs(value) / prefixes[i].factor, decimals) >= 1000)
        i++;
    return prefixes[i];
}

/* "%.*f" with a dot whatever the locale, and no negative zero. */
static char *format_fixed(double value, int decimals)
{
    char buffer[400];
    char format[8];

    g_snprintf(format, sizeof format, "%%.%df", decimals);
    if (round_to(value, decimals) == 0)
        value = 0;
    return g_strdup(g_ascii_formatd(buffer, sizeof buffer, format, value));
}

char *wb_units_format_scaled(double value, WbPrefix prefix, int decimals)
{
    /* Counted in steps of the last decimal: 2 675 is 2.68k, though 2.675 as a double lies below. */
    double steps = round(value * powers_of_10[decimals] / prefix.factor);
    g_autofree char *number = format_fixed(steps / powers_of_10[decimals], decimals);

    return g_strconcat(number, prefix.text, NULL);
}

char *wb_units_format_time(int64_t ns)
{
    static const Unit steps[] = {{" ns", 1}, {" us", 1000}, {" ms", 1000000}, {" s", 1000000000}};
    size_t i = 0;
    g_autofree char *number = NULL;

    while (i + 1 < G_N_ELEMENTS(steps) &&
           round_to(fabs((double)ns) / (double)steps[i].factor, i ? 2 : 0) >= 1000)
        i++;
    number = format_fixed((double)ns / (double)steps[i].factor, i ? 2 : 0);
    return g_strconcat(number, steps[i].text, NULL);
}

char *wb_units_format_bytes(int64_t bytes)
{
    static const char *const names[] = {" B", " KiB", " MiB", " GiB", " TiB"};
    double value = (double)bytes;
    size_t i = 0;
    g_autofree char *number = NULL;

    while (i + 1 < G_N_ELEMENTS(names) && round_to(fabs(value), i ? 2 : 0) >= 1024) {
        value /= 1024;
        i++;
    }
    number = format_fixed(value, i ? 2 : 0);
    return g_strconcat(number, names[i], NULL);
}

/* ---- writing for machines ---------------------------------------------------------------- */

const char *wb_units_format_double(double value, char buffer[WB_UNITS_DOUBLE_SIZE])
{
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};

    buffer[0] = '\0';
    if (!isfinite(value))
        return buffer;
    /* Whole numbers, most of all figures, as the first format would write them, but sooner. */
    if (fabs(value) < 1e15 && value == (double)(int64_t)value) {
        g_snprintf(buffer, WB_UNITS_DOUBLE_SIZE, "%" PRId64, (int64_t)value);
        return buffer;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(buffer, WB_UNITS_DOUBLE_SIZE, formats[i], value);
        if (g_ascii_strtod(buffer, NULL) == value)
            break;
    }
    return buffer;
}

/* ---- instants ---------------------------------------------------------------------------- */

/* The number that `n` digits make; -1: they are not all digits. */
static int read_digits(const char *p, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        if (!g_ascii_isdigit(p[i]))
            return -1;
        value = 10 * value + (p[i] - '0');
    }
    return value;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar, years beginning in March. */
static int64_t days_to(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return 365 * y + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

bool wb_units_parse_utc(const char *text, double *out_s)
{
    static const struct {
        int at, digits, least, most;
    } parts[] = {{0, 4, 0, 9999}, {5, 2, 1, 12},  {8, 2, 1, 31},
                 {11, 2, 0, 23},  {14, 2, 0, 59}, {17, 2, 0, 60}};
    int value[G_N_ELEMENTS(parts)];
    double fraction = 0, scale = 0.1;

    if (strlen(text) < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':')
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        value[i] = read_digits(text + parts[i].at, parts[i].digits);
        if (value[i] < parts[i].least || value[i] > parts[i].most)
            return false;
    }
    text += 19;
    if (*text == '.')
        for (text++; g_ascii_isdigit(*text); text++, scale /= 10)
            fraction += (*text - '0') * scale;
    if (strcmp(text, "Z") != 0)
        return false;
    *out_s = (double)(days_to(value[0], value[1], value[2]) * 86400 + value[3] * 3600 +
                      value[4] * 60 + value[5]) +
             fraction;
    return true;
}
