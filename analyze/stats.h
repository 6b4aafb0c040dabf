/*
 * Statistics of plain numbers: doubles in, a double out. No labels, no units, no meaning: what a
 * run or a case is, is known to sample.h and summary.h. All functions are pure.
 *
 * Where a figure does not exist (a spread of one value) the answer is NaN.
 */
#ifndef WB_ANALYZE_STATS_H
#define WB_ANALYZE_STATS_H

#include <stddef.h>
#include <stdint.h>

/* An interval, its ends in the unit of the values. Both NaN: there is none. */
typedef struct {
    double lo;
    double hi;
} WbInterval;

/** wb_stats_sort: sorts in place, rising. The values must not be NaN. */
void wb_stats_sort(double *values, size_t n);

/** wb_stats_mean: arithmetic mean, summed in long double; NaN for n = 0. */
double wb_stats_mean(const double *values, size_t n);

/**
 * wb_stats_variance: sample variance (divisor n - 1), in two passes around the mean.
 *
 * @return in the square of the values' unit; NaN for n < 2
 */
double wb_stats_variance(const double *values, size_t n);

/**
 * wb_stats_quantile: the value below which a share `p` of a sample lies.
 *
 * @param sorted  [n] values in rising order, any one unit (borrowed)
 * @param n       number of values; 0 gives NaN
 * @param p       share, 0..1 (0.5 is the median)
 * @return        in the unit of `sorted`
 * Errors: none; a `p` outside 0..1 is a programming error (assert).
 * Source: Hyndman & Fan (1996), definition 7, the default of R and NumPy.
 */
double wb_stats_quantile(const double *sorted, size_t n, double p);

/** wb_stats_median: the middle value, or the mean of the middle two; NaN for n = 0. */
double wb_stats_median(const double *sorted, size_t n);

/**
 * wb_stats_madn: median distance from the median, times 1/qnorm(0.75), so that it estimates the
 * standard deviation of normal values. In one pass over `sorted`, no second sort. NaN for n = 0.
 */
double wb_stats_madn(const double *sorted, size_t n);

/** wb_stats_mean_distance: mean of abs(x - centre); NaN for n = 0. */
double wb_stats_mean_distance(const double *values, size_t n, double centre);

/**
 * wb_stats_best_of_k: the expected best of k values drawn without replacement from the n.
 *
 * @param sorted  [n] rising
 * @param k       1..n; else NaN
 * @param lowest  the best value is the lowest (a latency), not the highest
 */
double wb_stats_best_of_k(const double *sorted, size_t n, size_t k, int lowest);

/**
 * wb_stats_median_rank: which order statistics bound the median with 95 % confidence.
 *
 * @param n         number of values, >= 2
 * @param out_conf  the confidence reached, 1 - 2 P(Bin(n, 1/2) <= k - 1)
 * @return          k: the interval is [x(k), x(n + 1 - k)]; 1 if no k reaches 95 %
 * Source: David & Nagaraja, Order Statistics.
 */
size_t wb_stats_median_rank(size_t n, double *out_conf);

/**
 * wb_stats_clopper_pearson: exact 95 % interval of a share, k of n. lo is 0 at k = 0, hi is 1 at
 * k = n; NaN for n = 0.
 */
WbInterval wb_stats_clopper_pearson(int64_t k, int64_t n);

/**
 * wb_stats_wilson: Wilson's 95 % interval of a share p seen in n trials; n may be a fraction
 * (trials divided by a design effect). Exactly 0 at p = 0 and exactly 1 at p = 1; NaN unless n > 0.
 */
WbInterval wb_stats_wilson(double p, double n);

#endif
