/* Summaries of whole databases: what enters, what stands in, and that the public view case_facts
 * says the same. */
#include <glib.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "analyze/case_view.h"
#include "tests/unit/fixture.h"

static const WbCaseSummary *case_of(const WbQuery *query, const char *labels_text)
{
    g_autoptr(WbLabels) labels = fixture_labels(labels_text);

    for (size_t i = 0; i < query->summary->cases->len; i++)
        if (wb_labels_equal(wb_summary_at(query->summary, i)->of_case->labels, labels))
            return wb_summary_at(query->summary, i);
    g_error("no case %s", labels_text);
}

/* ---- the view says the same ----------------------------------------------------------------- */

static double column(sqlite3_stmt *row, int i)
{
    return sqlite3_column_type(row, i) == SQLITE_NULL ? (double)NAN : sqlite3_column_double(row, i);
}

static void assert_same(double ours, double theirs)
{
    if (isnan(ours) || isnan(theirs))
        g_assert_true(isnan(ours) && isnan(theirs));
    else
        g_assert_cmpfloat_with_epsilon(ours, theirs, 1e-9 * fabs(theirs) + 1e-12);
}

static void compare_with_view(const Fixture *f, const WbQuery *query)
{
    static const char sql[] =
        "SELECT runs, runs_complete, best_per_s, median_per_s, mean_per_s, stdev_per_s, cv, "
        "window_min, window_max, runs_with_errors, errors, split FROM case_facts AS f "
        "JOIN cases AS c ON c.labels = f.labels WHERE c.id = ?1";
    sqlite3 *db;
    sqlite3_stmt *row;

    g_assert_cmpint(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &row, NULL), ==, SQLITE_OK);
    for (size_t i = 0; i < query->summary->cases->len; i++) {
        const WbCaseSummary *of = wb_summary_at(query->summary, i);

        sqlite3_bind_int64(row, 1, of->of_case->id);
        g_assert_cmpint(sqlite3_step(row), ==, SQLITE_ROW);
        g_assert_cmpint(of->runs, ==, sqlite3_column_int64(row, 0));
        g_assert_cmpint(of->runs_complete, ==, sqlite3_column_int64(row, 1));
        g_assert_cmpstr(of->split, ==, (const char *)sqlite3_column_text(row, 11));
        if (of->runs_complete) {
            assert_same(of->rate.best, column(row, 2));
            assert_same(of->rate.median, column(row, 3));
            assert_same(of->rate.mean, column(row, 4));
            assert_same(of->rate.stdev, column(row, 5));
            assert_same(of->rate.cv, column(row, 6));
            assert_same(of->window.window_min, column(row, 7));
            assert_same(of->window.window_max, column(row, 8));
            g_assert_cmpint(of->errors.runs_with_errors, ==, sqlite3_column_int64(row, 9));
            g_assert_cmpint(of->errors.of[WB_TALLY_ALL].count, ==, sqlite3_column_int64(row, 10));
        }
        sqlite3_reset(row);
    }
    sqlite3_finalize(row);
    sqlite3_close(db);
}

/* Slices of 100 ms with `per_slice` requests each, for `n` of them. */
static void add_native(Fixture *f, const char *labels, size_t n, int64_t per_slice)
{
    g_autofree WbSliceRecord *slices = g_new0(WbSliceRecord, n);
    WbRunDetails details = {.slice_ns = 100000000, .slices = slices, .slices_n = n};
    WbRun run = fixture_run(1);

    for (size_t i = 0; i < n; i++)
        slices[i].requests = per_slice + (i >= 100);
    run.tool = "wrkbook";
    run.elapsed_ns = (int64_t)n * 100000000;
    run.requests = (int64_t)n * per_slice + (n > 100 ? (int64_t)n - 100 : 0);
    run.requests_per_s = (double)run.requests * 1e9 / (double)run.elapsed_ns;
    run.requests_per_s_half = 0;
    fixture_add_run(f, labels, &run, &details);
}

static void fill_mixed(Fixture *f)
{
    WbRun run;

    fixture_fill_article(f);
    fixture_add_runs(f, "server=a", (double[]){100, 120, 110, 90, 101, 0});
    fixture_add_runs(f, "server=b", (double[]){5000, 0});
    add_native(f, "server=c", 250, 40);
    add_native(f, "server=c", 100, 44);
    run = fixture_run(77);
    run.errors_read = 3;
    fixture_add_run(f, "server=d", &run, NULL);
    fixture_add_runs(f, "server=d", (double[]){80, 85, 0});
    run = fixture_run(10);
    run.status = "partial";
    fixture_add_run(f, "server=a", &run, NULL);
    run = fixture_run(10);
    run.status = "failed";
    fixture_add_run(f, "server=e", &run, NULL);
}

static void test_case_facts_says_the_same(void)
{
    g_auto(WbQuery) query = {0};
    Fixture f;

    fixture_init(&f);
    fill_mixed(&f);
    fixture_query(&f, &query, NULL);
    g_assert_cmpuint(query.summary->cases->len, ==, 36 + 30 + 5);
    compare_with_view(&f, &query);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* ---- what enters ---------------------------------------------------------------------------- */

static void test_partial_and_failed_runs_are_counted_never_averaged(void)
{
    g_auto(WbQuery) query = {0};
    const WbCaseSummary *a, *e;
    WbCaseView view;
    Fixture f;

    fixture_init(&f);
    fill_mixed(&f);
    fixture_query(&f, &query, NULL);
    a = case_of(&query, "server=a");
    g_assert_cmpint(a->runs, ==, 6);
    g_assert_cmpint(a->runs_partial, ==, 1);
    g_assert_cmpfloat(a->rate.worst, ==, 90);
    g_assert_true(a->warnings & WB_WARN_PARTIAL_RUNS);
    e = case_of(&query, "server=e");
    g_assert_cmpint(e->runs_failed, ==, 1);
    g_assert_true(e->warnings & WB_WARN_NO_COMPLETE_RUN);
    g_assert_null(e->split);
    g_assert_true(wb_case_view(e, WB_SPLIT_ANY, &view));
    g_assert_cmpint(view.state, ==, WB_STATE_BLANK);
    g_assert_false(wb_case_view(e, WB_SPLIT_ERRORS, &view));
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* 25 s of slices are two whole 10 s windows; a rest is none. 1 s windows are 25. */
static void test_windows_of_any_width_come_from_slices(void)
{
    const char *const where[] = {"server=c", NULL};
    g_auto(WbQuery) ten = {0};
    g_auto(WbQuery) one = {0};
    Fixture f;

    fixture_init(&f);
    fill_mixed(&f);
    fixture_query(&f, &ten, where);
    g_assert_cmpint(case_of(&ten, "server=c")->window.windows, ==, 3);
    g_assert_cmpfloat(case_of(&ten, "server=c")->window.window_min, ==, 4000);
    g_assert_cmpfloat(case_of(&ten, "server=c")->window.window_max, ==, 4400);
    g_assert_cmpfloat(case_of(&ten, "server=c")->window.window_median, ==, 4100);
    g_assert_false(case_of(&ten, "server=c")->window.window_estimated);
    one.window = g_strdup("1s");
    fixture_query(&f, &one, where);
    g_assert_cmpint(case_of(&one, "server=c")->window.windows, ==, 35);
    g_assert_cmpfloat(case_of(&one, "server=c")->window.window_min, ==, 400);
    wb_query_clear(&ten);
    wb_query_clear(&one);
    fixture_clear(&f);
}

/* The last slice of a run may be cut short: a window that ends with it has the run's length. */
static void test_window_that_ends_with_the_run_is_scaled(void)
{
    WbSliceRecord slices[100] = {{0}};
    WbWindows windows;

    for (size_t i = 0; i < 100; i++)
        slices[i].requests = 10;
    wb_windows_init(&windows, WB_WINDOW_DEFAULT_NS);
    g_assert_cmpuint(wb_windows_add_slices(&windows, slices, 100, 100000000, INT64_C(9960000000)),
                     ==, 1);
    g_assert_cmpfloat_with_epsilon(g_array_index(windows.values, double, 0), 1000 / 0.996, 1e-9);
    /* half a second short is no whole window */
    g_assert_cmpuint(wb_windows_add_slices(&windows, slices, 95, 100000000, WB_NONE), ==, 0);
    wb_windows_clear(&windows);
}

static void test_doubts_become_warnings(void)
{
    g_auto(WbQuery) query = {0};
    WbRun run;
    Fixture f;

    fixture_init(&f);
    run = fixture_run(100);
    run.requests_per_s = 150; /* but 1000 requests in 10 s */
    run.errors_status = 4;
    fixture_add_run(&f, "server=x", &run, NULL);
    run = fixture_run(100);
    run.elapsed_ns = INT64_C(20000000000);
    run.requests = 2000;
    fixture_add_run(&f, "server=x", &run, NULL);
    fixture_query(&f, &query, NULL);
    g_assert_cmpuint(wb_summary_at(query.summary, 0)->warnings, ==,
                     WB_WARN_RATE_DISAGREES | WB_WARN_MIXED_DURATION | WB_WARN_STATUS_ERRORS |
                         WB_WARN_FEW_RUNS | WB_WARN_WINDOW_ESTIMATED);
    g_assert_cmpstr(wb_summary_at(query.summary, 0)->split, ==, "no errors");
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* Runs of one set of labels, made with unlike loads: best and median are of neither. */
static void test_unlike_loads_of_a_case_are_a_doubt(void)
{
    const struct {
        int64_t connections;
        double rate_per_s;
        const char *tool;
        bool unlike; /* the case of such a run and a plain one */
    } known[] = {
        {200, NAN, "wrk", false}, {50, NAN, "wrk", true},      {WB_NONE, NAN, "wrk", false},
        {200, 900, "wrk", true},  {200, NAN, "wrkbook", true}, {200, NAN, NULL, false},
    };
    g_auto(WbQuery) query = {0};
    Fixture f;

    fixture_init(&f);
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autofree char *labels = g_strdup_printf("case=%zu", i);
        WbRun plain = fixture_run(100), run = fixture_run(100);

        run.connections = known[i].connections;
        run.rate_per_s = known[i].rate_per_s;
        run.tool = known[i].tool;
        fixture_add_run(&f, labels, &plain, NULL);
        fixture_add_run(&f, labels, &run, NULL);
    }
    fixture_query(&f, &query, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert_cmpint(!!(wb_summary_at(query.summary, i)->warnings & WB_WARN_MIXED_LOAD), ==,
                        known[i].unlike);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* ---- published figures ----------------------------------------------------------------------- */

static void test_published_cells_belong_to_their_split(void)
{
    g_auto(WbQuery) query = {0};
    const WbCaseSummary *of;
    WbCaseView view;
    Fixture f;

    fixture_init(&f);
    fixture_fill_article(&f);
    fixture_query(&f, &query, NULL);
    /* in the errors table 332 - 475, in the other one a blank */
    of = case_of(&query, "benchmark=data server=gevent framework=apistar");
    g_assert_cmpstr(of->split, ==, "errors");
    g_assert_true(wb_case_view(of, WB_SPLIT_ANY, &view));
    g_assert_cmpint(view.state, ==, WB_STATE_ERRORS);
    g_assert_true(wb_case_view(of, WB_SPLIT_ERRORS, &view));
    g_assert_cmpint(view.state, ==, WB_STATE_OK);
    g_assert_cmpfloat(view.range->window_min, ==, 332);
    g_assert_true(wb_case_view(of, WB_SPLIT_NO_ERRORS, &view));
    g_assert_cmpint(view.state, ==, WB_STATE_BLANK);
    /* a n/a that names no split counts in both */
    of = case_of(&query, "benchmark=hello server=sanic framework=hug");
    g_assert_null(of->split);
    g_assert_true(wb_case_view(of, WB_SPLIT_ERRORS, &view));
    g_assert_cmpint(view.state, ==, WB_STATE_NA);
    /* a cell `errors` without a figure is in the errors table only */
    of = case_of(&query, "benchmark=hello server=uwsgi framework=hug");
    g_assert_true(wb_case_view(of, WB_SPLIT_ERRORS, &view));
    g_assert_cmpint(view.state, ==, WB_STATE_ERRORS);
    g_assert_false(wb_case_view(of, WB_SPLIT_NO_ERRORS, &view));
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_published_figures_stand_in_only_without_runs(void)
{
    g_auto(WbQuery) query = {0};
    g_autoptr(WbLabels) labels = fixture_labels("server=a");
    const WbMeasure *best = wb_measure_find("best");
    WbPublished published;
    WbCaseView view;
    WbCell cell;
    Fixture f;

    fixture_init(&f);
    wb_published_init(&published);
    published.state = WB_STATE_OK;
    published.requests_per_s = 19340;
    published.requests_per_s_half = 5;
    fixture_add_published(&f, &published, labels);
    published.requests_per_s = 19500; /* a correction: the last one counts, with a warning */
    fixture_add_published(&f, &published, labels);
    fixture_query(&f, &query, NULL);
    wb_case_view(wb_summary_at(query.summary, 0), WB_SPLIT_ANY, &view);
    cell = wb_cell_make(best, &view);
    g_assert_true(cell.published);
    g_assert_cmpfloat(cell.value, ==, 19500);
    g_assert_cmpfloat(cell.half, ==, 5);
    g_assert_true(view.of->warnings & WB_WARN_PUBLISHED_TWICE);
    wb_query_clear(&query);

    fixture_add_runs(&f, "server=a", (double[]){100, 0});
    fixture_query(&f, &query, NULL);
    wb_case_view(wb_summary_at(query.summary, 0), WB_SPLIT_ANY, &view);
    cell = wb_cell_make(best, &view);
    g_assert_false(cell.published);
    g_assert_cmpfloat(cell.value, ==, 100);
    g_assert_true(view.of->warnings & WB_WARN_PUBLISHED_BESIDE);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* ---- latency -------------------------------------------------------------------------------- */

static void add_hist_run(Fixture *f, const char *kind, int64_t ns, int64_t count)
{
    WbHist *hist = g_new0(WbHist, 1);
    WbHistRecord record = {.kind = "latency", .hist = hist};
    WbRunDetails details = {.hists = &record, .hists_n = 1};
    WbRun run = fixture_run(100);

    hist->count = hist->counts[wb_hist_index(ns)] = count;
    hist->min_ns = hist->max_ns = ns;
    hist->sum_ns = ns * count;
    run.tool = "wrkbook";
    run.requests = count; /* the histogram's count is the run's requests */
    run.requests_per_s = (double)count / 10;
    run.latency_kind = kind;
    run.latency_p50_ns = ns;
    fixture_add_run(f, "server=a", &run, &details);
    g_free(hist);
}

/* 3000 answers of 1 ms and 1000 of 9 ms: p75 is 1 ms, p90 is 9 ms; an average would say neither. */
static void test_percentiles_come_from_summed_histograms(void)
{
    g_auto(WbQuery) query = {0};
    const WbLatencyFigures *latency;
    Fixture f;

    fixture_init(&f);
    add_hist_run(&f, "raw", 1000000, 3000);
    add_hist_run(&f, "raw", 9000000, 1000);
    fixture_query(&f, &query, NULL);
    latency = &wb_summary_at(query.summary, 0)->latency;
    g_assert_cmpstr(latency->from, ==, WB_LATENCY_FROM_HISTOGRAM);
    g_assert_cmpint(latency->count, ==, 4000);
    g_assert_cmpfloat_with_epsilon(latency->ns[WB_LATENCY_P75], 1e6, 1e6 / 128);
    g_assert_cmpfloat(latency->ns[WB_LATENCY_P90], ==, 9e6);
    g_assert_cmpfloat(latency->ns[WB_LATENCY_MEAN], ==, 3e6);
    /* 4 answers above p99.9 say nothing of it */
    g_assert_true(isnan(latency->ns[WB_LATENCY_P999]) && latency->few_above);
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_unlike_latency_kinds_are_not_summed(void)
{
    g_auto(WbQuery) query = {0};
    const WbCaseSummary *of;
    Fixture f;

    fixture_init(&f);
    add_hist_run(&f, "raw", 1000000, 3000);
    add_hist_run(&f, "from due time", 9000000, 1000);
    fixture_query(&f, &query, NULL);
    of = wb_summary_at(query.summary, 0);
    g_assert_null(of->latency.from);
    g_assert_true(isnan(of->latency.ns[WB_LATENCY_P50]));
    g_assert_true(of->warnings & WB_WARN_LATENCY_KINDS);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* ---- fields --------------------------------------------------------------------------------- */

/* All figures of a case as text, for comparing. */
static char *figures_text(const WbCaseSummary *of)
{
    const struct {
        const WbFigure *(*figures)(size_t *);
        size_t offset;
    } parts[] = {
        {wb_summary_figures, 0},
        {wb_sample_figures, offsetof(WbCaseSummary, rate)},
        {wb_window_figures, offsetof(WbCaseSummary, window)},
        {wb_error_figures, offsetof(WbCaseSummary, errors)},
        {wb_latency_figures, offsetof(WbCaseSummary, latency)},
        {wb_case_steady_figures, offsetof(WbCaseSummary, steady)},
        {wb_drift_case_figures, offsetof(WbCaseSummary, drift)},
        {wb_starts_figures, offsetof(WbCaseSummary, starts)},
    };
    GString *out = g_string_new(NULL);
    char buffer[WB_UNITS_DOUBLE_SIZE];

    for (size_t p = 0; p < G_N_ELEMENTS(parts); p++) {
        size_t n;
        const WbFigure *figures = parts[p].figures(&n);

        for (size_t i = 0; i < n; i++)
            g_string_append_printf(
                out, "%s=%s ", figures[i].name,
                wb_figure_text(&figures[i], (const char *)of + parts[p].offset, buffer));
    }
    g_string_append_printf(out, "warnings=%x", of->warnings);
    return g_string_free(out, FALSE);
}

static void test_fields_of_a_summary_are_all_that_it_needs(void)
{
    Fixture f;
    g_auto(WbQuery) all = {0}, few = {0};

    fixture_init(&f);
    fill_mixed(&f);
    fixture_query(&f, &all, NULL);
    wb_query_init(&few);
    few.db = g_strdup(f.path);
    few.figures_only = true;
    g_assert_true(wb_query_load(&few, NULL, NULL));
    g_assert_cmpuint(few.summary->cases->len, ==, all.summary->cases->len);
    for (size_t i = 0; i < all.summary->cases->len; i++) {
        g_autofree char *one = figures_text(wb_summary_at(all.summary, i));
        g_autofree char *other = figures_text(wb_summary_at(few.summary, i));

        g_assert_cmpstr(one, ==, other);
    }
    fixture_clear(&f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/summary/case-facts", test_case_facts_says_the_same);
    g_test_add_func("/summary/fields", test_fields_of_a_summary_are_all_that_it_needs);
    g_test_add_func("/summary/partial", test_partial_and_failed_runs_are_counted_never_averaged);
    g_test_add_func("/summary/windows", test_windows_of_any_width_come_from_slices);
    g_test_add_func("/summary/windows/end", test_window_that_ends_with_the_run_is_scaled);
    g_test_add_func("/summary/warnings", test_doubts_become_warnings);
    g_test_add_func("/summary/published/split", test_published_cells_belong_to_their_split);
    g_test_add_func("/summary/published/runs", test_published_figures_stand_in_only_without_runs);
    g_test_add_func("/summary/latency/sum", test_percentiles_come_from_summed_histograms);
    g_test_add_func("/summary/latency/kinds", test_unlike_latency_kinds_are_not_summed);
    g_test_add_func("/summary/mixed-load", test_unlike_loads_of_a_case_are_a_doubt);
    return g_test_run();
}
