/*
 * Fonts: which file of this machine holds a family's face, found through fontconfig, and which
 * characters it can show. Only TrueType outlines: what a PDF embeds must be what libharu can read
 * (a CFF font is refused with a sentence).
 */
#ifndef WB_REPORT_FONTS_H
#define WB_REPORT_FONTS_H

#include <glib.h>
#include <stdbool.h>

#define WB_FONT_FAMILY "DejaVu Sans" /* of charts, and of a PDF unless the user names another */

#define WB_FONT_REPLACEMENT 0xfffd /* stands for what cannot be shown */

typedef struct WbFonts WbFonts; /* those of this machine */
typedef struct WbFont WbFont;   /* one face */

/** wb_fonts_open: reads what fontconfig knows. */
WbFonts *wb_fonts_open(void);
void wb_fonts_close(WbFonts *fonts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbFonts, wb_fonts_close)

#define WB_FONT_ERROR (wb_font_error_quark())
GQuark wb_font_error_quark(void);
typedef enum {
    WB_FONT_ERROR_MISSING,  /* no font of that family here */
    WB_FONT_ERROR_OUTLINES, /* there is one, but none with TrueType outlines */
} WbFontError;

/**
 * wb_font_find: the upright face of a family whose weight is nearest to regular or bold.
 *
 * The same fonts installed give the same face: of equal ones the first by path. A family is found
 * by its own name (in any case), never by a likeness or an alias. A face does not need `fonts` any
 * longer.
 */
WbFont *wb_font_find(const WbFonts *fonts, const char *family, bool bold, GError **error);
void wb_font_free(WbFont *font);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbFont, wb_font_free)

/** wb_font_path: its file (borrowed). */
const char *wb_font_path(const WbFont *font);

/** wb_font_index: its number in a file that is a collection. */
unsigned wb_font_index(const WbFont *font);

/** wb_font_same: whether both are one face (a family without a bold one has its regular). */
bool wb_font_same(const WbFont *a, const WbFont *b);

/** wb_font_has: whether it can show a character. */
bool wb_font_has(const WbFont *font, gunichar c);

/** wb_fonts_shown: the text with U+FFFD for each character that no font of this machine has:
 * what draws with these fonts would put something else in its place (pango draws boxes of any
 * size). Caller frees. */
char *wb_fonts_shown(const char *text);

#endif
