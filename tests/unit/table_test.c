/* Figures and words as people read them: rounding, cleaning, widths, notes, the strip. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "report/clean.h"
#include "report/figure_text.h"
#include "report/strip.h"
#include "report/table.h"
#include "tests/unit/fixture.h"

#define FFFD "\xef\xbf\xbd"

static void assert_text(char *got, const char *wanted)
{
    g_assert_cmpstr(got, ==, wanted);
    g_free(got);
}

/* The examples of REPORTS section 2. */
static void test_interval_is_rounded_where_its_half_width_is(void)
{
    const WbScale k = wb_scale_make(WB_UNIT_PER_S, 19412.3, false);
    const WbScale one = wb_scale_make(WB_UNIT_PER_S, 481.7, false);

    assert_text(wb_figure_format_interval(&k, 19412.3, 0, 834, true), "19.4k +- 0.8k");
    assert_text(wb_figure_format_interval(&k, 19412.3, 0, 312, true), "19.41k +- 0.31k");
    assert_text(wb_figure_format_interval(&k, 19412.3, 0, 96, true), "19.41k +- 0.10k");
    assert_text(wb_figure_format_interval(&one, 481.7, 0, 12.4, true), "482 +- 12");
    assert_text(wb_figure_format_interval(&one, 48170, 0, 1240, true), "48200 +- 1200");
    assert_text(wb_figure_format_interval(&k, 19412.3, 0, NAN, false), "19.41k \xc2\xb1 ?");
    assert_text(wb_figure_format_interval(&k, 19412.3, 0, 0, true), "19.41k +- 0");
}

/* The rule's first three digits: 100-354 keep two, 355-949 one, 950-999 become 1000 and keep two
 * (REPORTS section 2); figures beside each other keep the prefix of the table. */
static void test_interval_edges(void)
{
    const struct {
        double value, reach;
        const char *wanted;
    } known[] = {
        {1337, 26, "1.337k +- 0.026k"},    {16340, 354, "16.34k +- 0.35k"},
        {16340, 355, "16.3k +- 0.4k"},     {16340, 949, "16.3k +- 0.9k"},
        {16340, 950, "16.3k +- 1.0k"},     {16340, 999, "16.3k +- 1.0k"},
        {16340, 1000, "16.3k +- 1.0k"},    {19340, 94.9, "19.34k +- 0.09k"},
        {19340, 95, "19.34k +- 0.10k"},    {1000, 1.5, "1.0000k +- 0.0015k"},
        {11004.99, 3540, "11.0k +- 3.5k"}, {11004.99, 3560, "11k +- 4k"},
    };
    const WbScale k = wb_scale_make(WB_UNIT_PER_S, 1337, false);
    const WbScale one = wb_scale_make(WB_UNIT_PER_S, 481.74, false);

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        assert_text(wb_figure_format_interval(&k, known[i].value, 0, known[i].reach, true),
                    known[i].wanted);
    /* one prefix for 481.74 and 11004.99: that of the smaller one, two decimals each */
    assert_text(wb_figure_format(&one, 481.74, 0.005), "481.74");
    assert_text(wb_figure_format(&one, 11004.99, 0.005), "11004.99");
    assert_text(wb_figure_format_interval(&one, 11004.99, 0.005, 1240, true), "11000 +- 1200");
    assert_text(wb_figure_format_interval(&one, 19262.33, 0.005, 257, true), "19260 +- 260");
}

/* Runs that were printed as 3.49k may lie very close together: that makes no digits. */
static void test_interval_is_not_finer_than_the_source(void)
{
    const WbScale k = wb_scale_make(WB_UNIT_PER_S, 3490, false);

    assert_text(wb_figure_format_interval(&k, 3490, 5, 21, true), "3.49k +- 0.02k");
    assert_text(wb_figure_format_interval(&k, 3490, 5, 3, true), "3.49k +- 0.01k");
    assert_text(wb_figure_format_interval(&k, 3500, 50, 3, true), "3.5k +- 0.1k");
    assert_text(wb_figure_format_interval(&k, 3490, 5, 120, true), "3.49k +- 0.12k");
}

static void test_prefix_is_chosen_after_rounding(void)
{
    WbScale scale = wb_scale_make(WB_UNIT_PER_S, 999994, true);

    assert_text(wb_figure_format(&scale, 999994, 0), "999.99k");
    scale = wb_scale_make(WB_UNIT_PER_S, 999995, true);
    assert_text(wb_figure_format(&scale, 999995, 0), "1.00M");
    scale = wb_scale_make(WB_UNIT_PER_S, 19345, true);
    assert_text(wb_figure_format(&scale, 19345, 0), "19.35k");
    assert_text(wb_figure_format(&scale, 2675, 0), "2.68k"); /* 2.675 as a double is below */
    scale = wb_scale_make(WB_UNIT_PER_S, 465, true);
    assert_text(wb_figure_format(&scale, 465, 0), "465");
    scale = wb_scale_make(WB_UNIT_PER_S, 48.25, false);
    assert_text(wb_figure_format(&scale, 48.25, 0), "48.25");
    assert_text(wb_figure_format(&scale, -0.0, 0), "0");
}

/* A log that printed 3.49k knows no units digit. */
static void test_no_more_digits_than_the_source_held(void)
{
    const WbScale k = wb_scale_make(WB_UNIT_PER_S, 3490, false);
    const WbScale one = wb_scale_make(WB_UNIT_PER_S, 12.5, false);

    assert_text(wb_figure_format(&k, 3490, 5), "3.49k");
    assert_text(wb_figure_format(&k, 3500, 50), "3.5k");
    assert_text(wb_figure_format(&k, 70000, 500), "70k");
    assert_text(wb_figure_format(&one, 3490, 5), "3490");
    assert_text(wb_figure_format(&one, 1437.38, 0.005), "1437.38");
}

static void test_times_share_a_unit(void)
{
    const WbScale ms = wb_scale_make(WB_UNIT_NS, 11180000, false);
    const WbScale nearly = wb_scale_make(WB_UNIT_NS, 999996, false);
    const WbScale below = wb_scale_make(WB_UNIT_NS, 999994, false);

    assert_text(wb_figure_format(&nearly, 999996, 0), "1.00ms");
    assert_text(wb_figure_format(&below, 999994, 0), "999.99us");

    assert_text(wb_figure_format(&ms, 11180000, 5000), "11.18ms");
    assert_text(wb_figure_format(&ms, 1390000000, 5000000), "1390ms");
    assert_text(wb_figure_format_percent(0.0123), "1.2 %");
    assert_text(wb_figure_format_percent(NAN), "?");
}

static void test_clean_leaves_nothing_that_harms(void)
{
    const struct {
        const char *text, *wanted;
    } known[] = {
        {NULL, ""},
        {"a\tb\nc\rd", "a b c d"},
        {"\033[31mred\a", "[31mred"},
        {"\xc2\x9b"
         "31m",
         "31m"},
        {"abc\xff"
         "def",
         "abc" FFFD "def"},
        {"\xe2\x82", FFFD FFFD},
        {"a\xe2\x80\xae"
         "b\xe2\x81\xa6"
         "c",
         "abc"},
        {"a\xe2\x80\xa8"
         "b",
         "ab"},
        {"\xe3\x83\x99\xe3\x83\xb3\xe3\x83\x81", "\xe3\x83\x99\xe3\x83\xb3\xe3\x83\x81"},
        {"e\xcc\x81", "e\xcc\x81"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        assert_text(wb_clean(known[i].text), known[i].wanted);
}

static void test_clean_cuts_at_columns(void)
{
    g_autofree char *letters = g_strnfill(5000, 'x');
    g_autofree char *exact = g_strnfill(WB_CLEAN_COLUMNS, 'x');
    g_autoptr(GString) wide = g_string_new(NULL);
    g_autofree char *cut = wb_clean(letters);
    g_autofree char *kept = wb_clean(exact);
    g_autofree char *half = NULL;

    g_assert_cmpuint(wb_clean_width(cut), ==, WB_CLEAN_COLUMNS);
    g_assert_true(g_str_has_suffix(cut, "x\xe2\x80\xa6"));
    g_assert_cmpstr(kept, ==, exact);
    for (int i = 0; i < 150; i++)
        g_string_append(wide, "\xe3\x83\x99");
    half = wb_clean(wide->str);
    g_assert_cmpuint(wb_clean_width(half), ==, 199); /* a wide sign never stands half */
}

static void test_width_and_padding_go_by_columns(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    g_assert_cmpuint(wb_clean_width("e\xcc\x81"), ==, 1);
    g_assert_cmpuint(wb_clean_width("\xe3\x83\x99\xe3\x83\xb3"), ==, 4);
    wb_clean_pad(out, "\xe3\x83\x99", 5, 1);
    g_assert_cmpstr(out->str, ==, " \xe3\x83\x99  ");
    g_string_truncate(out, 0);
    wb_clean_pad(out, "long", 2, 9);
    g_assert_cmpstr(out->str, ==, "long");
}

static void test_strip_starts_at_zero(void)
{
    const double steady[] = {100, 99, 98};
    const double wild[] = {10, 100, 0};
    g_autoptr(GString) out = g_string_new(NULL);
    double many[1000];

    wb_strip_append(out, steady, 3, true);
    g_assert_cmpstr(out->str, ==, "@@@");
    g_string_truncate(out, 0);
    wb_strip_append(out, wild, 3, false);
    g_assert_cmpstr(out->str, ==, "\xe2\x96\x81\xe2\x96\x88\xe2\x96\x81");
    g_string_truncate(out, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(many); i++)
        many[i] = 5;
    wb_strip_append(out, many, G_N_ELEMENTS(many), true);
    g_assert_cmpuint(out->len, ==, WB_STRIP_COLUMNS);
}

/* ---- whole tables ---------------------------------------------------------------------------- */

static GPtrArray *tables_of(WbQuery *query, const char *cell, const WbTableStyle *style)
{
    g_autoptr(GPtrArray) measures = wb_measures_parse(cell, NULL);
    g_autoptr(WbGrid) grid = wb_query_grid(query, NULL);

    g_assert_nonnull(grid);
    return wb_table_list(query->summary, grid, measures, style);
}

static bool has_note(const WbTextTable *table, const char *part)
{
    for (size_t i = 0; i < table->notes->len; i++)
        if (strstr(g_ptr_array_index(table->notes, i), part))
            return true;
    return false;
}

static void test_table_notes_what_a_reader_must_know(void)
{
    const WbTableStyle style = {.ascii = true, .intervals = true};
    g_autoptr(GPtrArray) medians = NULL;
    g_autoptr(GPtrArray) bests = NULL;
    g_auto(WbQuery) query = {0};
    const WbTextTable *table;
    Fixture f;

    fixture_init(&f);
    fixture_add_runs(&f, "server=a framework=x", (double[]){1000, 1010, 1020, 1030, 1040, 0});
    fixture_add_runs(&f, "server=b framework=x", (double[]){2000, 2010, 0});
    fixture_query(&f, &query, NULL);
    medians = tables_of(&query, "median", &style);
    table = g_ptr_array_index(medians, 0);
    g_assert_cmpstr(wb_text_cell(table, 0, 0)->text, ==, "1.020k +- 0.020k");
    g_assert_cmpstr(wb_text_cell(table, 1, 0)->text, ==, "2.01k +- ?");
    g_assert_true(wb_text_cell(table, 1, 0)->best);
    g_assert_false(wb_text_cell(table, 0, 0)->best);
    g_assert_true(has_note(table, "runs missing: b/x 3"));
    bests = tables_of(&query, "best", &style);
    g_assert_true(has_note(g_ptr_array_index(bests, 0), "2 to 5 runs"));
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_several_figures_share_a_cell_or_are_columns(void)
{
    const WbTableStyle style = {.ascii = true};
    const WbTableStyle aligned = {.ascii = true, .aligned = true};
    g_autoptr(GPtrArray) within = NULL;
    g_autoptr(GPtrArray) below = NULL;
    g_autoptr(GPtrArray) beside = NULL;
    g_auto(WbQuery) query = {0};
    const WbTextTable *table;
    Fixture f;

    fixture_init(&f);
    fixture_add_runs(&f, "server=a framework=x", (double[]){10000, 10100, 0});
    fixture_add_runs(&f, "server=b framework=x", (double[]){2000, 0});
    fixture_query(&f, &query, NULL);
    within = tables_of(&query, "best,range,cv", &style);
    g_assert_cmpuint(within->len, ==, 1);
    table = g_ptr_array_index(within, 0);
    g_assert_cmpstr(wb_text_cell(table, 0, 0)->text, ==, "10.10k (100.00k - 101.00k; 0.7 %)");
    g_assert_cmpstr(wb_text_cell(table, 1, 0)->text, ==, "2.00k (20.00k - 20.00k; -)");
    g_assert_cmpint(wb_text_cell(table, 0, 0)->kind, ==, WB_CELL_VALUE);
    g_assert_true(wb_text_cell(table, 0, 0)->best);
    g_assert_false(wb_text_cell(table, 0, 0)->has_number); /* it is not one number */
    g_assert_nonnull(strstr(table->caption, "best requests/s of any run (requests in 10 s, "));
    below = tables_of(&query, "best,range,cv", &aligned);
    table = g_ptr_array_index(below, 0);
    g_assert_cmpstr(wb_text_cell(table, 0, 0)->text, ==, "10.10k (100.00k - 101.00k; 0.7 %)");
    g_assert_cmpstr(wb_text_cell(table, 1, 0)->text, ==, " 2.00k   (20.00k - 20.00k;     -)");
    query.cols = g_strdup("");
    query.rows = g_strdup("server,framework");
    beside = tables_of(&query, "best,range", &style);
    g_assert_cmpuint(beside->len, ==, 1);
    table = g_ptr_array_index(beside, 0);
    g_assert_cmpstr(g_ptr_array_index(table->stubs, 0), ==, "a/x");
    g_assert_cmpstr(wb_text_cell(table, 0, 1)->text, ==, "100.00k - 101.00k");
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* Of a case with errors the word is said once, and counts stay; a figure that nobody has is not
 * in the cells. */
static void test_several_figures_where_some_are_none(void)
{
    const WbTableStyle style = {.ascii = true};
    g_autoptr(GPtrArray) tables = NULL;
    g_auto(WbQuery) query = {0};
    const WbTextTable *table;
    WbRun run = fixture_run(2000);
    Fixture f;

    run.errors_read = 7;
    fixture_init(&f);
    fixture_add_runs(&f, "server=a framework=x", (double[]){1000, 0});
    fixture_add_run(&f, "server=b framework=x", &run, NULL);
    fixture_query(&f, &query, NULL);
    tables = tables_of(&query, "best,range,errors,p99", &style);
    table = g_ptr_array_index(tables, 0);
    g_assert_cmpstr(wb_text_cell(table, 0, 0)->text, ==, "1.00k (10.00k - 10.00k; none)");
    g_assert_cmpstr(wb_text_cell(table, 1, 0)->text, ==, "errors (read 7)");
    g_assert_cmpint(wb_text_cell(table, 1, 0)->kind, ==, WB_CELL_ERRORS);
    g_assert_true(has_note(table, "no case here has a figure for 'p99'"));
    g_assert_null(strstr(table->caption, "99 %"));
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* Columns without any text go, with their cells; where words begin moves along. */
static void test_empty_columns_are_dropped(void)
{
    WbTextTable *table =
        wb_text_table_new(g_strdup(""), (const char *const[]){"a", "b", "c", "d"}, 4, 2);

    table->words_from = 3;
    for (int r = 0; r < 2; r++) {
        WbTextCell *cells = wb_text_table_add_row(table, g_strdup("row"));

        for (int c = 0; c < 4; c++)
            cells[c].text = c % 2 ? g_strdup_printf("%d%d", r, c) : g_strdup("");
    }
    wb_text_table_drop_empty(table);
    g_assert_cmpuint(table->heads->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(table->heads, 1), ==, "d");
    g_assert_cmpstr(wb_text_cell(table, 0, 0)->text, ==, "01");
    g_assert_cmpstr(wb_text_cell(table, 1, 1)->text, ==, "13");
    g_assert_cmpuint(table->words_from, ==, 1);
    wb_text_table_free(table);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/figure_text/interval", test_interval_is_rounded_where_its_half_width_is);
    g_test_add_func("/figure_text/interval-edges", test_interval_edges);
    g_test_add_func("/figure_text/interval-honest", test_interval_is_not_finer_than_the_source);
    g_test_add_func("/figure_text/prefix", test_prefix_is_chosen_after_rounding);
    g_test_add_func("/figure_text/honest", test_no_more_digits_than_the_source_held);
    g_test_add_func("/figure_text/time", test_times_share_a_unit);
    g_test_add_func("/clean/harm", test_clean_leaves_nothing_that_harms);
    g_test_add_func("/clean/cut", test_clean_cuts_at_columns);
    g_test_add_func("/clean/width", test_width_and_padding_go_by_columns);
    g_test_add_func("/strip/zero", test_strip_starts_at_zero);
    g_test_add_func("/table/notes", test_table_notes_what_a_reader_must_know);
    g_test_add_func("/table/several", test_several_figures_share_a_cell_or_are_columns);
    g_test_add_func("/table/several-none", test_several_figures_where_some_are_none);
    g_test_add_func("/table/drop-empty", test_empty_columns_are_dropped);
    return g_test_run();
}
