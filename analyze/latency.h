/*
 * Latency of a case: STATISTICS section 12. Percentiles come from the sum of the histograms of its
 * runs and are never averaged. Where runs hold only percentiles (a foreign log), each percentile
 * is a figure of a run, and the case has its median and range over the runs.
 */
#ifndef WB_ANALYZE_LATENCY_H
#define WB_ANALYZE_LATENCY_H

#include <stdbool.h>
#include <stddef.h>

#include "analyze/figures.h"
#include "schema/records.h"
#include "schema/store.h"

typedef enum {
    WB_LATENCY_MIN,
    WB_LATENCY_P50,
    WB_LATENCY_P75,
    WB_LATENCY_P90,
    WB_LATENCY_P95,
    WB_LATENCY_P99,
    WB_LATENCY_P999,
    WB_LATENCY_MEAN,
    WB_LATENCY_STDEV,
    WB_LATENCY_MAX,
    WB_LATENCIES,
} WbLatencyFigure;

/* Which figure of how many answers: fewer above a percentile say nothing of it. */
#define WB_LATENCY_LEAST_ABOVE 10

#define WB_LATENCY_FROM_HISTOGRAM "histogram" /* one distribution of all runs */
#define WB_LATENCY_FROM_RUNS      "runs"      /* median over runs, with lowest and highest */

typedef struct {
    const char *kind; /* "raw" ...; NULL: none, or not the same for all runs */
    const char *from; /* WB_LATENCY_FROM_...; NULL: no latencies */
    int64_t count;    /* answers in the histogram; WB_NONE from runs */
    double ns[WB_LATENCIES];
    double lo_ns[WB_LATENCIES]; /* over the runs; NaN from a histogram */
    double hi_ns[WB_LATENCIES];
    double half_ns[WB_LATENCIES]; /* largest half width; 0 from a histogram */
    bool few_above;               /* a percentile is missing for want of answers above it */
    bool mixed_kinds;             /* the runs' latencies must not be summed */
} WbLatencyFigures;

/** wb_latency_figures: the names of the members of WbLatencyFigures (static). */
const WbFigure *wb_latency_figures(size_t *out_n);

/**
 * wb_latency_describe: the latencies of the complete runs of a case.
 *
 * @param store  read for the histograms; NULL: use the runs' own percentiles
 * @param hist   room, zeroed, and left so (a histogram is 37 KiB)
 * Errors: the store's.
 */
bool wb_latency_describe(WbStore *store, const WbRun *const *runs, size_t n, WbHist *hist,
                         WbLatencyFigures *out, GError **error);

#endif
