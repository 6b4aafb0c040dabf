/*
 * Adjust: p values of many cases, corrected so that a page of unchanged cases shows no change. Pure
 * functions.
 */
#ifndef WB_ANALYZE_ADJUST_H
#define WB_ANALYZE_ADJUST_H

#include <stddef.h>

/**
 * wb_adjust: fills both corrections of every p.
 *
 * @param p         [n] 0..1, no NaN
 * @param out_bh    [n] Benjamini & Hochberg 1995 (false discovery rate); NULL: not wanted
 * @param out_holm  [n] Holm 1979 (family-wise); NULL: not wanted
 * Both as R's p.adjust.
 */
void wb_adjust(const double *p, size_t n, double *out_bh, double *out_holm);

#endif
