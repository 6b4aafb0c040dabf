/*
 * What the order of time says: trends, steady parts, drift of a campaign, server starts, at their
 * edges. The figures themselves: calc_test.c.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "analyze/case_series.h"
#include "analyze/rank_sum.h"
#include "analyze/stats.h"
#include "analyze/trend.h"
#include "schema/units.h"

/* ---- instants ----------------------------------------------------------------------------- */

static void test_instants_are_read_as_glib_reads_them(void)
{
    static const char *const texts[] = {"1970-01-01T00:00:00Z",    "2000-02-29T23:59:59.999999Z",
                                        "2018-06-05T12:00:00.5Z",  "2026-11-26T17:41:05Z",
                                        "2100-03-01T00:00:00.25Z", "1969-12-31T23:59:58Z"};
    static const char *const wrong[] = {"",
                                        "2026-11-26",
                                        "2026-11-26 17:41:05Z",
                                        "2026-11-26T17:41:05+01:00",
                                        "2026-13-26T17:41:05Z",
                                        "2026-11-26T24:00:00Z",
                                        "2026-11-26T17:41:05.2x",
                                        "20a6-11-26T17:41:05Z"};
    double s;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GDateTime) theirs = g_date_time_new_from_iso8601(texts[i], NULL);

        g_assert_true(wb_units_parse_utc(texts[i], &s));
        g_assert_cmpfloat_with_epsilon(
            s, (double)g_date_time_to_unix(theirs) + g_date_time_get_microsecond(theirs) / 1e6,
            1e-6);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(wb_units_parse_utc(wrong[i], &s));
}

/* ---- trend -------------------------------------------------------------------------------- */

static void test_trend_of_few_or_equal_values(void)
{
    const double y[] = {5, 5, 5, 5, 5, 6};

    g_assert_cmpstr(wb_trend_test(y, 0).method, ==, "none");
    g_assert_cmpint(wb_trend_test(y, 3).s, ==, WB_NONE);
    g_assert_true(isnan(wb_trend_test(y, 3).p));
    g_assert_cmpstr(wb_trend_test(y, 5).method, ==, WB_P_DEGENERATE);
    g_assert_cmpfloat(wb_trend_test(y, 5).p, ==, 1);
    g_assert_cmpstr(wb_trend_test(y, 6).method, ==, WB_P_NORMAL);
    g_assert_true(isnan(wb_trend_slope(NULL, y, 0)));
    g_assert_true(isnan(wb_trend_slope(NULL, y, 1)));
    g_assert_cmpfloat(wb_trend_slope(NULL, y, 6), ==, 0);
    g_assert_true(isnan(wb_trend_lag1(y, 5)));
}

/* 4 values in one order of 4! = 24: two-sided 2 / 24. At 50 values the smallest p is 2 / 50!. */
static void test_trend_is_exact_up_to_fifty_values(void)
{
    double y[51];

    for (int i = 0; i < 51; i++)
        y[i] = 1e9 + i;
    g_assert_cmpfloat_with_epsilon(wb_trend_test(y, 4).p, 2.0 / 24, 1e-15);
    g_assert_cmpfloat_with_epsilon(log(wb_trend_test(y, 50).p), log(2) - lgamma(51), 1e-9);
    g_assert_cmpstr(wb_trend_test(y, 50).method, ==, WB_P_EXACT);
    g_assert_cmpstr(wb_trend_test(y, 51).method, ==, WB_P_NORMAL);
    g_assert_cmpint(wb_trend_test(y, 51).s, ==, 51 * 50 / 2);
}

/* ---- steady ------------------------------------------------------------------------------- */

/* S by its definition, over noise, ties and steps; and of more values than pairs can be looked at.
 */
static void test_s_is_pairs_that_rise_less_pairs_that_fall(void)
{
    const size_t many = 100000;
    g_autofree double *rising = g_new(double, many);
    double y[97];

    for (size_t n = 4; n <= G_N_ELEMENTS(y); n++)
        for (int levels = 2; levels < 200; levels *= 5) {
            int64_t s = 0;

            for (size_t i = 0; i < n; i++)
                y[i] = (double)(i * 7919 % 1009 % (size_t)levels);
            for (size_t i = 0; i < n; i++)
                for (size_t j = i + 1; j < n; j++)
                    s += (y[j] > y[i]) - (y[j] < y[i]);
            g_assert_cmpint(wb_trend_test(y, n).s, ==, s);
        }
    for (size_t i = 0; i < many; i++)
        rising[i] = (double)i;
    g_assert_cmpint(wb_trend_test(rising, many).s, ==, INT64_C(4999950000));
}

/* The slope by its definition: all slopes, sorted. */
static double slope_by_sorting(const double *t, const double *y, size_t n)
{
    g_autofree double *slopes = g_new(double, n *n);
    size_t at = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (t[i] != t[j])
                slopes[at++] = (y[j] - y[i]) / (t[j] - t[i]);
    wb_stats_sort(slopes, at);
    return wb_stats_median(slopes, at);
}

/* So many pairs that only those near the median are kept: noise, ties, equal times, two groups, and
 * rows whose sample says nothing of the rest. */
static void test_slope_of_many_pairs_is_the_median_of_all(void)
{
    double t[130], y[130];

    for (int shape = 0; shape < 6; shape++)
        for (size_t n = 46; n <= G_N_ELEMENTS(y); n += 7) {
            for (size_t i = 0; i < n; i++) {
                double noise = (double)(i * 7919 % 1009) / 1009;
                const double shapes[] = {noise,
                                         floor(3 * noise),
                                         (double)(i % 2) * 100 + noise,
                                         exp(20 * noise),
                                         i % 16 == 0 ? 1e6 : (double)i,
                                         noise};

                t[i] = shape == 5 ? floor((double)i / 10) : (double)i;
                y[i] = shapes[shape];
            }
            g_assert_cmpfloat(wb_trend_slope(t, y, n), ==, slope_by_sorting(t, y, n));
            if (shape < 5)
                g_assert_cmpfloat(wb_trend_slope(NULL, y, n), ==, slope_by_sorting(t, y, n));
        }
}

static void test_steps_are_the_smallest_that_give_sixty(void)
{
    static const struct {
        int64_t slice_ns, slices, step;
    } cases[] = {
        {100000000, 10, 1},  {100000000, 60, 1},   {100000000, 61, 2},     {100000000, 100, 2},
        {100000000, 300, 5}, {100000000, 600, 10}, {100000000, 6000, 100}, {1000000000, 30, 1},
        {50000000, 100, 2},  {30000000, 600, 10},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(wb_steady_step_slices(cases[i].slice_ns, cases[i].slices), ==,
                        cases[i].step);
}

/* A run of 10 s whose first 2 s serve `first`, the others 1000 a slice, with a little noise. */
static void add_run(WbCaseSteady *steady, int64_t first)
{
    WbSliceRecord slices[100] = {0};

    for (int i = 0; i < 100; i++)
        slices[i].requests = (i < 20 ? first : 1000) + (i * 7) % 11;
    wb_case_steady_add(steady, slices, G_N_ELEMENTS(slices), 100000000, NULL);
}

static void test_a_case_has_the_class_of_its_runs_or_is_mixed(void)
{
    WbCaseSteady steady = {0};

    g_assert_null(steady.steady_class);
    add_run(&steady, 600);
    add_run(&steady, 700);
    g_assert_cmpstr(steady.steady_class, ==, WB_STEADY_WARMUP);
    add_run(&steady, 1000);
    g_assert_cmpstr(steady.steady_class, ==, WB_STEADY_MIXED);
    add_run(&steady, 1000);
    g_assert_cmpstr(steady.steady_class, ==, WB_STEADY_MIXED);
    g_assert_cmpint(steady.steady_warmup, ==, 2);
    g_assert_cmpint(steady.steady_flat, ==, 2);
}

static void test_a_run_too_short_is_unknown(void)
{
    const WbSliceRecord slices[7] = {{.requests = 1}, {.requests = 900}};
    WbCaseSteady steady = {0};

    wb_case_steady_add(&steady, slices, 0, 100000000, NULL);
    g_assert_null(steady.steady_class);
    wb_case_steady_add(&steady, slices, G_N_ELEMENTS(slices), 100000000, NULL);
    g_assert_cmpstr(steady.steady_class, ==, WB_STEADY_UNKNOWN);
}

/* ---- campaigns ---------------------------------------------------------------------------- */

#define CASES  5
#define ROUNDS 20

/* A campaign of interleaved rounds in which everything is slower from run 60 on, given shuffled. */
typedef struct {
    WbRun runs[CASES * ROUNDS];
    const WbRun *list[CASES * ROUNDS];
    double values[CASES * ROUNDS];
    size_t of_case[CASES * ROUNDS];
    char started[CASES * ROUNDS][32];
} Campaign;

static Campaign *campaign_new(double later)
{
    Campaign *c = g_new0(Campaign, 1);

    for (int i = 0; i < CASES * ROUNDS; i++) {
        int place = i * 37 % (CASES * ROUNDS);

        wb_run_init(&c->runs[i]);
        c->runs[i].run_id = i;
        c->runs[i].campaign = "c";
        g_snprintf(c->started[i], sizeof c->started[i], "2026-11-26T14:%02d:%02dZ", i / 60, i % 60);
        c->runs[i].started_at = c->started[i];
        c->list[place] = &c->runs[i];
        c->of_case[place] = (size_t)(i % CASES);
        c->values[place] = (double)(1 + i % CASES) * 10000 * (i < 60 ? 1 : later) *
                           (1 + 0.002 * ((i * 13) % 7 - 3));
    }
    return c;
}

static void test_a_step_in_a_campaign_is_found_with_its_time(void)
{
    g_autofree Campaign *c = campaign_new(0.91);
    g_autoptr(GArray) all = wb_campaign_series(c->list, c->values, c->of_case, CASES * ROUNDS);
    const WbCampaignSeries *of = &g_array_index(all, WbCampaignSeries, 0);

    g_assert_cmpuint(all->len, ==, 1);
    g_assert_cmpint(of->runs, ==, CASES * ROUNDS);
    g_assert_cmpstr(of->drift.drift, ==, WB_DRIFT_DOWN);
    g_assert_cmpuint(of->levels.segments->len, ==, 2);
    g_assert_cmpint(g_array_index(of->levels.segments, WbSteadySegment, 1).start, ==, 60);
    g_assert_cmpstr(g_ptr_array_index(of->level_starts, 1), ==, "2026-11-26T14:01:00Z");
    g_assert_cmpfloat_with_epsilon(
        g_array_index(of->levels.segments, WbSteadySegment, 1).median /
            g_array_index(of->levels.segments, WbSteadySegment, 0).median,
        0.91, 0.005);
}

static void test_a_quiet_campaign_has_no_drift(void)
{
    g_autofree Campaign *c = campaign_new(1);
    g_autoptr(GArray) all = wb_campaign_series(c->list, c->values, c->of_case, CASES * ROUNDS);
    const WbCampaignSeries *of = &g_array_index(all, WbCampaignSeries, 0);

    g_assert_cmpstr(of->drift.drift, ==, WB_DRIFT_NONE);
    g_assert_cmpuint(of->levels.segments->len, ==, 1);
}

static void test_the_time_of_a_file_is_no_start(void)
{
    g_autofree Campaign *c = campaign_new(0.5);
    g_autoptr(GArray) all = NULL;
    WbStartsFigures starts;
    WbDriftCase drift;

    for (int i = 0; i < CASES * ROUNDS; i++)
        c->runs[i].started_from = "file";
    all = wb_campaign_series(c->list, c->values, c->of_case, CASES * ROUNDS);
    g_assert_cmpuint(all->len, ==, 0);
    wb_case_series_describe(c->list, c->values, CASES * ROUNDS, &drift, &starts);
    g_assert_cmpint(drift.mk_s, ==, WB_NONE);
    g_assert_cmpint(starts.runs_per_start, ==, WB_NONE);
}

static void test_many_runs_are_thinned(void)
{
    enum { N = 5000 };
    g_autofree WbDriftRun *runs = g_new(WbDriftRun, N);
    WbDriftCampaign out;

    for (size_t i = 0; i < N; i++)
        runs[i] = (WbDriftRun){(double)i, 1000 * (1 + 0.1 * (double)i / N), i % 10};
    wb_drift_campaign(runs, N, 10, &out, NULL);
    g_assert_cmpstr(out.drift, ==, WB_DRIFT_UP);
    g_assert_cmpfloat_with_epsilon(out.slope_pct, 9.5, 0.6);
}

/* A straight line: its slope is known, and thinning must not change it. */
static void test_the_slope_of_many_runs_is_per_run(void)
{
    enum { N = 20000 };
    g_autofree double *start_s = g_new(double, N);
    g_autofree double *values = g_new(double, N);
    WbDriftCase out;

    for (int i = 0; i < N; i++) {
        start_s[i] = 10.0 * i;
        values[i] = 10000 + 0.01 * (i + 1);
    }
    wb_drift_case(start_s, values, N, &out);
    g_assert_cmpfloat_with_epsilon(out.slope_pct_per_run, 100 * 0.01 / 10100.005, 1e-11);
    g_assert_cmpfloat_with_epsilon(out.slope_pct_per_hour, 360 * 100 * 0.01 / 10100.005, 1e-8);
}

/* ---- starts ------------------------------------------------------------------------------- */

static void test_starts_need_two_starts_and_one_of_several_runs(void)
{
    const int64_t one[] = {1, 1, 1, 1}, each[] = {1, 2, 3, 4};
    const double values[] = {10, 11, 10, 12};
    WbStartsFigures out;

    wb_starts_describe(one, values, 0, 1, &out);
    g_assert_true(isnan(out.icc));
    wb_starts_describe(one, values, 4, 1, &out);
    g_assert_true(isnan(out.icc));
    wb_starts_describe(each, values, 4, 1, &out);
    g_assert_true(isnan(out.icc));
    wb_starts_describe((const int64_t[]){2, 1, 2, 1}, (const double[]){5, 5, 5, 5}, 4, 1, &out);
    g_assert_cmpfloat(out.var_start, ==, 0);
    g_assert_true(isnan(out.icc)); /* no variance at all */
    g_assert_cmpint(out.runs_per_start, ==, WB_NONE);
}

static void test_a_start_is_one_value_the_mean_of_its_runs(void)
{
    int64_t start[] = {7, 3, 7, WB_NONE, 3, WB_NONE, 7};
    double values[] = {10, 100, 20, 5, 300, 6, 60};

    g_assert_cmpuint(wb_starts_means(start, values, 7), ==, 4);
    g_assert_cmpint(start[0], ==, 7);
    g_assert_cmpint(start[1], ==, 3);
    g_assert_cmpfloat(values[0], ==, 30);
    g_assert_cmpfloat(values[1], ==, 200);
    g_assert_cmpfloat(values[2], ==, 5);
    g_assert_cmpfloat(values[3], ==, 6);
    g_assert_cmpuint(wb_starts_means(start, values, 0), ==, 0);
}

static void test_starts_of_two_campaigns_are_not_the_same(void)
{
    WbRun runs[4];
    const WbRun *list[4];
    g_autofree int64_t *starts = NULL;

    for (int i = 0; i < 4; i++) {
        wb_run_init(&runs[i]);
        runs[i].campaign = i < 2 ? "one" : "two";
        runs[i].server_start = i == 3 ? WB_NONE : 1;
        list[i] = &runs[i];
    }
    starts = wb_case_series_starts(list, 4);
    g_assert_cmpint(starts[0], ==, 1);
    g_assert_cmpint(starts[1], ==, 1);
    g_assert_cmpint(starts[2], !=, 1);
    g_assert_cmpint(starts[3], ==, WB_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/series/instants", test_instants_are_read_as_glib_reads_them);
    g_test_add_func("/series/trend/few", test_trend_of_few_or_equal_values);
    g_test_add_func("/series/trend/exact", test_trend_is_exact_up_to_fifty_values);
    g_test_add_func("/series/trend/s", test_s_is_pairs_that_rise_less_pairs_that_fall);
    g_test_add_func("/series/trend/slope", test_slope_of_many_pairs_is_the_median_of_all);
    g_test_add_func("/series/steady/steps", test_steps_are_the_smallest_that_give_sixty);
    g_test_add_func("/series/steady/case", test_a_case_has_the_class_of_its_runs_or_is_mixed);
    g_test_add_func("/series/steady/short", test_a_run_too_short_is_unknown);
    g_test_add_func("/series/campaign/step", test_a_step_in_a_campaign_is_found_with_its_time);
    g_test_add_func("/series/campaign/quiet", test_a_quiet_campaign_has_no_drift);
    g_test_add_func("/series/campaign/file-time", test_the_time_of_a_file_is_no_start);
    g_test_add_func("/series/campaign/many", test_many_runs_are_thinned);
    g_test_add_func("/series/case/many", test_the_slope_of_many_runs_is_per_run);
    g_test_add_func("/series/starts/means", test_a_start_is_one_value_the_mean_of_its_runs);
    g_test_add_func("/series/starts/campaigns", test_starts_of_two_campaigns_are_not_the_same);
    g_test_add_func("/series/starts", test_starts_need_two_starts_and_one_of_several_runs);
    return g_test_run();
}
