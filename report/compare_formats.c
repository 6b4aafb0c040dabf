/* Compare formats: see compare_formats.h; the two that need no file of their own are here. */
#include "report/compare_formats.h"

#include "analyze/compare_document.h"
#include "report/text.h"

static void render_json(const WbCompareReport *report, GString *out)
{
    if (report->history)
        wb_history_json(report->history, report->gate, out);
    else
        wb_compare_json(report->comparison, report->gate, out);
}

static void render_cells(const WbCompareReport *report, GString *out)
{
    wb_compare_cells(report->comparison, out);
}

static const WbCompareFormat formats[] = {
    {{"text", ".txt", "for a terminal or a mail (default)"}, wb_compare_render_text},
    {{"md", ".md", "GitHub Markdown, for a pull request"}, wb_compare_render_markdown},
    {{"csv", ".csv", "one row a case and metric, for spreadsheets"}, wb_compare_render_csv},
    {{"tsv", ".tsv", "the same for pipes"}, wb_compare_render_tsv},
    {{"json", ".json", "the document wrkbook/compare, as analyze compare"}, render_json},
    {{"html", ".html", "a fragment of a page"}, wb_compare_render_html},
    {{"junit", ".xml", "JUnit XML: a test case for each case and metric"}, wb_compare_render_junit},
    {{"github", NULL, "GitHub annotations, for a workflow's log"}, wb_compare_render_annotations},
    {{"action-bigger", NULL, "github-action-benchmark: the new rates (customBiggerIsBetter)"},
     wb_compare_render_action_bigger},
    {{"action-smaller", NULL, "the same: errors and latencies (customSmallerIsBetter)"},
     wb_compare_render_action_smaller},
    {{"benchstat", NULL, "Go benchmark text of both sides: benchstat -col side FILE"},
     wb_compare_render_benchstat},
    {{"cells", NULL, "the cells worth another run, for suite --cells"}, render_cells},
};

WbChoices wb_compare_formats(void)
{
    return WB_CHOICES(formats);
}

void wb_compare_render_text(const WbCompareReport *report, GString *out)
{
    g_autoptr(GPtrArray) head = wb_compare_head(report);
    WbTextTable *table = wb_compare_table(report);

    for (guint i = 0; i < head->len; i++)
        wb_text_append_wrapped(out, "", g_ptr_array_index(head, i), 2, report->columns);
    if (table->stubs->len) {
        g_string_append_c(out, '\n');
        wb_text_append_table(table, report->color, report->columns, out);
    }
    for (guint i = 0; i < table->notes->len; i++)
        wb_text_append_wrapped(out, i ? "* " : "\n* ", g_ptr_array_index(table->notes, i), 2,
                               report->columns);
    wb_text_table_free(table);
}
