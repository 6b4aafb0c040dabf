/*
 * Sample: the values of one metric of one case, one value a run, and all that STATISTICS sections
 * 2, 4 and 5 say of them. The run is the only observation: never a window, never a slice.
 */
#ifndef WB_ANALYZE_SAMPLE_H
#define WB_ANALYZE_SAMPLE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/figures.h"
#include "schema/records.h"

/* What goes in. All borrowed. */
typedef struct {
    const double *values;  /* [n] in order of the runs; no NaN */
    const int64_t *run_no; /* [n] numbers of the runs, or NULL: 1, 2, 3, ... */
    size_t n;
    double half; /* largest half width of the values (read from rounded text); 0: exact */
    bool lower_is_better;
} WbSample;

typedef struct {
    double precision; /* wanted half width of the mean's interval / mean, for runs_needed: 0.02 */
    size_t best_k;    /* k of best_of_k; above n: n */
    bool bootstrap;   /* mean_bca_* and cv_bca_* as well: 10 000 resamples a case */
} WbSampleOptions;

/* Fewer runs: BCa covers too little; more: it costs seconds and says what mean_ci says. */
#define WB_SAMPLE_BCA_LEAST 20
#define WB_SAMPLE_BCA_MOST  2000

#define WB_SAMPLE_OPTIONS_DEFAULT ((WbSampleOptions){.precision = 0.02, .best_k = SIZE_MAX})

/* How steady the runs are (section 5). */
#define WB_STABILITY_UNKNOWN "unknown"
#define WB_STABILITY_STABLE  "stable"
#define WB_STABILITY_NOISY   "noisy"
#define WB_STABILITY_WILD    "wild"

#define WB_OUTLIERS_LISTED 100

/* A median's interval is shown from this confidence on: five runs (section 4). */
#define WB_MEDIAN_CONF_SHOWN 0.9
#define WB_MEDIAN_RUNS_SHOWN 5

/* What comes out. Values are in the unit of the sample; NaN or WB_NONE: does not exist. */
typedef struct {
    int64_t runs;
    int64_t best_run_no; /* the first run that reached `best` */
    double best, worst;
    double mean, median, q1, q3;
    double stdev, cv, madn, range_share;
    double best_of_k;
    int64_t best_k;
    double half; /* of the sample */
    double mean_ci_lo, mean_ci_hi;
    double median_ci_lo, median_ci_hi, median_ci_conf;
    double mean_bca_lo, mean_bca_hi; /* only with options.bootstrap */
    double cv_bca_lo, cv_bca_hi;
    int64_t runs_needed;
    int64_t outliers_n;
    int64_t *outliers; /* run numbers, at most WB_OUTLIERS_LISTED; owned, NULL if none */
    double median_without_outliers, mean_without_outliers; /* NaN if there are none */
    double stdev_without_outliers, cv_without_outliers;
    bool mode_split;
    bool first_run_outlier;
    const char *stability; /* WB_STABILITY_... */
} WbSampleFigures;

/** wb_sample_figures: the names of the members of WbSampleFigures (static), but `outliers`. */
const WbFigure *wb_sample_figures(size_t *out_n);

/** wb_sample_figures_clear: frees what the struct owns (what wb_sample_describe wrote). */
void wb_sample_figures_clear(WbSampleFigures *out);

/* Room and remembered quantiles that one thread uses again for case after case. */
typedef struct WbSampleSpace WbSampleSpace;
WbSampleSpace *wb_sample_space_new(void);
void wb_sample_space_free(WbSampleSpace *space);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbSampleSpace, wb_sample_space_free)

/**
 * wb_sample_describe: all figures of one sample; one sort, a few passes.
 *
 * @param options  borrowed
 * @param space    its content does not matter, only that no other thread uses it
 * @param out      written whole; wb_sample_figures_clear frees it
 */
void wb_sample_describe(const WbSample *sample, const WbSampleOptions *options,
                        WbSampleSpace *space, WbSampleFigures *out);

/**
 * wb_sample_runs_needed: the fewest runs with which the mean's 95 % interval is within +-precision
 * of it, at a coefficient of variation of `cv`.
 *
 * @return  2 to 1000; WB_NONE: more than 1000
 */
int64_t wb_sample_runs_needed(WbSampleSpace *space, double cv, double precision);

/**
 * wb_sample_median_shown: whether the median's interval may be shown, and its one number +-
 * (the longer side).
 *
 * @param out_missing  how many runs are missing if not (0 if it may be shown)
 */
bool wb_sample_median_shown(const WbSampleFigures *described, double *out_reach,
                            int64_t *out_missing);

/** wb_sample_range_stability: WB_STABILITY_... where only lowest and highest are known. */
const char *wb_sample_range_stability(double lo, double hi);

#endif
