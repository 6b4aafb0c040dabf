/*
 * Long rows: a table as machines take it: one row a case, a member a label, then the figures asked
 * for in base units at full precision, then where they come from and the state. CSV, TSV and JSON
 * write the same rows.
 */
#ifndef WB_REPORT_LONG_ROWS_H
#define WB_REPORT_LONG_ROWS_H

#include <glib.h>
#include <stdbool.h>

#include "report/formats.h"

/* One row. Texts are owned; "" is a figure that does not exist. */
typedef struct {
    const WbCaseSummary *of;
    GPtrArray *labels;  /* of char *: one a key, cleaned; NULL: the case lacks the label */
    GPtrArray *figures; /* of char *: one a column */
    const char *split;  /* "errors" "no errors", NULL: nothing measured */
    bool published;     /* a figure of the row was read from a published table */
    WbState state;
} WbLongRow;

typedef struct {
    GPtrArray *keys;    /* of char *: label keys in order of first appearance, cleaned */
    GPtrArray *columns; /* of char *: names of the figures, with units */
    GPtrArray *rows;    /* of WbLongRow */
} WbLongRows;

/** wb_long_rows_new: the rows of a report, in the order of the cases or as --sort says. */
WbLongRows *wb_long_rows_new(const WbReport *report);
void wb_long_rows_free(WbLongRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbLongRows, wb_long_rows_free)

/** wb_long_figures: the texts of one cell, one a column of its measure (of char *, caller's);
 * also for the wide shape. */
void wb_long_append_figures(GPtrArray *figures, const WbMeasure *measure, const WbCell *cell);

#endif
