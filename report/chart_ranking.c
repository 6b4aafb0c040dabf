/* Chart: the cases in order, each a dot on a stem from zero. */
#include <math.h>
#include <string.h>

#include "report/chart_rows.h"
#include "report/figure_text.h"

#define ROW_HEIGHT 19.0
#define TOP        58.0
#define BOTTOM     56.0
#define BAD_NAMED  5

static WbCell best_of(const WbChartRows *rows, guint i)
{
    return wb_cell_make(wb_measure_find("best"), g_ptr_array_index(rows->views, i));
}

/* One scale and one axis for all pictures of the part. */
static size_t look_at(const WbChartRows *rows, WbScale *scale, double *most)
{
    double least = NAN;
    bool whole = true;
    size_t n = 0;

    *most = 0;
    for (guint i = 0; i < rows->views->len; i++) {
        WbCell cell = best_of(rows, i);

        if (cell.kind != WB_CELL_VALUE)
            continue;
        n++;
        *most = fmax(*most, cell.value);
        if (cell.value != 0)
            least = fmin(least, cell.value);
        whole = whole && cell.value == floor(cell.value);
    }
    *scale = wb_scale_make(WB_UNIT_PER_S, least, whole);
    return n;
}

/* A few cases with errors are named in the picture; many would only make it long. False: they were
 * left out. */
static bool collect(const WbStoryPart *part, WbChartRows *rows)
{
    g_auto(WbChartRows) all;
    guint bad = 0;

    wb_chart_rows_init(&all);
    wb_chart_rows_rank(part, &all);
    for (guint i = 0; i < all.views->len; i++)
        bad += best_of(&all, i).kind == WB_CELL_ERRORS;
    for (guint i = 0; i < all.views->len; i++)
        if (bad <= BAD_NAMED || best_of(&all, i).kind != WB_CELL_ERRORS)
            wb_chart_rows_add(part, g_ptr_array_index(all.views, i), rows);
    return bad <= BAD_NAMED;
}

static char *subtitle_of(const WbStory *story, const WbStoryPart *part)
{
    g_autofree char *load = wb_chart_load_text(story);
    const WbSummary *summary = story->query.summary;

    if (summary->runs_most == 0)
        return g_strdup_printf("%s: as published", part->title);
    return g_strdup_printf("%s: %sbest of %s%" G_GINT64_FORMAT " run%s", part->title, load,
                           summary->runs_least < summary->runs_most ? "up to " : "",
                           summary->runs_most, summary->runs_most == 1 ? "" : "s");
}

/* Writes the rows; the width of the widest figure. */
static double write_rows(const WbChartRows *rows, const WbScale *scale, WbChartScript *script)
{
    g_autoptr(GPtrArray) figures = g_ptr_array_new_with_free_func(g_free);
    g_autofree double *ok = g_new(double, 2 * rows->views->len);
    g_autofree double *x = g_new(double, rows->views->len);
    g_autofree double *y = g_new(double, rows->views->len);
    g_autofree double *bad = g_new(double, rows->views->len);
    size_t ok_n = 0, bad_n = 0;

    for (guint i = 0; i < rows->views->len; i++) {
        WbCell cell = best_of(rows, i);

        if (cell.kind == WB_CELL_ERRORS)
            bad[bad_n++] = i;
        if (cell.kind != WB_CELL_VALUE)
            continue;
        ok[2 * ok_n] = y[ok_n] = i;
        ok[2 * ok_n + 1] = x[ok_n] = cell.value;
        ok_n++;
        g_ptr_array_add(figures, wb_figure_format(scale, cell.value, cell.half));
    }
    wb_chart_script_block(script, "ok", ok, ok_n, 2);
    wb_chart_script_block(script, "bad", bad, bad_n, 1);
    wb_chart_script_numbers(script, "VX", x, ok_n);
    wb_chart_script_numbers(script, "VY", y, ok_n);
    wb_chart_script_numbers(script, "BY", bad, bad_n);
    wb_chart_script_texts(script, "FIGURE", figures, 0, 0);
    return wb_font_metrics_widest(script->metrics, figures, WB_CHART_SIZE_SMALL);
}

void wb_chart_add_ranking(const WbStory *story, const WbStoryPart *part,
                          const WbFontMetrics *metrics, GPtrArray *charts)
{
    g_autofree char *subtitle = subtitle_of(story, part);
    g_auto(WbChartRows) rows;
    WbScale scale;
    const char *foot = "Single best values: neighbours nearer than runs differ are a tie.";
    WbChartAxis axis;
    double most;

    wb_chart_rows_init(&rows);
    if (!collect(part, &rows))
        foot =
            "Single best values: neighbours nearer than runs differ are a tie. Cases with errors "
            "are not shown.";
    if (look_at(&rows, &scale, &most) == 0)
        return;
    axis = wb_chart_axis(0, most, true, 8);
    for (guint first = 0; first < rows.views->len; first += wb_chart_rows_each(rows.views->len)) {
        g_auto(WbChartRows) page;
        WbChartScript script;
        double height, left, widest;

        wb_chart_rows_page(&rows, first, &page);
        height = TOP + page.views->len * ROW_HEIGHT + BOTTOM;
        wb_chart_script_init(&script, metrics);
        left = wb_chart_rows_left(&page, &script);
        widest = write_rows(&page, &scale, &script);
        wb_chart_script_margins(&script, height, left, fmax(64, WB_CHART_EDGE + 10 + widest), TOP,
                                BOTTOM);
        wb_chart_script_words(&script,
                              story->query.summary->runs_most
                                  ? "Best requests/s, cases in order of their medians"
                                  : "Best requests/s, cases in order",
                              subtitle, foot);
        wb_chart_script_axis(&script, "X", &axis);
        g_ptr_array_add(charts,
                        wb_chart_new("ranking", part, &script, height,
                                     g_strdup_printf("Cases in order, %s", part->title),
                                     g_strdup_printf("%s; the first is %s.", subtitle,
                                                     (char *)g_ptr_array_index(page.names, 0))));
    }
}
