/*
 * Drift: whether the figures of a campaign changed while it went on: each case by itself, and all
 * runs together once the level of their cases is taken out (STATISTICS section 8).
 */
#ifndef WB_ANALYZE_DRIFT_H
#define WB_ANALYZE_DRIFT_H

#include <stddef.h>
#include <stdint.h>

#include "analyze/figures.h"
#include "analyze/steady.h"

#define WB_DRIFT_LEAST 8 /* runs of a campaign; fewer: unknown */
#define WB_DRIFT_MOST                                                                              \
    2000 /* runs of a campaign, or of a case's slopes; of more evenly spaced ones */

#define WB_DRIFT_NONE    "none"
#define WB_DRIFT_UP      "up"
#define WB_DRIFT_DOWN    "down"
#define WB_DRIFT_UNKNOWN "unknown"

typedef struct {
    int64_t mk_s; /* Mann & Kendall */
    double mk_p;
    const char *mk_method;
    double slope_pct_per_run, slope_pct_per_hour; /* of the median */
} WbDriftCase;

typedef struct {
    int64_t mk_s;
    double mk_p;
    const char *mk_method;
    double slope_pct_per_hour;
    double lag1;
    double first_run_median_pct; /* first runs of the cases against their medians */
    double first_run_v, first_run_p;
    const char *first_run_method; /* "none": fewer than 6 cases */
    double slope_pct;             /* over the whole campaign */
    const char *drift;            /* WB_DRIFT_... */
} WbDriftCampaign;

/** wb_drift_case_figures, wb_drift_campaign_figures: the names of the members (static). */
const WbFigure *wb_drift_case_figures(size_t *out_n);
const WbFigure *wb_drift_campaign_figures(size_t *out_n);

/**
 * wb_drift_case: one case. The test is of all runs; the slopes, of more than WB_DRIFT_MOST runs,
 * are of evenly spaced ones.
 *
 * @param start_s  [n] when each run began, any zero, rising
 * @param values   [n] its figure
 */
void wb_drift_case(const double *start_s, const double *values, size_t n, WbDriftCase *out);

/* One run of a campaign. */
typedef struct {
    double start_s;
    double value;   /* above 0 */
    size_t of_case; /* number of its case, below cases_n */
} WbDriftRun;

/**
 * wb_drift_campaign: all runs of a campaign.
 *
 * @param runs        [n] in order of start; a case may have one run
 * @param out_levels  change points of the campaign ("from run 40 on everything is 9 % slower"), as
 *                    ratios to the cases' medians; wb_steady_clear frees it; NULL: not wanted
 */
void wb_drift_campaign(const WbDriftRun *runs, size_t n, size_t cases_n, WbDriftCampaign *out,
                       WbSteadyFigures *out_levels);

#endif
