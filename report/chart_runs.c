/* Chart: every run of every case as a dot, in lanes where dots would touch. */
#include <math.h>
#include <stdlib.h>

#include "report/chart_rows.h"
#include "report/figure_text.h"

#define ROW_HEIGHT 26.0
#define TOP        58.0
#define BOTTOM     56.0
#define DOTS_MOST  60   /* of a row; beyond, a box and the dots outside of it */
#define DOT_PX     7.5  /* nearer ones touch */
#define LANE       0.22 /* of a row */
#define LANES_MOST 5

/* What is drawn, in the columns of the script's blocks. */
typedef struct {
    GArray *runs, *best, *box, *sum; /* of double */
    GArray *sum_rows;
    GPtrArray *figures;
} Draft;

static void add(GArray *to, const double *values, guint n)
{
    g_array_append_vals(to, values, n);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* 0, 1, -1, 2, -2: the nearest lane whose last dot is far enough to the left. */
static double lane_of(double value, double *last, double touching)
{
    for (int k = 0; k < LANES_MOST; k++)
        if (value - last[k] >= touching) {
            last[k] = value;
            return (k % 2 ? (k + 1) / 2 : -k / 2) * LANE;
        }
    return 0;
}

/* The dots of a row; of many runs only those beyond the quartiles' fences (1.5 times the box). */
static void add_dots(Draft *d, const WbCaseSummary *of, guint row, double touching)
{
    g_autofree double *values = g_memdup2(of->values, of->values_n * sizeof *values);
    double last[LANES_MOST];
    bool boxed = of->values_n > DOTS_MOST;
    double reach = 1.5 * (of->rate.q3 - of->rate.q1);

    for (int k = 0; k < LANES_MOST; k++)
        last[k] = -INFINITY;
    qsort(values, of->values_n, sizeof *values, compare_doubles);
    if (boxed)
        add(d->box, (const double[]){row, of->rate.q1, of->rate.q3}, 3);
    for (size_t i = 0; i < of->values_n; i++) {
        bool is_best = i + 1 == of->values_n;

        if (boxed && !is_best && values[i] >= of->rate.q1 - reach &&
            values[i] <= of->rate.q3 + reach)
            continue;
        add(is_best ? d->best : d->runs,
            (const double[]){row + lane_of(values[i], last, touching), values[i]}, 2);
    }
}

static char *figure_of(const WbScale *scale, const WbCaseView *view)
{
    WbCell cell = wb_cell_make(wb_measure_find("median"), view);

    return cell.has_interval && cell.kind == WB_CELL_VALUE
               ? wb_figure_format_interval(scale, cell.value, cell.half,
                                           cell.runs_missing ? (double)NAN : cell.reach, false)
               : wb_figure_format(scale, view->of->rate.median, view->of->rate.half);
}

static void collect(Draft *d, const WbChartRows *rows, const WbScale *scale, double touching)
{
    for (guint i = 0; i < rows->views->len; i++) {
        const WbCaseView *view = g_ptr_array_index(rows->views, i);
        const WbCaseSummary *of = view->of;
        const double row = i;

        add_dots(d, of, i, touching);
        add(d->sum, (const double[]){row, of->rate.median, of->rate.worst, of->rate.best}, 4);
        g_array_append_val(d->sum_rows, row);
        g_ptr_array_add(d->figures, figure_of(scale, view));
    }
}

static void write_block(WbChartScript *script, const char *name, const GArray *values,
                        size_t columns)
{
    wb_chart_script_block(script, name, (double *)(void *)values->data, values->len / columns,
                          columns);
}

static void draw(const WbStory *story, const WbStoryPart *part, const WbChartRows *rows,
                 const WbScale *scale, const WbChartAxis *axis, const WbFontMetrics *metrics,
                 GPtrArray *charts)
{
    g_autofree char *load = wb_chart_load_text(story);
    g_autofree char *subtitle = g_strdup_printf(
        "%s: %sa dot is a run, the filled one the best, | the median%s", part->title, load,
        axis->min > 0 ? "; the axis does not begin at zero" : "");
    Draft d = {.runs = g_array_new(FALSE, FALSE, sizeof(double)),
               .best = g_array_new(FALSE, FALSE, sizeof(double)),
               .box = g_array_new(FALSE, FALSE, sizeof(double)),
               .sum = g_array_new(FALSE, FALSE, sizeof(double)),
               .sum_rows = g_array_new(FALSE, FALSE, sizeof(double)),
               .figures = g_ptr_array_new_with_free_func(g_free)};
    GArray *const lists[] = {d.runs, d.best, d.box, d.sum, d.sum_rows};
    double height = TOP + rows->views->len * ROW_HEIGHT + BOTTOM, left, right;
    WbChartScript script;

    wb_chart_script_init(&script, metrics);
    left = wb_chart_rows_left(rows, &script);
    right = 130;
    collect(&d, rows, scale, DOT_PX * (axis->max - axis->min) / (WB_CHART_WIDTH - left - right));
    right = WB_CHART_EDGE + 10 +
            fmax(40, wb_font_metrics_widest(metrics, d.figures, WB_CHART_SIZE_SMALL));
    wb_chart_script_margins(&script, height, left, right, TOP, BOTTOM);
    wb_chart_script_words(&script, "Every run, requests/s", subtitle,
                          d.box->len ? "Right: the median with its interval. More than 60 runs: a "
                                       "box of the quartiles, and dots outside of its fences."
                                     : "Right: the median with its interval. Cases with errors "
                                       "are not shown.");
    wb_chart_script_axis(&script, "X", axis);
    write_block(&script, "runs", d.runs, 2);
    write_block(&script, "best", d.best, 2);
    write_block(&script, "box", d.box, 3);
    write_block(&script, "sum", d.sum, 4);
    wb_chart_script_numbers(&script, "SY", (double *)(void *)d.sum_rows->data, d.sum_rows->len);
    wb_chart_script_texts(&script, "FIGURE", d.figures, 0, 0);
    g_ptr_array_add(charts, wb_chart_new("runs", part, &script, height,
                                         g_strdup_printf("Every run, %s", part->title),
                                         g_strdup(subtitle)));
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_array_unref(lists[i]);
    g_ptr_array_unref(d.figures);
}

void wb_chart_add_runs(const WbStory *story, const WbStoryPart *part, const WbFontMetrics *metrics,
                       GPtrArray *charts)
{
    double least = INFINITY, most = -INFINITY;
    g_auto(WbChartRows) all;
    g_auto(WbChartRows) rows;
    WbChartAxis axis;
    WbScale scale;

    wb_chart_rows_init(&all);
    wb_chart_rows_init(&rows);
    wb_chart_rows_rank(part, &all);
    for (guint i = 0; i < all.views->len; i++) {
        const WbCaseView *view = g_ptr_array_index(all.views, i);

        if (!view->from_runs || view->of->values_n == 0 || view->state == WB_STATE_ERRORS)
            continue;
        wb_chart_rows_add(part, view, &rows);
        least = fmin(least, view->of->rate.worst);
        most = fmax(most, view->of->rate.best);
    }
    if (least > most)
        return;
    scale = wb_scale_make(WB_UNIT_PER_S, least, false);
    axis = wb_chart_axis(least, most, false, 6);
    for (guint first = 0; first < rows.views->len; first += wb_chart_rows_each(rows.views->len)) {
        g_auto(WbChartRows) page;

        wb_chart_rows_page(&rows, first, &page);
        draw(story, part, &page, &scale, &axis, metrics, charts);
    }
}
