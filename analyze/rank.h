/*
 * Rank: cases in order, with ties as groups of letters, so that "neck and neck" is a statement with
 * a method behind it. STATISTICS section 10. Every pair of cases is tested as two samples, with the
 * correction for so many tests; two cases are different only if the test says so and the ratio is
 * worth the word. Numbers in, numbers out.
 */
#ifndef WB_ANALYZE_RANK_H
#define WB_ANALYZE_RANK_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/adjust.h"

#define WB_RANK_TIE_MARGIN  0.05 /* ratios nearer to 1 are ties, whatever a test says */
#define WB_RANK_CASES_MOST  2000 /* every two of them are compared */
#define WB_RANK_PAIRS_LEAST 8    /* common rounds from which two cases are tested by pairs */

/* Borrowed. */
typedef struct {
    const char *name;      /* decides the order where all figures are equal */
    const double *values;  /* [n] one a run; no NaN */
    size_t n;              /* 0: no figure; comes last, without rank */
    double half;           /* half width of figures read from rounded text; 0: exact */
    const int64_t *rounds; /* [n] round of each value, in one interleaved campaign that all cases
                              with rounds share; NULL: none. No round twice */
    bool no_rank;          /* errors forbid one: last */
} WbRankCase;

typedef struct {
    double tie_margin;
    bool lower_is_better;
    WbAdjust adjust; /* of the pairs' p */
} WbRankOptions;

/* Two cases; the first is ahead. */
typedef struct {
    size_t ahead, behind;             /* places in the order */
    double p, p_adj;                  /* NaN: not tested */
    double ratio, ratio_lo, ratio_hi; /* ahead / behind; NaN: does not exist */
    bool tested;                      /* false: too few values; different if ranges are apart */
    bool paired;                      /* tested round by round */
    bool different;
} WbRankPair;

typedef struct {
    size_t n;          /* cases */
    size_t ranked_n;   /* with a rank: the first ones of the order */
    size_t *order;     /* [n] by place: which case */
    int64_t *rank;     /* [n] by place: 1 + cases ahead that are different; WB_NONE */
    char **letters;    /* [n] by place, "" without rank; NULL: too many groups for letters */
    WbRankPair *pairs; /* [pairs_n] of the ranked, by ahead, then by behind */
    size_t pairs_n;
    int64_t best_k;    /* fewest values of a ranked case; 0: none is ranked */
    double *best_of_k; /* [n] by place: expected best of so many; NaN without rank */
} WbRanking;

/** wb_rank: at most WB_RANK_CASES_MOST cases; the result is the caller's. */
WbRanking *wb_rank(const WbRankCase *cases, size_t n, const WbRankOptions *options);
void wb_ranking_free(WbRanking *ranking);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbRanking, wb_ranking_free)

/** wb_ranking_pair: of two places of ranked cases, ahead < behind (borrowed). */
const WbRankPair *wb_ranking_pair(const WbRanking *ranking, size_t ahead, size_t behind);

#endif
