/*
 * Text for a terminal or a mail: as the article's table, but each column only as wide as it needs,
 * no blanks at line ends, a caption above and the notes below. Colour marks the best figure of a
 * column and errors; both are also words. On a terminal a table that is too wide is cut into
 * blocks of columns, each with the row labels.
 */
#include "report/text.h"

#include <string.h>

#include "report/clean.h"
#include "report/formats.h"

#define LEAST_LABEL 9
#define LEAST_CELL  5
#define GAP         2
#define BOLD        "\033[1m"
#define RED         "\033[31m"
#define PLAIN       "\033[0m"

static size_t label_width(const WbTextTable *table)
{
    size_t width = LEAST_LABEL;

    for (size_t r = 0; r < table->stubs->len; r++)
        width = MAX(width, wb_clean_width(g_ptr_array_index(table->stubs, r)));
    return width;
}

static size_t cell_width(const WbTextTable *table, size_t c)
{
    size_t width = MAX(LEAST_CELL, wb_clean_width(g_ptr_array_index(table->heads, c)));

    for (size_t r = 0; r < table->stubs->len; r++)
        width = MAX(width, wb_clean_width(wb_text_cell(table, r, c)->text));
    return width;
}

static void end_line(GString *out)
{
    while (out->len && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

static bool has_range(const WbTextTable *table, size_t c)
{
    for (size_t r = 0; r < table->stubs->len; r++)
        if (wb_text_cell(table, r, c)->kind == WB_CELL_RANGE)
            return true;
    return false;
}

/* Blanks that go before a text in a column: none before words, half in columns of ranges. */
static size_t blanks_before(const WbTextTable *table, size_t c, size_t blanks)
{
    if (table->words_from && c >= table->words_from)
        return 0;
    return table->ranges && has_range(table, c) ? blanks / 2 : blanks;
}

/* One cell, padded; colour goes around the text, never around the blanks. */
static void append_cell(const WbTextTable *table, size_t r, size_t c, bool color, size_t width,
                        GString *out)
{
    const WbTextCell *cell = wb_text_cell(table, r, c);
    const char *on = cell->best ? BOLD : cell->kind == WB_CELL_ERRORS ? RED : NULL;
    size_t own = wb_clean_width(cell->text);
    size_t blanks = width > own ? width - own : 0;
    size_t left = blanks_before(table, c, blanks);

    wb_clean_repeat(out, ' ', GAP + left);
    if (color && on && *cell->text)
        g_string_append_printf(out, "%s%s%s", on, cell->text, PLAIN);
    else
        g_string_append(out, cell->text);
    wb_clean_repeat(out, ' ', blanks - left);
}

static void append_rule(const WbTextTable *table, const size_t *widths, size_t first, size_t end,
                        GString *out)
{
    wb_clean_repeat(out, '-', label_width(table));
    for (size_t c = first; c < end; c++) {
        wb_clean_repeat(out, ' ', GAP);
        wb_clean_repeat(out, '-', widths[c]);
    }
    g_string_append_c(out, '\n');
}

/* The columns [first, end) of a table, with the row labels. */
static void append_block(const WbTextTable *table, const size_t *widths, size_t first, size_t end,
                         bool color, GString *out)
{
    size_t label = label_width(table);

    wb_clean_repeat(out, ' ', label);
    for (size_t c = first; c < end; c++) {
        const char *head = g_ptr_array_index(table->heads, c);

        wb_clean_repeat(out, ' ', GAP);
        wb_clean_pad(out, head, widths[c],
                     table->words_from && c >= table->words_from
                         ? 0
                         : (widths[c] - wb_clean_width(head)) / 2);
    }
    end_line(out);
    append_rule(table, widths, first, end, out);
    for (size_t r = 0; r < table->stubs->len; r++) {
        if (r > 0 && r == table->stubs->len - table->totals)
            append_rule(table, widths, first, end, out);
        wb_clean_pad(out, g_ptr_array_index(table->stubs, r), label, 0);
        for (size_t c = first; c < end; c++)
            append_cell(table, r, c, color, widths[c], out);
        end_line(out);
    }
}

/* As many columns from `first` on as fit; at least one. */
static size_t block_end(const WbTextTable *table, const size_t *widths, size_t first,
                        size_t columns)
{
    size_t width = label_width(table);
    size_t c = first;

    if (columns == 0)
        return table->heads->len;
    for (; c < table->heads->len; c++) {
        width += GAP + widths[c];
        if (width > columns && c > first)
            break;
    }
    return c;
}

void wb_text_append_table(const WbTextTable *table, bool color, size_t columns, GString *out)
{
    g_autofree size_t *widths = g_new(size_t, table->heads->len);

    for (size_t c = 0; c < table->heads->len; c++)
        widths[c] = cell_width(table, c);
    for (size_t first = 0; first < table->heads->len;) {
        size_t end = block_end(table, widths, first, columns);

        if (first)
            g_string_append_c(out, '\n');
        append_block(table, widths, first, end, color, out);
        first = end;
    }
}

bool wb_render_text(const WbReport *report, GString *out, GError **error)
{
    const WbTableStyle style = {.ascii = report->ascii,
                                .intervals = true,
                                .aligned = true,
                                .means = report->means,
                                .findings = report->query->findings};
    g_autoptr(GPtrArray) tables =
        wb_table_list(report->query->summary, report->grid, report->measures, &style);

    (void)error;
    for (size_t i = 0; i < tables->len; i++) {
        const WbTextTable *table = g_ptr_array_index(tables, i);

        if (i)
            g_string_append_c(out, '\n');
        if (*table->caption)
            g_string_append_printf(out, "%s\n\n", table->caption);
        if (table->stubs->len)
            wb_text_append_table(table, report->color, report->columns, out);
        for (size_t n = 0; n < table->notes->len; n++)
            g_string_append_printf(out, "%s* %s\n", n || table->stubs->len == 0 ? "" : "\n",
                                   (const char *)g_ptr_array_index(table->notes, n));
    }
    return true;
}

void wb_text_append_wrapped(GString *out, const char *lead, const char *text, size_t indent,
                            size_t width)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    size_t at = wb_clean_width(lead);

    g_string_append(out, lead);
    for (size_t i = 0; words[i]; i++) {
        size_t n = wb_clean_width(words[i]);

        if (i > 0 && width > 0 && at + 1 + n > width) {
            g_string_append_c(out, '\n');
            wb_clean_repeat(out, ' ', indent);
            at = indent;
        } else if (i > 0) {
            g_string_append_c(out, ' ');
            at++;
        }
        g_string_append(out, words[i]);
        at += n;
    }
    g_string_append_c(out, '\n');
}
