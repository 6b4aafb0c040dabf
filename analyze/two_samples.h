/*
 * Two samples: one metric of one case, old (a) and new (b): test, ratio, shift, intervals, and what
 * these runs could have shown. STATISTICS section 9, before any correction for many cases. Numbers
 * in, numbers out; the run is the only observation.
 */
#ifndef WB_ANALYZE_TWO_SAMPLES_H
#define WB_ANALYZE_TWO_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/figures.h"

/* What goes in. Borrowed. */
typedef struct {
    const double *a; /* [a_n] in order of the runs (paired: of the rounds); no NaN */
    size_t a_n;
    double a_half; /* half width of a figure read from rounded text; 0: exact */
    const double *b;
    size_t b_n;
    double b_half;
    bool paired; /* a[i] and b[i] are of the same round; a_n = b_n; all above 0 */
} WbTwoSamples;

typedef struct {
    double min_effect; /* smallest change that matters, as share: 0.02 */
    bool bootstrap;    /* also median_ratio_boot_*, 10 000 resamples */
    bool no_advice;    /* leave out mde_ratio and runs_needed_compare */
} WbTwoSamplesOptions;

#define WB_MIN_EFFECT_DEFAULT          0.02
#define WB_TWO_SAMPLES_LEVEL           0.05 /* alpha of every test */
#define WB_TWO_SAMPLES_OPTIONS_DEFAULT ((WbTwoSamplesOptions){.min_effect = WB_MIN_EFFECT_DEFAULT})

/* What comes out; values and shifts in the unit of the metric. NaN or WB_NONE: does not exist. */
typedef struct {
    int64_t n_a, n_b;
    double median_a, median_b;
    double best_a, best_b;            /* the largest value, whichever way is better */
    double delta_median_pct;          /* 100 (median b / median a - 1) */
    int64_t n_pairs;                  /* WB_NONE: unpaired */
    double u;                         /* pairs with b > a, ties half; paired: NaN */
    double v;                         /* paired: sum of the ranks of the rounds with b > a */
    double p;                         /* two-sided, not adjusted */
    const char *p_method;             /* WB_P_... of rank_sum.h */
    double prob_superior;             /* u / (n_a n_b) */
    double shift, shift_lo, shift_hi; /* b - a (Hodges & Lehmann); paired: NaN */
    double ratio, ratio_lo, ratio_hi; /* b / a; NaN if a value is not above 0 */
    double ratio_conf;                /* confidence of both intervals */
    double mde_ratio;                 /* change that these runs would find 4 times in 5 */
    int64_t runs_needed_compare;      /* a side (paired: rounds), to find min_effect 4 times in 5 */
    double median_ratio_boot_lo, median_ratio_boot_hi;
} WbTwoSamplesFigures;

/** wb_two_samples_figures: the names of the members of WbTwoSamplesFigures (static). */
const WbFigure *wb_two_samples_figures(size_t *out_n);

/* Room, and distributions worked out already, of one thread. */
typedef struct WbTwoSamplesSpace WbTwoSamplesSpace;
WbTwoSamplesSpace *wb_two_samples_space_new(void);
void wb_two_samples_space_free(WbTwoSamplesSpace *space);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbTwoSamplesSpace, wb_two_samples_space_free)

/** wb_two_samples_describe: all figures of one pair of samples; out is written whole. */
void wb_two_samples_describe(const WbTwoSamples *samples, const WbTwoSamplesOptions *options,
                             WbTwoSamplesSpace *space, WbTwoSamplesFigures *out);

/** wb_two_samples_can_show: whether samples of these sizes can reach p <= 0.05 at all: 4 + 4 can,
 * 3 + 3 and 1 + 100 cannot; paired: 6 rounds can. */
bool wb_two_samples_can_show(size_t a_n, size_t b_n, bool paired);

#endif
