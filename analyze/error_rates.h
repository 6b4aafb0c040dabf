/*
 * Error rates: STATISTICS section 6. Errors come in clusters (one bad run has nearly all of them),
 * so a rate's interval is widened by the design effect that the runs themselves show.
 */
#ifndef WB_ANALYZE_ERROR_RATES_H
#define WB_ANALYZE_ERROR_RATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/figures.h"
#include "schema/records.h"

/* What is counted apart. STATUS counts answers, the first four count socket errors. */
typedef enum {
    WB_TALLY_CONNECT,
    WB_TALLY_READ,
    WB_TALLY_WRITE,
    WB_TALLY_TIMEOUT,
    WB_TALLY_STATUS,
    WB_TALLY_ALL, /* the first four together */
    WB_TALLIES,
} WbTallyClass;

/* One class over all runs of a case. */
typedef struct {
    int64_t count; /* WB_NONE: no run tells */
    double rate;   /* count / attempts; NaN: no attempts */
    double deff;   /* design effect, >= 1 */
    double lo, hi; /* Wilson's interval of the rate with attempts / deff */
} WbErrorRate;

typedef struct {
    WbErrorRate of[WB_TALLIES];
    int64_t runs;             /* that went in: complete ones */
    int64_t runs_with_errors; /* any of the four socket classes above 0 */
    double run_share;
    double run_lo, run_hi; /* Clopper-Pearson; NaN without runs */
    bool status_errors;
} WbErrorFigures;

/** wb_error_figures: the names of the members of WbErrorFigures (static). */
const WbFigure *wb_error_figures(size_t *out_n);

/** wb_error_class_name: "connect" "read" "write" "timeout" "status" "all" (static). */
const char *wb_error_class_name(WbTallyClass class);

/** wb_error_count: of one run; WB_NONE if its log does not tell. */
int64_t wb_error_count(const WbRun *run, WbTallyClass class);

/**
 * wb_error_rates: all figures of the complete runs of a case.
 *
 * Attempts of a run are its requests and its socket errors; without the timeouts for wrk and wrk2,
 * which count a late answer as a request, too. Attempts of `status` are the requests.
 *
 * @param runs  [n] borrowed
 * Sources: Clopper & Pearson 1934, Wilson 1927, Rao & Scott 1992 (design effect).
 */
void wb_error_rates(const WbRun *const *runs, size_t n, WbErrorFigures *out);

#endif
