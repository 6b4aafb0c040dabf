/*
 * PDF: the blocks of a paper onto a sheet, one after the other. Before a heading is put down, it is
 * asked how much of what follows must stand below it on the same page.
 */
#include "report/pdf.h"

#include <string.h>

#include "report/fonts.h"
#include "report/pdf_contents.h"
#include "report/pdf_drawing.h"
#include "report/pdf_lines.h"
#include "report/pdf_pen.h"
#include "report/pdf_sheet.h"
#include "report/pdf_table.h"

#define A4_WIDTH      595.276
#define A4_HEIGHT     841.89
#define LETTER_WIDTH  612.0
#define LETTER_HEIGHT 792.0

#define PARAGRAPH_ROOM 5   /* after a paragraph or a list */
#define ITEM_ROOM      1.5 /* between items and facts */
#define TABLE_ROOM     8   /* after a table, chart or code */
#define CHART_ROOM     3   /* after a chart, whose canvas has room of its own */
#define TERM_MOST      120
#define CODE_INDENT    5

static const WbPdfType title_type = {WB_PDF_BOLD, 18, WB_PDF_INK};
static const WbPdfType result_type = {WB_PDF_REGULAR, 9.5, WB_PDF_SECOND};
static const WbPdfType text_type = {WB_PDF_REGULAR, 8.2, WB_PDF_INK};
static const WbPdfType term_type = {WB_PDF_REGULAR, 8.2, WB_PDF_SECOND};
static const WbPdfType code_type = {WB_PDF_MONO, 7.5, WB_PDF_INK};

/* Headings by level, from 1. */
static const struct {
    WbPdfType type;
    double before, after;
} headings[] = {{{WB_PDF_BOLD, 13, WB_PDF_INK}, 12, 3}, {{WB_PDF_BOLD, 10, WB_PDF_INK}, 9, 2.5}};

typedef struct {
    WbPdfSheet sheet;
    const WbPaper *paper;
    WbPdfContents contents;
    unsigned tables; /* put down so far */
    double free;     /* below the last block, for what comes next */
} Layout;

static const WbPdfType *heading_type(const WbBlock *block)
{
    return &headings[block->level > 1].type;
}

/* Leaves so much below a block. */
static void leave(Layout *l, double room)
{
    l->sheet.y += room;
    l->free = room;
}

/* What a heading wants above it, less what is free there. */
static double room_before(const WbBlock *block, double free)
{
    return MAX(0, headings[block->level > 1].before - free);
}

/* ---- how much must stay together ----------------------------------------------------------- */

static double table_least(Layout *l, const WbBlock *block)
{
    g_autoptr(WbPdfTable) table = wb_pdf_table_new(&l->sheet, block->table, l->tables + 1);

    return TABLE_ROOM + wb_pdf_table_least(table);
}

/* Of block i, and of a heading with what follows it. @param free  above it */
static double least_of(Layout *l, size_t i, double free)
{
    const WbPdfSheet *sheet = &l->sheet;
    const WbBlock *block;

    if (i >= l->paper->blocks->len)
        return 0;
    block = wb_paper_block(l->paper, i);
    switch (block->kind) {
    case WB_BLOCK_HEADING:
        return room_before(block, free) +
               wb_pdf_text_least(sheet, 0, heading_type(block), block->text) +
               headings[block->level > 1].after +
               least_of(l, i + 1, headings[block->level > 1].after);
    case WB_BLOCK_TEXT:
        return wb_pdf_text_least(sheet, 0, &text_type, block->text);
    case WB_BLOCK_FACTS:
    case WB_BLOCK_CODE:
        return 2 * wb_pdf_leading(&text_type);
    case WB_BLOCK_LIST:
        return wb_pdf_text_least(sheet, wb_pdf_item_indent(&text_type), &text_type,
                                 g_ptr_array_index(block->items, 0));
    case WB_BLOCK_TABLE:
        return table_least(l, block);
    case WB_BLOCK_CHART:
        return TABLE_ROOM + (block->drawing ? wb_pdf_drawing_least(sheet, block->drawing)
                                            : wb_pdf_text_least(sheet, 0, &term_type, block->text));
    }
    return 0;
}

/* ---- blocks -------------------------------------------------------------------------------- */

static void put_heading(Layout *l, size_t i)
{
    const WbBlock *block = wb_paper_block(l->paper, i);
    const WbPdfType *type = heading_type(block);

    wb_pdf_sheet_need(&l->sheet, least_of(l, i, l->free));
    wb_pdf_sheet_skip(&l->sheet, room_before(block, l->free));
    wb_pdf_pen_add_outline(l->sheet.pen, block->level, l->sheet.y, block->text);
    wb_pdf_contents_note(&l->contents, &l->sheet, block);
    wb_pdf_sheet_text(&l->sheet, 0, type, block->text);
    leave(l, headings[block->level > 1].after);
}

static double term_width(const Layout *l, const GPtrArray *items)
{
    double width = 0;

    for (guint i = 0; i + 1 < items->len; i += 2) {
        const char *term = g_ptr_array_index(items, i);

        width = MAX(width, wb_pdf_pen_text_width(l->sheet.pen, &term_type, term, strlen(term)));
    }
    return MIN(width, TERM_MOST) + 2 * text_type.size;
}

static void put_facts(Layout *l, const GPtrArray *items)
{
    WbPdfSheet *sheet = &l->sheet;
    double indent = term_width(l, items);

    for (guint i = 0; i + 1 < items->len; i += 2) {
        const char *term = g_ptr_array_index(items, i), *value = g_ptr_array_index(items, i + 1);
        g_autoptr(GArray) lines = wb_pdf_lines(sheet->pen, &term_type, term, TERM_MOST + 0.01);

        wb_pdf_sheet_need(sheet, wb_pdf_text_least(sheet, indent, &text_type, value));
        wb_pdf_sheet_line(sheet, sheet->left, sheet->y, &term_type, term,
                          wb_lines_at(lines, 0)->bytes);
        wb_pdf_sheet_text(sheet, indent, &text_type, value);
        sheet->y += ITEM_ROOM;
    }
    leave(l, PARAGRAPH_ROOM - ITEM_ROOM);
}

static void put_list(Layout *l, const GPtrArray *items)
{
    for (guint i = 0; i < items->len; i++) {
        wb_pdf_sheet_item(&l->sheet, &text_type, g_ptr_array_index(items, i));
        l->sheet.y += ITEM_ROOM;
    }
    leave(l, PARAGRAPH_ROOM - ITEM_ROOM);
}

/* What a long line goes on with is moved to the right, so that lines can be told from pieces. */
static void put_code(Layout *l, const char *text)
{
    WbPdfSheet *sheet = &l->sheet;
    double hang = 2 * code_type.size, leading = wb_pdf_leading(&code_type);
    g_autoptr(GArray) lines =
        wb_pdf_lines(sheet->pen, &code_type, text, sheet->width - 2 * CODE_INDENT - hang);

    for (guint i = 0; i < lines->len; i++) {
        const WbLine *line = wb_lines_at(lines, i);
        bool goes_on = line->start && text[line->start - 1] != '\n';

        wb_pdf_sheet_need(sheet, leading);
        wb_pdf_pen_set_fill(sheet->pen, WB_PDF_SHADE);
        wb_pdf_pen_add_rect(sheet->pen, sheet->left, sheet->y, sheet->width, leading);
        wb_pdf_pen_paint(sheet->pen, true, false);
        wb_pdf_sheet_line(sheet, sheet->left + CODE_INDENT + (goes_on ? hang : 0), sheet->y,
                          &code_type, text + line->start, line->bytes);
        sheet->y += leading;
    }
    leave(l, TABLE_ROOM);
}

static void put_table(Layout *l, const WbBlock *block)
{
    g_autoptr(WbPdfTable) table = wb_pdf_table_new(&l->sheet, block->table, ++l->tables);

    wb_pdf_table_draw(table);
    leave(l, TABLE_ROOM);
}

static void put_chart(Layout *l, const WbBlock *block)
{
    if (block->drawing)
        wb_pdf_drawing_draw(&l->sheet, block->drawing);
    else
        wb_pdf_sheet_text(&l->sheet, 0, &term_type, block->text);
    leave(l, CHART_ROOM);
}

static void put_block(Layout *l, size_t i)
{
    const WbBlock *block = wb_paper_block(l->paper, i);

    switch (block->kind) {
    case WB_BLOCK_HEADING:
        put_heading(l, i);
        break;
    case WB_BLOCK_TEXT:
        wb_pdf_sheet_text(&l->sheet, 0, &text_type, block->text);
        leave(l, PARAGRAPH_ROOM);
        break;
    case WB_BLOCK_FACTS:
        put_facts(l, block->items);
        break;
    case WB_BLOCK_LIST:
        put_list(l, block->items);
        break;
    case WB_BLOCK_CODE:
        put_code(l, block->text);
        break;
    case WB_BLOCK_TABLE:
        put_table(l, block);
        break;
    case WB_BLOCK_CHART:
        put_chart(l, block);
        break;
    }
}

/* The contents stand before the first heading, behind facts that belong to the whole. */
static void put_blocks(Layout *l)
{
    bool reserved = false;

    for (guint i = 0; i < l->paper->blocks->len; i++) {
        if (!reserved && wb_paper_block(l->paper, i)->kind == WB_BLOCK_HEADING) {
            wb_pdf_contents_reserve(&l->contents, &l->sheet, l->paper);
            reserved = true;
        }
        put_block(l, i);
    }
}

static void put_title(Layout *l)
{
    wb_pdf_sheet_text(&l->sheet, 0, &title_type, l->paper->title);
    l->sheet.y += 3;
    if (*l->paper->result)
        wb_pdf_sheet_text(&l->sheet, 0, &result_type, l->paper->result);
    l->sheet.y += 10;
}

bool wb_pdf_render(const WbPaper *paper, const WbPdfOptions *options, GString *out,
                   char **out_lacking, GError **error)
{
    g_autoptr(WbPdfPen) pen = wb_pdf_pen_new(options->family ? options->family : WB_FONT_FAMILY,
                                             options->letter ? LETTER_WIDTH : A4_WIDTH,
                                             options->letter ? LETTER_HEIGHT : A4_HEIGHT,
                                             paper->title, paper->creator, error);
    Layout l = {.paper = paper};

    if (!pen)
        return false;
    wb_pdf_sheet_init(&l.sheet, pen, paper->title);
    put_title(&l);
    put_blocks(&l);
    wb_pdf_contents_finish(&l.contents, &l.sheet);
    wb_pdf_sheet_finish(&l.sheet, paper->creator);
    wb_pdf_contents_clear(&l.contents);
    if (!wb_pdf_pen_save(pen, out, error))
        return false;
    *out_lacking = g_strdup(wb_pdf_pen_lacking(pen));
    return true;
}
