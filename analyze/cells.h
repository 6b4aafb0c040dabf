/*
 * Cells: what may stand in a cell of a table (`--cell`), and what then stands there for one case.
 *
 * A measure names a figure; a cell is its value for one case, with kind, interval and the doubts.
 * Headline measures (rates, ranges, spreads, latencies) give way to the kind `errors` where errors
 * forbid a figure; `runs` and `errors` are counts and stay.
 */
#ifndef WB_ANALYZE_CELLS_H
#define WB_ANALYZE_CELLS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/case_view.h"
#include "schema/records.h"

/* The five kinds of a cell (REPORTS section 1). */
typedef enum {
    WB_CELL_VALUE,
    WB_CELL_RANGE,
    WB_CELL_ERRORS, /* measured; errors forbid a figure */
    WB_CELL_NA,     /* declared: this pair does not exist */
    WB_CELL_BLANK,  /* nothing here */
} WbCellKind;

typedef enum {
    WB_MEASURE_VALUE,
    WB_MEASURE_RANGE,
    WB_MEASURE_COUNT,  /* an integer that is no headline figure */
    WB_MEASURE_ERRORS, /* error counts by class */
} WbMeasureKind;

typedef struct WbMeasure WbMeasure;

/* One cell. Figures that do not exist are NaN. */
typedef struct {
    WbCellKind kind;
    double value; /* kind value: in the measure's unit */
    double half;  /* half width of the rounding it was read from; 0: exact */
    bool has_interval;
    double reach;         /* half width of its interval, where has_interval and runs_missing == 0 */
    int64_t runs_missing; /* for an interval; 0: enough */
    double min, max;      /* kind range */
    bool published;       /* read from a table of somebody, number of runs unknown */
    const WbCaseSummary *of;
} WbCell;

struct WbMeasure {
    const char *name;  /* for --cell */
    const char *title; /* a few words, for captions and --help */
    const char *field; /* name in machine formats, with unit; NULL for kinds range and errors */
    WbMeasureKind kind;
    WbUnit unit;
    bool headline;
    bool lower_is_better;
    void (*fill)(const WbMeasure *measure, const WbCaseView *view, WbCell *cell);
    size_t offset; /* for `fill`: of the figure in its struct */
};

/** wb_measures: all of them (static). */
const WbMeasure *wb_measures(size_t *out_n);

/** wb_measure_find: by name, or NULL. */
const WbMeasure *wb_measure_find(const char *name);

#define WB_CELLS_ERROR (wb_cells_error_quark())
GQuark wb_cells_error_quark(void);
typedef enum {
    WB_CELLS_ERROR_NAME,
} WbCellsError;

/**
 * wb_measures_parse: "best,range" -> of const WbMeasure * (caller's). No name twice.
 *
 * Errors: WB_CELLS_ERROR_NAME, naming the word and those that exist.
 */
GPtrArray *wb_measures_parse(const char *text, GError **error);

/** wb_cell_make: what stands in a cell of that measure for that case. view NULL: blank. */
WbCell wb_cell_make(const WbMeasure *measure, const WbCaseView *view);

#endif
