/* Grid: the order of rows on request. */
#include <math.h>
#include <string.h>

#include "analyze/grid.h"

bool wb_sort_parse(const char *text, WbSort *out_sort)
{
    static const char *const names[] = {
        [WB_SORT_BEST] = "best",
        [WB_SORT_MEDIAN] = "median",
        [WB_SORT_NAME] = "name",
        [WB_SORT_SPREAD] = "spread",
    };

    for (size_t i = WB_SORT_BEST; i < G_N_ELEMENTS(names); i++)
        if (!strcmp(text, names[i])) {
            *out_sort = (WbSort)i;
            return true;
        }
    return false;
}

double wb_sort_key(WbSort sort, const WbCaseView *view)
{
    const char *const measures[] = {
        [WB_SORT_BEST] = "best", [WB_SORT_MEDIAN] = "median", [WB_SORT_SPREAD] = "cv"};
    WbCell cell;

    if (!view || sort == WB_SORT_NONE || sort == WB_SORT_NAME)
        return NAN;
    cell = wb_cell_make(wb_measure_find(measures[sort]), view);
    if (cell.kind == WB_CELL_VALUE)
        return sort == WB_SORT_SPREAD ? -cell.value : cell.value;
    cell = wb_cell_make(wb_measure_find("range"), view);
    if (cell.kind != WB_CELL_RANGE)
        return NAN;
    if (sort == WB_SORT_SPREAD)
        return -(cell.max - cell.min) / ((cell.max + cell.min) / 2);
    return sort == WB_SORT_BEST ? cell.max : (cell.max + cell.min) / 2;
}

typedef struct {
    size_t row;  /* of the part before sorting */
    size_t item; /* of the axis */
    double key;
    const WbAxis *axis;
} Row;

static int compare_names(const Row *x, const Row *y)
{
    for (size_t k = 0; x->axis->keys[k]; k++) {
        int order = strcmp(wb_grid_item(x->axis, x->item, k), wb_grid_item(y->axis, y->item, k));

        if (order)
            return order;
    }
    return 0;
}

static int compare_rows(const void *a, const void *b)
{
    const Row *x = a;
    const Row *y = b;

    if (isnan(x->key) != isnan(y->key))
        return isnan(x->key) ? 1 : -1;
    if (!isnan(x->key) && x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return compare_names(x, y);
}

static void sort_part(const WbGrid *grid, WbGridTable *part, WbSort sort)
{
    g_autofree Row *rows = g_new(Row, part->rows_n);
    size_t cells_n = part->rows_n * part->cols_n;
    const WbCaseView **cells = g_new(const WbCaseView *, cells_n);

    for (size_t r = 0; r < part->rows_n; r++) {
        rows[r] = (Row){r, part->rows[r], NAN, &grid->rows};
        for (size_t c = 0; c < part->cols_n; c++) {
            double key = wb_sort_key(sort, wb_grid_view(part, r, c));

            if (!isnan(key) && !(key <= rows[r].key))
                rows[r].key = key;
        }
    }
    qsort(rows, part->rows_n, sizeof *rows, compare_rows);
    for (size_t r = 0; r < part->rows_n; r++) {
        part->rows[r] = rows[r].item;
        memcpy(cells + r * part->cols_n, part->cells + rows[r].row * part->cols_n,
               part->cols_n * sizeof *cells);
    }
    g_free(part->cells);
    part->cells = cells;
}

void wb_grid_sort(WbGrid *grid, WbSort sort)
{
    for (size_t i = 0; sort != WB_SORT_NONE && i < grid->parts->len; i++)
        sort_part(grid, g_ptr_array_index(grid->parts, i), sort);
}

/* Rows lie one behind the other, so that the first ones stay where they are. */
void wb_grid_top(WbGrid *grid, size_t n)
{
    for (guint i = 0; i < grid->parts->len; i++) {
        WbGridTable *part = g_ptr_array_index(grid->parts, i);

        part->rows_n = MIN(part->rows_n, n);
    }
}
