/*
 * A comparison as a fragment of a page: one section without style, script or attribute that runs
 * anything; a class a word, so that the page around it may colour them.
 */
#include <string.h>

#include "report/compare_formats.h"

static void append_text(GString *out, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append(out, escaped);
}

static void append_list(GString *out, const GPtrArray *lines, guint from)
{
    if (lines->len <= from)
        return;
    g_string_append(out, "<ul>\n");
    for (guint i = from; i < lines->len; i++) {
        g_string_append(out, "<li>");
        append_text(out, g_ptr_array_index(lines, i));
        g_string_append(out, "</li>\n");
    }
    g_string_append(out, "</ul>\n");
}

static void append_table(GString *out, const WbTextTable *table)
{
    g_string_append(out, "<table>\n<thead>\n<tr><th scope=\"col\">case</th>");
    for (guint c = 0; c < table->heads->len; c++) {
        g_string_append(out, "<th scope=\"col\">");
        append_text(out, g_ptr_array_index(table->heads, c));
        g_string_append(out, "</th>");
    }
    g_string_append(out, "</tr>\n</thead>\n<tbody>\n");
    for (guint r = 0; r < table->stubs->len; r++) {
        g_string_append(out, "<tr><th scope=\"row\">");
        append_text(out, g_ptr_array_index(table->stubs, r));
        g_string_append(out, "</th>");
        for (guint c = 0; c < table->heads->len; c++) {
            const WbTextCell *cell = wb_text_cell(table, r, c);

            g_string_append_printf(out, "<td%s>",
                                   cell->kind == WB_CELL_ERRORS ? " class=\"worse\""
                                   : cell->best                 ? " class=\"better\""
                                                                : "");
            append_text(out, cell->text);
            g_string_append(out, "</td>");
        }
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</tbody>\n</table>\n");
}

void wb_compare_render_html(const WbCompareReport *report, GString *out)
{
    g_autoptr(GPtrArray) head = wb_compare_head(report);
    WbTextTable *table = wb_compare_table(report);

    g_string_append(out, "<section class=\"wrkbook-compare\">\n<p>");
    append_text(out, g_ptr_array_index(head, 0));
    g_string_append(out, "</p>\n");
    append_list(out, head, 1);
    if (table->stubs->len)
        append_table(out, table);
    append_list(out, table->notes, 0);
    g_string_append(out, "</section>\n");
    wb_text_table_free(table);
}
