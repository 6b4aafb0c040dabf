/* The store: what is written comes back, whole or not at all. */
#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/store.h"

/* A path in a folder of the test's own; freed with remove_db. */
static char *new_path(void)
{
    g_autofree char *dir = g_dir_make_tmp("wb-store-XXXXXX", NULL);

    return g_build_filename(dir, "test.db", NULL);
}

static void remove_db(char *path)
{
    g_autofree char *dir = g_path_get_dirname(path);

    g_unlink(path);
    g_rmdir(dir);
    g_free(path);
}

static WbStore *open_with_campaign(const char *path)
{
    g_autoptr(GError) error = NULL;
    WbStore *store = wb_store_open(path, &error);
    WbCampaign campaign = {.kind = g_strdup("run")};

    g_assert_no_error(error);
    g_assert_true(wb_store_add_campaign(store, &campaign, &error));
    wb_campaign_clear(&campaign);
    return store;
}

static WbLabels *labels_of(const char *first, const char *second)
{
    WbLabels *labels = wb_labels_new();

    g_assert_true(wb_labels_parse(labels, first, NULL));
    if (second)
        g_assert_true(wb_labels_parse(labels, second, NULL));
    return labels;
}

static WbRun a_run(void)
{
    WbRun run;

    wb_run_init(&run);
    run.status = "complete";
    run.tool = "wrk";
    run.requests = 14403;
    run.requests_per_s = 1437.38;
    run.requests_per_s_half = 0.005;
    run.latency_mean_ns = 11180000;
    run.latency_mean_ns_half = 5000;
    run.elapsed_ns = INT64_C(10020000000);
    return run;
}

static int64_t sql_int(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    int64_t value;

    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static void test_run_comes_back_with_missing_figures_missing(void)
{
    char *path = new_path();
    WbStore *store = open_with_campaign(path);
    g_autoptr(WbLabels) labels = labels_of("server=gunicorn", "framework=flask \"quoted\"");
    g_autoptr(WbRunSet) set = NULL;
    WbRun run = a_run();
    const WbRun *back;

    g_assert_true(wb_store_add_run(store, &run, labels, NULL, NULL));
    g_assert_cmpint(run.run_no, ==, 1);
    set = wb_store_load_runs(store, NULL, NULL, NULL);
    g_assert_cmpuint(set->runs->len, ==, 1);
    back = &g_array_index(set->runs, WbRun, 0);
    g_assert_cmpint(back->requests, ==, 14403);
    g_assert_cmpfloat(back->requests_per_s, ==, 1437.38);
    g_assert_cmpfloat(back->requests_per_s_half, ==, 0.005);
    g_assert_cmpint(back->latency_mean_ns_half, ==, 5000);
    g_assert_cmpint(back->errors_read, ==, WB_NONE);
    g_assert_true(isnan(back->rate_per_s));
    g_assert_null(back->url);
    g_assert_cmpstr(wb_labels_get(back->of_case->labels, "framework"), ==, "flask \"quoted\"");
    wb_store_free(store);
    g_assert_cmpint(sql_int(path, "SELECT json_extract(labels, '$.framework') = 'flask \"quoted\"' "
                                  "FROM run_facts"),
                    ==, 1);
    remove_db(path);
}

static void test_runs_of_one_case_are_numbered(void)
{
    char *path = new_path();
    WbStore *store = open_with_campaign(path);
    g_autoptr(WbLabels) a = labels_of("server=a", NULL);
    g_autoptr(WbLabels) b = labels_of("server=b", NULL);
    WbRun runs[] = {a_run(), a_run(), a_run()};

    g_assert_true(wb_store_add_run(store, &runs[0], a, NULL, NULL));
    g_assert_true(wb_store_add_run(store, &runs[1], b, NULL, NULL));
    g_assert_true(wb_store_add_run(store, &runs[2], a, NULL, NULL));
    g_assert_cmpint(runs[1].run_no, ==, 1);
    g_assert_cmpint(runs[2].run_no, ==, 2);
    wb_store_free(store);
    remove_db(path);
}

static void test_closed_file_is_one_plain_file_with_our_marks(void)
{
    char *path = new_path();
    g_autofree char *wal = g_strconcat(path, "-wal", NULL);

    wb_store_free(open_with_campaign(path));
    g_assert_false(g_file_test(wal, G_FILE_TEST_EXISTS));
    g_assert_cmpint(sql_int(path, "PRAGMA application_id"), ==, 0x776b626b);
    g_assert_cmpint(sql_int(path, "PRAGMA user_version"), >=, 1);
    remove_db(path);
}

static void test_foreign_and_newer_files_are_refused_and_untouched(void)
{
    static const struct {
        const char *sql;
        int code;
    } cases[] = {
        {"CREATE TABLE theirs (x)", WB_STORE_ERROR_FOREIGN},
        {"PRAGMA application_id = 2003526251; PRAGMA user_version = 9999", WB_STORE_ERROR_NEWER},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *path = new_path();
        g_autoptr(GError) error = NULL;
        sqlite3 *db;

        g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(db, cases[i].sql, NULL, NULL, NULL), ==, SQLITE_OK);
        sqlite3_close(db);
        g_assert_null(wb_store_open(path, &error));
        g_assert_error(error, WB_STORE_ERROR, cases[i].code);
        g_assert_cmpint(sql_int(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'runs'"), ==,
                        0);
        remove_db(path);
    }
}

static void test_file_that_is_no_database_is_refused_and_untouched(void)
{
    char *path = new_path();
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    g_assert_true(g_file_set_contents(path, "Running 10s test @ http://x\n", -1, NULL));
    g_assert_null(wb_store_open(path, &error));
    g_assert_error(error, WB_STORE_ERROR, WB_STORE_ERROR_FOREIGN);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "Running 10s test @ http://x\n");
    remove_db(path);
}

static void test_readonly_opening_never_makes_a_file(void)
{
    char *path = new_path();
    g_autoptr(GError) error = NULL;

    g_assert_null(wb_store_open_readonly(path, &error));
    g_assert_error(error, WB_STORE_ERROR, WB_STORE_ERROR_OPEN);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    remove_db(path);
}

static void test_details_come_back_and_a_bad_run_leaves_nothing(void)
{
    char *path = new_path();
    WbStore *store = open_with_campaign(path);
    g_autoptr(WbLabels) labels = labels_of("server=a", NULL);
    g_autoptr(WbLabels) other = labels_of("server=never", NULL);
    g_autofree WbHist *hist = g_new0(WbHist, 1);
    g_autofree WbHist *back = g_new0(WbHist, 1);
    const WbSliceRecord slices[] = {{.requests = 3, .bytes = 30}, {0}, {.requests = 4}};
    const WbFaultRecord faults[] = {{"wait", "closed", 2, 10, 20}, {"wait", "closed", 1, 5, 9}};
    const WbHistRecord hists[] = {{"latency", hist}};
    const WbHistRecord twice[] = {{"latency", hist}, {"latency", hist}};
    WbRunDetails details = {.slice_ns = 100000000,
                            .slices = slices,
                            .slices_n = 3,
                            .faults = faults,
                            .faults_n = 2,
                            .hists = hists,
                            .hists_n = 1};
    WbRun run = a_run();
    WbRun bad = a_run();
    g_autoptr(GArray) read = NULL;
    g_autoptr(GArray) read_faults = NULL;
    g_autoptr(GStringChunk) text = g_string_chunk_new(64);
    int64_t slice_ns;

    for (int64_t ns = 1; ns < INT64_C(8000000000000); ns *= 3) {
        hist->counts[wb_hist_index(ns)]++;
        hist->count++;
        hist->sum_ns += ns;
        hist->max_ns = ns;
    }
    hist->min_ns = 1;
    g_assert_true(wb_store_add_run(store, &run, labels, &details, NULL));
    g_assert_true(wb_store_add_hist(store, run.run_id, "latency", back, NULL));
    g_assert_cmpmem(hist, sizeof *hist, back, sizeof *back);
    read = wb_store_load_slices(store, run.run_id, &slice_ns, NULL);
    g_assert_cmpint(slice_ns, ==, 100000000);
    g_assert_cmpmem(slices, sizeof slices, read->data, read->len * sizeof slices[0]);
    read_faults = wb_store_load_faults(store, run.run_id, text, NULL);
    g_assert_cmpuint(read_faults->len, ==, 1);
    g_assert_cmpint(g_array_index(read_faults, WbFaultRecord, 0).count, ==, 3);
    g_assert_cmpint(g_array_index(read_faults, WbFaultRecord, 0).first_ns, ==, 5);

    details.hists = twice; /* breaks the primary key after run and slices were written */
    details.hists_n = 2;
    g_assert_false(wb_store_add_run(store, &bad, other, &details, NULL));
    wb_store_free(store);
    g_assert_cmpint(sql_int(path, "SELECT count(*) FROM runs"), ==, 1);
    g_assert_cmpint(sql_int(path, "SELECT count(*) FROM slices"), ==, 3);
    g_assert_cmpint(sql_int(path, "SELECT count(*) FROM cases"), ==, 1);
    remove_db(path);
}

static void test_log_is_kept_once_and_comes_back_byte_for_byte(void)
{
    char *path = new_path();
    WbStore *store = open_with_campaign(path);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *known_as = NULL;
    g_autoptr(GBytes) back = NULL;
    int64_t first;
    int64_t second;
    bool known;

    for (int i = 0; i < 5000; i++)
        g_string_append_c(text, (char)(i * 7 % 251)); /* NUL bytes and high ones too */
    g_assert_true(
        wb_store_add_log(store, "a.log", text->str, text->len, &first, &known, &known_as, NULL));
    g_assert_false(known);
    g_assert_true(
        wb_store_add_log(store, "b.log", text->str, text->len, &second, &known, &known_as, NULL));
    g_assert_true(known);
    g_assert_cmpstr(known_as, ==, "a.log");
    g_assert_cmpint(first, ==, second);
    back = wb_store_load_log(store, first, NULL);
    g_assert_cmpmem(g_bytes_get_data(back, NULL), g_bytes_get_size(back), text->str, text->len);
    wb_store_free(store);
    remove_db(path);
}

static guint count_runs(WbStore *store, const char *where)
{
    g_autoptr(WbFilter) filter = wb_filter_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(WbRunSet) set = NULL;

    g_assert_true(wb_filter_add(filter, where, NULL));
    set = wb_store_load_runs(store, filter, NULL, &error);
    g_assert_no_error(error);
    return set ? set->runs->len : G_MAXUINT;
}

static void test_filter_chooses_by_label_and_by_field(void)
{
    char *path = new_path();
    WbStore *store = open_with_campaign(path);
    static const char *const servers[] = {"server=a", "server=b", "server=c,d", "server='; --"};
    g_autoptr(WbFilter) filter = wb_filter_new();
    g_autoptr(GError) error = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(servers); i++) {
        g_autoptr(WbLabels) labels = labels_of(servers[i], NULL);
        WbRun run = a_run();

        run.requests = (int64_t)i;
        g_assert_true(wb_store_add_run(store, &run, labels, NULL, NULL));
    }
    g_assert_cmpuint(count_runs(store, "server=a,b"), ==, 2);
    g_assert_cmpuint(count_runs(store, "server=c\\,d"), ==, 1);
    g_assert_cmpuint(count_runs(store, "server='; --"), ==, 1);
    g_assert_cmpuint(count_runs(store, "server=x"), ==, 0);
    g_assert_cmpuint(count_runs(store, "requests=1,3"), ==, 2);
    g_assert_cmpuint(count_runs(store, "tool=wrk"), ==, 4);
    g_assert_true(wb_filter_add(filter, "sever=a", NULL));
    g_assert_null(wb_store_load_runs(store, filter, NULL, &error));
    g_assert_error(error, WB_STORE_ERROR, WB_STORE_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "server"));
    wb_store_free(store);
    remove_db(path);
}

/* tests/data/db/version1.db was written by the program of commit d940c80, before migration 2. */
static void test_older_file_is_read_as_it_is_and_migrated_when_written(void)
{
    char *path = new_path();
    g_autofree char *bytes = NULL;
    size_t len;
    WbStore *store;
    g_autoptr(WbRunSet) set = NULL;
    g_autoptr(WbLabels) labels = labels_of("server=a", NULL);
    WbRun run = a_run();

    g_assert_true(g_file_get_contents("tests/data/db/version1.db", &bytes, &len, NULL));
    g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
    store = wb_store_open_readonly(path, NULL);
    set = wb_store_load_runs(store, NULL, NULL, NULL);
    g_assert_cmpint(g_array_index(set->runs, WbRun, 0).requests, ==, 14403);
    g_assert_cmpint(g_array_index(set->runs, WbRun, 0).pipeline, ==, WB_NONE);
    wb_store_free(store);
    g_assert_cmpint(sql_int(path, "PRAGMA user_version"), ==, 1);

    store = open_with_campaign(path);
    run.pipeline = 4;
    g_assert_true(wb_store_add_run(store, &run, labels, NULL, NULL));
    g_assert_cmpint(run.run_no, ==, 2); /* the old run's case goes on */
    wb_store_free(store);
    g_assert_cmpint(sql_int(path, "PRAGMA user_version"), >=, 2);
    g_assert_cmpint(sql_int(path, "SELECT sum(pipeline) FROM run_facts"), ==, 4);
    remove_db(path);
}

/* Windows and spreads of the public views, against figures worked out by hand. */
static void test_views_give_windows_and_spread(void)
{
    char *path = new_path();
    WbStore *store = open_with_campaign(path);
    g_autoptr(WbLabels) labels = labels_of("server=a", NULL);
    WbSliceRecord slices[25];
    WbRunDetails details = {.slice_ns = INT64_C(1000000000), .slices = slices, .slices_n = 25};
    static const double rates[] = {10, 14, 12, 20};

    for (int i = 0; i < 25; i++) /* 10 x 1, 10 x 2, and a rest of 5 s that is no window */
        slices[i] = (WbSliceRecord){.requests = i < 10 ? 1 : i < 20 ? 2 : 9};
    for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
        WbRun run = a_run();

        run.requests_per_s = rates[i];
        run.errors_read = i == 3 ? 5 : 0;
        run.status = i == 3 ? "partial" : "complete";
        g_assert_true(wb_store_add_run(store, &run, labels, i ? NULL : &details, NULL));
    }
    wb_store_free(store);
    g_assert_cmpint(sql_int(path, "SELECT windows = 2 AND window_min = 10 AND window_max = 20 "
                                  "FROM run_facts WHERE run_id = 1"),
                    ==, 1);
    g_assert_cmpint(sql_int(path, "SELECT window_max = 14403 * 1e10 / 10020000000 "
                                  "FROM run_facts WHERE run_id = 2"),
                    ==, 1);
    g_assert_cmpint(sql_int(path, "SELECT runs = 4 AND runs_complete = 3 AND best_per_s = 14 AND "
                                  "median_per_s = 12 AND mean_per_s = 12 AND stdev_per_s = 2 AND "
                                  "split = 'no errors' AND published = 0 FROM case_facts"),
                    ==, 1);
    remove_db(path);
}

static void test_published_figures_stand_in_the_views(void)
{
    char *path = new_path();
    WbStore *store = open_with_campaign(path);
    g_autoptr(WbLabels) ok = labels_of("server=a", NULL);
    g_autoptr(WbLabels) failed = labels_of("server=b", NULL);
    g_autoptr(WbRunSet) set = NULL;
    WbPublished figure;
    WbPublished state;

    wb_published_init(&figure);
    figure.state = WB_STATE_OK;
    figure.requests_per_s = 19340;
    figure.requests_per_s_half = 5;
    wb_published_init(&state);
    state.state = WB_STATE_ERRORS;
    g_assert_true(wb_store_add_published(store, &figure, ok, NULL));
    g_assert_true(wb_store_add_published(store, &state, failed, NULL));
    set = wb_store_load_runs(store, NULL, NULL, NULL);
    g_assert_cmpuint(set->cases->len, ==, 2);
    g_assert_cmpint(g_array_index(set->published, WbPublished, 1).state, ==, WB_STATE_ERRORS);
    wb_store_free(store);
    g_assert_cmpint(sql_int(path, "SELECT best_per_s = 19340 AND runs = 0 AND split = 'no errors' "
                                  "AND published FROM case_facts WHERE labels LIKE '%a\"}'"),
                    ==, 1);
    g_assert_cmpint(sql_int(path, "SELECT split = 'errors' AND best_per_s IS NULL FROM case_facts "
                                  "WHERE labels LIKE '%b\"}'"),
                    ==, 1);
    remove_db(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/store/run/comes-back", test_run_comes_back_with_missing_figures_missing);
    g_test_add_func("/store/run/numbered", test_runs_of_one_case_are_numbered);
    g_test_add_func("/store/run/details", test_details_come_back_and_a_bad_run_leaves_nothing);
    g_test_add_func("/store/file/plain-when-closed",
                    test_closed_file_is_one_plain_file_with_our_marks);
    g_test_add_func("/store/file/foreign-and-newer",
                    test_foreign_and_newer_files_are_refused_and_untouched);
    g_test_add_func("/store/file/no-database",
                    test_file_that_is_no_database_is_refused_and_untouched);
    g_test_add_func("/store/file/readonly", test_readonly_opening_never_makes_a_file);
    g_test_add_func("/store/file/older",
                    test_older_file_is_read_as_it_is_and_migrated_when_written);
    g_test_add_func("/store/log/once", test_log_is_kept_once_and_comes_back_byte_for_byte);
    g_test_add_func("/store/filter", test_filter_chooses_by_label_and_by_field);
    g_test_add_func("/store/views/windows", test_views_give_windows_and_spread);
    g_test_add_func("/store/views/published", test_published_figures_stand_in_the_views);
    return g_test_run();
}
