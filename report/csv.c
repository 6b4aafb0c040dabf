/*
 * CSV (RFC 4180, for spreadsheets) and TSV (for pipes). Long: one row a case. Wide: the shape of
 * the table, with the words in the cells; labels of tables and rows are columns of their own.
 */
#include <string.h>

#include "analyze/grid_means.h"
#include "analyze/tsv.h"
#include "report/clean.h"
#include "report/formats.h"
#include "report/long_rows.h"

/* Spreadsheets take a field that begins so (after blanks) for a formula: = + - @ and their
 * full-width forms. */
static bool is_formula(const char *text)
{
    static const gunichar signs[] = {'=', '+', '-', '@', 0xff1d, 0xff0b, 0xff0d, 0xff20};
    gunichar c;

    while (*text && g_unichar_isspace(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    c = g_utf8_get_char(text);
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (c == signs[i])
            return true;
    return false;
}

void wb_csv_append(GString *out, const char *text, bool raw)
{
    const char *guard = !raw && is_formula(text) ? "'" : "";
    size_t n = strlen(text);

    if (!strpbrk(text, "\",\r\n") && !(n && (text[0] == ' ' || text[n - 1] == ' '))) {
        g_string_append_printf(out, "%s%s", guard, text);
        return;
    }
    g_string_append_printf(out, "\"%s", guard);
    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

/* A row while it is written, in one of the two dialects. */
typedef struct {
    GString *out;
    bool tsv;
    bool raw;
    size_t fields;
} Row;

static void separate(Row *row)
{
    if (row->fields++)
        g_string_append_c(row->out, row->tsv ? '\t' : ',');
}

/* Text that is not ours. */
static void add_text(Row *row, const char *text)
{
    separate(row);
    if (row->tsv)
        wb_tsv_append(row->out, text ? text : "");
    else
        wb_csv_append(row->out, text ? text : "", row->raw);
}

/* Numbers and words of ours: never guarded. */
static void add_own(Row *row, const char *text)
{
    separate(row);
    g_string_append(row->out, text ? text : "");
}

static void end_row(Row *row)
{
    g_string_append(row->out, row->tsv ? "\n" : "\r\n");
    row->fields = 0;
}

static void render_long(const WbReport *report, Row *to)
{
    g_autoptr(WbLongRows) rows = wb_long_rows_new(report);

    for (size_t k = 0; k < rows->keys->len; k++)
        add_text(to, g_ptr_array_index(rows->keys, k));
    for (size_t c = 0; c < rows->columns->len; c++)
        add_own(to, g_ptr_array_index(rows->columns, c));
    add_own(to, "split");
    add_own(to, "published");
    add_own(to, "state");
    end_row(to);
    for (size_t r = 0; r < rows->rows->len; r++) {
        const WbLongRow *row = g_ptr_array_index(rows->rows, r);

        for (size_t k = 0; k < rows->keys->len; k++)
            add_text(to, g_ptr_array_index(row->labels, k));
        for (size_t c = 0; c < rows->columns->len; c++)
            add_own(to, g_ptr_array_index(row->figures, c));
        add_own(to, row->split);
        add_own(to, row->published ? "true" : "false");
        add_own(to, wb_state_name(row->state));
        end_row(to);
    }
}

/* ---- wide ---------------------------------------------------------------------------------- */

static void add_item(Row *to, const WbAxis *axis, size_t item)
{
    for (size_t k = 0; axis->keys[k]; k++) {
        g_autofree char *text = wb_clean(wb_grid_item(axis, item, k));

        add_text(to, text);
    }
}

static void add_keys(Row *to, const WbAxis *axis)
{
    for (size_t k = 0; axis->keys[k]; k++)
        add_text(to, axis->keys[k]);
}

/* A cell's figures in one field: "209 - 485", "3 0 0 0 0" for error counts by class. */
static void add_cell(Row *to, const WbMeasure *measure, WbCell cell)
{
    g_autoptr(GPtrArray) figures = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *joined = NULL;

    if (cell.kind != WB_CELL_VALUE && cell.kind != WB_CELL_RANGE) {
        add_own(to, wb_table_word(cell.kind));
        return;
    }
    wb_long_append_figures(figures, measure, &cell);
    g_ptr_array_add(figures, NULL);
    joined = g_strjoinv(measure->kind == WB_MEASURE_RANGE ? " - " : " ", (char **)figures->pdata);
    add_own(to, joined);
}

/* Where the item stands among the part's columns, or G_MAXSIZE. */
static size_t place_of(const WbGridTable *part, size_t item)
{
    for (size_t c = 0; c < part->cols_n; c++)
        if (part->cols[c] == item)
            return c;
    return G_MAXSIZE;
}

/* A row of cells: those of row r, or the means. */
static void add_cells(Row *to, const WbReport *report, const WbGridTable *part, size_t m, size_t r,
                      const WbGridMeans *means)
{
    const WbMeasure *measure = g_ptr_array_index(report->measures, m);
    bool by_measure = !report->grid->cols.keys[0];
    size_t n = report->measures->len;

    for (size_t i = 0; by_measure && i < n; i++)
        add_cell(
            to, g_ptr_array_index(report->measures, i),
            means ? means->cells[i]
                  : wb_cell_make(g_ptr_array_index(report->measures, i), wb_grid_view(part, r, 0)));
    for (size_t c = 0; !by_measure && c < report->grid->cols.items->len; c++) {
        size_t at = place_of(part, c);

        if (at == G_MAXSIZE)
            add_own(to, "");
        else
            add_cell(to, measure,
                     means ? means->cells[at * n + m]
                           : wb_cell_make(measure, wb_grid_view(part, r, at)));
    }
    end_row(to);
}

/* What stands before the cells of a row of a table. */
static void add_stub(Row *to, const WbReport *report, const WbGridTable *part, size_t m)
{
    add_item(to, &report->grid->tables, part->table);
    if (report->query->by_split)
        add_own(to, wb_split_name(part->split));
    if (report->grid->cols.keys[0] && report->measures->len > 1)
        add_own(to, ((const WbMeasure *)g_ptr_array_index(report->measures, m))->name);
}

static void wide_part(const WbReport *report, const WbGridTable *part, size_t m, Row *to)
{
    const WbGrid *grid = report->grid;
    g_autoptr(WbGridMeans) means = report->means ? wb_grid_means_new(part, report->measures) : NULL;

    for (size_t r = 0; r < part->rows_n; r++) {
        add_stub(to, report, part, m);
        add_item(to, &grid->rows, part->rows[r]);
        add_cells(to, report, part, m, r, NULL);
    }
    if (!means || means->rows_n == 0)
        return;
    add_stub(to, report, part, m);
    for (size_t k = 0; grid->rows.keys[k]; k++)
        add_own(to, k ? "" : WB_TABLE_MEAN);
    add_cells(to, report, part, m, 0, means);
}

static void render_wide(const WbReport *report, Row *to)
{
    const WbGrid *grid = report->grid;
    bool by_measure = !grid->cols.keys[0];

    add_keys(to, &grid->tables);
    if (report->query->by_split)
        add_own(to, "split");
    if (!by_measure && report->measures->len > 1)
        add_own(to, "cell");
    add_keys(to, &grid->rows);
    for (size_t m = 0; by_measure && m < report->measures->len; m++)
        add_own(to, ((const WbMeasure *)g_ptr_array_index(report->measures, m))->name);
    for (size_t c = 0; !by_measure && c < grid->cols.items->len; c++) {
        g_autofree char *head = wb_table_join(&grid->cols, c);

        add_text(to, head);
    }
    end_row(to);
    for (size_t p = 0; p < grid->parts->len; p++)
        for (size_t m = 0; m < (by_measure ? 1 : report->measures->len); m++)
            wide_part(report, g_ptr_array_index(grid->parts, p), m, to);
}

static bool render(const WbReport *report, bool tsv, GString *out)
{
    Row row = {.out = out, .tsv = tsv, .raw = report->csv_raw};

    if (report->wide)
        render_wide(report, &row);
    else
        render_long(report, &row);
    return true;
}

bool wb_render_csv(const WbReport *report, GString *out, GError **error)
{
    (void)error;
    return render(report, false, out);
}

bool wb_render_tsv(const WbReport *report, GString *out, GError **error)
{
    (void)error;
    return render(report, true, out);
}

void wb_csv_append_table(GString *out, const WbTextTable *table)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];
    Row to = {.out = out};

    add_text(&to, table->stub_head);
    for (guint c = 0; c < table->heads->len; c++)
        add_text(&to, g_ptr_array_index(table->heads, c));
    end_row(&to);
    for (guint r = 0; r < table->stubs->len; r++) {
        add_text(&to, g_ptr_array_index(table->stubs, r));
        for (guint c = 0; c < table->heads->len; c++) {
            const WbTextCell *cell = wb_text_cell(table, r, c);

            if (cell->has_number && cell->kind == WB_CELL_VALUE && *cell->text)
                add_own(&to, wb_units_format_double(cell->number, buffer));
            else
                add_text(&to, cell->text);
        }
        end_row(&to);
    }
}
