/*
 * Figures by name: a module that computes a struct of figures also owns one const table that names
 * its members as STATISTICS.md does. Everything that lists figures (JSON, TSV, the oracle tests,
 * later `analyze calc`) walks these tables, so a new figure is one line beside its formula.
 */
#ifndef WB_ANALYZE_FIGURES_H
#define WB_ANALYZE_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/records.h"
#include "schema/units.h"

typedef enum {
    WB_FIGURE_REAL, /* double, NAN = does not exist */
    WB_FIGURE_INT,  /* int64_t, WB_NONE = does not exist */
    WB_FIGURE_BOOL, /* bool */
    WB_FIGURE_WORD, /* const char *, NULL = does not exist */
} WbFigureType;

typedef struct {
    const char *name; /* as in STATISTICS.md, without unit */
    WbFigureType type;
    bool has_unit; /* the name gets the suffix of the metric's unit: median -> median_per_s */
    size_t offset; /* in the struct that the table is about */
} WbFigure;

/** wb_figure_suffix: "_per_s", "_ns", "_bytes", or "" (static). */
const char *wb_figure_suffix(WbUnit unit);

/**
 * wb_figure_text: one figure for a machine: shortest exact number, "true"/"false", a word, or ""
 * where the figure does not exist.
 *
 * @param base    the struct that the figure is a member of
 * @param buffer  room for numbers; the answer is `buffer` or a static text
 */
const char *wb_figure_text(const WbFigure *figure, const void *base,
                           char buffer[WB_UNITS_DOUBLE_SIZE]);

#endif
