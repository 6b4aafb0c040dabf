/* Long rows: see long_rows.h. */
#include "report/long_rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/clean.h"

static void free_row(void *data)
{
    WbLongRow *row = data;

    g_ptr_array_unref(row->labels);
    g_ptr_array_unref(row->figures);
    g_free(row);
}

void wb_long_rows_free(WbLongRows *rows)
{
    if (!rows)
        return;
    g_ptr_array_unref(rows->keys);
    g_ptr_array_unref(rows->columns);
    g_ptr_array_unref(rows->rows);
    g_free(rows);
}

static void append_real(GPtrArray *figures, double value)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    g_ptr_array_add(figures, g_strdup(wb_units_format_double(value, buffer)));
}

static void append_error_counts(GPtrArray *figures, const WbCell *cell)
{
    for (int class = WB_TALLY_CONNECT; class <= WB_TALLY_STATUS; class ++) {
        int64_t count = cell->of && !cell->published ? cell->of->errors.of[class].count : WB_NONE;

        g_ptr_array_add(figures,
                        count == WB_NONE ? g_strdup("") : g_strdup_printf("%" PRId64, count));
    }
}

void wb_long_append_figures(GPtrArray *figures, const WbMeasure *measure, const WbCell *cell)
{
    switch (measure->kind) {
    case WB_MEASURE_RANGE:
        append_real(figures, cell->min);
        append_real(figures, cell->max);
        break;
    case WB_MEASURE_ERRORS:
        append_error_counts(figures, cell);
        break;
    default:
        append_real(figures, cell->kind == WB_CELL_VALUE ? cell->value : (double)NAN);
    }
}

static void add_columns(GPtrArray *columns, const WbMeasure *measure)
{
    switch (measure->kind) {
    case WB_MEASURE_RANGE:
        g_ptr_array_add(columns, g_strdup("window_min"));
        g_ptr_array_add(columns, g_strdup("window_max"));
        break;
    case WB_MEASURE_ERRORS:
        for (int class = WB_TALLY_CONNECT; class <= WB_TALLY_STATUS; class ++)
            g_ptr_array_add(
                columns, g_strdup_printf("errors_%s", wb_error_class_name((WbTallyClass) class)));
        break;
    default:
        g_ptr_array_add(columns, g_strdup(measure->field));
    }
}

static void find_keys(GPtrArray *keys, const WbSummary *summary)
{
    for (size_t i = 0; i < summary->cases->len; i++) {
        const WbLabels *labels = wb_summary_at(summary, i)->of_case->labels;

        for (size_t l = 0; l < wb_labels_count(labels); l++) {
            const char *key = wb_labels_at(labels, l)->key;

            if (!g_ptr_array_find_with_equal_func(keys, key, g_str_equal, NULL))
                g_ptr_array_add(keys, g_strdup(key));
        }
    }
}

/* What the row's figures are: a case may be measured and yet lack the figure asked for. */
static WbState state_of(const WbCaseView *view, bool headline, bool figure)
{
    return headline && !figure && view->state == WB_STATE_OK ? WB_STATE_BLANK : view->state;
}

static WbLongRow *row_new(const WbReport *report, const GPtrArray *keys, const WbCaseView *view,
                          WbSplit split)
{
    WbLongRow *row = g_new0(WbLongRow, 1);
    bool headline = false, figure = false;

    row->of = view->of;
    row->labels = g_ptr_array_new_with_free_func(g_free);
    row->figures = g_ptr_array_new_with_free_func(g_free);
    row->split = split == WB_SPLIT_ANY ? view->of->split : wb_split_name(split);
    for (size_t k = 0; k < keys->len; k++) {
        const char *value = wb_labels_get(view->of->of_case->labels, g_ptr_array_index(keys, k));

        g_ptr_array_add(row->labels, value ? wb_clean(value) : NULL);
    }
    for (size_t m = 0; m < report->measures->len; m++) {
        const WbMeasure *measure = g_ptr_array_index(report->measures, m);
        WbCell cell = wb_cell_make(measure, view);

        wb_long_append_figures(row->figures, measure, &cell);
        row->published |= cell.published;
        headline |= measure->headline;
        figure |= cell.kind == WB_CELL_VALUE || cell.kind == WB_CELL_RANGE;
    }
    row->state = state_of(view, headline, figure);
    return row;
}

/* ---- order --------------------------------------------------------------------------------- */

typedef struct {
    WbLongRow *row;
    double key;
    size_t place;
} Sorted;

static int compare_labels(const GPtrArray *a, const GPtrArray *b)
{
    for (size_t k = 0; k < a->len; k++) {
        int order = g_strcmp0(g_ptr_array_index(a, k), g_ptr_array_index(b, k));

        if (order)
            return order;
    }
    return 0;
}

static int compare_rows(const void *a, const void *b)
{
    const Sorted *x = a;
    const Sorted *y = b;
    int order;

    if (isnan(x->key) != isnan(y->key))
        return isnan(x->key) ? 1 : -1;
    if (!isnan(x->key) && x->key != y->key)
        return x->key > y->key ? -1 : 1;
    order = compare_labels(x->row->labels, y->row->labels);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static void add_sorted(WbLongRows *rows, Sorted *list, size_t n, WbSort sort)
{
    if (sort != WB_SORT_NONE)
        qsort(list, n, sizeof *list, compare_rows);
    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(rows->rows, list[i].row);
}

WbLongRows *wb_long_rows_new(const WbReport *report)
{
    const WbQuery *query = report->query;
    const WbSplit both[] = {WB_SPLIT_ERRORS, WB_SPLIT_NO_ERRORS};
    const WbSplit *splits = query->by_split ? both : &query->only;
    WbLongRows *rows = g_new0(WbLongRows, 1);

    rows->keys = g_ptr_array_new_with_free_func(g_free);
    rows->columns = g_ptr_array_new_with_free_func(g_free);
    rows->rows = g_ptr_array_new_with_free_func(free_row);
    find_keys(rows->keys, query->summary);
    for (size_t m = 0; m < report->measures->len; m++)
        add_columns(rows->columns, g_ptr_array_index(report->measures, m));
    for (size_t s = 0; s < (query->by_split ? 2 : 1); s++) {
        g_autofree Sorted *list = g_new(Sorted, query->summary->cases->len);
        size_t n = 0;

        for (size_t i = 0; i < query->summary->cases->len; i++) {
            WbCaseView view;

            if (!wb_case_view(wb_summary_at(query->summary, i), splits[s], &view))
                continue;
            list[n] = (Sorted){row_new(report, rows->keys, &view, splits[s]),
                               wb_sort_key(query->order, &view), n};
            n++;
        }
        add_sorted(rows, list, n, query->order);
    }
    return rows;
}
