/*
 * Score: one number over several benchmarks, for those who ask for one: how near a server and
 * framework come to the best of each benchmark. STATISTICS section 14.
 */
#ifndef WB_ANALYZE_SCORE_H
#define WB_ANALYZE_SCORE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * wb_score: 100 x exp(weighted mean of ln(x / best x of that benchmark)), or of ln(best / x) where
 * lower is better: 100 for what is the best in every one of them.
 *
 * @param values   [cases x benchmarks] row by row, above 0; NaN: absent, or errors forbid a figure
 * @param weights  [benchmarks] not below 0, with a sum above 0
 * @param out      [cases] NaN for a case that lacks a value
 * Source: Fleming & Wallace 1986 (why the geometric mean).
 */
void wb_score(const double *values, size_t cases, size_t benchmarks, const double *weights,
              bool lower_is_better, double *out);

#endif
