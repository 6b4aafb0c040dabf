/*
 * Signed rank: Wilcoxon's test of one sample (of differences, of logarithms of ratios) against 0,
 * with the estimate and the interval that belong to it. Numbers in, numbers out.
 */
#ifndef WB_ANALYZE_SIGNED_RANK_H
#define WB_ANALYZE_SIGNED_RANK_H

#include <stddef.h>

#define WB_SIGNED_RANK_EXACT_N 50

typedef struct {
    double v;           /* sum of the ranks of the positive values */
    double p;           /* two-sided; 1 if nothing but zeros is left */
    const char *method; /* WB_P_... of rank_sum.h: degenerate, exact or normal */
} WbSignedRank;

/**
 * wb_signed_rank_test: values are rounded to 12 decimals, zeros dropped; exact without ties up to
 * 50 values, else normal with tie variance and continuity correction.
 *
 * @param x  [n] in any order
 * Source: Wilcoxon 1945, as R's wilcox.test; STATISTICS section 9.
 */
WbSignedRank wb_signed_rank_test(const double *x, size_t n);

typedef struct {
    double estimate;     /* median of the Walsh averages (x_i + x_j) / 2, i <= j */
    double lo, hi, conf; /* of its 95 % interval; NaN for n < 2 */
} WbSignedRankShift;

/** wb_signed_rank_shift: Hodges & Lehmann's estimate for one sample, n >= 1; needs room for the
 * n (n + 1) / 2 averages. */
WbSignedRankShift wb_signed_rank_shift(const double *x, size_t n);

#endif
