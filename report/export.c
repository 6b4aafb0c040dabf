/* Export: see export.h. */
#include "report/export.h"

G_DEFINE_QUARK(wb - export - error - quark, wb_export_error)

static const WbExportFormat formats[] = {
    {"runs", "CSV, a row a run: labels, then its stored figures (windows: see slices)",
     wb_export_runs},
    {"slices", "CSV, a row a slice (100 ms) of each native run", wb_export_slices},
    {"gobench", "Go benchmark text, a line a run, for benchstat", wb_export_gobench},
    {"hyperfine", "hyperfine's JSON: seconds for 1000 requests, a value a run",
     wb_export_hyperfine},
    {"bencher", "Bencher Metric Format: median and interval, latencies", wb_export_bencher},
    {"action-bigger", "github-action-benchmark, customBiggerIsBetter: rates",
     wb_export_action_bigger},
    {"action-smaller", "github-action-benchmark, customSmallerIsBetter: latencies, errors",
     wb_export_action_smaller},
    {"openmetrics", "OpenMetrics text: requests, errors, latency histograms of each run",
     wb_export_openmetrics},
    {"influx", "InfluxDB line protocol, a line a run", wb_export_influx},
    {"hgrm", "HdrHistogram's percentile text of one case, in ms", wb_export_hgrm},
    {"hlog", "HdrHistogram's interval log (V2), a row a run, tagged with its case", wb_export_hlog},
    {"junit", "JUnit XML, a test case a case: failed with socket errors", wb_export_junit},
};

const WbExportFormat *wb_export_formats(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(formats);
    return formats;
}

bool wb_export_is_shown(const WbCaseSummary *of)
{
    return of->complete_n > 0;
}
