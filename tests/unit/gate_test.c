/*
 * The gate where a ratio does not tell: errors on both sides, errors that appear, a limit given
 * twice, a share ill written. The statuses of whole comparisons: report_compare.t.
 */
#include "analyze/gate.h"
#include "tests/unit/two_sides.h"

/* Six runs a side, one a little apart from the next, of 10,000 requests each. */
static void add_runs(Fixture *f, double rate, int64_t read_errors)
{
    for (int i = 0; i < 6; i++) {
        WbRun run = fixture_run(rate + i);

        run.errors_read = read_errors;
        add(f, "server=x", run);
    }
}

static bool load_gate(Two *two, WbGate *gate, WbComparison *comparison, const char *limits,
                      GError **error)
{
    const char *files[] = {two->a.path, two->b.path, NULL};

    close_stores(two);
    wb_gate_init(gate);
    wb_comparison_init(comparison);
    gate->texts = g_strsplit(limits, " ", -1);
    comparison->sides.files = g_strdupv((char **)files);
    return wb_gate_load(gate, comparison, error);
}

/* The status of six runs of 1000/s against six of another rate; read errors of each run. */
static int status_of(double new_rate, int64_t old_errors, int64_t new_errors, const char *limits)
{
    g_autoptr(GError) error = NULL;
    WbComparison comparison;
    WbGate gate;
    Two two;
    int status;

    two_init(&two);
    add_runs(&two.a, 1000, old_errors);
    add_runs(&two.b, new_rate, new_errors);
    load_gate(&two, &gate, &comparison, limits, &error);
    g_assert_no_error(error);
    status = gate.status;
    wb_comparison_clear(&comparison);
    wb_gate_clear(&gate);
    two_clear(&two);
    return status;
}

/* 10,000 requests a run: 200 errors more are 2 % of the attempts. */
static void test_errors_in_both_are_held_against_the_limit_on_their_share(void)
{
    g_assert_cmpint(status_of(1000, 100, 300, "errors:+1%"), ==, WB_GATE_WORSE);
    g_assert_cmpint(status_of(1000, 100, 300, "errors:+3%"), ==, WB_GATE_PASS);
    g_assert_cmpint(status_of(1000, 300, 100, "errors:+0"), ==, WB_GATE_PASS);
    g_assert_cmpint(status_of(1000, 100, 101, "errors:+0"), ==, WB_GATE_WORSE);
}

/* However generous the limit on the rate: what had none and has some is broken. */
static void test_errors_that_appear_are_worse_under_any_limit(void)
{
    g_assert_cmpint(status_of(2000, 0, 1, "50%"), ==, WB_GATE_WORSE);
    g_assert_cmpint(status_of(2000, 0, 1, "p99:+50%"), ==, WB_GATE_WORSE);
    g_assert_cmpint(status_of(2000, 0, -1, "50%"), !=, WB_GATE_WORSE); /* not told: no error */
}

/* Every run of 900 is below every run of 1000: found, and by ten per cent. */
static void test_a_change_is_held_against_its_limit_and_the_later_limit_counts(void)
{
    g_assert_cmpint(status_of(900, 0, 0, "5%"), ==, WB_GATE_WORSE);
    g_assert_cmpint(status_of(900, 0, 0, "5% rate:-20%"), ==, WB_GATE_PASS);
    g_assert_cmpint(status_of(900, 0, 0, "20% rate:-5%"), ==, WB_GATE_WORSE);
    g_assert_cmpint(status_of(1100, 0, 0, "5%"), ==, WB_GATE_PASS);
}

static void test_a_share_is_read_as_everywhere_else(void)
{
    static const char *const bad[] = {"rate:-+5%", "rate:--5%", "5%%", "nan%", "inf%", "%", "5 x"};
    const WbCompareMetric *rate = wb_compare_metric_find("rate");
    g_auto(WbGate) gate;

    wb_gate_init(&gate);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(wb_gate_parse(&gate, bad[i], &error));
        g_assert_error(error, WB_GATE_ERROR, WB_GATE_ERROR_OPTION);
    }
    g_assert_false(wb_gate_is_set(&gate));
    g_assert_true(wb_gate_parse(&gate, "2.5 %", NULL));
    g_assert_cmpfloat_with_epsilon(wb_gate_limit(&gate, rate)->share, 0.025, 1e-15);
    g_assert_true(wb_gate_parse(&gate, "rate:-0.05", NULL));
    g_assert_cmpfloat_with_epsilon(wb_gate_limit(&gate, rate)->share, 0.05, 1e-15);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/gate/errors/both",
                    test_errors_in_both_are_held_against_the_limit_on_their_share);
    g_test_add_func("/gate/errors/appeared", test_errors_that_appear_are_worse_under_any_limit);
    g_test_add_func("/gate/limit",
                    test_a_change_is_held_against_its_limit_and_the_later_limit_counts);
    g_test_add_func("/gate/parse", test_a_share_is_read_as_everywhere_else);
    return g_test_run();
}
