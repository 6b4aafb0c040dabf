/* Warnings: see warnings.h. */
#include "analyze/warnings.h"

#include <glib.h>

static const WbWarningInfo warnings[] = {
    {WB_WARN_FEW_RUNS, "few_runs", "median"},
    {WB_WARN_MIXED_DURATION, "mixed_duration", "mean"},
    {WB_WARN_RATE_DISAGREES, "rate_disagrees", "mean"},
    {WB_WARN_PRINTED_MISMATCH, "printed_mismatch", "mean"},
    {WB_WARN_PARTIAL_RUNS, "partial_runs", "runs"},
    {WB_WARN_NO_COMPLETE_RUN, "no_complete_run", "runs"},
    {WB_WARN_STATUS_ERRORS, "status_errors", "errors_status"},
    {WB_WARN_OUTLIERS, "outliers", "mean"},
    {WB_WARN_FIRST_RUN, "first_run_outlier", "mean"},
    {WB_WARN_MODE_SPLIT, "mode_split", "mean"},
    {WB_WARN_WINDOW_ESTIMATED, "window_estimated", "window_min"},
    {WB_WARN_LATENCY_KINDS, "latency_kinds_differ", "latency_p99"},
    {WB_WARN_FEW_ABOVE, "few_above", "latency_p999"},
    {WB_WARN_CLOSED_LOOP, "closed_loop", "latency_p99"},
    {WB_WARN_PUBLISHED_TWICE, "published_twice", "best"},
    {WB_WARN_PUBLISHED_BESIDE, "published_beside_runs", "best"},
    {WB_WARN_PUBLISHED_WINDOW, "published_window_differs", "window_min"},
    {WB_WARN_WARMUP, "warmup_in_run", "mean"},
    {WB_WARN_UNSTEADY, "unsteady_run", "mean"},
    {WB_WARN_START_LEVEL, "start_level", "median"},
    {WB_WARN_STEADY_PART, "steady_part", "mean"},
    {WB_WARN_STEADY_NONE, "steady_none", "runs"},
    {WB_WARN_STEADY_WHOLE, "steady_unknown", "mean"},
    {WB_WARN_UNIT_START, "unit_start", "median"},
    {WB_WARN_MIXED_LOAD, "mixed_load", "mean"},
};

const WbWarningInfo *wb_warnings(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(warnings);
    return warnings;
}
