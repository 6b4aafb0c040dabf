/*
 * Figure text: one figure as people read it. Prefixes, decimals and the rounding of intervals
 * (REPORTS section 2); table.c decides which cells share a scale.
 */
#ifndef WB_REPORT_FIGURE_TEXT_H
#define WB_REPORT_FIGURE_TEXT_H

#include <stdbool.h>

#include "analyze/cells.h"
#include "schema/units.h"

/* How the figures of one table are scaled: all alike, so that they can be compared. */
typedef struct {
    WbUnit unit;
    WbPrefix prefix;
    int decimals;
} WbScale;

/** wb_scale_make: for figures whose smallest, other than zero, is `smallest` (NaN: none).
 *
 * @param whole  all figures are whole numbers: no decimals below the first prefix */
WbScale wb_scale_make(WbUnit unit, double smallest, bool whole);

/**
 * wb_figure_format: "19.34k", with no more digits than its half width allows.
 *
 * @param half  half width of the rounding that it was read from; 0: exact
 * @return      caller frees
 */
char *wb_figure_format(const WbScale *scale, double value, double half);

/** wb_figure_format_interval: "19.41k +- 0.31k"; both rounded where the half width `reach` is,
 * and never finer than the source was.
 * reach NaN: "19.41k +- ?". Source: PDG's rounding rule (REPORTS section 2). */
char *wb_figure_format_interval(const WbScale *scale, double value, double half, double reach,
                                bool ascii);

/** wb_figure_format_range: "465 - 494". */
char *wb_figure_format_range(const WbScale *scale, double min, double max, bool ascii);

/** wb_figure_format_percent: a share as "1.2 %"; "?" for NaN. */
char *wb_figure_format_percent(double share);

/**
 * wb_figure_errors: error counts in words: "none", "read 14403, timeout 62"; the answers outside
 * 2xx/3xx come last ("status 12").
 *
 * @param errors  of a case with runs
 * @return        caller frees; "" where no log tells
 */
char *wb_figure_errors(const WbErrorFigures *errors);

#endif
