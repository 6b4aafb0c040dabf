/* Statistics of plain numbers and their kernels: edges, and values known from elsewhere. The
 * samples of R and SciPy are in calc_test.c. */
#include <glib.h>
#include <math.h>

#include "analyze/distributions.h"
#include "analyze/sample.h"
#include "analyze/stats.h"

static void assert_close(double got, double wanted, double rel)
{
    if (!(fabs(got - wanted) <= rel * fabs(wanted)))
        g_test_message("%.17g, wanted %.17g", got, wanted);
    g_assert_true(fabs(got - wanted) <= rel * fabs(wanted));
}

/* Spread 1 at 1e9: a sum-of-squares variance loses all its digits here. */
static void test_variance_far_from_zero_keeps_its_digits(void)
{
    const double x[] = {1e9 + 1, 1e9 + 2, 1e9 + 3};

    g_assert_cmpfloat_with_epsilon(wb_stats_variance(x, G_N_ELEMENTS(x)), 1.0, 1e-12);
}

static void test_nothing_gives_nan(void)
{
    const double x[] = {7};

    g_assert_true(isnan(wb_stats_mean(x, 0)));
    g_assert_true(isnan(wb_stats_median(x, 0)));
    g_assert_true(isnan(wb_stats_madn(x, 0)));
    g_assert_true(isnan(wb_stats_quantile(x, 0, 0.5)));
    g_assert_true(isnan(wb_stats_variance(x, 1)));
    g_assert_true(isnan(wb_stats_best_of_k(x, 1, 2, 0)));
    g_assert_true(isnan(wb_stats_wilson(0.5, 0).lo));
    g_assert_true(isnan(wb_stats_clopper_pearson(0, 0).hi));
}

/* R: quantile(c(1,2,3,4,10), c(0,.1,.5,.75,1)), type 7. */
static void test_quantile_is_type_7(void)
{
    const double x[] = {1, 2, 3, 4, 10};
    const double p[] = {0, 0.1, 0.5, 0.75, 1};
    const double wanted[] = {1, 1.4, 3, 4, 10};

    for (size_t i = 0; i < G_N_ELEMENTS(p); i++)
        assert_close(wb_stats_quantile(x, G_N_ELEMENTS(x), p[i]), wanted[i], 1e-15);
}

/* The median of distances found by walking must be the one found by sorting them. */
static void test_madn_by_walking_equals_madn_by_sorting(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20180605);

    for (size_t n = 1; n < 60; n++) {
        double x[60], distance[60];
        double median;

        for (size_t i = 0; i < n; i++)
            x[i] = g_rand_int_range(rand, 0, n < 30 ? 10 : 100000);
        wb_stats_sort(x, n);
        median = wb_stats_median(x, n);
        for (size_t i = 0; i < n; i++)
            distance[i] = fabs(x[i] - median);
        wb_stats_sort(distance, n);
        g_assert_cmpfloat_with_epsilon(wb_stats_madn(x, n),
                                       1.4826022185056018 * wb_stats_median(distance, n), 1e-9);
    }
}

/* Best of all n is the maximum, best of one the mean; for latencies the other way round. */
static void test_best_of_k_between_mean_and_best(void)
{
    const double x[] = {1, 2, 3, 4, 10};

    assert_close(wb_stats_best_of_k(x, 5, 5, 0), 10, 1e-15);
    assert_close(wb_stats_best_of_k(x, 5, 1, 0), 4, 1e-15);
    assert_close(wb_stats_best_of_k(x, 5, 5, 1), 1, 1e-15);
    assert_close(wb_stats_best_of_k(x, 5, 1, 1), 4, 1e-15);
    /* all pairs of 1 2 3 4 10, their maxima: 2 3 3 4 4 4 10 10 10 10 */
    assert_close(wb_stats_best_of_k(x, 5, 2, 0), 6, 1e-15);
}

/* STATISTICS section 4: n and the confidence that its order statistics reach. */
static void test_median_rank_confidence(void)
{
    const struct {
        size_t n, k;
        double conf;
    } known[] = {{2, 1, 0.5},     {3, 1, 0.75},      {4, 1, 0.875},    {5, 1, 0.9375},
                 {6, 1, 0.96875}, {8, 1, 0.9921875}, {9, 2, 0.9609375}};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        double conf;

        g_assert_cmpuint(wb_stats_median_rank(known[i].n, &conf), ==, known[i].k);
        assert_close(conf, known[i].conf, 1e-13);
    }
}

/* Tables of the normal, t and beta distributions (R: qnorm, qt, pt, qbeta, pbeta). */
static void test_kernels_against_tables(void)
{
    assert_close(wb_dist_qnorm(0.975), 1.959963984540054, 4e-16);
    assert_close(wb_dist_qnorm(1e-300), -37.0470964993612, 1e-8);
    assert_close(wb_dist_pnorm(-10), 7.61985302416053e-24, 1e-13);
    g_assert_true(wb_dist_qnorm(0) == -INFINITY && wb_dist_qnorm(1) == INFINITY);
    assert_close(wb_dist_qt(0.975, 1), 12.7062047361747, 1e-13);
    assert_close(wb_dist_qt(0.975, 2), 4.30265272974946, 1e-13);
    assert_close(wb_dist_qt(0.975, 5), 2.57058183563632, 1e-13);
    assert_close(wb_dist_qt(0.025, 5), -2.57058183563632, 1e-13);
    assert_close(wb_dist_t_upper(12.7062047361747, 1), 0.025, 1e-13);
    /* closed forms: I_x(1, b) = 1 - (1-x)^b, I_x(a, 1) = x^a */
    assert_close(wb_dist_ibeta(1, 6, 0.3, 0.7), 1 - pow(0.7, 6), 1e-14);
    assert_close(wb_dist_ibeta(1e5, 1, 0.9999, 1e-4), pow(0.9999, 1e5), 1e-11);
    assert_close(wb_dist_qbeta(0.975, 1, 6), 1 - pow(0.025, 1.0 / 6), 1e-13);
    g_assert_cmpfloat(wb_dist_ibeta(2, 3, 0, 1), ==, 0);
    g_assert_cmpfloat(wb_dist_ibeta(2, 3, 1, 0), ==, 1);
}

/* qbeta and ibeta, qt and t_upper undo each other over a wide range. */
static void test_quantiles_invert_their_functions(void)
{
    const double p[] = {1e-6, 0.01, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999};
    const double a[] = {0.5, 1, 3, 40, 5000};

    for (size_t i = 0; i < G_N_ELEMENTS(p); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(a); j++) {
            for (size_t k = 0; k < G_N_ELEMENTS(a); k++) {
                double x = wb_dist_qbeta(p[i], a[j], a[k]);

                /* beside 1 a double has no room for the quantile's digits */
                if (1 - x > 1e-4)
                    assert_close(wb_dist_ibeta(a[j], a[k], x, 1 - x), p[i], 1e-9);
            }
            assert_close(1 - wb_dist_t_upper(wb_dist_qt(p[i], a[j]), a[j]), p[i], 1e-9);
        }
}

/* 0 of 6 runs with errors still allows 46 % (STATISTICS section 6). */
static void test_clopper_pearson_of_none(void)
{
    WbInterval none = wb_stats_clopper_pearson(0, 6);
    WbInterval all = wb_stats_clopper_pearson(6, 6);

    g_assert_cmpfloat(none.lo, ==, 0);
    assert_close(none.hi, 0.4592581264399005, 1e-12);
    assert_close(all.lo, 1 - 0.4592581264399005, 1e-12);
    g_assert_cmpfloat(all.hi, ==, 1);
}

static void test_sample_of_nothing_and_of_one(void)
{
    g_autoptr(WbSampleSpace) space = wb_sample_space_new();
    const WbSampleOptions options = WB_SAMPLE_OPTIONS_DEFAULT;
    const double x[] = {500};
    WbSample sample = {.values = x, .n = 0};
    WbSampleFigures got;
    double reach;
    int64_t missing;

    wb_sample_describe(&sample, &options, space, &got);
    g_assert_cmpint(got.runs, ==, 0);
    g_assert_true(isnan(got.best) && isnan(got.median) && got.best_run_no == WB_NONE);
    sample.n = 1;
    wb_sample_describe(&sample, &options, space, &got);
    g_assert_cmpfloat(got.best, ==, 500);
    g_assert_cmpfloat(got.q1, ==, 500);
    g_assert_true(isnan(got.stdev) && isnan(got.median_ci_lo) && isnan(got.range_share));
    g_assert_false(wb_sample_median_shown(&got, &reach, &missing));
    g_assert_cmpint(missing, ==, 4);
}

/* A mean of 0 divides nothing. */
static void test_sample_of_zeros_has_no_cv(void)
{
    g_autoptr(WbSampleSpace) space = wb_sample_space_new();
    const WbSampleOptions options = WB_SAMPLE_OPTIONS_DEFAULT;
    const double x[] = {0, 0, 0, 0, 0};
    const WbSample sample = {.values = x, .n = 5};
    WbSampleFigures got;

    wb_sample_describe(&sample, &options, space, &got);
    g_assert_true(isnan(got.cv) && isnan(got.range_share));
    g_assert_cmpfloat(got.stdev, ==, 0);
    g_assert_cmpstr(got.stability, ==, WB_STABILITY_UNKNOWN);
    g_assert_cmpint(got.runs_needed, ==, WB_NONE);
}

/* Run numbers are the database's, not places in the list; latencies are better when lower. */
static void test_sample_names_runs_and_knows_direction(void)
{
    g_autoptr(WbSampleSpace) space = wb_sample_space_new();
    const WbSampleOptions options = WB_SAMPLE_OPTIONS_DEFAULT;
    const double x[] = {10, 10.1, 9.9, 10, 10.05, 9.95, 10, 10.1, 9.9, 30};
    const int64_t no[] = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    const WbSample sample = {.values = x, .run_no = no, .n = 10, .lower_is_better = true};
    WbSampleFigures got;

    wb_sample_describe(&sample, &options, space, &got);
    g_assert_cmpfloat(got.best, ==, 9.9);
    g_assert_cmpfloat(got.worst, ==, 30);
    g_assert_cmpint(got.best_run_no, ==, 13);
    g_assert_cmpint(got.outliers_n, ==, 1);
    g_assert_cmpint(got.outliers[0], ==, 20);
    g_assert_false(got.first_run_outlier);
    wb_sample_figures_clear(&got);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/stats/variance/far-from-zero", test_variance_far_from_zero_keeps_its_digits);
    g_test_add_func("/stats/nothing", test_nothing_gives_nan);
    g_test_add_func("/stats/quantile", test_quantile_is_type_7);
    g_test_add_func("/stats/madn", test_madn_by_walking_equals_madn_by_sorting);
    g_test_add_func("/stats/best-of-k", test_best_of_k_between_mean_and_best);
    g_test_add_func("/stats/median-rank", test_median_rank_confidence);
    g_test_add_func("/distributions/tables", test_kernels_against_tables);
    g_test_add_func("/distributions/inverse", test_quantiles_invert_their_functions);
    g_test_add_func("/stats/clopper-pearson", test_clopper_pearson_of_none);
    g_test_add_func("/sample/none-and-one", test_sample_of_nothing_and_of_one);
    g_test_add_func("/sample/zeros", test_sample_of_zeros_has_no_cv);
    g_test_add_func("/sample/run-numbers", test_sample_names_runs_and_knows_direction);
    return g_test_run();
}
