/* Latency of a case: see latency.h. */
#include "analyze/latency.h"

#include <math.h>
#include <string.h>

#include "analyze/stats.h"

#define FIGURE(index, name)                                                                        \
    {"latency_" name, WB_FIGURE_REAL, true, offsetof(WbLatencyFigures, ns[index])},                \
        {"latency_" name "_run_min", WB_FIGURE_REAL, true,                                         \
         offsetof(WbLatencyFigures, lo_ns[index])},                                                \
    {                                                                                              \
        "latency_" name "_run_max", WB_FIGURE_REAL, true, offsetof(WbLatencyFigures, hi_ns[index]) \
    }

static const WbFigure figures[] = {
    {"latency_kind", WB_FIGURE_WORD, false, offsetof(WbLatencyFigures, kind)},
    {"latency_from", WB_FIGURE_WORD, false, offsetof(WbLatencyFigures, from)},
    {"latency_count", WB_FIGURE_INT, false, offsetof(WbLatencyFigures, count)},
    FIGURE(WB_LATENCY_MEAN, "mean"),
    FIGURE(WB_LATENCY_STDEV, "stdev"),
    FIGURE(WB_LATENCY_MIN, "min"),
    FIGURE(WB_LATENCY_P50, "p50"),
    FIGURE(WB_LATENCY_P75, "p75"),
    FIGURE(WB_LATENCY_P90, "p90"),
    FIGURE(WB_LATENCY_P95, "p95"),
    FIGURE(WB_LATENCY_P99, "p99"),
    FIGURE(WB_LATENCY_P999, "p999"),
    FIGURE(WB_LATENCY_MAX, "max"),
};

/* Where a run keeps each figure, and which share of the answers lies below it. */
static const struct {
    double share; /* 0: no percentile */
    size_t offset, half_offset;
} sources[WB_LATENCIES] = {
    [WB_LATENCY_MIN] = {0, offsetof(WbRun, latency_min_ns), offsetof(WbRun, latency_min_ns_half)},
    [WB_LATENCY_P50] = {0.5, offsetof(WbRun, latency_p50_ns), offsetof(WbRun, latency_p50_ns_half)},
    [WB_LATENCY_P75] = {0.75, offsetof(WbRun, latency_p75_ns),
                        offsetof(WbRun, latency_p75_ns_half)},
    [WB_LATENCY_P90] = {0.9, offsetof(WbRun, latency_p90_ns), offsetof(WbRun, latency_p90_ns_half)},
    [WB_LATENCY_P95] = {0.95, offsetof(WbRun, latency_p95_ns),
                        offsetof(WbRun, latency_p95_ns_half)},
    [WB_LATENCY_P99] = {0.99, offsetof(WbRun, latency_p99_ns),
                        offsetof(WbRun, latency_p99_ns_half)},
    [WB_LATENCY_P999] = {0.999, offsetof(WbRun, latency_p999_ns),
                         offsetof(WbRun, latency_p999_ns_half)},
    [WB_LATENCY_MEAN] = {0, offsetof(WbRun, latency_mean_ns),
                         offsetof(WbRun, latency_mean_ns_half)},
    [WB_LATENCY_STDEV] = {0, offsetof(WbRun, latency_stdev_ns),
                          offsetof(WbRun, latency_stdev_ns_half)},
    [WB_LATENCY_MAX] = {0, offsetof(WbRun, latency_max_ns), offsetof(WbRun, latency_max_ns_half)},
};

const WbFigure *wb_latency_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

static int64_t member(const WbRun *run, size_t offset)
{
    return *(const int64_t *)((const char *)run + offset);
}

static bool has_latency(const WbRun *run)
{
    for (size_t f = 0; f < WB_LATENCIES; f++)
        if (member(run, sources[f].offset) != WB_NONE)
            return true;
    return false;
}

/* The one kind that all runs with latencies share; false if they differ. */
static bool common_kind(const WbRun *const *runs, size_t n, const char **out_kind)
{
    bool any = false;

    for (size_t i = 0; i < n; i++) {
        if (!has_latency(runs[i]) && !runs[i]->latency_kind)
            continue;
        if (any && g_strcmp0(*out_kind, runs[i]->latency_kind) != 0)
            return false;
        *out_kind = runs[i]->latency_kind;
        any = true;
    }
    return true;
}

static void from_histogram(const WbHist *hist, WbLatencyFigures *out)
{
    double count = (double)hist->count;
    double mean = (double)hist->sum_ns / count;

    out->from = WB_LATENCY_FROM_HISTOGRAM;
    out->count = hist->count;
    out->ns[WB_LATENCY_MEAN] = mean;
    if (hist->count > 1)
        out->ns[WB_LATENCY_STDEV] =
            sqrt(fmax(0, (hist->sum_squares_ns2 - count * mean * mean) / (count - 1)));
    out->ns[WB_LATENCY_MIN] = (double)hist->min_ns;
    out->ns[WB_LATENCY_MAX] = (double)hist->max_ns;
    for (size_t f = 0; f < WB_LATENCIES; f++) {
        if (sources[f].share == 0)
            continue;
        if (count - floor(sources[f].share * count + 0.5) < WB_LATENCY_LEAST_ABOVE)
            out->few_above = true;
        else
            out->ns[f] = (double)wb_hist_quantile_ns(hist, sources[f].share);
    }
}

static void from_runs(const WbRun *const *runs, size_t n, WbLatencyFigures *out)
{
    g_autofree double *values = g_new(double, n);

    for (size_t f = 0; f < WB_LATENCIES; f++) {
        size_t known = 0;

        for (size_t i = 0; i < n; i++) {
            if (member(runs[i], sources[f].offset) == WB_NONE)
                continue;
            values[known++] = (double)member(runs[i], sources[f].offset);
            out->half_ns[f] =
                fmax(out->half_ns[f], (double)member(runs[i], sources[f].half_offset));
        }
        if (known == 0)
            continue;
        wb_stats_sort(values, known);
        out->from = WB_LATENCY_FROM_RUNS;
        out->ns[f] = wb_stats_median(values, known);
        out->lo_ns[f] = values[0];
        out->hi_ns[f] = values[known - 1];
    }
}

/* Sums the runs' histograms into `hist`, which is zeroed; *out_all is false if a run with latencies
 * has none stored. */
static bool sum_histograms(WbStore *store, const WbRun *const *runs, size_t n, WbHist *hist,
                           bool *out_all, GError **error)
{
    *out_all = false;
    for (size_t i = 0; i < n; i++) {
        g_autoptr(GError) problem = NULL;

        if (!has_latency(runs[i]) && !runs[i]->latency_kind)
            continue;
        *out_all = wb_store_add_latency_hist(store, runs[i], hist, &problem);
        if (*out_all)
            continue;
        if (g_error_matches(problem, WB_STORE_ERROR, WB_STORE_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    return true;
}

bool wb_latency_describe(WbStore *store, const WbRun *const *runs, size_t n, WbHist *hist,
                         WbLatencyFigures *out, GError **error)
{
    bool all = false, done;

    *out = (WbLatencyFigures){.count = WB_NONE};
    for (size_t f = 0; f < WB_LATENCIES; f++)
        out->ns[f] = out->lo_ns[f] = out->hi_ns[f] = NAN;
    if (!common_kind(runs, n, &out->kind)) {
        out->kind = NULL;
        out->mixed_kinds = true;
        return true;
    }
    done = !store || sum_histograms(store, runs, n, hist, &all, error);
    if (done && all && hist->count > 0)
        from_histogram(hist, out);
    else if (done && n > 0)
        from_runs(runs, n, out);
    /* Most cases of imported logs have none: clearing 37 KiB for each would be most of the work. */
    if (hist->count > 0)
        memset(hist, 0, sizeof *hist);
    return done;
}
