/* What counts: --steady, of runs that are steady from the begin, from some point on, or never; and
 * --unit start. */
#include <glib.h>
#include <math.h>

#include "analyze/case_series.h"
#include "tests/unit/fixture.h"

#define SLICES 300 /* of 100 ms */

/* A run of 30 s: `first` requests a slice until `change`, `then` from there on. */
static void add_two_levels(Fixture *f, const char *labels, int64_t first, size_t change,
                           int64_t then)
{
    WbSliceRecord slices[SLICES] = {{0}};
    WbRunDetails details = {.slice_ns = 100000000, .slices = slices, .slices_n = SLICES};
    WbRun run = fixture_run(1);

    run.requests = 0;
    for (size_t i = 0; i < SLICES; i++)
        run.requests += slices[i].requests = i < change ? first : then;
    run.tool = "wrkbook";
    run.elapsed_ns = INT64_C(30000000000);
    run.requests_per_s = (double)run.requests / 30;
    run.requests_per_s_half = 0;
    run.errors_timeout = 3;
    fixture_add_run(f, labels, &run, &details);
}

static const WbCaseSummary *case_named(const WbQuery *query, const char *server)
{
    for (size_t i = 0; i < query->summary->cases->len; i++)
        if (!g_strcmp0(wb_labels_get(wb_summary_at(query->summary, i)->of_case->labels, "server"),
                       server))
            return wb_summary_at(query->summary, i);
    g_error("no case %s", server);
}

static void fill(Fixture *f)
{
    fixture_init(f);
    add_two_levels(f, "server=flat", 40, 0, 40);
    add_two_levels(f, "server=warm", 20, 60, 40);
    add_two_levels(f, "server=never", 40, 270, 80); /* less than a quarter is left */
    add_two_levels(f, "server=late", 20, 220, 40);  /* steady for 8 s: no whole window of 10 s */
    fixture_add_runs(f, "server=log", (double[]){100, 0});
}

static void test_whole_runs_count_unless_asked(void)
{
    g_auto(WbQuery) query = {0};
    const WbCaseSummary *warm;
    Fixture f;

    fill(&f);
    fixture_query(&f, &query, NULL);
    warm = case_named(&query, "warm");
    g_assert_cmpfloat(warm->rate.median, ==, 360); /* 60 x 20 + 240 x 40 in 30 s */
    g_assert_cmpfloat(warm->window.window_min, ==, 2800);
    g_assert_true(warm->warnings & WB_WARN_WARMUP);
    g_assert_false(warm->warnings & WB_WARN_STEADY_PART);
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_only_the_steady_part_counts_when_asked(void)
{
    g_auto(WbQuery) query = {.steady = TRUE};
    const WbCaseSummary *of;
    Fixture f;

    fill(&f);
    fixture_query(&f, &query, NULL);
    of = case_named(&query, "warm");
    g_assert_cmpfloat(of->rate.median, ==, 400);
    g_assert_cmpfloat(of->pooled, ==, 400);
    g_assert_cmpint(of->window.windows, ==, 2); /* 6 to 16 s, 16 to 26 s */
    g_assert_cmpfloat(of->window.window_min, ==, 4000);
    g_assert_true(of->warnings & WB_WARN_STEADY_PART);
    g_assert_false(of->warnings & WB_WARN_WARMUP);
    /* errors are of the whole run: 3 of 10800 + 3 attempts */
    g_assert_cmpfloat(of->errors.of[WB_TALLY_ALL].rate, ==, 3.0 / 10803);

    of = case_named(&query, "flat");
    g_assert_cmpfloat(of->rate.median, ==, 400);
    g_assert_cmpint(of->window.windows, ==, 3);
    g_assert_false(of->warnings & (WB_WARN_STEADY_PART | WB_WARN_STEADY_WHOLE));

    of = case_named(&query, "late");
    g_assert_cmpfloat(of->rate.median, ==, 400);
    g_assert_true(of->window.window_estimated);
    g_assert_cmpfloat(of->window.window_min, ==, 4000);
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_what_is_never_steady_is_left_out_and_what_is_unknown_is_whole(void)
{
    g_auto(WbQuery) query = {.steady = TRUE};
    const WbCaseSummary *of;
    Fixture f;

    fill(&f);
    fixture_query(&f, &query, NULL);
    of = case_named(&query, "never");
    g_assert_cmpint(of->runs_complete, ==, 1);
    g_assert_cmpint(of->rate.runs, ==, 0);
    g_assert_true(isnan(of->rate.median) && isnan(of->window.window_min) && isnan(of->pooled));
    g_assert_true(of->warnings & WB_WARN_STEADY_NONE);

    of = case_named(&query, "log");
    g_assert_cmpfloat(of->rate.median, ==, 100);
    g_assert_true(of->warnings & WB_WARN_STEADY_WHOLE);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* Three starts of two runs; a case whose runs have one start keeps its runs. */
static void test_starts_as_observations(void)
{
    const double rates[] = {100, 102, 200, 202, 150, 152};
    g_auto(WbQuery) query = {.unit = g_strdup("start")};
    const WbCaseSummary *of;
    Fixture f;

    fixture_init(&f);
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        WbRun run = fixture_run(rates[i]);

        run.server_start = (int64_t)(i / 2) + 1;
        fixture_add_run(&f, "server=a", &run, NULL);
        run.server_start = 9;
        fixture_add_run(&f, "server=b", &run, NULL);
    }
    fixture_query(&f, &query, NULL);
    of = case_named(&query, "a");
    g_assert_cmpint(of->runs_complete, ==, 6);
    g_assert_cmpint(of->rate.runs, ==, 3);
    g_assert_cmpfloat(of->rate.median, ==, 151);
    g_assert_cmpfloat(of->rate.best, ==, 201);
    g_assert_cmpint(of->rate.best_run_no, ==, 2);
    g_assert_false(of->warnings & WB_WARN_START_LEVEL);
    g_assert_true(of->warnings & WB_WARN_UNIT_START);
    g_assert_cmpint(case_named(&query, "b")->rate.runs, ==, 6);
    wb_query_clear(&query);
    fixture_clear(&f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/summary/steady/whole", test_whole_runs_count_unless_asked);
    g_test_add_func("/summary/steady/part", test_only_the_steady_part_counts_when_asked);
    g_test_add_func("/summary/steady/none",
                    test_what_is_never_steady_is_left_out_and_what_is_unknown_is_whole);
    g_test_add_func("/summary/unit/start", test_starts_as_observations);
    return g_test_run();
}
