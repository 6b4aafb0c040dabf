/*
 * Distributions: the few kernels that intervals and tests are made of. Own code, because GSL and
 * libRmath are under the GPL and this project is not (STATISTICS section 15). Pure functions of
 * their arguments, no state.
 *
 * Reached against R 4.2 and SciPy 1.10: pnorm, qnorm 2e-16; incomplete beta 1e-14; t and beta
 * quantiles 4e-13 (relative).
 */
#ifndef WB_ANALYZE_DISTRIBUTIONS_H
#define WB_ANALYZE_DISTRIBUTIONS_H

#include <stdint.h>

/** wb_dist_pnorm: P(Z <= x) of the standard normal distribution. */
double wb_dist_pnorm(double x);

/** wb_dist_qnorm: x with P(Z <= x) = p; p in 0..1, -INFINITY and INFINITY at the ends. */
double wb_dist_qnorm(double p);

/**
 * wb_dist_ibeta: the regularised incomplete beta function I_x(a, b), the distribution function of
 * the beta distribution.
 *
 * @param a, b  > 0
 * @param x     0..1
 * @param y     1 - x, given beside it so that neither end loses digits
 * Source: Lentz's continued fraction; its factor by Loader's saddle point (2000), because
 * differences of lgamma lose half the digits at a = 1e5.
 */
double wb_dist_ibeta(double a, double b, double x, double y);

/** wb_dist_qbeta: x with I_x(a, b) = p; p in 0..1. */
double wb_dist_qbeta(double p, double a, double b);

/** wb_dist_t_upper: P(T > t) of Student's t with `df` > 0 degrees of freedom. */
double wb_dist_t_upper(double t, double df);

/** wb_dist_qt: t with P(T <= t) = p; 0 < p < 1, df > 0. */
double wb_dist_qt(double p, double df);

/** wb_dist_pbinom_half: P(Bin(n, 1/2) <= k); 0 below k = 0, 1 from k = n on. */
double wb_dist_pbinom_half(int64_t k, int64_t n);

#endif
