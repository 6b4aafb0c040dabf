/* Tables of a PDF: see pdf_table.h. A block of columns at a time, its rows from top to bottom. */
#include "report/pdf_table.h"

#include <string.h>

#include "report/pdf_lines.h"

#define ROW_ROOM     0.48 /* of the type's size: what a row is higher than its lines */
#define HEAD_ROOM    0.7
#define CAPTION_ROOM 2.5 /* points between caption and table */
#define BLOCK_ROOM   10  /* points between two blocks */
#define NOTES_ROOM   3
#define HAIRLINE     0.4
#define RULE         0.8
#define LINES_MOST   40   /* of a cell: more would not go onto one page */
#define SMALL        0.25 /* of a page: a table that is not higher is never torn */
#define ROWS_LEAST   4    /* of a higher one, on the page where it begins */
#define ROWS_LAST    2    /* that stand above its notes */

static const WbPdfType caption_type = {WB_PDF_REGULAR, 7.5, WB_PDF_SECOND};
static const WbPdfType note_type = {WB_PDF_REGULAR, 7.5, WB_PDF_SECOND};

struct WbPdfTable {
    WbPdfSheet *sheet;
    const WbTextTable *table;
    WbPdfColumns *columns;
    char *caption;
};

/* A block of columns while it is drawn or measured. */
typedef struct {
    const WbPdfTable *of;
    const WbPdfColumnBlock *block;
    GArray *hairlines; /* of double: where rows of this page end */
    double size;
} Printing;

WbPdfTable *wb_pdf_table_new(WbPdfSheet *sheet, const WbTextTable *table, unsigned number)
{
    WbPdfTable *made = g_new0(WbPdfTable, 1);

    made->sheet = sheet;
    made->table = table;
    made->columns = wb_pdf_columns_plan(sheet->pen, table, sheet->width);
    made->caption =
        g_strdup_printf("Table %u%s%s", number, *table->caption ? ". " : "", table->caption);
    return made;
}

void wb_pdf_table_free(WbPdfTable *table)
{
    if (!table)
        return;
    wb_pdf_columns_free(table->columns);
    g_free(table->caption);
    g_free(table);
}

/* ---- cells --------------------------------------------------------------------------------- */

/* One text of a table: a cell, a heading, a row label. */
typedef struct {
    const char *text;
    WbPdfType type;
    double left, width;
    bool from_left;
} Piece;

static Piece stub_piece(const Printing *p, const char *text, WbPdfFace face)
{
    return (Piece){.text = text,
                   .type = {face, p->size, WB_PDF_INK},
                   .width = p->block->stub,
                   .from_left = true};
}

/* Column i of the block. */
static Piece column_piece(const Printing *p, size_t i, const char *text, WbPdfType type)
{
    return (Piece){.text = text ? text : "",
                   .type = type,
                   .left = p->block->lefts[i],
                   .width = p->block->widths[i],
                   .from_left = wb_pdf_columns_words(p->of->table, p->block->first + i)};
}

static Piece head_piece(const Printing *p, size_t i)
{
    const char *text = g_ptr_array_index(p->of->table->heads, p->block->first + i);

    return column_piece(p, i, text, (WbPdfType){WB_PDF_BOLD, p->size, WB_PDF_INK});
}

static Piece cell_piece(const Printing *p, size_t r, size_t i)
{
    const WbTextTable *table = p->of->table;
    const WbTextCell *cell = wb_text_cell(table, r, p->block->first + i);
    WbPdfType type = {table->bold_best && cell->best ? WB_PDF_BOLD : WB_PDF_REGULAR, p->size,
                      cell->kind == WB_CELL_ERRORS ? WB_PDF_ERROR
                      : cell->kind == WB_CELL_NA   ? WB_PDF_SECOND
                                                   : WB_PDF_INK};

    return column_piece(p, i, cell->text, type);
}

/* Its lines; NULL where it fits as it is, whose width is told: most do, and need no array. */
static GArray *lines_of(const Printing *p, const Piece *piece, double *out_width)
{
    WbPdfPen *pen = p->of->sheet->pen;

    *out_width = wb_pdf_pen_text_width(pen, &piece->type, piece->text, strlen(piece->text));
    if (*out_width <= piece->width + 0.01)
        return NULL;
    return wb_pdf_lines(pen, &piece->type, piece->text, piece->width);
}

static size_t count_lines(const Printing *p, const Piece *piece)
{
    double width;
    g_autoptr(GArray) lines = lines_of(p, piece, &width);

    return lines ? MIN(lines->len, LINES_MOST) : 1;
}

static void draw_line(const Printing *p, const Piece *piece, double y, double width,
                      const char *text, size_t bytes)
{
    WbPdfSheet *sheet = p->of->sheet;
    double x = sheet->left + piece->left + (piece->from_left ? 0 : piece->width - width);

    wb_pdf_sheet_line(sheet, x, y, &piece->type, text, bytes);
}

static void draw_piece(const Printing *p, const Piece *piece, double y)
{
    double width;
    g_autoptr(GArray) lines = lines_of(p, piece, &width);

    if (!lines)
        draw_line(p, piece, y, width, piece->text, strlen(piece->text));
    for (size_t i = 0; lines && i < MIN(lines->len, LINES_MOST); i++) {
        const WbLine *line = wb_lines_at(lines, i);
        const char *text = piece->text + line->start;
        g_autofree char *cut = NULL;

        if (i + 1 == LINES_MOST && lines->len > LINES_MOST)
            text = cut = g_strdup("…");
        width = wb_pdf_pen_text_width(p->of->sheet->pen, &piece->type, text,
                                      cut ? strlen(cut) : line->bytes);
        draw_line(p, piece, y, width, text, cut ? strlen(cut) : line->bytes);
        y += wb_pdf_leading(&piece->type);
    }
}

/* ---- rows ---------------------------------------------------------------------------------- */

static size_t columns_n(const Printing *p)
{
    return p->block->end - p->block->first;
}

static double leading_of(const Printing *p)
{
    return wb_pdf_leading(&(WbPdfType){WB_PDF_REGULAR, p->size, 0});
}

static Piece row_stub(const Printing *p, size_t r)
{
    return stub_piece(p, g_ptr_array_index(p->of->table->stubs, r), WB_PDF_REGULAR);
}

static double row_height(const Printing *p, size_t r)
{
    Piece piece = row_stub(p, r);
    size_t most = count_lines(p, &piece);

    for (size_t i = 0; i < columns_n(p); i++) {
        piece = cell_piece(p, r, i);
        most = MAX(most, count_lines(p, &piece));
    }
    return (double)most * leading_of(p) + ROW_ROOM * p->size;
}

static size_t head_lines(const Printing *p)
{
    Piece piece = stub_piece(p, p->of->table->stub_head, WB_PDF_BOLD);
    size_t most = count_lines(p, &piece);

    for (size_t i = 0; i < columns_n(p); i++) {
        piece = head_piece(p, i);
        most = MAX(most, count_lines(p, &piece));
    }
    return most;
}

static double head_height(const Printing *p)
{
    return (double)head_lines(p) * leading_of(p) + HEAD_ROOM * p->size;
}

static void draw_row(const Printing *p, size_t r, double height)
{
    WbPdfSheet *sheet = p->of->sheet;
    double y = sheet->y + ROW_ROOM * p->size / 2;
    Piece piece = row_stub(p, r);

    draw_piece(p, &piece, y);
    for (size_t i = 0; i < columns_n(p); i++) {
        piece = cell_piece(p, r, i);
        draw_piece(p, &piece, y);
    }
    sheet->y += height;
    g_array_append_val(p->hairlines, sheet->y);
}

/* Headings stand on the last of their lines. */
static void draw_head_piece(const Printing *p, const Piece *piece, size_t lines, double y)
{
    draw_piece(p, piece, y + (double)(lines - count_lines(p, piece)) * leading_of(p));
}

/* ---- pages --------------------------------------------------------------------------------- */

static void draw_rule(const WbPdfSheet *sheet)
{
    wb_pdf_pen_set_line(sheet->pen, WB_PDF_INK, RULE, NULL, 0);
    wb_pdf_pen_add_rule(sheet->pen, sheet->left, sheet->y, sheet->width);
    wb_pdf_pen_paint(sheet->pen, false, true);
}

static void draw_caption(const Printing *p, bool continued)
{
    g_autofree char *again = continued ? g_strconcat(p->of->caption, " (continued)", NULL) : NULL;

    wb_pdf_sheet_text(p->of->sheet, 0, &caption_type, again ? again : p->of->caption);
    p->of->sheet->y += CAPTION_ROOM;
}

static void begin_page(const Printing *p, bool continued)
{
    WbPdfSheet *sheet = p->of->sheet;
    size_t lines = head_lines(p);
    Piece piece = stub_piece(p, p->of->table->stub_head, WB_PDF_BOLD);
    double y;

    draw_caption(p, continued);
    draw_rule(sheet);
    y = sheet->y + HEAD_ROOM * p->size / 2;
    draw_head_piece(p, &piece, lines, y);
    for (size_t i = 0; i < columns_n(p); i++) {
        piece = head_piece(p, i);
        draw_head_piece(p, &piece, lines, y);
    }
    sheet->y += head_height(p);
    draw_rule(sheet);
    g_array_set_size(p->hairlines, 0);
}

/* The hairlines of a page are one path; below the last row stands the rule. */
static void end_page(const Printing *p)
{
    const WbPdfSheet *sheet = p->of->sheet;

    for (guint i = 0; i + 1 < p->hairlines->len; i++) {
        if (i == 0)
            wb_pdf_pen_set_line(sheet->pen, WB_PDF_LINE, HAIRLINE, NULL, 0);
        wb_pdf_pen_add_rule(sheet->pen, sheet->left, g_array_index(p->hairlines, double, i),
                            sheet->width);
    }
    if (p->hairlines->len > 1)
        wb_pdf_pen_paint(sheet->pen, false, true);
    draw_rule(sheet);
}

static double caption_height(const WbPdfTable *table)
{
    g_autoptr(GArray) lines =
        wb_pdf_lines(table->sheet->pen, &caption_type, table->caption, table->sheet->width);

    return (double)lines->len * wb_pdf_leading(&caption_type) + CAPTION_ROOM;
}

/* Caption, heading and the first rows. */
static double height_of_first(const Printing *p, size_t rows)
{
    double height = caption_height(p->of) + head_height(p);

    for (size_t r = 0; r < MIN(rows, p->of->table->stubs->len); r++)
        height += row_height(p, r);
    return height;
}

static double notes_height(const WbPdfTable *table)
{
    const GPtrArray *notes = table->table->notes;
    double indent = wb_pdf_item_indent(&note_type), height = notes->len ? NOTES_ROOM : 0;

    for (guint i = 0; i < notes->len; i++) {
        g_autoptr(GArray) lines =
            wb_pdf_lines(table->sheet->pen, &note_type, g_ptr_array_index(notes, i),
                         table->sheet->width - indent);

        height += (double)lines->len * wb_pdf_leading(&note_type);
    }
    return height;
}

static double least_of(const Printing *p)
{
    size_t rows = p->of->table->stubs->len;
    double small = SMALL * wb_pdf_sheet_whole(p->of->sheet), height;

    if ((double)rows * leading_of(p) < small) {
        height = height_of_first(p, rows) + notes_height(p->of);
        if (height <= small)
            return height;
    }
    return height_of_first(p, ROWS_LEAST);
}

static Printing printing_of(const WbPdfTable *table, size_t block)
{
    return (Printing){.of = table,
                      .block = wb_pdf_columns_block(table->columns, block),
                      .size = table->columns->size};
}

double wb_pdf_table_least(const WbPdfTable *table)
{
    Printing p = printing_of(table, 0);

    return least_of(&p);
}

/* What must go onto the page of row r: itself, and at the end the last rows with the notes, so that
 * notes stand below something. */
static double needed_for(const Printing *p, size_t r, double row, double notes)
{
    size_t rows = p->of->table->stubs->len;

    if (r + ROWS_LAST != rows && r + 1 != rows)
        return row;
    for (size_t next = r + 1; next < rows; next++)
        row += row_height(p, next);
    return row + notes;
}

static void draw_block(const WbPdfTable *table, size_t block)
{
    WbPdfSheet *sheet = table->sheet;
    Printing p = printing_of(table, block);
    double notes = block + 1 == table->columns->blocks->len ? notes_height(table) : 0;

    if (notes > SMALL * wb_pdf_sheet_whole(sheet))
        notes = 0;
    p.hairlines = g_array_new(FALSE, FALSE, sizeof(double));
    wb_pdf_sheet_need(sheet, least_of(&p));
    begin_page(&p, block > 0);
    for (size_t r = 0; r < table->table->stubs->len; r++) {
        double height = row_height(&p, r);

        if (needed_for(&p, r, height, notes) > wb_pdf_sheet_room(sheet) + 0.01 &&
            p.hairlines->len) {
            end_page(&p);
            wb_pdf_sheet_break(sheet);
            begin_page(&p, true);
        }
        draw_row(&p, r, height);
    }
    end_page(&p);
    g_array_unref(p.hairlines);
}

void wb_pdf_table_draw(const WbPdfTable *table)
{
    const GPtrArray *notes = table->table->notes;

    for (guint i = 0; i < table->columns->blocks->len; i++) {
        if (i)
            wb_pdf_sheet_skip(table->sheet, BLOCK_ROOM);
        draw_block(table, i);
    }
    for (guint i = 0; i < notes->len; i++) {
        if (i == 0)
            wb_pdf_sheet_skip(table->sheet, NOTES_ROOM);
        wb_pdf_sheet_item(table->sheet, &note_type, g_ptr_array_index(notes, i));
    }
}
