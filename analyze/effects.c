/* Effects: see effects.h. */
#include "analyze/effects.h"

#include <math.h>

#include "schema/records.h"

#define LESS 0.5 /* of the logarithm of the other table's spread */

static void clear_table(void *data)
{
    WbEffectsTable *table = data;

    wb_two_way_figures_clear(&table->figures);
    g_array_unref(table->left_out);
}

void wb_effects_free(WbEffects *effects)
{
    if (!effects)
        return;
    g_array_unref(effects->tables);
    g_array_unref(effects->pairs);
    g_free(effects);
}

const WbEffectsTable *wb_effects_at(const WbEffects *effects, size_t i)
{
    return &g_array_index(effects->tables, WbEffectsTable, i);
}

/* ---- cells ---------------------------------------------------------------------------------- */

/* The values of a cell; of a published figure the one value stands at `room`. */
static size_t values_of(const WbCaseView *view, double *room, const double **out)
{
    *out = room;
    if (view->from_runs) {
        *out = view->of->values;
        return view->of->values_n;
    }
    if (view->rate) {
        *room = view->rate->requests_per_s;
        return 1;
    }
    if (view->range && view->range->window_ns != WB_NONE && view->range->window_ns > 0) {
        *room = (view->range->window_min + view->range->window_max) / 2 /
                ((double)view->range->window_ns * 1e-9);
        return 1;
    }
    return 0;
}

/* Why a cell stays out; NULL: it enters. */
static const char *why_not(const WbCaseView *view, const double *values, size_t n)
{
    if (view->state == WB_STATE_ERRORS)
        return "errors";
    if (n == 0)
        return "no figure";
    for (size_t i = 0; i < n; i++)
        if (!(values[i] > 0))
            return "not above 0";
    return NULL;
}

/* The cells of a part that enter, of WbTwoWayCell; `room` has a place for each cell of the part. */
static GArray *cells_of(const WbGridTable *part, double *room, WbEffectsTable *table)
{
    GArray *cells = g_array_new(FALSE, FALSE, sizeof(WbTwoWayCell));

    for (size_t r = 0; r < part->rows_n; r++)
        for (size_t c = 0; c < part->cols_n; c++) {
            const WbCaseView *view = wb_grid_view(part, r, c);
            WbTwoWayCell cell = {.row = r, .col = c};
            WbEffectsLeftOut left = {r, c, NULL};

            if (!view || view->state == WB_STATE_NA || view->state == WB_STATE_BLANK)
                continue;
            cell.n = values_of(view, &room[r * part->cols_n + c], &cell.values);
            left.why = why_not(view, cell.values, cell.n);
            if (!left.why)
                g_array_append_val(cells, cell);
            else if (table)
                g_array_append_val(table->left_out, left);
            if (!left.why && table)
                table->published_n += !view->from_runs;
        }
    return cells;
}

static const WbTwoWayCell *cell_at(const GArray *cells, size_t i)
{
    return &g_array_index(cells, WbTwoWayCell, i);
}

static void add_table(WbEffects *effects, const WbGridTable *part)
{
    g_autofree double *room = g_new(double, part->rows_n * part->cols_n + 1);
    WbEffectsTable table = {.part = part,
                            .left_out = g_array_new(FALSE, FALSE, sizeof(WbEffectsLeftOut))};
    g_autoptr(GArray) cells = cells_of(part, room, &table);
    WbTwoWay in = {cell_at(cells, 0), cells->len, part->rows_n, part->cols_n};

    table.too_many_levels = !wb_two_way_describe(&in, &table.figures);
    for (size_t i = 0; i < cells->len; i++) {
        WbEffectsLeftOut left = {cell_at(cells, i)->row, cell_at(cells, i)->col, "disconnected"};

        if (table.figures.block_of[i] != 0)
            g_array_append_val(table.left_out, left);
    }
    g_array_append_val(effects->tables, table);
}

/* ---- pairs ---------------------------------------------------------------------------------- */

/* The same rows and columns of the grid, whatever their place in a part. */
static void use_grid_items(const WbGridTable *part, GArray *cells)
{
    for (size_t i = 0; i < cells->len; i++) {
        WbTwoWayCell *cell = &g_array_index(cells, WbTwoWayCell, i);

        cell->row = part->rows[cell->row];
        cell->col = part->cols[cell->col];
    }
}

static int compare_places(const WbTwoWayCell *x, const WbTwoWayCell *y)
{
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->col > y->col) - (x->col < y->col);
}

static int compare_cells(const void *a, const void *b)
{
    return compare_places(a, b);
}

/* Keeps of both, each in order, only the cells that the other has, too. */
static void keep_common(GArray *a, GArray *b)
{
    guint i = 0, j = 0, n = 0;

    while (i < a->len && j < b->len) {
        WbTwoWayCell *x = &g_array_index(a, WbTwoWayCell, i);
        WbTwoWayCell *y = &g_array_index(b, WbTwoWayCell, j);
        int order = compare_places(x, y);

        if (order == 0) {
            g_array_index(a, WbTwoWayCell, n) = *x;
            g_array_index(b, WbTwoWayCell, n++) = *y;
        }
        i += order <= 0;
        j += order >= 0;
    }
    g_array_set_size(a, n);
    g_array_set_size(b, n);
}

/* Keeps the cells of block 0 of the figures that were made of as many cells at the same places. */
static void keep_block(GArray *cells, const WbTwoWayFigures *of)
{
    guint n = 0;

    for (guint i = 0; i < cells->len; i++)
        if (of->block_of[i] == 0)
            g_array_index(cells, WbTwoWayCell, n++) = *cell_at(cells, i);
    g_array_set_size(cells, n);
}

static int less_in(const double spread[2])
{
    double a = log(spread[0]), b = log(spread[1]);

    return a <= LESS * b && a < b ? 0 : b <= LESS * a && b < a ? 1 : -1;
}

static void compare_tables(WbEffects *effects, const WbGrid *grid, size_t x, size_t y)
{
    const size_t which[] = {x, y};
    GArray *cells[2];
    double *room[2];
    WbTwoWayFigures figures[2];

    for (size_t s = 0; s < 2; s++) {
        const WbGridTable *part = g_ptr_array_index(grid->parts, which[s]);

        room[s] = g_new(double, part->rows_n * part->cols_n + 1);
        cells[s] = cells_of(part, room[s], NULL);
        use_grid_items(part, cells[s]);
        g_array_sort(cells[s], compare_cells);
    }
    keep_common(cells[0], cells[1]);
    for (size_t s = 0; s < 2; s++) {
        WbTwoWay in = {cell_at(cells[s], 0), cells[s]->len, grid->rows.items->len,
                       grid->cols.items->len};

        wb_two_way_describe(&in, &figures[s]);
        /* of blocks with as many cells the other table must not choose another one */
        if (s == 0)
            keep_block(cells[1], &figures[0]);
    }
    for (size_t f = 0; f < WB_FACTORS; f++) {
        WbEffectsPair pair = {(WbFactorKind)f,
                              {x, y},
                              (size_t)figures[0].n_cells,
                              {figures[0].factor[f].spread, figures[1].factor[f].spread},
                              -1};

        if (figures[0].factor[f].levels_in < 2)
            continue;
        pair.less_in = less_in(pair.spread);
        g_array_append_val(effects->pairs, pair);
    }
    for (size_t s = 0; s < 2; s++) {
        wb_two_way_figures_clear(&figures[s]);
        g_array_unref(cells[s]);
        g_free(room[s]);
    }
}

WbEffects *wb_effects_new(const WbGrid *grid)
{
    WbEffects *effects = g_new0(WbEffects, 1);
    size_t n = grid->parts->len;

    effects->tables = g_array_new(FALSE, FALSE, sizeof(WbEffectsTable));
    g_array_set_clear_func(effects->tables, clear_table);
    effects->pairs = g_array_new(FALSE, FALSE, sizeof(WbEffectsPair));
    for (size_t i = 0; i < n; i++)
        add_table(effects, g_ptr_array_index(grid->parts, i));
    for (size_t y = 0; n <= WB_EFFECTS_TABLES_MOST && y < n; y++)
        for (size_t x = 0; x < y; x++)
            compare_tables(effects, grid, x, y);
    return effects;
}
