/*
 * Each reader takes the number and its unit through schema/units, so that value and half width
 * are those of the whole program, and then judges the spelling, which is wrk's alone.
 */
#include "runner/import/wrk_figures.h"

#include <string.h>

#include "schema/records.h"
#include "schema/units.h"

bool wb_wrk_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

const char *wb_wrk_skip_blanks(const char *p, const char *end)
{
    while (p < end && wb_wrk_is_blank(*p))
        p++;
    return p;
}

bool wb_wrk_starts_with(const char *p, const char *end, const char *word)
{
    size_t len = strlen(word);

    return (size_t)(end - p) >= len && memcmp(p, word, len) == 0;
}

bool wb_wrk_ends_word(const char *p, const char *end)
{
    return p >= end || !(g_ascii_isalnum(*p) || *p == '_' || *p == '?');
}

/* Largest value in a unit; from there on wrk takes the next one. */
#define COUNT_LIMIT 850
#define BYTES_LIMIT 870.4

/* Notes the first value of a line that breaks wrk's spelling. */
static void note_odd(WbWrkScan *s, const char *from, const char *to)
{
    if (!s->out->odd) {
        s->out->odd = from;
        s->out->odd_end = to;
    }
}

bool wb_wrk_has_two_decimals(double half)
{
    return half > 0.0049 && half < 0.0051;
}

/* More than two decimals is another program's hand, not an edited value. */
void wb_wrk_judge_decimals(WbWrkScan *s, const char *from, const char *to, double half)
{
    if (half < 0.0049)
        s->out->foreign = "more than two decimals, which wrk never prints";
    else if (!wb_wrk_has_two_decimals(half))
        note_odd(s, from, to);
}

/* `unit` up to `end`. */
static bool is_spelled_time(double value, const char *unit, const char *end)
{
    switch (unit[0]) {
    case 'u':
        return value <= 850;
    case 's':
        return value >= 1 && value <= 51;
    case 'm':
        return end - unit == 2 ? value >= 0.85 && value <= 1000 : value >= 0.85;
    default:
        return false;
    }
}

static const char *scan_nan(const char *p, const char *end)
{
    if (p < end && *p == '-')
        p++;
    return wb_wrk_starts_with(p, end, "nan") ? p + 3 : NULL;
}

/* A time as in a table; "nan" sets no_data. NULL if there is none. */
const char *wb_wrk_scan_time(WbWrkScan *s, const char *p, WbWrkFigure *out)
{
    const char *from = wb_wrk_skip_blanks(p, s->end);
    double value;
    double half;
    bool whole;
    const char *unit = wb_units_scan_number(from, s->end, &value, &half, &whole);
    const char *to = scan_nan(from, s->end);

    if (to) {
        s->out->no_data = true;
        return to;
    }
    to = wb_units_scan_time(from, s->end, &out->value, &out->half);
    if (!unit || !to || *from == '-' || !wb_wrk_ends_word(to, s->end))
        return NULL;
    /* An average of 999 995 to 999 999 us is "1000.00ms" cut to eight places: no 1000 minutes. */
    if (to - from == 8 && memcmp(from, "1000.00m", 8) == 0) {
        out->value = 1000000000;
        out->half = 5000;
        return to;
    }
    wb_wrk_judge_decimals(s, from, to, half);
    if (!is_spelled_time(value, unit, to))
        note_odd(s, from, to);
    return to;
}

static bool is_spelled(double limit, double value, char unit)
{
    if (!unit || unit == 'B')
        return value <= limit;
    return value >= 0.85 && (value <= limit || unit == 'T');
}

/* A Req/Sec cell: a number with none or k, M, G, T. */
const char *wb_wrk_scan_rate(WbWrkScan *s, const char *p, WbWrkRate *out)
{
    const char *from = wb_wrk_skip_blanks(p, s->end);
    double value;
    double half;
    bool whole;
    const char *unit = wb_units_scan_number(from, s->end, &value, &half, &whole);
    const char *to = scan_nan(from, s->end);

    if (to) {
        s->out->no_data = true;
        return to;
    }
    to = wb_units_scan_count(from, s->end, &out->value, &out->half);
    if (!unit || !to || *from == '-' || !wb_wrk_ends_word(to, s->end))
        return NULL;
    wb_wrk_judge_decimals(s, from, to, half);
    if (!is_spelled(COUNT_LIMIT, value, to > unit ? *unit : '\0'))
        note_odd(s, from, to);
    return to;
}

const char *wb_wrk_scan_bytes(WbWrkScan *s, const char *p, WbWrkFigure *out)
{
    const char *from = wb_wrk_skip_blanks(p, s->end);
    double value;
    double half;
    bool whole;
    const char *unit = wb_units_scan_number(from, s->end, &value, &half, &whole);
    const char *to = wb_units_scan_bytes(from, s->end, &out->value, &out->half);

    if (unit && unit < s->end && *unit == 'k')
        s->out->foreign = "sizes in kB, which wrk never prints";
    if (!unit || !to || *from == '-' || !wb_wrk_ends_word(to, s->end)) {
        out->value = WB_NONE;
        return NULL;
    }
    wb_wrk_judge_decimals(s, from, to, half);
    if (!is_spelled(BYTES_LIMIT, value, to > unit ? *unit : '\0'))
        note_odd(s, from, to);
    return to;
}

/* A whole number; `1,268,823` as people group it. */
const char *wb_wrk_scan_whole(const char *p, const char *end, int64_t *out)
{
    const char *from = p = wb_wrk_skip_blanks(p, end);
    int64_t value = 0;
    int digits = 0; /* since the last comma */
    bool is_grouped = false;

    for (; p < end; p++) {
        if (*p == ',' && digits >= 1 && digits <= 3 && p + 3 < end && g_ascii_isdigit(p[1]) &&
            g_ascii_isdigit(p[2]) && g_ascii_isdigit(p[3])) {
            digits = 0;
            is_grouped = true;
            continue;
        }
        if (!g_ascii_isdigit(*p))
            break;
        if (value > (INT64_MAX - 9) / 10)
            return NULL;
        value = value * 10 + (*p - '0');
        digits++;
    }
    if (p == from || digits == 0 || (is_grouped && digits != 3))
        return NULL;
    *out = value;
    return p;
}

/* The whole number that ends at `p` (blanks between), back to a blank or the line's begin. */
const char *wb_wrk_scan_whole_before(const WbWrkScan *s, const char *p, int64_t *out)
{
    const char *from;

    while (p > s->line && wb_wrk_is_blank(p[-1]))
        p--;
    for (from = p; from > s->line && (g_ascii_isdigit(from[-1]) || from[-1] == ','); from--)
        ;
    if (from > s->line && (g_ascii_isalnum(from[-1]) || from[-1] == '.' || from[-1] == '-'))
        return NULL;
    return wb_wrk_scan_whole(from, p, out) == p ? from : NULL;
}

/* A share in percent behind the cells of a row; its sign may be lost. */
const char *wb_wrk_scan_percent(WbWrkScan *s, const char *p)
{
    const char *from = wb_wrk_skip_blanks(p, s->end);
    double value;
    double half;
    bool whole;
    const char *to = wb_units_scan_number(from, s->end, &value, &half, &whole);

    if (scan_nan(from, s->end)) {
        s->out->no_data = true;
        to = scan_nan(from, s->end);
    }
    if (!to)
        return NULL;
    s->out->is_whole = to < s->end && *to == '%';
    return s->out->is_whole ? to + 1 : to;
}
