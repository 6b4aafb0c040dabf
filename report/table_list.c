/*
 * Table list: the tables of a grid, each from a draft: its figures become texts (table_cells.c),
 * the doubts of its cases notes (table_notes.c); here rows and columns get their names.
 */
#include <math.h>
#include <string.h>

#include "report/clean.h"
#include "report/table_draft.h"

static char *caption_of(const WbTableDraft *d)
{
    g_autofree char *name = wb_table_name(d->grid, d->part);
    g_autofree char *title = NULL;

    if (d->by_measure)
        return g_steal_pointer(&name);
    title = wb_table_draft_title(d);
    return g_strconcat(name, *name ? ": " : "", title, NULL);
}

/* Of several figures in a cell the first one tells which is best. */
static void mark_best(const WbTableDraft *d, const size_t *shown, WbTextTable *table)
{
    for (size_t c = 0; c < d->cols; c++) {
        const WbMeasure *measure = wb_table_draft_measure(d, c, 0);
        double best = NAN;
        size_t figures = 0;

        if (!measure->headline)
            continue;
        for (size_t r = 0; r < table->stubs->len - table->totals; r++) {
            const WbCell *cell = wb_table_draft_cell(d, shown[r], c, 0);

            if (cell->kind != WB_CELL_VALUE)
                continue;
            figures++;
            if (measure->lower_is_better ? !(cell->value >= best) : !(cell->value <= best))
                best = cell->value;
        }
        for (size_t r = 0; figures > 1 && r < table->stubs->len - table->totals; r++) {
            const WbCell *cell = wb_table_draft_cell(d, shown[r], c, 0);

            table->cells[r * d->cols + c].best = cell->kind == WB_CELL_VALUE && cell->value == best;
        }
    }
}

/* Only a cell of one figure is a number to sort by, or to write into a CSV. */
static void set_cell(const WbTableDraft *d, size_t r, size_t c, char *text, WbTextCell *cell)
{
    const WbCell *figure = wb_table_draft_cell(d, r, c, 0);

    cell->kind = wb_table_draft_kind(d, r, c);
    cell->number = figure->kind == WB_CELL_RANGE ? figure->min : figure->value;
    cell->has_number = d->figures == 1 && isfinite(cell->number) && wb_cell_has_figure(figure);
    cell->text = text;
}

static void fill_column(const WbTableDraft *d, size_t c, const size_t *shown, WbTextTable *table)
{
    size_t n = table->stubs->len;
    g_autofree char **texts = wb_table_draft_texts(d, c, shown, n);

    for (size_t r = 0; r < n; r++) {
        WbTextCell *cell = &table->cells[r * d->cols + c];

        set_cell(d, shown[r], c, texts[r], cell);
        table->ranges |= cell->kind == WB_CELL_RANGE;
    }
}

static char **heads_of(const WbTableDraft *d)
{
    char **heads = g_new0(char *, d->cols + 1);

    for (size_t c = 0; c < d->cols; c++)
        heads[c] = d->by_measure ? g_strdup(wb_table_draft_measure(d, c, 0)->name)
                                 : wb_table_join(&d->grid->cols, d->part->cols[c]);
    return heads;
}

static WbTextTable *finish(const WbTableDraft *d)
{
    g_autofree size_t *shown = g_new0(size_t, d->part->rows_n + 1);
    g_auto(GStrv) heads = heads_of(d);
    g_autofree char *stub_head = g_strjoinv("/", d->grid->rows.keys);
    WbTextTable *table =
        wb_text_table_new(caption_of(d), (const char *const *)heads, d->cols, d->part->rows_n + 1);

    g_free(table->stub_head);
    table->stub_head = wb_clean(stub_head);
    for (size_t r = 0; r < d->part->rows_n; r++) {
        if (!wb_table_draft_has_row(d, r))
            continue;
        shown[table->stubs->len] = r;
        wb_text_table_add_row(table, wb_table_join(&d->grid->rows, d->part->rows[r]));
    }
    if (table->stubs->len && d->means && d->means->rows_n) {
        shown[table->stubs->len] = d->part->rows_n;
        wb_text_table_add_row(table, g_strdup(WB_TABLE_MEAN));
        table->totals = 1;
    }
    for (size_t c = 0; c < d->cols; c++)
        fill_column(d, c, shown, table);
    mark_best(d, shown, table);
    wb_table_draft_notes(d, table->notes);
    return table;
}

static WbTextTable *make(const WbSummary *summary, const WbGrid *grid, const WbGridTable *part,
                         const GPtrArray *measures, const WbTableStyle *style)
{
    WbTableDraft d = {.summary = summary,
                      .grid = grid,
                      .part = part,
                      .style = style,
                      .by_measure = !grid->cols.keys[0]};
    WbTextTable *table;

    wb_table_draft_fill(&d, measures);
    table = finish(&d);
    wb_table_draft_clear(&d);
    return table;
}

GPtrArray *wb_table_list(const WbSummary *summary, const WbGrid *grid, const GPtrArray *measures,
                         const WbTableStyle *style)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)wb_text_table_free);

    for (size_t p = 0; p < grid->parts->len; p++) {
        WbTextTable *table =
            make(summary, grid, g_ptr_array_index(grid->parts, p), measures, style);

        if (table->stubs->len || table->notes->len)
            g_ptr_array_add(list, table);
        else
            wb_text_table_free(table);
    }
    return list;
}

WbTextTable *wb_table_of_part(const WbSummary *summary, const WbGrid *grid, const WbGridTable *part,
                              const WbMeasure *measure, const WbTableStyle *style)
{
    g_autoptr(GPtrArray) measures = g_ptr_array_new();
    WbTextTable *table;

    g_ptr_array_add(measures, (gpointer)measure);
    table = make(summary, grid, part, measures, style);
    if (table->stubs->len == 0)
        g_clear_pointer(&table, wb_text_table_free);
    return table;
}
