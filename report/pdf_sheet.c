/* Sheet: see pdf_sheet.h. */
#include "report/pdf_sheet.h"

#include <string.h>

#include "report/pdf_lines.h"

#define LEADING   1.34 /* of the size */
#define HEAD_ROOM 10   /* below the margin of a page with a head */
#define FOOT_ROOM 6    /* above the margin */
#define RULE      0.5

static const WbPdfType margin_type = {WB_PDF_REGULAR, 7.5, WB_PDF_SECOND};

void wb_pdf_sheet_init(WbPdfSheet *sheet, WbPdfPen *pen, const char *title)
{
    *sheet = (WbPdfSheet){
        .pen = pen,
        .title = title,
        .left = WB_PDF_MARGIN,
        .width = wb_pdf_pen_page_width(pen) - 2 * WB_PDF_MARGIN,
        .top = WB_PDF_MARGIN,
        .bottom = wb_pdf_pen_page_height(pen) - WB_PDF_MARGIN - FOOT_ROOM,
        .y = WB_PDF_MARGIN,
    };
    wb_pdf_pen_add_page(pen);
}

double wb_pdf_sheet_room(const WbPdfSheet *sheet)
{
    return sheet->bottom - sheet->y;
}

double wb_pdf_sheet_whole(const WbPdfSheet *sheet)
{
    return sheet->bottom - WB_PDF_MARGIN - HEAD_ROOM;
}

void wb_pdf_sheet_break(WbPdfSheet *sheet)
{
    wb_pdf_pen_add_page(sheet->pen);
    sheet->top = WB_PDF_MARGIN + HEAD_ROOM;
    sheet->y = sheet->top;
}

void wb_pdf_sheet_need(WbPdfSheet *sheet, double height)
{
    if (height > wb_pdf_sheet_room(sheet) + 0.01 && sheet->y > sheet->top)
        wb_pdf_sheet_break(sheet);
}

void wb_pdf_sheet_skip(WbPdfSheet *sheet, double height)
{
    if (sheet->y > sheet->top)
        sheet->y += height;
}

/* ---- text ---------------------------------------------------------------------------------- */

typedef struct {
    WbPdfPen *pen;
    WbPdfFace face;
} Measure;

static double measure_char(gunichar c, void *data)
{
    const Measure *measure = data;

    return wb_pdf_pen_char_width(measure->pen, measure->face, c);
}

GArray *wb_pdf_lines(WbPdfPen *pen, const WbPdfType *type, const char *text, double width)
{
    Measure measure = {.pen = pen, .face = type->face};

    return wb_lines_break(text, width / type->size, measure_char, &measure);
}

double wb_pdf_leading(const WbPdfType *type)
{
    return type->size * LEADING;
}

void wb_pdf_sheet_line(WbPdfSheet *sheet, double x, double y, const WbPdfType *type,
                       const char *text, size_t bytes)
{
    /* Ascenders and descenders of DejaVu share what the leading leaves. */
    wb_pdf_pen_text(sheet->pen, x, y + wb_pdf_leading(type) / 2 + type->size * 0.36, type, text,
                    bytes);
}

/* How many lines from line i on must stay on one page. */
static size_t kept_together(size_t i, size_t n)
{
    if (n < 4)
        return n - i;
    return i == 0 || i + 2 == n ? 2 : 1;
}

void wb_pdf_sheet_text(WbPdfSheet *sheet, double indent, const WbPdfType *type, const char *text)
{
    g_autoptr(GArray) lines = wb_pdf_lines(sheet->pen, type, text, sheet->width - indent);
    double leading = wb_pdf_leading(type);

    for (guint i = 0; i < lines->len; i++) {
        const WbLine *line = wb_lines_at(lines, i);

        wb_pdf_sheet_need(sheet, leading * (double)kept_together(i, lines->len));
        wb_pdf_sheet_line(sheet, sheet->left + indent, sheet->y, type, text + line->start,
                          line->bytes);
        sheet->y += leading;
    }
}

double wb_pdf_item_indent(const WbPdfType *type)
{
    return type->size * 1.1;
}

void wb_pdf_sheet_item(WbPdfSheet *sheet, const WbPdfType *type, const char *text)
{
    static const char bullet[] = "•";
    double indent = wb_pdf_item_indent(type);

    wb_pdf_sheet_need(sheet, wb_pdf_text_least(sheet, indent, type, text));
    wb_pdf_sheet_line(sheet, sheet->left, sheet->y, type, bullet, strlen(bullet));
    wb_pdf_sheet_text(sheet, indent, type, text);
}

double wb_pdf_text_least(const WbPdfSheet *sheet, double indent, const WbPdfType *type,
                         const char *text)
{
    g_autoptr(GArray) lines = wb_pdf_lines(sheet->pen, type, text, sheet->width - indent);

    return wb_pdf_leading(type) * (double)kept_together(0, lines->len);
}

/* ---- heads and feet ------------------------------------------------------------------------ */

/* As much of the title as goes into one line. */
static void draw_head(const WbPdfSheet *sheet)
{
    g_autoptr(GArray) lines = wb_pdf_lines(sheet->pen, &margin_type, sheet->title, sheet->width);
    const WbLine *line = wb_lines_at(lines, 0);

    wb_pdf_pen_text(sheet->pen, sheet->left, WB_PDF_MARGIN - 14, &margin_type,
                    sheet->title + line->start, line->bytes);
    wb_pdf_pen_set_line(sheet->pen, WB_PDF_LINE, RULE, NULL, 0);
    wb_pdf_pen_add_rule(sheet->pen, sheet->left, WB_PDF_MARGIN - 8, sheet->width);
    wb_pdf_pen_paint(sheet->pen, false, true);
}

void wb_pdf_sheet_finish(WbPdfSheet *sheet, const char *creator)
{
    size_t pages = wb_pdf_pen_pages(sheet->pen);
    double y = wb_pdf_pen_page_height(sheet->pen) - WB_PDF_MARGIN + 8;

    for (size_t i = 0; i < pages; i++) {
        g_autofree char *number =
            g_strdup_printf("%" G_GSIZE_FORMAT " / %" G_GSIZE_FORMAT, i + 1, pages);
        size_t bytes = strlen(number);
        double width = wb_pdf_pen_text_width(sheet->pen, &margin_type, number, bytes);

        wb_pdf_pen_go_to(sheet->pen, i);
        if (i)
            draw_head(sheet);
        wb_pdf_pen_text(sheet->pen, sheet->left, y, &margin_type, creator, strlen(creator));
        wb_pdf_pen_text(sheet->pen, sheet->left + sheet->width - width, y, &margin_type, number,
                        bytes);
    }
}
