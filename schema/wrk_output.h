/*
 * wrk's output: a native run as wrk prints its own, line for line, so that whatever reads wrk's
 * output reads ours: the one writer of it, for the run that was just made and for one that is
 * stored.
 *
 * What the figures mean is ours: latencies are raw, not corrected; a timeout is a request without a
 * whole response. The Req/Sec row is made from the slices of all threads together, divided by the
 * threads, empty slices left out as wrk leaves them out.
 */
#ifndef WB_SCHEMA_WRK_OUTPUT_H
#define WB_SCHEMA_WRK_OUTPUT_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/records.h"

/**
 * wb_wrk_output_append: the lines of one run, from `Running` to `Transfer/sec`.
 *
 * @param run      a native one with a result: settings, times, requests and bytes are there
 * @param latency  of its responses; empty: none came
 * @param slices   [slices_n] of `slice_ns` each
 */
void wb_wrk_output_append(GString *text, const WbRun *run, const WbHist *latency, int64_t slice_ns,
                          const WbSliceRecord *slices, size_t slices_n);

#endif
