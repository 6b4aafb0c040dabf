/* Samples at the edge of what a summary is for: none, few, equal, wild, missing, rounded, mixed,
 * many, large. Expected values are worked out by hand or from formulas, never by our own code. */
#include <glib.h>
#include <math.h>

#include "analyze/summary.h"
#include "schema/units.h"
#include "tests/unit/fixture.h"

#define SECOND      INT64_C(1000000000)
#define PAST_DOUBLE ((INT64_C(1) << 53) + 1) /* the first count that no double holds */

/* One case of runs that were never in a file. */
typedef struct {
    WbRunSet set;
    WbCase one;
    WbSummary *summary;
} Made;

static void made_init(Made *m)
{
    *m = (Made){.set = {.cases = g_ptr_array_new(),
                        .runs = g_array_new(FALSE, FALSE, sizeof(WbRun)),
                        .published = g_array_new(FALSE, FALSE, sizeof(WbPublished)),
                        .text = NULL},
                .one = {1, wb_labels_new()}};
    g_ptr_array_add(m->set.cases, &m->one);
}

static void made_add(Made *m, WbRun run)
{
    run.of_case = &m->one;
    run.run_id = run.run_no = (int64_t)m->set.runs->len + 1;
    g_array_append_val(m->set.runs, run);
}

static const WbCaseSummary *made_describe(Made *m)
{
    m->summary = wb_summary_new(NULL, &m->set, NULL, NULL);
    g_assert_nonnull(m->summary);
    return wb_summary_at(m->summary, 0);
}

static void made_clear(Made *m)
{
    wb_summary_free(m->summary);
    g_ptr_array_unref(m->set.cases);
    g_array_unref(m->set.runs);
    g_array_unref(m->set.published);
    wb_labels_free(m->one.labels);
}

static const WbCaseSummary *describe_rates(Made *m, const double *rates, size_t n)
{
    made_init(m);
    for (size_t i = 0; i < n; i++) {
        WbRun run = fixture_run(rates[i]);

        run.requests_per_s_half = 0;
        made_add(m, run);
    }
    return made_describe(m);
}

static bool is_within(double value, double wanted, double share)
{
    return fabs(value - wanted) <= share * fabs(wanted);
}

static void test_none_has_nothing_and_no_zero(void)
{
    Made m;
    const WbCaseSummary *of;
    WbRun failed = fixture_run(5);

    made_init(&m);
    failed.status = "failed";
    made_add(&m, failed);
    of = made_describe(&m);
    g_assert_cmpint(of->runs, ==, 1);
    g_assert_cmpint(of->rate.runs, ==, 0);
    g_assert_true(isnan(of->rate.best) && isnan(of->rate.median) && isnan(of->rate.mean));
    g_assert_true(isnan(of->pooled) && isnan(of->window.window_min));
    g_assert_true(isnan(of->errors.run_share) && isnan(of->errors.of[WB_TALLY_ALL].rate));
    g_assert_cmpstr(of->rate.stability, ==, WB_STABILITY_UNKNOWN);
    made_clear(&m);
}

/* What section 4 and 5 give with one, two and three runs. */
static void test_one_two_and_three_runs(void)
{
    const double rates[] = {100, 104, 102};
    Made m;
    const WbCaseSummary *of = describe_rates(&m, rates, 1);

    g_assert_cmpfloat(of->rate.median, ==, 100);
    g_assert_true(isnan(of->rate.stdev) && isnan(of->rate.cv) && isnan(of->rate.mean_ci_lo));
    g_assert_true(isnan(of->rate.median_ci_conf));
    g_assert_cmpint(of->rate.runs_needed, ==, WB_NONE);
    made_clear(&m);

    of = describe_rates(&m, rates, 2);
    g_assert_cmpfloat(of->rate.median, ==, 102);
    g_assert_true(is_within(of->rate.stdev, sqrt(8), 1e-15));
    g_assert_true(is_within(of->rate.median_ci_conf, 0.5, 1e-14));
    g_assert_cmpfloat(of->rate.median_ci_lo, ==, 100);
    /* t(0.975, 1) = 12.706204736174698; stdev / sqrt(2) = 2 */
    g_assert_true(is_within(of->rate.mean_ci_hi, 102 + 12.706204736174698 * 2, 1e-12));
    g_assert_cmpstr(of->rate.stability, ==, WB_STABILITY_UNKNOWN);
    made_clear(&m);

    of = describe_rates(&m, rates, 3);
    g_assert_cmpfloat(of->rate.median, ==, 102);
    g_assert_cmpfloat(of->rate.stdev, ==, 2);
    g_assert_true(is_within(of->rate.median_ci_conf, 0.75, 1e-14));
    g_assert_cmpstr(of->rate.stability, ==, WB_STABILITY_STABLE);
    g_assert_cmpint(of->drift.mk_s, ==, WB_NONE); /* needs four runs with a start */
    g_assert_true(of->warnings & WB_WARN_FEW_RUNS);
    made_clear(&m);
}

static void test_equal_runs_vary_by_nothing(void)
{
    const double rates[] = {250, 250, 250, 250, 250, 250};
    Made m;
    const WbCaseSummary *of = describe_rates(&m, rates, G_N_ELEMENTS(rates));

    g_assert_cmpfloat(of->rate.stdev, ==, 0);
    g_assert_cmpfloat(of->rate.madn, ==, 0);
    g_assert_cmpfloat(of->rate.mean_ci_lo, ==, 250);
    g_assert_cmpfloat(of->rate.mean_ci_hi, ==, 250);
    g_assert_cmpint(of->rate.outliers_n, ==, 0);
    g_assert_cmpint(of->rate.runs_needed, ==, 2);
    g_assert_cmpstr(of->rate.stability, ==, WB_STABILITY_STABLE);
    made_clear(&m);
}

/* More than half equal: madn is 0, and the mean distance steps in (section 5). */
static void test_ties_hide_no_outlier(void)
{
    const double rates[] = {250, 250, 250, 250, 250, 250, 250, 250, 250, 400};
    Made m;
    const WbCaseSummary *of = describe_rates(&m, rates, G_N_ELEMENTS(rates));

    g_assert_cmpfloat(of->rate.madn, ==, 0);
    g_assert_cmpint(of->rate.outliers_n, ==, 1);
    g_assert_cmpint(of->rate.outliers[0], ==, 10);
    g_assert_cmpint(of->rate.best_run_no, ==, 10);
    made_clear(&m);
}

static void test_a_wild_outlier_is_marked_and_kept(void)
{
    const double rates[] = {900, 100, 101, 99, 102, 98};
    Made m;
    const WbCaseSummary *of = describe_rates(&m, rates, G_N_ELEMENTS(rates));

    g_assert_cmpint(of->rate.outliers_n, ==, 1);
    g_assert_cmpint(of->rate.outliers[0], ==, 1);
    g_assert_true(of->rate.first_run_outlier);
    g_assert_cmpfloat(of->rate.best, ==, 900);
    g_assert_true(is_within(of->rate.mean, 1400.0 / 6, 1e-15));
    g_assert_cmpfloat(of->rate.median, ==, 100.5);
    g_assert_cmpstr(of->rate.stability, ==, WB_STABILITY_WILD);
    made_clear(&m);
}

static void test_missing_figures_are_left_out_not_zero(void)
{
    Made m;
    const WbCaseSummary *of;
    WbRun run = fixture_run(100), without_rate = fixture_run(120), blank = fixture_run(1);

    made_init(&m);
    without_rate.requests_per_s = NAN; /* but requests and elapsed: 1200 in 10 s */
    blank.requests_per_s = NAN;
    blank.requests = WB_NONE;
    blank.errors_read = WB_NONE;
    made_add(&m, run);
    made_add(&m, without_rate);
    made_add(&m, blank);
    of = made_describe(&m);
    g_assert_cmpint(of->runs_complete, ==, 3);
    g_assert_cmpint(of->rate.runs, ==, 2);
    g_assert_cmpfloat(of->rate.median, ==, 110);
    g_assert_cmpfloat(of->pooled, ==, 110); /* of the two that tell both */
    g_assert_cmpint(of->window.windows, ==, 2);
    g_assert_true(isnan(of->latency.ns[WB_LATENCY_P99]));
    made_clear(&m);
}

/* 19.34k and 19.36k, each +- 5: intervals are wider by 5 at each end, no spread is below
 * 5 / sqrt(3) as a scale. */
static void test_rounded_figures_widen_intervals(void)
{
    Made m;
    const WbCaseSummary *of;
    double reach;

    made_init(&m);
    for (int i = 0; i < 6; i++) {
        WbRun run = fixture_run(19340 + 20 * (i & 1));

        run.requests_per_s_half = i == 3 ? 5 : 0;
        made_add(&m, run);
    }
    of = made_describe(&m);
    g_assert_cmpfloat(of->rate.half, ==, 5);
    g_assert_cmpfloat(of->rate.median_ci_lo, ==, 19340 - 5);
    g_assert_cmpfloat(of->rate.median_ci_hi, ==, 19360 + 5);
    /* t(0.975, 5) = 2.570581835636314, stdev = sqrt(6 * 100 / 5) */
    reach = 2.570581835636314 * sqrt(120.0 / 6) + 5;
    g_assert_true(is_within(of->rate.mean_ci_hi - of->rate.mean_ci_lo, 2 * reach, 1e-10));
    made_clear(&m);
}

static void test_mixed_durations_are_pooled_by_time(void)
{
    Made m;
    const WbCaseSummary *of;
    WbRun longer = fixture_run(200);

    made_init(&m);
    longer.elapsed_ns = 30 * SECOND;
    longer.requests = 6000;
    made_add(&m, fixture_run(100));
    made_add(&m, longer);
    of = made_describe(&m);
    g_assert_true(of->warnings & WB_WARN_MIXED_DURATION);
    g_assert_cmpfloat(of->rate.mean, ==, 150);
    g_assert_cmpfloat(of->pooled, ==, 175); /* 7000 in 40 s */
    g_assert_true(of->window.window_estimated);
    g_assert_cmpfloat(of->window.window_max, ==, 2000);
    made_clear(&m);
}

/* A log that tells its own windows of 10 s, one of 1 s windows, and one that tells none. */
static void test_mixed_windows_count_only_whole_ones(void)
{
    Made m;
    const WbCaseSummary *of;
    WbRun ten = fixture_run(100), one = fixture_run(100);

    made_init(&m);
    ten.elapsed_ns = 60 * SECOND;
    ten.requests = 6000;
    ten.window_ns = 10 * SECOND;
    ten.windows = 6;
    ten.window_min = 900;
    ten.window_max = 1100;
    one.window_ns = SECOND;
    one.windows = 10;
    one.window_min = 1;
    one.window_max = 5000;
    made_add(&m, ten);
    made_add(&m, one);
    made_add(&m, fixture_run(105));
    of = made_describe(&m);
    g_assert_cmpint(of->window.windows, ==, 8);
    g_assert_cmpfloat(of->window.window_min, ==, 900);
    g_assert_cmpfloat(of->window.window_max, ==, 1100);
    g_assert_false(of->window.window_estimated);
    g_assert_true(isnan(of->window.window_median)); /* six of them are known by two */
    made_clear(&m);
}

/* 1 to 100 000 in a scrambled order (48271 shares no factor with 100 000). */
static void test_hundred_thousand_runs_of_a_case(void)
{
    const size_t n = 100000;
    g_autofree double *rates = g_new(double, n);
    Made m;
    const WbCaseSummary *of;

    for (size_t i = 0; i < n; i++)
        rates[i] = (double)(i * 48271 % n) + 1;
    of = describe_rates(&m, rates, n);
    g_assert_cmpfloat(of->rate.median, ==, 50000.5);
    g_assert_cmpfloat(of->rate.mean, ==, 50000.5);
    g_assert_cmpfloat(of->rate.q1, ==, 25000.75);
    g_assert_true(is_within(of->rate.stdev, sqrt(1e5 * (1e5 + 1) / 12), 1e-14));
    g_assert_true(is_within(of->rate.madn, 1.4826022185056018 * 25000, 1e-14));
    g_assert_cmpfloat(of->pooled, ==, 50000.5);
    g_assert_cmpint(of->rate.outliers_n, ==, 0);
    made_clear(&m);
}

static void test_values_near_1e9_that_differ_by_one(void)
{
    const double rates[] = {1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4};
    Made m;
    const WbCaseSummary *of = describe_rates(&m, rates, G_N_ELEMENTS(rates));

    g_assert_cmpfloat(of->rate.mean, ==, 1e9 + 2);
    g_assert_cmpfloat(of->rate.stdev, ==, sqrt(2.5));
    g_assert_cmpfloat(of->rate.madn, ==, 1.4826022185056018);
    g_assert_cmpfloat(of->rate.range_share, ==, 4 / (1e9 + 2));
    made_clear(&m);
}

/* Sums of counts stay whole; rates are the nearest doubles; nothing overflows. */
static void test_counts_past_what_a_double_holds(void)
{
    Made m;
    const WbCaseSummary *of;
    WbRun run = fixture_run(1);

    made_init(&m);
    run.tool = "wrkbook";
    run.requests = PAST_DOUBLE;
    run.requests_per_s = NAN;
    run.elapsed_ns = SECOND;
    run.errors_timeout = PAST_DOUBLE;
    run.errors_status = 1;
    made_add(&m, run);
    run.requests += 1;
    run.errors_status = PAST_DOUBLE;
    made_add(&m, run);
    of = made_describe(&m);
    g_assert_cmpint(of->errors.of[WB_TALLY_ALL].count, ==, 2 * PAST_DOUBLE);
    g_assert_cmpint(of->errors.of[WB_TALLY_STATUS].count, ==, PAST_DOUBLE + 1);
    g_assert_true(is_within(of->errors.of[WB_TALLY_ALL].rate, 0.5, 1e-15));
    g_assert_cmpfloat(of->pooled, ==, (double)(2 * PAST_DOUBLE + 1) / 2);
    made_clear(&m);

    made_init(&m);
    run.requests = run.errors_timeout = INT64_MAX;
    for (int i = 0; i < 4; i++)
        made_add(&m, run);
    of = made_describe(&m);
    g_assert_true(is_within(of->pooled, (double)INT64_MAX, 1e-15));
    g_assert_true(is_within(of->errors.of[WB_TALLY_ALL].rate, 0.5, 1e-15));
    g_assert_cmpint(of->errors.of[WB_TALLY_ALL].count, ==, INT64_MAX); /* the most it can say */
    made_clear(&m);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
#define ADD(path, name) g_test_add_func("/summary/edges/" path, name)
    ADD("none", test_none_has_nothing_and_no_zero);
    ADD("few", test_one_two_and_three_runs);
    ADD("equal", test_equal_runs_vary_by_nothing);
    ADD("ties", test_ties_hide_no_outlier);
    ADD("wild", test_a_wild_outlier_is_marked_and_kept);
    ADD("missing", test_missing_figures_are_left_out_not_zero);
    ADD("rounded", test_rounded_figures_widen_intervals);
    ADD("durations", test_mixed_durations_are_pooled_by_time);
    ADD("windows", test_mixed_windows_count_only_whole_ones);
    ADD("many", test_hundred_thousand_runs_of_a_case);
    ADD("near-1e9", test_values_near_1e9_that_differ_by_one);
    ADD("past-2^53", test_counts_past_what_a_double_holds);
    return g_test_run();
}
