/* Export: see export.h. */
#include "report/export.h"

G_DEFINE_QUARK(wb - export - error - quark, wb_export_error)

static const WbExportFormat formats[] = {
    {{"runs", NULL, "CSV, a row a run: labels, then its stored figures (windows: see slices)"},
     wb_export_runs},
    {{"slices", NULL, "CSV, a row a slice (100 ms) of each native run"}, wb_export_slices},
    {{"gobench", NULL, "Go benchmark text, a line a run, for benchstat"}, wb_export_gobench},
    {{"hyperfine", NULL, "hyperfine's JSON: seconds for 1000 requests, a value a run"},
     wb_export_hyperfine},
    {{"bencher", NULL, "Bencher Metric Format: median and interval, latencies"}, wb_export_bencher},
    {{"action-bigger", NULL, "github-action-benchmark, customBiggerIsBetter: rates"},
     wb_export_action_bigger},
    {{"action-smaller", NULL, "github-action-benchmark, customSmallerIsBetter: latencies, errors"},
     wb_export_action_smaller},
    {{"openmetrics", NULL, "OpenMetrics text: requests, errors, latency histograms of each run"},
     wb_export_openmetrics},
    {{"influx", NULL, "InfluxDB line protocol, a line a run"}, wb_export_influx},
    {{"hgrm", NULL, "HdrHistogram's percentile text of one case, in ms"}, wb_export_hgrm},
    {{"hlog", NULL, "HdrHistogram's interval log (V2), a row a run, tagged with its case"},
     wb_export_hlog},
    {{"junit", NULL, "JUnit XML, a test case a case: failed with socket errors"}, wb_export_junit},
};

WbChoices wb_export_formats(void)
{
    return WB_CHOICES(formats);
}

bool wb_export_is_shown(const WbCaseSummary *of)
{
    return of->complete_n > 0;
}
