/*
 * Rank: what the oracle sets (calc_test.c) do not hold: errors, no figures, latencies, zeros, many
 * groups; and letters against all maximal sets of mutual ties, found by trying every set.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "analyze/letters.h"
#include "analyze/rank.h"
#include "schema/records.h"

#define CASE(label, ...)                                                                           \
    {                                                                                              \
        .name = label, .values = (const double[]){__VA_ARGS__},                                    \
        .n = sizeof((double[]){__VA_ARGS__}) / sizeof(double)                                      \
    }

static const WbRankOptions usual = {WB_RANK_TIE_MARGIN, false};

/* "b:1:a c:2:b": names with rank ("-": none) and letters, in order. */
static char *as_text(const WbRankCase *cases, const WbRanking *ranking)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < ranking->n; i++) {
        g_string_append_printf(out, "%s%s:", i ? " " : "", cases[ranking->order[i]].name);
        if (ranking->rank[i] == WB_NONE)
            g_string_append_c(out, '-');
        else
            g_string_append_printf(out, "%d", (int)ranking->rank[i]);
        g_string_append_printf(out, ":%s", ranking->letters ? ranking->letters[i] : "?");
    }
    return g_string_free(out, FALSE);
}

static void check(const WbRankCase *cases, size_t n, const WbRankOptions *options,
                  const char *wanted)
{
    g_autoptr(WbRanking) ranking = wb_rank(cases, n, options);
    g_autofree char *got = as_text(cases, ranking);

    g_assert_cmpstr(got, ==, wanted);
}

static void test_errors_and_no_figures_come_last_without_rank(void)
{
    WbRankCase cases[] = {
        CASE("slow", 10, 11, 12, 13),
        CASE("fails", 100, 101, 102, 103),
        {.name = "empty"},
        CASE("fast", 20, 21, 22, 23),
    };

    cases[1].no_rank = true;
    check(cases, G_N_ELEMENTS(cases), &usual, "fast:1:a slow:2:b fails:-: empty:-:");
}

static void test_none_and_one_case(void)
{
    const WbRankCase one[] = {CASE("only", 5)};
    g_autoptr(WbRanking) none = wb_rank(NULL, 0, &usual);

    g_assert_cmpuint(none->n, ==, 0);
    g_assert_cmpuint(none->pairs_n, ==, 0);
    g_assert_cmpint(none->best_k, ==, 0);
    check(one, 1, &usual, "only:1:a");
}

static void test_of_latencies_the_lowest_comes_first(void)
{
    const WbRankCase cases[] = {CASE("long", 30, 31, 32, 33), CASE("short", 10, 11, 12, 13)};
    g_autoptr(WbRanking) ranking = wb_rank(cases, 2, &(WbRankOptions){0.05, true});

    g_assert_cmpuint(ranking->order[0], ==, 1);
    g_assert_cmpint(ranking->rank[1], ==, 2);
    g_assert_cmpfloat(wb_ranking_pair(ranking, 0, 1)->ratio, <, 1);
    g_assert_cmpfloat(ranking->best_of_k[0], ==, 10);
}

/* Equal figures: order by name, all neck and neck, p 1. */
static void test_equal_cases_tie_in_order_of_their_names(void)
{
    const WbRankCase cases[] = {CASE("b", 7, 7, 7, 7), CASE("a", 7, 7, 7, 7)};
    g_autoptr(WbRanking) ranking = wb_rank(cases, 2, &usual);

    g_assert_cmpfloat(wb_ranking_pair(ranking, 0, 1)->p, ==, 1);
    check(cases, 2, &usual, "a:1:a b:1:a");
}

/* 4 + 4 runs can be told apart, 3 + 3 only by their ranges. */
static void test_three_runs_are_not_tested(void)
{
    const WbRankCase apart[] = {CASE("x", 100, 101, 102), CASE("y", 80, 81, 82)};
    const WbRankCase overlap[] = {CASE("x", 100, 101, 102), CASE("y", 80, 81, 100)};
    const WbRankCase near[] = {CASE("x", 100, 101, 102), CASE("y", 97, 98, 99)};
    g_autoptr(WbRanking) ranking = wb_rank(apart, 2, &usual);

    g_assert_false(ranking->pairs[0].tested);
    g_assert_true(isnan(ranking->pairs[0].p));
    g_assert_true(ranking->pairs[0].different);
    check(overlap, 2, &usual, "x:1:a y:1:a");
    check(near, 2, &usual, "x:1:a y:1:a");
}

/* Published 1.1k and 1.0k, each +- 0.05k: they may be the same. */
static void test_rounded_figures_are_apart_only_beyond_their_rounding(void)
{
    WbRankCase cases[] = {CASE("x", 1100), CASE("y", 1000)};

    check(cases, 2, &usual, "x:1:a y:2:b");
    cases[0].half = cases[1].half = 50;
    check(cases, 2, &usual, "x:1:a y:1:a");
}

static void test_zero_has_no_ratio_and_is_still_behind(void)
{
    const WbRankCase cases[] = {CASE("dead", 0, 0, 0, 0), CASE("well", 10, 11, 12, 13)};
    g_autoptr(WbRanking) ranking = wb_rank(cases, 2, &usual);

    g_assert_true(isnan(ranking->pairs[0].ratio));
    check(cases, 2, &usual, "well:1:a dead:2:b");
}

/* Eight rounds with 30 % common noise and 6 % between the two: pairs tell them apart, samples
 * cannot; seven rounds are too few for pairs. */
static void test_rounds_pair_what_noise_hides(void)
{
    const double noise[] = {100, 130, 90, 115, 105, 125, 95, 110};
    const int64_t rounds[] = {1, 2, 3, 4, 5, 6, 7, 8}, turned[] = {8, 7, 6, 5, 4, 3, 2, 1};
    double ahead[8], behind[8];
    WbRankCase cases[2];

    for (size_t i = 0; i < 8; i++) {
        ahead[i] = noise[i] * (1.06 + 0.001 * (double)i);
        behind[7 - i] = noise[i];
    }
    cases[0] = (WbRankCase){.name = "x", .values = ahead, .n = 8};
    cases[1] = (WbRankCase){.name = "y", .values = behind, .n = 8};
    check(cases, 2, &usual, "x:1:a y:1:a");
    cases[0].rounds = rounds;
    cases[1].rounds = turned;
    check(cases, 2, &usual, "x:1:a y:2:b");
    cases[1].n = 7;
    check(cases, 2, &usual, "x:1:a y:1:a");
}

/* a and c differ, b is between: it shares a letter with each. */
static void test_letters_of_a_chain_overlap(void)
{
    const bool different[] = {false, false, true, false, false, false, true, false, false};
    g_auto(GStrv) letters = wb_letters(different, 3);

    g_assert_cmpstr(letters[0], ==, "a");
    g_assert_cmpstr(letters[1], ==, "ab");
    g_assert_cmpstr(letters[2], ==, "b");
}

static bool is_clique(const bool *different, size_t n, unsigned set)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (set >> i & 1 && set >> j & 1 && different[i * n + j])
                return false;
    return true;
}

static unsigned reversed(unsigned set, size_t n)
{
    unsigned out = 0;

    for (size_t i = 0; i < n; i++)
        out |= (set >> i & 1) << (n - 1 - i);
    return out;
}

/* Letters by trying all sets, from the one that reads highest with the best case as first bit. */
static char **letters_by_trying(const bool *different, size_t n)
{
    const char *const names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char **out = g_new0(char *, n + 1);
    size_t used = 0;

    for (size_t i = 0; i < n; i++)
        out[i] = g_strdup("");
    for (unsigned high = 1U << n; high-- > 1;) {
        unsigned set = reversed(high, n);
        bool maximal = is_clique(different, n, set);

        for (size_t i = 0; maximal && i < n; i++)
            maximal = set >> i & 1 || !is_clique(different, n, set | 1U << i);
        for (size_t i = 0; maximal && i < n; i++)
            if (set >> i & 1) {
                char *longer = g_strdup_printf("%s%c", out[i], names[used]);

                g_free(out[i]);
                out[i] = longer;
            }
        used += maximal;
    }
    return out;
}

static void test_letters_are_all_maximal_sets_of_ties(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20180605);
    enum { N = 10 };

    for (int round = 0; round < 300; round++) {
        double density = 0.05 + 0.9 * g_rand_double(rand);
        bool different[N * N] = {false};
        g_auto(GStrv) got = NULL;
        g_auto(GStrv) wanted = NULL;

        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < i; j++)
                different[i * N + j] = different[j * N + i] = g_rand_double(rand) < density;
        got = wb_letters(different, N);
        wanted = letters_by_trying(different, N);
        g_assert_true(g_strv_equal((const char *const *)got, (const char *const *)wanted));
    }
}

/* n cases that all differ need n letters: 52 have them, 53 do without. */
static void test_too_many_groups_have_no_letters(void)
{
    for (size_t n = WB_LETTERS_MOST; n <= WB_LETTERS_MOST + 1; n++) {
        g_autofree bool *different = g_new0(bool, n *n);
        g_auto(GStrv) letters = NULL;

        for (size_t i = 0; i < n * n; i++)
            different[i] = i / n != i % n;
        letters = wb_letters(different, n);
        if (n == WB_LETTERS_MOST)
            g_assert_cmpstr(letters[n - 1], ==, "Z");
        else
            g_assert_null(letters);
    }
}

/* Pairs of opposites: 2^20 maximal sets; said in no time that these are too many. */
static void test_an_explosion_of_sets_is_seen_early(void)
{
    enum { N = 40 };
    bool different[N * N] = {false};

    for (size_t i = 0; i < N; i++)
        different[i * N + (i ^ 1)] = true;
    g_assert_null(wb_letters(different, N));
}

/* Sets over more than one machine word. */
static void test_hundreds_of_ties_share_a_letter(void)
{
    enum { N = 200 };
    g_autofree bool *different = g_new0(bool, N *N);
    g_auto(GStrv) letters = NULL;

    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            different[i * N + j] = (i < 100) != (j < 100);
    letters = wb_letters(different, N);
    for (size_t i = 0; i < N; i++)
        g_assert_cmpstr(letters[i], ==, i < 100 ? "a" : "b");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/rank/errors/last", test_errors_and_no_figures_come_last_without_rank);
    g_test_add_func("/rank/none-and-one", test_none_and_one_case);
    g_test_add_func("/rank/latency/lowest-first", test_of_latencies_the_lowest_comes_first);
    g_test_add_func("/rank/equal/by-name", test_equal_cases_tie_in_order_of_their_names);
    g_test_add_func("/rank/three-runs/not-tested", test_three_runs_are_not_tested);
    g_test_add_func("/rank/rounded", test_rounded_figures_are_apart_only_beyond_their_rounding);
    g_test_add_func("/rank/zero", test_zero_has_no_ratio_and_is_still_behind);
    g_test_add_func("/rank/rounds", test_rounds_pair_what_noise_hides);
    g_test_add_func("/letters/chain", test_letters_of_a_chain_overlap);
    g_test_add_func("/letters/as-tried", test_letters_are_all_maximal_sets_of_ties);
    g_test_add_func("/letters/too-many", test_too_many_groups_have_no_letters);
    g_test_add_func("/letters/explosion", test_an_explosion_of_sets_is_seen_early);
    g_test_add_func("/letters/hundreds", test_hundreds_of_ties_share_a_letter);
    return g_test_run();
}
