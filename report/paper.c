/* Paper: see paper.h. */
#include "report/paper.h"

#include "report/clean.h"

static void free_block(gpointer data)
{
    WbBlock *block = data;

    g_free(block->anchor);
    g_free(block->name);
    g_free(block->text);
    if (block->items)
        g_ptr_array_unref(block->items);
    wb_text_table_free(block->table);
    wb_drawing_free(block->drawing);
    if (block->png)
        g_bytes_unref(block->png);
    g_free(block);
}

WbPaper *wb_paper_new(const char *title, const char *result)
{
    WbPaper *paper = g_new0(WbPaper, 1);

    paper->title = wb_clean(title);
    paper->result = wb_clean_whole(result);
    paper->creator = g_strdup("wrkbook " WB_VERSION);
    paper->blocks = g_ptr_array_new_with_free_func(free_block);
    paper->anchors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return paper;
}

void wb_paper_free(WbPaper *paper)
{
    if (!paper)
        return;
    g_free(paper->title);
    g_free(paper->result);
    g_free(paper->creator);
    g_ptr_array_unref(paper->blocks);
    g_hash_table_unref(paper->anchors);
    g_free(paper);
}

const WbBlock *wb_paper_block(const WbPaper *paper, size_t i)
{
    return g_ptr_array_index(paper->blocks, i);
}

static WbBlock *add(WbPaper *paper, WbBlockKind kind)
{
    WbBlock *block = g_new0(WbBlock, 1);

    block->kind = kind;
    g_ptr_array_add(paper->blocks, block);
    return block;
}

#define ANCHOR_LENGTH 48

/* "Best of 5-6 runs: hello" -> "best-of-5-6-runs-hello"; a second one gets "-2". What has no ASCII
 * letter or digit is called `otherwise`. */
static char *make_anchor(WbPaper *paper, const char *text, const char *otherwise)
{
    g_autoptr(GString) anchor = g_string_new(NULL);
    g_autofree char *whole = NULL;

    for (; *text && anchor->len < ANCHOR_LENGTH; text++) {
        if (g_ascii_isalnum(*text))
            g_string_append_c(anchor, g_ascii_tolower(*text));
        else if (anchor->len && anchor->str[anchor->len - 1] != '-')
            g_string_append_c(anchor, '-');
    }
    while (anchor->len && anchor->str[anchor->len - 1] == '-')
        g_string_truncate(anchor, anchor->len - 1);
    if (anchor->len == 0)
        g_string_assign(anchor, otherwise);
    whole = g_strdup(anchor->str);
    for (int n = 2; g_hash_table_contains(paper->anchors, whole); n++) {
        g_free(whole);
        whole = g_strdup_printf("%s-%d", anchor->str, n);
    }
    g_hash_table_add(paper->anchors, g_strdup(whole));
    return g_steal_pointer(&whole);
}

void wb_paper_add_heading(WbPaper *paper, int level, const char *text)
{
    WbBlock *block = add(paper, WB_BLOCK_HEADING);

    block->level = level;
    block->text = wb_clean(text);
    block->anchor = make_anchor(paper, block->text, "section");
}

void wb_paper_add_text(WbPaper *paper, const char *text)
{
    if (text && *text)
        add(paper, WB_BLOCK_TEXT)->text = wb_clean_whole(text);
}

static void add_items(WbPaper *paper, WbBlockKind kind, GPtrArray *items)
{
    GPtrArray *cleaned;

    if (items->len) {
        cleaned = g_ptr_array_new_with_free_func(g_free);
        for (guint i = 0; i < items->len; i++)
            g_ptr_array_add(cleaned, wb_clean_whole(g_ptr_array_index(items, i)));
        add(paper, kind)->items = cleaned;
    }
    g_ptr_array_unref(items);
}

void wb_paper_add_facts(WbPaper *paper, GPtrArray *items)
{
    add_items(paper, WB_BLOCK_FACTS, items);
}

void wb_paper_add_list(WbPaper *paper, GPtrArray *items)
{
    add_items(paper, WB_BLOCK_LIST, items);
}

void wb_paper_add_code(WbPaper *paper, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (size_t i = 0; lines[i]; i++) {
        char *line = wb_clean_whole(lines[i]);

        g_free(lines[i]);
        lines[i] = line;
    }
    add(paper, WB_BLOCK_CODE)->text = g_strjoinv("\n", lines);
}

void wb_paper_add_table(WbPaper *paper, const char *name, WbTextTable *table)
{
    WbBlock *block = add(paper, WB_BLOCK_TABLE);

    block->name = make_anchor(paper, name, "table");
    block->table = table;
}

WbBlock *wb_paper_add_chart(WbPaper *paper, const char *name, WbDrawing *drawing,
                            const char *instead)
{
    WbBlock *block = add(paper, WB_BLOCK_CHART);

    block->name = make_anchor(paper, name, "chart");
    block->drawing = drawing;
    block->text = drawing ? NULL : wb_clean_whole(instead);
    return block;
}

void wb_paper_remove(WbPaper *paper, WbBlock *block)
{
    g_ptr_array_remove(paper->blocks, block);
}
