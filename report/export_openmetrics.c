/*
 * Export: OpenMetrics text 1.0. Counters and latency histograms of each complete run; a run is told
 * by its labels and its uuid. No timestamps: the node exporter's textfile collector takes none.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

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

typedef bool (*AppendFn)(const WbExport *export, const WbRun *run, GString *out, GError **error);

/* Samples of a family stand together, so each family is a pass over the runs. */
static bool each_run(const WbExport *export, const char *head, AppendFn append, WbOutput *out,
                     GError **error)
{
    g_autoptr(WbRunReader) reader = wb_export_read_runs(export, WB_RUN_BY_CASE, error);
    const WbRun *run = NULL;
    bool done = reader != NULL;

    g_string_append(out->text, head);
    while (done && (done = wb_export_next_run(export, reader, &run, error)) && run)
        done = !wb_export_is_complete(run) ||
               (append(export, run, out->text, error) && wb_output_pass(out, error));
    return done;
}

static bool append_rate(const WbExport *export, const WbRun *run, GString *out, GError **error)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    (void)export;
    (void)error;
    if (isnan(run->requests_per_s))
        return true;
    g_string_append(out, "wrkbook_request_rate");
    append_labels(out, run, "");
    g_string_append_printf(out, " %s\n", wb_units_format_double(run->requests_per_s, buffer));
    return true;
}

static bool append_requests(const WbExport *export, const WbRun *run, GString *out, GError **error)
{
    (void)export;
    (void)error;
    if (run->requests == WB_NONE)
        return true;
    g_string_append(out, "wrkbook_requests_total");
    append_labels(out, run, "");
    g_string_append_printf(out, " %" PRId64 "\n", run->requests);
    return true;
}

static bool append_errors(const WbExport *export, const WbRun *run, GString *out, GError **error)
{
    (void)export;
    (void)error;
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
    return true;
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
static bool append_latency(const WbExport *export, const WbRun *run, GString *out, GError **error)
{
    static const double steps[] = {1, 2, 5};
    g_autofree WbHist *hist = g_new0(WbHist, 1);
    char buffer[WB_UNITS_DOUBLE_SIZE];
    int64_t count = 0;
    int bucket = 0;
    bool has_hist;

    if (!wb_export_load_hist(export, run, hist, &has_hist, error))
        return false;
    /* wrk's corrected histogram has more entries than there were responses */
    if (!has_hist || strcmp(wb_latency_hist_kind(run->latency_kind), "latency") != 0)
        return true;
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
    return true;
}

bool wb_export_openmetrics(const WbExport *export, WbOutput *out, GError **error)
{
    static const struct {
        const char *head;
        AppendFn append;
    } families[] = {
        {"# TYPE wrkbook_request_rate gauge\n"
         "# HELP wrkbook_request_rate Requests per second over the whole run.\n",
         append_rate},
        {"# TYPE wrkbook_requests counter\n"
         "# HELP wrkbook_requests Responses received whole.\n",
         append_requests},
        {"# TYPE wrkbook_errors counter\n"
         "# HELP wrkbook_errors Socket errors by class; status: neither 2xx nor 3xx.\n",
         append_errors},
        {"# TYPE wrkbook_latency_seconds histogram\n"
         "# UNIT wrkbook_latency_seconds seconds\n"
         "# HELP wrkbook_latency_seconds Latency of responses.\n",
         append_latency},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
        if (!each_run(export, families[i].head, families[i].append, out, error))
            return false;
    g_string_append(out->text, "# EOF\n");
    return true;
}
