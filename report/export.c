/* Export: see export.h. */
#include "report/export.h"

#include <string.h>

G_DEFINE_QUARK(wb - export - error - quark, wb_export_error)

static const WbExportFormat formats[] = {
    {{"runs", NULL, "CSV, a row a run: labels, then its figures, with its windows"},
     true,
     wb_export_runs},
    {{"slices", NULL, "CSV, a row a slice (100 ms) of each native run"}, true, wb_export_slices},
    {{"samples", NULL, "CSV, a row a second of each run of a suite: CPU, memory, pressure"},
     true,
     wb_export_samples},
    {{"wrk", NULL, "wrk's own text of each native run (imported ones: wrkbook logs)"},
     true,
     wb_export_wrk},
    {{"gobench", NULL, "Go benchmark text, a line a run, for benchstat"}, true, wb_export_gobench},
    {{"hyperfine", NULL, "hyperfine's JSON: seconds for 1000 requests, a value a run"},
     false,
     wb_export_hyperfine},
    {{"bencher", NULL, "Bencher Metric Format: median and interval, latencies"},
     false,
     wb_export_bencher},
    {{"action-bigger", NULL, "github-action-benchmark, customBiggerIsBetter: rates"},
     false,
     wb_export_action_bigger},
    {{"action-smaller", NULL, "github-action-benchmark, customSmallerIsBetter: latencies, errors"},
     false,
     wb_export_action_smaller},
    {{"openmetrics", NULL, "OpenMetrics text: requests, errors, latency histograms of each run"},
     true,
     wb_export_openmetrics},
    {{"influx", NULL, "InfluxDB line protocol, a line a run"}, true, wb_export_influx},
    {{"hgrm", NULL, "HdrHistogram's percentile text of one case, in ms"}, false, wb_export_hgrm},
    {{"hlog", NULL, "HdrHistogram's interval log (V2), a row a run, tagged with its case"},
     true,
     wb_export_hlog},
    {{"junit", NULL, "JUnit XML, a test case a case: failed with socket errors"},
     false,
     wb_export_junit},
};

WbChoices wb_export_formats(void)
{
    return WB_CHOICES(formats);
}

/* ---- cases ---------------------------------------------------------------------------------- */

const WbCaseSummary *wb_export_next_case(const WbExport *export, size_t *at)
{
    const WbSummary *summary = export->query->summary;
    WbSplit only = export->query->only;

    while (*at < summary->cases->len) {
        const WbCaseSummary *of = wb_summary_at(summary, (*at)++);

        if (of->runs > 0 && (only == WB_SPLIT_ANY || !g_strcmp0(of->split, wb_split_name(only))))
            return of;
    }
    return NULL;
}

const WbCaseSummary *wb_export_next_complete(const WbExport *export, size_t *at)
{
    const WbCaseSummary *of;

    do
        of = wb_export_next_case(export, at);
    while (of && of->complete_n == 0);
    return of;
}

/* ---- runs ----------------------------------------------------------------------------------- */

WbRunReader *wb_export_read_runs(const WbExport *export, unsigned parts, GError **error)
{
    return wb_run_reader_new(export->query->store, export->query->filter, NULL, parts, error);
}

bool wb_export_next_run(const WbExport *export, WbRunReader *reader, const WbRun **out_run,
                        GError **error)
{
    do
        if (!wb_run_reader_next(reader, out_run, error))
            return false;
    while (*out_run && export->left_out &&
           g_hash_table_contains((GHashTable *)export->left_out, &(*out_run)->of_case->id));
    return true;
}

bool wb_export_load_hist(const WbExport *export, const WbRun *run, WbHist *hist, bool *out_has,
                         GError **error)
{
    g_autoptr(GError) problem = NULL;

    *hist = (WbHist){0};
    *out_has = wb_store_add_latency_hist(export->query->store, run, hist, &problem);
    if (*out_has || g_error_matches(problem, WB_STORE_ERROR, WB_STORE_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
}

bool wb_export_is_complete(const WbRun *run)
{
    return !g_strcmp0(run->status, "complete");
}
