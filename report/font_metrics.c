/* Font metrics: see font_metrics.h. FreeType reads the widths of the characters. */
#include "report/font_metrics.h"

#include <ft2build.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H

#include "report/fonts.h"

#define ELLIPSIS      "\xe2\x80\xa6"
#define WIDTH_GUESSED 0.62 /* of a character, in sizes, where there is no font */

struct WbFontMetrics {
    FT_Library library;
    FT_Face face; /* NULL: no font */
};

WbFontMetrics *wb_font_metrics_new(const char *family)
{
    WbFontMetrics *metrics = g_new0(WbFontMetrics, 1);
    g_autoptr(WbFonts) fonts = wb_fonts_open();
    g_autoptr(WbFont) font = wb_font_find(fonts, family, false, NULL);

    if (FT_Init_FreeType(&metrics->library) != 0)
        metrics->library = NULL;
    else if (!font || FT_New_Face(metrics->library, wb_font_path(font), wb_font_index(font),
                                  &metrics->face) != 0)
        metrics->face = NULL;
    return metrics;
}

void wb_font_metrics_free(WbFontMetrics *metrics)
{
    if (!metrics)
        return;
    if (metrics->face)
        FT_Done_Face(metrics->face);
    if (metrics->library)
        FT_Done_FreeType(metrics->library);
    g_free(metrics);
}

/* In sizes. */
static double width_of(const WbFontMetrics *metrics, gunichar c)
{
    FT_UInt glyph;
    FT_Fixed advance;

    if (g_unichar_iszerowidth(c))
        return 0;
    if (!metrics->face)
        return g_unichar_iswide(c) ? 1 : WIDTH_GUESSED;
    glyph = FT_Get_Char_Index(metrics->face, c);
    if (glyph == 0 || FT_Get_Advance(metrics->face, glyph, FT_LOAD_NO_SCALE, &advance) != 0)
        return 1;
    return (double)advance / metrics->face->units_per_EM;
}

double wb_font_metrics_width(const WbFontMetrics *metrics, const char *text, double size)
{
    double width = 0;

    for (; *text; text = g_utf8_next_char(text))
        width += width_of(metrics, g_utf8_get_char(text));
    return width * size;
}

double wb_font_metrics_widest(const WbFontMetrics *metrics, const GPtrArray *texts, double size)
{
    double widest = 0;

    for (guint i = 0; i < texts->len; i++)
        widest = fmax(widest, wb_font_metrics_width(metrics, g_ptr_array_index(texts, i), size));
    return widest;
}

/* Takes from both ends in turn, so that what tells names apart at either end stays. */
char *wb_font_metrics_fit(const WbFontMetrics *metrics, const char *text, double size, double width)
{
    double left_width = wb_font_metrics_width(metrics, ELLIPSIS, size), right_width = 0;
    const char *left = text, *right = text + strlen(text);
    bool left_turn = true;

    if (wb_font_metrics_width(metrics, text, size) <= width)
        return g_strdup(text);
    while (left < right) {
        const char *before = g_utf8_prev_char(right);
        double next = width_of(metrics, g_utf8_get_char(left_turn ? left : before)) * size;

        if (left_width + right_width + next > width)
            break;
        if (left_turn) {
            left = g_utf8_next_char(left);
            left_width += next;
        } else {
            right = before;
            right_width += next;
        }
        left_turn = !left_turn;
    }
    return g_strdup_printf("%.*s" ELLIPSIS "%s", (int)(left - text), text, right);
}
