/* AsciiDoc: a table each, its caption as title, notes as a list behind it. */
#include "report/formats.h"

void wb_asciidoc_append(GString *out, const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_isalnum(c) || c == ' ' || g_unichar_ismark(c))
            g_string_append_unichar(out, c);
        else
            g_string_append_printf(out, "&#%u;", (unsigned)c);
    }
}

static void append_cell(const WbTextTable *table, const WbTextCell *cell, GString *out)
{
    bool bold = table->bold_best && cell->best;

    g_string_append(out, bold ? "|*" : "|");
    wb_asciidoc_append(out, cell->text);
    g_string_append(out, bold ? "*\n" : "\n");
}

static void append_table(const WbTextTable *table, GString *out)
{
    if (table->stubs->len == 0) {
        wb_asciidoc_append(out, table->caption);
        g_string_append_c(out, '\n');
        return;
    }
    if (*table->caption) {
        g_string_append_c(out, '.');
        wb_asciidoc_append(out, table->caption);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "[cols=\"<");
    for (size_t c = 0; c < table->heads->len; c++)
        g_string_append(out, table->words_from && c >= table->words_from ? ",<" : ",>");
    g_string_append_printf(out, "\",options=\"header%s\"]\n|===\n|",
                           table->totals ? ",footer" : "");
    wb_asciidoc_append(out, table->stub_head);
    for (size_t c = 0; c < table->heads->len; c++) {
        g_string_append(out, " |");
        wb_asciidoc_append(out, g_ptr_array_index(table->heads, c));
    }
    g_string_append(out, "\n");
    for (size_t r = 0; r < table->stubs->len; r++) {
        g_string_append(out, "\n|");
        wb_asciidoc_append(out, g_ptr_array_index(table->stubs, r));
        g_string_append_c(out, '\n');
        for (size_t c = 0; c < table->heads->len; c++)
            append_cell(table, wb_text_cell(table, r, c), out);
    }
    g_string_append(out, "|===\n");
}

bool wb_render_asciidoc(const WbReport *report, GString *out, GError **error)
{
    g_autoptr(GPtrArray) tables = wb_report_tables(report);

    (void)error;
    for (size_t i = 0; i < tables->len; i++) {
        const WbTextTable *table = g_ptr_array_index(tables, i);

        g_string_append(out, i ? "\n" : "");
        append_table(table, out);
        for (size_t n = 0; n < table->notes->len; n++) {
            g_string_append(out, n ? "* " : "\n* ");
            wb_asciidoc_append(out, g_ptr_array_index(table->notes, n));
            g_string_append_c(out, '\n');
        }
    }
    return true;
}
