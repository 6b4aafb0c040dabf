/* calc twoway: how much servers and frameworks matter. */
#include <string.h>

#include "analyze/calc.h"
#include "analyze/two_way.h"

enum { ROW, COL, VALUE };
static const WbCalcColumn columns[] = {{"server", false, false},
                                       {"framework", false, false},
                                       {"rps", true, false},
                                       {NULL, false, false}};
static const char *const set[] = {NULL};

static int compare_rows(const void *a, const void *b, void *data)
{
    const WbCalcInput *input = data;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    int by_row = strcmp(input->texts[ROW][x], input->texts[ROW][y]);
    int by_col = strcmp(input->texts[COL][x], input->texts[COL][y]);

    return by_row ? by_row : by_col ? by_col : (x > y) - (x < y);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The levels of a factor by name (of borrowed texts), and each row's number among them. */
static GPtrArray *levels_of(const WbCalcInput *input, size_t column, size_t *out_level)
{
    GPtrArray *names = g_ptr_array_new();
    g_autoptr(GHashTable) place = g_hash_table_new(g_str_hash, g_str_equal);

    for (size_t i = 0; i < input->rows; i++)
        if (g_hash_table_add(place, input->texts[column][i]))
            g_ptr_array_add(names, input->texts[column][i]);
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++)
        g_hash_table_replace(place, names->pdata[i], GUINT_TO_POINTER(i));
    for (size_t i = 0; i < input->rows; i++)
        out_level[i] = GPOINTER_TO_UINT(g_hash_table_lookup(place, input->texts[column][i]));
    return names;
}

/* One cell for all values of a row and a column: of WbTwoWayCell, into `values`. */
static GArray *cells_of(const WbCalcInput *input, const size_t *row, const size_t *col,
                        double *values)
{
    GArray *cells = g_array_new(FALSE, FALSE, sizeof(WbTwoWayCell));
    g_autofree size_t *order = g_new(size_t, input->rows + 1);

    for (size_t i = 0; i < input->rows; i++)
        order[i] = i;
    g_qsort_with_data(order, (int)input->rows, sizeof *order, compare_rows, (void *)input);
    for (size_t i = 0; i < input->rows; i++) {
        WbTwoWayCell *last =
            cells->len ? &g_array_index(cells, WbTwoWayCell, cells->len - 1) : NULL;
        WbTwoWayCell cell = {row[order[i]], col[order[i]], values + i, 1};

        values[i] = input->numbers[VALUE][order[i]];
        if (last && last->row == cell.row && last->col == cell.col)
            last->n++;
        else
            g_array_append_val(cells, cell);
    }
    return cells;
}

static void add_levels(WbDocument *out, const char *what, const char *key, const GPtrArray *names,
                       const double *values)
{
    g_autofree char *name = g_strconcat(what, "_", key, NULL);

    wb_document_begin(out, name);
    for (guint i = 0; i < names->len; i++)
        if (values[i] == values[i]) /* not of another block */
            wb_document_add_real(out, names->pdata[i], values[i]);
    wb_document_end(out);
}

static void add_factor(WbDocument *out, const char *key, const GPtrArray *names,
                       const WbTwoWayFactor *factor)
{
    size_t n;
    const WbFigure *figures = wb_two_way_factor_figures(&n);

    for (size_t i = 0; i < n; i++) {
        g_autofree char *name = g_strconcat(figures[i].name, "_", key, NULL);

        wb_document_add_real(out, name,
                             *(const double *)((const char *)factor + figures[i].offset));
    }
    add_levels(out, "effect", key, names, factor->effect);
    add_levels(out, "mp", key, names, factor->mp);
}

static int compare_blocks(const void *a, const void *b, void *data)
{
    const size_t *block_of = data;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    if (block_of[x] != block_of[y])
        return block_of[x] < block_of[y] ? -1 : 1;
    return (x > y) - (x < y);
}

/* Block by block, the larger ones first. */
static void add_disconnected(WbDocument *out, const WbTwoWay *in, const WbTwoWayFigures *figures,
                             const GPtrArray *rows, const GPtrArray *cols)
{
    g_autofree size_t *order = g_new(size_t, in->cells_n + 1);

    for (size_t i = 0; i < in->cells_n; i++)
        order[i] = i;
    g_qsort_with_data(order, (int)in->cells_n, sizeof *order, compare_blocks, figures->block_of);
    wb_document_begin_list(out, "disconnected");
    for (size_t i = (size_t)figures->n_cells; i < in->cells_n; i++) {
        wb_document_begin_list(out, NULL);
        wb_document_add_text(out, NULL, rows->pdata[in->cells[order[i]].row]);
        wb_document_add_text(out, NULL, cols->pdata[in->cells[order[i]].col]);
        wb_document_end(out);
    }
    wb_document_end(out);
}

static bool check_values(const WbCalcInput *input, GError **error)
{
    for (size_t i = 0; i < input->rows; i++)
        if (!(input->numbers[VALUE][i] > 0)) {
            g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE,
                        "column 'rps' takes figures above 0, not %g", input->numbers[VALUE][i]);
            return false;
        }
    return true;
}

static bool calc(const WbCalcInput *input, WbDocument *out, GError **error)
{
    g_autofree size_t *row = g_new(size_t, input->rows + 1);
    g_autofree size_t *col = g_new(size_t, input->rows + 1);
    g_autofree double *values = g_new(double, input->rows + 1);
    g_autoptr(GPtrArray) rows = levels_of(input, ROW, row);
    g_autoptr(GPtrArray) cols = levels_of(input, COL, col);
    g_autoptr(GArray) cells = cells_of(input, row, col, values);
    WbTwoWay in = {(const WbTwoWayCell *)(const void *)cells->data, cells->len, rows->len,
                   cols->len};
    WbTwoWayFigures figures;
    size_t n;
    const WbFigure *names = wb_two_way_figures(&n);
    bool done;

    if (!check_values(input, error))
        return false;
    done = wb_two_way_describe(&in, &figures);
    if (done) {
        wb_document_add_figures(out, names, n, &figures, "");
        add_factor(out, columns[ROW].name, rows, &figures.factor[WB_FACTOR_ROW]);
        add_factor(out, columns[COL].name, cols, &figures.factor[WB_FACTOR_COL]);
        add_disconnected(out, &in, &figures, rows, cols);
    } else {
        g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE,
                    "more than %d servers and as many frameworks; twoway takes fewer of one",
                    WB_TWO_WAY_LEVELS_MOST);
    }
    wb_two_way_figures_clear(&figures);
    return done;
}

const WbCalcKind wb_calc_two_way = {
    "twoway", "how much rows and columns matter (server, framework, rps)", columns, set, calc};
