/* GitHub Markdown: one pipe table each, caption before it, notes as a list behind it. */
#include "report/markdown.h"

#include <string.h>

#include "report/clean.h"
#include "report/formats.h"

/* The text goes on with "://", or ends in "www" here: GFM would make a link of it. */
static bool starts_link(const GString *out, const char *at)
{
    if (*at == ':')
        return g_str_has_prefix(at, "://");
    return *at == '.' && out->len >= 3 && !g_ascii_strncasecmp(out->str + out->len - 3, "www", 3);
}

void wb_markdown_append(GString *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            g_string_append(out, "&lt;");
            continue;
        case '>':
            g_string_append(out, "&gt;");
            continue;
        case '&':
            g_string_append(out, "&amp;");
            continue;
        default:
            break;
        }
        if (strchr("\\`*_[]|~#!@", *text) || starts_link(out, text))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
}

static char *escaped(const char *text)
{
    GString *out = g_string_new(NULL);

    wb_markdown_append(out, text);
    return g_string_free(out, FALSE);
}

/* The table as a matrix of escaped texts: row 0 is the heading, column 0 the labels. */
static GPtrArray *matrix_of(const WbTextTable *table)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(texts, escaped(table->stub_head));
    for (size_t c = 0; c < table->heads->len; c++)
        g_ptr_array_add(texts, escaped(g_ptr_array_index(table->heads, c)));
    for (size_t r = 0; r < table->stubs->len; r++) {
        g_ptr_array_add(texts, escaped(g_ptr_array_index(table->stubs, r)));
        for (size_t c = 0; c < table->heads->len; c++) {
            const WbTextCell *cell = wb_text_cell(table, r, c);
            g_autofree char *text = escaped(cell->text);

            g_ptr_array_add(texts, table->bold_best && cell->best ? g_strdup_printf("**%s**", text)
                                                                  : g_steal_pointer(&text));
        }
    }
    return texts;
}

/* Column 0 holds the names; of the others figures are right-aligned, words are not. */
static bool is_right(const WbTextTable *table, size_t c)
{
    return c > 0 && (!table->words_from || c - 1 < table->words_from);
}

static void append_row(const WbTextTable *table, const GPtrArray *texts, size_t row,
                       const size_t *widths, GString *out)
{
    size_t cols = table->heads->len + 1;

    for (size_t c = 0; c < cols; c++) {
        g_string_append(out, "| ");
        wb_clean_pad(out, g_ptr_array_index(texts, row * cols + c), widths[c],
                     is_right(table, c) ? G_MAXSIZE : 0);
        g_string_append_c(out, ' ');
    }
    g_string_append(out, "|\n");
}

void wb_markdown_append_table(const WbTextTable *table, GString *out)
{
    g_autoptr(GPtrArray) texts = matrix_of(table);
    size_t cols = table->heads->len + 1;
    g_autofree size_t *widths = g_new0(size_t, cols);

    for (size_t i = 0; i < texts->len; i++)
        widths[i % cols] =
            MAX(MAX(widths[i % cols], 4), wb_clean_width(g_ptr_array_index(texts, i)));
    append_row(table, texts, 0, widths, out);
    for (size_t c = 0; c < cols; c++) {
        g_string_append(out, "| ");
        wb_clean_repeat(out, '-', widths[c] - is_right(table, c));
        g_string_append(out, is_right(table, c) ? ": " : " ");
    }
    g_string_append(out, "|\n");
    for (size_t r = 0; r < table->stubs->len; r++)
        append_row(table, texts, r + 1, widths, out);
}

bool wb_render_markdown(const WbReport *report, GString *out, GError **error)
{
    g_autoptr(GPtrArray) tables = wb_report_tables(report);

    (void)error;
    for (size_t i = 0; i < tables->len; i++) {
        const WbTextTable *table = g_ptr_array_index(tables, i);

        if (i)
            g_string_append_c(out, '\n');
        if (*table->caption) {
            wb_markdown_append(out, table->caption);
            g_string_append(out, "\n\n");
        }
        if (table->stubs->len)
            wb_markdown_append_table(table, out);
        for (size_t n = 0; n < table->notes->len; n++) {
            g_string_append(out, n || table->stubs->len == 0 ? "- " : "\n- ");
            wb_markdown_append(out, g_ptr_array_index(table->notes, n));
            g_string_append_c(out, '\n');
        }
    }
    return true;
}
