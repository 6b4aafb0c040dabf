/*
 * Chart script: the part of a gnuplot script that holds the data of a chart, in front of a fixed
 * body (report/charts). Numbers go into data blocks and numeric variables, cleaned text into
 * single-quoted elements of arrays, and nothing else goes anywhere (REPORTS section 6).
 *
 * Measures are px of a canvas WB_CHART_WIDTH wide.
 */
#ifndef WB_REPORT_CHART_SCRIPT_H
#define WB_REPORT_CHART_SCRIPT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/font_metrics.h"

#define WB_CHART_WIDTH 720.0
#define WB_CHART_EDGE  16.0  /* left and right of all words */
#define WB_CHART_NAME  200.0 /* the widest name; a longer one is cut in its middle */

#define WB_CHART_SIZE_TITLE 14.0
#define WB_CHART_SIZE_TEXT  11.0
#define WB_CHART_SIZE_SMALL 10.0
#define WB_CHART_SIZE_FOOT  9.5

typedef struct {
    GString *text;
    const WbFontMetrics *metrics; /* borrowed */
} WbChartScript;

void wb_chart_script_init(WbChartScript *script, const WbFontMetrics *metrics);

/** wb_chart_script_number: NAME = value (finite). */
void wb_chart_script_number(WbChartScript *script, const char *name, double value);

/** wb_chart_script_words: title, subtitle and foot note, cut to the canvas. */
void wb_chart_script_words(WbChartScript *script, const char *title, const char *subtitle,
                           const char *foot);

/** wb_chart_script_margins: LM, RM, TM, BM and the canvas. */
void wb_chart_script_margins(WbChartScript *script, double height, double left, double right,
                             double top, double bottom);

/** wb_chart_script_texts: array NAME of texts (of char *, cleaned), each cut to `width` px at
 * `size` (0: not cut). */
void wb_chart_script_texts(WbChartScript *script, const char *name, const GPtrArray *texts,
                           double size, double width);

/** wb_chart_script_numbers: array NAME of n numbers (finite). */
void wb_chart_script_numbers(WbChartScript *script, const char *name, const double *values,
                             size_t n);

/** wb_chart_script_block: data block $NAME of rows x columns numbers, and N_NAME = its rows. A row
 * with a number that is not finite is left out. */
void wb_chart_script_block(WbChartScript *script, const char *name, const double *values,
                           size_t rows, size_t columns);

/* An axis with round numbers: from `min` to `max` in steps, all with one prefix. */
typedef struct {
    double min, max, step;
    double factor;   /* of the prefix: 1000 */
    char format[16]; /* of a number divided by it: "%.1fk" */
} WbChartAxis;

/** wb_chart_axis: around values from `lo` to `hi` in about `steps` steps; below 0 only if `lo` is.
 * @param from_zero  begin at 0; else near `lo` */
WbChartAxis wb_chart_axis(double lo, double hi, bool from_zero, int steps);

/** wb_chart_script_axis: MIN, MAX, STEP, FACTOR and FORMAT of an axis, each behind `letter`: XMAX.
 */
void wb_chart_script_axis(WbChartScript *script, const char *letter, const WbChartAxis *axis);

#endif
