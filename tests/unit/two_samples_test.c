/*
 * Two samples and sets of them, at the edges of STATISTICS section 9, and in figures that can be
 * counted by hand. Figures of R and SciPy: calc_test.c.
 */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/adjust.h"
#include "analyze/compare.h"
#include "analyze/fisher.h"
#include "analyze/rank_sum.h"
#include "analyze/select.h"
#include "analyze/signed_rank.h"

static WbTwoSamplesFigures describe(const double *a, size_t a_n, const double *b, size_t b_n)
{
    g_autoptr(WbTwoSamplesSpace) space = wb_two_samples_space_new();
    const WbTwoSamplesOptions options = WB_TWO_SAMPLES_OPTIONS_DEFAULT;
    const WbTwoSamples samples = {.a = a, .a_n = a_n, .b = b, .b_n = b_n};
    WbTwoSamplesFigures out;

    wb_two_samples_describe(&samples, &options, space, &out);
    return out;
}

/* ---- selection ---------------------------------------------------------------------------- */

static int compare_doubles(const void *x, const void *y)
{
    return (*(const double *)x > *(const double *)y) - (*(const double *)x < *(const double *)y);
}

/* Against a sort of all differences, for shapes that are hard to bisect. */
static void check_selection(double (*value)(int i, int side), size_t a_n, size_t b_n)
{
    g_autofree double *a = g_new(double, a_n), *b = g_new(double, b_n);
    g_autofree double *all = g_new(double, a_n *b_n);
    WbSelectSpace space = {0};
    size_t n = 0;

    for (size_t i = 0; i < a_n; i++)
        a[i] = value((int)i, 0);
    for (size_t i = 0; i < b_n; i++)
        b[i] = value((int)i, 1);
    qsort(a, a_n, sizeof *a, compare_doubles);
    qsort(b, b_n, sizeof *b, compare_doubles);
    for (size_t i = 0; i < a_n; i++)
        for (size_t j = 0; j < b_n; j++)
            all[n++] = b[j] - a[i];
    qsort(all, n, sizeof *all, compare_doubles);
    for (size_t k = 1; k <= n; k += 1 + n / 97)
        g_assert_cmpfloat(wb_select_difference(a, a_n, b, b_n, (int64_t)k, &space), ==, all[k - 1]);
    g_assert_cmpfloat(wb_select_difference(a, a_n, b, b_n, (int64_t)n, &space), ==, all[n - 1]);
    for (size_t k = 1; k <= n; k += 1 + n / 97) {
        const int64_t both[] = {(int64_t)(n + 1 - k), (int64_t)k};
        double got[2];

        wb_select_differences(a, a_n, b, b_n, both, 2, got, &space);
        g_assert_cmpfloat(got[0], ==, all[n - k]);
        g_assert_cmpfloat(got[1], ==, all[k - 1]);
    }
    wb_select_space_clear(&space);
}

static double even(int i, int side)
{
    return i * 3.5 + side * 7;
}
static double equal(int i, int side)
{
    (void)i;
    return 1e9 + side;
}
static double two_heaps(int i, int side)
{
    return (i % 2 ? 1e12 : 1e-12) + i * 1e-3 + side;
}
static double explosive(int i, int side)
{
    return pow(1.6, i % 200) * (side ? 1 : -1);
}
static double few_values(int i, int side)
{
    return (i * 7 + side) % 5;
}

static void test_selected_differences_are_those_of_a_sort(void)
{
    double (*const shapes[])(int, int) = {even, equal, two_heaps, explosive, few_values};

    for (size_t s = 0; s < G_N_ELEMENTS(shapes); s++) {
        check_selection(shapes[s], 1, 1);
        check_selection(shapes[s], 3, 7);
        check_selection(shapes[s], 100, 150);
        check_selection(shapes[s], 400, 17);
    }
}

/* ---- edges -------------------------------------------------------------------------------- */

static void test_nothing_one_and_two(void)
{
    const double a[] = {100, 110}, b[] = {200, 220};
    WbTwoSamplesFigures none = describe(a, 0, b, 2);
    WbTwoSamplesFigures one = describe(a, 1, b, 1);
    WbTwoSamplesFigures two = describe(a, 2, b, 2);

    g_assert_true(isnan(none.p) && isnan(none.ratio) && isnan(none.median_a));
    g_assert_cmpfloat_with_epsilon(one.ratio, 2, 1e-14);
    g_assert_cmpfloat(one.p, ==, 1);
    g_assert_true(isnan(one.ratio_lo) && isnan(one.mde_ratio));
    g_assert_cmpint(one.runs_needed_compare, ==, WB_NONE);
    g_assert_cmpfloat_with_epsilon(two.p, 2.0 / 6, 1e-15); /* 1 of C(4, 2) orders, two-sided */
    g_assert_cmpfloat(two.ratio_lo, <, two.ratio);
    g_assert_cmpfloat(two.ratio_hi, >, two.ratio);
}

static void test_four_a_side_can_show_a_change_three_cannot(void)
{
    g_assert_false(wb_two_samples_can_show(3, 3, false));
    g_assert_true(wb_two_samples_can_show(3, 4, false) == (2.0 / 35 <= 0.05));
    g_assert_false(wb_two_samples_can_show(2, 5, false));
    g_assert_true(wb_two_samples_can_show(4, 4, false));
    g_assert_false(wb_two_samples_can_show(1, 38, false));
    g_assert_true(wb_two_samples_can_show(1, 39, false));
    g_assert_false(wb_two_samples_can_show(5, 5, true));
    g_assert_true(wb_two_samples_can_show(6, 6, true));
    g_assert_true(wb_two_samples_can_show(100000, 100000, false));
}

static void test_values_near_1e9_that_differ_by_one(void)
{
    const double a[] = {1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4, 1e9 + 5, 1e9 + 6};
    const double b[] = {1e9 + 7, 1e9 + 8, 1e9 + 9, 1e9 + 10, 1e9 + 11, 1e9 + 12};
    WbTwoSamplesFigures got = describe(a, 6, b, 6);

    g_assert_cmpfloat(got.shift, ==, 6);
    g_assert_cmpfloat(got.u, ==, 36);
    g_assert_cmpfloat_with_epsilon(got.p, 2.0 / 924, 1e-15);
    g_assert_cmpfloat_with_epsilon(got.ratio - 1, 6e-9, 1e-12);
}

static void test_equal_values_are_no_difference(void)
{
    const double a[] = {470, 470, 470, 470};
    WbTwoSamplesFigures got = describe(a, 4, a, 4);

    g_assert_cmpstr(got.p_method, ==, WB_P_DEGENERATE);
    g_assert_cmpfloat(got.p, ==, 1);
    g_assert_cmpfloat(got.ratio, ==, 1);
    g_assert_cmpfloat(got.ratio_lo, ==, 1);
}

static void test_zeros_leave_the_shift(void)
{
    const double a[] = {0, 0, 0, 0, 0}, b[] = {470, 472, 471, 473, 474};
    WbTwoSamplesFigures got = describe(a, 5, b, 5);

    g_assert_true(isnan(got.ratio));
    g_assert_true(isnan(got.delta_median_pct));
    g_assert_cmpfloat(got.shift, ==, 472);
}

/* wb_rank_sum_test does not know which side is which: swapped, the same p and the other u. */
static void test_sides_swapped_give_the_same_p(void)
{
    WbRankSumSpace *space = wb_rank_sum_space_new();

    for (unsigned seed = 1; seed < 400; seed++) {
        double a[40], b[40];
        size_t a_n = 1 + seed % 29, b_n = 1 + seed * 7 % 38;
        WbRankSum one, other;

        for (size_t i = 0; i < a_n; i++)
            a[i] = (double)((i + 3) * seed * 2654435761u % (seed % 2 ? 1000003 : 9));
        for (size_t i = 0; i < b_n; i++)
            b[i] = (double)((i + 5) * seed * 2246822519u % (seed % 2 ? 1000003 : 9));
        qsort(a, a_n, sizeof *a, compare_doubles);
        qsort(b, b_n, sizeof *b, compare_doubles);
        one = wb_rank_sum_test(space, a, a_n, b, b_n);
        other = wb_rank_sum_test(space, b, b_n, a, a_n);
        g_assert_cmpfloat_with_epsilon(one.p, other.p, 1e-12);
        g_assert_cmpfloat(one.u + other.u, ==, (double)(a_n * b_n));
        g_assert_cmpstr(one.method, ==, other.method);
    }
    wb_rank_sum_space_free(space);
}

/* Where exact gives way to normal, p does not jump. */
static void test_exact_meets_normal(void)
{
    WbRankSumSpace *space = wb_rank_sum_space_new();
    double a[51], b[51];
    WbRankSum exact, normal;

    for (int i = 0; i < 51; i++) {
        a[i] = 2 * i;
        b[i] = 2 * i + 13;
    }
    exact = wb_rank_sum_test(space, a, 50, b, 50);
    normal = wb_rank_sum_test(space, a, 51, b, 51);
    g_assert_cmpstr(exact.method, ==, WB_P_EXACT);
    g_assert_cmpstr(normal.method, ==, WB_P_NORMAL);
    g_assert_cmpfloat_with_epsilon(exact.p, normal.p, 0.02);
    wb_rank_sum_space_free(space);
}

static void test_hundred_thousand_values_a_side(void)
{
    enum { N = 100000 };
    g_autofree double *a = g_new(double, N), *b = g_new(double, N);
    WbTwoSamplesFigures got;

    for (int i = 0; i < N; i++) {
        a[i] = 1000 + (double)((int64_t)i * 48271 % N);
        b[i] = a[i] * 1.02;
    }
    got = describe(a, N, b, N);
    g_assert_cmpfloat_with_epsilon(got.ratio, 1.02, 2e-3);
    g_assert_cmpfloat(got.ratio_lo, <, 1.02);
    g_assert_cmpfloat(got.ratio_hi, >, 1.02);
    g_assert_cmpfloat(got.p, <, 1e-9);
}

static void test_signed_rank_of_zeros_and_few(void)
{
    const double zeros[] = {0, 1e-14, -1e-14}, six[] = {1, 2, 3, 4, 5, 6};

    g_assert_cmpfloat(wb_signed_rank_test(zeros, 3).p, ==, 1);
    g_assert_cmpstr(wb_signed_rank_test(zeros, 3).method, ==, WB_P_DEGENERATE);
    g_assert_cmpfloat_with_epsilon(wb_signed_rank_test(six, 6).p, 2.0 / 64, 1e-15);
    g_assert_true(isnan(wb_signed_rank_shift(six, 1).lo));
    g_assert_cmpfloat(wb_signed_rank_shift(six, 1).estimate, ==, 1);
}

static void test_adjusted_p_of_textbook(void)
{
    /* Benjamini & Hochberg 1995, table 1 (15 p values of a trial): the first four are significant
     * at 0.05 by their procedure, three by Holm's. */
    const double p[] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
    double bh[15], holm[15];
    int by_bh = 0, by_holm = 0;

    wb_adjust(p, 15, bh, holm);
    for (int i = 0; i < 15; i++) {
        by_bh += bh[i] <= 0.05;
        by_holm += holm[i] <= 0.05;
        g_assert_cmpfloat(bh[i], <=, holm[i]);
        g_assert_cmpfloat(bh[i], >=, p[i]);
    }
    g_assert_cmpint(by_bh, ==, 4);
    g_assert_cmpint(by_holm, ==, 3);
    wb_adjust(NULL, 0, bh, holm);
}

static void test_fisher_of_the_lady_tasting_tea(void)
{
    g_assert_cmpfloat_with_epsilon(wb_fisher_p(3, 4, 1, 4), 34.0 / 70, 1e-14);
    g_assert_cmpfloat_with_epsilon(wb_fisher_p(4, 4, 0, 4), 2.0 / 70, 1e-14);
    g_assert_cmpfloat(wb_fisher_p(0, 6, 0, 6), ==, 1);
    g_assert_true(isnan(wb_fisher_p(0, 0, 1, 2)));
    g_assert_cmpfloat(wb_fisher_p(0, INT64_C(1) << 53, 3, INT64_C(1) << 53), >, 0.2);
}

/* ---- verdicts ----------------------------------------------------------------------------- */

static const char *verdict_of(double change, bool lower_is_better, const char *reason,
                              const char **out_reason)
{
    double a[8], b[8];
    WbComparedCase one = {.samples = {.a = a, .a_n = 8, .b = b, .b_n = 8},
                          .verdict_reason = reason};
    const WbCompareOptions options = {.min_effect = 0.02, .lower_is_better = lower_is_better};
    WbCompareTogether together;

    for (int i = 0; i < 8; i++) {
        a[i] = 10000 * (1 + 0.0005 * i);
        b[i] = a[i] * change + i % 3;
    }
    wb_compare_judge(&one, 1, &options, &together);
    g_assert_cmpint(together.n_faster + together.n_slower + together.n_no_difference +
                        together.n_inconclusive + together.n_too_few_runs +
                        together.n_not_comparable,
                    ==, 1);
    *out_reason = one.verdict_reason;
    return one.verdict;
}

static void test_verdicts_know_direction_and_size(void)
{
    const char *reason;

    g_assert_cmpstr(verdict_of(1.1, false, NULL, &reason), ==, WB_VERDICT_FASTER);
    g_assert_cmpstr(verdict_of(1.1, true, NULL, &reason), ==, WB_VERDICT_SLOWER);
    g_assert_cmpstr(verdict_of(0.9, false, NULL, &reason), ==, WB_VERDICT_SLOWER);
    g_assert_cmpstr(verdict_of(1.01, false, NULL, &reason), ==, WB_VERDICT_NO_DIFFERENCE);
    g_assert_cmpstr(reason, ==, WB_REASON_BELOW_MIN_EFFECT);
    g_assert_cmpstr(verdict_of(1, false, NULL, &reason), ==, WB_VERDICT_NO_DIFFERENCE);
    g_assert_cmpstr(reason, ==, WB_REASON_EQUIVALENT);
    g_assert_cmpstr(verdict_of(1.1, false, WB_REASON_ERRORS_APPEARED, &reason), ==,
                    WB_VERDICT_NOT_COMPARABLE);
    g_assert_cmpstr(reason, ==, WB_REASON_ERRORS_APPEARED);
}

/* The same answer from any number of threads: 1000 cases one by one and all at once. */
static void test_many_cases_are_described_as_one_by_one(void)
{
    enum { N = 1000, RUNS = 6 };
    g_autofree WbComparedCase *cases = g_new0(WbComparedCase, N);
    g_autofree double *values = g_new(double, 2 * N * RUNS);
    const WbCompareOptions options = {.min_effect = 0.02, .bootstrap = true};
    WbCompareTogether together;

    for (int i = 0; i < 2 * N * RUNS; i++)
        values[i] = 1000 + (double)((int64_t)i * 7919 % 997);
    for (int i = 0; i < N; i++)
        cases[i].samples = (WbTwoSamples){
            .a = values + 2 * i * RUNS, .a_n = RUNS, .b = values + (2 * i + 1) * RUNS, .b_n = RUNS};
    wb_compare_judge(cases, N, &options, &together);
    for (int i = 0; i < N; i += 37) {
        WbComparedCase one = {.samples = cases[i].samples};
        WbCompareTogether alone;

        wb_compare_judge(&one, 1, &options, &alone);
        g_assert_cmpfloat(one.figures.p, ==, cases[i].figures.p);
        g_assert_cmpfloat(one.figures.ratio, ==, cases[i].figures.ratio);
        g_assert_cmpfloat(one.figures.median_ratio_boot_lo, ==,
                          cases[i].figures.median_ratio_boot_lo);
    }
    wb_compare_judge(NULL, 0, &options, &together);
    g_assert_true(isnan(together.geomean_ratio));
}

/* Eight rounds that have 30 % of noise in common: what the others would hide, pairs show, and their
 * advice is about what is left. scipy.stats 1.17.1: s = numpy.std(d, ddof=1) of d = ln of the
 * ratios, f(n) = (t.ppf(.975, n - 1) + t.ppf(.8, n - 1)) * sqrt(pi / (3 n)); exp(f(8) s), and the
 * first n from 6 on with f(n) s <= log1p(.005). Of 4000 simulated sets of 8, 10 and 16 rounds with
 * such an effect, scipy.stats.wilcoxon found 76 to 80 %. */
static void test_rounds_are_advised_by_what_they_do_not_share(void)
{
    const double ratios[] = {1.021, 1.013, 1.034, 1.008, 1.027, 1.015, 1.019, 1.03};
    const double common[] = {1000, 1300, 900, 1150, 1050, 1250, 950, 1100};
    const WbTwoSamplesOptions options = {.min_effect = 0.005};
    g_autoptr(WbTwoSamplesSpace) space = wb_two_samples_space_new();
    WbTwoSamples samples = {.a = common, .a_n = 8, .b_n = 8, .paired = true};
    WbTwoSamplesFigures paired, apart;
    double b[8];

    for (int i = 0; i < 8; i++)
        b[i] = common[i] * ratios[i];
    samples.b = b;
    wb_two_samples_describe(&samples, &options, space, &paired);
    samples.paired = false;
    wb_two_samples_describe(&samples, &options, space, &apart);
    g_assert_cmpfloat_with_epsilon(paired.p, 2.0 / 256, 1e-15); /* all of 8 are above 1 */
    g_assert_cmpfloat_with_epsilon(paired.mde_ratio, 1.0103756239388317, 1e-12);
    g_assert_cmpint(paired.runs_needed_compare, ==, 28);
    g_assert_cmpfloat(apart.p, >, 0.05);
    g_assert_cmpfloat(apart.mde_ratio, >, 1.1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/two-samples/select", test_selected_differences_are_those_of_a_sort);
    g_test_add_func("/two-samples/few", test_nothing_one_and_two);
    g_test_add_func("/two-samples/can-show", test_four_a_side_can_show_a_change_three_cannot);
    g_test_add_func("/two-samples/near-1e9", test_values_near_1e9_that_differ_by_one);
    g_test_add_func("/two-samples/equal", test_equal_values_are_no_difference);
    g_test_add_func("/two-samples/zeros", test_zeros_leave_the_shift);
    g_test_add_func("/two-samples/swapped", test_sides_swapped_give_the_same_p);
    g_test_add_func("/two-samples/exact-normal", test_exact_meets_normal);
    g_test_add_func("/two-samples/1e5", test_hundred_thousand_values_a_side);
    g_test_add_func("/two-samples/signed-rank", test_signed_rank_of_zeros_and_few);
    g_test_add_func("/two-samples/rounds", test_rounds_are_advised_by_what_they_do_not_share);
    g_test_add_func("/two-samples/adjust", test_adjusted_p_of_textbook);
    g_test_add_func("/two-samples/fisher", test_fisher_of_the_lady_tasting_tea);
    g_test_add_func("/compare/verdicts", test_verdicts_know_direction_and_size);
    g_test_add_func("/compare/threads", test_many_cases_are_described_as_one_by_one);
    return g_test_run();
}
