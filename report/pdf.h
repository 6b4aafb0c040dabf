/* PDF: a paper as a document to send, print and keep; charts as vectors, text that can be searched,
 * an outline of its sections. The same paper gives the same bytes. */
#ifndef WB_REPORT_PDF_H
#define WB_REPORT_PDF_H

#include <glib.h>
#include <stdbool.h>

#include "report/paper.h"

typedef struct {
    const char *family; /* of fonts; NULL: DejaVu Sans */
    bool letter;        /* US letter instead of A4 */
} WbPdfOptions;

/**
 * wb_pdf_render: the whole document, appended to `out`; on error nothing.
 *
 * @param out_lacking  characters that the fonts lack and that U+FFFD stands for; "" if none (caller
 *                     frees)
 * Errors: WB_FONT_ERROR_..., WB_PDF_PEN_ERROR_...
 */
bool wb_pdf_render(const WbPaper *paper, const WbPdfOptions *options, GString *out,
                   char **out_lacking, GError **error);

#endif
