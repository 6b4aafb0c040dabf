/*
 * Faces: fonts as a PDF has them embedded, with the width of each character. For pdf_pen.c alone,
 * beside which only this knows libharu.
 */
#ifndef WB_REPORT_PDF_FACE_H
#define WB_REPORT_PDF_FACE_H

#include <glib.h>
#include <hpdf.h>
#include <stdint.h>

#include "report/fonts.h"

typedef struct {
    WbFont *font;     /* owned; NULL: none was found */
    HPDF_Font handle; /* NULL: not embedded, or that failed, which libharu's handler was told */
    int16_t *widths;  /* owned; NULL: not embedded yet */
    gunichar instead; /* stands for what it lacks */
} WbPdfEmbedded;

#define WB_PDF_LACKS (-2)

/** wb_pdf_face_embed: once for each face that is used.
 * @param others  [n] faces of the same document: a family without a bold face has its regular one
 *                twice, which libharu would refuse */
void wb_pdf_face_embed(WbPdfEmbedded *face, HPDF_Doc doc, const WbPdfEmbedded *others, size_t n);
void wb_pdf_face_clear(WbPdfEmbedded *face);

/** wb_pdf_face_width: of a character in 1/1000 em; WB_PDF_LACKS if it must be replaced. */
int wb_pdf_face_width(WbPdfEmbedded *face, gunichar c);

/** wb_pdf_face_shown_width: the same, or of what stands for it. */
int wb_pdf_face_shown_width(WbPdfEmbedded *face, gunichar c);

#endif
