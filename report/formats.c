/* Formats: see formats.h. */
#include "report/formats.h"

#include <string.h>

G_DEFINE_QUARK(wb - format - error - quark, wb_format_error)

static const WbFormat formats[] = {
    {"text", ".txt", false, "for a terminal or a mail (default)", wb_render_text},
    {"article", ".txt", false, "a blog's fenced block, byte for byte", wb_render_article},
    {"md", ".md", false, "GitHub Markdown", wb_render_markdown},
    {"csv", ".csv", true, "one row a case, for spreadsheets", wb_render_csv},
    {"tsv", ".tsv", true, "one row a case, for pipes", wb_render_tsv},
    {"json", ".json", true, "one object a case", wb_render_json},
    {"html", ".html", false, "a fragment for a web page", wb_render_html},
    {"latex", ".tex", false, "a booktabs tabular (xelatex for names beyond Latin)",
     wb_render_latex},
    {"asciidoc", ".adoc", false, "AsciiDoc", wb_render_asciidoc},
    {"rst", ".rst", false, "reStructuredText", wb_render_rst},
};

const WbFormat *wb_formats(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(formats);
    return formats;
}

const WbFormat *wb_format_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (!strcmp(formats[i].name, name))
            return &formats[i];
    return NULL;
}

const WbFormat *wb_format_of_file(const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (g_str_has_suffix(path, formats[i].suffix))
            return &formats[i];
    return NULL;
}

GPtrArray *wb_report_tables(const WbReport *report)
{
    const WbTableStyle style = {.ascii = report->ascii,
                                .intervals = true,
                                .means = report->means,
                                .findings = report->query->findings};
    GPtrArray *tables =
        wb_table_list(report->query->summary, report->grid, report->measures, &style);

    for (guint i = 0; i < tables->len; i++)
        ((WbTextTable *)tables->pdata[i])->bold_best = report->bold_best;
    return tables;
}
