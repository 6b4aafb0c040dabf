/*
 * Sheet: the pages of a PDF as one long column that texts and tables are put into from top to
 * bottom; where it is broken into pages, and what stands at the head and foot of each page.
 *
 * Units: points, y down from the top of the page.
 */
#ifndef WB_REPORT_PDF_SHEET_H
#define WB_REPORT_PDF_SHEET_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "report/pdf_pen.h"

#define WB_PDF_MARGIN 48.0

/* Colours, 0xRRGGBB: REPORTS.md section 5. */
#define WB_PDF_INK    0x1f2328
#define WB_PDF_SECOND 0x59636e
#define WB_PDF_ERROR  0xb04a00
#define WB_PDF_LINE   0xd0d7de
#define WB_PDF_SHADE  0xf6f8fa

typedef struct {
    WbPdfPen *pen;     /* borrowed */
    const char *title; /* at the head of each page but the first; borrowed */
    double left, width;
    double top, bottom; /* of what may be filled on this page */
    double y;           /* the lower edge of what is there */
} WbPdfSheet;

/** wb_pdf_sheet_init: begins the first page. */
void wb_pdf_sheet_init(WbPdfSheet *sheet, WbPdfPen *pen, const char *title);

/** wb_pdf_sheet_room: what is left of this page. */
double wb_pdf_sheet_room(const WbPdfSheet *sheet);

/** wb_pdf_sheet_whole: the room of an empty page that is not the first. */
double wb_pdf_sheet_whole(const WbPdfSheet *sheet);

/** wb_pdf_sheet_break: a new page. */
void wb_pdf_sheet_break(WbPdfSheet *sheet);

/** wb_pdf_sheet_need: a new page unless so much room is left; never leaves an empty one. */
void wb_pdf_sheet_need(WbPdfSheet *sheet, double height);

/** wb_pdf_sheet_skip: leaves so much free, except at the top of a page. */
void wb_pdf_sheet_skip(WbPdfSheet *sheet, double height);

/** wb_pdf_sheet_finish: heads and feet with "n / m", when all pages are there. @param creator  at
 * the left of the foot */
void wb_pdf_sheet_finish(WbPdfSheet *sheet, const char *creator);

/* ---- text */

/** wb_pdf_lines: the lines of a text for wb_lines_at (caller frees the array). */
GArray *wb_pdf_lines(WbPdfPen *pen, const WbPdfType *type, const char *text, double width);

/** wb_pdf_leading: from one baseline to the next. */
double wb_pdf_leading(const WbPdfType *type);

/** wb_pdf_sheet_text: a paragraph in lines, broken between pages so that no line of it stands alone
 * if it has four or more, nor any of a shorter one.
 * @param indent  from the left margin */
void wb_pdf_sheet_text(WbPdfSheet *sheet, double indent, const WbPdfType *type, const char *text);

/** wb_pdf_sheet_item: the same as an item of a list, behind a bullet. */
void wb_pdf_sheet_item(WbPdfSheet *sheet, const WbPdfType *type, const char *text);

/** wb_pdf_item_indent: of the text of such an item. */
double wb_pdf_item_indent(const WbPdfType *type);

/** wb_pdf_text_least: the height of as much of it as must not be torn apart. */
double wb_pdf_text_least(const WbPdfSheet *sheet, double indent, const WbPdfType *type,
                         const char *text);

/** wb_pdf_sheet_line: one line of text on the line whose upper edge is y. @param bytes  of it */
void wb_pdf_sheet_line(WbPdfSheet *sheet, double x, double y, const WbPdfType *type,
                       const char *text, size_t bytes);

#endif
