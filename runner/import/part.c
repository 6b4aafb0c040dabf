#include "runner/import/part.h"

#define TEXT_BLOCK 2048

static void clear_item(void *data)
{
    WbItem *item = data;

    wb_labels_free(item->labels);
}

WbPart *wb_part_new(void)
{
    WbPart *part = g_new0(WbPart, 1);

    part->items = g_array_new(FALSE, FALSE, sizeof(WbItem));
    g_array_set_clear_func(part->items, clear_item);
    part->text = g_string_chunk_new(TEXT_BLOCK);
    part->blocks = g_ptr_array_new_with_free_func(g_free);
    return part;
}

void wb_part_free(WbPart *part)
{
    if (!part)
        return;
    g_array_unref(part->items);
    g_string_chunk_free(part->text);
    g_ptr_array_unref(part->blocks);
    wb_packed_text_clear(&part->log);
    g_free(part->sha256);
    g_free(part->why);
    g_free(part);
}

static WbItem *add(WbPart *part, WbItemKind kind, WbLabels *labels)
{
    WbItem *item;

    g_array_set_size(part->items, part->items->len + 1);
    item = &g_array_index(part->items, WbItem, part->items->len - 1);
    item->kind = kind;
    item->labels = labels;
    return item;
}

static const char *keep(WbPart *part, const char *text)
{
    return text ? g_string_chunk_insert(part->text, text) : NULL;
}

static void *copy_array(WbPart *part, const void *items, size_t size)
{
    void *copy = size ? g_memdup2(items, size) : NULL;

    g_ptr_array_add(part->blocks, copy);
    return copy;
}

/* Slices and histograms: an imported text holds no more. */
static const WbRunDetails *copy_details(WbPart *part, const WbRunDetails *details)
{
    WbRunDetails *copy = copy_array(part, details, sizeof *details);
    WbHistRecord *hists = copy_array(part, details->hists, details->hists_n * sizeof *hists);

    for (size_t i = 0; i < details->hists_n; i++) {
        hists[i].kind = keep(part, hists[i].kind);
        hists[i].hist = copy_array(part, hists[i].hist, sizeof *hists[i].hist);
    }
    copy->hists = hists;
    copy->slices = copy_array(part, details->slices, details->slices_n * sizeof *details->slices);
    return copy;
}

void wb_part_add_run(WbPart *part, const WbRun *run, WbLabels *labels)
{
    WbRun *copy = &add(part, WB_ITEM_RUN, labels)->run;
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    *copy = *run;
    for (size_t i = 0; i < n; i++)
        if (fields[i].type == WB_FIELD_TEXT) {
            char *base = (char *)copy;
            const char **member = (const char **)(void *)(base + fields[i].offset);

            *member = keep(part, *member);
        }
    if (run->details)
        copy->details = copy_details(part, run->details);
}

void wb_part_add_published(WbPart *part, const WbPublished *published, WbLabels *labels)
{
    WbPublished *copy = &add(part, WB_ITEM_PUBLISHED, labels)->published;

    *copy = *published;
    copy->split = keep(part, published->split);
    copy->because = keep(part, published->because);
}

void wb_part_add_unread(WbPart *part, const WbUnreadLine *line)
{
    WbUnreadLine *copy = &add(part, WB_ITEM_UNREAD, NULL)->unread;

    copy->line = line->line;
    copy->text = keep(part, line->text);
    copy->reason = keep(part, line->reason);
}
