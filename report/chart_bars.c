/*
 * Chart: grouped bars, the columns of a table as groups and its rows as series, or the other way
 * round where only that fits. Beyond four series or eight groups nobody can read it: there the
 * ranking says it better.
 */
#include <math.h>

#include "report/chart_rows.h"

#define SERIES_MOST 4
#define GROUPS_MOST 8
#define HEIGHT      400.0
#define TOP         84.0
#define BOTTOM      56.0
#define LEGEND_GAP  16.0

/* The table as it is drawn: its lines are the series, its places the groups. */
typedef struct {
    const WbGridTable *part;
    const WbAxis *line_axis, *place_axis;
    bool turned; /* lines are its columns */
    size_t lines_n, places_n;
} Layout;

static Layout layout_of(const WbStory *story, const WbGridTable *part, bool turned)
{
    const WbAxis *rows = &story->grid->rows, *cols = &story->grid->cols;

    return (Layout){part,
                    turned ? cols : rows,
                    turned ? rows : cols,
                    turned,
                    turned ? part->cols_n : part->rows_n,
                    turned ? part->rows_n : part->cols_n};
}

static const WbCaseView *view_at(const Layout *layout, size_t line, size_t place)
{
    return layout->turned ? wb_grid_view(layout->part, place, line)
                          : wb_grid_view(layout->part, line, place);
}

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

/* The lines that have a bar at all: how many; the first SERIES_MOST are named. */
static size_t series_of(const Layout *layout, size_t *series, double *most)
{
    size_t n = 0;

    *most = 0;
    for (size_t l = 0; l < layout->lines_n; l++) {
        bool any = false;

        for (size_t p = 0; p < layout->places_n; p++) {
            double bar[4];

            if (!bar_of(view_at(layout, l, p), bar))
                continue;
            any = true;
            *most = fmax(*most, bar[3]);
        }
        if (any && n < SERIES_MOST)
            series[n] = l;
        n += any;
    }
    return n;
}

static void write_series(const Layout *layout, size_t line, size_t s, WbChartScript *script)
{
    g_autofree char *name = g_strdup_printf("s%" G_GSIZE_FORMAT, s + 1);
    g_autofree double *bars = g_new0(double, layout->places_n * 4);
    size_t n = 0;

    for (size_t p = 0; p < layout->places_n; p++) {
        if (!bar_of(view_at(layout, line, p), bars + 4 * n))
            continue;
        bars[4 * n++] = (double)p;
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

static void draw(const WbStory *story, const WbStoryPart *part, const Layout *layout,
                 const size_t *series, size_t n, double most, const WbFontMetrics *metrics,
                 GPtrArray *charts)
{
    const WbGridTable *of = layout->part;
    g_autoptr(GPtrArray) series_names =
        wb_chart_names(layout->line_axis, layout->turned ? of->cols : of->rows, series, n);
    g_autoptr(GPtrArray) group_names = wb_chart_names(
        layout->place_axis, layout->turned ? of->rows : of->cols, NULL, layout->places_n);
    g_autofree char *load = wb_chart_load_text(story);
    g_autofree char *subtitle = NULL;
    const double left = 60;
    WbChartAxis axis = wb_chart_axis(0, most, true, 5);
    WbChartScript script;

    subtitle = story->query.summary->runs_most
                   ? g_strdup_printf("%s: %sbars: median; whiskers: slowest and fastest run",
                                     part->title, load)
                   : g_strdup_printf("%s: as published", part->title);
    wb_chart_script_init(&script, metrics);
    wb_chart_script_margins(&script, HEIGHT, left, 24, TOP, BOTTOM);
    wb_chart_script_words(&script, "Requests/s", subtitle,
                          "A case without a bar had socket errors, or was not measured.");
    wb_chart_script_axis(&script, "Y", &axis);
    wb_chart_script_texts(&script, "GROUP", group_names, WB_CHART_SIZE_TEXT,
                          (WB_CHART_WIDTH - left - 24) / (double)layout->places_n - 6);
    wb_chart_script_number(&script, "NG", (double)layout->places_n);
    write_legend(series_names, left, &script);
    for (size_t s = 0; s < n; s++)
        write_series(layout, series[s], s, &script);
    g_ptr_array_add(charts, wb_chart_new("bars", part, &script, HEIGHT,
                                         g_strdup_printf("Requests/s, %s", part->title),
                                         g_strdup(subtitle)));
}

void wb_chart_add_bars(const WbStory *story, const WbStoryPart *part, const WbFontMetrics *metrics,
                       GPtrArray *charts)
{
    if (!story->grid->cols.keys[0])
        return;
    for (int turned = 0; turned < 2; turned++) {
        Layout layout = layout_of(story, part->part, turned);
        size_t series[SERIES_MOST];
        double most;
        size_t n = series_of(&layout, series, &most);

        if (n == 0 || n > SERIES_MOST || layout.places_n > GROUPS_MOST)
            continue;
        draw(story, part, &layout, series, n, most, metrics, charts);
        return;
    }
}
