/* Compare view: see compare_view.h. */
#include "report/compare_view.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analyze/compare_document.h"
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

/* The scale that the figures of one metric share. */
static WbScale scale_of(const WbMetricComparison *of)
{
    double smallest = NAN;
    bool whole = true;

    for (size_t i = 0; i < 2 * of->cases_n; i++) {
        const WbTwoSamplesFigures *figures = &of->cases[i / 2].figures;
        double value = i % 2 ? figures->median_b : figures->median_a;

        if (isnan(value) || value == 0)
            continue;
        whole = whole && value == floor(value);
        smallest = fmin(smallest, fabs(value));
    }
    return wb_scale_make(wb_compare_metric_unit(of->metric), smallest, whole);
}

void wb_compare_report_prepare(WbCompareReport *report)
{
    const WbComparison *comparison = report->comparison;
    g_autoptr(GPtrArray) labels = g_ptr_array_new();
    g_autoptr(GPtrArray) same = g_ptr_array_new();
    g_autoptr(GString) shared = g_string_new(NULL);

    for (guint i = 0; i < comparison->matching.list->len; i++)
        g_ptr_array_add(labels, (gpointer)wb_match_at(&comparison->matching, i)->labels);
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

/* "+8.3", with the sign always; "0.0" has none. */
static char *percent(double ratio, bool ascii)
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
    g_autofree char *lo = percent(figures->ratio_lo, ascii);
    g_autofree char *hi = percent(figures->ratio_hi, ascii);

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
    ratio = percent(figures->ratio, ascii);
    return g_strconcat(ratio, " %", between, NULL);
}

static char *errors_text(const WbCaseSummary *of, const WbErrorTally *tally)
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
        return errors_text(of_new ? match->b : match->a,
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
        g_autofree char *least = percent(row->judged->figures.mde_ratio, true);

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

/* ---- above the table ------------------------------------------------------------------------ */

static void append_counted(GString *text, size_t count, const char *what)
{
    if (count)
        g_string_append_printf(text, "%s%zu %s", text->len ? ", " : "", count, what);
}

char *wb_compare_headline(const WbComparison *comparison)
{
    g_autoptr(GString) text = g_string_new(NULL);
    size_t cases = comparison->matching.list->len;

    for (int word = 0; word < WB_WORDS; word++)
        if (wb_word_is_change((WbWord)word))
            append_counted(text, wb_comparison_count(comparison, (WbWord)word),
                           wb_word_text((WbWord)word));
    if (text->len == 0)
        g_string_append(text, "no change shown");
    g_string_append_printf(text, ", of %zu case%s", cases, cases == 1 ? "" : "s");
    return g_strdup(text->str);
}

static char *together_text(const WbMetricComparison *of, bool ascii)
{
    g_autofree char *ratio = percent(of->together.geomean_ratio, ascii);
    g_autofree char *lo = percent(of->together.geomean_lo, ascii);
    g_autofree char *hi = percent(of->together.geomean_hi, ascii);

    if (of->together.geomean_n < 2)
        return g_strdup("");
    if (isnan(of->together.geomean_lo))
        return g_strdup_printf("; together %s %% over %" PRId64 " cases", ratio,
                               of->together.geomean_n);
    return g_strdup_printf("; together %s %% [%s, %s] over %" PRId64 " cases", ratio, lo, hi,
                           of->together.geomean_n);
}

/* "rate: 1 slower, 3 no difference; together -0.9 % [-1.4, -0.4] over 8 cases" */
static char *metric_line(const WbMetricComparison *of, bool ascii)
{
    const struct {
        int64_t count;
        WbWord word;
    } counts[] = {{of->together.n_slower, WB_WORD_SLOWER},
                  {of->together.n_faster, WB_WORD_FASTER},
                  {of->together.n_no_difference, WB_WORD_SAME},
                  {of->together.n_inconclusive, WB_WORD_CANNOT_TELL},
                  {of->together.n_too_few_runs, WB_WORD_TOO_FEW_RUNS}};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *together = together_text(of, ascii);

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        append_counted(text, (size_t)counts[i].count, wb_word_text(counts[i].word));
    return text->len ? g_strdup_printf("%s: %s%s", of->metric->name, text->str, together) : NULL;
}

static void add_differences(GPtrArray *head, const WbComparison *comparison)
{
    g_autoptr(GArray) told = wb_compare_differences(comparison);

    for (guint i = 0; i < told->len; i++) {
        const WbToldDifference *d = &g_array_index(told, WbToldDifference, i);
        g_autofree char *remedy =
            g_strdup_printf(": not compared; --allow %s would", d->trait->name);
        g_autofree char *line =
            g_strdup_printf("differs: %s %s -> %s, in %zu case%s%s", d->trait->name, d->a, d->b,
                            d->cases, d->cases == 1 ? "" : "s", d->allowed ? "" : remedy);

        g_ptr_array_add(head, wb_clean(line));
    }
}

char *wb_compare_gate_text(const WbGate *gate)
{
    static const char *const says[] = {[WB_GATE_PASS] = "passed",
                                       [WB_GATE_WORSE] = "worse",
                                       [WB_GATE_CANNOT_TELL] = "cannot tell (too few runs)",
                                       [WB_GATE_NOT_COMPARABLE] = "not comparable"};
    g_autoptr(GString) text = g_string_new(NULL);

    if (!gate || !wb_gate_is_set(gate))
        return NULL;
    for (guint i = 0; i < gate->limits->len; i++) {
        const WbGateLimit *limit = &g_array_index(gate->limits, WbGateLimit, i);
        char digits[G_ASCII_DTOSTR_BUF_SIZE];

        g_ascii_formatd(digits, sizeof digits, "%.3g", 100 * limit->share);
        g_string_append_printf(text, "%s%s %s %%", text->len ? ", " : "", limit->metric->name,
                               digits);
    }
    if (gate->learned_from)
        g_string_append_printf(text, "; learned from %zu comparisons of like with like",
                               gate->learned_from);
    return g_strdup_printf("gate: %s (%s)", says[gate->status], text->str);
}

GPtrArray *wb_compare_head(const WbCompareReport *report)
{
    const WbComparison *comparison = report->comparison;
    const WbSide *old = wb_sides_at(&comparison->sides, 0);
    const WbSide *new = wb_sides_at(&comparison->sides, 1);
    GPtrArray *head = g_ptr_array_new_with_free_func(g_free);
    char *gate = wb_compare_gate_text(report->gate);

    g_ptr_array_add(head, wb_compare_headline(comparison));
    if (gate)
        g_ptr_array_add(head, gate);
    g_ptr_array_add(head, g_strdup_printf("old: %u runs in %u cases; new: %u runs in %u cases; "
                                          "%zu compared%s%s",
                                          old->set->runs->len, old->summary->cases->len,
                                          new->set->runs->len, new->summary->cases->len,
                                          wb_comparison_compared(comparison),
                                          *report->shared ? "; " : "", report->shared));
    add_differences(head, comparison);
    for (guint i = 0; i < comparison->by_metric->len; i++) {
        char *line = metric_line(g_ptr_array_index(comparison->by_metric, i), report->ascii);

        if (line)
            g_ptr_array_add(head, line);
    }
    return head;
}
