/*
 * Fisher: the exact test of two shares. Pure.
 */
#ifndef WB_ANALYZE_FISHER_H
#define WB_ANALYZE_FISHER_H

#include <stdint.h>

/**
 * wb_fisher_p: two-sided p of k_a of n_a against k_b of n_b: the sum over all tables with the same
 * margins that are no more likely than this one (within 1e-7, as R's fisher.test).
 *
 * @param k_a, n_a, k_b, n_b  0 <= k <= n
 * @return                    NaN if a side is empty
 * Source: Fisher 1935.
 */
double wb_fisher_p(int64_t k_a, int64_t n_a, int64_t k_b, int64_t n_b);

#endif
