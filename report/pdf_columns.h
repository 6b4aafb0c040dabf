/*
 * Columns: how wide the columns of a table are on a page, in which size of type, and into which
 * blocks of columns a table is cut that is wider than the page.
 */
#ifndef WB_REPORT_PDF_COLUMNS_H
#define WB_REPORT_PDF_COLUMNS_H

#include <glib.h>
#include <stddef.h>

#include "report/pdf_pen.h"
#include "report/table.h"

/* Columns [first, end) of a table beside each other, after its row labels. */
typedef struct {
    size_t first, end;
    double stub;    /* width of the row labels */
    double *widths; /* [end - first] */
    double *lefts;  /* [end - first] left edges, from that of the row labels; the columns share the
                     * whole width */
} WbPdfColumnBlock;

typedef struct {
    double size;    /* of the type, points */
    GArray *blocks; /* of WbPdfColumnBlock, at least one */
} WbPdfColumns;

/**
 * wb_pdf_columns_plan: for a table on pages of that width.
 *
 * The largest type in which all columns fit beside each other, down to WB_PDF_TYPE_LEAST: first as
 * they are, then with long headings and columns of words broken into lines; else blocks. A text
 * that is still wider than its column is to be broken into lines.
 */
WbPdfColumns *wb_pdf_columns_plan(WbPdfPen *pen, const WbTextTable *table, double width);
void wb_pdf_columns_free(WbPdfColumns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbPdfColumns, wb_pdf_columns_free)

#define WB_PDF_TYPE_TABLE 8.0
#define WB_PDF_TYPE_LEAST 6.0

/** wb_pdf_columns_block: block i (borrowed). */
const WbPdfColumnBlock *wb_pdf_columns_block(const WbPdfColumns *columns, size_t i);

/** wb_pdf_columns_words: whether a column holds words, set from the left. */
bool wb_pdf_columns_words(const WbTextTable *table, size_t c);

#endif
