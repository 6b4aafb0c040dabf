/* Buckets: every value lies within its bucket, buckets meet without gap, and are narrow enough. */
#include <glib.h>

#include "schema/hist.h"

static void test_buckets_meet_and_are_narrow(void)
{
    for (int i = 0; i < WB_HIST_SIZE; i++) {
        int64_t lower = wb_hist_lower(i);
        int64_t upper = wb_hist_upper(i);

        g_assert_cmpint(wb_hist_index(lower), ==, i);
        g_assert_cmpint(wb_hist_index(upper), ==, i);
        g_assert_cmpint(upper - lower, <=, lower / 128);
        if (i + 1 < WB_HIST_SIZE)
            g_assert_cmpint(wb_hist_lower(i + 1), ==, upper + 1);
    }
    g_assert_cmpint(wb_hist_upper(WB_HIST_SIZE - 1), ==, WB_HIST_MAX_NS);
}

static void test_values_beyond_the_scale_are_counted_at_its_ends(void)
{
    g_assert_cmpint(wb_hist_index(-1), ==, 0);
    g_assert_cmpint(wb_hist_index(INT64_MIN), ==, 0);
    g_assert_cmpint(wb_hist_index(INT64_MAX), ==, WB_HIST_SIZE - 1);
}

static void test_quantile_is_the_upper_edge_below_the_maximum(void)
{
    WbHist *hist = g_new0(WbHist, 1);

    g_assert_cmpint(wb_hist_quantile_ns(hist, 0.5), ==, 0);
    for (int64_t ns = 1; ns <= 100; ns++)
        hist->counts[wb_hist_index(ns)]++;
    hist->counts[wb_hist_index(1000001)]++;
    hist->count = 101;
    hist->max_ns = 1000001;
    g_assert_cmpint(wb_hist_quantile_ns(hist, 0), ==, 1);
    g_assert_cmpint(wb_hist_quantile_ns(hist, 0.5), ==, 51); /* floor(50.5 + 0.5) */
    g_assert_cmpint(wb_hist_quantile_ns(hist, 1), ==, 1000001);
    g_free(hist);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/hist/buckets", test_buckets_meet_and_are_narrow);
    g_test_add_func("/hist/ends", test_values_beyond_the_scale_are_counted_at_its_ends);
    g_test_add_func("/hist/quantile", test_quantile_is_the_upper_edge_below_the_maximum);
    return g_test_run();
}
