/*
 * Summary: the records are grouped by case with one counting pass (no sort, no list a case), so
 * that each case's runs, rates and published figures are stretches of four arrays. Then one pass
 * over the cases, with one space for sorting and one histogram for all of them. Slices are read
 * in one query for all runs and added to the windows of their case as they come.
 */
#include "analyze/summary.h"

#include <math.h>
#include <string.h>

#include "analyze/case_view.h"
#include "analyze/stats.h"

#define FIGURE(kind, unit, member)                                                                 \
    {                                                                                              \
#member, WB_FIGURE_##kind, unit, offsetof(WbCaseSummary, member)                           \
    }

static const WbFigure figures[] = {
    FIGURE(INT, false, runs),         FIGURE(INT, false, runs_complete),
    FIGURE(INT, false, runs_partial), FIGURE(INT, false, runs_failed),
    FIGURE(WORD, false, split),       FIGURE(REAL, true, pooled),
    FIGURE(REAL, true, best_clean),   FIGURE(REAL, true, median_clean),
};

const char *const *wb_summary_fields(void)
{
    static const char *const fields[] = {"run_no",
                                         "campaign",
                                         "tool",
                                         "started_at",
                                         "started_from",
                                         "status",
                                         "elapsed_ns",
                                         "requests",
                                         "requests_per_s",
                                         "window_ns",
                                         "windows",
                                         "window_min",
                                         "window_max",
                                         "errors_connect",
                                         "errors_read",
                                         "errors_write",
                                         "errors_timeout",
                                         "errors_status",
                                         "latency_mean_ns",
                                         "latency_stdev_ns",
                                         "latency_max_ns",
                                         "latency_p50_ns",
                                         "latency_p75_ns",
                                         "latency_p90_ns",
                                         "latency_p99_ns",
                                         "latency_p999_ns",
                                         "latency_kind",
                                         "log_id",
                                         "server_start",
                                         "printed_mismatch",
                                         NULL};

    return fields;
}

const WbFigure *wb_summary_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

void wb_summary_free(WbSummary *summary)
{
    if (!summary)
        return;
    for (size_t i = 0; i < summary->cases->len; i++)
        wb_sample_figures_clear(&g_array_index(summary->cases, WbCaseSummary, i).rate);
    g_array_free(summary->cases, true);
    g_clear_pointer(&summary->campaigns, g_array_unref);
    g_free(summary->runs);
    g_free(summary->values);
    g_free(summary->run_no);
    g_free(summary->published);
    g_free(summary);
}

const WbCaseSummary *wb_summary_at(const WbSummary *summary, size_t i)
{
    return &g_array_index(summary->cases, WbCaseSummary, i);
}

/* What is needed only while a summary is made. */
typedef struct {
    WbStore *store;
    const WbRunSet *set;
    WbSummaryOptions options;
    WbSummary *summary;
    GHashTable *index;   /* WbCase -> its number */
    WbWindows *windows;  /* [cases] */
    GHashTable *run_at;  /* run_id -> number of the complete run + 1, while slices are read */
    bool *has_windows;   /* [complete runs]: the run's slices held a whole window */
    size_t *case_of_run; /* [complete runs] */
    int next_block;      /* atomic: which cases a thread takes next */
    WbHist *hist;
} Maker;

#define BLOCK 64

static double rate_of(const WbRun *run)
{
    if (!isnan(run->requests_per_s) || run->requests == WB_NONE || run->elapsed_ns <= 0)
        return run->requests_per_s;
    return (double)run->requests * 1e9 / (double)run->elapsed_ns;
}

static bool is_complete(const WbRun *run)
{
    return !g_strcmp0(run->status, "complete");
}

static WbCaseSummary *case_at(Maker *m, size_t i)
{
    return &g_array_index(m->summary->cases, WbCaseSummary, i);
}

/* Records of one case usually follow each other, so the last answer is tried first. */
static size_t index_of(Maker *m, const WbCase *of_case, size_t last)
{
    if (last < m->set->cases->len && g_ptr_array_index(m->set->cases, last) == of_case)
        return last;
    return GPOINTER_TO_SIZE(g_hash_table_lookup(m->index, of_case));
}

/* First pass: how many runs and published figures each case has. */
static void count_records(Maker *m)
{
    size_t last = 0;

    for (size_t i = 0; i < m->set->cases->len; i++) {
        WbCaseSummary of = {.of_case = g_ptr_array_index(m->set->cases, i)};

        g_hash_table_insert(m->index, (gpointer)of.of_case, GSIZE_TO_POINTER(i));
        g_array_append_val(m->summary->cases, of);
    }
    for (size_t i = 0; i < m->set->runs->len; i++) {
        const WbRun *run = &g_array_index(m->set->runs, WbRun, i);
        WbCaseSummary *of = case_at(m, last = index_of(m, run->of_case, last));

        of->runs++;
        if (is_complete(run))
            of->runs_complete++;
        else if (!g_strcmp0(run->status, "partial"))
            of->runs_partial++;
        else
            of->runs_failed++;
    }
    for (size_t i = 0; i < m->set->published->len; i++) {
        const WbPublished *p = &g_array_index(m->set->published, WbPublished, i);

        case_at(m, last = index_of(m, p->of_case, last))->published_n++;
    }
}

/* Second pass: each record into the stretch of its case, in the order stored. */
static void group_records(Maker *m)
{
    WbSummary *s = m->summary;
    size_t n = m->set->cases->len;
    g_autofree size_t *run_end = g_new0(size_t, n + 1);
    g_autofree size_t *published_end = g_new0(size_t, n + 1);
    size_t runs = 0, published = 0, last = 0;

    for (size_t i = 0; i < n; i++) {
        run_end[i] = runs;
        published_end[i] = published;
        runs += (size_t)case_at(m, i)->runs_complete;
        published += case_at(m, i)->published_n;
    }
    s->runs = g_new(const WbRun *, runs);
    s->values = g_new(double, runs);
    s->run_no = g_new(int64_t, runs);
    s->published = g_new(const WbPublished *, published);
    m->case_of_run = g_new(size_t, runs);
    m->has_windows = g_new0(bool, runs);
    for (size_t i = 0; i < n; i++) {
        WbCaseSummary *of = case_at(m, i);

        of->complete = s->runs + run_end[i];
        of->values = s->values + run_end[i];
        of->run_no = s->run_no + run_end[i];
        of->published = s->published + published_end[i];
    }
    for (size_t i = 0; i < m->set->runs->len; i++) {
        const WbRun *run = &g_array_index(m->set->runs, WbRun, i);
        WbCaseSummary *of;
        double rate;

        if (!is_complete(run))
            continue;
        of = case_at(m, last = index_of(m, run->of_case, last));
        m->case_of_run[run_end[last]] = last;
        s->runs[run_end[last]++] = run;
        of->complete_n++;
        rate = rate_of(run);
        if (!isnan(rate)) {
            size_t at = (size_t)(of->values - s->values) + of->values_n++;

            s->values[at] = rate;
            s->run_no[at] = run->run_no;
        }
    }
    for (size_t i = 0; i < m->set->published->len; i++) {
        const WbPublished *p = &g_array_index(m->set->published, WbPublished, i);

        last = index_of(m, p->of_case, last);
        s->published[published_end[last]++] = p;
    }
}

/* ---- windows ------------------------------------------------------------------------------ */

static void add_slices(int64_t run_id, int64_t slice_ns, const WbSliceRecord *slices, size_t n,
                       void *data)
{
    Maker *m = data;
    size_t at = GPOINTER_TO_SIZE(g_hash_table_lookup(m->run_at, &run_id));
    const WbRun *run;

    if (at-- == 0)
        return;
    run = m->summary->runs[at];
    if (!m->options.no_series)
        wb_case_steady_add(&case_at(m, m->case_of_run[at])->steady, slices, n, slice_ns);
    m->has_windows[at] = wb_windows_add_slices(&m->windows[m->case_of_run[at]], slices, n, slice_ns,
                                               run->elapsed_ns) > 0;
}

static bool add_windows(Maker *m, size_t runs, GError **error)
{
    const WbRun **all = m->summary->runs;
    bool native = false;

    m->windows = g_new0(WbWindows, m->set->cases->len);
    for (size_t i = 0; i < m->set->cases->len; i++) {
        wb_windows_init(&m->windows[i], m->summary->window_ns);
        m->windows[i].skip_ns = m->options.skip_ns;
    }
    for (size_t i = 0; i < runs; i++)
        native |= all[i]->log_id == WB_NONE;
    /* imported runs have no slices */
    if (m->store && native && !m->options.no_windows) {
        m->run_at = g_hash_table_new(g_int64_hash, g_int64_equal);
        for (size_t i = 0; i < runs; i++)
            g_hash_table_insert(m->run_at, (gpointer)&all[i]->run_id, GSIZE_TO_POINTER(i + 1));
        if (!wb_store_each_slices(m->store, add_slices, m, error))
            return false;
    }
    for (size_t i = 0; i < runs; i++)
        if (!m->has_windows[i])
            wb_windows_add_run(&m->windows[m->case_of_run[i]], all[i]);
    return true;
}

/* ---- one case ----------------------------------------------------------------------------- */

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

static void look_at_runs(WbCaseSummary *of, double *out_half)
{
    int64_t requests = 0, shortest = INT64_MAX, longest = 0;
    int64_t elapsed = 0;

    *out_half = 0;
    for (size_t i = 0; i < of->complete_n; i++) {
        const WbRun *run = of->complete[i];

        if (!isnan(run->requests_per_s))
            *out_half = fmax(*out_half, run->requests_per_s_half);
        if (rate_disagrees(run))
            of->warnings |= WB_WARN_RATE_DISAGREES;
        if (run->printed_mismatch)
            of->warnings |= WB_WARN_PRINTED_MISMATCH;
        if (run->elapsed_ns == WB_NONE)
            continue;
        shortest = MIN(shortest, run->elapsed_ns);
        longest = MAX(longest, run->elapsed_ns);
        if (run->requests != WB_NONE) {
            requests += run->requests;
            elapsed += run->elapsed_ns;
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
        if (!wb_run_has_socket_errors(of->complete[i]) && !isnan(rate_of(of->complete[i])))
            clean[n++] = rate_of(of->complete[i]);
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

static void collect_warnings(WbCaseSummary *of)
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
        {of->steady.steady_warmup > 0, WB_WARN_WARMUP},
        {of->steady.steady_slowdown + of->steady.steady_disturbed + of->steady.steady_none > 0,
         WB_WARN_UNSTEADY},
        {of->starts.icc > WB_STARTS_ICC_WARN, WB_WARN_START_LEVEL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(found); i++)
        if (found[i].is)
            of->warnings |= found[i].bit;
}

/* What the order of time says; the rates in the order of the runs, NaN where one has none. */
static void describe_series(Maker *m, WbCaseSummary *of)
{
    g_autofree double *rates = NULL;

    if (m->options.no_series) {
        wb_case_series_describe(NULL, NULL, 0, &of->drift, &of->starts);
        return;
    }
    rates = g_new(double, of->complete_n + 1);
    for (size_t i = 0; i < of->complete_n; i++)
        rates[i] = rate_of(of->complete[i]);
    wb_case_series_describe(of->complete, rates, of->complete_n, &of->drift, &of->starts);
}

static void describe(Maker *m, size_t i, WbSampleSpace *space)
{
    const WbSampleOptions options = {.precision = m->options.precision,
                                     .best_k = m->options.best_k,
                                     .bootstrap = m->options.bootstrap};
    WbCaseSummary *of = case_at(m, i);
    WbSample sample = {.values = of->values, .run_no = of->run_no, .n = of->values_n};

    look_at_runs(of, &sample.half);
    wb_sample_describe(&sample, &options, space, &of->rate);
    wb_error_rates(of->complete, of->complete_n, &of->errors);
    add_clean(of, &of->errors);
    wb_windows_describe(&m->windows[i], &of->window);
    describe_series(m, of);
    look_at_published(of, m->summary->window_ns);
    of->split = split_of(of);
}

/* A thread: takes blocks of cases until none is left. No case knows of another, so the result does
 * not depend on how many threads there are. */
static void *describe_blocks(void *data)
{
    Maker *m = data;
    WbSampleSpace *space = wb_sample_space_new();
    size_t n = m->summary->cases->len;

    for (;;) {
        size_t from = (size_t)g_atomic_int_add(&m->next_block, 1) * BLOCK;

        if (from >= n)
            break;
        for (size_t i = from; i < MIN(from + BLOCK, n); i++)
            describe(m, i, space);
    }
    wb_sample_space_free(space);
    return NULL;
}

static void describe_all(Maker *m)
{
    guint cores = (guint)MIN(g_get_num_processors(), m->summary->cases->len / BLOCK + 1);
    g_autofree GThread **threads = g_new0(GThread *, cores);

    for (guint i = 1; i < cores; i++)
        threads[i] = g_thread_new("summary", describe_blocks, m);
    describe_blocks(m);
    for (guint i = 1; i < cores; i++)
        g_thread_join(threads[i]);
}

/* Latencies lie in the store, which one thread reads. */
static bool add_latency(Maker *m, GError **error)
{
    for (size_t i = 0; i < m->summary->cases->len; i++) {
        WbCaseSummary *of = case_at(m, i);

        if (!wb_latency_describe(m->options.no_latency ? NULL : m->store, of->complete,
                                 of->complete_n, m->hist, &of->latency, error))
            return false;
        collect_warnings(of);
    }
    return true;
}

static void add_campaigns(Maker *m, size_t runs)
{
    g_autofree double *rates = g_new(double, runs + 1);

    for (size_t i = 0; i < runs; i++)
        rates[i] = rate_of(m->summary->runs[i]);
    m->summary->campaigns = wb_campaign_series(m->summary->runs, rates, m->case_of_run,
                                               m->options.no_series ? 0 : runs);
}

/* ---- all cases ---------------------------------------------------------------------------- */

static bool make(Maker *m, GError **error)
{
    WbSummary *s = m->summary;
    size_t runs = 0;

    count_records(m);
    group_records(m);
    for (size_t i = 0; i < s->cases->len; i++) {
        int64_t complete = case_at(m, i)->runs_complete;

        runs += (size_t)complete;
        if (complete == 0)
            continue;
        s->runs_least = s->runs_least ? MIN(s->runs_least, complete) : complete;
        s->runs_most = MAX(s->runs_most, complete);
    }
    if (m->options.best_k == 0)
        m->options.best_k = (size_t)s->runs_least;
    if (!add_windows(m, runs, error))
        return false;
    describe_all(m);
    add_campaigns(m, runs);
    return add_latency(m, error);
}

static void maker_clear(Maker *m)
{
    for (size_t i = 0; m->windows && i < m->set->cases->len; i++)
        wb_windows_clear(&m->windows[i]);
    g_free(m->windows);
    g_free(m->has_windows);
    g_free(m->case_of_run);
    g_free(m->hist);
    g_clear_pointer(&m->run_at, g_hash_table_destroy);
    g_hash_table_destroy(m->index);
}

WbSummary *wb_summary_new(WbStore *store, const WbRunSet *set, const WbSummaryOptions *options,
                          GError **error)
{
    g_autoptr(WbSummary) summary = g_new0(WbSummary, 1);
    Maker maker = {.store = store, .set = set, .summary = summary};
    bool done;

    if (options)
        maker.options = *options;
    if (maker.options.precision == 0)
        maker.options.precision = 0.02;
    summary->window_ns = maker.options.window_ns ? maker.options.window_ns : WB_WINDOW_DEFAULT_NS;
    summary->cases = g_array_sized_new(false, false, sizeof(WbCaseSummary), set->cases->len);
    maker.index = g_hash_table_new(NULL, NULL);
    maker.hist = g_new(WbHist, 1);
    done = make(&maker, error);
    maker_clear(&maker);
    return done ? g_steal_pointer(&summary) : NULL;
}
