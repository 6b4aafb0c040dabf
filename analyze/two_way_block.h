/*
 * Two way, the block: what two_way.c works on: the cells of the largest connected block, with the
 * logarithms of their values and their levels numbered anew. For that file only.
 */
#ifndef WB_ANALYZE_TWO_WAY_BLOCK_H
#define WB_ANALYZE_TWO_WAY_BLOCK_H

#include "analyze/two_way.h"

/* The block at work; all values are ln x - base. */
typedef struct {
    double base;
    size_t n; /* cells */
    size_t levels[WB_FACTORS];
    size_t *level[WB_FACTORS];  /* [n] of each cell, numbered within the block */
    size_t *source[WB_FACTORS]; /* [levels] which level of the input it is */
    double *weight;             /* [n] values in the cell */
    double *mean, *median;      /* [n] */
    double values_n;
    double within; /* sum of squares around the cells' means */
} WbTwoWayBlock;

/** wb_two_way_find_blocks: which connected block each cell is in: most cells, then most values,
 * then first. */
void wb_two_way_find_blocks(const WbTwoWay *in, size_t *out_block_of);

/** wb_two_way_block_init: of the cells of block 0, of which there is at least one. */
void wb_two_way_block_init(WbTwoWayBlock *block, const WbTwoWay *in, const size_t *block_of);
void wb_two_way_block_clear(WbTwoWayBlock *block);

/* Cells in the order of the levels of one factor: those of level l are index[start[l]] to
 * index[start[l + 1] - 1]. */
typedef struct {
    size_t *start, *index;
} WbTwoWayLists;

WbTwoWayLists wb_two_way_lists_of(const WbTwoWayBlock *block, WbFactorKind f);
void wb_two_way_lists_clear(WbTwoWayLists *lists);

#endif
