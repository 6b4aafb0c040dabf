/*
 * Compare: one metric of many cases, old and new: each pair of samples judged, with the correction
 * for so many tests, and all of them together. STATISTICS section 9. Which runs belong to which
 * case, and what may be compared at all, the caller has decided: a reason says what may not.
 */
#ifndef WB_ANALYZE_COMPARE_H
#define WB_ANALYZE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "analyze/adjust.h"
#include "analyze/two_samples.h"

#define WB_VERDICT_FASTER         "faster"
#define WB_VERDICT_SLOWER         "slower"
#define WB_VERDICT_NO_DIFFERENCE  "no_difference"
#define WB_VERDICT_INCONCLUSIVE   "inconclusive"
#define WB_VERDICT_TOO_FEW_RUNS   "too_few_runs"
#define WB_VERDICT_NOT_COMPARABLE "not_comparable"

/* verdict_reason of no_difference. */
#define WB_REASON_BELOW_MIN_EFFECT "below_min_effect"
#define WB_REASON_EQUIVALENT       "equivalent"

/* verdict_reason of not_comparable. */
#define WB_REASON_ONLY_IN_A       "only_in_a"
#define WB_REASON_ONLY_IN_B       "only_in_b"
#define WB_REASON_SETTINGS_DIFFER "settings_differ"
#define WB_REASON_HOSTS_DIFFER    "hosts_differ"
#define WB_REASON_ERRORS_APPEARED "errors_appeared"
#define WB_REASON_ERRORS_GONE     "errors_gone"

typedef struct {
    WbTwoSamples samples;       /* in */
    const char *verdict_reason; /* in: why it is not comparable, or NULL; out: as above, or NULL */
    const char *verdict;        /* out: WB_VERDICT_... */
    double p_adj; /* out: adjusted over the tested cases as options.adjust says, which decides; NaN:
                     not tested */
    double p_adj_holm;
    WbTwoSamplesFigures figures; /* out; also of cases that are not comparable, as far as they are
                                    there */
} WbComparedCase;

typedef struct {
    double min_effect;    /* share, WB_MIN_EFFECT_DEFAULT */
    bool lower_is_better; /* the metric is a latency */
    bool bootstrap;       /* median_ratio_boot_* as well */
    WbAdjust adjust;
} WbCompareOptions;

/* All compared cases together. NaN, WB_NONE, NULL: does not exist. */
typedef struct {
    double geomean_ratio, geomean_lo, geomean_hi; /* of the compared cases that have a ratio */
    int64_t geomean_n;
    double overall_v, overall_p; /* signed rank of the ln ratios; from 6 cases on */
    const char *overall_method;  /* WB_P_..., or "none" */
    int64_t n_faster, n_slower, n_no_difference, n_inconclusive, n_too_few_runs, n_not_comparable;
    int64_t runs_to_show_one; /* if all of the inconclusive cases were tested with too few runs to
                                 show one change in so many cases: how many runs a side would */
} WbCompareTogether;

/** wb_compare_figures: the names of the members of WbCompareTogether (static). */
const WbFigure *wb_compare_figures(size_t *out_n);

/**
 * wb_compare_judge: fills the outputs of every case, and `out`. Cases are described on all cores;
 * the result does not depend on how many there are.
 *
 * @param cases  [n]
 */
void wb_compare_judge(WbComparedCase *cases, size_t n, const WbCompareOptions *options,
                      WbCompareTogether *out);

/** wb_compare_put_together: `out` alone, of cases that were judged among others. */
void wb_compare_put_together(const WbComparedCase *cases, size_t n, WbCompareTogether *out);

#endif
