/*
 * Fonts of a PDF: which file of this machine holds a family's face, found through fontconfig, and
 * which characters it can show. Only TrueType outlines: what is embedded must be what libharu can
 * read (a CFF font is refused with a sentence).
 */
#ifndef WB_REPORT_PDF_FONT_H
#define WB_REPORT_PDF_FONT_H

#include <glib.h>
#include <stdbool.h>

#define WB_PDF_FAMILY "DejaVu Sans" /* unless the user names another */

typedef struct WbPdfFonts WbPdfFonts; /* those of this machine */
typedef struct WbPdfFont WbPdfFont;   /* one face */

/** wb_pdf_fonts_open: reads what fontconfig knows. */
WbPdfFonts *wb_pdf_fonts_open(void);
void wb_pdf_fonts_close(WbPdfFonts *fonts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbPdfFonts, wb_pdf_fonts_close)

#define WB_PDF_FONT_ERROR (wb_pdf_font_error_quark())
GQuark wb_pdf_font_error_quark(void);
typedef enum {
    WB_PDF_FONT_ERROR_MISSING,  /* no font of that family here */
    WB_PDF_FONT_ERROR_OUTLINES, /* there is one, but none with TrueType outlines */
} WbPdfFontError;

/**
 * wb_pdf_font_find: the upright face of a family whose weight is nearest to regular or bold.
 *
 * The same fonts installed give the same face: of equal ones the first by path. A family is found
 * by its own name (in any case), never by a likeness or an alias. A face does not need `fonts` any
 * longer.
 */
WbPdfFont *wb_pdf_font_find(const WbPdfFonts *fonts, const char *family, bool bold, GError **error);
void wb_pdf_font_free(WbPdfFont *font);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbPdfFont, wb_pdf_font_free)

/** wb_pdf_font_path: its file (borrowed). */
const char *wb_pdf_font_path(const WbPdfFont *font);

/** wb_pdf_font_index: its number in a file that is a collection. */
unsigned wb_pdf_font_index(const WbPdfFont *font);

/** wb_pdf_font_same: whether both are one face (a family without a bold one has its regular). */
bool wb_pdf_font_same(const WbPdfFont *a, const WbPdfFont *b);

/** wb_pdf_font_has: whether it can show a character. */
bool wb_pdf_font_has(const WbPdfFont *font, gunichar c);

#endif
