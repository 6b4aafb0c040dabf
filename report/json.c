/*
 * JSON: the document "wrkbook/table", version 1. Long: `rows`, one object a case. Wide: `tables`,
 * each with its columns and rows; a cell is a number, [min, max], a word ("errors", "n/a") or
 * null. Numbers go in as text, so that none is rounded by cJSON's doubles.
 */
#include <cjson/cJSON.h>
#include <string.h>

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

static cJSON *cell_json(const WbMeasure *measure, const WbCaseView *view)
{
    WbCell cell = wb_cell_make(measure, view);
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

/* One table: `measure` NULL: the measures are the columns. */
static cJSON *part_json(const WbReport *report, const WbGridTable *part, const WbMeasure *measure)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *columns, *rows;

    cJSON_AddItemToObject(object, "labels", item_json(&report->grid->tables, part->table));
    add_text(object, "split", wb_split_name(part->split));
    add_text(object, "cell", measure ? measure->name : NULL);
    columns = cJSON_AddArrayToObject(object, "columns");
    for (size_t c = 0; measure && c < part->cols_n; c++)
        cJSON_AddItemToArray(columns, item_json(&report->grid->cols, part->cols[c]));
    for (size_t m = 0; !measure && m < report->measures->len; m++) {
        const WbMeasure *of = g_ptr_array_index(report->measures, m);
        cJSON *column = cJSON_CreateObject();

        add_text(column, "cell", of->name);
        cJSON_AddItemToArray(columns, column);
    }
    rows = cJSON_AddArrayToObject(object, "rows");
    for (size_t r = 0; r < part->rows_n; r++) {
        cJSON *row = cJSON_CreateObject();
        cJSON *cells;

        cJSON_AddItemToObject(row, "labels", item_json(&report->grid->rows, part->rows[r]));
        cells = cJSON_AddArrayToObject(row, "cells");
        for (size_t c = 0; measure && c < part->cols_n; c++)
            cJSON_AddItemToArray(cells, cell_json(measure, wb_grid_view(part, r, c)));
        for (size_t m = 0; !measure && m < report->measures->len; m++)
            cJSON_AddItemToArray(
                cells, cell_json(g_ptr_array_index(report->measures, m), wb_grid_view(part, r, 0)));
        cJSON_AddItemToArray(rows, row);
    }
    return object;
}

static void add_wide(cJSON *document, const WbReport *report)
{
    cJSON *tables = cJSON_AddArrayToObject(document, "tables");
    bool by_measure = !report->grid->cols.keys[0];

    for (size_t p = 0; p < report->grid->parts->len; p++) {
        const WbGridTable *part = g_ptr_array_index(report->grid->parts, p);

        if (by_measure)
            cJSON_AddItemToArray(tables, part_json(report, part, NULL));
        for (size_t m = 0; !by_measure && m < report->measures->len; m++)
            cJSON_AddItemToArray(tables,
                                 part_json(report, part, g_ptr_array_index(report->measures, m)));
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
