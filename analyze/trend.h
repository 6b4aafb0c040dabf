/*
 * Trend: does a series rise or fall, by how much, and does a value depend on the one before it.
 * Numbers in, numbers out.
 */
#ifndef WB_ANALYZE_TREND_H
#define WB_ANALYZE_TREND_H

#include <stddef.h>
#include <stdint.h>

#define WB_TREND_LEAST   4  /* values that the test needs */
#define WB_TREND_EXACT_N 50 /* values without ties up to which its p is exact */

typedef struct {
    int64_t s;          /* pairs that rise less pairs that fall; WB_NONE: too few values */
    double p;           /* two-sided; NaN: too few values */
    const char *method; /* WB_P_... of rank_sum.h, or "none" */
} WbTrendTest;

/**
 * wb_trend_test: Mann & Kendall's test of a trend.
 *
 * @param y  [n] in order of time
 * Source: Mann 1945, Kendall; exact distribution of inversions without ties up to 50 values, else
 * normal with tie variance and continuity correction, as R's cor.test(method = "kendall").
 * Time O(n log n): S by a merge sort (Knight 1966).
 */
WbTrendTest wb_trend_test(const double *y, size_t n);

/**
 * wb_trend_slope: Theil & Sen's slope, the median of the slopes of all pairs of different times.
 *
 * @param t  [n] times; NULL: 1, 2, 3, ...
 * @return   in units of y per unit of t; NaN if no two times differ. Needs room for n (n - 1) / 2.
 * Time O(n^2), a few ns a pair. Source: Sen 1968; the median by a bracket from a sample of the
 * slopes, as Floyd & Rivest 1975 (SELECT) do, so that few of them are kept.
 */
double wb_trend_slope(const double *t, const double *y, size_t n);

/** wb_trend_lag1: autocorrelation of neighbours; NaN if all are equal or there is none. */
double wb_trend_lag1(const double *y, size_t n);

#endif
