/* A comparison as GitHub Markdown: what a bot may write under a pull request. */
#include "report/compare_formats.h"
#include "report/formats.h"
#include "report/markdown.h"

void wb_compare_render_markdown(const WbCompareReport *report, GString *out)
{
    g_autoptr(GPtrArray) head = wb_compare_head(report);
    WbTextTable *table = wb_compare_table(report);

    for (guint i = 0; i < head->len; i++) {
        g_string_append(out, i == 0 ? "**" : i == 1 ? "\n- " : "- ");
        wb_markdown_append(out, g_ptr_array_index(head, i));
        g_string_append(out, i == 0 ? "**\n" : "\n");
    }
    if (table->stubs->len) {
        g_string_append_c(out, '\n');
        wb_markdown_append_table(table, out);
    }
    for (guint i = 0; i < table->notes->len; i++) {
        g_string_append(out, i ? "- " : "\n- ");
        wb_markdown_append(out, g_ptr_array_index(table->notes, i));
        g_string_append_c(out, '\n');
    }
    wb_text_table_free(table);
}
