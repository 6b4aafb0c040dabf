/*
 * Every figure of every wrk run in a set of published logs, against a table that was read from
 * them by other means (EXPECTED.tsv; made with patterns and, independently, with word positions).
 * The set in tests/data/wrk is always read; the wider one in ../shared/corpus where it is there.
 */
#include <math.h>
#include <string.h>

#include "runner/import/parser.h"
#include "schema/units.h"

/* ---- what a parse gave -------------------------------------------------------------------- */

typedef struct {
    GArray *runs; /* of WbRun, texts in `text` */
    GStringChunk *text;
    int unread;
} Parsed;

static const char *keep(Parsed *parsed, const char *text)
{
    return text ? g_string_chunk_insert(parsed->text, text) : NULL;
}

static bool on_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    Parsed *parsed = user_data;
    WbRun copy = *run;

    (void)labels;
    (void)error;
    copy.url = keep(parsed, run->url);
    copy.command = keep(parsed, run->command);
    copy.printed_mismatch = keep(parsed, run->printed_mismatch);
    g_array_append_val(parsed->runs, copy);
    return true;
}

static bool on_published(void *user_data, const WbPublished *published, const WbLabels *labels,
                         GError **error)
{
    (void)user_data;
    (void)published;
    (void)labels;
    (void)error;
    g_test_fail_printf("a published figure in a log");
    return true;
}

static bool on_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    Parsed *parsed = user_data;

    (void)error;
    g_test_message("%" G_GINT64_FORMAT ": %s (%s)", line->line, line->text, line->reason);
    parsed->unread++;
    return true;
}

static void parse_file(const char *path, Parsed *parsed)
{
    const WbSink sink = {on_run, on_published, on_unread, parsed};
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    const WbParser *chosen;
    size_t len;

    g_file_get_contents(path, &bytes, &len, &error);
    g_assert_no_error(error);
    g_test_message("%s", path);
    chosen = wb_parser_for(bytes, len);
    g_assert_true(!chosen || chosen == &wb_parser_wrk || strcmp(chosen->name, "several") == 0);
    wb_parser_wrk.parse(bytes, len, &sink, &error);
    g_assert_no_error(error);
}

/* ---- the table ---------------------------------------------------------------------------- */

typedef struct {
    GPtrArray *header;
    GPtrArray *rows; /* of char ** */
} Table;

static Table read_table(const char *path)
{
    Table table = {g_ptr_array_new_with_free_func(g_free),
                   g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev)};
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    lines = g_strsplit(text ? text : "", "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);

        if (i == 0)
            for (size_t c = 0; cells[c]; c++)
                g_ptr_array_add(table.header, g_strdup(cells[c]));
        else if (*lines[i])
            g_ptr_array_add(table.rows, g_steal_pointer(&cells));
    }
    return table;
}

static void clear_table(Table *table)
{
    g_ptr_array_unref(table->header);
    g_ptr_array_unref(table->rows);
}

/* The printed text of a figure, or NULL where it was not printed. */
static const char *cell(const Table *table, char **row, const char *column)
{
    for (guint i = 0; i < table->header->len; i++)
        if (strcmp(table->header->pdata[i], column) == 0)
            return strcmp(row[i], "-") == 0 ? NULL : row[i];
    g_error("no column %s", column);
}

/* ---- one figure --------------------------------------------------------------------------- */

static bool is_no_data(const char *printed)
{
    return !printed || strstr(printed, "nan");
}

static void check_time(const char *what, const char *printed, int64_t value, int64_t half)
{
    int64_t wanted = WB_NONE;
    int64_t wanted_half = 0;

    if (printed)
        g_assert_nonnull(
            wb_units_scan_time(printed, printed + strlen(printed), &wanted, &wanted_half));
    if (wanted != value || (printed && wanted_half != half))
        g_test_fail_printf("%s: %s read as %" G_GINT64_FORMAT " +- %" G_GINT64_FORMAT, what,
                           printed, value, half);
}

static void check_int(const char *what, const char *printed, int64_t missing, int64_t value)
{
    int64_t wanted = printed ? g_ascii_strtoll(printed, NULL, 10) : missing;

    if (wanted != value)
        g_test_fail_printf("%s: %s read as %" G_GINT64_FORMAT, what, printed, value);
}

static void check_rate(const char *what, const char *printed, double value)
{
    double wanted = NAN;
    double half;

    if (printed)
        g_assert_nonnull(wb_units_scan_count(printed, printed + strlen(printed), &wanted, &half));
    if (!(wanted == value || (isnan(wanted) && isnan(value))))
        g_test_fail_printf("%s: %s read as %.17g", what, printed, value);
}

static void check_text(const char *what, const char *printed, const char *value)
{
    if (g_strcmp0(printed, value) != 0)
        g_test_fail_printf("%s: %s read as %s", what, printed, value);
}

/* ---- one run ------------------------------------------------------------------------------ */

static void check_header(const Table *table, char **row, const WbRun *run)
{
    const char *tool = cell(table, row, "tool");
    const char *duration = cell(table, row, "duration");

    check_text("tool", strcmp(tool, "wrk1") == 0 ? "wrk" : tool, run->tool);
    check_text("tool version", strcmp(tool, "wrk1") == 0 ? "1.x" : NULL, run->tool_version);
    check_text("url", cell(table, row, "url"), run->url);
    check_int("threads", cell(table, row, "threads"), WB_NONE, run->threads);
    check_int("connections", cell(table, row, "connections"), WB_NONE, run->connections);
    if (duration) { /* the command line may say it more exactly */
        int64_t wanted;
        int64_t half;

        wb_units_scan_time(duration, duration + strlen(duration), &wanted, &half);
        g_assert_cmpint(ABS(run->asked_duration_ns - wanted) + run->asked_duration_ns_half, <=,
                        half);
    } else {
        g_assert_cmpint(run->asked_duration_ns, ==, WB_NONE);
    }
}

static void check_latency(const Table *table, char **row, const WbRun *run)
{
    bool none = is_no_data(cell(table, row, "lat_within")) && !cell(table, row, "p50");

    check_time("mean", none ? NULL : cell(table, row, "lat_avg"), run->latency_mean_ns,
               run->latency_mean_ns_half);
    check_time("stdev", none ? NULL : cell(table, row, "lat_stdev"), run->latency_stdev_ns,
               run->latency_stdev_ns_half);
    check_time("max", none ? NULL : cell(table, row, "lat_max"), run->latency_max_ns,
               run->latency_max_ns_half);
    check_time("p50", cell(table, row, "p50"), run->latency_p50_ns, run->latency_p50_ns_half);
    check_time("p75", cell(table, row, "p75"), run->latency_p75_ns, run->latency_p75_ns_half);
    check_time("p90", cell(table, row, "p90"), run->latency_p90_ns, run->latency_p90_ns_half);
    check_time("p99", cell(table, row, "p99"), run->latency_p99_ns, run->latency_p99_ns_half);
    check_time("p99.9", cell(table, row, "p99.9"), run->latency_p999_ns, run->latency_p999_ns_half);
}

static void check_req_sec(const Table *table, char **row, const WbRun *run)
{
    bool none =
        is_no_data(cell(table, row, "req_avg")) || is_no_data(cell(table, row, "req_within"));

    check_rate("req_avg", none ? NULL : cell(table, row, "req_avg"), run->req_sec_mean_per_s);
    check_rate("req_stdev", none ? NULL : cell(table, row, "req_stdev"), run->req_sec_stdev_per_s);
    check_rate("req_max", none ? NULL : cell(table, row, "req_max"), run->req_sec_max_per_s);
}

static void check_totals(const Table *table, char **row, const WbRun *run)
{
    const char *read = cell(table, row, "read");
    double printed_us = g_ascii_strtod(cell(table, row, "elapsed_us"), NULL);
    const char *elapsed = cell(table, row, "elapsed");
    int64_t ns;
    int64_t half;

    check_int("requests", cell(table, row, "requests"), WB_NONE, run->requests);
    check_int("connect", cell(table, row, "err_connect"), 0, run->errors_connect);
    check_int("read", cell(table, row, "err_read"), 0, run->errors_read);
    check_int("write", cell(table, row, "err_write"), 0, run->errors_write);
    check_int("timeout", cell(table, row, "err_timeout"), 0, run->errors_timeout);
    check_int("status", cell(table, row, "non2xx"), 0, run->errors_status);
    check_rate("requests/sec", cell(table, row, "requests_per_sec"), run->requests_per_s);
    wb_units_scan_bytes(read, read + strlen(read), &ns, &half);
    g_assert_cmpint(ns, ==, run->bytes);
    g_assert_cmpint(half, ==, run->bytes_half);
    /* Stored is the finer of two times: within the printed one's rounding. */
    wb_units_scan_time(elapsed, elapsed + strlen(elapsed), &ns, &half);
    g_assert_cmpint(llround(printed_us * 1000), ==, ns);
    g_assert_cmpint(ABS(run->elapsed_ns - ns), <=, half + run->elapsed_ns_half);
    g_assert_cmpint(run->elapsed_ns_half, <=, half);
}

static void check_run(const Table *table, char **row, const WbRun *run)
{
    bool is_consistent = strcmp(cell(table, row, "consistent"), "yes") == 0;

    g_test_message("line %s", cell(table, row, "line"));
    check_header(table, row, run);
    check_latency(table, row, run);
    check_req_sec(table, row, run);
    check_totals(table, row, run);
    if (is_consistent != !run->printed_mismatch)
        g_test_fail_printf("consistent: %d, but mismatch: %s", is_consistent,
                           run->printed_mismatch);
    /* The two runs typed by hand have the line of their fence. */
    if (!strstr(cell(table, row, "file"), "smkniazi_"))
        check_int("line", cell(table, row, "line"), WB_NONE, run->log_line);
}

/* ---- all of a folder ---------------------------------------------------------------------- */

static int check_file(const Table *table, const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, "wrk", name, NULL);
    g_autofree char *key = g_strconcat("wrk/", name, NULL);
    Parsed parsed = {g_array_new(FALSE, FALSE, sizeof(WbRun)), g_string_chunk_new(4096), 0};
    guint n = 0;

    parse_file(path, &parsed);
    for (guint i = 0; i < table->rows->len; i++) {
        char **row = table->rows->pdata[i];

        if (strcmp(row[0], key) != 0)
            continue;
        if (n < parsed.runs->len)
            check_run(table, row, &g_array_index(parsed.runs, WbRun, n));
        n++;
    }
    if (n != parsed.runs->len)
        g_test_fail_printf("%s: %u runs, read %u", name, n, parsed.runs->len);
    g_array_unref(parsed.runs);
    g_string_chunk_free(parsed.text);
    return (int)n;
}

static void check_folder(const char *folder)
{
    g_autofree char *table_path = g_build_filename(folder, "EXPECTED.tsv", NULL);
    g_autofree char *logs = g_build_filename(folder, "wrk", NULL);
    g_autoptr(GDir) dir = g_dir_open(logs, 0, NULL);
    Table table = read_table(table_path);
    const char *name;
    int runs = 0;
    int files = 0;

    g_assert_nonnull(dir);
    while (dir && (name = g_dir_read_name(dir))) {
        runs += check_file(&table, folder, name);
        files++;
    }
    g_assert_cmpint(runs, ==, table.rows->len);
    g_assert_cmpint(files, >, 0);
    g_test_message("%d runs in %d files", runs, files);
    clear_table(&table);
}

static void test_corpus_in_the_tree_is_read_with_its_figures(void)
{
    check_folder("tests/data");
}

static void test_shared_corpus_is_read_with_its_figures(void)
{
    if (g_file_test("../shared/corpus/EXPECTED.tsv", G_FILE_TEST_EXISTS))
        check_folder("../shared/corpus");
    else
        g_test_skip("../shared/corpus is not here; tests/data was read");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/wrk/corpus/in-the-tree",
                    test_corpus_in_the_tree_is_read_with_its_figures);
    g_test_add_func("/import/wrk/corpus/shared", test_shared_corpus_is_read_with_its_figures);
    return g_test_run();
}
