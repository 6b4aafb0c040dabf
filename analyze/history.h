/*
 * History: the same cases in a series of databases, the oldest first: what `compare` says of three
 * and more. Each side is compared with the one before it, and the last with the first, by the
 * rules for two (comparison.h); p values are adjusted over all of these together, so that a long
 * series shows no more false changes than a short one.
 *
 * A step that shows a change is a change point of its case. Small steps that add up are seen in the
 * last against the first, and in the trend: Mann and Kendall's test on the medians of the sides.
 * The medians, not the runs, because runs of one campaign share its host's state and are not
 * independent of each other (STATISTICS section 8). It exists where all sides have the case and no
 * step forbids the comparison; below 5 sides it cannot show anything.
 */
#ifndef WB_ANALYZE_HISTORY_H
#define WB_ANALYZE_HISTORY_H

#include <glib.h>
#include <stdbool.h>

#include "analyze/comparison.h"
#include "analyze/trend.h"

/* One metric of one case over all sides. */
typedef struct {
    const WbLabels *labels; /* of the case, as matched */
    size_t case_no;         /* of all cases, from 0 */
    const WbCompareMetric *metric;
    const WbCompareRow **steps; /* [sides - 1] step i is from side i to i + 1; NULL: neither side
                                   has it */
    const WbCompareRow *whole;  /* the last against the first; NULL likewise */
    double *medians;            /* [sides] NaN: the side says nothing; NULL: errors */
    double *halves;             /* [sides] of their rounding */
    WbTrendTest trend;          /* s WB_NONE, p NaN: there is none */
    double trend_p_adj;         /* over the cases of a metric, as --adjust says; NaN likewise */
    double slope; /* of the medians a step, as a share of their median; NaN likewise */
    WbWord word;  /* the most important of the steps and the whole */
} WbHistoryRow;

typedef struct {
    WbComparison *base;  /* options and sides; borrowed */
    GPtrArray *steps;    /* of WbComparison, the last against the first behind the steps */
    GArray *rows;        /* of WbHistoryRow: by case in order of appearance, then by metric */
    size_t cases_n;      /* how many cases any side has */
    GPtrArray *matrices; /* what the rows' arrays point into */
} WbHistory;

void wb_history_init(WbHistory *history, WbComparison *base);
void wb_history_clear(WbHistory *history);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbHistory, wb_history_clear)

#define WB_HISTORY_ERROR (wb_history_error_quark())
GQuark wb_history_error_quark(void);
typedef enum {
    WB_HISTORY_ERROR_OPTION, /* --map and --pairs always are for two sides */
} WbHistoryError;

/** wb_history_is_asked: whether the options name more than two databases. */
bool wb_history_is_asked(const WbComparison *base);

/** wb_history_load: reads the options of `base`, opens all sides and compares them.
 * Errors: WB_HISTORY_ERROR_..., those of wb_comparison_load. */
bool wb_history_load(WbHistory *history, GError **error);

/** wb_history_sides: how many there are. */
size_t wb_history_sides(const WbHistory *history);

/** wb_history_step: the comparison from side i to side i + 1 (borrowed). */
WbComparison *wb_history_step(const WbHistory *history, size_t i);

/** wb_history_whole: the last side against the first (borrowed). */
WbComparison *wb_history_whole(const WbHistory *history);

/** wb_history_word: what a step says in its row: of a metric that could not be compared because of
 * errors the row of the errors tells, where they are asked for. */
WbWord wb_history_word(const WbHistory *history, const WbCompareRow *step);

/** wb_history_has_trend: the row's trend is shown: its p holds, and over the series it comes to the
 * smallest effect that matters. */
bool wb_history_has_trend(const WbHistory *history, const WbHistoryRow *row);

/** wb_history_is_change: a step or the whole shows a change, or there is a trend. */
bool wb_history_is_change(const WbHistory *history, const WbHistoryRow *row);

/** wb_history_changed: how many cases have a row with a change. */
size_t wb_history_changed(const WbHistory *history);

/** wb_history_order: the rows as they are shown: the most important word first, then the largest
 * change from the first to the last (of const WbHistoryRow *, caller's). */
GPtrArray *wb_history_order(const WbHistory *history);

#endif
