/*
 * Views belong to the program, not to the file: a file made before a rule was written gets it at
 * once, whether it is opened for writing or for reading, and of whatever version it is.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "tests/unit/fixture.h"

/* Runs SQL on the file as any SQLite user may. Returns the last value of the first column. */
static char *sql(const char *path, const char *text)
{
    sqlite3 *db;
    const char *rest = text;
    char *last = NULL;

    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    while (*rest) {
        sqlite3_stmt *statement;

        if (sqlite3_prepare_v2(db, rest, -1, &statement, &rest) != SQLITE_OK) {
            g_test_message("%s", sqlite3_errmsg(db));
            g_test_fail();
            break;
        }
        while (statement && sqlite3_step(statement) == SQLITE_ROW) {
            g_free(last);
            last = g_strdup((const char *)sqlite3_column_text(statement, 0));
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    return last;
}

static void add_silent_run(Fixture *f)
{
    WbRun run = fixture_run(1437.4);

    run.errors_read = run.requests;
    fixture_add_run(f, "server=uwsgi", &run, NULL);
}

static guint count_findings(WbStore *store)
{
    g_autoptr(GStringChunk) text = g_string_chunk_new(256);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) findings = wb_store_load_findings(store, NULL, text, &error);

    g_assert_no_error(error);
    return findings ? findings->len : 0;
}

static const char old_rules[] =
    "DROP VIEW findings;"
    "CREATE VIEW findings AS SELECT run_id, 'old' AS finding, 'a' AS sentence, 'b' AS advice "
    "FROM runs WHERE 0";

static void test_a_file_keeps_views_that_are_ours(void)
{
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    Fixture f;

    fixture_init(&f);
    before = sql(f.path, "PRAGMA schema_version");
    wb_store_free(f.store);
    f.store = wb_store_open(f.path, NULL);
    after = sql(f.path, "PRAGMA schema_version");
    g_assert_cmpstr(before, ==, after);
    fixture_clear(&f);
}

static void test_a_writer_brings_the_rules_up_to_date(void)
{
    g_autofree char *rules = NULL;
    g_autofree char *list = NULL;
    Fixture f;

    fixture_init(&f);
    add_silent_run(&f);
    g_clear_pointer(&f.store, wb_store_free);
    g_free(sql(f.path, old_rules));
    f.store = wb_store_open(f.path, NULL);
    g_assert_cmpuint(count_findings(f.store), >, 0);
    rules = sql(f.path, "SELECT group_concat(finding) FROM findings");
    g_assert_cmpstr(rules, ==, "close after each reply");
    list = sql(f.path, "SELECT findings FROM run_facts");
    g_assert_cmpstr(list, ==, "[\"close after each reply\"]");
    fixture_clear(&f);
}

static void test_a_reader_sees_new_rules_and_writes_nothing(void)
{
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    gsize before_n, after_n;
    Fixture f;

    fixture_init(&f);
    add_silent_run(&f);
    g_clear_pointer(&f.store, wb_store_free);
    g_free(sql(f.path, old_rules));
    g_assert_true(g_file_get_contents(f.path, &before, &before_n, NULL));
    f.store = wb_store_open_readonly(f.path, NULL);
    g_assert_cmpuint(count_findings(f.store), ==, 1);
    g_clear_pointer(&f.store, wb_store_free);
    g_assert_true(g_file_get_contents(f.path, &after, &after_n, NULL));
    g_assert_cmpmem(before, before_n, after, after_n);
    fixture_clear(&f);
}

/* A file as the first version left it: its tables, no column and table of a later one. */
static void test_a_file_of_the_first_version_is_explained_too(void)
{
    g_autofree char *tables = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(WbRunSet) set = NULL;
    Fixture f;

    fixture_init(&f);
    g_clear_pointer(&f.store, wb_store_free);
    g_unlink(f.path);
    g_assert_true(g_file_get_contents("schema/migrations/0001_tables.sql", &tables, NULL, NULL));
    g_free(sql(f.path, tables));
    g_free(sql(f.path,
               "PRAGMA application_id = 0x776b626b; PRAGMA user_version = 1;"
               "INSERT INTO campaigns VALUES (1, 'u', 'import', NULL, 't', NULL, 'v', NULL);"
               "INSERT INTO cases VALUES (1, '{\"server\":\"uwsgi\"}');"
               "INSERT INTO case_labels VALUES (1, 'server', 'uwsgi');"
               "INSERT INTO runs (run_uuid, campaign_id, case_id, run_no, tool, threads, "
               "connections, elapsed_ns, status, requests, requests_per_s, errors_connect, "
               "errors_read, errors_write, errors_timeout) VALUES ('r', 1, 1, 1, 'wrk', 1, 200, "
               "10020000000, 'complete', 14403, 1437.38, 0, 14403, 0, 0)"));
    f.store = wb_store_open_readonly(f.path, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_findings(f.store), ==, 1);
    set = wb_store_load_runs(f.store, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(set->runs->len, ==, 1);
    g_assert_cmpint(g_array_index(set->runs, WbRun, 0).busy_before, ==, WB_NONE);
    g_assert_cmpint(g_array_index(set->runs, WbRun, 0).requests, ==, 14403);
    fixture_clear(&f);
}

/* Ten thousand runs with evidence, each of them judged. */
static void test_ten_thousand_runs_are_judged_in_a_second(void)
{
    int64_t begin;
    Fixture f;

    fixture_init(&f);
    g_assert_true(wb_store_begin(f.store, NULL));
    for (int i = 0; i < 10000; i++) {
        WbRun run = fixture_run(1000 + i % 7);
        WbCounterRecord counter = {"ListenOverflows", i % 2};
        WbProcessRecord processes[] = {{"before", 1, 1, "a"}, {"after", 1, 1, "a"}};
        WbRunDetails details = {.counters = &counter,
                                .counters_n = 1,
                                .processes = processes,
                                .processes_n = G_N_ELEMENTS(processes)};

        fixture_add_run(&f, "server=a", &run, &details);
    }
    g_assert_true(wb_store_commit(f.store, NULL));
    begin = g_get_monotonic_time();
    g_assert_cmpuint(count_findings(f.store), ==, 5000);
    g_test_message("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time() - begin) / 1000);
    /* Generous: sanitizers and busy hosts. Quadratic would be minutes. */
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 10 * G_USEC_PER_SEC);
    fixture_clear(&f);
}

static GArray *findings_of(WbStore *store, const WbFilter *filter, GStringChunk *text)
{
    g_autoptr(GError) error = NULL;
    GArray *findings = wb_store_load_findings(store, filter, text, &error);

    g_assert_no_error(error);
    return findings;
}

/* Run numbers far apart: a large file is judged block by block, by all cores. Filters are not, so
 * that the same runs chosen by one are the reference. */
static void test_findings_of_a_large_file_are_those_of_its_parts(void)
{
    g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
    g_autoptr(WbFilter) filter = wb_filter_new();
    g_autoptr(WbStore) store = NULL;
    g_autoptr(GArray) all = NULL;
    g_autoptr(GArray) chosen = NULL;
    Fixture f;

    fixture_init(&f);
    for (int i = 0; i < 12; i++) {
        WbRun run = fixture_run(100);

        run.errors_read = i % 3 ? 0 : i + 1; /* a few of each run's replies */
        run.errors_status = i % 4 ? 0 : 5;
        fixture_add_run(&f, "server=a", &run, NULL);
    }
    g_free(sql(f.path, "UPDATE runs SET run_id = 16384 * run_id - run_id % 2"));
    store = wb_store_open_readonly(f.path, NULL);
    g_assert_true(wb_filter_add(filter, "status=complete", NULL));
    all = findings_of(store, NULL, text);
    chosen = findings_of(store, filter, text);
    g_assert_cmpuint(all->len, ==, 7); /* 4 of read errors, 3 of error replies */
    g_assert_cmpuint(all->len, ==, chosen->len);
    for (guint i = 0; i < MIN(all->len, chosen->len); i++) {
        const WbFindingRecord *a = &g_array_index(all, WbFindingRecord, i);
        const WbFindingRecord *b = &g_array_index(chosen, WbFindingRecord, i);

        g_assert_cmpint(a->run_id, ==, b->run_id);
        g_assert_cmpstr(a->finding, ==, b->finding);
        g_assert_cmpstr(a->sentence, ==, b->sentence);
        g_assert_cmpstr(a->advice, ==, b->advice);
    }
    fixture_clear(&f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/views/kept", test_a_file_keeps_views_that_are_ours);
    g_test_add_func("/views/writer", test_a_writer_brings_the_rules_up_to_date);
    g_test_add_func("/views/reader", test_a_reader_sees_new_rules_and_writes_nothing);
    g_test_add_func("/views/first-version", test_a_file_of_the_first_version_is_explained_too);
    g_test_add_func("/views/speed", test_ten_thousand_runs_are_judged_in_a_second);
    g_test_add_func("/store/findings/large", test_findings_of_a_large_file_are_those_of_its_parts);
    return g_test_run();
}
