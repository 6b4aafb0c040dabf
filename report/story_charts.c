/* Story charts: see story_charts.h. */
#include "report/story_charts.h"

#include "report/chart.h"
#include "report/fonts.h"
#include "report/gnuplot.h"

struct WbStoryCharts {
    WbFontMetrics *metrics;
    GPtrArray *charts; /* of WbChart */
    GPtrArray *blocks; /* of WbBlock *, borrowed from the paper: one a chart */
};

WbStoryCharts *wb_story_charts_new(void)
{
    WbStoryCharts *charts = g_new0(WbStoryCharts, 1);

    charts->metrics = wb_font_metrics_new(WB_FONT_FAMILY);
    charts->charts = g_ptr_array_new_with_free_func((GDestroyNotify)wb_chart_free);
    charts->blocks = g_ptr_array_new();
    return charts;
}

void wb_story_charts_free(WbStoryCharts *charts)
{
    wb_font_metrics_free(charts->metrics);
    g_ptr_array_unref(charts->charts);
    g_ptr_array_unref(charts->blocks);
    g_free(charts);
}

void wb_story_charts_ask(WbTelling *t, const WbStoryPart *part, const char *kind, guint most)
{
    WbStoryCharts *charts = t->charts;
    guint before = charts->charts->len;

    if (t->story->no_charts)
        return;
    ((const WbChartKind *)wb_choice_named(wb_chart_kinds(), "a chart", kind, NULL))
        ->add(t->story, part, charts->metrics, charts->charts);
    if (charts->charts->len > before + most)
        g_ptr_array_set_size(charts->charts, (gint)(before + most));
    for (guint i = before; i < charts->charts->len; i++) {
        const WbChart *chart = g_ptr_array_index(charts->charts, i);
        g_autofree char *name = g_strconcat(kind, " chart ", chart->name, NULL);

        g_ptr_array_add(charts->blocks, wb_paper_add_chart(t->paper, name, NULL, ""));
    }
}

/* One sentence in the place of the first; without a picture a block says nothing. */
static void leave_out(WbTelling *t, const GError *why)
{
    WbStoryCharts *charts = t->charts;

    for (guint i = 0; i < charts->blocks->len; i++) {
        WbBlock *block = g_ptr_array_index(charts->blocks, i);

        if (i == 0) {
            g_free(block->text);
            block->text = g_strdup_printf("Charts are left out: %s.", why->message);
        } else {
            wb_paper_remove(t->paper, block);
        }
    }
}

static bool draw_png(WbStoryCharts *charts, GError **errors)
{
    g_autoptr(GPtrArray) pictures = wb_charts_png(charts->charts, errors);

    for (guint i = 0; i < charts->blocks->len; i++) {
        WbBlock *block = g_ptr_array_index(charts->blocks, i);

        if (errors[i])
            return false;
        block->png = g_bytes_ref(g_ptr_array_index(pictures, i));
    }
    return true;
}

static bool draw_all(const WbTelling *t, GError **errors)
{
    WbStoryCharts *charts = t->charts;
    g_autoptr(GPtrArray) drawings = wb_charts_draw(charts->charts, errors);

    for (guint i = 0; i < charts->blocks->len; i++) {
        WbBlock *block = g_ptr_array_index(charts->blocks, i);

        if (errors[i])
            return false;
        block->drawing = g_ptr_array_index(drawings, i);
        g_ptr_array_index(drawings, i) = NULL; /* the paper's now */
    }
    return !t->story->with_png || draw_png(charts, errors);
}

bool wb_story_charts_draw(WbTelling *t, GError **error)
{
    WbStoryCharts *charts = t->charts;
    g_autofree GError **errors = g_new0(GError *, charts->charts->len + 1);
    g_autoptr(GError) first = NULL;

    if (draw_all(t, errors))
        return true;
    for (guint i = 0; i < charts->charts->len; i++) {
        if (errors[i] && !first)
            first = g_steal_pointer(&errors[i]);
        g_clear_error(&errors[i]);
    }
    if (!t->story->charts_may_lack ||
        (!g_error_matches(first, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_MISSING) &&
         !g_error_matches(first, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_OLD))) {
        g_propagate_error(error, g_steal_pointer(&first));
        return false;
    }
    leave_out(t, first);
    return true;
}
