/* Charts of a PDF: a drawing as strokes, fills and text, scaled to the width of the page. */
#ifndef WB_REPORT_PDF_DRAWING_H
#define WB_REPORT_PDF_DRAWING_H

#include "report/drawing.h"
#include "report/pdf_sheet.h"

/** wb_pdf_drawing_height: of a drawing on a sheet, which is a page at most. */
double wb_pdf_drawing_height(const WbPdfSheet *sheet, const WbDrawing *drawing);

/** wb_pdf_drawing_draw: puts it onto the sheet, on one page. */
void wb_pdf_drawing_draw(WbPdfSheet *sheet, const WbDrawing *drawing);

#endif
