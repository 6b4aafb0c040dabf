/* Chart: a forest plot of what changed in requests/s between two databases, the largest gain first.
 */
#include <math.h>

#include "report/chart.h"
#include "report/chart_rows.h"
#include "report/compare_view.h"

#define ROW_HEIGHT 24.0
#define TOP        58.0
#define BOTTOM     68.0
#define AXIS_MOST  200.0 /* percent; longer intervals are cut */

/* One compared case. */
typedef struct {
    const WbCompareRow *row;
    double change, lo, hi; /* percent */
    int kind;              /* 2 beyond the axis, 1 better, -1 worse, 0 no difference shown */
} Change;

static double percent(double ratio)
{
    return 100 * (ratio - 1);
}

static int kind_of(const WbCompareRow *row)
{
    return row->word == WB_WORD_FASTER                                  ? 1
           : row->word == WB_WORD_SLOWER || row->word == WB_WORD_BROKEN ? -1
                                                                        : 0;
}

static gint by_change(gconstpointer a, gconstpointer b)
{
    const Change *x = a, *y = b;

    return x->change < y->change ? 1 : x->change > y->change ? -1 : 0;
}

static GArray *collect(const WbComparison *comparison)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Change));

    for (guint i = 0; i < comparison->rows->len; i++) {
        const WbCompareRow *row = wb_comparison_row(comparison, i);
        Change one = {.row = row, .kind = kind_of(row)};

        if (!row->judged || row->metric != wb_compare_metric_find("rate"))
            continue;
        one.change = percent(row->judged->figures.ratio);
        one.lo = percent(row->judged->figures.ratio_lo);
        one.hi = percent(row->judged->figures.ratio_hi);
        if (!isfinite(one.change))
            continue;
        if (!isfinite(one.lo) || !isfinite(one.hi))
            one.lo = one.hi = one.change;
        g_array_append_val(list, one);
    }
    g_array_sort(list, by_change);
    return list;
}

static double reach_of(const GArray *changes)
{
    double reach = 1;

    for (guint i = 0; i < changes->len; i++) {
        const Change *one = &g_array_index(changes, Change, i);

        reach = fmax(reach, fmax(fabs(one->lo), fabs(one->hi)));
    }
    return fmin(reach, AXIS_MOST);
}

/* A gain beyond the axis is a kind of its own; true: there is one. */
static bool mark_beyond(const GArray *changes, double reach)
{
    bool any = false;

    for (guint i = 0; i < changes->len; i++) {
        Change *one = &g_array_index(changes, Change, i);

        if (one->kind != 0 && one->change > reach) {
            one->kind = 2;
            any = true;
        }
    }
    return any;
}

static void write_kind(const GArray *changes, guint first, guint n, int kind, double reach,
                       const char *name, WbChartScript *script)
{
    g_autofree double *rows = g_new(double, 4 * (size_t)n);
    size_t count = 0;

    for (guint i = 0; i < n; i++) {
        const Change *one = &g_array_index(changes, Change, first + i);
        double *row = rows + 4 * count;

        if (one->kind != kind)
            continue;
        row[0] = i;
        row[1] = CLAMP(one->change, -reach, reach);
        row[2] = CLAMP(one->lo, -reach, reach);
        row[3] = CLAMP(one->hi, -reach, reach);
        count++;
    }
    wb_chart_script_block(script, name, rows, count, 4);
}

static void draw(const WbCompareReport *report, const GArray *changes, guint first,
                 const WbStory *story, const WbFontMetrics *metrics, GPtrArray *charts)
{
    guint n = MIN(wb_chart_rows_each(changes->len), changes->len - first);
    g_autoptr(GPtrArray) figures = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) sides = g_ptr_array_new();
    g_autofree double *kinds = g_new(double, n);
    g_autofree char *headline = wb_compare_headline(report->comparison);
    g_auto(WbChartRows) rows;
    WbChartAxis axis = wb_chart_axis(0, reach_of(changes), true, 3);
    double height = TOP + n * ROW_HEIGHT + BOTTOM, left;
    bool beyond = mark_beyond(changes, axis.max);
    WbChartScript script;

    (void)story;
    wb_chart_rows_init(&rows);
    for (guint i = 0; i < n; i++) {
        const Change *one = &g_array_index(changes, Change, first + i);

        g_ptr_array_add(rows.names, wb_compare_case_name(report, one->row->match));
        g_ptr_array_add(figures, wb_compare_change(one->row, false));
        kinds[i] = one->kind;
    }
    g_ptr_array_add(sides, (gpointer) "\xe2\x97\x84 slower");
    g_ptr_array_add(sides, (gpointer) "faster \xe2\x96\xba");
    wb_chart_script_init(&script, metrics);
    left = wb_chart_rows_left(&rows, &script);
    wb_chart_script_margins(&script, height, left,
                            WB_CHART_EDGE + 12 +
                                wb_font_metrics_widest(metrics, figures, WB_CHART_SIZE_SMALL),
                            TOP, BOTTOM);
    wb_chart_script_words(&script, "Change in requests/s, new against old",
                          "median of all pairs of runs, with its 95 % interval; the axis is in "
                          "percent, with zero in its middle",
                          beyond
                              ? "Grey: no difference is shown. Hollow, at the axis' end: beyond it."
                              : "Grey: no difference is shown.");
    wb_chart_script_number(&script, "XMAX", axis.max);
    wb_chart_script_number(&script, "XSTEP", axis.step);
    write_kind(changes, first, n, 1, axis.max, "better", &script);
    write_kind(changes, first, n, 2, axis.max, "beyond", &script);
    write_kind(changes, first, n, -1, axis.max, "worse", &script);
    write_kind(changes, first, n, 0, axis.max, "same", &script);
    wb_chart_script_texts(&script, "FIGURE", figures, 0, 0);
    wb_chart_script_numbers(&script, "KIND", kinds, n);
    wb_chart_script_texts(&script, "SIDE", sides, 0, 0);
    g_ptr_array_add(charts, wb_chart_new("compare", NULL, &script, height,
                                         g_strdup("Change in requests/s, new against old"),
                                         g_strdup(headline)));
}

void wb_chart_add_compare(const WbStory *story, const WbStoryPart *part,
                          const WbFontMetrics *metrics, GPtrArray *charts)
{
    WbCompareReport report = {.comparison = &story->comparison};
    g_autoptr(GArray) changes = NULL;

    (void)part;
    if (!story->old)
        return;
    changes = collect(&story->comparison);
    wb_compare_report_prepare(&report);
    for (guint first = 0; first < changes->len; first += wb_chart_rows_each(changes->len))
        draw(&report, changes, first, story, metrics, charts);
    wb_compare_report_clear(&report);
}
