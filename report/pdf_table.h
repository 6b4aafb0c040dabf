/*
 * Tables of a PDF: rules above and below, the heading again on each page with "(continued)", rows
 * that are never torn, notes below.
 */
#ifndef WB_REPORT_PDF_TABLE_H
#define WB_REPORT_PDF_TABLE_H

#include "report/pdf_columns.h"
#include "report/pdf_sheet.h"

typedef struct WbPdfTable WbPdfTable;

/** wb_pdf_table_new: a table laid out for a sheet, which it and the text table must not outlive.
 * @param number  "Table 3", before its caption */
WbPdfTable *wb_pdf_table_new(WbPdfSheet *sheet, const WbTextTable *table, unsigned number);
void wb_pdf_table_free(WbPdfTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbPdfTable, wb_pdf_table_free)

/** wb_pdf_table_least: the height of its beginning, which must not be torn: of a small table all of
 * it, else caption, heading and some rows. */
double wb_pdf_table_least(const WbPdfTable *table);

/** wb_pdf_table_draw: puts it onto the sheet. */
void wb_pdf_table_draw(const WbPdfTable *table);

#endif
