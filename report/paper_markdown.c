/* Paper in Markdown: see paper_markdown.h. */
#include "report/paper_markdown.h"

#include <string.h>

#include "report/formats.h"
#include "report/markdown.h"

static void append_heading(const WbBlock *block, GString *out)
{
    g_string_append(out, block->level == 1 ? "## " : "### ");
    wb_markdown_append(out, block->text);
    g_string_append_c(out, '\n');
}

static void append_list(const GPtrArray *items, GString *out)
{
    for (guint i = 0; i < items->len; i++) {
        g_string_append(out, "- ");
        wb_markdown_append(out, g_ptr_array_index(items, i));
        g_string_append_c(out, '\n');
    }
}

static void append_facts(const GPtrArray *items, GString *out)
{
    for (guint i = 0; i + 1 < items->len; i += 2) {
        g_string_append(out, "- **");
        wb_markdown_append(out, g_ptr_array_index(items, i));
        g_string_append(out, "**: ");
        wb_markdown_append(out, g_ptr_array_index(items, i + 1));
        g_string_append_c(out, '\n');
    }
}

/* A fence is longer than any run of backquotes within it. */
static void append_code(const char *text, GString *out)
{
    size_t longest = 2, run = 0;

    for (const char *at = text; *at; at++) {
        run = *at == '`' ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    for (size_t i = 0; i <= longest; i++)
        g_string_append_c(out, '`');
    g_string_append_printf(out, "\n%s\n", text);
    for (size_t i = 0; i <= longest; i++)
        g_string_append_c(out, '`');
    g_string_append_c(out, '\n');
}

static void append_table(const WbTextTable *table, GString *out)
{
    if (*table->caption) {
        g_string_append(out, "**");
        wb_markdown_append(out, table->caption);
        g_string_append(out, "**\n\n");
    }
    wb_markdown_append_table(table, out);
    if (table->notes->len)
        g_string_append_c(out, '\n');
    append_list(table->notes, out);
}

static void append_chart(const WbBlock *block, const char *charts, GString *out)
{
    if (!block->drawing) {
        wb_markdown_append(out, block->text);
        g_string_append_c(out, '\n');
        return;
    }
    if (!charts)
        return;
    g_string_append(out, "![");
    wb_markdown_append(out, block->drawing->desc);
    g_string_append_printf(out, "](%s/%s.svg)\n", charts, block->name);
}

static void append_block(const WbBlock *block, const char *charts, GString *out)
{
    switch (block->kind) {
    case WB_BLOCK_HEADING:
        append_heading(block, out);
        return;
    case WB_BLOCK_TEXT:
        wb_markdown_append(out, block->text);
        g_string_append_c(out, '\n');
        return;
    case WB_BLOCK_FACTS:
        append_facts(block->items, out);
        return;
    case WB_BLOCK_LIST:
        append_list(block->items, out);
        return;
    case WB_BLOCK_CODE:
        append_code(block->text, out);
        return;
    case WB_BLOCK_TABLE:
        append_table(block->table, out);
        return;
    case WB_BLOCK_CHART:
        append_chart(block, charts, out);
        return;
    }
}

void wb_paper_markdown_append(const WbPaper *paper, const char *charts, GString *out)
{
    g_string_append(out, "# ");
    wb_markdown_append(out, paper->title);
    g_string_append(out, "\n\n");
    wb_markdown_append(out, paper->result);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < paper->blocks->len; i++) {
        g_string_append_c(out, '\n');
        append_block(wb_paper_block(paper, i), charts, out);
    }
}
