/*
 * Strip: the runs of a case as a row of little bars, in the order in which they were made.
 */
#ifndef WB_REPORT_STRIP_H
#define WB_REPORT_STRIP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define WB_STRIP_COLUMNS 24 /* at most; more runs share a bar (their mean) */

/**
 * wb_strip_append: one bar a run, block elements U+2581 to U+2588, or with `ascii` the signs
 * `.:-=+*#@`.
 *
 * The scale begins at zero, so that a strip that looks flat is steady: differences of a few
 * percent are not blown up to mountains.
 *
 * @param values  [n] not below 0
 */
void wb_strip_append(GString *out, const double *values, size_t n, bool ascii);

#endif
