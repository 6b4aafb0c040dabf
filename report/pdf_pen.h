/*
 * Pen: the pages of a PDF, and what can be put on them. The only place (with pdf_face.h) that knows
 * libharu, so the place of its traps (REPORTS.md section 7).
 *
 * Units: points (72 an inch), x to the right, y down, from the top left corner of the page; inside
 * a frame the frame's own units. Nothing here fails at once: the first error is kept, all that
 * follows does nothing, and wb_pdf_pen_save tells it.
 */
#ifndef WB_REPORT_PDF_PEN_H
#define WB_REPORT_PDF_PEN_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    WB_PDF_REGULAR,
    WB_PDF_BOLD,
    WB_PDF_MONO, /* embedded only if used */
    WB_PDF_FACES_N,
} WbPdfFace;

/* How a text looks. */
typedef struct {
    WbPdfFace face;
    double size;    /* points */
    uint32_t color; /* 0xRRGGBB */
} WbPdfType;

typedef struct WbPdfPen WbPdfPen;

#define WB_PDF_PEN_ERROR (wb_pdf_pen_error_quark())
GQuark wb_pdf_pen_error_quark(void);
typedef enum {
    WB_PDF_PEN_ERROR_LIBRARY, /* libharu refused something */
    WB_PDF_PEN_ERROR_NUMBER,  /* a coordinate that no page can hold */
} WbPdfPenError;

/**
 * wb_pdf_pen_new: a document without pages.
 *
 * @param family          of its fonts; its mono is "FAMILY Mono", or else DejaVu's
 * @param width, height   of its pages, points
 * @param title, creator  UTF-8, for the document's info. No date goes in: same pages, same bytes.
 * Errors: WB_FONT_ERROR_..., WB_PDF_PEN_ERROR_LIBRARY for a font file that is no good.
 */
WbPdfPen *wb_pdf_pen_new(const char *family, double width, double height, const char *title,
                         const char *creator, GError **error);
void wb_pdf_pen_free(WbPdfPen *pen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbPdfPen, wb_pdf_pen_free)

/** wb_pdf_pen_save: the whole document appended to `out`; the pen is of no use afterwards. */
bool wb_pdf_pen_save(WbPdfPen *pen, GString *out, GError **error);

/** wb_pdf_pen_lacking: the characters that its fonts lack and that U+FFFD stands for (borrowed;
 * "" if none), in order of their first use, at most WB_PDF_LACKING_MOST. */
const char *wb_pdf_pen_lacking(const WbPdfPen *pen);
#define WB_PDF_LACKING_MOST 40

/* ---- pages */

double wb_pdf_pen_page_width(const WbPdfPen *pen);
double wb_pdf_pen_page_height(const WbPdfPen *pen);

/** wb_pdf_pen_add_page: a new last page; all that follows goes there. */
void wb_pdf_pen_add_page(WbPdfPen *pen);
size_t wb_pdf_pen_pages(const WbPdfPen *pen);

/** wb_pdf_pen_go_to: all that follows goes onto page i, from 0. */
void wb_pdf_pen_go_to(WbPdfPen *pen, size_t i);

/** wb_pdf_pen_add_outline: an entry for a place of this page. @param level  1, or 2 below the last
 * one of level 1 */
void wb_pdf_pen_add_outline(WbPdfPen *pen, int level, double y, const char *text);

/** wb_pdf_pen_add_link: makes a rectangle of this page lead to a place, on page i. */
void wb_pdf_pen_add_link(WbPdfPen *pen, double x, double y, double w, double h, size_t i,
                         double to_y);

/* ---- text */

/** wb_pdf_pen_char_width: of one character, or of U+FFFD if the face lacks it; in em. */
double wb_pdf_pen_char_width(WbPdfPen *pen, WbPdfFace face, gunichar c);

/** wb_pdf_pen_text_width: @param bytes  of a valid UTF-8 text */
double wb_pdf_pen_text_width(WbPdfPen *pen, const WbPdfType *type, const char *text, size_t bytes);

/** wb_pdf_pen_text: draws one line; x, y: the start of its baseline. */
void wb_pdf_pen_text(WbPdfPen *pen, double x, double y, const WbPdfType *type, const char *text,
                     size_t bytes);

/* ---- lines and areas. Colours, width and dash are set first; then a path is built of moves,
 * lines, rectangles and circles, and painted. */

/** wb_pdf_pen_open_frame: until it is closed, coordinates are those of a frame of that height whose
 * top left corner lies at x, y, scaled. Frames do not nest. */
void wb_pdf_pen_open_frame(WbPdfPen *pen, double x, double y, double height, double scale);
void wb_pdf_pen_close_frame(WbPdfPen *pen);

void wb_pdf_pen_set_fill(WbPdfPen *pen, uint32_t color);

/** wb_pdf_pen_set_line: @param dash  [n] on, off, ...; rounded to whole units. NULL: a whole line
 */
void wb_pdf_pen_set_line(WbPdfPen *pen, uint32_t color, double width, const double *dash,
                         size_t dash_n);
void wb_pdf_pen_move_to(WbPdfPen *pen, double x, double y);
void wb_pdf_pen_line_to(WbPdfPen *pen, double x, double y);
void wb_pdf_pen_close_path(WbPdfPen *pen);
void wb_pdf_pen_add_rect(WbPdfPen *pen, double x, double y, double w, double h);
void wb_pdf_pen_add_circle(WbPdfPen *pen, double x, double y, double r);
void wb_pdf_pen_paint(WbPdfPen *pen, bool fill, bool line);

/** wb_pdf_pen_add_rule: the path of a horizontal line, to be painted with others. */
void wb_pdf_pen_add_rule(WbPdfPen *pen, double x, double y, double w);

#endif
