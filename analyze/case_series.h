/*
 * Case series: what the order of time says of the runs of a case and of a whole campaign: steady
 * runs or not, drift, server starts. Runs in, figures out; the mathematics is in steady.h, drift.h
 * and starts.h.
 */
#ifndef WB_ANALYZE_CASE_SERIES_H
#define WB_ANALYZE_CASE_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "analyze/drift.h"
#include "analyze/starts.h"
#include "analyze/steady.h"
#include "schema/records.h"

#define WB_STEADY_MIXED "mixed" /* of a case: not the same for all of its runs */

/* The classes of a case's runs; only native runs have slices to judge by. */
typedef struct {
    const char *steady_class; /* WB_STEADY_...; NULL: no run has slices */
    int64_t steady_flat, steady_warmup, steady_slowdown, steady_disturbed, steady_none,
        steady_unknown; /* runs of each class */
} WbCaseSteady;

/** wb_case_steady_figures: the names of the members (static). */
const WbFigure *wb_case_steady_figures(size_t *out_n);

/**
 * wb_case_steady_add: one more run, by its slices.
 *
 * @param out_start  the slice with which its steady part begins; 0 where there is none. May be NULL
 * @return           its class (static): WB_STEADY_UNKNOWN also without slices
 */
const char *wb_case_steady_add(WbCaseSteady *steady, const WbSliceRecord *slices, size_t n,
                               int64_t slice_ns, size_t *out_start);

/** wb_case_series_has_start: whether it is known when a run began: by the run itself or its log,
 * not by the time of a file, which may be that of a copy. */
bool wb_case_series_has_start(const WbRun *run);

/** wb_case_series_starts: [n] which server start each run had, as a number of its own also where
 * several campaigns number theirs alike; WB_NONE: not known. The caller frees it. */
int64_t *wb_case_series_starts(const WbRun *const *runs, size_t n);

/**
 * wb_case_series_describe: drift and starts of one case.
 *
 * @param runs    [n] complete runs
 * @param values  [n] their figure; NaN: left out
 */
void wb_case_series_describe(const WbRun *const *runs, const double *values, size_t n,
                             WbDriftCase *out_drift, WbStartsFigures *out_starts);

/* The runs of one campaign. */
typedef struct {
    const char *campaign; /* uuid; borrowed from the runs */
    int64_t runs;         /* that went in */
    WbDriftCampaign drift;
    WbSteadyFigures levels; /* change points, in runs from 0, as ratios to the cases' medians */
    GPtrArray
        *level_starts; /* of const char *: when the first run of each level began (borrowed) */
} WbCampaignSeries;

/**
 * wb_campaign_series: one entry a campaign that has runs with a known start, in order of first
 * appearance (of WbCampaignSeries; caller's).
 *
 * @param runs     [n] complete runs
 * @param values   [n] their figure; NaN or not above 0: left out
 * @param of_case  [n] number of the case
 */
GArray *wb_campaign_series(const WbRun *const *runs, const double *values, const size_t *of_case,
                           size_t n);

#endif
