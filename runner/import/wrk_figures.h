/*
 * The figures on a line of wrk's output: times, sizes, counts and rates with the half widths of
 * their rounding, and whether they are spelled as wrk spells them (units.c of wrk 1.0.0 to
 * 4.2.0): two decimals, the next unit from 0.85 of it on, minutes but never hours.
 *
 * All readers skip blanks first, stay within the line, and return the first byte behind what they
 * read, or NULL if the figure is not there. They note in the line's `odd` the first value that is
 * spelled otherwise, in `foreign` what no wrk ever printed, in `no_data` a "nan".
 */
#ifndef WB_RUNNER_IMPORT_WRK_FIGURES_H
#define WB_RUNNER_IMPORT_WRK_FIGURES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/import/wrk_line.h"

/* What is being read: the line, and the result. */
typedef struct {
    const char *line;
    const char *end;
    WbWrkLine *out;
} WbWrkScan;

bool wb_wrk_is_blank(char c);
const char *wb_wrk_skip_blanks(const char *p, const char *end);
bool wb_wrk_starts_with(const char *p, const char *end, const char *word);

/** wb_wrk_ends_word: whether a figure may end at `p`: no letter, digit or lost sign follows. */
bool wb_wrk_ends_word(const char *p, const char *end);

/** wb_wrk_scan_time: a time as in wrk's table. */
const char *wb_wrk_scan_time(WbWrkScan *s, const char *p, WbWrkFigure *out);

/** wb_wrk_scan_rate: a Req/Sec cell, a number with none or k, M, G, T. */
const char *wb_wrk_scan_rate(WbWrkScan *s, const char *p, WbWrkRate *out);

/** wb_wrk_scan_bytes: a size; its last letter may be lost. NULL leaves WB_NONE in `out`. */
const char *wb_wrk_scan_bytes(WbWrkScan *s, const char *p, WbWrkFigure *out);

/** wb_wrk_scan_whole: a whole number, also grouped by commas (`1,268,823`). */
const char *wb_wrk_scan_whole(const char *p, const char *end, int64_t *out);

/** wb_wrk_scan_whole_before: the whole number that ends at `p`, blanks between.
 * @return  its first byte */
const char *wb_wrk_scan_whole_before(const WbWrkScan *s, const char *p, int64_t *out);

/** wb_wrk_scan_percent: the share at the end of a row; its sign may be lost. */
const char *wb_wrk_scan_percent(WbWrkScan *s, const char *p);

/** wb_wrk_judge_decimals: notes a number that has not two decimals. */
void wb_wrk_judge_decimals(WbWrkScan *s, const char *from, const char *to, double half);
bool wb_wrk_has_two_decimals(double half);

#endif
