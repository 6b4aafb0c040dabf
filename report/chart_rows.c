/* Chart rows: see chart_rows.h. */
#include "report/chart_rows.h"

#include <math.h>

#include "report/case_name.h"

#define PART_LEAST 40.0 /* px that a part of a name needs to say anything */

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

GPtrArray *wb_chart_names(const WbAxis *axis, const size_t *items, const size_t *chosen, size_t n)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(names, wb_table_join(axis, items[chosen ? chosen[i] : i]));
    return names;
}

size_t wb_chart_each(size_t n, size_t most)
{
    size_t groups = (n + most - 1) / most;

    return groups ? (n + groups - 1) / groups : 1;
}

guint wb_chart_rows_each(guint n)
{
    return (guint)wb_chart_each(n, WB_CHART_ROWS_MOST);
}

void wb_chart_rows_page(const WbChartRows *rows, guint first, WbChartRows *page)
{
    wb_chart_rows_init(page);
    for (guint i = first; i < MIN(rows->views->len, first + wb_chart_rows_each(rows->views->len));
         i++) {
        g_ptr_array_add(page->views, g_ptr_array_index(rows->views, i));
        g_ptr_array_add(page->names, g_strdup(g_ptr_array_index(rows->names, i)));
    }
}

/* What each of the parts that must be cut may take, when the short ones are whole. */
static double share_of(const double *widths, guint n, double room)
{
    double share = 0;
    guint cut = 0, before;

    do {
        double taken = 0;

        before = cut;
        cut = n;
        for (guint i = 0; i < n; i++)
            if (widths[i] <= share) {
                taken += widths[i];
                cut--;
            }
        if (cut)
            share = (room - taken) / cut;
    } while (cut && cut != before);
    return share;
}

char *wb_chart_name_fit(const WbFontMetrics *metrics, const char *name, double size, double width)
{
    g_auto(GStrv) parts = g_strsplit(name, "/", -1);
    guint n = g_strv_length(parts);
    g_autofree double *widths = g_new(double, n + 1);
    double share;

    for (guint i = 0; i < n; i++)
        widths[i] = wb_font_metrics_width(metrics, parts[i], size);
    share = share_of(widths, n, width - wb_font_metrics_width(metrics, "/", size) * (n - 1.0));
    if (n < 2 || share < PART_LEAST || wb_font_metrics_width(metrics, name, size) <= width)
        return wb_font_metrics_fit(metrics, name, size, width);
    for (guint i = 0; i < n; i++) {
        char *whole = parts[i];

        parts[i] = wb_font_metrics_fit(metrics, whole, size, share);
        g_free(whole);
    }
    return g_strjoinv("/", parts);
}

double wb_chart_rows_left(const WbChartRows *rows, WbChartScript *script)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    double widest = wb_font_metrics_widest(script->metrics, rows->names, WB_CHART_SIZE_TEXT);

    for (guint i = 0; i < rows->names->len; i++)
        g_ptr_array_add(names, wb_chart_name_fit(script->metrics, g_ptr_array_index(rows->names, i),
                                                 WB_CHART_SIZE_TEXT, WB_CHART_NAME));
    wb_chart_script_texts(script, "NAME", names, 0, 0);
    wb_chart_script_number(script, "N", rows->names->len);
    return fmax(60, WB_CHART_EDGE + fmin(widest, WB_CHART_NAME) + 10);
}
