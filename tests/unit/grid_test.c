/* Grids: which label lies where, order, conflicts, tables of a split. */
#include <glib.h>
#include <string.h>

#include "analyze/grid.h"
#include "analyze/grid_means.h"
#include "tests/unit/fixture.h"

/* Rows of a part as "a b c". */
static char *rows_of(const WbGrid *grid, size_t p)
{
    const WbGridTable *part = g_ptr_array_index(grid->parts, p);
    GString *text = g_string_new(NULL);

    for (size_t r = 0; r < part->rows_n; r++)
        for (size_t k = 0; grid->rows.keys[k]; k++)
            g_string_append_printf(text, "%s%s", text->len ? " " : "",
                                   wb_grid_item(&grid->rows, part->rows[r], k));
    return g_string_free(text, FALSE);
}

static void assert_rows(const WbGrid *grid, size_t p, const char *wanted)
{
    g_autofree char *rows = rows_of(grid, p);

    g_assert_cmpstr(rows, ==, wanted);
}

static WbGrid *grid_of(WbQuery *query, const char *rows, const char *cols)
{
    g_autoptr(GError) error = NULL;
    WbGrid *grid;

    query->rows = g_strdup(rows);
    query->cols = g_strdup(cols);
    grid = wb_query_grid(query, &error);
    g_assert_no_error(error);
    return grid;
}

static void test_default_layout_takes_the_labels_that_exist(void)
{
    const struct {
        const char *labels[3];
        const char *rows, *cols, *tables;
    } known[] = {
        {{"server=a framework=x benchmark=h", "server=b framework=x benchmark=h", NULL},
         "server",
         "framework",
         "benchmark"},
        {{"server=a", "server=b", NULL}, "server", "", ""},
        {{"framework=x", "framework=y", NULL}, "framework", "", ""},
        {{"size=1 mode=q", "size=2 mode=q", NULL}, "mode size", "", ""},
        {{"framework=x size=1", "framework=x size=2", NULL}, "size", "framework", ""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_auto(WbQuery) query = {0};
        g_autoptr(WbGrid) grid = NULL;
        const WbAxis *axes[3];
        const char *wanted[] = {known[i].rows, known[i].cols, known[i].tables};
        Fixture f;

        fixture_init(&f);
        for (size_t c = 0; known[i].labels[c]; c++)
            fixture_add_runs(&f, known[i].labels[c], (double[]){100, 0});
        fixture_query(&f, &query, NULL);
        grid = grid_of(&query, NULL, NULL);
        axes[0] = &grid->rows;
        axes[1] = &grid->cols;
        axes[2] = &grid->tables;
        for (size_t x = 0; x < 3; x++) {
            g_autofree char *keys = g_strjoinv(" ", axes[x]->keys);

            g_assert_cmpstr(keys, ==, wanted[x]);
        }
        g_clear_pointer(&grid, wb_grid_free);
        wb_query_clear(&query);
        fixture_clear(&f);
    }
}

static void test_two_cases_in_one_cell_are_an_error_that_names_the_label(void)
{
    g_auto(WbQuery) query = {0};
    g_autoptr(GError) error = NULL;
    Fixture f;

    fixture_init(&f);
    fixture_add_runs(&f, "server=a framework=x connections=100", (double[]){100, 0});
    fixture_add_runs(&f, "server=a framework=x connections=200", (double[]){100, 0});
    fixture_query(&f, &query, NULL);
    g_assert_null(wb_query_grid(&query, &error));
    g_assert_error(error, WB_GRID_ERROR, WB_GRID_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, "differ in: connections"));
    g_assert_nonnull(strstr(error->message, "--where"));
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_unknown_key_is_an_error_that_lists_labels(void)
{
    g_auto(WbQuery) query = {0};
    g_autoptr(GError) error = NULL;
    Fixture f;

    fixture_init(&f);
    fixture_add_runs(&f, "server=a framework=x", (double[]){100, 0});
    fixture_query(&f, &query, NULL);
    query.rows = g_strdup("sever");
    g_assert_null(wb_query_grid(&query, &error));
    g_assert_error(error, WB_GRID_ERROR, WB_GRID_ERROR_KEY);
    g_assert_nonnull(strstr(error->message, "server"));
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_order_is_first_appearance_or_as_listed_or_sorted(void)
{
    const char *const listed[] = {"server=c,a", NULL};
    const struct {
        WbSort sort;
        const char *rows;
    } sorts[] = {{WB_SORT_NONE, "b c a d"},
                 {WB_SORT_BEST, "c b a d"},
                 {WB_SORT_MEDIAN, "b c a d"},
                 {WB_SORT_NAME, "a b c d"},
                 {WB_SORT_SPREAD, "a b c d"}};
    g_auto(WbQuery) query = {0};
    WbRun failed = fixture_run(1);
    WbGrid *grid;
    Fixture f;

    fixture_init(&f);
    fixture_add_runs(&f, "server=b", (double[]){200, 210, 205, 0});
    fixture_add_runs(&f, "server=c", (double[]){100, 300, 200, 0});
    fixture_add_runs(&f, "server=a", (double[]){100, 101, 100.5, 0});
    failed.status = "failed";
    fixture_add_run(&f, "server=d", &failed, NULL);
    fixture_query(&f, &query, listed);
    grid = grid_of(&query, NULL, NULL);
    assert_rows(grid, 0, "c a");
    wb_grid_free(grid);
    wb_query_clear(&query);

    fixture_query(&f, &query, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++) {
        query.order = sorts[i].sort;
        grid = wb_query_grid(&query, NULL);
        assert_rows(grid, 0, sorts[i].rows);
        wb_grid_free(grid);
    }
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void add_run(Fixture *f, const char *labels, int64_t connections, double rate)
{
    WbRun run = fixture_run(rate);

    run.connections = connections;
    fixture_add_run(f, labels, &run, NULL);
}

/* A field of runs beside a label: its values part the cases, and numbers rise. */
static void test_fields_of_runs_are_axes_too(void)
{
    const char *const listed[] = {"connections=200,50", NULL};
    WbPublished published;
    g_autoptr(WbLabels) labels = fixture_labels("server=b");
    WbQuery query = {.rows = g_strdup("server"), .cols = g_strdup("connections")};
    WbGrid *grid;
    const WbGridTable *part;
    Fixture f;

    fixture_init(&f);
    add_run(&f, "server=a", 200, 20);
    add_run(&f, "server=a", 1000, 100);
    add_run(&f, "server=a", 200, 22);
    add_run(&f, "server=a", 50, 5);
    add_run(&f, "server=b", WB_NONE, 7);
    wb_published_init(&published);
    published.state = WB_STATE_OK;
    published.requests_per_s = 9;
    fixture_add_published(&f, &published, labels);
    fixture_query(&f, &query, NULL);
    grid = wb_query_grid(&query, NULL);
    part = g_ptr_array_index(grid->parts, 0);
    g_assert_cmpuint(part->cols_n, ==, 4);
    g_assert_cmpstr(wb_grid_item(&grid->cols, part->cols[0], 0), ==, "50");
    g_assert_cmpstr(wb_grid_item(&grid->cols, part->cols[1], 0), ==, "200");
    g_assert_cmpstr(wb_grid_item(&grid->cols, part->cols[2], 0), ==, "1000");
    g_assert_cmpstr(wb_grid_item(&grid->cols, part->cols[3], 0), ==, "");
    g_assert_cmpint(wb_grid_view(part, 0, 1)->of->runs, ==, 2);
    g_assert_cmpfloat(wb_grid_view(part, 0, 1)->of->rate.best, ==, 22);
    g_assert_cmpint(wb_grid_view(part, 0, 2)->of->runs, ==, 1);
    g_assert_null(wb_grid_view(part, 1, 0));
    wb_grid_free(grid);
    wb_query_clear(&query);

    query = (WbQuery){.rows = g_strdup("connections"), .cols = g_strdup("server")};
    fixture_query(&f, &query, listed);
    grid = wb_query_grid(&query, NULL);
    assert_rows(grid, 0, "200 50");
    wb_grid_free(grid);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* A label goes before a field of the same name, as in --where. */
static void test_label_goes_before_field(void)
{
    WbQuery query = {.rows = g_strdup("threads"), .cols = g_strdup("")};
    WbGrid *grid;
    Fixture f;

    fixture_init(&f);
    fixture_add_runs(&f, "threads=many", (double[]){100, 0});
    fixture_add_runs(&f, "threads=few", (double[]){100, 0});
    fixture_query(&f, &query, NULL);
    grid = wb_query_grid(&query, NULL);
    assert_rows(grid, 0, "many few");
    wb_grid_free(grid);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* Several labels on one axis are one item each combination; "" is no label at all. */
static void test_several_keys_on_one_axis(void)
{
    const char *const where[] = {"benchmark=hello", "server=gevent,sanic", NULL};
    g_auto(WbQuery) query = {0};
    g_autoptr(WbGrid) grid = NULL;
    Fixture f;

    fixture_init(&f);
    fixture_fill_article(&f);
    fixture_query(&f, &query, where);
    grid = grid_of(&query, "framework,server", "");
    g_assert_cmpuint(((const WbGridTable *)g_ptr_array_index(grid->parts, 0))->rows_n, ==, 12);
    g_assert_cmpuint(((const WbGridTable *)g_ptr_array_index(grid->parts, 0))->cols_n, ==, 1);
    g_clear_pointer(&grid, wb_grid_free);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* Runs decide the split; the table of errors and the one without hold the same columns. */
static void test_split_makes_two_tables_of_measured_cases(void)
{
    g_auto(WbQuery) query = {0};
    g_autoptr(WbGrid) grid = NULL;
    const WbGridTable *with, *without;
    WbRun run = fixture_run(50);
    Fixture f;

    fixture_init(&f);
    fixture_add_runs(&f, "server=a framework=x", (double[]){100, 110, 0});
    run.errors_timeout = 1;
    fixture_add_run(&f, "server=b framework=y", &run, NULL);
    fixture_query(&f, &query, NULL);
    query.by_split = true;
    grid = grid_of(&query, NULL, NULL);
    g_assert_cmpuint(grid->parts->len, ==, 2);
    with = g_ptr_array_index(grid->parts, 0);
    without = g_ptr_array_index(grid->parts, 1);
    g_assert_cmpint(with->split, ==, WB_SPLIT_ERRORS);
    assert_rows(grid, 0, "b");
    assert_rows(grid, 1, "a");
    g_assert_cmpuint(with->cols_n, ==, 2);
    g_assert_cmpuint(without->cols_n, ==, 2);
    g_assert_cmpint(wb_cell_make(wb_measure_find("best"), wb_grid_view(with, 0, 1)).kind, ==,
                    WB_CELL_VALUE);
    g_assert_null(wb_grid_view(with, 0, 0));
    g_clear_pointer(&grid, wb_grid_free);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* Error cases have no headline figure in a table of all; counts stay. */
static void test_errors_forbid_a_figure_but_not_counts(void)
{
    g_auto(WbQuery) query = {0};
    g_autoptr(WbGrid) grid = NULL;
    const WbCaseView *view;
    WbRun run = fixture_run(50);
    size_t n;
    const WbMeasure *measures = wb_measures(&n);
    Fixture f;

    fixture_init(&f);
    run.errors_read = 7;
    fixture_add_run(&f, "server=b", &run, NULL);
    fixture_query(&f, &query, NULL);
    grid = grid_of(&query, NULL, NULL);
    view = wb_grid_view(g_ptr_array_index(grid->parts, 0), 0, 0);
    for (size_t i = 0; i < n; i++) {
        WbCell cell = wb_cell_make(&measures[i], view);

        g_assert_cmpint(cell.kind, ==, measures[i].headline ? WB_CELL_ERRORS : WB_CELL_VALUE);
    }
    g_clear_pointer(&grid, wb_grid_free);
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_empty_database_is_told_so(void)
{
    g_auto(WbQuery) query = {0};
    g_autoptr(GError) error = NULL;
    Fixture f;

    fixture_init(&f);
    fixture_query(&f, &query, NULL);
    g_assert_null(wb_query_grid(&query, &error));
    g_assert_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_EMPTY);
    wb_query_clear(&query);
    fixture_clear(&f);
}

/* The article's hello table. Reference: Python's statistics.geometric_mean of the printed figures:
 * sanic, which is its own framework, takes no mean from the others; uwsgi has errors. */
static void test_means_are_of_rows_that_have_all_figures(void)
{
    const double wanted[] = {23902.673497548712, 23708.250882383145, 24714.308331872617,
                             16681.53708902169, 22877.27358392628};
    g_autoptr(GPtrArray) measures = wb_measures_parse("best,range", NULL);
    g_autoptr(WbGridMeans) means = NULL;
    g_autoptr(WbGrid) grid = NULL;
    g_auto(WbQuery) query = {0};
    const WbGridTable *part;
    Fixture f;

    fixture_init(&f);
    fixture_add_article(&f, "hello.csv", "hello", NULL);
    fixture_query(&f, &query, NULL);
    grid = grid_of(&query, NULL, NULL);
    part = g_ptr_array_index(grid->parts, 0);
    means = wb_grid_means_new(part, measures);
    g_assert_cmpuint(part->cols_n, ==, 6);
    g_assert_cmpuint(means->rows_n, ==, 4);
    for (size_t r = 0; r < part->rows_n; r++)
        g_assert_cmpint(means->rows[r], ==, r < 4); /* then uwsgi, sanic */
    for (size_t c = 0; c < part->cols_n; c++) {
        const WbCell *best = &means->cells[c * 2];

        g_assert_cmpint(best->kind, ==, c < 5 ? WB_CELL_VALUE : WB_CELL_BLANK);
        if (c < 5)
            g_assert_cmpfloat_with_epsilon(best->value, wanted[c], 1e-6);
        g_assert_cmpint(means->cells[c * 2 + 1].kind, ==, WB_CELL_BLANK);
    }
    /* four roundings of +-5: root of the sum of the squares of the relative ones, through 4 */
    g_assert_cmpfloat_with_epsilon(means->cells[0].half, 3.26051882, 1e-6);
    wb_query_clear(&query);
    fixture_clear(&f);
}

static void test_means_need_two_rows(void)
{
    g_autoptr(GPtrArray) measures = wb_measures_parse("best", NULL);
    g_autoptr(WbGridMeans) means = NULL;
    g_autoptr(WbGrid) grid = NULL;
    g_auto(WbQuery) query = {0};
    Fixture f;

    fixture_init(&f);
    fixture_add_runs(&f, "server=a framework=x", (double[]){100, 0});
    fixture_add_runs(&f, "server=b framework=y", (double[]){200, 0});
    fixture_query(&f, &query, NULL);
    grid = grid_of(&query, NULL, NULL);
    means = wb_grid_means_new(g_ptr_array_index(grid->parts, 0), measures);
    g_assert_cmpuint(means->rows_n, ==, 0);
    g_assert_cmpint(means->cells[0].kind, ==, WB_CELL_BLANK);
    g_assert_cmpint(means->cells[1].kind, ==, WB_CELL_BLANK);
    wb_query_clear(&query);
    fixture_clear(&f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/grid/default", test_default_layout_takes_the_labels_that_exist);
    g_test_add_func("/grid/conflict", test_two_cases_in_one_cell_are_an_error_that_names_the_label);
    g_test_add_func("/grid/unknown-key", test_unknown_key_is_an_error_that_lists_labels);
    g_test_add_func("/grid/order", test_order_is_first_appearance_or_as_listed_or_sorted);
    g_test_add_func("/grid/several-keys", test_several_keys_on_one_axis);
    g_test_add_func("/grid/split", test_split_makes_two_tables_of_measured_cases);
    g_test_add_func("/grid/errors", test_errors_forbid_a_figure_but_not_counts);
    g_test_add_func("/grid/empty", test_empty_database_is_told_so);
    g_test_add_func("/grid/means", test_means_are_of_rows_that_have_all_figures);
    g_test_add_func("/grid/means-two", test_means_need_two_rows);
    g_test_add_func("/grid/fields", test_fields_of_runs_are_axes_too);
    g_test_add_func("/grid/label-first", test_label_goes_before_field);
    return g_test_run();
}
