/*
 * Chart rows: what the charts with a row a case share: the cases of a part in order, their names,
 * and how many of them fit a picture. And the names of rows and columns of a table.
 */
#ifndef WB_REPORT_CHART_ROWS_H
#define WB_REPORT_CHART_ROWS_H

#include <glib.h>

#include "report/chart.h"

#define WB_CHART_ROWS_MOST 40

/* Some rows. Views are borrowed, names owned. */
typedef struct {
    GPtrArray *views; /* of const WbCaseView * */
    GPtrArray *names; /* of char * */
} WbChartRows;

void wb_chart_rows_init(WbChartRows *rows);
void wb_chart_rows_clear(WbChartRows *rows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbChartRows, wb_chart_rows_clear)

/** wb_chart_rows_rank: the cases in the order of the ranking, those with errors last. */
void wb_chart_rows_rank(const WbStoryPart *part, WbChartRows *rows);

/** wb_chart_rows_add: one more at the end. */
void wb_chart_rows_add(const WbStoryPart *part, const WbCaseView *view, WbChartRows *rows);

/** wb_chart_each: n in groups of at most `most`, all alike, so that none is left with one: the size
 * of a group. */
size_t wb_chart_each(size_t n, size_t most);

/** wb_chart_rows_each: the same, of rows of a picture. */
guint wb_chart_rows_each(guint n);

/** wb_chart_rows_page: the rows from `first` on that fit one picture (borrowed; shallow). */
void wb_chart_rows_page(const WbChartRows *rows, guint first, WbChartRows *page);

/** wb_chart_names: names of n items of an axis, or of those at `chosen` (caller's). */
GPtrArray *wb_chart_names(const WbAxis *axis, const size_t *items, const size_t *chosen, size_t n);

/** wb_chart_name_fit: a name within a width. Each part between slashes keeps its begin and its end,
 * so that cases which differ in one part can be told apart (caller frees). */
char *wb_chart_name_fit(const WbFontMetrics *metrics, const char *name, double size, double width);

/** wb_chart_rows_left: the left margin that their names need. Writes NAME and N, too. */
double wb_chart_rows_left(const WbChartRows *rows, WbChartScript *script);

#endif
