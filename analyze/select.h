/*
 * Select: order statistics without a sort, of numbers that lie in memory and of all differences of
 * two samples that never do. Pure functions.
 */
#ifndef WB_ANALYZE_SELECT_H
#define WB_ANALYZE_SELECT_H

#include <stddef.h>
#include <stdint.h>

/**
 * wb_select: the k-th smallest value; reorders the values so that it stands at its place, smaller
 * ones before it. Expected time O(n).
 *
 * @param values  [n] no NaN
 * @param k       from 0, below n
 * Source: Hoare 1961 (FIND), pivot by the median of three, equal ones in a pass of their own.
 */
double wb_select(double *values, size_t n, size_t k);

/** wb_select_place: the value at a place between 0 and n - 1, between two values in proportion;
 * reorders as wb_select does. */
double wb_select_place(double *values, size_t n, double place);

/** wb_select_quantile: as wb_stats_quantile (type 7), of values in any order, which it reorders. */
double wb_select_quantile(double *values, size_t n, double p);

/* Room for one thread's work, grown as needed. */
typedef struct {
    double *values;
    size_t size;
} WbSelectSpace;
void wb_select_space_clear(WbSelectSpace *space);

/**
 * wb_select_difference: the k-th smallest of all a_n x b_n differences b - a.
 *
 * The value is bisected, guided by how many differences lie below it (two pointers, O(a_n + b_n) a
 * step), until so few are left that they can be listed. Exact: a difference is always computed the
 * same way, and its rounding keeps the order.
 *
 * @param a, b  rising, not empty
 * @param k     from 1 to a_n x b_n
 */
double wb_select_difference(const double *a, size_t a_n, const double *b, size_t b_n, int64_t k,
                            WbSelectSpace *space);

/**
 * wb_select_differences: several of them at once; faster than one by one where all of them are few
 * enough to be listed.
 *
 * @param k    [n] as above, in any order
 * @param out  [n]
 */
void wb_select_differences(const double *a, size_t a_n, const double *b, size_t b_n,
                           const int64_t *k, size_t n, double *out, WbSelectSpace *space);

#endif
