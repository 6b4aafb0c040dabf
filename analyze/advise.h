/*
 * Advise: how many more runs each case wants, for an interval as narrow as asked and to be told
 * apart from its neighbours in the order, and what they cost. STATISTICS sections 4 and 9.
 */
#ifndef WB_ANALYZE_ADVISE_H
#define WB_ANALYZE_ADVISE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "analyze/rank_tables.h"

/* One case. WB_NONE: more than 1000 runs, or nothing to work it out from. */
typedef struct {
    const WbCaseSummary *of;
    int64_t runs;               /* complete */
    int64_t runs_for_precision; /* until the mean's interval is within the precision */
    int64_t runs_for_order;     /* until it is told apart from the neighbours that it ties with,
                                   if their ratios are what they seem; WB_NONE also: no such */
    int64_t runs_wanted;        /* the larger of them that exist, at least 5; WB_NONE: too many */
    int64_t runs_missing;       /* runs_wanted - runs, at least 0 */
    double run_s;               /* what a run of it took: load, warm-up and drain */
    double missing_s;           /* runs_missing * run_s */
} WbAdvice;

/** wb_advice_figures: the names of the figures (static). */
const WbFigure *wb_advice_figures(size_t *out_n);

/**
 * wb_advise: of every case with runs and without errors, in the order of the tables (of WbAdvice;
 * caller's). Neighbours within the tie margin are left alone: no number of runs makes them apart.
 *
 * @param precision  share, 0.02
 */
GArray *wb_advise(const WbRankTables *tables, double precision);

#endif
