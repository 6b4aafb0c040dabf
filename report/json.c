/*
 * JSON: the document "wrkbook/table", version 1. Long: `rows`, one object a case. Wide: `tables`,
 * each with its columns and rows; a cell is a number, [min, max], a word ("errors", "n/a") or
 * null. Numbers go in as text, so that none is rounded by cJSON's doubles.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "analyze/grid_means.h"
#include "report/clean.h"
#include "report/formats.h"
#include "report/long_rows.h"

#define DOCUMENT_VERSION 1

static void add_text(cJSON *object, const char *name, const char *text)
{
    cJSON_AddItemToObject(object, name, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

static cJSON *number(const char *text)
{
    return *text ? cJSON_CreateRaw(text) : cJSON_CreateNull();
}

static void add_long(cJSON *document, const WbReport *report)
{
    g_autoptr(WbLongRows) rows = wb_long_rows_new(report);
    cJSON *list = cJSON_AddArrayToObject(document, "rows");

    for (size_t r = 0; r < rows->rows->len; r++) {
        const WbLongRow *row = g_ptr_array_index(rows->rows, r);
        cJSON *object = cJSON_CreateObject();
        cJSON *labels = cJSON_AddObjectToObject(object, "labels");

        for (size_t k = 0; k < rows->keys->len; k++)
            if (g_ptr_array_index(row->labels, k))
                add_text(labels, g_ptr_array_index(rows->keys, k),
                         g_ptr_array_index(row->labels, k));
        for (size_t c = 0; c < rows->columns->len; c++)
            cJSON_AddItemToObject(object, g_ptr_array_index(rows->columns, c),
                                  number(g_ptr_array_index(row->figures, c)));
        add_text(object, "split", row->split);
        cJSON_AddBoolToObject(object, "published", row->published);
        add_text(object, "state", wb_state_name(row->state));
        cJSON_AddItemToArray(list, object);
    }
}

/* ---- wide ---------------------------------------------------------------------------------- */

static cJSON *cell_json(const WbMeasure *measure, WbCell cell)
{
    g_autoptr(GPtrArray) figures = g_ptr_array_new_with_free_func(g_free);
    cJSON *list;

    if (cell.kind == WB_CELL_BLANK)
        return cJSON_CreateNull();
    if (cell.kind != WB_CELL_VALUE && cell.kind != WB_CELL_RANGE)
        return cJSON_CreateString(wb_table_word(cell.kind));
    wb_long_append_figures(figures, measure, &cell);
    if (figures->len == 1)
        return number(g_ptr_array_index(figures, 0));
    list = cJSON_CreateArray();
    for (size_t i = 0; i < figures->len; i++)
        cJSON_AddItemToArray(list, number(g_ptr_array_index(figures, i)));
    return list;
}

static cJSON *item_json(const WbAxis *axis, size_t item)
{
    cJSON *object = cJSON_CreateObject();

    for (size_t k = 0; axis->keys[k]; k++) {
        g_autofree char *text = wb_clean(wb_grid_item(axis, item, k));

        add_text(object, axis->keys[k], text);
    }
    return object;
}

/* The cells of row r, or the means: of one measure, or (G_MAXSIZE) of all, which are the columns
 * then. */
static cJSON *cells_json(const WbReport *report, const WbGridTable *part, size_t measure, size_t r,
                         const WbGridMeans *means)
{
    size_t n = report->measures->len;
    cJSON *cells = cJSON_CreateArray();

    for (size_t i = 0; i < part->cols_n * n; i++) {
        const WbMeasure *of = g_ptr_array_index(report->measures, i % n);

        if (measure == G_MAXSIZE || i % n == measure)
            cJSON_AddItemToArray(
                cells, cell_json(of, means ? means->cells[i]
                                           : wb_cell_make(of, wb_grid_view(part, r, i / n))));
    }
    return cells;
}

static cJSON *means_json(const WbReport *report, const WbGridTable *part, size_t measure)
{
    g_autoptr(WbGridMeans) means = wb_grid_means_new(part, report->measures);
    cJSON *object = cJSON_CreateObject();
    cJSON *out;

    cJSON_AddNumberToObject(object, "rows", (double)means->rows_n);
    out = cJSON_AddArrayToObject(object, "left_out");
    for (size_t r = 0; r < part->rows_n; r++)
        if (!means->rows[r])
            cJSON_AddItemToArray(out, item_json(&report->grid->rows, part->rows[r]));
    cJSON_AddItemToObject(object, "cells", cells_json(report, part, measure, 0, means));
    return object;
}

/* One table, of one measure, or (G_MAXSIZE) of all of them as its columns. */
static cJSON *part_json(const WbReport *report, const WbGridTable *part, size_t measure)
{
    bool one = measure != G_MAXSIZE;
    cJSON *object = cJSON_CreateObject();
    cJSON *columns, *rows;

    cJSON_AddItemToObject(object, "labels", item_json(&report->grid->tables, part->table));
    add_text(object, "split", wb_split_name(part->split));
    add_text(object, "cell",
             one ? ((WbMeasure *)g_ptr_array_index(report->measures, measure))->name : NULL);
    columns = cJSON_AddArrayToObject(object, "columns");
    for (size_t c = 0; one && c < part->cols_n; c++)
        cJSON_AddItemToArray(columns, item_json(&report->grid->cols, part->cols[c]));
    for (size_t m = 0; !one && m < report->measures->len; m++) {
        cJSON *column = cJSON_CreateObject();

        add_text(column, "cell", ((WbMeasure *)g_ptr_array_index(report->measures, m))->name);
        cJSON_AddItemToArray(columns, column);
    }
    rows = cJSON_AddArrayToObject(object, "rows");
    for (size_t r = 0; r < part->rows_n; r++) {
        cJSON *row = cJSON_CreateObject();

        cJSON_AddItemToObject(row, "labels", item_json(&report->grid->rows, part->rows[r]));
        cJSON_AddItemToObject(row, "cells", cells_json(report, part, measure, r, NULL));
        cJSON_AddItemToArray(rows, row);
    }
    if (report->means)
        cJSON_AddItemToObject(object, "geometric_mean", means_json(report, part, measure));
    return object;
}

static void add_wide(cJSON *document, const WbReport *report)
{
    cJSON *tables = cJSON_AddArrayToObject(document, "tables");
    bool by_measure = !report->grid->cols.keys[0];

    for (size_t p = 0; p < report->grid->parts->len; p++) {
        const WbGridTable *part = g_ptr_array_index(report->grid->parts, p);

        if (by_measure)
            cJSON_AddItemToArray(tables, part_json(report, part, G_MAXSIZE));
        for (size_t m = 0; !by_measure && m < report->measures->len; m++)
            cJSON_AddItemToArray(tables, part_json(report, part, m));
    }
}

bool wb_render_json(const WbReport *report, GString *out, GError **error)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *cells;
    char window[24];
    char *text;

    (void)error;
    cJSON_AddStringToObject(document, "document", "wrkbook/table");
    cJSON_AddNumberToObject(document, "version", DOCUMENT_VERSION);
    g_snprintf(window, sizeof window, "%" G_GINT64_FORMAT, report->query->summary->window_ns);
    cJSON_AddRawToObject(document, "window_ns", window);
    cells = cJSON_AddArrayToObject(document, "cells");
    for (size_t m = 0; m < report->measures->len; m++) {
        const WbMeasure *measure = g_ptr_array_index(report->measures, m);

        cJSON_AddItemToArray(cells, cJSON_CreateString(measure->name));
    }
    if (report->wide)
        add_wide(document, report);
    else
        add_long(document, report);
    text = cJSON_Print(document);
    cJSON_Delete(document);
    g_string_append(out, text);
    g_string_append_c(out, '\n');
    cJSON_free(text);
    return true;
}
