/*
 * Case lines: each case of a table in a line of its own: best, median with its interval, min - max,
 * how steady, the strip of its runs, errors in words.
 */
#ifndef WB_REPORT_CASE_LINES_H
#define WB_REPORT_CASE_LINES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "analyze/grid.h"
#include "report/notes.h"
#include "report/table.h"

/** wb_case_lines_table: the lines of the cases of one split that were measured or have a published
 * figure; maybe none (caller's). Columns in which no line says anything are left out.
 * @param noted  gets their names and cases, in the order of the lines */
WbTextTable *wb_case_lines_table(const WbGrid *grid, const WbGridTable *part, WbSplit split,
                                 bool ascii, WbNoted *noted);

/** wb_case_lines_repeat: of no case more is known than a published rate, which its table shows. */
bool wb_case_lines_repeat(const WbGridTable *part);

/** wb_case_lines_units: what its columns are measured in, in words (caller frees). */
char *wb_case_lines_units(int64_t window_ns);

/** wb_case_lines_has_best: a case of the part has a best figure; else only min - max is known. */
bool wb_case_lines_has_best(const WbGridTable *part);

#endif
