/* Story, what changed since an older database. */
#include "report/compare_view.h"
#include "report/story_charts.h"

void wb_story_tell_comparison(WbTelling *t)
{
    const WbStory *story = t->story;
    WbCompareReport report = {.comparison = &story->comparison};
    GPtrArray *head;
    WbTextTable *table;

    if (!story->old)
        return;
    wb_compare_report_prepare(&report);
    wb_paper_add_heading(t->paper, 1, "What changed");
    head = wb_compare_head(&report);
    wb_paper_add_text(t->paper, g_ptr_array_index(head, 0));
    g_ptr_array_remove_index(head, 0);
    wb_paper_add_list(t->paper, head);
    table = wb_compare_table(&report);
    if (table->stubs->len)
        wb_paper_add_table(t->paper, "compare", table);
    else
        wb_text_table_free(table);
    wb_compare_report_clear(&report);
    wb_story_charts_ask(t, NULL, "compare", 1);
}
