/*
 * A comparison as Go benchmark text, one line a run, both sides in one file: `benchstat -col /side`
 * or, as a config line, `-col side`. Labels are parts of the benchmark's name, so that benchstat
 * can lay them out (`-row /server`). Cases that must not be compared are left out, as benchstat
 * would compare them.
 *
 * benchstat tests each case alone at p < 0.05; we correct for many cases and call a change below
 * the smallest that matters none. Where its sign and ours would differ, a comment says why.
 * Format: golang.org/design/14313-benchmark-format.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/compare_formats.h"
#include "report/go_bench.h"

#define BENCHSTAT_ALPHA 0.05

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

static void append_notes(const WbCompareReport *report, GString *out)
{
    size_t before = out->len;

    for (guint i = 0; i < report->comparison->rows->len; i++) {
        const WbCompareRow *row = wb_comparison_row(report->comparison, i);
        g_autofree char *name = NULL;
        char raw[G_ASCII_DTOSTR_BUF_SIZE], adjusted[G_ASCII_DTOSTR_BUF_SIZE], unit[64];
        bool shown = row->word == WB_WORD_FASTER || row->word == WB_WORD_SLOWER;

        if (!is_exported(row->match) || !row->judged ||
            (row->judged->figures.p < BENCHSTAT_ALPHA) == shown)
            continue;
        name = wb_go_bench_name(row->match->labels, report->name_keys);
        g_ascii_formatd(raw, sizeof raw, "%.4f", row->judged->figures.p);
        g_ascii_formatd(adjusted, sizeof adjusted, "%.4f", row->judged->p_adj);
        g_string_append_printf(
            out, "%s# %s %s: no change is shown here: p %s alone, %s over all cases%s\n",
            out->len == before ? "\n" : "", name + strlen("Benchmark"), unit_of(row->metric, unit),
            raw, adjusted,
            !g_strcmp0(row->reason, WB_REASON_BELOW_MIN_EFFECT)
                ? "; it is smaller than what matters"
                : "");
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
