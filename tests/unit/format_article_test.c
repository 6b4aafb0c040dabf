/* The article's tables come out of a database byte for byte (tests/golden/article). */
#include <glib.h>
#include <string.h>

#include "report/formats.h"
#include "tests/unit/fixture.h"

static char *golden(const char *file)
{
    g_autofree char *path = g_build_filename("tests/golden/article", file, NULL);
    char *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static GString *render(WbQuery *query, const char *cell, const size_t *heading_at, size_t heading_n,
                       GError **error)
{
    g_autoptr(GPtrArray) measures = wb_measures_parse(cell, NULL);
    g_autoptr(WbGrid) grid = wb_query_grid(query, NULL);
    GString *out = g_string_new(NULL);
    const WbReport report = {.query = query,
                             .grid = grid,
                             .measures = measures,
                             .heading_at = heading_at,
                             .heading_n = heading_n};

    g_assert_nonnull(grid);
    wb_render_article(&report, out, error);
    return out;
}

static void check(const char *const *where, const char *cell, const char *file,
                  const size_t *heading_at, size_t heading_n)
{
    g_autofree char *wanted = golden(file);
    g_autoptr(GError) error = NULL;
    g_auto(WbQuery) query = {0};
    GString *out;
    Fixture f;

    fixture_init(&f);
    fixture_fill_article(&f);
    fixture_query(&f, &query, where);
    out = render(&query, cell, heading_at, heading_n, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(out->str, ==, wanted);
    g_string_free(out, TRUE);
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_hello_is_exact(void)
{
    const char *const where[] = {"benchmark=hello", NULL};

    check(where, "best", "hello.txt", NULL, 0);
}

static void test_errors_is_exact(void)
{
    const char *const where[] = {"benchmark=data", "split=errors", NULL};

    check(where, "range", "errors.txt", NULL, 0);
}

static void test_noerrors_is_exact_with_its_hand_set_heading(void)
{
    const char *const where[] = {"benchmark=data", "split=no errors", NULL};
    const size_t at[] = {12, 24, 35, 46, 57, 68};

    check(where, "range", "noerrors.txt", at, G_N_ELEMENTS(at));
}

/* By the rule, three words of the printed heading stand elsewhere; nothing else differs. */
static void test_noerrors_by_the_rule_differs_in_three_words(void)
{
    const char *const where[] = {"benchmark=data", "split=no errors", NULL};
    const struct {
        const char *word;
        long rule, printed;
    } words[] = {{"apistar", 12, 12}, {"bottle", 23, 24}, {"falcon", 34, 35},
                 {"flask", 46, 46},   {"hug", 58, 57},    {"sanic", 68, 68}};
    g_autofree char *wanted = golden("noerrors.txt");
    g_auto(WbQuery) query = {0};
    GString *out;
    Fixture f;

    fixture_init(&f);
    fixture_fill_article(&f);
    fixture_query(&f, &query, where);
    out = render(&query, "range", NULL, 0, NULL);
    g_assert_cmpstr(strchr(out->str, '\n'), ==, strchr(wanted, '\n'));
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_assert_cmpint(strstr(out->str, words[i].word) - out->str, ==, words[i].rule);
        g_assert_cmpint(strstr(wanted, words[i].word) - wanted, ==, words[i].printed);
    }
    g_string_free(out, TRUE);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* --split errors makes both tables of one benchmark, as the article does. */
static void test_split_gives_the_two_tables_with_captions(void)
{
    const char *const where[] = {"benchmark=data", NULL};
    g_autofree char *with = golden("errors.txt");
    g_autofree char *without = golden("noerrors.txt");
    g_autofree char *wanted = NULL;
    g_auto(WbQuery) query = {0};
    GString *out;
    Fixture f;

    fixture_init(&f);
    fixture_fill_article(&f);
    fixture_query(&f, &query, where);
    query.by_split = true;
    out = render(&query, "range", NULL, 0, NULL);
    /* the second heading is the rule's */
    wanted =
        g_strconcat("benchmark=data, errors: requests in 10 s, min - max\n", with,
                    "\nbenchmark=data, no errors: requests in 10 s, min - max\n",
                    "            apistar    bottle     falcon      flask       hug       sanic "
                    "   \n",
                    strchr(without, '\n') + 1, NULL);
    g_assert_cmpstr(out->str, ==, wanted);
    g_string_free(out, TRUE);
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_heading_at_that_does_not_fit_is_an_error(void)
{
    const char *const where[] = {"benchmark=hello", NULL};
    const size_t few[] = {12, 24};
    const size_t overlapping[] = {12, 13, 35, 46, 57, 68};
    g_auto(WbQuery) query = {0};
    Fixture f;

    fixture_init(&f);
    fixture_fill_article(&f);
    fixture_query(&f, &query, where);
    for (int i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        GString *out = render(&query, "best", i ? overlapping : few, i ? 6 : 2, &error);

        g_assert_error(error, WB_FORMAT_ERROR, WB_FORMAT_ERROR_HEADING);
        g_string_free(out, TRUE);
    }
    wb_query_clear(&query);
    fixture_clear(&f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/format_article/hello", test_hello_is_exact);
    g_test_add_func("/format_article/errors", test_errors_is_exact);
    g_test_add_func("/format_article/noerrors", test_noerrors_is_exact_with_its_hand_set_heading);
    g_test_add_func("/format_article/noerrors/rule",
                    test_noerrors_by_the_rule_differs_in_three_words);
    g_test_add_func("/format_article/split", test_split_gives_the_two_tables_with_captions);
    g_test_add_func("/format_article/heading-at", test_heading_at_that_does_not_fit_is_an_error);
    return g_test_run();
}
