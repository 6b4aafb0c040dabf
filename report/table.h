/*
 * Table: the cells of a grid as text for people. The only place that rounds: prefix, decimals and
 * the width of an interval are decided here, through schema/units; no writer does it again.
 *
 * All texts of a table are cleaned (clean.h) and not yet escaped.
 */
#ifndef WB_REPORT_TABLE_H
#define WB_REPORT_TABLE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/case_findings.h"
#include "analyze/cells.h"
#include "analyze/grid.h"

#define WB_TABLE_MEAN "geometric mean" /* heading of the row of means */

/* How figures are worded. */
typedef struct {
    bool ascii;     /* " - " in ranges, "+-" (else U+2013 and the plus-minus sign) */
    bool intervals; /* "19.41k +- 0.31k" where a figure has one */
    bool article;   /* notes only of figures that are missing */
    bool means;     /* a last row: the geometric mean of each column */
    bool aligned;   /* of several figures in a cell each stands below its like */
    const WbCaseFindings *findings; /* noted below the table; NULL: not */
} WbTableStyle;

typedef struct {
    char *text; /* "" for blank */
    WbCellKind kind;
    bool best;       /* the best figure of its column */
    bool has_number; /* `number` is what it is sorted by */
    double number;   /* exact, in the base unit; of a range its least */
} WbTextCell;

/* One table for people. Everything owned. */
typedef struct {
    char *caption; /* labels of the table and what is shown */
    char *stub_head;
    GPtrArray *heads;  /* of char *: columns */
    GPtrArray *stubs;  /* of char *: rows */
    WbTextCell *cells; /* [stubs * heads], row by row */
    bool ranges;       /* any cell is a range: cells are centred */
    bool bold_best;    /* the best figures are to be shown in bold, where a format can */
    size_t totals;     /* so many of the last rows are no cases: means */
    size_t words_from; /* columns from here on hold words, left-aligned; 0: none */
    GPtrArray *notes;  /* of char *: sentences */
} WbTextTable;

/** wb_text_table_new: a table with those columns and room for so many rows, none there yet.
 * @param caption  taken over */
WbTextTable *wb_text_table_new(char *caption, const char *const *heads, size_t heads_n,
                               size_t rows_most);
void wb_text_table_free(WbTextTable *table);

/** wb_text_table_add_row: the cells of a new last row, all blank, to be filled; takes over `stub`.
 */
WbTextCell *wb_text_table_add_row(WbTextTable *table, char *stub);

/** wb_text_table_cut: keeps the first `rows` rows. */
void wb_text_table_cut(WbTextTable *table, size_t rows);

/** wb_text_table_drop_empty: leaves out the columns without any text in a cell. */
void wb_text_table_drop_empty(WbTextTable *table);

/** wb_text_cell_set_number: a figure's text (taken over) and what it is sorted by (NaN: nothing).
 */
void wb_text_cell_set_number(WbTextCell *cell, char *text, double number);

/** wb_text_cell: row r, column c (borrowed). */
const WbTextCell *wb_text_cell(const WbTextTable *table, size_t r, size_t c);

/**
 * wb_table_list: all tables of a grid.
 *
 * Several measures: all of them in each cell, "19.34k (209 - 485)"; but where the grid has no
 * labels in columns, the measures are the columns. A measure of which a table has no figure at all
 * is left out of its cells, and a note says so.
 *
 * @param measures  of const WbMeasure *
 * A row without any figure is left out; so is a table without any, unless it has notes, which say
 * why: it has no rows then.
 *
 * @return          of WbTextTable, caller's
 */
GPtrArray *wb_table_list(const WbSummary *summary, const WbGrid *grid, const GPtrArray *measures,
                         const WbTableStyle *style);

/** wb_table_of_part: the table of one measure of one part of a grid (caller's); NULL where it has
 * no row to show. */
WbTextTable *wb_table_of_part(const WbSummary *summary, const WbGrid *grid, const WbGridTable *part,
                              const WbMeasure *measure, const WbTableStyle *style);

/** wb_table_word: "errors", "n/a" or "" for a kind that is no figure (static). */
const char *wb_table_word(WbCellKind kind);

/** wb_table_name: the labels and the split that a table of a grid is about: "benchmark=hello,
 * errors", cleaned; "" if nothing tells it from others (caller frees). */
char *wb_table_name(const WbGrid *grid, const WbGridTable *part);

/** wb_table_join: the values of an item of an axis as one text, cleaned (caller frees). */
char *wb_table_join(const WbAxis *axis, size_t item);

#endif
