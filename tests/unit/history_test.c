/*
 * A series of databases in memory: what becomes of a case that comes late, goes, or lacks a metric,
 * and where a trend exists. What people read, and the figures against Python:
 * report_compare_series.t.
 */
#include <math.h>

#include "analyze/history.h"
#include "tests/unit/two_sides.h"

#define SIDES 5
#define RUNS  6

typedef struct {
    Fixture sides[SIDES];
    WbComparison base;
    WbHistory history;
} Series;

static void series_init(Series *series)
{
    for (size_t i = 0; i < SIDES; i++)
        fixture_init(&series->sides[i]);
    wb_comparison_init(&series->base);
    wb_history_init(&series->history, &series->base);
}

static void series_clear(Series *series)
{
    wb_history_clear(&series->history);
    wb_comparison_clear(&series->base);
    for (size_t i = 0; i < SIDES; i++)
        fixture_clear(&series->sides[i]);
}

/* Six runs, each a little apart; 0: the side lacks the case. */
static void add_case(Series *series, const char *labels, const double rates[SIDES])
{
    static const double apart[RUNS] = {1.000, 1.002, 1.001, 0.999, 0.9985, 1.0015};

    for (size_t side = 0; side < SIDES; side++)
        for (size_t i = 0; rates[side] > 0 && i < RUNS; i++) {
            WbRun run = fixture_run(rates[side] * apart[i]);

            run.requests_per_s_half = 0;
            fixture_add_run(&series->sides[side], labels, &run, NULL);
        }
}

static void load_series(Series *series)
{
    g_autoptr(GError) error = NULL;
    const char *files[SIDES + 1] = {NULL};

    for (size_t i = 0; i < SIDES; i++) {
        files[i] = series->sides[i].path;
        g_clear_pointer(&series->sides[i].store, wb_store_free);
    }
    series->base.sides.files = g_strdupv((char **)files);
    g_assert_true(wb_history_is_asked(&series->base));
    wb_history_load(&series->history, &error);
    g_assert_no_error(error);
}

static const WbHistoryRow *rate_of(const Series *series, const char *server)
{
    for (guint i = 0; i < series->history.rows->len; i++) {
        const WbHistoryRow *row = &g_array_index(series->history.rows, WbHistoryRow, i);

        if (!g_strcmp0(wb_labels_get(row->labels, "server"), server) &&
            !g_strcmp0(row->metric->name, "rate"))
            return row;
    }
    g_error("no rate of %s", server);
}

static void test_every_case_has_its_own_history(void)
{
    Series series;
    const WbHistoryRow *row;

    series_init(&series);
    add_case(&series, "server=flat", (double[]){1000, 1000, 1000, 1000, 1000});
    add_case(&series, "server=falls", (double[]){1000, 990, 980, 970, 960});
    add_case(&series, "server=drops", (double[]){1000, 1000, 900, 900, 900});
    add_case(&series, "server=late", (double[]){0, 1000, 1000, 1000, 1000});
    add_case(&series, "server=gone", (double[]){1000, 1000, 1000, 0, 0});
    load_series(&series);
    g_assert_cmpuint(series.history.cases_n, ==, 5);
    g_assert_cmpuint(wb_history_changed(&series.history), ==, 4);

    g_assert_false(wb_history_is_change(&series.history, rate_of(&series, "flat")));
    row = rate_of(&series, "falls");
    g_assert_cmpint(row->trend.s, ==, -10);
    g_assert_cmpfloat_with_epsilon(row->trend.p, 2.0 / 120, 1e-12); /* of 5! orders two are so */
    g_assert_cmpfloat_with_epsilon(row->slope, -10.0 / 980, 1e-9);
    g_assert_cmpint(row->whole->word, ==, WB_WORD_SLOWER);
    row = rate_of(&series, "drops");
    g_assert_cmpint(row->steps[0]->word, ==, WB_WORD_SAME);
    g_assert_cmpint(row->steps[1]->word, ==, WB_WORD_SLOWER);
    g_assert_cmpint(row->steps[2]->word, ==, WB_WORD_SAME);
    row = rate_of(&series, "late");
    g_assert_true(isnan(row->medians[0]) && row->medians[1] > 0);
    g_assert_cmpint(row->steps[0]->word, ==, WB_WORD_ADDED);
    g_assert_cmpint(row->trend.s, ==, WB_NONE);
    row = rate_of(&series, "gone");
    g_assert_cmpint(row->steps[2]->word, ==, WB_WORD_GONE);
    g_assert_null(row->steps[3]);
    series_clear(&series);
}

static void test_what_is_for_two_sides_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    Series series;
    const char *files[] = {"a.db", "b.db", "c.db", NULL};

    series_init(&series);
    series.base.sides.files = g_strdupv((char **)files);
    series.base.pairs = g_strdup("always");
    g_assert_false(wb_history_load(&series.history, &error));
    g_assert_error(error, WB_HISTORY_ERROR, WB_HISTORY_ERROR_OPTION);
    series_clear(&series);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/history/cases", test_every_case_has_its_own_history);
    g_test_add_func("/history/refused", test_what_is_for_two_sides_is_refused);
    return g_test_run();
}
