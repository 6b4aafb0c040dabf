/*
 * Until CI: whether a cell has been measured often enough ("until_ci" of a suite).
 */
#ifndef WB_RUNNER_UNTIL_CI_H
#define WB_RUNNER_UNTIL_CI_H

#include <stdbool.h>
#include <stddef.h>

/**
 * wb_until_ci_reached: whether the 95 % interval of the median reaches no further than `share` of
 * the median to either side.
 *
 * Fewer than six runs have no such interval (STATISTICS section 4) and are never enough.
 *
 * @param rates  [n] requests/s of complete runs, any order (borrowed)
 * @param share  0.02 for 2 %
 */
bool wb_until_ci_reached(const double *rates, size_t n, double share);

#endif
