/*
 * Summary: what the runs of each case say. Takes the records of the store, groups them by case,
 * and fills one WbCaseSummary a case: centre, best and spread, intervals, stability, min - max per
 * window, errors with their rates, latency, and the doubts about all that as warnings.
 *
 * Complete runs only enter a figure; partial and failed ones are counted. Published figures (a cell
 * of an article's table, number of runs unknown) stand in where a case has no complete run.
 */
#ifndef WB_ANALYZE_SUMMARY_H
#define WB_ANALYZE_SUMMARY_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/case_series.h"
#include "analyze/error_rates.h"
#include "analyze/latency.h"
#include "analyze/sample.h"
#include "analyze/warnings.h"
#include "analyze/windows.h"
#include "schema/records.h"
#include "schema/store.h"

typedef struct {
    int64_t window_ns; /* 0: WB_WINDOW_DEFAULT_NS */
    double precision;  /* for runs_needed; 0: 0.02 */
    size_t best_k;     /* of best_of_k; 0: the fewest runs that any case has */
    bool no_windows;   /* leave the slices unread */
    bool no_latency;   /* leave the histograms unread */
    bool no_series;    /* leave drift, steady parts and server starts out */
    bool bootstrap;    /* BCa intervals as well (seconds) */
    bool steady;       /* of runs with slices only their steady part counts (section 7) */
    bool unit_start;   /* a server start is one observation: the mean of its runs (section 13) */
    int64_t
        skip_ns; /* windows begin that much after the run's begin; only where there are slices */
} WbSummaryOptions;

#define WB_SPLIT_NAME_ERRORS    "errors"
#define WB_SPLIT_NAME_NO_ERRORS "no errors"

/* What counts of a run: all of it, or its steady part. */
typedef struct {
    double rate;                  /* requests per s; NaN: none */
    int64_t requests, elapsed_ns; /* WB_NONE: not known */
} WbServed;

/* One case. Pointers to runs and published figures are borrowed from the WbRunSet. */
typedef struct {
    const WbCase *of_case;
    int64_t runs; /* all of them; the next three sum to it */
    int64_t runs_complete, runs_partial, runs_failed;
    const char *split;    /* WB_SPLIT_NAME_..., NULL: nothing measured nor published */
    WbSampleFigures rate; /* requests per s */
    double pooled;        /* sum(requests) / sum(elapsed), per s */
    double best_clean;    /* over the runs without errors, per s */
    double median_clean;
    WbWindowFigures window;
    WbErrorFigures errors;
    WbLatencyFigures latency;
    WbCaseSteady steady;
    WbDriftCase drift;
    WbStartsFigures starts;
    uint32_t warnings; /* bits of WbWarning */

    const WbRun *const *complete; /* [complete_n] in the order in which they were stored */
    const WbServed *served;       /* [complete_n] of each of them */
    size_t complete_n;
    const double *values;  /* [values_n] their rates, in the same order; fewer if one lacks it, or
                              where a server start is one */
    const int64_t *run_no; /* or numbers of starts */
    size_t values_n;
    const WbPublished *const *published; /* [published_n] in the order stored */
    size_t published_n;
} WbCaseSummary;

typedef struct {
    GArray *cases; /* of WbCaseSummary, in order of first appearance */
    int64_t window_ns;
    bool steady;                   /* rates and windows are of the steady part of runs */
    bool unit_start;               /* `values` are means of server starts where a case has two */
    GArray *campaigns;             /* of WbCampaignSeries; empty with no_series */
    int64_t runs_least, runs_most; /* complete runs of the cases that have any; 0: none has */

    /* The grouped records that the cases point into. */
    const WbRun **runs;
    WbServed *served;
    double *values;
    int64_t *run_no;
    const WbPublished **published;
} WbSummary;

/** wb_summary_fields: names of the run fields that a summary rests on, NULL-terminated (static),
 * for wb_store_load_runs where nothing else is shown of a run. */
const char *const *wb_summary_fields(void);

/** wb_summary_figures: the names of the figures of a case that no part of it owns (static). */
const WbFigure *wb_summary_figures(size_t *out_n);

/**
 * wb_summary_new: summarises every case of a set of runs.
 *
 * @param store    where slices and histograms are read from; NULL: do without them
 * @param set      borrowed; must outlive the summary
 * @param options  NULL: defaults
 * @return         caller's; NULL on an error of the store
 */
WbSummary *wb_summary_new(WbStore *store, const WbRunSet *set, const WbSummaryOptions *options,
                          GError **error);
void wb_summary_free(WbSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbSummary, wb_summary_free)

/** wb_summary_at: case number i (borrowed). */
const WbCaseSummary *wb_summary_at(const WbSummary *summary, size_t i);

#endif
