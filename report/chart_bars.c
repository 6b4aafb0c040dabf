/*
 * Chart: grouped bars, the columns of a table as groups and its rows as series. Beyond four series
 * or eight groups nobody can read it: there the ranking says it better.
 */
#include <math.h>

#include "report/chart.h"

#define SERIES_MOST 4
#define GROUPS_MOST 8
#define HEIGHT      400.0
#define TOP         84.0
#define BOTTOM      56.0
#define LEGEND_GAP  16.0

/* Median with lowest and highest run; of a published figure only itself. */
static bool bar_of(const WbCaseView *view, double bar[4])
{
    WbCell cell = wb_cell_make(wb_measure_find("median"), view);

    if (cell.kind != WB_CELL_VALUE)
        return false;
    bar[1] = bar[2] = bar[3] = cell.value;
    if (view->from_runs) {
        bar[2] = view->of->rate.worst;
        bar[3] = view->of->rate.best;
    }
    return true;
}

/* The rows that have a bar at all. */
static size_t series_of(const WbGridTable *part, size_t *series, double *most)
{
    size_t n = 0;

    for (size_t r = 0; r < part->rows_n; r++) {
        bool any = false;

        for (size_t c = 0; c < part->cols_n; c++) {
            double bar[4];

            if (!bar_of(wb_grid_view(part, r, c), bar))
                continue;
            any = true;
            *most = fmax(*most, bar[3]);
        }
        if (any && n < SERIES_MOST)
            series[n] = r;
        n += any;
    }
    return n;
}

static void write_series(const WbGridTable *part, size_t row, size_t s, WbChartScript *script)
{
    g_autofree char *name = g_strdup_printf("s%" G_GSIZE_FORMAT, s + 1);
    g_autofree double *bars = g_new0(double, part->cols_n * 4);
    size_t n = 0;

    for (size_t c = 0; c < part->cols_n; c++) {
        if (!bar_of(wb_grid_view(part, row, c), bars + 4 * n))
            continue;
        bars[4 * n++] = (double)c;
    }
    wb_chart_script_block(script, name, bars, n, 4);
}

/* Squares and names in a row under the subtitle. */
static void write_legend(const GPtrArray *names, double left, WbChartScript *script)
{
    double places[SERIES_MOST];
    double at = left, room = (WB_CHART_WIDTH - left - 24) / (double)names->len - 16 - LEGEND_GAP;

    for (guint s = 0; s < names->len; s++) {
        g_autofree char *cut = wb_font_metrics_fit(script->metrics, g_ptr_array_index(names, s),
                                                   WB_CHART_SIZE_SMALL, room);

        places[s] = at;
        at += 16 + LEGEND_GAP + wb_font_metrics_width(script->metrics, cut, WB_CHART_SIZE_SMALL);
    }
    wb_chart_script_texts(script, "SERIES", names, WB_CHART_SIZE_SMALL, room);
    wb_chart_script_numbers(script, "LX", places, names->len);
    wb_chart_script_number(script, "NS", names->len);
}

void wb_chart_add_bars(const WbStory *story, const WbStoryPart *part, const WbFontMetrics *metrics,
                       GPtrArray *charts)
{
    const WbGridTable *of = part->part;
    g_autoptr(GPtrArray) series_names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) group_names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *load = wb_chart_load_text(story);
    g_autofree char *subtitle = NULL;
    size_t series[SERIES_MOST];
    double most = 0;
    size_t n = series_of(of, series, &most);
    const double left = 60;
    WbChartAxis axis;
    WbChartScript script;

    if (!story->grid->cols.keys[0] || n == 0 || n > SERIES_MOST || of->cols_n > GROUPS_MOST)
        return;
    for (size_t s = 0; s < n; s++)
        g_ptr_array_add(series_names, wb_table_join(&story->grid->rows, of->rows[series[s]]));
    for (size_t c = 0; c < of->cols_n; c++)
        g_ptr_array_add(group_names, wb_table_join(&story->grid->cols, of->cols[c]));
    subtitle = story->query.summary->runs_most
                   ? g_strdup_printf("%s: %sbars: median; whiskers: slowest and fastest run",
                                     part->title, load)
                   : g_strdup_printf("%s: as published", part->title);
    axis = wb_chart_axis(0, most, true, 5);
    wb_chart_script_init(&script, metrics);
    wb_chart_script_margins(&script, HEIGHT, left, 24, TOP, BOTTOM);
    wb_chart_script_words(&script, "Requests/s", subtitle,
                          "A case without a bar had socket errors, or was not measured.");
    wb_chart_script_axis(&script, "Y", &axis);
    wb_chart_script_texts(&script, "GROUP", group_names, WB_CHART_SIZE_TEXT,
                          (WB_CHART_WIDTH - left - 24) / (double)of->cols_n - 6);
    wb_chart_script_number(&script, "NG", (double)of->cols_n);
    write_legend(series_names, left, &script);
    for (size_t s = 0; s < n; s++)
        write_series(of, series[s], s, &script);
    g_ptr_array_add(charts, wb_chart_new("bars", part, &script, HEIGHT,
                                         g_strdup_printf("Requests/s, %s", part->title),
                                         g_strdup(subtitle)));
}
