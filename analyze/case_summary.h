/*
 * Case summary: one case of a summary, once summary.c has grouped its runs: figures, doubts. A part
 * of summary.c, and of use to nobody else.
 */
#ifndef WB_ANALYZE_CASE_SUMMARY_H
#define WB_ANALYZE_CASE_SUMMARY_H

#include "analyze/summary.h"

/** wb_case_summary_rate: requests per s of a run: as printed, or requests / elapsed; NaN: unknown.
 */
double wb_case_summary_rate(const WbRun *run);

/**
 * wb_case_summary_describe: every figure of the case but the latencies, which lie in the store.
 *
 * @param windows  of all of its runs; sorted by it
 * @param space    of this thread
 */
void wb_case_summary_describe(WbCaseSummary *of, const WbSummaryOptions *wanted, WbWindows *windows,
                              WbSampleSpace *space);

/** wb_case_summary_warn: the warnings that follow from the figures, latencies included.
 *
 * @param wanted  decides which doubts are met: no warm-up counts, starts are what is counted */
void wb_case_summary_warn(WbCaseSummary *of, const WbSummaryOptions *wanted);

#endif
