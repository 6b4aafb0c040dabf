#include "runner/import/spectrum.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "schema/units.h"

#define LONGEST_NS 1e16 /* past any latency, and far from overflow */

void wb_spectrum_clear(WbSpectrum *spectrum)
{
    spectrum->rows_n = 0;
    spectrum->mean_ns = spectrum->mean_half_ns = spectrum->stdev_ns = NAN;
    spectrum->total = WB_NONE;
    spectrum->broken = NULL;
}

/* ---- lines -------------------------------------------------------------------------------- */

static const char *skip(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == ',' || *p == '\r'))
        p++;
    return p;
}

/* A number with something that parts behind it, or the end. */
static const char *scan(const char *p, const char *end, double *out, double *out_half)
{
    bool is_whole;

    p = wb_units_scan_number(p, end, out, out_half, &is_whole);
    if (!p || (p < end && !strchr(" \t,\r", *p)))
        return NULL;
    return skip(p, end);
}

/* Where the last four columns of the line begin: people put quote signs in front. */
static const char *last_columns(const char *line, const char *end)
{
    const char *p = end;

    for (int columns = 0; columns < 4; columns++) {
        while (p > line && strchr(" \t,\r", p[-1]))
            p--;
        if (p == line)
            return line;
        while (p > line && !strchr(" \t,\r", p[-1]))
            p--;
    }
    return p;
}

static void add_row(WbSpectrum *spectrum, const WbSpectrumRow *row)
{
    const WbSpectrumRow *last =
        spectrum->rows_n ? &spectrum->rows[spectrum->rows_n - 1] : &(WbSpectrumRow){0};

    if (spectrum->broken)
        return;
    if (row->value_ns < last->value_ns || row->count < last->count)
        spectrum->broken = "the rows of its percentile spectrum fall";
    else if (spectrum->rows_n == WB_SPECTRUM_ROWS)
        spectrum->broken = "its percentile spectrum has more than 512 rows";
    else
        spectrum->rows[spectrum->rows_n++] = *row;
}

bool wb_spectrum_row(WbSpectrum *spectrum, const char *line, const char *line_end, double unit_ns)
{
    double value, share, count, half, ignored;
    const char *p = last_columns(line, line_end);
    WbSpectrumRow row;

    /* The last row of Java's library has no fourth column. */
    if (!(p = scan(skip(p, line_end), line_end, &value, &half)) ||
        !(p = scan(p, line_end, &share, &ignored)) || !(p = scan(p, line_end, &count, &ignored)) ||
        !(share >= 0 && share <= 1) || count < 0 || count != floor(count) || count > 9e15 ||
        value < 0 || value * unit_ns > LONGEST_NS)
        return false;
    /* 1/(1-share): "inf", "-nan", and numbers of a hundred digits. */
    while (p < line_end && strchr("0123456789.+-infaINFty \r", *p))
        p++;
    if (p < line_end)
        return false;
    row.value_ns = llround(value * unit_ns);
    row.half_ns = llround(half * unit_ns);
    row.count = (int64_t)count;
    add_row(spectrum, &row);
    return true;
}

/* The number behind "KEY   =" in the line. */
static bool number_of(const char *line, const char *end, const char *key, double *out,
                      double *out_half)
{
    const char *p = memmem(line, (size_t)(end - line), key, strlen(key));
    bool is_whole;

    if (!p || !(p = memchr(p, '=', (size_t)(end - p))))
        return false;
    for (p++; p < end && *p == ' '; p++)
        ;
    return wb_units_scan_number(p, end, out, out_half, &is_whole) != NULL && *out >= 0;
}

bool wb_spectrum_foot(WbSpectrum *spectrum, const char *line, const char *line_end, double unit_ns)
{
    double value, half, other, ignored;

    if (line == line_end || !memchr(line, '[', (size_t)(line_end - line)))
        return false;
    if (number_of(line, line_end, "[Mean ", &value, &half) &&
        number_of(line, line_end, "StdDeviation ", &other, &ignored)) {
        spectrum->mean_ns = value * unit_ns;
        spectrum->mean_half_ns = half * unit_ns;
        spectrum->stdev_ns = other * unit_ns;
    } else if (number_of(line, line_end, "[Max ", &value, &half) &&
               number_of(line, line_end, "Total", &other, &ignored)) {
        spectrum->total = other < 9e15 ? llround(other) : WB_NONE;
    } else {
        return number_of(line, line_end, "[Buckets ", &value, &half);
    }
    return true;
}

/* ---- the whole ---------------------------------------------------------------------------- */

/* Counts what lies between two rows at the upper one; *out_low is the mean if it lay at the lower
 * one. */
static bool count_rows(WbSpectrum *spectrum, double *out_low)
{
    int64_t seen = 0;
    double low = 0, below = 0;

    memset(&spectrum->hist, 0, sizeof spectrum->hist);
    for (size_t i = 0; i < spectrum->rows_n; i++) {
        const WbSpectrumRow *row = &spectrum->rows[i];

        if (!wb_hist_add_many(&spectrum->hist, row->value_ns, row->count - seen))
            return false;
        low += (double)(row->count - seen) * below;
        below = (double)(row->value_ns - row->half_ns);
        seen = row->count;
    }
    *out_low = low / (double)seen;
    return true;
}

const char *wb_spectrum_finish(WbSpectrum *spectrum)
{
    WbHist *hist = &spectrum->hist;
    double n, low, high, slack;

    if (spectrum->broken)
        return spectrum->broken;
    if (spectrum->rows_n < 2 || spectrum->rows[spectrum->rows_n - 1].count == 0)
        return "its percentile spectrum has no rows";
    if (!count_rows(spectrum, &low))
        return "its percentile spectrum counts past what can be added";
    n = (double)hist->count;
    if (spectrum->total != WB_NONE && spectrum->total != hist->count)
        return "its percentile spectrum ends with another count than its rows";
    if (isnan(spectrum->mean_ns))
        return NULL;
    /* Values have three digits in the libraries, and wrk2 prints three decimals of a ms. */
    high = (double)hist->sum_ns / n;
    slack = spectrum->mean_half_ns + high / 1000 + (double)spectrum->rows[0].half_ns * 2;
    if (spectrum->mean_ns > high + slack || spectrum->mean_ns < low - slack)
        return "its percentile spectrum has another mean than its rows";
    /* Python's library prints the deviation in another unit than the mean. */
    if (!(spectrum->stdev_ns <= (double)hist->max_ns))
        spectrum->stdev_ns = NAN;
    hist->sum_ns = llround(spectrum->mean_ns * n);
    if (!isnan(spectrum->stdev_ns))
        hist->sum_squares_ns2 =
            n * (spectrum->mean_ns * spectrum->mean_ns + spectrum->stdev_ns * spectrum->stdev_ns);
    return NULL;
}

static void set_percentile(const WbSpectrum *spectrum, double share, int64_t *out_ns,
                           int64_t *out_half_ns)
{
    int64_t want = MAX(1, (int64_t)floor(share * (double)spectrum->hist.count + 0.5));
    size_t i = 0;
    int64_t low, high, half;

    while (spectrum->rows[i].count < want)
        i++;
    high = spectrum->rows[i].value_ns;
    half = spectrum->rows[i].half_ns;
    low = i == 0 || spectrum->rows[i].count == want ? high : spectrum->rows[i - 1].value_ns;
    *out_ns = low + (high - low) / 2;
    *out_half_ns = (high - low + 1) / 2 + half;
}

void wb_spectrum_figures(const WbSpectrum *spectrum, WbRun *run)
{
    if (!isnan(spectrum->mean_ns)) {
        run->latency_mean_ns = llround(spectrum->mean_ns);
        run->latency_mean_ns_half = llround(spectrum->mean_half_ns);
    }
    if (!isnan(spectrum->stdev_ns)) {
        run->latency_stdev_ns = llround(spectrum->stdev_ns);
        run->latency_stdev_ns_half = run->latency_mean_ns_half;
    }
    run->latency_max_ns = spectrum->hist.max_ns;
    run->latency_max_ns_half = spectrum->rows[spectrum->rows_n - 1].half_ns;
    set_percentile(spectrum, 0.5, &run->latency_p50_ns, &run->latency_p50_ns_half);
    set_percentile(spectrum, 0.75, &run->latency_p75_ns, &run->latency_p75_ns_half);
    set_percentile(spectrum, 0.9, &run->latency_p90_ns, &run->latency_p90_ns_half);
    set_percentile(spectrum, 0.95, &run->latency_p95_ns, &run->latency_p95_ns_half);
    set_percentile(spectrum, 0.99, &run->latency_p99_ns, &run->latency_p99_ns_half);
    set_percentile(spectrum, 0.999, &run->latency_p999_ns, &run->latency_p999_ns_half);
}
