/* Table: the tables themselves; table_list.c makes them of a grid. */
#include "report/table.h"

#include <math.h>
#include <string.h>

#include "report/case_name.h"
#include "report/clean.h"

WbTextTable *wb_text_table_new(char *caption, const char *const *heads, size_t heads_n,
                               size_t rows_most)
{
    WbTextTable *table = g_new0(WbTextTable, 1);

    table->caption = caption;
    table->stub_head = g_strdup("");
    table->heads = g_ptr_array_new_with_free_func(g_free);
    table->stubs = g_ptr_array_new_with_free_func(g_free);
    table->notes = g_ptr_array_new_with_free_func(g_free);
    table->cells = g_new0(WbTextCell, MAX(1, rows_most * heads_n));
    for (size_t c = 0; c < heads_n; c++)
        g_ptr_array_add(table->heads, g_strdup(heads[c]));
    return table;
}

WbTextCell *wb_text_table_add_row(WbTextTable *table, char *stub)
{
    WbTextCell *cells = &table->cells[(size_t)table->stubs->len * table->heads->len];

    g_ptr_array_add(table->stubs, stub);
    for (guint c = 0; c < table->heads->len; c++)
        cells[c] = (WbTextCell){.kind = WB_CELL_BLANK};
    return cells;
}

void wb_text_table_cut(WbTextTable *table, size_t rows)
{
    for (size_t i = rows * table->heads->len; i < (size_t)table->stubs->len * table->heads->len;
         i++)
        g_clear_pointer(&table->cells[i].text, g_free);
    g_ptr_array_set_size(table->stubs, (gint)rows);
}

static bool is_empty(const WbTextTable *table, size_t c)
{
    for (size_t r = 0; r < table->stubs->len; r++) {
        const char *text = wb_text_cell(table, r, c)->text;

        if (text && *text)
            return false;
    }
    return true;
}

void wb_text_table_drop_empty(WbTextTable *table)
{
    size_t all = table->heads->len, kept = 0, figures = 0;
    g_autofree size_t *from = g_new(size_t, all + 1);
    GPtrArray *heads = g_ptr_array_new_with_free_func(g_free);

    for (size_t c = 0; c < all; c++) {
        if (is_empty(table, c))
            continue;
        figures += c < table->words_from;
        g_ptr_array_add(heads, g_strdup(g_ptr_array_index(table->heads, c)));
        from[kept++] = c;
    }
    /* a cell never moves to the right, so that none is written over before it was read */
    for (size_t r = 0; r < table->stubs->len; r++)
        for (size_t c = 0, k = 0; c < all; c++) {
            WbTextCell *cell = &table->cells[r * all + c];

            if (k < kept && from[k] == c)
                table->cells[r * kept + k++] = *cell;
            else
                g_free(cell->text);
        }
    g_ptr_array_unref(table->heads);
    table->heads = heads;
    table->words_from = figures;
}

void wb_text_cell_set_number(WbTextCell *cell, char *text, double number)
{
    cell->text = text;
    cell->number = number;
    cell->has_number = isfinite(number);
}

void wb_text_table_free(WbTextTable *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < (size_t)table->stubs->len * table->heads->len; i++)
        g_free(table->cells[i].text);
    g_free(table->cells);
    g_free(table->caption);
    g_free(table->stub_head);
    g_ptr_array_unref(table->heads);
    g_ptr_array_unref(table->stubs);
    g_ptr_array_unref(table->notes);
    g_free(table);
}

const WbTextCell *wb_text_cell(const WbTextTable *table, size_t r, size_t c)
{
    return &table->cells[r * table->heads->len + c];
}

const char *wb_table_word(WbCellKind kind)
{
    return kind == WB_CELL_ERRORS ? "errors" : kind == WB_CELL_NA ? "n/a" : "";
}

char *wb_table_join(const WbAxis *axis, size_t item)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t k = 0; axis->keys[k]; k++) {
        g_autofree char *value = wb_case_name_part(axis->keys[k], wb_grid_item(axis, item, k));

        g_string_append_printf(text, "%s%s", k ? "/" : "", value);
    }
    return wb_clean(text->str);
}

char *wb_table_name(const WbGrid *grid, const WbGridTable *part)
{
    GString *name = g_string_new(NULL);
    const WbAxis *axis = &grid->tables;

    for (size_t k = 0; axis->keys[k]; k++) {
        const char *key = axis->keys[k];
        g_autofree char *value = wb_case_name_part(key, wb_grid_item(axis, part->table, k));
        bool named = g_str_has_prefix(value, key) && value[strlen(key)] == '=';
        g_autofree char *text = named ? g_strdup(value) : g_strdup_printf("%s=%s", key, value);
        g_autofree char *cleaned = wb_clean(text);

        g_string_append_printf(name, "%s%s", k ? ", " : "", cleaned);
    }
    if (part->split != WB_SPLIT_ANY)
        g_string_append_printf(name, "%s%s", name->len ? ", " : "", wb_split_name(part->split));
    return g_string_free(name, FALSE);
}
