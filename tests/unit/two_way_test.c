/*
 * Two way against R 4.2.2 (lm, pf, medpolish; the script is the comment at the numbers), and the
 * blocks, levels and single values that it must not stumble over.
 */
#include <glib.h>
#include <math.h>

#include "analyze/two_way.h"

#define ROW WB_FACTOR_ROW
#define COL WB_FACTOR_COL

#define NEAR(got, wanted) g_assert_cmpfloat_with_epsilon(got, wanted, 1e-11 * fabs(wanted))

#define CELL(r, c, ...)                                                                            \
    {                                                                                              \
        r, c, (const double[]){__VA_ARGS__}, sizeof((double[]){__VA_ARGS__}) / sizeof(double)      \
    }

static bool describe(const WbTwoWayCell *cells, size_t n, size_t rows, size_t cols,
                     WbTwoWayFigures *out)
{
    return wb_two_way_describe(&(WbTwoWay){cells, n, rows, cols}, out);
}

/* R: z <- log(v); m <- lm(z ~ s + f); cells <- lm(z ~ s:f); shares from the sums of squares of
 * lm(z ~ s), lm(z ~ f), m and cells; pf(F, df, df.residual(cells), lower = FALSE);
 * dummy.coef(m), each minus its mean; medpolish(tapply(z, list(s, f), median), na.rm = TRUE) */
static void test_unequal_cells_as_r(void)
{
    const WbTwoWayCell cells[] = {
        CELL(0, 0, 101, 98, 104), CELL(0, 1, 120, 125), CELL(1, 0, 55, 54),
        CELL(1, 1, 71, 69, 70),   CELL(1, 2, 80),       CELL(2, 1, 210),
        CELL(2, 2, 190, 199),
    };
    const double effect_row[] = {1.04809042533761, 0.589942977175122, 1.61730232498296};
    const double effect_col[] = {0.842681745645658, 1.0659633501748, 1.1132536832075};
    const double mp_row[] = {1, 0.562042534897239, 1.58259473835163};
    const double mp_col[] = {0.794577661232484, 1, 1.0618137769973};
    WbTwoWayFigures got;

    g_assert_true(describe(cells, G_N_ELEMENTS(cells), 3, 3, &got));
    g_assert_cmpint(got.n_obs, ==, 14);
    g_assert_cmpint(got.n_cells, ==, 7);
    NEAR(got.factor[ROW].share, 0.834980112920797);
    NEAR(got.factor[COL].share, 0.156091218847138);
    NEAR(got.share_interaction, 0.0073501516756509);
    NEAR(got.share_residual, 0.00157851655641383);
    NEAR(got.factor[ROW].f, 1628.57192002996);
    NEAR(got.factor[ROW].p, 4.56720631557556e-10);
    NEAR(got.factor[COL].f, 123.290825825961);
    NEAR(got.factor[COL].p, 3.49486776749396e-06);
    NEAR(got.f_interaction, 16.2972828889562);
    NEAR(got.p_interaction, 0.00232337115988868);
    NEAR(got.factor[ROW].spread, 1.61730232498296 / 0.589942977175122);
    NEAR(got.factor[COL].spread, 1.1132536832075 / 0.842681745645658);
    NEAR(got.mp_overall, 124.545733914602);
    for (size_t i = 0; i < 3; i++) {
        NEAR(got.factor[ROW].effect[i], effect_row[i]);
        NEAR(got.factor[COL].effect[i], effect_col[i]);
        NEAR(got.factor[ROW].mp[i], mp_row[i]);
        NEAR(got.factor[COL].mp[i], mp_col[i]);
    }
    wb_two_way_figures_clear(&got);
}

/* More rows than columns, and the same turned: the other factor is eliminated. */
static void test_turned_gives_the_same(void)
{
    const WbTwoWayCell cells[] = {CELL(0, 0, 3, 4), CELL(1, 0, 5),    CELL(1, 1, 8, 9),
                                  CELL(2, 1, 2),    CELL(3, 0, 7, 7), CELL(3, 1, 6)};
    WbTwoWayCell turned[G_N_ELEMENTS(cells)];
    WbTwoWayFigures a, b;

    for (size_t i = 0; i < G_N_ELEMENTS(cells); i++)
        turned[i] = (WbTwoWayCell){cells[i].col, cells[i].row, cells[i].values, cells[i].n};
    describe(cells, G_N_ELEMENTS(cells), 4, 2, &a);
    describe(turned, G_N_ELEMENTS(cells), 2, 4, &b);
    for (size_t f = 0; f < WB_FACTORS; f++) {
        NEAR(a.factor[f].share, b.factor[1 - f].share);
        NEAR(a.factor[f].f, b.factor[1 - f].f);
        for (size_t i = 0; i < a.factor[f].levels_n; i++)
            NEAR(a.factor[f].effect[i], b.factor[1 - f].effect[i]);
    }
    NEAR(a.factor[ROW].share + a.factor[COL].share + a.share_interaction + a.share_residual, 1.0);
    wb_two_way_figures_clear(&a);
    wb_two_way_figures_clear(&b);
}

/* Rows double, columns are 1 to 1.1: nothing is left over, and no test can be made. */
static void test_exact_factors_are_found_and_not_tested(void)
{
    const WbTwoWayCell cells[] = {CELL(0, 0, 100), CELL(0, 1, 110), CELL(1, 0, 200),
                                  CELL(1, 1, 220)};
    WbTwoWayFigures got;

    describe(cells, G_N_ELEMENTS(cells), 2, 2, &got);
    NEAR(got.factor[ROW].spread, 2.0);
    NEAR(got.factor[COL].spread, 1.1);
    NEAR(got.factor[ROW].effect[1], sqrt(2.0));
    g_assert_cmpfloat(got.share_residual, <, 1e-15);
    g_assert_true(isnan(got.share_interaction));
    g_assert_true(isnan(got.f_interaction) && isnan(got.factor[ROW].f) && isnan(got.factor[ROW].p));
    wb_two_way_figures_clear(&got);
}

/* What the article's sanic is: a server and a framework that stand on nothing else. */
static void test_what_hangs_on_nothing_is_left_out(void)
{
    const WbTwoWayCell cells[] = {CELL(2, 2, 50, 51, 52, 53, 54, 55), CELL(0, 0, 1, 2),
                                  CELL(0, 1, 3), CELL(1, 1, 4)};
    WbTwoWayFigures got;

    describe(cells, G_N_ELEMENTS(cells), 3, 3, &got);
    g_assert_cmpint(got.block_of[0], ==, 1);
    g_assert_true(got.block_of[1] == 0 && got.block_of[2] == 0 && got.block_of[3] == 0);
    g_assert_cmpint(got.n_obs, ==, 4);
    g_assert_cmpint(got.factor[ROW].levels_in, ==, 2);
    g_assert_true(isnan(got.factor[ROW].effect[2]) && isnan(got.factor[COL].mp[2]));
    g_assert_false(isnan(got.factor[ROW].effect[1]));
    wb_two_way_figures_clear(&got);
}

static void test_of_equal_blocks_more_values_win_then_the_first(void)
{
    const WbTwoWayCell more[] = {CELL(0, 0, 1), CELL(1, 1, 2, 3), CELL(2, 2, 4, 5)};
    const WbTwoWayCell equal[] = {CELL(1, 1, 2), CELL(0, 0, 1)};
    WbTwoWayFigures got;

    describe(more, G_N_ELEMENTS(more), 3, 3, &got);
    g_assert_true(got.block_of[0] == 2 && got.block_of[1] == 0 && got.block_of[2] == 1);
    wb_two_way_figures_clear(&got);
    describe(equal, G_N_ELEMENTS(equal), 2, 2, &got);
    g_assert_true(got.block_of[0] == 0 && got.block_of[1] == 1);
    wb_two_way_figures_clear(&got);
}

static void test_one_row_has_no_share_of_rows(void)
{
    const WbTwoWayCell cells[] = {CELL(0, 0, 10, 11), CELL(0, 1, 20, 21)};
    WbTwoWayFigures got;

    describe(cells, G_N_ELEMENTS(cells), 1, 2, &got);
    g_assert_true(isnan(got.factor[ROW].share) && isnan(got.factor[ROW].f));
    g_assert_true(isnan(got.f_interaction));
    g_assert_cmpfloat(got.share_interaction, <, 1e-15);
    NEAR(got.factor[COL].share + got.share_residual, 1.0);
    NEAR(got.factor[ROW].spread, 1.0);
    wb_two_way_figures_clear(&got);
}

static void test_equal_values_have_nothing_to_share(void)
{
    const WbTwoWayCell cells[] = {CELL(0, 0, 0.1, 0.1, 0.1), CELL(0, 1, 0.1), CELL(1, 0, 0.1)};
    WbTwoWayFigures got;

    describe(cells, G_N_ELEMENTS(cells), 2, 2, &got);
    g_assert_true(isnan(got.factor[ROW].share) && isnan(got.share_residual));
    g_assert_true(isnan(got.factor[COL].f) && isnan(got.f_interaction));
    NEAR(got.factor[ROW].spread, 1.0);
    NEAR(got.mp_overall, 0.1);
    wb_two_way_figures_clear(&got);
}

static void test_one_value_and_none(void)
{
    const WbTwoWayCell cells[] = {CELL(0, 0, 7)};
    WbTwoWayFigures got;

    describe(cells, 1, 1, 1, &got);
    g_assert_cmpint(got.n_obs, ==, 1);
    g_assert_true(isnan(got.share_residual));
    NEAR(got.mp_overall, 7.0);
    wb_two_way_figures_clear(&got);
    g_assert_true(describe(NULL, 0, 0, 0, &got));
    g_assert_cmpint(got.n_cells, ==, 0);
    g_assert_true(isnan(got.mp_overall));
    wb_two_way_figures_clear(&got);
}

/* Both factors in a chain of thousands of levels: refused, not computed for hours. */
static void test_too_many_levels_are_refused(void)
{
    const double one[] = {1};
    size_t n = WB_TWO_WAY_LEVELS_MOST + 1;
    g_autofree WbTwoWayCell *cells = g_new(WbTwoWayCell, 2 * n);
    WbTwoWayFigures got;

    for (size_t i = 0; i < n; i++) {
        cells[2 * i] = (WbTwoWayCell){i, i, one, 1};
        cells[2 * i + 1] = (WbTwoWayCell){i, (i + 1) % n, one, 1};
    }
    g_assert_false(describe(cells, 2 * n, n, n, &got));
    g_assert_cmpint(got.n_cells, ==, (int64_t)(2 * n));
    g_assert_true(isnan(got.factor[ROW].spread));
    wb_two_way_figures_clear(&got);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/two-way/unequal-cells/as-r", test_unequal_cells_as_r);
    g_test_add_func("/two-way/turned/the-same", test_turned_gives_the_same);
    g_test_add_func("/two-way/exact-factors/not-tested",
                    test_exact_factors_are_found_and_not_tested);
    g_test_add_func("/two-way/block/left-out", test_what_hangs_on_nothing_is_left_out);
    g_test_add_func("/two-way/block/ties", test_of_equal_blocks_more_values_win_then_the_first);
    g_test_add_func("/two-way/one-row/no-share", test_one_row_has_no_share_of_rows);
    g_test_add_func("/two-way/equal-values/no-shares", test_equal_values_have_nothing_to_share);
    g_test_add_func("/two-way/one-value-and-none", test_one_value_and_none);
    g_test_add_func("/two-way/too-many-levels/refused", test_too_many_levels_are_refused);
    return g_test_run();
}
