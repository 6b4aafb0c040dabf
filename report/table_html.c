/* HTML: a fragment of tables, to be put into a page of somebody's own; no style, no script. */
#include "report/formats.h"

void wb_html_append(GString *out, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append(out, escaped);
}

static void append_element(GString *out, const char *element, const char *attributes,
                           const char *text)
{
    g_string_append_printf(out, "<%s%s>", element, attributes);
    wb_html_append(out, text);
    g_string_append_printf(out, "</%s>", element);
}

static const char *class_of(const WbTextCell *cell)
{
    switch (cell->kind) {
    case WB_CELL_ERRORS:
        return " class=\"errors\"";
    case WB_CELL_NA:
        return " class=\"na\"";
    default:
        return "";
    }
}

static void append_cell(const WbTextTable *table, size_t r, size_t c, GString *out)
{
    const WbTextCell *cell = wb_text_cell(table, r, c);
    bool bold = table->bold_best && cell->best;

    g_string_append_printf(out, "<td%s>%s", class_of(cell), bold ? "<strong>" : "");
    wb_html_append(out, cell->text);
    g_string_append_printf(out, "%s</td>", bold ? "</strong>" : "");
}

static void append_table(const WbTextTable *table, GString *out)
{
    g_string_append(out, "<table>\n");
    if (*table->caption) {
        append_element(out, "caption", "", table->caption);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "<thead>\n<tr>");
    append_element(out, "th", " scope=\"col\"", table->stub_head);
    for (size_t c = 0; c < table->heads->len; c++)
        append_element(out, "th", " scope=\"col\"", g_ptr_array_index(table->heads, c));
    g_string_append(out, "</tr>\n</thead>\n<tbody>\n");
    for (size_t r = 0; r < table->stubs->len; r++) {
        if (table->totals && r == table->stubs->len - table->totals)
            g_string_append(out, "</tbody>\n<tfoot>\n");
        g_string_append(out, "<tr>");
        append_element(out, "th", " scope=\"row\"", g_ptr_array_index(table->stubs, r));
        for (size_t c = 0; c < table->heads->len; c++)
            append_cell(table, r, c, out);
        g_string_append(out, "</tr>\n");
    }
    g_string_append_printf(out, "</%s>\n</table>\n", table->totals ? "tfoot" : "tbody");
}

bool wb_render_html(const WbReport *report, GString *out, GError **error)
{
    g_autoptr(GPtrArray) tables = wb_report_tables(report);

    (void)error;
    for (size_t i = 0; i < tables->len; i++) {
        const WbTextTable *table = g_ptr_array_index(tables, i);

        if (table->stubs->len) {
            append_table(table, out);
        } else if (*table->caption) {
            append_element(out, "p", "", table->caption);
            g_string_append_c(out, '\n');
        }
        if (table->notes->len == 0)
            continue;
        g_string_append(out, "<ul>\n");
        for (size_t n = 0; n < table->notes->len; n++) {
            append_element(out, "li", "", g_ptr_array_index(table->notes, n));
            g_string_append_c(out, '\n');
        }
        g_string_append(out, "</ul>\n");
    }
    return true;
}
