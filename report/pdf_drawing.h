/* Charts of a PDF: a drawing as strokes, fills and text, scaled to the width of the page. */
#ifndef WB_REPORT_PDF_DRAWING_H
#define WB_REPORT_PDF_DRAWING_H

#include "report/drawing.h"
#include "report/pdf_sheet.h"

/** wb_pdf_drawing_least: the height that a drawing needs on a sheet: it is made a little smaller
 * where that saves a page's rest. */
double wb_pdf_drawing_least(const WbPdfSheet *sheet, const WbDrawing *drawing);

/** wb_pdf_drawing_draw: puts it onto the sheet, on one page. */
void wb_pdf_drawing_draw(WbPdfSheet *sheet, const WbDrawing *drawing);

#endif
