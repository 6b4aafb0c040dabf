/*
 * Effects: which label mattered. STATISTICS section 11 said of the tables of a grid: how much of
 * the variation within a table belongs to its rows (servers), to its columns (frameworks), to both
 * together and to noise; and of two tables, in which of them a factor made less of a difference.
 *
 * A cell enters with the rates of all its complete runs; a published rate stands in for runs, and
 * the middle of a published min - max for a rate. Cells with errors stay out of a table that does
 * not hold such cells only (--split errors).
 */
#ifndef WB_ANALYZE_EFFECTS_H
#define WB_ANALYZE_EFFECTS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/grid.h"
#include "analyze/two_way.h"

/* A cell that the grid shows and the figures leave out, or that hangs on nothing else. */
typedef struct {
    size_t row, col; /* of the part */
    const char *why; /* "errors", "no figure", "not above 0", "disconnected" (static) */
} WbEffectsLeftOut;

/* One table. */
typedef struct {
    const WbGridTable *part;
    WbTwoWayFigures figures; /* rows and columns are those of the part */
    bool too_many_levels;    /* nothing but counts was computed */
    size_t published_n;      /* cells whose figure is published: one value, no noise known */
    GArray *left_out;        /* of WbEffectsLeftOut */
} WbEffectsTable;

/* One factor in two tables, on the cells that both have. */
typedef struct {
    WbFactorKind factor;
    size_t tables[2]; /* of WbEffects.tables */
    size_t cells_n;   /* common cells, of their largest connected block */
    double spread[2]; /* largest / smallest effect in each */
    int less_in;      /* 0 or 1: in that table it made less of a difference; -1: in neither */
} WbEffectsPair;

typedef struct {
    GArray *tables; /* of WbEffectsTable, one a part of the grid, in order */
    GArray *pairs;  /* of WbEffectsPair: every two tables with common cells of >= 2 levels */
} WbEffects;

#define WB_EFFECTS_TABLES_MOST 50 /* every two of them are compared; beyond: no pairs */

/** wb_effects_new: of a grid, which must outlive the result (caller's). */
WbEffects *wb_effects_new(const WbGrid *grid);
void wb_effects_free(WbEffects *effects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbEffects, wb_effects_free)

/** wb_effects_at: table number i (borrowed). */
const WbEffectsTable *wb_effects_at(const WbEffects *effects, size_t i);

#endif
