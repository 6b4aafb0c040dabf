/*
 * The article's table, byte for byte (REPORTS section 3): all columns of one width, a heading line
 * and a rule line that keep their trailing blanks, body lines that do not. Nothing before or after
 * a single table; several are told apart by a caption line before each and a blank line between.
 */
#include <inttypes.h>
#include <string.h>

#include "report/clean.h"
#include "report/formats.h"

#define LEAST_WIDTH 9

/* The geometry of one table. */
typedef struct {
    size_t label; /* width of the row labels */
    size_t cell;  /* width of every column */
    size_t gap;   /* before each column */
} Shape;

static Shape shape_of(const WbTextTable *table)
{
    Shape shape = {LEAST_WIDTH, LEAST_WIDTH, 1};
    size_t widest_cell = 0;

    for (size_t r = 0; r < table->stubs->len; r++)
        shape.label = MAX(shape.label, wb_clean_width(g_ptr_array_index(table->stubs, r)));
    for (size_t c = 0; c < table->heads->len; c++) {
        shape.cell = MAX(shape.cell, wb_clean_width(g_ptr_array_index(table->heads, c)));
        for (size_t r = 0; r < table->stubs->len; r++)
            widest_cell = MAX(widest_cell, wb_clean_width(wb_text_cell(table, r, c)->text));
    }
    shape.cell = MAX(shape.cell, widest_cell);
    if (widest_cell == shape.cell)
        shape.gap = 2;
    return shape;
}

static void append_centred(GString *out, const char *text, size_t width)
{
    size_t own = wb_clean_width(text);

    wb_clean_pad(out, text, width, own < width ? (width - own) / 2 : 0);
}

/* The heading with words where a person put them; the line is as long as by the rule. */
static bool append_heading_at(const WbReport *report, const WbTextTable *table, size_t length,
                              GString *out, GError **error)
{
    size_t start = out->len;

    if (report->heading_n != table->heads->len) {
        g_set_error(error, WB_FORMAT_ERROR, WB_FORMAT_ERROR_HEADING,
                    "--heading-at names %zu places, the table has %u columns", report->heading_n,
                    table->heads->len);
        return false;
    }
    for (size_t c = 0; c < report->heading_n; c++) {
        size_t at = out->len - start;

        if (report->heading_at[c] < at || (c && report->heading_at[c] == at)) {
            g_set_error(error, WB_FORMAT_ERROR, WB_FORMAT_ERROR_HEADING,
                        "--heading-at %zu: the heading before it ends at %zu",
                        report->heading_at[c], at);
            return false;
        }
        wb_clean_repeat(out, ' ', report->heading_at[c] - at);
        g_string_append(out, g_ptr_array_index(table->heads, c));
    }
    if (out->len - start < length)
        wb_clean_repeat(out, ' ', length - (out->len - start));
    g_string_append_c(out, '\n');
    return true;
}

static void append_heading(const WbTextTable *table, const Shape *shape, GString *out)
{
    wb_clean_repeat(out, ' ', shape->label);
    for (size_t c = 0; c < table->heads->len; c++) {
        wb_clean_repeat(out, ' ', shape->gap);
        append_centred(out, g_ptr_array_index(table->heads, c), shape->cell);
    }
    g_string_append(out, "  \n");
}

static void append_rule(const WbTextTable *table, const Shape *shape, GString *out)
{
    wb_clean_repeat(out, '-', shape->label);
    for (size_t c = 0; c < table->heads->len; c++) {
        wb_clean_repeat(out, ' ', shape->gap);
        wb_clean_repeat(out, '-', shape->cell);
    }
    g_string_append(out, " \n");
}

static void append_row(const WbTextTable *table, const Shape *shape, size_t r, GString *out)
{
    wb_clean_pad(out, g_ptr_array_index(table->stubs, r), shape->label, 0);
    for (size_t c = 0; c < table->heads->len; c++) {
        const char *text = wb_text_cell(table, r, c)->text;

        wb_clean_repeat(out, ' ', shape->gap);
        if (table->ranges)
            append_centred(out, text, shape->cell);
        else
            wb_clean_pad(out, text, shape->cell, shape->cell);
    }
    while (out->len && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

static bool append_table(const WbReport *report, const WbTextTable *table, GString *out,
                         GError **error)
{
    Shape shape = shape_of(table);
    size_t length = shape.label + table->heads->len * (shape.gap + shape.cell) + 2;

    if (!report->heading_at)
        append_heading(table, &shape, out);
    else if (!append_heading_at(report, table, length, out, error))
        return false;
    append_rule(table, &shape, out);
    for (size_t r = 0; r < table->stubs->len; r++) {
        if (r > 0 && r == table->stubs->len - table->totals)
            append_rule(table, &shape, out);
        append_row(table, &shape, r, out);
    }
    return true;
}

/* A fenced block has no room for notes: why a figure is missing is told beside it. */
static void add_unsaid(const WbTextTable *table, GPtrArray *unsaid)
{
    for (size_t n = 0; n < table->notes->len; n++)
        g_ptr_array_add(unsaid,
                        g_strconcat(table->caption, *table->caption ? ": " : "",
                                    (const char *)g_ptr_array_index(table->notes, n), NULL));
}

bool wb_render_article(const WbReport *report, GString *out, GError **error)
{
    const WbTableStyle style = {
        .ascii = true, .article = true, .aligned = true, .means = report->means};
    g_autoptr(GPtrArray) tables =
        wb_table_list(report->query->summary, report->grid, report->measures, &style);
    size_t shown = 0, n = 0;

    for (size_t i = 0; i < tables->len; i++) {
        const WbTextTable *table = g_ptr_array_index(tables, i);

        add_unsaid(table, report->unsaid);
        n += table->stubs->len > 0;
    }
    for (size_t i = 0; i < tables->len; i++) {
        const WbTextTable *table = g_ptr_array_index(tables, i);

        if (table->stubs->len == 0)
            continue;
        if (n > 1)
            g_string_append_printf(out, "%s%s\n", shown++ ? "\n" : "", table->caption);
        if (!append_table(report, table, out, error))
            return false;
    }
    return true;
}
