/*
 * Grid means: the geometric mean of each column of a table, all over the same rows: a mean over
 * other rows than its neighbour's could not be compared with it.
 *
 * The rows are those that have all figures. Where fewer than two do, the figure (a measure of a
 * column) that the fewest rows have is left out, of equal ones the last, and so on: pairs that do
 * not exist, as of a framework that is its own server, must not take the means from all others.
 *
 * Source: Fleming & Wallace 1986, "How not to lie with statistics": of ratios of rates only the
 * geometric mean does not depend on which of them is the base.
 */
#ifndef WB_ANALYZE_GRID_MEANS_H
#define WB_ANALYZE_GRID_MEANS_H

#include "analyze/grid.h"

typedef struct {
    bool *rows;    /* [rows of the part]: counted */
    size_t rows_n; /* counted rows: 0, or at least 2 */
    WbCell *cells; /* [columns * measures]: kind value, or blank where there is no mean */
} WbGridMeans;

/** wb_measure_has_mean: rates and latencies do; a range, a spread or a count does not. */
bool wb_measure_has_mean(const WbMeasure *measure);

/**
 * wb_grid_means_new: the means of one table.
 *
 * Only figures above zero count. The half width of a mean is that of independent roundings: the
 * root of the sum of the squares of the relative ones, through the number of rows.
 *
 * @param measures  of const WbMeasure *
 * @return          caller's
 */
WbGridMeans *wb_grid_means_new(const WbGridTable *part, const GPtrArray *measures);
void wb_grid_means_free(WbGridMeans *means);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbGridMeans, wb_grid_means_free)

#endif
