/* The parts of the engine that are arithmetic: which request is next and when, timers, counting. */
#include <glib.h>
#include <string.h>

#include "runner/engine/pace.h"
#include "runner/engine/tally.h"
#include "runner/engine/wheel.h"

#define T0 INT64_C(1000000000)

static WbPace new_pace(const WbLoad *load, int thread)
{
    WbPace p;

    wb_pace_init(&p, load, thread);
    wb_pace_begin(&p, T0, true);
    return p;
}

/* Number k is due at t0 + k / R, over all threads. */
static void test_due_times_of_all_threads_make_the_rate(void)
{
    WbLoad load = {.threads = 3, .requests_n = 1, .rate_per_s = 7000};
    int64_t due;

    for (int t = 0; t < 3; t++) {
        WbPace p = new_pace(&load, t);

        for (int64_t j = 0; j < 1000; j++) {
            int64_t want = T0 + (int64_t)((double)(t + j * 3) * 1e9 / 7000);

            g_assert_cmpint(wb_pace_due_count(&p, want), ==, j);
            g_assert_cmpint(wb_pace_due_count(&p, want + 1), ==, j + 1);
            g_assert_false(wb_pace_ready(&p, want - 1));
            g_assert_true(wb_pace_ready(&p, want));
            wb_pace_take(&p, &due);
            g_assert_cmpint(due, ==, want);
        }
    }
}

/* A rate whose gap is no whole number of ns does not drift in a day. */
static void test_due_times_do_not_drift(void)
{
    WbLoad load = {.threads = 1, .requests_n = 1, .rate_per_s = 3};
    WbPace p = new_pace(&load, 0);

    g_assert_cmpint(wb_pace_due_ns(&p, INT64_C(3) * 86400), ==, T0 + INT64_C(86400000000000));
    g_assert_cmpint(wb_pace_due_count(&p, T0 + INT64_C(86400000000000)), ==, 3 * 86400);
}

static void test_backlog_is_what_is_due_and_not_taken(void)
{
    WbLoad load = {.threads = 1, .requests_n = 1, .rate_per_s = 1000};
    WbPace p = new_pace(&load, 0);
    int64_t due;

    wb_pace_take(&p, &due);
    wb_pace_backlog(&p, T0 + 10000000); /* 0 .. 10 are due, 0 is taken */
    g_assert_cmpint(p.backlog_max, ==, 10);
    for (int i = 0; i < 5; i++)
        wb_pace_take(&p, &due);
    wb_pace_backlog(&p, T0 + 10000000);
    g_assert_cmpint(p.backlog_max, ==, 10);
}

static void test_requests_go_in_order_over_all_threads(void)
{
    WbLoad load = {.threads = 2, .requests_n = 3, .max_requests = 7};
    int seen[3] = {0};
    int64_t due;

    for (int t = 0; t < 2; t++) {
        WbPace p = new_pace(&load, t);

        for (int j = 0; wb_pace_ready(&p, T0); j++) {
            uint32_t at = wb_pace_take(&p, &due);

            g_assert_cmpuint(at, ==, (unsigned)(t + 2 * j) % 3);
            seen[at]++;
        }
        g_assert_cmpint(wb_pace_taken(&p), ==, t == 0 ? 4 : 3);
    }
    g_assert_cmpint(seen[0], ==, 3); /* 0 1 2 0 1 2 0 */
    g_assert_cmpint(seen[1], ==, 2);
    g_assert_cmpint(seen[2], ==, 2);
}

/* The draw of number k depends on the seed alone, not on how many threads share the numbers. */
static void test_shuffled_requests_are_the_same_for_any_threads(void)
{
    enum { N = 3000 };
    WbLoad load = {.threads = 1, .requests_n = 10, .shuffle = true, .seed = 42};
    int counts[10] = {0};
    uint32_t want[N];
    int64_t due;
    WbPace one = new_pace(&load, 0);

    for (int k = 0; k < N; k++)
        counts[want[k] = wb_pace_take(&one, &due)]++;
    for (int i = 0; i < 10; i++) {
        g_assert_cmpint(counts[i], >, N / 10 - 80); /* 5 standard deviations of 16.4 */
        g_assert_cmpint(counts[i], <, N / 10 + 80);
    }
    load.threads = 3;
    for (int t = 0; t < 3; t++) {
        WbPace p = new_pace(&load, t);

        for (int k = t; k < N; k += 3)
            g_assert_cmpuint(wb_pace_take(&p, &due), ==, want[k]);
    }
}

/* Against a list of times: never early, late by a tick at most, each once. */
static void test_wheel_fires_each_timer_once_and_in_time(void)
{
    enum { N = 500, TICK = 10 };
    static WbTimer timers[N];
    static WbWheel w;
    int64_t at[N];
    int fired = 0;

    wb_wheel_init(&w, timers, N, TICK, 1000);
    for (int i = 0; i < N; i++) {
        at[i] = 1000 + (i * 7919) % 20000; /* several laps of 512 ticks */
        wb_wheel_set(&w, i, 500000);
        wb_wheel_set(&w, i, at[i]);
    }
    for (int64_t now = 1000; now < 22000; now += 5) {
        int32_t id;

        wb_wheel_turn(&w, now);
        while ((id = wb_wheel_pop(&w)) >= 0) {
            g_assert_cmpint(now, >=, at[id]);
            g_assert_cmpint(now, <=, at[id] + 2 * TICK);
            fired++;
        }
    }
    g_assert_cmpint(fired, ==, N);
}

static void test_wheel_catches_up_after_a_long_sleep(void)
{
    static WbTimer timers[3];
    static WbWheel w;
    int fired = 0;

    wb_wheel_init(&w, timers, 3, 10, 0);
    wb_wheel_set(&w, 0, 50);
    wb_wheel_set(&w, 1, 5130);
    wb_wheel_set(&w, 2, 100000000);
    wb_wheel_turn(&w, 10000000);
    while (wb_wheel_pop(&w) >= 0)
        fired++;
    g_assert_cmpint(fired, ==, 2);
    wb_wheel_set(&w, 0, 3); /* past: fires with the next tick */
    wb_wheel_turn(&w, 10000010);
    g_assert_cmpint(wb_wheel_pop(&w), ==, 0);
}

static void test_faults_beyond_the_list_are_lumped(void)
{
    static WbFault faults[WB_FAULTS_MAX];
    size_t n = 0;

    for (int code = 1; code <= 100; code++) {
        WbFault f = {
            .phase = WB_PHASE_SEND, .code = code, .count = 1, .first_ns = code, .last_ns = code};

        wb_fault_add(faults, &n, &f);
    }
    g_assert_cmpuint(n, ==, WB_FAULTS_MAX);
    g_assert_cmpint(faults[WB_FAULTS_MAX - 1].count, ==, 100 - WB_FAULTS_MAX + 1);
    g_assert_cmpint(faults[WB_FAULTS_MAX - 1].last_ns, ==, 100);
}

static void test_merged_histograms_keep_exact_ends(void)
{
    WbHist *a = g_new0(WbHist, 1);
    WbHist *b = g_new0(WbHist, 1);
    WbHist *none = g_new0(WbHist, 1);

    wb_hist_add(a, 5);
    wb_hist_add(a, 1001);
    wb_hist_add(b, 3);
    wb_hist_add(b, 77777);
    wb_hist_merge(a, b);
    wb_hist_merge(a, none);
    g_assert_cmpint(a->count, ==, 4);
    g_assert_cmpint(a->min_ns, ==, 3);
    g_assert_cmpint(a->max_ns, ==, 77777);
    g_assert_cmpint(a->sum_ns, ==, 5 + 1001 + 3 + 77777);
    g_assert_cmpfloat(a->sum_squares_ns2, ==, 25.0 + 1002001.0 + 9.0 + 6049261729.0);
    g_free(a);
    g_free(b);
    g_free(none);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/pace/due", test_due_times_of_all_threads_make_the_rate);
    g_test_add_func("/pace/drift", test_due_times_do_not_drift);
    g_test_add_func("/pace/backlog", test_backlog_is_what_is_due_and_not_taken);
    g_test_add_func("/pace/order", test_requests_go_in_order_over_all_threads);
    g_test_add_func("/pace/shuffle", test_shuffled_requests_are_the_same_for_any_threads);
    g_test_add_func("/wheel/each-once", test_wheel_fires_each_timer_once_and_in_time);
    g_test_add_func("/wheel/long-sleep", test_wheel_catches_up_after_a_long_sleep);
    g_test_add_func("/tally/faults", test_faults_beyond_the_list_are_lumped);
    g_test_add_func("/tally/merge", test_merged_histograms_keep_exact_ends);
    return g_test_run();
}
