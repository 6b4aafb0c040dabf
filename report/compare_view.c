/* Compare view: see compare_view.h. */
#include "report/compare_view.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/case_name.h"
#include "report/clean.h"
#include "report/figure_text.h"

#define MINUS "\xe2\x88\x92" /* U+2212 */

/* ---- names ---------------------------------------------------------------------------------- */

static size_t judged_place(const WbComparison *comparison, const WbCompareMetric *metric)
{
    guint i = 0;

    while (((const WbMetricComparison *)g_ptr_array_index(comparison->by_metric, i))->metric !=
           metric)
        i++;
    return i;
}

WbScale wb_compare_scale(const WbCompareMetric *metric, const double *values, size_t n)
{
    double smallest = NAN;
    bool whole = true;

    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i]) || values[i] == 0)
            continue;
        whole = whole && values[i] == floor(values[i]);
        smallest = fmin(smallest, fabs(values[i]));
    }
    return wb_scale_make(wb_compare_metric_unit(metric), smallest, whole);
}

/* The scale that the figures of one metric share. */
static WbScale scale_of(const WbMetricComparison *of)
{
    g_autofree double *medians = g_new(double, 2 * of->cases_n + 1);

    for (size_t i = 0; i < of->cases_n; i++) {
        medians[2 * i] = of->cases[i].figures.median_a;
        medians[2 * i + 1] = of->cases[i].figures.median_b;
    }
    return wb_compare_scale(of->metric, medians, 2 * of->cases_n);
}

void wb_compare_report_prepare(WbCompareReport *report)
{
    const WbComparison *comparison = report->comparison;
    g_autoptr(GPtrArray) labels = g_ptr_array_new();
    g_autoptr(GPtrArray) same = g_ptr_array_new();
    g_autoptr(GString) shared = g_string_new(NULL);

    for (guint i = 0; !report->history && i < comparison->matching.list->len; i++)
        g_ptr_array_add(labels, (gpointer)wb_match_at(&comparison->matching, i)->labels);
    for (guint i = 0; report->history && i < report->history->rows->len; i++)
        g_ptr_array_add(labels,
                        (gpointer)g_array_index(report->history->rows, WbHistoryRow, i).labels);
    report->name_keys = wb_case_name_keys(labels, NULL, same);
    for (guint k = 0; labels->len > 1 && k < same->len; k++) {
        const char *key = g_ptr_array_index(same, k);

        g_string_append_printf(shared, "%s%s=%s", k ? ", " : "", key,
                               wb_labels_get(g_ptr_array_index(labels, 0), key));
    }
    report->shared = wb_clean(shared->str);
    report->scales = g_new(WbScale, comparison->by_metric->len + 1);
    for (guint i = 0; i < comparison->by_metric->len; i++)
        report->scales[i] = scale_of(g_ptr_array_index(comparison->by_metric, i));
}

void wb_compare_report_clear(WbCompareReport *report)
{
    if (report->name_keys)
        g_ptr_array_unref(report->name_keys);
    g_free(report->shared);
    g_free(report->scales);
}

char *wb_compare_case_name(const WbCompareReport *report, const WbMatch *match)
{
    return wb_case_name(match->labels, report->name_keys);
}

/* ---- figures -------------------------------------------------------------------------------- */

char *wb_compare_percent(double ratio, bool ascii)
{
    double value = 100 * (ratio - 1);
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    if (!isfinite(value))
        return g_strdup("?");
    g_ascii_formatd(digits, sizeof digits, "%.1f", fabs(value));
    if (!strcmp(digits, "0.0"))
        return g_strdup(digits);
    return g_strconcat(value > 0 ? "+" : ascii ? "-" : MINUS, digits, NULL);
}

static char *interval(const WbTwoSamplesFigures *figures, bool ascii)
{
    g_autofree char *lo = wb_compare_percent(figures->ratio_lo, ascii);
    g_autofree char *hi = wb_compare_percent(figures->ratio_hi, ascii);

    return isnan(figures->ratio_lo) ? g_strdup("") : g_strdup_printf(" [%s, %s]", lo, hi);
}

char *wb_compare_change(const WbCompareRow *row, bool ascii)
{
    const WbTwoSamplesFigures *figures = row->judged ? &row->judged->figures : NULL;
    g_autofree char *ratio = NULL;
    g_autofree char *between = NULL;

    if (!figures || !strcmp(row->verdict, WB_VERDICT_NOT_COMPARABLE))
        return g_strdup(row->word == WB_WORD_ERRORS ? "~" : figures ? "?" : "");
    between = interval(figures, ascii);
    if (row->word == WB_WORD_TOO_FEW_RUNS)
        return g_strdup("?");
    if (row->word == WB_WORD_SAME || row->word == WB_WORD_CANNOT_TELL)
        return g_strconcat("~", between, NULL);
    ratio = wb_compare_percent(figures->ratio, ascii);
    return g_strconcat(ratio, " %", between, NULL);
}

char *wb_compare_errors_text(const WbCaseSummary *of, const WbErrorTally *tally)
{
    g_autofree char *classes = NULL;

    if (!of)
        return g_strdup("");
    if (of->complete_n == 0 && of->runs_failed > 0)
        return g_strdup_printf("%" PRId64 " failed run%s", of->runs_failed,
                               of->runs_failed == 1 ? "" : "s");
    if (of->complete_n == 0)
        return g_strdup(tally->with_errors ? "some" : "none");
    classes = wb_figure_errors(&of->errors);
    /* answers that a run's --expect refused have no class of their own there */
    if (!strcmp(classes, "none") && tally->with_errors > 0)
        return g_strdup_printf("unexpected %" PRId64, tally->errors);
    return g_steal_pointer(&classes);
}

char *wb_compare_figure(const WbCompareReport *report, const WbCompareRow *row, bool of_new)
{
    const WbMatch *match = row->match;
    const WbComparedCase *judged = row->judged;
    double value;

    if (!judged)
        return wb_compare_errors_text(of_new ? match->b : match->a,
                                      of_new ? &match->errors_b : &match->errors_a);
    value = of_new ? judged->figures.median_b : judged->figures.median_a;
    if (isnan(value))
        return g_strdup("");
    return wb_figure_format(&report->scales[judged_place(report->comparison, row->metric)], value,
                            of_new ? judged->samples.b_half : judged->samples.a_half);
}

char *wb_compare_why(const WbCompareRow *row)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (row->word == WB_WORD_TOO_FEW_RUNS && row->judged)
        return g_strdup_printf("%zu and %zu runs; 4 a side are the least", row->judged->samples.a_n,
                               row->judged->samples.b_n);
    if (row->word == WB_WORD_CANNOT_TELL && row->judged && row->judged->figures.mde_ratio > 1) {
        g_autofree char *least = wb_compare_percent(row->judged->figures.mde_ratio, true);

        g_string_append_printf(text, "these runs would show a change of %s %%", least + 1);
        if (row->judged->figures.runs_needed_compare != WB_NONE)
            g_string_append_printf(text, "; %" PRId64 " runs a side are needed",
                                   row->judged->figures.runs_needed_compare);
    }
    for (guint i = 0; row->word == WB_WORD_NOT_COMPARABLE && i < row->match->differences->len;
         i++) {
        const WbDifference *d = &g_array_index(row->match->differences, WbDifference, i);

        if (!d->allowed)
            g_string_append_printf(text, "%s%s %s -> %s", text->len ? ", " : "", d->trait->name,
                                   d->a, d->b);
    }
    return wb_clean(text->str);
}

char *wb_compare_sentence(const WbCompareReport *report, const WbCompareRow *row)
{
    g_autofree char *old = wb_compare_figure(report, row, false);
    g_autofree char *new = wb_compare_figure(report, row, true);
    g_autofree char *change = wb_compare_change(row, report->ascii);
    g_autofree char *why = wb_compare_why(row);
    bool told = *change && strcmp(change, "?") != 0;

    return g_strdup_printf("%s: %s -> %s%s%s%s%s", wb_word_text(row->word), *old ? old : "nothing",
                           *new ? new : "nothing", told ? ", " : "", told ? change : "",
                           *why ? "; " : "", why);
}
