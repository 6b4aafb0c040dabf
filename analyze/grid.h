/*
 * Grid: the cases of a summary laid out as rows x columns x tables by their labels. A grid says
 * which case stands where and what of it counts there (a WbCaseView); which figure is shown is
 * asked cell by cell (cells.h), and nothing is text yet.
 */
#ifndef WB_ANALYZE_GRID_H
#define WB_ANALYZE_GRID_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/case_view.h"
#include "analyze/cells.h"
#include "schema/store.h"

/* How labels are laid out. Keys are NULL-terminated lists, owned; NULL: choose. */
typedef struct {
    char **rows;
    char **cols;
    char **tables;
    bool by_split;          /* a table of cases with errors, and one of those without */
    WbSplit split;          /* without by_split: which cases there are at all */
    const WbFilter *filter; /* borrowed or NULL: values listed in a --where give the order */
    char **fields;          /* borrowed or NULL: keys that are fields of runs (field_labels.h) */
} WbLayout;

void wb_layout_clear(WbLayout *layout);

/* One axis: its keys, and the combinations of values that occur, in their order. */
typedef struct {
    char **keys;
    GPtrArray *items; /* of char **: one value a key, "" where a case lacks the label */
} WbAxis;

/* One table of a grid. */
typedef struct {
    size_t table;  /* item of grid->tables */
    WbSplit split; /* what its cases have in common */
    size_t rows_n, cols_n;
    size_t *rows;             /* [rows_n] items of grid->rows */
    size_t *cols;             /* [cols_n] items of grid->cols */
    const WbCaseView **cells; /* [rows_n * cols_n], row by row; NULL: no such case here */
} WbGridTable;

typedef struct {
    WbAxis rows, cols, tables;
    GPtrArray *parts; /* of WbGridTable, in order; tables without any case are left out */
    WbCaseView *views;
} WbGrid;

#define WB_GRID_ERROR (wb_grid_error_quark())
GQuark wb_grid_error_quark(void);
typedef enum {
    WB_GRID_ERROR_KEY,      /* no case has that label, and no run that field */
    WB_GRID_ERROR_CONFLICT, /* two cases fall into one cell */
} WbGridError;

/**
 * wb_grid_new: lays out the cases of a summary.
 *
 * Keys that are not chosen: rows `server`, cols `framework`, tables `benchmark`, as far as a case
 * has them and no other axis took them. No key for the rows then: all labels that are left, else
 * the key of the columns.
 *
 * Order of items: as listed in a --where with several values of that key; numbers of a field of
 * runs rise; else order of first appearance in the summary.
 *
 * @param summary  borrowed; must outlive the grid
 * @return         caller's, or NULL with WB_GRID_ERROR and what to do about it
 */
WbGrid *wb_grid_new(const WbSummary *summary, const WbLayout *layout, GError **error);
void wb_grid_free(WbGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbGrid, wb_grid_free)

/** wb_grid_view: the case in row r and column c of a table, or NULL. */
const WbCaseView *wb_grid_view(const WbGridTable *part, size_t r, size_t c);

/** wb_grid_item: value number `key` of an item of an axis (borrowed). */
const char *wb_grid_item(const WbAxis *axis, size_t item, size_t key);

/* The order of rows. */
typedef enum {
    WB_SORT_NONE,
    WB_SORT_BEST,   /* highest best-of-N of the row first */
    WB_SORT_MEDIAN, /* highest median of the row first */
    WB_SORT_NAME,   /* by label */
    WB_SORT_SPREAD, /* least spread first: cv, or min - max where runs are unknown */
} WbSort;

/** wb_sort_parse: "best" "median" "name" "spread"; false if it is none of them. */
bool wb_sort_parse(const char *text, WbSort *out_sort);

/** wb_sort_key: what a case is sorted by, highest first; NaN: it has no such figure. */
double wb_sort_key(WbSort sort, const WbCaseView *view);

/** wb_grid_sort: sorts the rows of each table; rows without figure last, ties by name. */
void wb_grid_sort(WbGrid *grid, WbSort sort);

/** wb_grid_top: keeps the first n rows of each table. */
void wb_grid_top(WbGrid *grid, size_t n);

#endif
