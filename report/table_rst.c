/* reStructuredText: a `list-table` each, which needs no arithmetic of columns. */
#include "report/formats.h"

void wb_rst_append(GString *out, const char *text)
{
    for (; *text; text++) {
        if (g_ascii_ispunct(*text))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
}

/* An item of a list; nothing at all where the cell is blank. */
static void append_item(GString *out, const char *bullet, const char *text, bool bold)
{
    g_string_append(out, bullet);
    if (*text) {
        g_string_append(out, bold ? " **" : " ");
        wb_rst_append(out, text);
        g_string_append(out, bold ? "**" : "");
    }
    g_string_append_c(out, '\n');
}

static void append_table(const WbTextTable *table, GString *out)
{
    if (table->stubs->len == 0) {
        wb_rst_append(out, table->caption);
        g_string_append_c(out, '\n');
        return;
    }
    g_string_append(out, ".. list-table::");
    if (*table->caption) {
        g_string_append_c(out, ' ');
        wb_rst_append(out, table->caption);
    }
    g_string_append(out, "\n   :header-rows: 1\n   :stub-columns: 1\n\n");
    append_item(out, "   * -", table->stub_head, false);
    for (size_t c = 0; c < table->heads->len; c++)
        append_item(out, "     -", g_ptr_array_index(table->heads, c), false);
    for (size_t r = 0; r < table->stubs->len; r++) {
        append_item(out, "   * -", g_ptr_array_index(table->stubs, r), false);
        for (size_t c = 0; c < table->heads->len; c++) {
            const WbTextCell *cell = wb_text_cell(table, r, c);

            append_item(out, "     -", cell->text, table->bold_best && cell->best);
        }
    }
}

bool wb_render_rst(const WbReport *report, GString *out, GError **error)
{
    g_autoptr(GPtrArray) tables = wb_report_tables(report);

    (void)error;
    for (size_t i = 0; i < tables->len; i++) {
        const WbTextTable *table = g_ptr_array_index(tables, i);

        g_string_append(out, i ? "\n" : "");
        append_table(table, out);
        for (size_t n = 0; n < table->notes->len; n++)
            append_item(out, n ? "*" : "\n*", g_ptr_array_index(table->notes, n), false);
    }
    return true;
}
