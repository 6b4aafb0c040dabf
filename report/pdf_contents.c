/* Contents: see pdf_contents.h. */
#include "report/pdf_contents.h"

#include <string.h>

#include "report/pdf_lines.h"

#define LONG_ROWS    140 /* rows of tables, lines and items: more than three pages */
#define CHART_ROWS   18  /* what a chart counts as */
#define ENTRIES_MOST 24  /* beyond, only sections are listed */
#define INDENT       12  /* of a part of a section */
#define WIDTH        260 /* so that the eye finds from the heading to its page */
#define BEFORE       4
#define AFTER        8

static const WbPdfType section_type = {WB_PDF_REGULAR, 8.5, WB_PDF_INK};
static const WbPdfType part_type = {WB_PDF_REGULAR, 8.5, WB_PDF_SECOND};

typedef struct {
    const WbBlock *heading; /* borrowed */
    size_t page;            /* where its line is kept */
    double y;
    size_t to_page; /* where it leads */
    double to_y;
} Entry;

static size_t rows_of(const WbBlock *block)
{
    size_t rows = 1;

    switch (block->kind) {
    case WB_BLOCK_TABLE:
        return block->table->stubs->len;
    case WB_BLOCK_CHART:
        return CHART_ROWS;
    case WB_BLOCK_FACTS:
    case WB_BLOCK_LIST:
        return block->items->len;
    case WB_BLOCK_CODE:
        for (const char *c = block->text; *c; c++)
            rows += *c == '\n';
        return rows;
    default:
        return rows;
    }
}

/* The level down to which headings are listed; 0: the paper is short. */
static int deepest_of(const WbPaper *paper)
{
    size_t rows = 0, headings = 0;

    for (guint i = 0; i < paper->blocks->len; i++) {
        const WbBlock *block = wb_paper_block(paper, i);

        rows += rows_of(block);
        headings += block->kind == WB_BLOCK_HEADING;
    }
    if (rows < LONG_ROWS)
        return 0;
    return headings > ENTRIES_MOST ? 1 : 2;
}

void wb_pdf_contents_reserve(WbPdfContents *contents, WbPdfSheet *sheet, const WbPaper *paper)
{
    double leading = wb_pdf_leading(&section_type);

    contents->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    contents->deepest = deepest_of(paper);
    if (contents->deepest)
        wb_pdf_sheet_skip(sheet, BEFORE);
    for (guint i = 0; i < paper->blocks->len; i++) {
        const WbBlock *block = wb_paper_block(paper, i);
        Entry entry = {.heading = block};

        if (block->kind != WB_BLOCK_HEADING || block->level > contents->deepest)
            continue;
        wb_pdf_sheet_need(sheet, leading);
        entry.page = wb_pdf_pen_pages(sheet->pen) - 1;
        entry.y = sheet->y;
        g_array_append_val(contents->entries, entry);
        sheet->y += leading;
    }
    if (contents->entries->len)
        wb_pdf_sheet_skip(sheet, AFTER);
}

void wb_pdf_contents_clear(WbPdfContents *contents)
{
    if (contents->entries)
        g_array_unref(contents->entries);
}

void wb_pdf_contents_note(WbPdfContents *contents, const WbPdfSheet *sheet, const WbBlock *heading)
{
    Entry *entry;

    if (heading->level > contents->deepest)
        return;
    entry = &g_array_index(contents->entries, Entry, contents->noted++);
    entry->to_page = wb_pdf_pen_pages(sheet->pen) - 1;
    entry->to_y = sheet->y;
}

static void write_entry(WbPdfSheet *sheet, const Entry *entry)
{
    const WbPdfType *type = entry->heading->level > 1 ? &part_type : &section_type;
    const char *text = entry->heading->text;
    g_autofree char *page = g_strdup_printf("%" G_GSIZE_FORMAT, entry->to_page + 1);
    double indent = entry->heading->level > 1 ? INDENT : 0;
    double width = wb_pdf_pen_text_width(sheet->pen, type, page, strlen(page));
    g_autoptr(GArray) lines = wb_pdf_lines(sheet->pen, type, text, WIDTH - indent - width - INDENT);

    wb_pdf_pen_go_to(sheet->pen, entry->page);
    wb_pdf_sheet_line(sheet, sheet->left + indent, entry->y, type, text,
                      wb_lines_at(lines, 0)->bytes);
    wb_pdf_sheet_line(sheet, sheet->left + WIDTH - width, entry->y, type, page, strlen(page));
    wb_pdf_pen_add_link(sheet->pen, sheet->left, entry->y, WIDTH, wb_pdf_leading(type),
                        entry->to_page, entry->to_y);
}

void wb_pdf_contents_finish(const WbPdfContents *contents, WbPdfSheet *sheet)
{
    for (guint i = 0; contents->entries && i < contents->entries->len; i++)
        write_entry(sheet, &g_array_index(contents->entries, Entry, i));
}
