/*
 * Compare view: a comparison as people read it: who is compared, what changed sorted by size, and
 * what could not be told. The one place where its figures become text; the writers (text, Markdown,
 * HTML, JUnit, annotations) only lay it out and escape.
 */
#ifndef WB_REPORT_COMPARE_VIEW_H
#define WB_REPORT_COMPARE_VIEW_H

#include <glib.h>
#include <stdbool.h>

#include "analyze/comparison.h"
#include "analyze/gate.h"
#include "report/figure_text.h"
#include "report/table.h"

/* What is shown, and how. */
typedef struct {
    const WbComparison *comparison; /* borrowed, as the gate */
    const WbGate *gate;
    const WbHistory *history; /* a series: `comparison` is its last step; NULL: two sides */
    bool all;                 /* also what did not change */
    bool ascii;               /* no signs beyond ASCII */
    bool color;
    bool csv_raw;
    size_t columns; /* of the terminal; 0: as wide as needed */

    /* Made by wb_compare_report_prepare. */
    GPtrArray *name_keys; /* of const char *: labels in which cases differ, server and framework
                             first */
    char *shared;         /* "benchmark=hello": the labels in which none differs, cleaned */
    WbScale *scales;      /* one for each metric that is judged: its figures share it */
} WbCompareReport;

/** wb_compare_report_prepare: what depends on all cases; the members above must be set. */
void wb_compare_report_prepare(WbCompareReport *report);
void wb_compare_report_clear(WbCompareReport *report);

/** wb_compare_case_name: "gunicorn/flask": the values of the labels in which cases differ, server
 * and framework first, cleaned (caller frees). */
char *wb_compare_case_name(const WbCompareReport *report, const WbMatch *match);

/** wb_compare_percent: the change that a ratio is, "+8.3", with the sign always; "0.0" has none;
 * "?" where there is none (caller frees). */
char *wb_compare_percent(double ratio, bool ascii);

/** wb_compare_change: "+8.3 % [+7.5, +9.2]"; "~" with the interval where no difference is shown;
 * "?" where there is none (caller frees). */
char *wb_compare_change(const WbCompareRow *row, bool ascii);

/** wb_compare_figure: what one side says of a row's metric: "19.34k", "11.18 ms", "read 14", "none"
 * (caller frees); "" where the side lacks the case. */
char *wb_compare_figure(const WbCompareReport *report, const WbCompareRow *row, bool of_new);

/** wb_compare_headline: "30 cases: 1 broken, 2 slower; 4 cannot tell, 23 no difference" (caller
 * frees). */
char *wb_compare_headline(const WbComparison *comparison);

/** wb_compare_why: why a row is not comparable or cannot be told, in words; "" for others (caller
 * frees). */
char *wb_compare_why(const WbCompareRow *row);

/** wb_compare_sentence: "slower: 20.03k -> 18.00k, -10.1 % [-11.3, -8.9]", and why (caller frees).
 */
char *wb_compare_sentence(const WbCompareReport *report, const WbCompareRow *row);

/** wb_compare_gate_text: "worse" and the limits; NULL: no gate (caller frees). */
char *wb_compare_gate_text(const WbGate *gate);

/** wb_compare_is_shown: a row that people see: a change, or any with --all; what all metrics of a
 * case would say alike is shown once. */
bool wb_compare_is_shown(const WbCompareReport *report, const WbCompareRow *row);

/** wb_compare_errors_text: the errors of one side's case, "read 14", "none" (caller frees). */
char *wb_compare_errors_text(const WbCaseSummary *of, const WbErrorTally *tally);

/** wb_compare_scale: the scale for a metric's figures [n]; NaN ones do not count. */
WbScale wb_compare_scale(const WbCompareMetric *metric, const double *values, size_t n);

/** wb_compare_add_differences: "differs: ..." lines, each led by `lead`. */
void wb_compare_add_differences(GPtrArray *head, const WbComparison *comparison, const char *lead);

/** wb_compare_side_line: "NAME: 54 runs of 2018-06-05 in 9 cases" (caller frees). */
char *wb_compare_side_line(const WbSide *side, const char *name);

/* The series: what wb_compare_head and wb_compare_table give where there is one. */
GPtrArray *wb_history_head(const WbCompareReport *report);
WbTextTable *wb_history_table(const WbCompareReport *report);

/** wb_compare_head: the lines above the table: the headline, then "NAME: ..." each (of char *,
 * caller's). */
GPtrArray *wb_compare_head(const WbCompareReport *report);

/** wb_compare_table: changes, the most important first; notes below (caller frees). Without a row
 * where nothing changed. */
WbTextTable *wb_compare_table(const WbCompareReport *report);

#endif
