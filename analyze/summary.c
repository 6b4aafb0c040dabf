/*
 * Summary: the records are grouped by case with one counting pass (no sort, no list a case), so
 * that each case's runs, rates and published figures are stretches of four arrays. Then one pass
 * over the cases, with one space for sorting and one histogram for all of them. Slices are read
 * in one query for all runs and added to the windows of their case as they come.
 */
#include "analyze/summary.h"

#include <math.h>
#include <string.h>

#include "analyze/case_summary.h"
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
                                         "threads",
                                         "connections",
                                         "rate_per_s",
                                         "pipeline",
                                         "keepalive",
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
                                         "latency_min_ns",
                                         "latency_p95_ns",
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
    g_free(summary->served);
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
    bool *is_judged;     /* [complete runs]: known whether it has a steady part, and which */
    size_t *case_of_run; /* [complete runs] */
    size_t complete_n;   /* complete runs of all cases */
    int next_block;      /* atomic: which cases a thread takes next */
    WbHist *hist;
} Maker;

#define BLOCK 64

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
    s->served = g_new(WbServed, runs);
    s->values = g_new(double, runs);
    s->run_no = g_new(int64_t, runs);
    s->published = g_new(const WbPublished *, published);
    m->case_of_run = g_new(size_t, runs);
    m->has_windows = g_new0(bool, runs);
    m->is_judged = g_new0(bool, runs);
    for (size_t i = 0; i < n; i++) {
        WbCaseSummary *of = case_at(m, i);

        of->complete = s->runs + run_end[i];
        of->served = s->served + run_end[i];
        of->values = s->values + run_end[i];
        of->run_no = s->run_no + run_end[i];
        of->published = s->published + published_end[i];
    }
    for (size_t i = 0; i < m->set->runs->len; i++) {
        const WbRun *run = &g_array_index(m->set->runs, WbRun, i);

        if (!is_complete(run))
            continue;
        last = index_of(m, run->of_case, last);
        m->case_of_run[run_end[last]] = last;
        s->served[run_end[last]] =
            (WbServed){wb_case_summary_rate(run), run->requests, run->elapsed_ns};
        s->runs[run_end[last]++] = run;
        case_at(m, last)->complete_n++;
    }
    for (size_t i = 0; i < m->set->published->len; i++) {
        const WbPublished *p = &g_array_index(m->set->published, WbPublished, i);

        last = index_of(m, p->of_case, last);
        s->published[published_end[last]++] = p;
    }
}

/* ---- windows ------------------------------------------------------------------------------ */

/* Only where there are slices: for many runs without them it would be most of the work. */
static void number_runs(Maker *m)
{
    m->run_at = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (size_t i = 0; i < m->complete_n; i++)
        g_hash_table_insert(m->run_at, (gpointer)&m->summary->runs[i]->run_id,
                            GSIZE_TO_POINTER(i + 1));
}

/* The part of a run that counts, from slice `start` on, when only steady parts do. */
static void take_steady(Maker *m, size_t at, const char *class, size_t start,
                        const WbSliceRecord *slices, size_t n, int64_t slice_ns)
{
    WbCaseSummary *of = case_at(m, m->case_of_run[at]);
    WbServed *served = &m->summary->served[at];
    int64_t end_ns = (int64_t)n * slice_ns, requests = 0;

    m->is_judged[at] = strcmp(class, WB_STEADY_UNKNOWN) != 0;
    if (!strcmp(class, WB_STEADY_NONE)) {
        of->warnings |= WB_WARN_STEADY_NONE;
        *served = (WbServed){NAN, WB_NONE, WB_NONE};
    } else if (start > 0) {
        of->warnings |= WB_WARN_STEADY_PART;
        if (m->summary->runs[at]->elapsed_ns != WB_NONE)
            end_ns = MIN(end_ns, m->summary->runs[at]->elapsed_ns);
        for (size_t i = start; i < n; i++)
            requests += slices[i].requests;
        served->requests = requests;
        served->elapsed_ns = end_ns - (int64_t)start * slice_ns;
        served->rate = (double)requests * 1e9 / (double)served->elapsed_ns;
    }
}

static void add_slices(int64_t run_id, int64_t slice_ns, const WbSliceRecord *slices, size_t n,
                       void *data)
{
    Maker *m = data;
    const char *class = WB_STEADY_UNKNOWN;
    size_t at, start = 0;
    WbWindows *windows;

    if (!m->run_at)
        number_runs(m);
    at = GPOINTER_TO_SIZE(g_hash_table_lookup(m->run_at, &run_id));
    if (at-- == 0)
        return;
    if (!m->options.no_series || m->options.steady)
        class = wb_case_steady_add(&case_at(m, m->case_of_run[at])->steady, slices, n, slice_ns,
                                   &start);
    if (m->options.steady)
        take_steady(m, at, class, start, slices, n, slice_ns);
    if (isnan(m->summary->served[at].rate))
        return;
    windows = &m->windows[m->case_of_run[at]];
    windows->skip_ns = m->options.skip_ns;
    if (m->options.steady)
        windows->skip_ns = MAX(windows->skip_ns, (int64_t)start * slice_ns);
    m->has_windows[at] =
        wb_windows_add_slices(windows, slices, n, slice_ns, m->summary->runs[at]->elapsed_ns) > 0;
}

/* A run without a whole window. */
static void add_other_windows(Maker *m, size_t at)
{
    WbWindows *windows = &m->windows[m->case_of_run[at]];
    const WbServed *served = &m->summary->served[at];

    if (!m->is_judged[at] || served->elapsed_ns == m->summary->runs[at]->elapsed_ns) {
        wb_windows_add_run(windows, m->summary->runs[at]);
    } else if (!isnan(served->rate)) {
        wb_windows_add(windows, served->elapsed_ns, (double)served->requests);
        windows->estimated = true;
    }
}

static bool add_windows(Maker *m, GError **error)
{
    const WbRun **all = m->summary->runs;
    size_t runs = m->complete_n;
    bool native = false;

    m->windows = g_new0(WbWindows, m->set->cases->len);
    for (size_t i = 0; i < m->set->cases->len; i++)
        wb_windows_init(&m->windows[i], m->summary->window_ns);
    for (size_t i = 0; i < runs; i++)
        native |= all[i]->log_id == WB_NONE;
    /* imported runs have no slices */
    if (m->store && native && (!m->options.no_windows || m->options.steady) &&
        !wb_store_each_slices(m->store, add_slices, m, error))
        return false;
    for (size_t i = 0; i < runs; i++)
        if (!m->has_windows[i])
            add_other_windows(m, i);
    return true;
}

/* Where a case has two server starts, each of them is one value. */
static void take_starts(WbSummary *s, WbCaseSummary *of)
{
    size_t first = (size_t)(of->values - s->values), n = 0;
    g_autofree int64_t *start = wb_case_series_starts(of->complete, of->complete_n);
    g_autofree double *means = g_memdup2(of->values, of->values_n * sizeof(double));

    for (size_t i = 0; i < of->complete_n; i++)
        if (!isnan(of->served[i].rate))
            start[n++] = start[i];
    n = wb_starts_means(start, means, n);
    if (n < 2)
        return;
    for (size_t i = 0; i < n; i++) {
        s->values[first + i] = means[i];
        s->run_no[first + i] = start[i];
    }
    of->values_n = n;
    of->warnings |= WB_WARN_UNIT_START;
}

/* Every run's part that counts is known: its rate, and doubts that follow from how it is known. */
static void take_values(Maker *m)
{
    WbSummary *s = m->summary;

    for (size_t i = 0; i < m->complete_n; i++) {
        WbCaseSummary *of = case_at(m, m->case_of_run[i]);
        size_t at = (size_t)(of->values - s->values) + of->values_n;

        if (m->options.steady && !m->is_judged[i])
            of->warnings |= WB_WARN_STEADY_WHOLE;
        if (isnan(s->served[i].rate))
            continue;
        s->values[at] = s->served[i].rate;
        s->run_no[at] = s->runs[i]->run_no;
        of->values_n++;
    }
    for (size_t i = 0; m->options.unit_start && i < s->cases->len; i++)
        take_starts(s, case_at(m, i));
}

/* ---- all cores ---------------------------------------------------------------------------- */

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
            wb_case_summary_describe(case_at(m, i), &m->options, &m->windows[i], space);
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
        wb_case_summary_warn(of, &m->options);
    }
    return true;
}

static void add_campaigns(Maker *m)
{
    size_t runs = m->complete_n;
    g_autofree double *rates = g_new(double, runs + 1);

    for (size_t i = 0; i < runs; i++)
        rates[i] = m->summary->served[i].rate;
    m->summary->campaigns = wb_campaign_series(m->summary->runs, rates, m->case_of_run,
                                               m->options.no_series ? 0 : runs);
}

/* ---- all cases ---------------------------------------------------------------------------- */

static bool make(Maker *m, GError **error)
{
    WbSummary *s = m->summary;

    count_records(m);
    group_records(m);
    for (size_t i = 0; i < s->cases->len; i++) {
        int64_t complete = case_at(m, i)->runs_complete;

        m->complete_n += (size_t)complete;
        if (complete == 0)
            continue;
        s->runs_least = s->runs_least ? MIN(s->runs_least, complete) : complete;
        s->runs_most = MAX(s->runs_most, complete);
    }
    if (m->options.best_k == 0)
        m->options.best_k = (size_t)s->runs_least;
    if (!add_windows(m, error))
        return false;
    take_values(m);
    describe_all(m);
    add_campaigns(m);
    return add_latency(m, error);
}

static void maker_clear(Maker *m)
{
    for (size_t i = 0; m->windows && i < m->set->cases->len; i++)
        wb_windows_clear(&m->windows[i]);
    g_free(m->windows);
    g_free(m->has_windows);
    g_free(m->is_judged);
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
    summary->steady = maker.options.steady;
    summary->unit_start = maker.options.unit_start;
    summary->window_ns = maker.options.window_ns ? maker.options.window_ns : WB_WINDOW_DEFAULT_NS;
    summary->cases = g_array_sized_new(false, false, sizeof(WbCaseSummary), set->cases->len);
    maker.index = g_hash_table_new(NULL, NULL);
    maker.hist = g_new0(WbHist, 1);
    done = make(&maker, error);
    maker_clear(&maker);
    return done ? g_steal_pointer(&summary) : NULL;
}
