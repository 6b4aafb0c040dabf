/*
 * Export: OpenMetrics text 1.0. Counters and latency histograms of each complete run; a run is told
 * by its labels and its uuid. No timestamps: the node exporter's textfile collector takes none.
 */
#include <inttypes.h>
#include <math.h>

#include "report/clean.h"
#include "report/export.h"

#define NS 1e9

/* Names of labels: letters, digits, `_`, none of them a digit at the begin. */
static void append_key(GString *out, const char *key)
{
    if (g_ascii_isdigit(*key))
        g_string_append_c(out, '_');
    for (; *key; key++)
        g_string_append_c(out, g_ascii_isalnum(*key) ? *key : '_');
}

static void append_value(GString *out, const char *value)
{
    g_autofree char *cleaned = wb_clean_whole(value);

    for (const char *at = cleaned; *at; at++) {
        if (*at == '\\' || *at == '"')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
}

/* {server="a",run="uuid"EXTRA} */
static void append_labels(GString *out, const WbRun *run, const char *extra)
{
    const WbLabels *labels = run->of_case->labels;

    g_string_append_c(out, '{');
    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        append_key(out, wb_labels_at(labels, i)->key);
        g_string_append(out, "=\"");
        append_value(out, wb_labels_at(labels, i)->value);
        g_string_append(out, "\",");
    }
    g_string_append_printf(out, "run=\"%s\"%s}", run->run_uuid, extra);
}

typedef void (*AppendFn)(const WbExport *export, const WbRun *run, GString *out);

static void each_run(const WbExport *export, AppendFn append, GString *out)
{
    const WbSummary *summary = export->query->summary;

    for (size_t i = 0; i < summary->cases->len; i++)
        for (size_t r = 0; r < wb_summary_at(summary, i)->complete_n; r++)
            append(export, wb_summary_at(summary, i)->complete[r], out);
}

static void append_rate(const WbExport *export, const WbRun *run, GString *out)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    (void)export;
    if (isnan(run->requests_per_s))
        return;
    g_string_append(out, "wrkbook_request_rate");
    append_labels(out, run, "");
    g_string_append_printf(out, " %s\n", wb_units_format_double(run->requests_per_s, buffer));
}

static void append_requests(const WbExport *export, const WbRun *run, GString *out)
{
    (void)export;
    if (run->requests == WB_NONE)
        return;
    g_string_append(out, "wrkbook_requests_total");
    append_labels(out, run, "");
    g_string_append_printf(out, " %" PRId64 "\n", run->requests);
}

static void append_errors(const WbExport *export, const WbRun *run, GString *out)
{
    (void)export;
    for (int c = WB_TALLY_CONNECT; c <= WB_TALLY_STATUS; c++) {
        int64_t count = wb_error_count(run, (WbTallyClass)c);
        g_autofree char *extra =
            g_strdup_printf(",class=\"%s\"", wb_error_class_name((WbTallyClass)c));

        if (count == WB_NONE)
            continue;
        g_string_append(out, "wrkbook_errors_total");
        append_labels(out, run, extra);
        g_string_append_printf(out, " %" PRId64 "\n", count);
    }
}

/* ---- latencies ------------------------------------------------------------------------------ */

static void append_bucket(GString *out, const WbRun *run, const char *le, int64_t count)
{
    g_autofree char *extra = g_strdup_printf(",le=\"%s\"", le);

    g_string_append(out, "wrkbook_latency_seconds_bucket");
    append_labels(out, run, extra);
    g_string_append_printf(out, " %" PRId64 "\n", count);
}

/* Bounds of 1, 2 and 5 in each decade from 10 us to 100 s: a bucket of ours counts below a bound if
 * it lies below it as a whole. */
static void append_latency(const WbExport *export, const WbRun *run, GString *out)
{
    static const double steps[] = {1, 2, 5};
    g_autofree WbHist *hist = g_new0(WbHist, 1);
    char buffer[WB_UNITS_DOUBLE_SIZE];
    int64_t count = 0;
    int bucket = 0;

    if (!wb_store_add_hist(export->query->store, run->run_id, "latency", hist, NULL))
        return;
    for (int decade = -5; decade <= 2; decade++)
        for (size_t s = 0; s < G_N_ELEMENTS(steps); s++) {
            double le = steps[s] * pow(10, decade);
            char bound[G_ASCII_DTOSTR_BUF_SIZE];

            if (le > 100)
                break;
            for (; bucket < WB_HIST_SIZE && (double)wb_hist_upper(bucket) <= le * NS; bucket++)
                count += hist->counts[bucket];
            append_bucket(out, run, g_ascii_formatd(bound, sizeof bound, "%.6g", le), count);
        }
    append_bucket(out, run, "+Inf", hist->count);
    g_string_append(out, "wrkbook_latency_seconds_count");
    append_labels(out, run, "");
    g_string_append_printf(out, " %" PRId64 "\nwrkbook_latency_seconds_sum", hist->count);
    append_labels(out, run, "");
    g_string_append_printf(out, " %s\n", wb_units_format_double((double)hist->sum_ns / NS, buffer));
}

bool wb_export_openmetrics(const WbExport *export, GString *out, GError **error)
{
    (void)error;
    g_string_append(out, "# TYPE wrkbook_request_rate gauge\n"
                         "# HELP wrkbook_request_rate Requests per second over the whole run.\n");
    each_run(export, append_rate, out);
    g_string_append(out, "# TYPE wrkbook_requests counter\n"
                         "# HELP wrkbook_requests Responses received whole.\n");
    each_run(export, append_requests, out);
    g_string_append(out, "# TYPE wrkbook_errors counter\n"
                         "# HELP wrkbook_errors Socket errors by class; status: neither 2xx nor "
                         "3xx.\n");
    each_run(export, append_errors, out);
    g_string_append(out, "# TYPE wrkbook_latency_seconds histogram\n"
                         "# UNIT wrkbook_latency_seconds seconds\n"
                         "# HELP wrkbook_latency_seconds Latency of responses.\n");
    each_run(export, append_latency, out);
    g_string_append(out, "# EOF\n");
    return true;
}
