/* Chart rows: see chart_rows.h. */
#include "report/chart_rows.h"

#include <math.h>

#include "report/case_name.h"

void wb_chart_rows_init(WbChartRows *rows)
{
    rows->views = g_ptr_array_new();
    rows->names = g_ptr_array_new_with_free_func(g_free);
}

void wb_chart_rows_clear(WbChartRows *rows)
{
    g_ptr_array_unref(rows->views);
    g_ptr_array_unref(rows->names);
}

void wb_chart_rows_add(const WbStoryPart *part, const WbCaseView *view, WbChartRows *rows)
{
    g_ptr_array_add(rows->views, (gpointer)view);
    g_ptr_array_add(rows->names, wb_case_name(view->of->of_case->labels, part->name_keys));
}

void wb_chart_rows_rank(const WbStoryPart *part, WbChartRows *rows)
{
    const WbRanking *ranking = part->rank ? part->rank->ranking : NULL;

    for (size_t i = 0; ranking && i < ranking->n; i++)
        wb_chart_rows_add(part, part->rank->views[ranking->order[i]], rows);
}

void wb_chart_rows_page(const WbChartRows *rows, guint first, WbChartRows *page)
{
    wb_chart_rows_init(page);
    for (guint i = first; i < MIN(rows->views->len, first + WB_CHART_ROWS_MOST); i++) {
        g_ptr_array_add(page->views, g_ptr_array_index(rows->views, i));
        g_ptr_array_add(page->names, g_strdup(g_ptr_array_index(rows->names, i)));
    }
}

double wb_chart_rows_left(const WbChartRows *rows, WbChartScript *script)
{
    double widest = wb_chart_script_widest(script, rows->names, WB_CHART_SIZE_TEXT);

    wb_chart_script_texts(script, "NAME", rows->names, WB_CHART_SIZE_TEXT, WB_CHART_NAME);
    wb_chart_script_number(script, "N", rows->names->len);
    return fmax(60, WB_CHART_EDGE + fmin(widest, WB_CHART_NAME) + 10);
}
