/* Font metrics: see font_metrics.h. FreeType reads the widths of the characters. */
#include "report/font_metrics.h"

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include <stdbool.h>
#include <string.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H

#define ELLIPSIS      "\xe2\x80\xa6"
#define REPLACEMENT   0xfffd
#define WIDTH_GUESSED 0.62 /* of a character, in sizes, where there is no font */

struct WbFontMetrics {
    FT_Library library;
    FT_Face face; /* NULL: no font */
};

/* The file of the face that fontconfig finds; NULL: none. */
static char *find_file(const char *family, int *out_index)
{
    FcPattern *wanted = FcPatternCreate();
    FcPattern *found;
    FcResult result;
    FcChar8 *path = NULL;
    char *out = NULL;

    FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)family);
    FcConfigSubstitute(NULL, wanted, FcMatchPattern);
    FcDefaultSubstitute(wanted);
    found = FcFontMatch(NULL, wanted, &result);
    if (found && FcPatternGetString(found, FC_FILE, 0, &path) == FcResultMatch) {
        out = g_strdup((const char *)path);
        if (FcPatternGetInteger(found, FC_INDEX, 0, out_index) != FcResultMatch)
            *out_index = 0;
    }
    if (found)
        FcPatternDestroy(found);
    FcPatternDestroy(wanted);
    return out;
}

WbFontMetrics *wb_font_metrics_new(const char *family)
{
    WbFontMetrics *metrics = g_new0(WbFontMetrics, 1);
    int index = 0;
    g_autofree char *path = find_file(family, &index);

    if (FT_Init_FreeType(&metrics->library) != 0)
        metrics->library = NULL;
    else if (!path || FT_New_Face(metrics->library, path, index & 0xffff, &metrics->face) != 0)
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

/* All characters of all fonts together. */
static FcCharSet *all_characters(void)
{
    FcCharSet *all = FcCharSetCreate();
    FcPattern *any = FcPatternCreate();
    FcObjectSet *wanted = FcObjectSetBuild(FC_CHARSET, (char *)NULL);
    FcFontSet *fonts = FcFontList(NULL, any, wanted);

    for (int i = 0; fonts && i < fonts->nfont; i++) {
        FcCharSet *own;

        if (FcPatternGetCharSet(fonts->fonts[i], FC_CHARSET, 0, &own) == FcResultMatch)
            FcCharSetMerge(all, own, NULL);
    }
    if (fonts)
        FcFontSetDestroy(fonts);
    FcObjectSetDestroy(wanted);
    FcPatternDestroy(any);
    return all;
}

char *wb_font_metrics_shown(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    FcCharSet *known = NULL;

    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if (c >= 0x80 && !known)
            known = all_characters();
        g_string_append_unichar(out, c < 0x80 || FcCharSetHasChar(known, c) ? c : REPLACEMENT);
    }
    if (known)
        FcCharSetDestroy(known);
    return g_string_free(out, FALSE);
}
