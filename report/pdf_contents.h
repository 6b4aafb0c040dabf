/*
 * Contents of a long PDF: its headings with their pages, each a link. Room is kept for them before
 * what follows is laid out, and they are written when all pages are known.
 */
#ifndef WB_REPORT_PDF_CONTENTS_H
#define WB_REPORT_PDF_CONTENTS_H

#include <glib.h>
#include <stdbool.h>

#include "report/paper.h"
#include "report/pdf_sheet.h"

typedef struct {
    GArray *entries; /* one a heading that is listed, in order */
    guint noted;     /* headings of the paper so far */
    int deepest;     /* level of headings that are listed; 0: none */
} WbPdfContents;

/** wb_pdf_contents_reserve: keeps room on the sheet, for a paper whose headings are too many for
 * one look and that is not short. */
void wb_pdf_contents_reserve(WbPdfContents *contents, WbPdfSheet *sheet, const WbPaper *paper);
void wb_pdf_contents_clear(WbPdfContents *contents);

/** wb_pdf_contents_note: a heading now stands at the sheet's y; each of the paper, in order. */
void wb_pdf_contents_note(WbPdfContents *contents, const WbPdfSheet *sheet, const WbBlock *heading);

/** wb_pdf_contents_finish: writes them into the room that was kept. */
void wb_pdf_contents_finish(const WbPdfContents *contents, WbPdfSheet *sheet);

#endif
