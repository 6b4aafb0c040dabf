/*
 * A run's latency figures of its histogram: the same rules for a run that was made here and for one
 * that was imported with all its latencies.
 */
#ifndef WB_RUNNER_LATENCY_FIGURES_H
#define WB_RUNNER_LATENCY_FIGURES_H

#include "schema/records.h"

/** wb_latency_centre: mean and, of two or more values, standard deviation (n - 1): exact.
 * @param hist  not empty */
void wb_latency_centre(WbRun *run, const WbHist *hist);

/** wb_latency_quantiles: the percentiles, by wb_hist_quantile_ns, and the maximum.
 * @param hist  not empty */
void wb_latency_quantiles(WbRun *run, const WbHist *hist);

#endif
