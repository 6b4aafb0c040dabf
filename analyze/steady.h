/*
 * Steady: whether a run is the same from its begin to its end: change points of the series of its
 * windows, and what they mean (STATISTICS section 7). Numbers in, numbers out.
 */
#ifndef WB_ANALYZE_STEADY_H
#define WB_ANALYZE_STEADY_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#define WB_STEADY_LEAST_STEPS 8
#define WB_STEADY_MOST_STEPS  60  /* to which slices are added up */
#define WB_STEADY_COUNTS_HALF 0.5 /* half width of a count */

#define WB_STEADY_UNKNOWN   "unknown" /* fewer than 8 steps */
#define WB_STEADY_FLAT      "flat"
#define WB_STEADY_WARMUP    "warmup"
#define WB_STEADY_SLOWDOWN  "slowdown"
#define WB_STEADY_DISTURBED "disturbed"
#define WB_STEADY_NONE      "no_steady_state"

typedef struct {
    int64_t start, length; /* steps, from 0 */
    double median;         /* level */
} WbSteadySegment;

typedef struct {
    const char *steady_class; /* WB_STEADY_... */
    int64_t steady_start;     /* first step of the steady part; WB_NONE: there is none */
    GArray *segments;         /* of WbSteadySegment, owned; NULL: too few steps */
} WbSteadyFigures;

void wb_steady_clear(WbSteadyFigures *out);

/**
 * wb_steady_describe: the class of a run and where its steady part begins.
 *
 * @param y     [n] requests per step, all steps of one width
 * @param half  half width of each figure: WB_STEADY_COUNTS_HALF for counts, 0 for exact ratios
 * @param out   wb_steady_clear frees it
 * Sources: the segmentation that minimises squares plus a penalty a change, exact by dynamic
 * programming (Jackson et al. 2005, Killick et al. 2012); classes after Barrett et al. 2017.
 */
void wb_steady_describe(const double *y, size_t n, double half, WbSteadyFigures *out);

/**
 * wb_steady_step_slices: of how many slices a step is made, so that a run has at most 60 steps:
 * the smallest of 0.1, 0.2, 0.5, 1, 2, 5, 10 ... s that is a multiple of the slice.
 */
int64_t wb_steady_step_slices(int64_t slice_ns, int64_t slices);

#endif
