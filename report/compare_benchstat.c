/*
 * A comparison as Go benchmark text, one line a run, both sides in one file, told apart by the
 * config line `side`: `benchstat -col side`. Labels are parts of the benchmark's name, so that
 * benchstat can lay them out (`-row /server`). Cases that must not be compared are left out, as
 * benchstat would compare them.
 *
 * benchstat tests each case alone at p < 0.05; we correct for many cases and call a change below
 * the smallest that matters none. Where figures tie it doubles one tail of a distribution that is
 * not symmetric then (its p can be 0, or beyond 1). Where its sign and ours differ, or may for that
 * reason, a comment says why (tests/cli/report_benchstat.t).
 * Format: golang.org/design/14313-benchmark-format.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analyze/rank_sum.h"
#include "report/compare_formats.h"
#include "report/go_bench.h"

#define BENCHSTAT_ALPHA 0.05
#define TIES_FROM       0.004 /* exact p between which benchstat's was seen on the other side of 0.05 */
#define TIES_TO         0.25

static const char *unit_of(const WbCompareMetric *metric, char buffer[64])
{
    if (!metric->field)
        return "errors";
    if (!wb_compare_metric_is_latency(metric))
        return "req/s";
    g_snprintf(buffer, 64, "%s-ns", metric->name); /* benchstat shows "ns" as seconds */
    return buffer;
}

static bool is_exported(const WbMatch *match)
{
    return match->unlike == WB_UNLIKE_NONE;
}

/* One run: "BenchmarkHTTP/server=x 198402 19840.2 req/s 1e+06 p50-ns". */
static void append_run(const WbCompareReport *report, const WbRun *run, const char *name,
                       GString *out)
{
    const GPtrArray *metrics = report->comparison->metrics;
    g_autoptr(GString) values = g_string_new(NULL);

    for (guint m = 0; m < metrics->len; m++) {
        const WbCompareMetric *metric = g_ptr_array_index(metrics, m);
        char buffer[WB_UNITS_DOUBLE_SIZE];
        char unit[64];
        double half;
        double value = metric->field ? wb_compare_metric_value(metric, run, &half) : (double)NAN;

        if (!isnan(value))
            g_string_append_printf(values, " %s %s", wb_units_format_double(value, buffer),
                                   unit_of(metric, unit));
    }
    if (values->len)
        g_string_append_printf(out, "%s %" PRId64 "%s\n", name, MAX(run->requests, 1), values->str);
}

static void append_side(const WbCompareReport *report, bool new, GString *out)
{
    const WbMatching *matching = &report->comparison->matching;

    g_string_append_printf(out, "side: %s\n", new ? "new" : "old");
    for (guint i = 0; i < matching->list->len; i++) {
        const WbMatch *match = wb_match_at(matching, i);
        const WbCaseSummary *of = new ? match->b : match->a;
        g_autofree char *name = wb_go_bench_name(match->labels, report->name_keys);

        for (size_t r = 0; is_exported(match) && r < of->complete_n; r++)
            append_run(report, of->complete[r], name, out);
    }
}

/* Whether benchstat may show what is not shown here, or the other way round; why, in words (NULL:
 * it cannot; caller frees). */
static char *note_of(const WbCompareRow *row)
{
    const WbTwoSamplesFigures *figures = &row->judged->figures;
    bool shown = row->word == WB_WORD_FASTER || row->word == WB_WORD_SLOWER;
    const char *here = shown ? "a change is shown here" : "no change is shown here";
    char p[G_ASCII_DTOSTR_BUF_SIZE], adjusted[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(p, sizeof p, "%.4f", figures->p);
    g_ascii_formatd(adjusted, sizeof adjusted, "%.4f", row->judged->p_adj);
    if (!g_strcmp0(figures->p_method, WB_P_EXACT_TIES) && figures->p > TIES_FROM &&
        figures->p < TIES_TO)
        return g_strdup_printf(
            "%s: p %s: figures tie, and benchstat doubles one tail of a lopsided "
            "distribution",
            here, p);
    if ((figures->p < BENCHSTAT_ALPHA) == shown)
        return NULL;
    return g_strdup_printf("%s: p %s alone, %s over all cases%s", here, p, adjusted,
                           !g_strcmp0(row->reason, WB_REASON_BELOW_MIN_EFFECT)
                               ? "; it is smaller than what matters"
                               : "");
}

static void append_notes(const WbCompareReport *report, GString *out)
{
    size_t before = out->len;

    for (guint i = 0; i < report->comparison->rows->len; i++) {
        const WbCompareRow *row = wb_comparison_row(report->comparison, i);
        g_autofree char *name = NULL;
        g_autofree char *note = NULL;
        char unit[64];

        if (!is_exported(row->match) || !row->judged || !(note = note_of(row)))
            continue;
        name = wb_go_bench_name(row->match->labels, report->name_keys);
        g_string_append_printf(out, "%s# %s %s: %s\n", out->len == before ? "\n" : "",
                               name + strlen("Benchmark"), unit_of(row->metric, unit), note);
    }
}

void wb_compare_render_benchstat(const WbCompareReport *report, GString *out)
{
    const GPtrArray *metrics = report->comparison->metrics;

    for (guint m = 0; m < metrics->len; m++) {
        const WbCompareMetric *metric = g_ptr_array_index(metrics, m);
        char unit[64];

        if (metric->field)
            g_string_append_printf(out, "Unit %s better=%s\n", unit_of(metric, unit),
                                   metric->lower_is_better ? "lower" : "higher");
    }
    g_string_append_c(out, '\n');
    append_side(report, false, out);
    g_string_append_c(out, '\n');
    append_side(report, true, out);
    append_notes(report, out);
}
