/*
 * LaTeX: a `tabular` of the package booktabs, without a preamble. With a caption or a label it
 * stands in a `table`.
 *
 * A straight `"` is left to the font's encoding: T1 has one, OT1 and xelatex's ligatures make it a
 * curly one; \textquotedbl would stop a document in OT1.
 */
#include <string.h>

#include "report/formats.h"

/* pdflatex knows letters with their accents, and stops at an accent of its own. */
static char *compose(const char *text)
{
    char *composed =
        g_str_is_ascii(text) ? NULL : g_utf8_normalize(text, -1, G_NORMALIZE_DEFAULT_COMPOSE);

    return composed ? composed : g_strdup(text);
}

void wb_latex_append(GString *out, const char *text)
{
    static const struct {
        char c;
        const char *command;
    } commands[] = {{'\\', "\\textbackslash{}"},   {'~', "\\textasciitilde{}"},
                    {'^', "\\textasciicircum{}"},  {'<', "\\textless{}"},
                    {'>', "\\textgreater{}"},      {'|', "\\textbar{}"},
                    {'\'', "\\textquotesingle{}"}, {'`', "\\textasciigrave{}"}};
    g_autofree char *composed = compose(text);

    for (const char *p = text = composed; *p; p++) {
        size_t i = 0;

        while (i < G_N_ELEMENTS(commands) && commands[i].c != *p)
            i++;
        if (i < G_N_ELEMENTS(commands)) {
            g_string_append(out, commands[i].command);
            continue;
        }
        /* Two hyphens or commas would become one sign. */
        if (p > text && p[-1] == *p && strchr("-,", *p))
            g_string_append(out, "{}");
        if (strchr("{}$&#%_", *p))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
}

/* A cell that begins with "[" would be taken for an option of the line end before it. */
static void append_text(GString *out, const char *text)
{
    if (*text == '[' || *text == '*')
        g_string_append(out, "{}");
    wb_latex_append(out, text);
}

static void append_row(const WbTextTable *table, size_t r, GString *out)
{
    append_text(out, g_ptr_array_index(table->stubs, r));
    for (size_t c = 0; c < table->heads->len; c++) {
        const WbTextCell *cell = wb_text_cell(table, r, c);
        bool bold = table->bold_best && cell->best;

        g_string_append(out, bold ? " & \\textbf{" : " & ");
        wb_latex_append(out, cell->text);
        g_string_append(out, bold ? "}" : "");
    }
    g_string_append(out, " \\\\\n");
}

static void append_tabular(const WbTextTable *table, GString *out)
{
    if (table->stubs->len == 0)
        return;
    g_string_append(out, "\\begin{tabular}{l");
    for (size_t c = 0; c < table->heads->len; c++)
        g_string_append_c(out, table->words_from && c >= table->words_from ? 'l' : 'r');
    g_string_append(out, "}\n\\toprule\n");
    append_text(out, table->stub_head);
    for (size_t c = 0; c < table->heads->len; c++) {
        g_string_append(out, " & ");
        wb_latex_append(out, g_ptr_array_index(table->heads, c));
    }
    g_string_append(out, " \\\\\n\\midrule\n");
    for (size_t r = 0; r < table->stubs->len; r++) {
        if (r > 0 && r == table->stubs->len - table->totals)
            g_string_append(out, "\\midrule\n");
        append_row(table, r, out);
    }
    g_string_append(out, "\\bottomrule\n\\end{tabular}\n");
}

static void append_notes(const WbTextTable *table, GString *out)
{
    for (size_t n = 0; n < table->notes->len; n++) {
        g_string_append(out, n ? "\\\\\n"
                               : "\\par\\smallskip\\begin{minipage}{\\linewidth}\\footnotesize\n");
        wb_latex_append(out, g_ptr_array_index(table->notes, n));
    }
    if (table->notes->len)
        g_string_append(out, "\n\\end{minipage}\n");
}

void wb_latex_append_table(GString *out, const WbTextTable *table)
{
    if (*table->caption)
        g_string_append_printf(out, "%% %s\n", table->caption);
    append_tabular(table, out);
    append_notes(table, out);
}

/* One table of several has a number behind its label: labels must differ. */
static void append_caption(const WbReport *report, const WbTextTable *table, size_t i, size_t n,
                           GString *out)
{
    g_string_append(out, "\\caption{");
    wb_latex_append(out, report->caption ? report->caption : table->caption);
    if (report->caption && n > 1 && *table->caption) {
        g_string_append(out, ": ");
        wb_latex_append(out, table->caption);
    }
    g_string_append(out, "}\n");
    if (report->label && n > 1)
        g_string_append_printf(out, "\\label{%s-%" G_GSIZE_FORMAT "}\n", report->label, i + 1);
    else if (report->label)
        g_string_append_printf(out, "\\label{%s}\n", report->label);
}

bool wb_render_latex(const WbReport *report, GString *out, GError **error)
{
    g_autoptr(GPtrArray) tables = wb_report_tables(report);
    bool floats = report->caption || report->label;

    /* A label is no text that could be escaped: a name for \ref. */
    for (const char *p = report->label; p && *p; p++)
        if (!g_ascii_isalnum(*p) && !strchr(":-.", *p)) {
            g_set_error(error, WB_FORMAT_ERROR, WB_FORMAT_ERROR_LABEL,
                        "--label takes letters, digits, ':', '-' and '.', not '%s'", report->label);
            return false;
        }
    for (size_t i = 0; i < tables->len; i++) {
        const WbTextTable *table = g_ptr_array_index(tables, i);

        g_string_append(out, i ? "\n" : "");
        if (floats) {
            g_string_append(out, "\\begin{table}\n\\centering\n");
            append_caption(report, table, i, tables->len, out);
            append_tabular(table, out);
            append_notes(table, out);
            g_string_append(out, "\\end{table}\n");
        } else {
            wb_latex_append_table(out, table);
        }
    }
    return true;
}
