/* Chart: lowest and highest requests in a window, cases without errors above those with. */
#include <math.h>

#include "report/chart_rows.h"
#include "report/figure_text.h"

#define ROW_HEIGHT 19.0
#define TOP        58.0
#define BOTTOM     52.0

/* A case with its range. */
typedef struct {
    WbCaseView view;
    double min, max;
} Ranged;

static gint by_min(gconstpointer a, gconstpointer b)
{
    const Ranged *x = a, *y = b;

    if (x->min != y->min)
        return x->min < y->min ? 1 : -1;
    return x->max < y->max ? 1 : x->max > y->max ? -1 : 0;
}

/* The cases of one split that have a range, the steadiest lowest value first. */
static GArray *of_split(const WbStoryPart *part, WbSplit split)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Ranged));

    for (size_t i = 0; i < part->part->rows_n * part->part->cols_n; i++) {
        Ranged one;
        WbCell cell;

        if (!part->part->cells[i] || !wb_case_view(part->part->cells[i]->of, split, &one.view))
            continue;
        cell = wb_cell_make(wb_measure_find("range"), &one.view);
        if (cell.kind != WB_CELL_RANGE)
            continue;
        one.min = cell.min;
        one.max = cell.max;
        g_array_append_val(list, one);
    }
    g_array_sort(list, by_min);
    return list;
}

/* A picture while it is made: rows of both groups with a line of words before each. */
typedef struct {
    const WbStoryPart *part;
    WbScale scale;
    WbChartRows rows;
    GArray *groups[2]; /* of double: row min max, without and with errors */
    GPtrArray *figures[2];
    GPtrArray *heads;
    GArray *head_rows;
    GArray *head_bad; /* 1: of the cases with errors */
} Draft;

static void draft_init(Draft *d)
{
    wb_chart_rows_init(&d->rows);
    d->heads = g_ptr_array_new();
    d->head_rows = g_array_new(FALSE, FALSE, sizeof(double));
    d->head_bad = g_array_new(FALSE, FALSE, sizeof(double));
    for (size_t g = 0; g < 2; g++) {
        d->groups[g] = g_array_new(FALSE, FALSE, sizeof(double));
        d->figures[g] = g_ptr_array_new_with_free_func(g_free);
    }
}

static void draft_clear(Draft *d)
{
    wb_chart_rows_clear(&d->rows);
    g_ptr_array_unref(d->heads);
    g_array_unref(d->head_rows);
    g_array_unref(d->head_bad);
    for (size_t g = 0; g < 2; g++) {
        g_array_unref(d->groups[g]);
        g_ptr_array_unref(d->figures[g]);
    }
}

static void add_head(Draft *d, size_t group)
{
    double row = d->rows.names->len, bad = (double)group;

    g_array_append_val(d->head_rows, row);
    g_array_append_val(d->head_bad, bad);
    g_ptr_array_add(d->heads, group ? "With socket errors" : "No errors");
    g_ptr_array_add(d->rows.names, g_strdup(""));
    g_ptr_array_add(d->rows.views, NULL);
}

static void add_row(Draft *d, size_t group, const Ranged *one)
{
    const double row[] = {d->rows.names->len, one->min, one->max};

    g_array_append_vals(d->groups[group], row, G_N_ELEMENTS(row));
    g_ptr_array_add(d->figures[group],
                    wb_figure_format_range(&d->scale, one->min, one->max, false));
    wb_chart_rows_add(d->part, &one->view, &d->rows);
}

static void write_group(WbChartScript *script, const char *block, const char *texts,
                        const char *rows_name, const GArray *group, const GPtrArray *figures)
{
    g_autofree double *rows = g_new(double, figures->len + 1);

    for (guint i = 0; i < figures->len; i++)
        rows[i] = g_array_index(group, double, i * 3);
    wb_chart_script_block(script, block, (double *)(void *)group->data, figures->len, 3);
    wb_chart_script_numbers(script, rows_name, rows, figures->len);
    wb_chart_script_texts(script, texts, figures, 0, 0);
}

static void draw(Draft *d, const WbStory *story, const WbChartAxis *axis,
                 const WbFontMetrics *metrics, GPtrArray *charts)
{
    g_autofree char *load = wb_chart_load_text(story);
    char buffer[WB_UNITS_DOUBLE_SIZE];
    const char *width =
        wb_units_format_double((double)story->query.summary->window_ns / 1e9, buffer);
    g_autofree char *title = g_strdup_printf("Requests in %s s, lowest to highest", width);
    g_autofree char *subtitle =
        g_strdup_printf("%s: %sshort bars are steady", d->part->title, load);
    double height = TOP + d->rows.names->len * ROW_HEIGHT + BOTTOM;
    double left, right;
    WbChartScript script;

    wb_chart_script_init(&script, metrics);
    left = wb_chart_rows_left(&d->rows, &script);
    right = WB_CHART_EDGE + 10 +
            fmax(wb_font_metrics_widest(metrics, d->figures[0], WB_CHART_SIZE_SMALL),
                 wb_font_metrics_widest(metrics, d->figures[1], WB_CHART_SIZE_SMALL));
    wb_chart_script_margins(&script, height, left, right, TOP, BOTTOM);
    wb_chart_script_words(&script, title, subtitle,
                          "One socket error in any run puts a case into the lower group.");
    wb_chart_script_axis(&script, "X", axis);
    write_group(&script, "clean", "CLEAN", "CY", d->groups[0], d->figures[0]);
    write_group(&script, "bad", "BAD", "BY", d->groups[1], d->figures[1]);
    wb_chart_script_number(&script, "N_head", d->heads->len);
    wb_chart_script_texts(&script, "HEAD", d->heads, 0, 0);
    wb_chart_script_numbers(&script, "HY", (double *)(void *)d->head_rows->data, d->heads->len);
    wb_chart_script_numbers(&script, "HC", (double *)(void *)d->head_bad->data, d->heads->len);
    g_ptr_array_add(charts, wb_chart_new("ranges", d->part, &script, height,
                                         g_strdup_printf("%s, %s", title, d->part->title),
                                         g_strdup(subtitle)));
}

/* Smallest and largest figure of both groups; false: there is none. */
static bool look_at(GArray *const groups[2], double *least, double *most)
{
    *least = NAN;
    *most = 0;
    for (size_t g = 0; g < 2; g++)
        for (guint i = 0; i < groups[g]->len; i++) {
            const Ranged *one = &g_array_index(groups[g], Ranged, i);

            *most = fmax(*most, one->max);
            if (one->min > 0)
                *least = fmin(*least, one->min);
        }
    return groups[0]->len + groups[1]->len > 0;
}

void wb_chart_add_ranges(const WbStory *story, const WbStoryPart *part,
                         const WbFontMetrics *metrics, GPtrArray *charts)
{
    g_autoptr(GArray) clean = of_split(part, WB_SPLIT_NO_ERRORS);
    g_autoptr(GArray) bad = of_split(part, WB_SPLIT_ERRORS);
    GArray *const groups[2] = {clean, bad};
    double least, most;
    WbChartAxis axis;
    Draft d = {.part = part};

    if (!look_at(groups, &least, &most))
        return;
    axis = wb_chart_axis(0, most, true, 6);
    d.scale = wb_scale_make(WB_UNIT_PER_WINDOW, least, least >= 10);
    draft_init(&d);
    for (size_t g = 0; g < 2; g++)
        for (guint i = 0; i < groups[g]->len; i++) {
            if (d.rows.names->len >= WB_CHART_ROWS_MOST) {
                draw(&d, story, &axis, metrics, charts);
                draft_clear(&d);
                draft_init(&d);
            }
            if (i == 0 || d.rows.names->len == 0)
                add_head(&d, g);
            add_row(&d, g, &g_array_index(groups[g], Ranged, i));
        }
    draw(&d, story, &axis, metrics, charts);
    draft_clear(&d);
}
