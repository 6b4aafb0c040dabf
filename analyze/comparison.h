/*
 * Comparison: two sides, matched case by case and judged metric by metric: what `compare` says. A
 * row is one metric of one pair of cases, with the verdict of STATISTICS section 9 and the word
 * that people read for it. Errors are a row of their own: a case that became faster and now has
 * errors is broken.
 *
 * p values are adjusted over the tested cases of one metric.
 */
#ifndef WB_ANALYZE_COMPARISON_H
#define WB_ANALYZE_COMPARISON_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "analyze/compare.h"
#include "analyze/compare_metric.h"
#include "analyze/matching.h"
#include "analyze/sides.h"

/* What people read, the most important first: the order in which rows are shown. */
typedef enum {
    WB_WORD_BROKEN, /* errors that appeared */
    WB_WORD_SLOWER,
    WB_WORD_FASTER,
    WB_WORD_FIXED, /* errors that are gone */
    WB_WORD_GONE,
    WB_WORD_ADDED,
    WB_WORD_ERRORS, /* on both sides */
    WB_WORD_NOT_COMPARABLE,
    WB_WORD_TOO_FEW_RUNS,
    WB_WORD_CANNOT_TELL,
    WB_WORD_SAME,
    WB_WORDS,
} WbWord;

/** wb_word_text: "broken", "cannot tell" ... (static). */
const char *wb_word_text(WbWord word);

/** wb_word_is_change: shown without --all: the first ones, up to errors on both sides. */
bool wb_word_is_change(WbWord word);

#define WB_REASON_ERRORS_IN_BOTH "errors_in_both"
#define WB_REASON_NO_ERRORS      "no_errors"

/* What a gate says of a row. */
typedef enum {
    WB_GATED_NOT, /* no limit on this metric, or nothing to judge */
    WB_GATED_PASS,
    WB_GATED_WORSE,
    WB_GATED_CANNOT_TELL,
    WB_GATED_NOT_COMPARABLE,
} WbGated;

typedef struct {
    const WbMatch *match;
    const WbCompareMetric *metric;
    WbWord word;
    const char *verdict;               /* WB_VERDICT_... */
    const char *reason;                /* or NULL */
    const WbComparedCase *judged;      /* NULL: the metric is errors */
    double errors_p;                   /* errors: Fisher's exact test on runs with and without */
    double error_rate_a, error_rate_b; /* errors: per attempt; NaN: not told */
    double size;                       /* of the change, abs(ln ratio); 0: none, or unknown */
    WbGated gated;                     /* set by wb_gate_judge */
} WbCompareRow;

/* One metric over all cases. */
typedef struct {
    const WbCompareMetric *metric;
    WbComparedCase *cases;    /* [cases_n] one for each row of this metric */
    const WbMatch **of_match; /* [cases_n] */
    size_t cases_n;
    double *values; /* what the cases' samples point into */
    WbCompareTogether together;
} WbMetricComparison;

typedef struct {
    WbSides sides;
    const WbSide *old, *new; /* borrowed from `sides`, or from another's */
    WbMatching matching;

    /* As given by options; owned. */
    char *metric;
    char *min_effect;
    char *pairs;
    char *adjust_text;
    gboolean bootstrap;

    double min_effect_share;
    WbAdjust adjust;
    GPtrArray *metrics;   /* of const WbCompareMetric *, in the order asked for */
    GPtrArray *by_metric; /* of WbMetricComparison; errors have none */
    GArray *rows;         /* of WbCompareRow: by match, then in the order of the metrics */
} WbComparison;

void wb_comparison_init(WbComparison *comparison);
void wb_comparison_clear(WbComparison *comparison);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbComparison, wb_comparison_clear)

#define WB_COMPARISON_ERROR (wb_comparison_error_quark())
GQuark wb_comparison_error_quark(void);
typedef enum {
    WB_COMPARISON_ERROR_OPTION,
} WbComparisonError;

/** wb_comparison_add_options: those of sides and matching, and --metric, --min-effect, --pairs,
 * --bootstrap. */
void wb_comparison_add_options(WbComparison *comparison, GOptionContext *context);

/** wb_comparison_load: reads the options, opens both sides, matches and judges. */
bool wb_comparison_load(WbComparison *comparison, GError **error);

/* The steps of a load, for one who compares more than two sides (history.h). */

/** wb_comparison_read_options: --metric, --min-effect, --pairs. */
bool wb_comparison_read_options(WbComparison *comparison, GError **error);

/** wb_comparison_match: matches two sides, which must outlive the comparison, and takes their
 * samples: fills `matching` and `by_metric`, with nothing judged. */
bool wb_comparison_match(WbComparison *comparison, const WbSide *old, const WbSide *new,
                         GError **error);

/** wb_comparison_judge_options: what the judge needs for a metric. */
WbCompareOptions wb_comparison_judge_options(const WbComparison *comparison,
                                             const WbCompareMetric *metric);

/** wb_comparison_add_rows: makes the rows of judged samples. */
void wb_comparison_add_rows(WbComparison *comparison);

/** wb_comparison_row: row number i (borrowed). */
const WbCompareRow *wb_comparison_row(const WbComparison *comparison, size_t i);

/** wb_comparison_count: how many cases (not rows) have that word as their most important one. */
size_t wb_comparison_count(const WbComparison *comparison, WbWord word);

/** wb_comparison_compared: cases with at least one judged metric: those that both sides have and
 * that may be compared. */
size_t wb_comparison_compared(const WbComparison *comparison);

/** wb_comparison_order: the rows as they are shown: by word, slower and faster as one list with the
 * largest change first, else by order of appearance (of const WbCompareRow *, caller's). */
GPtrArray *wb_comparison_order(const WbComparison *comparison);

#endif
