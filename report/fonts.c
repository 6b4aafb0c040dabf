/*
 * Fonts: all faces of a family are listed and the nearest is chosen here, instead of asking
 * fontconfig for its best match, which always finds something: a report set in a font that nobody
 * asked for looks right until somebody prints it.
 */
#include "report/fonts.h"

#include <fontconfig/fontconfig.h>
#include <stdlib.h>
#include <string.h>

struct WbFonts {
    FcConfig *config; /* of our own: fontconfig's global one is never freed */
};

struct WbFont {
    char *path;
    unsigned index;
    FcCharSet *characters;
};

G_DEFINE_QUARK(wb - font - error - quark, wb_font_error)

WbFonts *wb_fonts_open(void)
{
    WbFonts *fonts = g_new0(WbFonts, 1);

    fonts->config = FcInitLoadConfigAndFonts();
    return fonts;
}

void wb_fonts_close(WbFonts *fonts)
{
    if (!fonts)
        return;
    if (fonts->config)
        FcConfigDestroy(fonts->config);
    g_free(fonts);
}

/* One face of a listing, as far as it can be used. */
typedef struct {
    const char *path;
    int index, weight;
    const FcPattern *pattern;
} Face;

static bool is_truetype(const FcPattern *pattern)
{
    FcChar8 *format;

    return FcPatternGetString(pattern, FC_FONTFORMAT, 0, &format) == FcResultMatch &&
           !strcmp((const char *)format, "TrueType");
}

static int number_of(const FcPattern *pattern, const char *object, int otherwise)
{
    int value;

    return FcPatternGetInteger(pattern, object, 0, &value) == FcResultMatch ? value : otherwise;
}

/* Upright, of normal width and not variable: libharu would embed a variable font's default. */
static bool read_face(const FcPattern *pattern, Face *out_face)
{
    FcChar8 *path;
    FcBool variable = FcFalse;

    if (FcPatternGetString(pattern, FC_FILE, 0, &path) != FcResultMatch)
        return false;
    FcPatternGetBool(pattern, FC_VARIABLE, 0, &variable);
    *out_face = (Face){.path = (const char *)path,
                       .index = number_of(pattern, FC_INDEX, 0),
                       .weight = number_of(pattern, FC_WEIGHT, FC_WEIGHT_REGULAR),
                       .pattern = pattern};
    return !variable && number_of(pattern, FC_SLANT, FC_SLANT_ROMAN) == FC_SLANT_ROMAN &&
           number_of(pattern, FC_WIDTH, FC_WIDTH_NORMAL) == FC_WIDTH_NORMAL;
}

static bool is_nearer(const Face *a, const Face *b, int weight)
{
    int distance_a = abs(a->weight - weight), distance_b = abs(b->weight - weight);
    int order = strcmp(a->path, b->path);

    if (distance_a != distance_b)
        return distance_a < distance_b;
    return order ? order < 0 : a->index < b->index;
}

static FcFontSet *list_family(const WbFonts *fonts, const char *family)
{
    FcPattern *wanted = FcPatternCreate();
    FcObjectSet *objects = FcObjectSetBuild(FC_FILE, FC_INDEX, FC_WEIGHT, FC_SLANT, FC_WIDTH,
                                            FC_FONTFORMAT, FC_VARIABLE, FC_CHARSET, NULL);
    FcFontSet *set = NULL;

    FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)family);
    if (fonts->config)
        set = FcFontList(fonts->config, wanted, objects);
    FcObjectSetDestroy(objects);
    FcPatternDestroy(wanted);
    return set;
}

static void set_error(const char *family, bool other_outlines, GError **error)
{
    if (other_outlines)
        g_set_error(error, WB_FONT_ERROR, WB_FONT_ERROR_OUTLINES,
                    "font '%s' has no upright face with TrueType outlines here (CFF and variable "
                    "fonts cannot be embedded); choose another with --font",
                    family);
    else if (!strcmp(family, WB_FONT_FAMILY))
        g_set_error(error, WB_FONT_ERROR, WB_FONT_ERROR_MISSING,
                    "font '%s' is not installed (Debian: fonts-dejavu-core); or choose another "
                    "with --font",
                    family);
    else
        g_set_error(error, WB_FONT_ERROR, WB_FONT_ERROR_MISSING,
                    "font '%s' is not installed; `fc-list : family` names those that are", family);
}

WbFont *wb_font_find(const WbFonts *fonts, const char *family, bool bold, GError **error)
{
    FcFontSet *set = list_family(fonts, family);
    int weight = bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR;
    bool any = set && set->nfont > 0;
    WbFont *font = NULL;
    Face best = {.path = NULL}, face;
    FcCharSet *characters;

    for (int i = 0; any && i < set->nfont; i++)
        if (is_truetype(set->fonts[i]) && read_face(set->fonts[i], &face) &&
            (!best.path || is_nearer(&face, &best, weight)))
            best = face;
    if (best.path &&
        FcPatternGetCharSet(best.pattern, FC_CHARSET, 0, &characters) == FcResultMatch) {
        font = g_new0(WbFont, 1);
        font->path = g_strdup(best.path);
        font->index = (unsigned)best.index;
        font->characters = FcCharSetCopy(characters);
    }
    if (set)
        FcFontSetDestroy(set);
    if (!font)
        set_error(family, any, error);
    return font;
}

void wb_font_free(WbFont *font)
{
    if (!font)
        return;
    g_free(font->path);
    FcCharSetDestroy(font->characters);
    g_free(font);
}

const char *wb_font_path(const WbFont *font)
{
    return font->path;
}

unsigned wb_font_index(const WbFont *font)
{
    return font->index;
}

bool wb_font_same(const WbFont *a, const WbFont *b)
{
    return a->index == b->index && !strcmp(a->path, b->path);
}

bool wb_font_has(const WbFont *font, gunichar c)
{
    return FcCharSetHasChar(font->characters, c);
}

/* All characters of all fonts together. */
static FcCharSet *all_characters(const WbFonts *here)
{
    FcCharSet *all = FcCharSetCreate();
    FcPattern *any = FcPatternCreate();
    FcObjectSet *wanted = FcObjectSetBuild(FC_CHARSET, (char *)NULL);
    FcFontSet *fonts = here->config ? FcFontList(here->config, any, wanted) : NULL;

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

char *wb_fonts_shown(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    FcCharSet *known = NULL;

    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);

        if (c >= 0x80 && !known) {
            g_autoptr(WbFonts) here = wb_fonts_open();

            known = all_characters(here);
        }
        g_string_append_unichar(out,
                                c < 0x80 || FcCharSetHasChar(known, c) ? c : WB_FONT_REPLACEMENT);
    }
    if (known)
        FcCharSetDestroy(known);
    return g_string_free(out, FALSE);
}
