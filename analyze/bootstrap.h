/*
 * Bootstrap: resampled medians, by a stream of numbers that depends on nothing but its seed, so
 * that anybody gets the same interval from the same sample.
 */
#ifndef WB_ANALYZE_BOOTSTRAP_H
#define WB_ANALYZE_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "analyze/stats.h"

#define WB_BOOTSTRAP_SEED      UINT64_C(20180605)
#define WB_BOOTSTRAP_RESAMPLES 10000

/** wb_splitmix_next: the next number of SplitMix64 (Steele, Lea & Flood 2014) and its state. */
uint64_t wb_splitmix_next(uint64_t *state);

/** wb_splitmix_below: a number from 0 to n - 1: the high 64 bits of the next number times n. */
size_t wb_splitmix_below(uint64_t *state, size_t n);

/* The ranks of the medians of all resamples of a size, which are the same for every sample of that
 * size; one thread's. */
typedef struct WbBootstrapSpace WbBootstrapSpace;
WbBootstrapSpace *wb_bootstrap_space_new(void);
void wb_bootstrap_space_free(WbBootstrapSpace *space);

/**
 * wb_bootstrap_median_ratio: 95 % percentile interval of median(b*) / median(a*): the stream of
 * WB_BOOTSTRAP_SEED for a, of the seed after it for b.
 *
 * @param a, b  rising, n >= 1
 */
WbInterval wb_bootstrap_median_ratio(WbBootstrapSpace *space, const double *a, size_t a_n,
                                     const double *b, size_t b_n);

/* Efron's BCa intervals of a sample's mean and of its coefficient of variation. */
typedef struct {
    WbInterval mean, cv;
} WbBootstrapBca;

/**
 * wb_bootstrap_bca: 95 % intervals, both from the same WB_BOOTSTRAP_RESAMPLES resamples.
 *
 * @param sorted  [n] rising, n >= 2, not all equal, mean not 0
 * Source: Efron 1987, DiCiccio & Efron 1996; where bias cannot be told (all resamples on one side
 * of the estimate) plain percentiles.
 */
WbBootstrapBca wb_bootstrap_bca(const double *sorted, size_t n);

#endif
