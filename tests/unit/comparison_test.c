/*
 * Two databases judged: each verdict and the word for it, what --allow, --min-effect, --ignore and
 * --map change, the order of the rows, and what the geometric mean leaves out. The formulas
 * themselves are held against the oracles (two_samples_test.c, calc_test.c); here every outcome is
 * one that the samples were made for.
 */
#include <math.h>

#include "analyze/comparison.h"
#include "tests/unit/two_sides.h"

#define RUNS 6

/* Six runs a side, each a little apart, so that nothing ties; times `factor`. */
static void add_scaled(Fixture *f, const char *labels, double factor, const WbRun *like)
{
    static const double apart[RUNS] = {1.000, 1.002, 1.001, 0.999, 0.9985, 1.0015};

    for (int i = 0; i < RUNS; i++) {
        WbRun run = *like;

        run.requests_per_s = 1000 * factor * apart[i];
        run.requests_per_s_half = 0;
        fixture_add_run(f, labels, &run, NULL);
    }
}

/* The same settings on both sides. */
static void add_pair(Two *two, const char *labels, double factor)
{
    const WbRun run = steady();

    add_scaled(&two->a, labels, 1, &run);
    add_scaled(&two->b, labels, factor, &run);
}

static void add_rates(Fixture *f, const char *labels, const double *rates, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        WbRun run = fixture_run(rates[i]);

        run.requests_per_s_half = 0;
        fixture_add_run(f, labels, &run, NULL);
    }
}

static bool try_load(Two *two, WbComparison *comparison, GError **error)
{
    const char *files[] = {two->a.path, two->b.path, NULL};

    close_stores(two);
    comparison->sides.files = g_strdupv((char **)files);
    return wb_comparison_load(comparison, error);
}

static void judge(Two *two, WbComparison *comparison)
{
    g_autoptr(GError) error = NULL;

    try_load(two, comparison, &error);
    g_assert_no_error(error);
}

static const WbCompareRow *row_of(const WbComparison *comparison, const char *server,
                                  const char *metric)
{
    for (guint i = 0; i < comparison->rows->len; i++) {
        const WbCompareRow *row = wb_comparison_row(comparison, i);

        if (!g_strcmp0(wb_labels_get(row->match->labels, "server"), server) &&
            !strcmp(row->metric->name, metric))
            return row;
    }
    g_error("no row for %s of %s", metric, server);
}

#define assert_says(comparison, server, metric, word_, verdict_, reason_)                          \
    G_STMT_START                                                                                   \
    {                                                                                              \
        const WbCompareRow *row_ = row_of(comparison, server, metric);                             \
                                                                                                   \
        g_assert_cmpstr(wb_word_text(row_->word), ==, word_);                                      \
        g_assert_cmpstr(row_->verdict, ==, verdict_);                                              \
        g_assert_cmpstr(row_->reason, ==, reason_);                                                \
    }                                                                                              \
    G_STMT_END

/* ---- verdicts ------------------------------------------------------------------------------- */

static void test_changes_are_told_by_their_size_and_direction(void)
{
    /* as wide as what they would have to show */
    static const double wide_a[] = {900, 1100, 1000, 950, 1050, 1020};
    static const double wide_b[] = {930, 1130, 1010, 980, 1060, 1000};
    g_auto(WbComparison) comparison;
    Two two;

    wb_comparison_init(&comparison);
    two_init(&two);
    add_pair(&two, "server=quick", 1.06);
    add_pair(&two, "server=slow", 0.9);
    add_pair(&two, "server=same", 1);
    add_pair(&two, "server=hardly", 1.01);
    add_rates(&two.a, "server=wide", wide_a, RUNS);
    add_rates(&two.b, "server=wide", wide_b, RUNS);
    judge(&two, &comparison);
    assert_says(&comparison, "quick", "rate", "faster", "faster", NULL);
    assert_says(&comparison, "slow", "rate", "slower", "slower", NULL);
    assert_says(&comparison, "same", "rate", "no difference", "no_difference", "equivalent");
    assert_says(&comparison, "hardly", "rate", "no difference", "no_difference",
                "below_min_effect");
    assert_says(&comparison, "wide", "rate", "cannot tell", "inconclusive", NULL);
    assert_says(&comparison, "quick", "errors", "no difference", "no_difference", "no_errors");
    g_assert_cmpfloat_with_epsilon(row_of(&comparison, "slow", "rate")->judged->figures.ratio, 0.9,
                                   1e-12);
    /* all of 6 above all of 6: 2 of C(12,6); five cases tested, three of them so */
    g_assert_cmpfloat_with_epsilon(row_of(&comparison, "quick", "rate")->judged->figures.p,
                                   2.0 / 924, 1e-15);
    g_assert_cmpfloat_with_epsilon(row_of(&comparison, "quick", "rate")->judged->p_adj,
                                   2.0 / 924 * 5 / 3, 1e-15);
    two_clear(&two);
}

static void test_the_smallest_change_that_matters_is_an_option(void)
{
    g_auto(WbComparison) comparison;
    Two two;

    wb_comparison_init(&comparison);
    comparison.min_effect = g_strdup("0.5%");
    two_init(&two);
    add_pair(&two, "server=hardly", 1.01);
    judge(&two, &comparison);
    assert_says(&comparison, "hardly", "rate", "faster", "faster", NULL);
    two_clear(&two);
}

static void test_a_lower_latency_is_faster(void)
{
    g_auto(WbComparison) comparison;
    Two two;

    wb_comparison_init(&comparison);
    two_init(&two);
    for (int i = 0; i < RUNS; i++) {
        WbRun run = steady();

        run.latency_kind = "raw";
        run.latency_p50_ns = 5000000 + i * 10000;
        add(&two.a, "server=x", run);
        run.latency_p50_ns = 4000000 + i * 10000;
        add(&two.b, "server=x", run);
    }
    judge(&two, &comparison);
    assert_says(&comparison, "x", "p50", "faster", "faster", NULL);
    assert_says(&comparison, "x", "rate", "no difference", "no_difference", "equivalent");
    two_clear(&two);
}

/* 2/C(nA+nB, nA) is the least p that such runs can give: 0.1 of 3 and 3, 0.029 of 4 and 4. Of 1 and
 * 50 it is 0.039, but one run has no spread. */
static void test_too_few_runs_are_not_judged(void)
{
    static const double four[] = {1000, 1001, 1002, 1003};
    static const double half[] = {500, 501, 502, 503};
    static const double one[] = {500};
    g_auto(WbComparison) comparison;
    double many[50];
    Two two;

    for (int i = 0; i < 50; i++)
        many[i] = 1000 + i;
    wb_comparison_init(&comparison);
    two_init(&two);
    add_rates(&two.a, "server=three", four, 3);
    add_rates(&two.b, "server=three", half, 3);
    add_rates(&two.a, "server=four", four, 4);
    add_rates(&two.b, "server=four", half, 4);
    add_rates(&two.a, "server=one", many, 50);
    add_rates(&two.b, "server=one", one, 1);
    judge(&two, &comparison);
    assert_says(&comparison, "three", "rate", "too few runs", "too_few_runs", NULL);
    assert_says(&comparison, "four", "rate", "slower", "slower", NULL);
    assert_says(&comparison, "one", "rate", "too few runs", "too_few_runs", NULL);
    /* not tested, so the correction does not count them */
    g_assert_cmpfloat_with_epsilon(row_of(&comparison, "four", "rate")->judged->p_adj, 2.0 / 70,
                                   1e-15);
    g_assert_true(isnan(row_of(&comparison, "three", "rate")->judged->p_adj));
    two_clear(&two);
}

/* ---- what is not compared ------------------------------------------------------------------- */

/* A case of each reason, and one that is compared. */
static void fill_reasons(Two *two)
{
    WbRun run = steady(), bad = steady(), crowded = steady();

    bad.errors_read = 14;
    crowded.connections = 400;
    add_pair(two, "server=fine", 0.9);
    add_scaled(&two->a, "server=only-old", 1, &run);
    add_scaled(&two->b, "server=only-new", 1, &run);
    add_scaled(&two->a, "server=breaks", 1, &run);
    add_scaled(&two->b, "server=breaks", 2, &bad);
    add_scaled(&two->a, "server=mends", 1, &bad);
    add_scaled(&two->b, "server=mends", 0.5, &run);
    add_scaled(&two->a, "server=always", 1, &bad);
    add_scaled(&two->b, "server=always", 0.8, &bad);
    add_scaled(&two->a, "server=crowded", 1, &run);
    add_scaled(&two->b, "server=crowded", 0.7, &crowded);
    begin_on(&two->a, "{\"cpu_model\":\"Xeon\",\"cpus\":2}");
    add_scaled(&two->a, "server=moved", 1, &run);
    begin_on(&two->b, "{\"cpu_model\":\"Xeon\",\"cpus\":4}");
    add_scaled(&two->b, "server=moved", 1.8, &run);
}

static void test_what_must_not_be_compared_has_its_reason(void)
{
    g_auto(WbComparison) comparison;
    Two two;

    wb_comparison_init(&comparison);
    two_init(&two);
    fill_reasons(&two);
    judge(&two, &comparison);
    assert_says(&comparison, "fine", "rate", "slower", "slower", NULL);
    assert_says(&comparison, "only-old", "rate", "gone", "not_comparable", "only_in_a");
    assert_says(&comparison, "only-new", "rate", "added", "not_comparable", "only_in_b");
    assert_says(&comparison, "crowded", "rate", "not comparable", "not_comparable",
                "settings_differ");
    assert_says(&comparison, "moved", "rate", "not comparable", "not_comparable", "hosts_differ");
    /* twice as fast with errors that it had not is no gain, half as fast without is no loss */
    assert_says(&comparison, "breaks", "rate", "broken", "not_comparable", "errors_appeared");
    assert_says(&comparison, "breaks", "errors", "broken", "not_comparable", "errors_appeared");
    assert_says(&comparison, "mends", "rate", "fixed", "not_comparable", "errors_gone");
    assert_says(&comparison, "mends", "errors", "fixed", "not_comparable", "errors_gone");
    /* errors on both sides: compared, and marked */
    assert_says(&comparison, "always", "rate", "slower", "slower", NULL);
    assert_says(&comparison, "always", "errors", "errors on both", "no_difference",
                "errors_in_both");
    g_assert_true(row_of(&comparison, "always", "rate")->match->with_errors);
    /* what they were is told all the same */
    g_assert_cmpfloat_with_epsilon(
        row_of(&comparison, "crowded", "rate")->judged->figures.median_b,
        row_of(&comparison, "crowded", "rate")->judged->figures.median_a * 0.7, 1e-9);
    g_assert_cmpuint(wb_comparison_compared(&comparison), ==, 2);
    two_clear(&two);
}

static void test_allow_compares_what_it_names_and_nothing_else(void)
{
    static const struct {
        const char *allow;
        const char *crowded, *moved, *breaks;
    } cases[] = {
        {"settings", "slower", "not comparable", "broken"},
        {"connections", "slower", "not comparable", "broken"},
        {"threads", "not comparable", "not comparable", "broken"},
        {"hosts", "not comparable", "faster", "broken"},
        {"cpus", "not comparable", "faster", "broken"},
        {"errors", "not comparable", "not comparable", "faster"},
        {"settings,hosts,errors", "slower", "faster", "faster"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(WbComparison) comparison;
        Two two;

        wb_comparison_init(&comparison);
        set_option(&comparison.matching.allow, cases[i].allow, NULL);
        two_init(&two);
        fill_reasons(&two);
        judge(&two, &comparison);
        g_test_message("--allow %s", cases[i].allow);
        g_assert_cmpstr(wb_word_text(row_of(&comparison, "crowded", "rate")->word), ==,
                        cases[i].crowded);
        g_assert_cmpstr(wb_word_text(row_of(&comparison, "moved", "rate")->word), ==,
                        cases[i].moved);
        g_assert_cmpstr(wb_word_text(row_of(&comparison, "breaks", "rate")->word), ==,
                        cases[i].breaks);
        /* allowed or not: its errors are told */
        assert_says(&comparison, "breaks", "errors", "broken",
                    row_of(&comparison, "breaks", "errors")->verdict, "errors_appeared");
        two_clear(&two);
    }
}

/* Latencies of two kinds must not meet; the rates of the same runs may. */
static void test_latencies_of_two_kinds_are_not_compared_but_rates_are(void)
{
    WbRun raw = steady(), corrected = steady();
    g_auto(WbComparison) comparison;
    Two two;

    raw.latency_kind = "raw";
    corrected.latency_kind = "corrected by wrk";
    raw.latency_p99_ns = corrected.latency_p99_ns = 9000000;
    wb_comparison_init(&comparison);
    two_init(&two);
    add_scaled(&two.a, "server=x", 1, &raw);
    add_scaled(&two.b, "server=x", 0.9, &corrected);
    judge(&two, &comparison);
    assert_says(&comparison, "x", "rate", "slower", "slower", NULL);
    assert_says(&comparison, "x", "p99", "not comparable", "not_comparable", "settings_differ");
    two_clear(&two);
}

/* ---- labels --------------------------------------------------------------------------------- */

static void test_labels_that_are_mapped_and_ignored_make_one_case(void)
{
    const WbRun run = steady();
    g_auto(WbComparison) comparison;
    Two two;

    wb_comparison_init(&comparison);
    set_option(&comparison.matching.ignore, "release", NULL);
    set_option(&comparison.matching.map, "server:gunicorn19=gunicorn", "fw=framework");
    two_init(&two);
    add_scaled(&two.a, "server=gunicorn19 fw=flask release=1", 1, &run);
    add_scaled(&two.b, "server=gunicorn framework=flask release=2", 0.9, &run);
    judge(&two, &comparison);
    g_assert_cmpuint(comparison.matching.list->len, ==, 1);
    assert_says(&comparison, "gunicorn", "rate", "slower", "slower", NULL);
    two_clear(&two);
}

static void test_by_compares_what_shares_the_labels_that_it_names(void)
{
    const WbRun run = steady();
    g_auto(WbComparison) comparison;
    Two two;

    wb_comparison_init(&comparison);
    comparison.matching.by = g_strdup("server");
    two_init(&two);
    add_scaled(&two.a, "server=x release=1 day=mo", 1, &run);
    add_scaled(&two.b, "server=x release=2", 1.1, &run);
    judge(&two, &comparison);
    assert_says(&comparison, "x", "rate", "faster", "faster", NULL);
    two_clear(&two);
}

/* ---- together ------------------------------------------------------------------------------- */

/* Only "fine" and "always" are compared of the cases above: sqrt(0.9 x 0.8); with all that --allow
 * lets in: what is only on one side stays out. */
static void test_the_geometric_mean_is_of_what_was_compared(void)
{
    const double all = 0.9 * 0.8 * 2 * 0.5 * 0.7 * 1.8;
    static const char *const allow[] = {NULL, "settings,hosts,errors"};
    const struct {
        int64_t n;
        double mean;
    } wanted[] = {{2, sqrt(0.9 * 0.8)}, {6, pow(all, 1.0 / 6)}};

    for (size_t i = 0; i < 2; i++) {
        g_auto(WbComparison) comparison;
        const WbCompareTogether *together;
        Two two;

        wb_comparison_init(&comparison);
        if (allow[i])
            set_option(&comparison.matching.allow, allow[i], NULL);
        two_init(&two);
        fill_reasons(&two);
        judge(&two, &comparison);
        together = &((WbMetricComparison *)g_ptr_array_index(comparison.by_metric, 0))->together;
        g_assert_cmpint(together->geomean_n, ==, wanted[i].n);
        g_assert_cmpfloat_with_epsilon(together->geomean_ratio, wanted[i].mean, 1e-12);
        two_clear(&two);
    }
}

/* Each case once, by what matters most of it; together they are all cases. */
static void test_every_case_is_counted_once(void)
{
    static const struct {
        WbWord word;
        size_t count;
    } wanted[] = {{WB_WORD_BROKEN, 1}, {WB_WORD_SLOWER, 2},         {WB_WORD_FASTER, 0},
                  {WB_WORD_FIXED, 1},  {WB_WORD_GONE, 1},           {WB_WORD_ADDED, 1},
                  {WB_WORD_ERRORS, 0}, {WB_WORD_NOT_COMPARABLE, 2}, {WB_WORD_SAME, 0}};
    g_auto(WbComparison) comparison;
    Two two;

    wb_comparison_init(&comparison);
    two_init(&two);
    fill_reasons(&two);
    judge(&two, &comparison);
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
        g_assert_cmpuint(wb_comparison_count(&comparison, wanted[i].word), ==, wanted[i].count);
    two_clear(&two);
}

/* Broken first; slower and faster are one list, the largest change first (ln 1.5 > -ln 0.8 > ...),
 * whether it is a gain or a loss; then the rest. */
static void test_the_most_important_rows_come_first(void)
{
    static const char *const wanted[] = {"breaks",  "large", "always",   "fine",
                                         "small",   "mends", "only-old", "only-new",
                                         "crowded", "moved", "same"};
    g_autoptr(GPtrArray) order = NULL;
    g_auto(WbComparison) comparison;
    Two two;

    wb_comparison_init(&comparison);
    comparison.metric = g_strdup("rate");
    two_init(&two);
    add_pair(&two, "server=same", 1);
    add_pair(&two, "server=small", 0.95);
    add_pair(&two, "server=large", 1.5);
    fill_reasons(&two);
    judge(&two, &comparison);
    order = wb_comparison_order(&comparison);
    g_assert_cmpuint(order->len, ==, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < MIN(order->len, G_N_ELEMENTS(wanted)); i++) {
        const WbCompareRow *row = g_ptr_array_index(order, i);

        g_assert_cmpstr(wb_labels_get(row->match->labels, "server"), ==, wanted[i]);
    }
    two_clear(&two);
}

/* ---- options -------------------------------------------------------------------------------- */

static void test_options_that_make_no_sense_are_refused(void)
{
    static const struct {
        const char *option, *text;
    } wrong[] = {{"metric", "p98"},     {"metric", ""},        {"min-effect", "much"},
                 {"min-effect", "-2%"}, {"min-effect", "nan"}, {"pairs", "sometimes"}};

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(WbComparison) comparison;
        Two two;
        char **text;

        wb_comparison_init(&comparison);
        text = !strcmp(wrong[i].option, "metric")  ? &comparison.metric
               : !strcmp(wrong[i].option, "pairs") ? &comparison.pairs
                                                   : &comparison.min_effect;
        *text = g_strdup(wrong[i].text);
        two_init(&two);
        add_pair(&two, "server=x", 1);
        g_assert_false(try_load(&two, &comparison, &error));
        g_assert_nonnull(error);
        g_assert_nonnull(error ? strstr(error->message, wrong[i].option) : NULL);
        two_clear(&two);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
#define ADD(path, name) g_test_add_func("/comparison/" path, name)
    ADD("changes", test_changes_are_told_by_their_size_and_direction);
    ADD("min-effect", test_the_smallest_change_that_matters_is_an_option);
    ADD("latency", test_a_lower_latency_is_faster);
    ADD("too-few-runs", test_too_few_runs_are_not_judged);
    ADD("reasons", test_what_must_not_be_compared_has_its_reason);
    ADD("allow", test_allow_compares_what_it_names_and_nothing_else);
    ADD("latency-kinds", test_latencies_of_two_kinds_are_not_compared_but_rates_are);
    ADD("map-and-ignore", test_labels_that_are_mapped_and_ignored_make_one_case);
    ADD("by", test_by_compares_what_shares_the_labels_that_it_names);
    ADD("geomean", test_the_geometric_mean_is_of_what_was_compared);
    ADD("count", test_every_case_is_counted_once);
    ADD("order", test_the_most_important_rows_come_first);
    ADD("options", test_options_that_make_no_sense_are_refused);
    return g_test_run();
}
