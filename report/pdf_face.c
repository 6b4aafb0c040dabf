/*
 * Faces: widths are asked once for each character and kept, since libharu searches the font's map
 * from its start each time.
 */
#include "report/pdf_face.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define BEYOND  0x10000 /* characters from here on libharu shows as blanks */
#define UNKNOWN (-1)    /* a width that was not asked for yet */

static bool is_collection(const char *path)
{
    char tag[4] = "";
    FILE *file = fopen(path, "rbe");
    bool yes;

    if (!file)
        return false;
    yes = fread(tag, 1, sizeof tag, file) == sizeof tag && !memcmp(tag, "ttcf", sizeof tag);
    fclose(file);
    return yes;
}

static HPDF_Font load(HPDF_Doc doc, const WbFont *font)
{
    const char *path = wb_font_path(font);
    const char *name = is_collection(path)
                           ? HPDF_LoadTTFontFromFile2(doc, path, wb_font_index(font), HPDF_TRUE)
                           : HPDF_LoadTTFontFromFile(doc, path, HPDF_TRUE);

    return name ? HPDF_GetFont(doc, name, "UTF-8") : NULL;
}

void wb_pdf_face_embed(WbPdfEmbedded *face, HPDF_Doc doc, const WbPdfEmbedded *others, size_t n)
{
    for (size_t i = 0; i < n && !face->handle; i++)
        if (others[i].handle && wb_font_same(others[i].font, face->font))
            face->handle = others[i].handle;
    if (!face->handle)
        face->handle = load(doc, face->font);
    face->widths = g_new(int16_t, BEYOND);
    for (size_t i = 0; i < BEYOND; i++)
        face->widths[i] = UNKNOWN;
    face->instead = wb_font_has(face->font, WB_FONT_REPLACEMENT) ? WB_FONT_REPLACEMENT : '?';
}

void wb_pdf_face_clear(WbPdfEmbedded *face)
{
    wb_font_free(face->font);
    g_free(face->widths);
}

int wb_pdf_face_width(WbPdfEmbedded *face, gunichar c)
{
    int16_t *kept;

    if (c >= BEYOND)
        return WB_PDF_LACKS;
    kept = &face->widths[c];
    if (*kept != UNKNOWN)
        return *kept;
    if (!wb_font_has(face->font, c))
        *kept = WB_PDF_LACKS;
    else if (face->handle)
        *kept = (int16_t)MAX(0, HPDF_Font_GetUnicodeWidth(face->handle, (HPDF_UNICODE)c));
    else
        *kept = 0;
    return *kept;
}

int wb_pdf_face_shown_width(WbPdfEmbedded *face, gunichar c)
{
    int width = wb_pdf_face_width(face, c);

    return width == WB_PDF_LACKS ? MAX(0, wb_pdf_face_width(face, face->instead)) : width;
}
