/* Formats: see formats.h. */
#include "report/formats.h"

G_DEFINE_QUARK(wb - format - error - quark, wb_format_error)

static const WbFormat formats[] = {
    {{"text", ".txt", "for a terminal or a mail (default)"}, false, wb_render_text},
    {{"article", ".txt", "a blog's fenced block, byte for byte"}, false, wb_render_article},
    {{"md", ".md", "GitHub Markdown"}, false, wb_render_markdown},
    {{"csv", ".csv", "one row a case, for spreadsheets"}, true, wb_render_csv},
    {{"tsv", ".tsv", "one row a case, for pipes"}, true, wb_render_tsv},
    {{"json", ".json", "one object a case"}, true, wb_render_json},
    {{"html", ".html", "a fragment for a web page"}, false, wb_render_html},
    {{"latex", ".tex", "a booktabs tabular (xelatex for names beyond Latin)"},
     false,
     wb_render_latex},
    {{"asciidoc", ".adoc", "AsciiDoc"}, false, wb_render_asciidoc},
    {{"rst", ".rst", "reStructuredText"}, false, wb_render_rst},
};

WbChoices wb_formats(void)
{
    return WB_CHOICES(formats);
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
