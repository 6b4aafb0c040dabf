/*
 * Rank sum, signed rank and their kin where a reference can be counted or was asked of R 4.2.2
 * (the call stands beside the figure): exact distributions against every order of the values,
 * rounded figures, and the numbers of the bootstrap's stream.
 */
#include <glib.h>
#include <math.h>

#include "analyze/adjust.h"
#include "analyze/bootstrap.h"
#include "analyze/fisher.h"
#include "analyze/rank_sum.h"
#include "analyze/signed_rank.h"
#include "analyze/stats.h"
#include "analyze/two_samples.h"

#define NEAR(got, wanted) g_assert_cmpfloat_with_epsilon(got, wanted, 1e-12 * fabs(wanted))

/* ---- against every order -------------------------------------------------------------------- */

/* Twice U of the values in `set` as A, the others of [n] as B. */
static int twice_u(const double *values, size_t n, unsigned set)
{
    int out = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if ((set >> i & 1) && !(set >> j & 1))
                out += values[j] > values[i] ? 2 : values[j] == values[i];
    return out;
}

/* Two-sided p of the first m values against the rest: without ties both tails doubled, with ties
 * all orders that are as far from the mean of U. */
static double p_by_counting(const double *values, size_t n, size_t m, bool ties)
{
    int own = twice_u(values, n, (1U << m) - 1), mean = (int)(m * (n - m));
    double all = 0, low = 0, high = 0, far = 0;

    for (unsigned set = 0; set < 1U << n; set++) {
        int u;

        if ((size_t)__builtin_popcount(set) != m)
            continue;
        u = twice_u(values, n, set);
        all++;
        low += u <= own;
        high += u >= own;
        far += ABS(u - mean) >= ABS(own - mean);
    }
    return ties ? far / all : fmin(1, 2 * fmin(low, high) / all);
}

static void check_by_counting(GRand *rand, WbRankSumSpace *space, size_t m, size_t n, int kinds)
{
    double values[12];
    WbRankSum got;
    bool ties = false;

    for (size_t i = 0; i < m + n; i++)
        values[i] = kinds ? g_rand_int_range(rand, 0, kinds) : g_rand_double(rand);
    for (size_t i = 0; i < m + n; i++)
        for (size_t j = 0; j < i; j++)
            ties |= values[i] == values[j];
    wb_stats_sort(values, m);
    wb_stats_sort(values + m, n);
    got = wb_rank_sum_test(space, values, m, values + m, n);
    g_assert_cmpfloat_with_epsilon(got.p, p_by_counting(values, m + n, m, ties), 1e-14);
    g_assert_cmpfloat(2 * got.u, ==, twice_u(values, m + n, (1U << m) - 1));
}

static void test_exact_p_is_that_of_all_orders(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20180605);
    WbRankSumSpace *space = wb_rank_sum_space_new();

    for (size_t m = 1; m <= 6; m++)
        for (size_t n = 1; n <= 6; n++)
            for (int kinds = 0; kinds < 8; kinds += kinds ? 2 : 3)
                check_by_counting(rand, space, m, n, kinds);
    wb_rank_sum_space_free(space);
}

/* ---- against R ------------------------------------------------------------------------------ */

/* R: wilcox.test(b, a, exact = TRUE, conf.int = TRUE) */
static void test_seven_against_six_as_r(void)
{
    const double a[] = {12.1, 15.3, 9.8, 11.4, 14.9, 13.2};
    const double b[] = {14.2, 16.8, 15.5, 17.1, 13.9, 16.1, 18.0};
    const WbTwoSamples samples = {.a = a, .a_n = 6, .b = b, .b_n = 7};
    const WbTwoSamplesOptions options = WB_TWO_SAMPLES_OPTIONS_DEFAULT;
    g_autoptr(WbTwoSamplesSpace) space = wb_two_samples_space_new();
    WbTwoSamplesFigures got;

    wb_two_samples_describe(&samples, &options, space, &got);
    g_assert_cmpfloat(got.u, ==, 38);
    NEAR(got.p, 0.013986013986014);
    NEAR(got.shift, 3.0);
    NEAR(got.shift_lo, 0.7);
    NEAR(got.shift_hi, 5.7);
}

/* R: wilcox.test(y, x, exact = FALSE) of 60 and 55 values without ties */
static void test_more_than_fifty_are_normal_as_r(void)
{
    WbRankSumSpace *space = wb_rank_sum_space_new();
    double x[60], y[55];
    WbRankSum got;

    for (int i = 0; i < 60; i++)
        x[i] = (i + 1) * 1.5;
    for (int i = 0; i < 55; i++)
        y[i] = (i + 1) * 1.5 + 7.75;
    got = wb_rank_sum_test(space, x, 60, y, 55);
    g_assert_cmpstr(got.method, ==, WB_P_NORMAL);
    g_assert_cmpfloat(got.u, ==, 1815);
    NEAR(got.p, 0.357038324791609);
    wb_rank_sum_space_free(space);
}

/* R: qwilcox(0.025, m, n), at least 1; 1 - 2 * pwilcox(k - 1, m, n) */
static void test_limits_as_r(void)
{
    WbRankSumSpace *space = wb_rank_sum_space_new();
    double conf;

    g_assert_cmpint(wb_rank_sum_limits(space, 4, 4, &conf), ==, 1);
    g_assert_cmpint(wb_rank_sum_limits(space, 5, 8, &conf), ==, 7);
    g_assert_cmpint(wb_rank_sum_limits(space, 6, 6, &conf), ==, 6);
    NEAR(conf, 0.958874458874459);
    g_assert_cmpint(wb_rank_sum_limits(space, 50, 50, &conf), ==, 966);
    NEAR(conf, 0.950452276401153);
    wb_rank_sum_space_free(space);
}

/* R: wilcox.test(d, exact = TRUE, conf.int = TRUE); wilcox.test(ties, exact = FALSE) */
static void test_signed_rank_as_r(void)
{
    const double d[] = {0.31, -0.12, 0.44, 0.05, 0.27, -0.08, 0.19, 0.36, 0.02};
    const double ties[] = {1, 1, 2, -1, 3, 0, 4, -2, 5};
    WbSignedRank got = wb_signed_rank_test(d, G_N_ELEMENTS(d));
    WbSignedRankShift shift = wb_signed_rank_shift(d, G_N_ELEMENTS(d));

    g_assert_cmpfloat(got.v, ==, 38);
    NEAR(got.p, 0.07421875);
    NEAR(shift.estimate, 0.16);
    NEAR(shift.lo, -0.03);
    NEAR(shift.hi, 0.335);
    NEAR(shift.conf, 0.9609375);
    got = wb_signed_rank_test(ties, G_N_ELEMENTS(ties));
    g_assert_cmpstr(got.method, ==, WB_P_NORMAL);
    g_assert_cmpfloat(got.v, ==, 29.5);
    NEAR(got.p, 0.121181388585426);
}

/* R: p.adjust(p, "BH"), p.adjust(p, "holm") */
static void test_adjusted_p_in_any_order_as_r(void)
{
    const double p[] = {0.01, 0.04, 0.03, 0.005, 0.5, 0.04, 1};
    const double bh[] = {0.035, 0.056, 0.056, 0.035, 0.583333333333333, 0.056, 1};
    const double holm[] = {0.06, 0.16, 0.15, 0.035, 1, 0.16, 1};
    double got_bh[7], got_holm[7];

    wb_adjust(p, 7, got_bh, got_holm);
    for (size_t i = 0; i < 7; i++) {
        NEAR(got_bh[i], bh[i]);
        NEAR(got_holm[i], holm[i]);
    }
}

/* R: fisher.test(matrix(c(3, 3, 0, 6), 2))$p.value and so on */
static void test_fisher_as_r(void)
{
    NEAR(wb_fisher_p(3, 6, 0, 6), 0.181818181818182);
    NEAR(wb_fisher_p(12, 200, 30, 200), 0.00504603355426882);
    NEAR(wb_fisher_p(0, 6, 6, 6), 0.00216450216450217);
    g_assert_cmpfloat(wb_fisher_p(1, 1, 0, 1), ==, 1);
}

/* ---- figures that are not exact ------------------------------------------------------------- */

/* "19.34k" and "19.345k" may be the same figure: on the grid of the coarser one they tie. */
static void test_rounded_figures_tie_on_the_coarser_grid(void)
{
    const double a[] = {19340, 19350, 19360, 19370}, b[] = {19341, 19352, 19358, 19369};
    WbTwoSamples samples = {.a = a, .a_n = 4, .a_half = 5, .b = b, .b_n = 4, .b_half = 0.5};
    const WbTwoSamplesOptions options = WB_TWO_SAMPLES_OPTIONS_DEFAULT;
    g_autoptr(WbTwoSamplesSpace) space = wb_two_samples_space_new();
    WbTwoSamplesFigures got;

    wb_two_samples_describe(&samples, &options, space, &got);
    g_assert_cmpstr(got.p_method, ==, WB_P_EXACT_TIES);
    g_assert_cmpfloat(got.u, ==, 8); /* all four tie: half of 16 pairs */
    g_assert_cmpfloat(got.p, ==, 1);
    g_assert_cmpfloat(got.median_b, ==, 19355); /* shown figures are not snapped */
    /* the interval is as wide as what both may hide */
    g_assert_cmpfloat(got.shift_hi, ==, 30 + 5.5);
}

/* Counts beyond 2^53 as doubles hold them: neighbours are 2 apart, and are told apart. */
static void test_counts_past_two_to_the_53(void)
{
    const double big = 9007199254740992;
    const double a[] = {big, big + 2, big + 4, big + 6};
    const double b[] = {big + 8, big + 10, big + 12, big + 14};
    WbTwoSamples samples = {.a = a, .a_n = 4, .b = b, .b_n = 4};
    const WbTwoSamplesOptions options = WB_TWO_SAMPLES_OPTIONS_DEFAULT;
    g_autoptr(WbTwoSamplesSpace) space = wb_two_samples_space_new();
    WbTwoSamplesFigures got;

    wb_two_samples_describe(&samples, &options, space, &got);
    g_assert_cmpfloat(got.shift, ==, 8);
    NEAR(got.p, 2.0 / 70);
}

/* ---- bootstrap ------------------------------------------------------------------------------ */

/* Steele, Lea & Flood's SplitMix64 from seed 0, as STATISTICS prints it. */
static void test_stream_begins_as_published(void)
{
    uint64_t state = 0;

    g_assert_cmphex(wb_splitmix_next(&state), ==, G_GUINT64_CONSTANT(0xe220a8397b1dcdaf));
    g_assert_cmphex(wb_splitmix_next(&state), ==, G_GUINT64_CONSTANT(0x6e789e6aa1b965f4));
    g_assert_cmphex(wb_splitmix_next(&state), ==, G_GUINT64_CONSTANT(0x06c45d188009454f));
    for (int i = 0; i < 1000; i++)
        g_assert_cmpuint(wb_splitmix_below(&state, 7), <, 7);
}

static void test_resampled_medians_of_equal_and_single_values(void)
{
    const double a[] = {5, 5, 5}, b[] = {10, 10, 10, 10};
    WbBootstrapSpace *space = wb_bootstrap_space_new();
    WbInterval equal = wb_bootstrap_median_ratio(space, a, 3, b, 4);
    WbInterval single = wb_bootstrap_median_ratio(space, a, 1, b, 1);

    g_assert_cmpfloat(equal.lo, ==, 2);
    g_assert_cmpfloat(equal.hi, ==, 2);
    g_assert_cmpfloat(single.lo, ==, 2);
    wb_bootstrap_space_free(space);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/rank-sum/all-orders", test_exact_p_is_that_of_all_orders);
    g_test_add_func("/rank-sum/as-r", test_seven_against_six_as_r);
    g_test_add_func("/rank-sum/normal/as-r", test_more_than_fifty_are_normal_as_r);
    g_test_add_func("/rank-sum/limits/as-r", test_limits_as_r);
    g_test_add_func("/signed-rank/as-r", test_signed_rank_as_r);
    g_test_add_func("/adjust/as-r", test_adjusted_p_in_any_order_as_r);
    g_test_add_func("/fisher/as-r", test_fisher_as_r);
    g_test_add_func("/two-samples/rounded", test_rounded_figures_tie_on_the_coarser_grid);
    g_test_add_func("/two-samples/past-2-53", test_counts_past_two_to_the_53);
    g_test_add_func("/bootstrap/stream", test_stream_begins_as_published);
    g_test_add_func("/bootstrap/equal-and-single",
                    test_resampled_medians_of_equal_and_single_values);
    return g_test_run();
}
