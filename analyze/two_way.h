/*
 * Two way: values that lie in rows and columns, on the scale of logarithms: how much of their
 * variation belongs to the rows, to the columns, to both together and to noise, and by what factor
 * each level is above or below the others. STATISTICS section 11. Cells may be missing, and may
 * hold unequal numbers of values. Numbers in, numbers out.
 *
 * Only the largest connected block of cells counts (cells are linked by a shared row or column):
 * what hangs on nothing else cannot be told apart from its own row and column.
 */
#ifndef WB_ANALYZE_TWO_WAY_H
#define WB_ANALYZE_TWO_WAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/figures.h"

/* Levels of the smaller factor of a block: the fit solves as many equations. */
#define WB_TWO_WAY_LEVELS_MOST 2000

/* One cell that is there. Borrowed. */
typedef struct {
    size_t row, col;      /* no two cells share both */
    const double *values; /* [n] above 0, n >= 1 */
    size_t n;
} WbTwoWayCell;

typedef struct {
    const WbTwoWayCell *cells; /* [cells_n] in the order that decides between equal blocks */
    size_t cells_n;
    size_t rows_n, cols_n; /* levels of each factor; some may be without a cell */
} WbTwoWay;

typedef enum {
    WB_FACTOR_ROW,
    WB_FACTOR_COL,
    WB_FACTORS,
} WbFactorKind;

/* What is known of the rows, or of the columns. NaN: does not exist. */
typedef struct {
    double share;      /* of the variation of ln x, mean over both orders of entry */
    double f, p;       /* this factor, given the other, against the variation within cells */
    double spread;     /* largest effect / smallest */
    double *effect;    /* [levels] factor of each level; NaN outside of the block; owned */
    double *mp;        /* [levels] the same by median polish */
    size_t levels_n;   /* levels, of the input */
    int64_t levels_in; /* levels within the block */
} WbTwoWayFactor;

typedef struct {
    int64_t n_obs, n_cells; /* of the block */
    double share_interaction, share_residual;
    double f_interaction, p_interaction;
    double mp_overall; /* median polish: the level that the mp_ factors multiply; unit of values */
    WbTwoWayFactor factor[WB_FACTORS];
    size_t *block_of; /* [cells_n] 0: in the block that counts; the others by size; owned */
} WbTwoWayFigures;

/** wb_two_way_figures: the names of the members of WbTwoWayFigures (static). */
const WbFigure *wb_two_way_figures(size_t *out_n);

/** wb_two_way_factor_figures: those of WbTwoWayFactor; a full name is NAME_KEY: "share_server". */
const WbFigure *wb_two_way_factor_figures(size_t *out_n);

/**
 * wb_two_way_describe: all figures; `out` is written whole and freed by wb_two_way_figures_clear.
 *
 * @return false: the smaller factor of the block has more than WB_TWO_WAY_LEVELS_MOST levels; then
 *         everything but n_obs, n_cells and block_of does not exist
 * Sources: Lindeman, Merenda & Gold 1980 (shares), Tukey 1977 (median polish, as R's medpolish).
 */
bool wb_two_way_describe(const WbTwoWay *in, WbTwoWayFigures *out);
void wb_two_way_figures_clear(WbTwoWayFigures *out);

#endif
