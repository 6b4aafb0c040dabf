/* Compare view, what stands above the table: see compare_view.h. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analyze/compare_document.h"
#include "report/clean.h"
#include "report/compare_view.h"

#define DAY 10 /* bytes of "2018-06-05" */

static void append_counted(GString *text, size_t count, const char *what)
{
    if (count)
        g_string_append_printf(text, "%s%zu %s", text->len ? ", " : "", count, what);
}

/* Each case once, by its most important word: those that changed, or those that did not. */
static char *counts_of(const WbComparison *comparison, bool changed)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (int word = 0; word < WB_WORDS; word++)
        if (wb_word_is_change((WbWord)word) == changed)
            append_counted(text, wb_comparison_count(comparison, (WbWord)word),
                           wb_word_text((WbWord)word));
    return g_strdup(text->str);
}

char *wb_compare_headline(const WbComparison *comparison)
{
    g_autofree char *changed = counts_of(comparison, true);
    g_autofree char *rest = counts_of(comparison, false);
    size_t cases = comparison->matching.list->len;

    return g_strdup_printf("%zu case%s: %s%s%s", cases, cases == 1 ? "" : "s",
                           *changed ? changed : "no change shown", *rest ? "; " : "", rest);
}

static char *together_text(const WbMetricComparison *of, size_t cases, bool ascii)
{
    g_autofree char *ratio = wb_compare_percent(of->together.geomean_ratio, ascii);
    g_autofree char *lo = wb_compare_percent(of->together.geomean_lo, ascii);
    g_autofree char *hi = wb_compare_percent(of->together.geomean_hi, ascii);

    if (of->together.geomean_n < 2)
        return g_strdup("");
    if (isnan(of->together.geomean_lo))
        return g_strdup_printf("; together %s %% over %" PRId64 " of %zu cases", ratio,
                               of->together.geomean_n, cases);
    return g_strdup_printf("; together %s %% [%s, %s] over %" PRId64 " of %zu cases", ratio, lo, hi,
                           of->together.geomean_n, cases);
}

/* "rate: 1 slower, 3 no difference; together -0.9 % [-1.4, -0.4] over 8 of 10 cases": what is left
 * out of the geometric mean has no ratio, or is not comparable. */
static char *metric_line(const WbMetricComparison *of, size_t cases, bool ascii)
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
    g_autofree char *together = together_text(of, cases, ascii);

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        append_counted(text, (size_t)counts[i].count, wb_word_text(counts[i].word));
    return text->len ? g_strdup_printf("%s: %s%s", of->metric->name, text->str, together) : NULL;
}

/* How many of the next differences are of the same trait and the same consequence. */
static guint alike(const GArray *told, guint first)
{
    const WbToldDifference *one = &g_array_index(told, WbToldDifference, first);
    guint n = 1;

    while (first + n < told->len &&
           g_array_index(told, WbToldDifference, first + n).trait == one->trait &&
           g_array_index(told, WbToldDifference, first + n).allowed == one->allowed)
        n++;
    return n;
}

/* "differs: connections 50 -> 20 in 2 cases, which are not compared (--allow connections compares
 * them)". A trait that differs from case to case (URLs) takes one line, not one a case. */
static char *difference_line(const GArray *told, guint first, guint n, const char *lead)
{
    const WbToldDifference *one = &g_array_index(told, WbToldDifference, first);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *cleaned = NULL;
    size_t cases = 0;

    for (guint i = 0; i < n; i++)
        cases += g_array_index(told, WbToldDifference, first + i).cases;
    g_string_append_printf(text, "%sdiffers: %s %s -> %s", lead, one->trait->name, one->a, one->b);
    cleaned = wb_clean(text->str);
    g_string_assign(text, cleaned);
    if (n > 1)
        g_string_append_printf(text, " and %u more", n - 1);
    g_string_append_printf(text, ", in %zu case%s", cases, cases == 1 ? "" : "s");
    if (!one->allowed)
        g_string_append_printf(text, ": not compared (--allow %s compares %s)", one->trait->name,
                               cases == 1 ? "it" : "them");
    else if (one->trait->kind != WB_TRAIT_TOLD)
        g_string_append(text, ": compared all the same (--allow)");
    return g_strdup(text->str);
}

void wb_compare_add_differences(GPtrArray *head, const WbComparison *comparison, const char *lead)
{
    g_autoptr(GArray) told = wb_compare_differences(comparison);
    guint n;

    for (guint i = 0; i < told->len; i += n) {
        n = alike(told, i);
        g_ptr_array_add(head, difference_line(told, i, n, lead));
    }
}

/* The days of a side's runs, "2018-06-01 to 2018-06-05"; "" where no run tells (caller frees). */
static char *days_of(const WbSide *side)
{
    const char *first = NULL, *last = NULL;

    for (guint i = 0; i < side->set->runs->len; i++) {
        const char *at = g_array_index(side->set->runs, WbRun, i).started_at;

        if (!at || strlen(at) < DAY)
            continue;
        first = !first || strcmp(at, first) < 0 ? at : first;
        last = !last || strcmp(at, last) > 0 ? at : last;
    }
    if (!first)
        return g_strdup("");
    return strncmp(first, last, DAY) != 0 ? g_strdup_printf(" of %.10s to %.10s", first, last)
                                          : g_strdup_printf(" of %.10s", first);
}

/* "old: 54 runs of 2018-06-05 in 9 cases; campaign: python servers" */
char *wb_compare_side_line(const WbSide *side, const char *name)
{
    const WbCampaignRecord *one =
        side->campaigns->len == 1 ? &g_array_index(side->campaigns, WbCampaignRecord, 0) : NULL;
    bool named = one && one->name && *one->name;
    g_autofree char *days = days_of(side);
    g_autofree char *line =
        g_strdup_printf("%s: %u run%s%s in %u case%s%s%s", name, side->set->runs->len,
                        side->set->runs->len == 1 ? "" : "s", days, side->summary->cases->len,
                        side->summary->cases->len == 1 ? "" : "s", named ? "; campaign: " : "",
                        named ? one->name : "");

    return wb_clean(line);
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

/* Cases that are compared round by round rest on another test than the others. */
static void add_pairs(GPtrArray *head, const WbComparison *comparison)
{
    const WbMetricComparison *of =
        comparison->by_metric->len ? g_ptr_array_index(comparison->by_metric, 0) : NULL;
    int64_t least = G_MAXINT64;
    size_t cases = 0;

    for (size_t i = 0; of && i < of->cases_n; i++)
        if (of->cases[i].samples.paired) {
            cases++;
            least = MIN(least, (int64_t)of->cases[i].samples.a_n);
        }
    if (cases)
        g_ptr_array_add(head,
                        g_strdup_printf("compared round by round: %zu case%s, %" PRId64 " rounds%s",
                                        cases, cases == 1 ? "" : "s", least,
                                        cases == 1 ? "" : " or more"));
}

GPtrArray *wb_compare_head(const WbCompareReport *report)
{
    const WbComparison *comparison = report->comparison;
    GPtrArray *head;
    char *gate;
    size_t cases = comparison->matching.list->len;

    if (report->history)
        return wb_history_head(report);
    head = g_ptr_array_new_with_free_func(g_free);
    gate = wb_compare_gate_text(report->gate);
    g_ptr_array_add(head, wb_compare_headline(comparison));
    if (gate)
        g_ptr_array_add(head, gate);
    g_ptr_array_add(head, wb_compare_side_line(comparison->old, "old"));
    g_ptr_array_add(head, wb_compare_side_line(comparison->new, "new"));
    g_ptr_array_add(head, g_strdup_printf("compared: %zu of %zu cases%s%s",
                                          wb_comparison_compared(comparison), cases,
                                          *report->shared ? "; all have " : "", report->shared));
    add_pairs(head, comparison);
    wb_compare_add_differences(head, comparison, "");
    for (guint i = 0; i < comparison->by_metric->len; i++) {
        char *line = metric_line(g_ptr_array_index(comparison->by_metric, i), cases, report->ascii);

        if (line)
            g_ptr_array_add(head, line);
    }
    return head;
}
