/*
 * The reader of oha's database. A database that oha made is held against the JSON report of the
 * same run (tests/data/tools/README.md); meaning and hostile files against ones made here by
 * SQLite.
 */
#include <glib.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "tests/unit/parsed_runs.h"

static const char table[] =
    "CREATE TABLE oha (url TEXT NOT NULL, start REAL NOT NULL, start_latency_correction REAL, "
    "end REAL NOT NULL, duration REAL NOT NULL, status INTEGER NOT NULL, len_bytes INTEGER NOT "
    "NULL, run INTEGER NOT NULL);";

/* ---- what a parse gave -------------------------------------------------------------------- */

typedef struct {
    WbRun run;
    char *url, *started_at; /* of the run */
    int64_t hist_count, slice_requests, slice_bytes, slice_errors, slices_n;
} Got;

typedef struct {
    GArray *runs; /* of Got */
    GError *error;
} Result;

static void clear_got(void *data)
{
    Got *got = data;

    g_free(got->url);
    g_free(got->started_at);
}

static bool on_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    GArray *runs = user_data;
    Got got = {.run = *run, .url = g_strdup(run->url), .started_at = g_strdup(run->started_at)};
    const WbRunDetails *details = run->details;

    (void)error;
    g_assert_null(labels);
    g_assert_nonnull(details);
    g_assert_cmpuint(details->hists_n, ==, 1);
    got.hist_count = details->hists[0].hist->count;
    got.slices_n = (int64_t)details->slices_n;
    for (size_t i = 0; i < details->slices_n; i++) {
        got.slice_requests += details->slices[i].requests;
        got.slice_bytes += details->slices[i].bytes;
        got.slice_errors += details->slices[i].errors_status;
    }
    g_array_append_val(runs, got);
    return true;
}

static Result parse_bytes(const char *bytes, size_t len)
{
    Result result = {g_array_new(FALSE, FALSE, sizeof(Got)), NULL};
    const WbSink sink = {on_run, NULL, NULL, result.runs};

    g_array_set_clear_func(result.runs, clear_got);
    g_assert_true(wb_parser_oha_db.parse(bytes, len, &sink, &result.error) == !result.error);
    return result;
}

static void result_clear(Result *result)
{
    g_array_unref(result->runs);
    g_clear_error(&result->error);
}

static const Got *got_at(const Result *result, guint i)
{
    g_assert_no_error(result->error);
    g_assert_cmpuint(i, <, result->runs->len);
    return &g_array_index(result->runs, Got, i);
}

/* The bytes of a database made by SQL (caller frees). */
static char *make_db(const char *sql, const char *more, size_t *out_len)
{
    sqlite3 *db;
    sqlite3_int64 len;
    unsigned char *bytes;
    char *copy;

    g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, more, NULL, NULL, NULL), ==, SQLITE_OK);
    bytes = sqlite3_serialize(db, "main", &len, 0);
    copy = g_memdup2(bytes, (gsize)len);
    *out_len = (size_t)len;
    sqlite3_free(bytes);
    sqlite3_close(db);
    return copy;
}

static Result parse_sql(const char *sql, const char *more)
{
    size_t len;
    g_autofree char *bytes = make_db(sql, more, &len);

    return parse_bytes(bytes, len);
}

/* ---- what figures mean -------------------------------------------------------------------- */

static void test_two_runs_in_one_file_are_two_runs(void)
{
    Result result = parse_sql(table, "INSERT INTO oha VALUES"
                                     "('http://a/', 0.0, NULL, 0.010, 0.010, 200, 5, 1795728000),"
                                     "('http://a/', 0.1, NULL, 0.130, 0.030, 503, 7, 1795728000),"
                                     "('http://a/1', 0.5, 0.4, 0.7, 0.3, 304, 0, 1795728060),"
                                     "('http://a/2', 0.6, 0.5, 2.5, 2.0, 200, 1, 1795728060),"
                                     "('http://a/', 0.1, NULL, 0.120, 0.020, 301, 0, 1795728000);");
    const Got *got = got_at(&result, 0);

    g_assert_cmpuint(result.runs->len, ==, 2);
    g_assert_cmpstr(got->url, ==, "http://a/");
    g_assert_cmpstr(got->started_at, ==, "2026-11-26T21:20:00Z");
    g_assert_cmpint(got->run.requests, ==, 3);
    g_assert_cmpint(got->run.errors_status, ==, 1);
    g_assert_cmpint(got->run.errors_read, ==, WB_NONE);
    g_assert_cmpint(got->run.bytes, ==, 12);
    g_assert_cmpint(got->run.elapsed_ns, ==, 130000000);
    g_assert_cmpint(got->run.latency_mean_ns, ==, 20000000);
    g_assert_cmpint(got->run.latency_stdev_ns, ==, 10000000);
    g_assert_cmpint(got->run.latency_max_ns, ==, 30000000);
    g_assert_cmpstr(got->run.latency_kind, ==, "raw");
    g_assert_cmpint(got->slices_n, ==, 2);
    g_assert_cmpint(got->slice_requests, ==, 3);
    g_assert_cmpint(got->slice_bytes, ==, 12);
    g_assert_cmpint(got->slice_errors, ==, 1);
    g_assert_cmpint(got->hist_count, ==, 3);
    got = got_at(&result, 1);
    g_assert_cmpstr(got->url, ==, NULL);
    g_assert_cmpstr(got->run.latency_kind, ==, "from due time");
    g_assert_cmpint(got->run.elapsed_ns, ==, 2500000000);
    g_assert_cmpint(got->run.latency_max_ns, ==, 2000000000);
    g_assert_cmpint(got->slices_n, ==, 26);
    result_clear(&result);
}

static void test_a_database_of_oha_says_what_its_report_says(void)
{
    g_autofree char *db = NULL;
    g_autofree char *json = NULL;
    size_t db_len, json_len;
    const WbRun *report, *run;
    Result result;
    Parsed parsed;

    g_assert_true(g_file_get_contents("tests/data/tools/oha.db", &db, &db_len, NULL));
    g_assert_true(g_file_get_contents("tests/data/tools/oha.json", &json, &json_len, NULL));
    g_assert_true(wb_parser_for_binary(db, db_len) == &wb_parser_oha_db);
    result = parse_bytes(db, db_len);
    parsed_init(&parsed, json, json_len);
    report = run_at(&parsed, 0);
    run = &got_at(&result, 0)->run;
    g_assert_cmpint(run->requests, ==, report->requests);
    g_assert_cmpint(run->errors_status, ==, report->errors_status);
    g_assert_cmpint(run->bytes, ==, report->bytes);
    g_assert_cmpint(ABS(run->latency_mean_ns - report->latency_mean_ns), <=, 1);
    g_assert_cmpint(run->latency_max_ns, ==, report->latency_max_ns);
    /* Ours is the upper edge of a bucket of at most 1/128. */
    g_assert_cmpfloat(fabs((double)(run->latency_p50_ns - report->latency_p50_ns)), <=,
                      (double)report->latency_p50_ns / 64);
    g_assert_cmpfloat(fabs((double)(run->latency_p99_ns - report->latency_p99_ns)), <=,
                      (double)report->latency_p99_ns / 64);
    g_assert_cmpint(run->elapsed_ns, <=, report->elapsed_ns);
    g_assert_cmpint(run->elapsed_ns, >=, report->elapsed_ns - report->elapsed_ns / 10);
    result_clear(&result);
    parsed_clear(&parsed);
}

/* ---- files that oha did not make ------------------------------------------------------------ */

static void test_what_oha_does_not_write_is_refused(void)
{
    static const struct {
        const char *table, *more, *says;
    } cases[] = {
        {table, "INSERT INTO oha VALUES('u',0.0,NULL,1.0,-1.0,200,0,1);", "row 1 of table"},
        {table, "INSERT INTO oha VALUES('u',0.0,NULL,1e300,1.0,200,0,1);", "row 1 of table"},
        {table, "INSERT INTO oha VALUES('u',0.0,NULL,1.0,1.0,'ok',0,1);", "row 1 of table"},
        {table, "INSERT INTO oha VALUES(x'00',0.0,NULL,1.0,1.0,200,0,1);", "row 1 of table"},
        {table, "INSERT INTO oha VALUES('u',0.0,NULL,1.0,1.0,200,-5,1);", "row 1 of table"},
        {table, "INSERT INTO oha VALUES(printf('%.100000c','u'),0.0,NULL,1.0,1.0,200,0,1);",
         "string or blob too big"},
        {"CREATE TABLE oha (url);", "", "no such column"},
        {"CREATE TABLE other (url);", "", "without a table 'oha'"},
        {"CREATE VIEW oha AS SELECT 1 AS url, 2 AS start, 3 AS run;", "", "without a table 'oha'"},
        {"CREATE VIRTUAL TABLE oha USING fts5(url);", "", "without a table 'oha'"},
        /* A column that is work. */
        {"CREATE TABLE oha (u TEXT, url TEXT AS (printf('%.1000000c', u)), \"end\" REAL, "
         "duration REAL, start_latency_correction REAL, status INTEGER, len_bytes INTEGER, "
         "run INTEGER);",
         "INSERT INTO oha VALUES('u',1.0,1.0,NULL,200,0,1);", "row 1 of table"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Result result = parse_sql(cases[i].table, cases[i].more);

        g_assert_nonnull(result.error);
        if (result.error && !strstr(result.error->message, cases[i].says)) {
            g_test_message("%zu: %s", i, result.error->message);
            g_test_fail();
        }
        g_assert_cmpuint(result.runs->len, ==, 0);
        result_clear(&result);
    }
}

/* A page cut off, bytes set at random: an error or a run, never more than that. */
static void test_damaged_files_end(void)
{
    size_t len;
    g_autofree char *bytes =
        make_db(table,
                "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
                "INSERT INTO oha SELECT 'http://a/', 0.1, NULL, i / 100.0, 0.01, 200, 12, "
                "1795728000 FROM n;",
                &len);
    g_autofree char *broken = g_malloc(len);
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    Result whole = parse_bytes(bytes, len);

    g_assert_cmpint(got_at(&whole, 0)->run.requests, ==, 500);
    result_clear(&whole);
    whole = parse_bytes(bytes, len / 2);
    g_assert_nonnull(whole.error);
    g_assert_cmpuint(whole.runs->len, ==, 0);
    result_clear(&whole);
    for (int round = 0; round < 300; round++) {
        Result result;

        memcpy(broken, bytes, len);
        for (int i = 0; i < 20; i++)
            broken[g_rand_int_range(random, 16, (gint32)len)] = (char)g_rand_int(random);
        result = parse_bytes(broken, len);
        for (guint i = 0; i < result.runs->len; i++)
            g_assert_cmpint(got_at(&result, i)->run.requests, <=, 2000);
        result_clear(&result);
    }
}

/* Interior pages that all name one leaf: a file of 12 kB with rows without end, if one counted on.
 */
static void test_pages_that_name_each_other_cost_no_more_than_the_file(void)
{
    size_t len;
    g_autofree char *bytes =
        make_db(table,
                "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                "INSERT INTO oha SELECT 'http://a/', 0.1, NULL, i / 100.0, 0.01, 200, 12, "
                "1795728000 FROM n;",
                &len);
    unsigned char *root = (unsigned char *)bytes + 4096;
    unsigned char *cells = root + 12;
    int n = root[3] << 8 | root[4];
    Result result;

    g_assert_cmpint(root[0], ==, 5); /* an interior page of a table */
    for (int i = 1; i < n; i++) {
        unsigned char *first = root + (cells[0] << 8 | cells[1]);
        unsigned char *cell = root + (cells[2 * i] << 8 | cells[2 * i + 1]);

        memcpy(cell, first, 4);
    }
    result = parse_bytes(bytes, len);
    g_assert_true(result.error || got_at(&result, 0)->run.requests <= (int64_t)len / 16);
    result_clear(&result);
}

static void test_wal_mode_says_what_to_do(void)
{
    size_t len;
    g_autofree char *bytes = make_db(table, "", &len);
    Result result;

    bytes[18] = bytes[19] = 2;
    result = parse_bytes(bytes, len);
    g_assert_nonnull(strstr(result.error->message, "PRAGMA journal_mode = DELETE"));
    result_clear(&result);
    result = parse_bytes("SQLite", 6);
    g_assert_nonnull(strstr(result.error->message, "no SQLite database"));
    result_clear(&result);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/oha-db/two-runs", test_two_runs_in_one_file_are_two_runs);
    g_test_add_func("/import/oha-db/report", test_a_database_of_oha_says_what_its_report_says);
    g_test_add_func("/import/oha-db/refused", test_what_oha_does_not_write_is_refused);
    g_test_add_func("/import/oha-db/damaged", test_damaged_files_end);
    g_test_add_func("/import/oha-db/cycles",
                    test_pages_that_name_each_other_cost_no_more_than_the_file);
    g_test_add_func("/import/oha-db/wal", test_wal_mode_says_what_to_do);
    return g_test_run();
}
