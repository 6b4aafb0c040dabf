/* Case summary: see case_summary.h. */
#include "analyze/case_summary.h"

#include <math.h>
#include <string.h>

#include "analyze/case_view.h"
#include "analyze/stats.h"

double wb_case_summary_rate(const WbRun *run)
{
    if (!isnan(run->requests_per_s) || run->requests == WB_NONE || run->elapsed_ns <= 0)
        return run->requests_per_s;
    return (double)run->requests * 1e9 / (double)run->elapsed_ns;
}

/* The printed rate and requests / elapsed, each with its half width, do not meet. */
static bool rate_disagrees(const WbRun *run)
{
    double made, off;

    if (isnan(run->requests_per_s) || run->requests == WB_NONE || run->elapsed_ns <= 0)
        return false;
    made = (double)run->requests * 1e9 / (double)run->elapsed_ns;
    off = run->requests_per_s_half + made * (double)run->elapsed_ns_half / (double)run->elapsed_ns +
          1e-9 * made;
    return fabs(made - run->requests_per_s) > off;
}

/* Whether a run was loaded unlike those before it; `seen` gathers what is known of them. What a run
 * does not tell is unlike nothing, but no asked rate is a closed loop. */
static bool is_loaded_unlike(WbRun *seen, const WbRun *run, bool first)
{
    static const size_t counts[] = {offsetof(WbRun, threads), offsetof(WbRun, connections),
                                    offsetof(WbRun, pipeline), offsetof(WbRun, keepalive)};
    bool unlike =
        !first && (isnan(seen->rate_per_s) != isnan(run->rate_per_s) ||
                   seen->rate_per_s < run->rate_per_s || seen->rate_per_s > run->rate_per_s);

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        int64_t *known = (int64_t *)(void *)((char *)seen + counts[i]);
        int64_t told = *(const int64_t *)(const void *)((const char *)run + counts[i]);

        if (told == WB_NONE)
            continue;
        unlike |= *known != WB_NONE && *known != told;
        *known = told;
    }
    unlike |= seen->tool && run->tool && strcmp(seen->tool, run->tool) != 0;
    seen->tool = run->tool ? run->tool : seen->tool;
    seen->rate_per_s = run->rate_per_s;
    return unlike;
}

static void look_at_runs(WbCaseSummary *of, double *out_half)
{
    int64_t shortest = INT64_MAX, longest = 0;
    long double requests = 0, elapsed = 0; /* exact up to 2^64 */
    WbRun seen;

    wb_run_init(&seen);
    *out_half = 0;
    for (size_t i = 0; i < of->complete_n; i++) {
        const WbRun *run = of->complete[i];

        if (!isnan(run->requests_per_s))
            *out_half = fmax(*out_half, run->requests_per_s_half);
        if (is_loaded_unlike(&seen, run, i == 0))
            of->warnings |= WB_WARN_MIXED_LOAD;
        if (rate_disagrees(run))
            of->warnings |= WB_WARN_RATE_DISAGREES;
        if (run->printed_mismatch)
            of->warnings |= WB_WARN_PRINTED_MISMATCH;
        if (run->elapsed_ns == WB_NONE)
            continue;
        shortest = MIN(shortest, run->elapsed_ns);
        longest = MAX(longest, run->elapsed_ns);
        if (of->served[i].requests != WB_NONE) {
            requests += (long double)of->served[i].requests;
            elapsed += (long double)of->served[i].elapsed_ns;
        }
    }
    of->pooled = elapsed > 0 ? (double)requests * 1e9 / (double)elapsed : (double)NAN;
    if (longest > 0 && (double)longest > 1.1 * (double)shortest)
        of->warnings |= WB_WARN_MIXED_DURATION;
}

static void add_clean(WbCaseSummary *of, const WbErrorFigures *errors)
{
    g_autofree double *clean = NULL;
    size_t n = 0;

    of->best_clean = of->median_clean = NAN;
    if (errors->runs_with_errors == 0) {
        of->best_clean = of->rate.best;
        of->median_clean = of->rate.median;
        return;
    }
    clean = g_new(double, of->complete_n);
    for (size_t i = 0; i < of->complete_n; i++)
        if (!wb_run_has_socket_errors(of->complete[i]) && !isnan(of->served[i].rate))
            clean[n++] = of->served[i].rate;
    if (n == 0)
        return;
    wb_stats_sort(clean, n);
    of->best_clean = clean[n - 1];
    of->median_clean = wb_stats_median(clean, n);
}

static void look_at_published(WbCaseSummary *of, int64_t window_ns)
{
    const WbPublished *rate = NULL, *range = NULL;

    if (of->published_n && of->runs_complete)
        of->warnings |= WB_WARN_PUBLISHED_BESIDE;
    for (size_t i = 0; i < of->published_n; i++) {
        const WbPublished *p = of->published[i];

        if (p->state != WB_STATE_OK)
            continue;
        if (rate && !isnan(p->requests_per_s) && p->requests_per_s != rate->requests_per_s &&
            !g_strcmp0(wb_published_split(p), wb_published_split(rate)))
            of->warnings |= WB_WARN_PUBLISHED_TWICE;
        if (range && !isnan(p->window_min) &&
            (p->window_min != range->window_min || p->window_max != range->window_max) &&
            !g_strcmp0(wb_published_split(p), wb_published_split(range)))
            of->warnings |= WB_WARN_PUBLISHED_TWICE;
        if (!isnan(p->requests_per_s))
            rate = p;
        if (!isnan(p->window_min))
            range = p;
    }
    if (range && range->window_ns != WB_NONE && !wb_windows_is_whole(range->window_ns, window_ns))
        of->warnings |= WB_WARN_PUBLISHED_WINDOW;
}

static const char *split_of(const WbCaseSummary *of)
{
    const char *split = NULL;

    if (of->runs_complete)
        return of->errors.runs_with_errors ? WB_SPLIT_NAME_ERRORS : WB_SPLIT_NAME_NO_ERRORS;
    for (size_t i = 0; i < of->published_n; i++) {
        const WbPublished *p = of->published[i];

        if (p->state != WB_STATE_OK && p->state != WB_STATE_ERRORS)
            continue;
        split = wb_published_split(p);
        if (!strcmp(split, WB_SPLIT_NAME_ERRORS))
            break;
    }
    return split;
}

void wb_case_summary_warn(WbCaseSummary *of, const WbSummaryOptions *wanted)
{
    const struct {
        bool is;
        WbWarning bit;
    } found[] = {
        {of->rate.runs > 0 && !(of->rate.median_ci_conf >= WB_MEDIAN_CONF_SHOWN), WB_WARN_FEW_RUNS},
        {of->runs_partial + of->runs_failed > 0, WB_WARN_PARTIAL_RUNS},
        {of->runs > 0 && of->runs_complete == 0, WB_WARN_NO_COMPLETE_RUN},
        {of->errors.status_errors, WB_WARN_STATUS_ERRORS},
        {of->rate.outliers_n > 0, WB_WARN_OUTLIERS},
        {of->rate.first_run_outlier, WB_WARN_FIRST_RUN},
        {of->rate.mode_split, WB_WARN_MODE_SPLIT},
        {of->window.window_estimated, WB_WARN_WINDOW_ESTIMATED},
        {of->latency.mixed_kinds, WB_WARN_LATENCY_KINDS},
        {of->latency.few_above, WB_WARN_FEW_ABOVE},
        {of->latency.from && g_strcmp0(of->latency.kind, "from due time") != 0,
         WB_WARN_CLOSED_LOOP},
        {!wanted->steady && of->steady.steady_warmup > 0, WB_WARN_WARMUP},
        {of->steady.steady_slowdown + of->steady.steady_disturbed + of->steady.steady_none > 0,
         WB_WARN_UNSTEADY},
        {!wanted->unit_start && of->starts.icc > WB_STARTS_ICC_WARN, WB_WARN_START_LEVEL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(found); i++)
        if (found[i].is)
            of->warnings |= found[i].bit;
}

/* What the order of time says; the rates in the order of the runs, NaN where one has none. */
static void describe_series(const WbSummaryOptions *options, WbCaseSummary *of)
{
    g_autofree double *rates = NULL;

    if (options->no_series) {
        wb_case_series_describe(NULL, NULL, 0, &of->drift, &of->starts);
        return;
    }
    rates = g_new(double, of->complete_n + 1);
    for (size_t i = 0; i < of->complete_n; i++)
        rates[i] = of->served[i].rate;
    wb_case_series_describe(of->complete, rates, of->complete_n, &of->drift, &of->starts);
}

void wb_case_summary_describe(WbCaseSummary *of, const WbSummaryOptions *wanted, WbWindows *windows,
                              WbSampleSpace *space)
{
    const WbSampleOptions options = {
        .precision = wanted->precision, .best_k = wanted->best_k, .bootstrap = wanted->bootstrap};
    WbSample sample = {.values = of->values, .run_no = of->run_no, .n = of->values_n};

    look_at_runs(of, &sample.half);
    wb_sample_describe(&sample, &options, space, &of->rate);
    wb_error_rates(of->complete, of->complete_n, &of->errors);
    add_clean(of, &of->errors);
    wb_windows_describe(windows, &of->window);
    describe_series(wanted, of);
    look_at_published(of, windows->width_ns);
    of->split = split_of(of);
}
