/*
 * Starts: how much of the noise comes with a start of the server and stays until the next one, as
 * one-way analysis of variance (STATISTICS section 13). Numbers in, numbers out.
 */
#ifndef WB_ANALYZE_STARTS_H
#define WB_ANALYZE_STARTS_H

#include <stddef.h>
#include <stdint.h>

#include "analyze/figures.h"

#define WB_STARTS_ICC_WARN 0.5 /* above it the runs of one start are no independent evidence */

/* NaN, WB_NONE: does not exist; all of it with fewer than 2 starts or no start of several runs. */
typedef struct {
    double var_start, var_run;                   /* of the values' square */
    double icc;                                  /* share of the first in both */
    double start_mean, start_ci_lo, start_ci_hi; /* mean of the starts' means, 95 % interval */
    int64_t runs_per_start;                      /* cheapest number */
} WbStartsFigures;

/** wb_starts_figures: the names of the members (static). */
const WbFigure *wb_starts_figures(size_t *out_n);

/**
 * wb_starts_describe: from runs in any order.
 *
 * @param start   [n] number of the server's start that each run had
 * @param values  [n]
 * @param cost    of a start, in runs
 * Source: Kalibera & Jones 2013, with the corrected variance formula.
 */
void wb_starts_describe(const int64_t *start, const double *values, size_t n, double cost,
                        WbStartsFigures *out);

/**
 * wb_starts_means: one value a server start: the mean of its runs, in the order in which starts are
 * first met.
 *
 * @param start   [n] number of the start of each run; WB_NONE: a start of its own. The first ones
 *                become the numbers of the means
 * @param values  [n] the runs' figures; the first ones become the means
 * @return        how many starts there are
 */
size_t wb_starts_means(int64_t *start, double *values, size_t n);

#endif
