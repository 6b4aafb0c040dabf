/*
 * Export: HdrHistogram's percentile text of one case, the sum of the histograms of its complete
 * runs. Values are the upper ends of our buckets in ms; rows halve their distance to 100 % with
 * five steps each, as HdrHistogram's iterator does (Gil Tene).
 */
#include <inttypes.h>
#include <math.h>

#include "report/case_name.h"
#include "report/export.h"

#define STEPS_A_HALF 5
#define NS_IN_MS     1e6

/* The one case that is there; an error names the others. */
static const WbCaseSummary *only_case(const WbExport *export, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const WbCaseSummary *of, *found = NULL;

    for (size_t i = 0; (of = wb_export_next_complete(export, &i));) {
        found = of;
        g_ptr_array_add(names, wb_case_name(of->of_case->labels, export->keys));
    }
    if (names->len == 1)
        return found;
    g_set_error(error, WB_EXPORT_ERROR, WB_EXPORT_ERROR_CASES,
                "hgrm is the distribution of one case, and there are %u with complete runs%s%s; "
                "choose one by --where",
                names->len, names->len ? ": the first is " : "",
                names->len ? (char *)g_ptr_array_index(names, 0) : "");
    return NULL;
}

static void append_row(GString *out, int64_t ns, double share, int64_t count)
{
    char value[G_ASCII_DTOSTR_BUF_SIZE], percentile[G_ASCII_DTOSTR_BUF_SIZE];
    char inverse[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(value, sizeof value, "%.5f", (double)ns / NS_IN_MS);
    g_ascii_formatd(percentile, sizeof percentile, "%.12f", share);
    g_string_append_printf(out, "%12s %s %10" PRId64, value, percentile, count);
    if (share < 1)
        g_string_append_printf(out, " %14s",
                               g_ascii_formatd(inverse, sizeof inverse, "%.2f", 1 / (1 - share)));
    g_string_append_c(out, '\n');
}

/* Rows until all are below; the bucket in which that is has one, and the closing one. */
static void append_rows(GString *out, const WbHist *hist)
{
    double percent = 0; /* to be reached next; in 100ths, as HdrHistogram adds them up */
    int64_t seen = 0;

    for (int b = 0; b < WB_HIST_SIZE && seen < hist->count; b++) {
        int64_t value = MIN(wb_hist_upper(b), hist->max_ns);

        seen += hist->counts[b];
        while (hist->counts[b] && percent <= 100.0 * (double)seen / (double)hist->count) {
            append_row(out, value, percent / 100, seen);
            percent += 100 / (STEPS_A_HALF * exp2(floor(log2(100 / (100 - percent))) + 1));
            if (seen == hist->count)
                break;
        }
    }
    append_row(out, hist->max_ns, 1, hist->count);
}

static void append_foot(GString *out, const WbHist *hist)
{
    double mean = (double)hist->sum_ns / (double)hist->count;
    double variance = hist->sum_squares_ns2 / (double)hist->count - mean * mean;
    char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf(
        out, "#[Mean    = %12s, StdDeviation   = %12s]\n",
        g_ascii_formatd(a, sizeof a, "%.5f", mean / NS_IN_MS),
        g_ascii_formatd(b, sizeof b, "%.5f", sqrt(fmax(0, variance)) / NS_IN_MS));
    g_string_append_printf(out, "#[Max     = %12s, Total count    = %12" PRId64 "]\n",
                           g_ascii_formatd(a, sizeof a, "%.5f", (double)hist->max_ns / NS_IN_MS),
                           hist->count);
    g_string_append_printf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n",
                           WB_HIST_MAX_BITS - WB_HIST_SUB_BITS, WB_HIST_SUB);
}

bool wb_export_hgrm(const WbExport *export, WbOutput *out, GError **error)
{
    const WbCaseSummary *of = only_case(export, error);
    g_autofree WbHist *hist = g_new0(WbHist, 1);

    if (!of)
        return false;
    for (size_t r = 0; r < of->complete_n; r++)
        if (!wb_store_add_latency_hist(export->query->store, of->complete[r], hist, error)) {
            g_prefix_error(error, "run %" PRId64 " of the case: ", of->complete[r]->run_no);
            return false;
        }
    g_string_append_printf(out->text, "%12s %14s %10s %14s\n\n", "Value", "Percentile",
                           "TotalCount", "1/(1-Percentile)");
    append_rows(out->text, hist);
    append_foot(out->text, hist);
    return true;
}
