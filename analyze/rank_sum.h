/*
 * Rank sum: the test of Mann, Whitney and Wilcoxon of two samples, exact where it can be, and the
 * order statistics that bound the shift between them. Numbers in, numbers out.
 */
#ifndef WB_ANALYZE_RANK_SUM_H
#define WB_ANALYZE_RANK_SUM_H

#include <stddef.h>
#include <stdint.h>

#define WB_RANK_SUM_EXACT_N 50 /* values a side (with ties: in both) up to which it is exact */

/* How a two-sided p was found. */
#define WB_P_DEGENERATE "degenerate" /* all values are equal: 1 */
#define WB_P_EXACT      "exact"
#define WB_P_EXACT_TIES "exact_ties"
#define WB_P_NORMAL     "normal"

typedef struct {
    double u; /* pairs with b > a, ties half */
    double p; /* two-sided; NaN if a side is empty */
    const char *method;
} WbRankSum;

/* Distributions of U that a thread has worked out already, by sizes; and its room. */
typedef struct WbRankSumSpace WbRankSumSpace;
WbRankSumSpace *wb_rank_sum_space_new(void);
void wb_rank_sum_space_free(WbRankSumSpace *space);

/**
 * wb_rank_sum_test: STATISTICS section 9.
 *
 * @param a, b  rising
 * Sources: Mann & Whitney 1947; the distribution by the Gaussian binomial coefficients; with ties
 * the shift algorithm of Streitberg & Roehmel 1986 on doubled midranks, two-sided as
 * P(|R - E| >= |r - E|), as R's coin and exactRankTests; else the normal approximation with tie
 * variance and continuity correction, as R's wilcox.test.
 */
WbRankSum wb_rank_sum_test(WbRankSumSpace *space, const double *a, size_t a_n, const double *b,
                           size_t b_n);

/**
 * wb_rank_sum_limits: which of the ordered differences b - a bound the shift with 95 % confidence.
 *
 * @param out_conf  the confidence reached
 * @return          k >= 1: the interval is [d(k), d(a_n b_n + 1 - k)]
 */
int64_t wb_rank_sum_limits(WbRankSumSpace *space, size_t a_n, size_t b_n, double *out_conf);

/** wb_rank_sum_least_p: the smallest two-sided p that samples of these sizes can have:
 * 2 / C(a_n + b_n, a_n), at most 1. */
double wb_rank_sum_least_p(size_t a_n, size_t b_n);

#endif
