/*
 * wrk's output: see wrk_output.h.
 *
 * The shape and the spelling of figures follow wrk 4.x (corpus/FORMATS.md, 1.1 and 1.2): a figure
 * moves to the next unit when it reaches 0.85 of it.
 */
#include "schema/wrk_output.h"

#include <math.h>
#include <string.h>

/* Units of one kind, each `factor` base units; the next one is taken at 0.85 of it. */
typedef struct {
    const char *text;
    double factor;
} Step;

static const Step time_steps[] = {{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}};
static const Step count_steps[] = {{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}};
static const Step byte_steps[] = {
    {"", 1}, {"K", 1024.0}, {"M", 1048576.0}, {"G", 1073741824.0}, {"T", 1099511627776.0}};

/* wrk never reaches the last unit of a list: "h" and "T" of bytes and counts stay out of use. */
static char *spell(double value, const Step *steps, size_t n, int decimals)
{
    size_t i = 0;
    char format[16];
    char number[64];

    while (i + 2 < n && value >= 0.85 * steps[i + 1].factor)
        i++;
    g_snprintf(format, sizeof format, "%%.%df", decimals);
    g_ascii_formatd(number, sizeof number, format, value / steps[i].factor);
    return g_strconcat(number, steps[i].text, NULL);
}

static char *spell_time_us(double us, int decimals)
{
    return spell(us, time_steps, G_N_ELEMENTS(time_steps), decimals);
}

static char *spell_bytes(double bytes)
{
    return spell(bytes, byte_steps, G_N_ELEMENTS(byte_steps), 2);
}

/* One row of "Thread Stats". */
typedef struct {
    double mean;
    double stdev;
    double max;
    double within_pct; /* share of samples within one stdev of the mean, NAN: no sample */
} Row;

static Row latency_row(const WbRun *run, const WbHist *hist)
{
    Row row = {0, 0, 0, NAN};
    int64_t within = 0;

    if (hist->count == 0)
        return row;
    row.mean = (double)run->latency_mean_ns / 1e3;
    row.stdev = run->latency_stdev_ns == WB_NONE ? 0 : (double)run->latency_stdev_ns / 1e3;
    row.max = (double)run->latency_max_ns / 1e3;
    for (int i = 0; i < WB_HIST_SIZE; i++) {
        double middle = ((double)wb_hist_lower(i) + (double)wb_hist_upper(i)) / 2e3;

        if (fabs(middle - row.mean) <= row.stdev)
            within += hist->counts[i];
    }
    row.within_pct = 100.0 * (double)within / (double)hist->count;
    return row;
}

static Row rate_row(const WbRun *run, int64_t slice_ns, const WbSliceRecord *slices,
                    size_t slices_n)
{
    double scale = 1e9 / (double)slice_ns / (double)run->threads;
    Row row = {0, 0, 0, NAN};
    size_t n = 0;
    size_t within = 0;

    for (size_t i = 0; i < slices_n; i++)
        if (slices[i].requests > 0) {
            double x = (double)slices[i].requests * scale;

            row.mean += x;
            row.max = fmax(row.max, x);
            n++;
        }
    if (n == 0)
        return row;
    row.mean /= (double)n;
    for (size_t i = 0; i < slices_n; i++)
        if (slices[i].requests > 0)
            row.stdev += pow((double)slices[i].requests * scale - row.mean, 2);
    row.stdev = n > 1 ? sqrt(row.stdev / (double)(n - 1)) : 0;
    for (size_t i = 0; i < slices_n; i++)
        within += slices[i].requests > 0 &&
                  fabs((double)slices[i].requests * scale - row.mean) <= row.stdev;
    row.within_pct = 100.0 * (double)within / (double)n;
    return row;
}

/* A figure in its column: two places are for the unit, so that the digits stand below each other.
 */
static void append_cell(GString *text, const char *cell, int width)
{
    size_t len = strlen(cell);
    int pad = 2;

    pad -= len > 0 && g_ascii_isalpha(cell[len - 1]);
    pad -= len > 1 && g_ascii_isalpha(cell[len - 2]);
    g_string_append_printf(text, "%*s%*s", width - pad, cell, pad, "");
}

static void append_row(GString *text, const char *name, const Row *row, const Step *steps, size_t n)
{
    g_autofree char *mean = spell(row->mean, steps, n, 2);
    g_autofree char *stdev = spell(row->stdev, steps, n, 2);
    g_autofree char *max = spell(row->max, steps, n, 2);
    char within[32] = "-nan";

    if (!isnan(row->within_pct))
        g_ascii_formatd(within, sizeof within, "%.2f", row->within_pct);
    g_string_append_printf(text, "    %-10s", name);
    append_cell(text, mean, 8);
    append_cell(text, stdev, 10);
    append_cell(text, max, 9);
    g_string_append_printf(text, "%8s%%\n", within);
}

static void append_distribution(GString *text, const WbRun *run)
{
    const struct {
        const char *percent;
        int64_t ns;
    } lines[] = {{"50", run->latency_p50_ns},
                 {"75", run->latency_p75_ns},
                 {"90", run->latency_p90_ns},
                 {"99", run->latency_p99_ns}};

    g_string_append(text, "  Latency Distribution\n");
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *time =
            spell_time_us(lines[i].ns == WB_NONE ? 0 : (double)lines[i].ns / 1e3, 2);

        g_string_append_printf(text, "%7s%%", lines[i].percent);
        append_cell(text, time, 10);
        g_string_append_c(text, '\n');
    }
}

static void append_errors(GString *text, const WbRun *run)
{
    if (wb_run_has_socket_errors(run))
        g_string_append_printf(
            text,
            "  Socket errors: connect %" G_GINT64_FORMAT ", read %" G_GINT64_FORMAT
            ", write %" G_GINT64_FORMAT ", timeout %" G_GINT64_FORMAT "\n",
            run->errors_connect, run->errors_read, run->errors_write, run->errors_timeout);
    if (run->errors_status > 0)
        g_string_append_printf(text, "  Non-2xx or 3xx responses: %" G_GINT64_FORMAT "\n",
                               run->errors_status);
}

void wb_wrk_output_append(GString *text, const WbRun *run, const WbHist *latency, int64_t slice_ns,
                          const WbSliceRecord *slices, size_t slices_n)
{
    double seconds = (double)run->elapsed_ns / 1e9;
    double rate = isnan(run->requests_per_s) ? 0 : run->requests_per_s;
    g_autofree char *asked = spell_time_us((double)run->asked_duration_ns / 1e3, 0);
    g_autofree char *elapsed = spell_time_us((double)run->elapsed_ns / 1e3, 2);
    g_autofree char *bytes = spell_bytes((double)run->bytes);
    g_autofree char *transfer = spell_bytes(seconds > 0 ? (double)run->bytes / seconds : 0);
    g_autofree char *transfer_b = g_strconcat(transfer, "B", NULL);
    Row latency_us = latency_row(run, latency);
    Row per_s = rate_row(run, slice_ns, slices, slices_n);
    char number[32];

    g_string_append_printf(text,
                           "Running %s test @ %s\n  %" G_GINT64_FORMAT
                           " threads and %" G_GINT64_FORMAT " connections\n"
                           "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n",
                           asked, run->url, run->threads, run->connections);
    append_row(text, "Latency", &latency_us, time_steps, G_N_ELEMENTS(time_steps));
    append_row(text, "Req/Sec", &per_s, count_steps, G_N_ELEMENTS(count_steps));
    append_distribution(text, run);
    g_string_append_printf(text, "  %" G_GINT64_FORMAT " requests in %s, %sB read\n", run->requests,
                           elapsed, bytes);
    append_errors(text, run);
    g_ascii_formatd(number, sizeof number, "%.2f", rate);
    g_string_append_printf(text, "Requests/sec: %9s\nTransfer/sec: %11s\n", number, transfer_b);
}
