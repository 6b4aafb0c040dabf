/*
 * The readers of ab, hey, h2load, weighttp, siege and vegeta (text), autocannon, k6, vegeta,
 * bombardier, oha and fortio (JSON): against logs that others
 * published, with the figures that were read from them by other means (EXPECTED_SIBLING.tsv in
 * ../shared/corpus, where it is there), and against short texts whose meaning is known. Fresh
 * output of the programs themselves: tests/cli/runner_import_tools.t.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "tests/unit/parsed_runs.h"

#define CORPUS "../shared/corpus"

/* As EXPECTED_SIBLING.tsv names them. */
static const char *const tools[] = {
    "ab",      "hey",         "h2load", "weighttp", "siege",      "vegeta",     "autocannon-json",
    "k6-json", "vegeta-json", "oha",    "k6",       "bombardier", "autocannon", "rewrk"};

/* ---- published logs ----------------------------------------------------------------------- */

/* "1m2.5s", "563.135us", "0.0050 secs", and plain numbers of the tool's own unit. */
static double ns_of(const char *text, const char *tool)
{
    static const struct {
        const char *unit;
        double ns;
    } units[] = {{"ms", 1e6},   {"us", 1e3}, {"\xc2\xb5s", 1e3}, {"ns", 1},
                 {"secs", 1e9}, {"s", 1e9},  {"m", 6e10},        {"h", 3.6e12}};
    double sum = 0;
    char *p = (char *)text;

    while (*p) {
        double value = g_ascii_strtod(p, &p);

        while (*p == ' ')
            p++;
        if (!*p)
            return value * (!strcmp(tool, "vegeta-json")                             ? 1
                            : !strcmp(tool, "ab") || g_str_has_suffix(tool, "-json") ? 1e6
                                                                                     : 1e9);
        for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
            if (g_str_has_prefix(p, units[i].unit)) {
                sum += value * units[i].ns;
                p += strlen(units[i].unit);
                break;
            }
    }
    return sum;
}

static void check(const char *where, const char *name, double got, double wanted)
{
    if (fabs(got - wanted) <= 1e-9 * fabs(wanted) + 0.51)
        return;
    g_test_message("%s %s: %.10g, wanted %.10g", where, name, got, wanted);
    g_test_fail();
}

enum {
    FILE_,
    RUN,
    LINE,
    TOOL,
    URL,
    CONCURRENCY,
    TIME,
    REQUESTS,
    FAILED,
    NON2XX,
    TIMEOUTS,
    RPS,
    LAT_MEAN,
    LAT_STDEV,
    LAT_MIN,
    LAT_MAX,
    P50,
    P90,
    P95,
    P99,
    BYTES,
    COLUMNS
};

static double unanswered(const char *tool, const WbRun *run)
{
    if (!strcmp(tool, "bombardier"))
        return (double)(run->errors_connect + run->errors_read + run->errors_timeout);
    return g_str_has_prefix(tool, "vegeta") ? (double)MAX(0, run->errors_read) : 0;
}

/* autocannon's "783k" requests were sent, in thousands; "138 MB" has three digits. */
static void check_rounded(const char *where, char **row, const WbRun *run)
{
    char *unit;
    double bytes = g_ascii_strtod(row[BYTES], &unit) * (unit[1] == 'G' ? 1e9 : 1e6);
    double sent = 1000 * g_ascii_strtod(row[REQUESTS], NULL);

    check(where, row[BYTES], (double)run->bytes, bytes);
    /* Up to 10,000 requests were open at the end: 1000 connections x 10. */
    g_assert_cmpfloat(fabs((double)run->requests - sent), <=, 10500);
    g_assert_cmpfloat(fabs((double)run->requests - sent), <=, 0.02 * sent + 500);
    g_assert_cmpfloat(fabs(run->requests_per_s - g_ascii_strtod(row[RPS], NULL)), <=,
                      0.02 * run->requests_per_s);
}

static void check_row(char **row, const WbRun *run)
{
    const struct {
        int column;
        int64_t got;
        bool is_time;
    } figures[] = {
        {CONCURRENCY, run->connections, false},   {TIME, run->elapsed_ns, true},
        {TIMEOUTS, run->errors_timeout, false},   {LAT_MEAN, run->latency_mean_ns, true},
        {LAT_STDEV, run->latency_stdev_ns, true}, {LAT_MAX, run->latency_max_ns, true},
        {P50, run->latency_p50_ns, true},         {P90, run->latency_p90_ns, true},
        {P99, run->latency_p99_ns, true},         {BYTES, run->bytes, false},
    };
    g_autofree char *where = g_strdup_printf("%s #%s", row[FILE_], row[RUN]);
    bool is_vegeta = g_str_has_prefix(row[TOOL], "vegeta");

    bool is_autocannon = g_str_has_prefix(row[TOOL], "autocannon");
    bool is_rounded = !strcmp(row[TOOL], "autocannon");

    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++) {
        const char *text = row[figures[i].column];

        /* rewrk's time is the one asked for, autocannon's size has a unit: below. */
        if ((!strcmp(row[TOOL], "rewrk") && figures[i].column == TIME) ||
            (is_rounded && figures[i].column == BYTES))
            continue;
        if (strcmp(text, "-") != 0)
            check(where, text, (double)figures[i].got,
                  figures[i].is_time ? ns_of(text, figures[i].column == TIME &&
                                                           strcmp(row[TOOL], "vegeta-json") != 0
                                                       ? "siege"
                                                       : row[TOOL])
                                     : g_ascii_strtod(text, NULL));
    }
    if (is_rounded)
        check_rounded(where, row, run);
    else /* vegeta's total and the one of bombardier here count requests without an answer */
        check(where, "requests", (double)run->requests + unanswered(row[TOOL], run),
              g_ascii_strtod(row[REQUESTS], NULL));
    /* vegeta's rate is the one sent at, autocannon's a mean of samples of 1 s. */
    if (!is_autocannon)
        check(where, "rate", is_vegeta ? run->rate_per_s : run->requests_per_s,
              g_ascii_strtod(row[RPS], NULL));
    if (strcmp(row[NON2XX], "-") != 0)
        check(where, "status",
              (double)run->errors_status + (is_vegeta ? unanswered(row[TOOL], run) : 0),
              g_ascii_strtod(row[NON2XX], NULL));
}

static bool is_ours(const char *tool)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tools); i++)
        if (!strcmp(tools[i], tool))
            return true;
    return false;
}

static int compare_lines(const void *a, const void *b)
{
    const WbRun *x = a, *y = b;

    return (x->log_line > y->log_line) - (x->log_line < y->log_line);
}

/* All rows of one file. */
static void check_file(const char *file, GPtrArray *rows)
{
    g_autofree char *path = g_build_filename(CORPUS, file, NULL);
    g_autofree char *bytes = NULL;
    size_t len;
    guint next = 0;
    Parsed parsed;

    g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
    parsed_init(&parsed, bytes, len);
    for (guint i = parsed.runs->len; i > 0; i--)
        if (!strcmp(run_at(&parsed, i - 1)->tool, "wrk"))
            g_array_remove_index(parsed.runs, i - 1);
    g_array_sort(parsed.runs, compare_lines);
    if (parsed.runs->len != rows->len) {
        g_test_message("%s: %u runs, wanted %u", file, parsed.runs->len, rows->len);
        g_test_fail();
    }
    for (; next < MIN(rows->len, parsed.runs->len); next++)
        check_row(rows->pdata[next], run_at(&parsed, next));
    parsed_clear(&parsed);
}

static void test_published_logs_are_read_with_their_figures(void)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_autofree char *file = NULL;

    if (!g_file_get_contents(CORPUS "/EXPECTED_SIBLING.tsv", &text, NULL, NULL)) {
        g_test_skip("no " CORPUS " here");
        return;
    }
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines + 1; *line; line++) {
        g_auto(GStrv) row = g_strsplit(*line, "\t", -1);

        if (g_strv_length(row) < COLUMNS || !is_ours(row[TOOL]))
            continue;
        if (file && strcmp(file, row[FILE_]) != 0) {
            check_file(file, rows);
            g_ptr_array_set_size(rows, 0);
        }
        g_free(file);
        file = g_strdup(row[FILE_]);
        g_ptr_array_add(rows, g_steal_pointer(&row));
    }
    g_assert_nonnull(file);
    check_file(file, rows);
}

/* ---- what figures mean -------------------------------------------------------------------- */

static void test_ab_failures_by_length_are_no_socket_errors(void)
{
    static const char text[] = "$ ab -n 1000 -c 10 http://127.0.0.1/\n"
                               "Server Software:        nginx\n"
                               "Server Hostname:        127.0.0.1\n"
                               "Server Port:            8080\n"
                               "Document Path:          /a b\n"
                               "Concurrency Level:      10\n"
                               "Time taken for tests:   1.250 seconds\n"
                               "Complete requests:      1000\n"
                               "Failed requests:        55\n"
                               "   (Connect: 2, Receive: 3, Length: 49, Exceptions: 1)\n"
                               "Non-2xx responses:      7\n"
                               "Requests per second:    800.00 [#/sec] (mean)\n"
                               "Total:         83 6133 1129.7   6409    7191\n"
                               " 100%   7191 (longest request)\n";
    Parsed parsed;
    const WbRun *run;

    parsed_init(&parsed, text, strlen(text));
    run = run_at(&parsed, 0);
    g_assert_cmpuint(parsed.runs->len, ==, 1);
    g_assert_cmpint(run->errors_connect, ==, 2);
    g_assert_cmpint(run->errors_read, ==, 4);
    g_assert_cmpint(run->errors_status, ==, 7);
    g_assert_cmpint(run->errors_timeout, ==, WB_NONE);
    g_assert_cmpint(run->elapsed_ns, ==, 1250000000);
    g_assert_cmpint(run->elapsed_ns_half, ==, 500000);
    g_assert_cmpstr(run->url, ==, "http://127.0.0.1:8080/a b");
    g_assert_cmpint(run->asked_requests, ==, 1000);
    g_assert_cmpint(run->latency_mean_ns, ==, INT64_C(6133000000));
    g_assert_cmpint(run->latency_mean_ns_half, ==, 500000);
    g_assert_cmpint(run->latency_min_ns, ==, 83000000);
    g_assert_cmpint(run->latency_min_ns_half, ==, 500000);
    parsed_clear(&parsed);
}

static void test_hey_errors_go_by_the_words_of_go(void)
{
    static const char text[] =
        "Summary:\n  Total:\t2.0000 secs\n  Slowest:\t0.5000 secs\n  Fastest:\t0.0001 secs\n"
        "  Average:\t0.0100 secs\n  Requests/sec:\t55.0000\n\nLatency distribution:\n"
        "  50%% in 0.0100 secs\n  95%% in 0.0200 secs\n  0% in 0.0000 secs\n\nStatus code "
        "distribution:\n"
        "  [200]\t90 responses\n  [503]\t10 responses\n\nError distribution:\n"
        "  [4]\tGet \"http://x\": context deadline exceeded (Client.Timeout exceeded)\n"
        "  [3]\tGet \"http://x\": dial tcp: connect: connection refused\n"
        "  [2]\tGet \"http://x\": read: connection reset by peer\n"
        "  [1]\tGet \"http://x\": EOF\n";
    Parsed parsed;
    const WbRun *run;

    parsed_init(&parsed, text, strlen(text));
    run = run_at(&parsed, 0);
    g_assert_cmpint(run->requests, ==, 100);
    g_assert_cmpint(run->errors_status, ==, 10);
    g_assert_cmpint(run->errors_timeout, ==, 4);
    g_assert_cmpint(run->errors_connect, ==, 3);
    g_assert_cmpint(run->errors_read, ==, 3);
    g_assert_cmpint(run->latency_p50_ns, ==, 10000000);
    g_assert_cmpint(run->latency_p50_ns_half, ==, 50000);
    g_assert_cmpint(run->latency_p95_ns, ==, 20000000);
    g_assert_cmpint(run->latency_min_ns, ==, 100000);
    g_assert_cmpint(run->latency_p99_ns, ==, WB_NONE);
    parsed_clear(&parsed);
}

/* ghz prints a near copy of hey's summary; a table of several tools' figures is none. */
static void test_lookalikes_are_no_runs(void)
{
    static const char ghz[] = "Summary:\n  Count:\t200\n  Total:\t181.57 ms\n  Slowest:\t69.60 ms\n"
                              "  Fastest:\t26.09 ms\n  Requests/sec:\t1101.53\n\n"
                              "Status code distribution:\n  [OK]   200 responses\n";
    static const char *const texts[] = {
        ghz,
        "Requests per second: | 100 | 200 |\nComplete requests: many\n",
        "Transactions: a lot of hits\n",
        "finished in 3 days, 200 req/s promised\nrequests: please\n",
        "Requests      [total, rate]  none\n",
        "Concurrency Level:      10\nTime taken for tests:   1.0 seconds\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        Parsed parsed;

        parsed_init(&parsed, texts[i], strlen(texts[i]));
        if (parsed.runs->len)
            g_test_message("taken for a run: %s", texts[i]);
        g_assert_cmpuint(parsed.runs->len, ==, 0);
        parsed_clear(&parsed);
    }
}

static void test_several_tools_in_one_text(void)
{
    static const char text[] =
        "Running 10s test @ http://127.0.0.1/\n  1 threads and 10 connections\n"
        "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"
        "    Latency   206.00us   50.00us   1.00ms   90.00%\n"
        "    Req/Sec     1.00k    10.00      1.10k    90.00%\n"
        "  10000 requests in 10.00s, 1.25MB read\nRequests/sec:   1000.00\nTransfer/sec:    "
        "128.00KB\n"
        "```\nTransactions:\t\t  100 hits\nElapsed time:\t\t  2.00 secs\n"
        "Transaction rate:\t 50.00 trans/sec\nShortest transaction:\t0.00\n```\n";
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    g_assert_cmpuint(parsed.runs->len, ==, 2);
    g_assert_cmpstr(run_at(&parsed, 0)->tool, ==, "wrk");
    g_assert_cmpstr(run_at(&parsed, 1)->tool, ==, "siege");
    g_assert_cmpint(run_at(&parsed, 1)->log_line, ==, 10);
    parsed_clear(&parsed);
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void test_json_reports_wherever_they_stand(void)
{
    static const char text[] =
        "\xef\xbb\xbf{\"suite\": {\"runs\": [\n"
        "{\"spec\":{\"numberOfConnections\":125,\"testType\":\"timed\",\"testDurationSeconds\":2,"
        "\"method\":\"GET\",\"url\":\"http://x/\",\"rate\":null},\"result\":{\"bytesRead\":900,"
        "\"timeTakenSeconds\":2.5,\"req1xx\":0,\"req2xx\":90,\"req3xx\":5,\"req4xx\":3,\"req5xx\":"
        "2,"
        "\"others\":7,\"errors\":[{\"description\":\"timeout\",\"count\":4},"
        "{\"description\":\"dial tcp: connection refused\",\"count\":2}],"
        "\"latency\":{\"mean\":1500.5,\"stddev\":10,\"max\":9000,\"percentiles\":{\"50\":1000,"
        "\"99\":8000}},"
        "\"rps\":{\"mean\":41}}},\n"
        "{\"summary\":{\"successRate\":1.0,\"total\":2.0,\"slowest\":0.5,\"average\":0.01,"
        "\"requestsPerSec\":55,\"totalData\":1200},\"latencyPercentiles\":{\"p50\":0.004,\"p99.9\":"
        "null},"
        "\"statusCodeDistribution\":{\"200\":90,\"503\":10},\"errorDistribution\":"
        "{\"aborted due to deadline\":8,\"operation timed out\":2}}]}}\n"
        "{\"ActualDuration\":3000000000,\"ActualQPS\":33.5,\"NumThreads\":4,\"RetCodes\":{\"200\":"
        "90,\"-1\":10},"
        "\"StartTime\":\"2026-11-26T19:00:00.5+01:00\",\"DurationHistogram\":{\"Count\":100,"
        "\"Avg\":0.002,"
        "\"Max\":0.25,\"Percentiles\":[{\"Percentile\":50,\"Value\":0.001},{\"Percentile\":99.9,"
        "\"Value\":0.2}]}}";
    const WbRun *run;
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    g_assert_cmpuint(parsed.runs->len, ==, 3);
    run = run_at(&parsed, 0);
    g_assert_cmpstr(run->tool, ==, "bombardier");
    g_assert_cmpint(run->requests, ==, 100);
    g_assert_cmpfloat(run->requests_per_s, ==, 40);
    g_assert_cmpint(run->errors_status, ==, 5);
    g_assert_cmpint(run->errors_timeout, ==, 4);
    g_assert_cmpint(run->errors_connect, ==, 2);
    g_assert_cmpint(run->errors_read, ==, 1); /* one of the others has no description */
    g_assert_cmpint(run->latency_mean_ns, ==, 1500500);
    g_assert_cmpint(run->latency_p99_ns, ==, 8000000);
    run = run_at(&parsed, 1);
    g_assert_cmpstr(run->tool, ==, "oha");
    g_assert_cmpint(run->requests, ==, 100);
    g_assert_cmpint(run->errors_status, ==, 10);
    g_assert_cmpint(run->in_flight, ==, 8);
    g_assert_cmpint(run->errors_timeout, ==, 2);
    g_assert_cmpint(run->latency_p50_ns, ==, 4000000);
    g_assert_cmpint(run->latency_p999_ns, ==, WB_NONE);
    run = run_at(&parsed, 2);
    g_assert_cmpstr(run->tool, ==, "fortio");
    g_assert_cmpint(run->requests, ==, 90);
    g_assert_cmpint(run->errors_read, ==, 10);
    g_assert_cmpint(run->latency_p999_ns, ==, 200000000);
    g_assert_cmpstr(run->started_at, ==, "2026-11-26T18:00:00.500000Z");
    parsed_clear(&parsed);
}

/* Reports made by the programs, with nginx's own count: tests/data/tools/README.md. */
static void test_reports_of_the_programs_themselves(void)
{
    static const struct {
        const char *file, *tool;
        int64_t requests, connections;
    } files[] = {{"autocannon.json", "autocannon", 17576, 5},
                 {"bombardier.json", "bombardier", 500, 4},
                 {"vegeta.json", "vegeta", 200, WB_NONE},
                 {"vegeta.txt", "vegeta", 200, WB_NONE},
                 {"fortio.json", "fortio", 400, 4}};
    int64_t p99[G_N_ELEMENTS(files)] = {0};

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename("tests/data/tools", files[i].file, NULL);
        g_autofree char *bytes = NULL;
        const WbRun *run;
        Parsed parsed;
        size_t len;

        g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
        parsed_init(&parsed, bytes, len);
        g_assert_cmpuint(parsed.runs->len, ==, 1);
        run = run_at(&parsed, 0);
        g_assert_cmpstr(run->tool, ==, files[i].tool);
        g_assert_cmpint(run->requests, ==, files[i].requests);
        g_assert_cmpint(run->connections, ==, files[i].connections);
        g_assert_cmpint(run->errors_read, ==, 0);
        g_assert_cmpint(run->errors_timeout, ==, 0);
        p99[i] = run->latency_p99_ns;
        parsed_clear(&parsed);
    }
    /* Both reports of vegeta tell of the same run; the text rounds. */
    g_assert_cmpint(ABS(p99[2] - p99[3]), <=, 500);
}

/* What samples/wrk/report.lua wrote of one run, as JSON and as a row of CSV: nginx's count, and no
 * figure differs by more than the row's whole ns. */
static void test_wrk_done_says_in_json_what_its_csv_says(void)
{
    static const char *const files[] = {"tests/data/tools/wrk.json", "tests/data/tools/wrk.csv"};
    const WbRun *runs[2];
    Parsed parsed[2];
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    for (size_t i = 0; i < 2; i++) {
        g_autofree char *bytes = NULL;
        size_t len;

        g_assert_true(g_file_get_contents(files[i], &bytes, &len, NULL));
        parsed_init(&parsed[i], bytes, len);
        g_assert_cmpuint(parsed[i].runs->len, ==, 1);
        runs[i] = run_at(&parsed[i], 0);
        g_assert_cmpint(runs[i]->requests, ==, 10981);
        g_assert_cmpint(runs[i]->errors_status, ==, 10981);
        g_assert_cmpint(runs[i]->connections, ==, 2);
        g_assert_cmpint(runs[i]->latency_min_ns, ==, 20000);
        g_assert_cmpint(runs[i]->latency_p95_ns, ==, 1225000);
        g_assert_cmpint(runs[i]->latency_p99_ns, ==, 3829000);
        g_assert_cmpstr(runs[i]->latency_kind, ==, "corrected by wrk");
        g_assert_cmpstr(runs[i]->url, ==, "http://127.0.0.1:18234/none");
        g_assert_true(g_str_has_prefix(runs[i]->started_at, "2026-11-27T05:24:22"));
    }
    for (size_t i = 0; i < n; i++) {
        const char *a = (const char *)runs[0] + fields[i].offset;
        const char *b = (const char *)runs[1] + fields[i].offset;

        if (fields[i].type == WB_FIELD_INT)
            g_assert_cmpint(ABS(*(const int64_t *)a - *(const int64_t *)b), <=, 1);
        else if (fields[i].type == WB_FIELD_REAL && !isnan(*(const double *)a))
            g_assert_cmpfloat_with_epsilon(*(const double *)a, *(const double *)b, 0.01);
    }
    parsed_clear(&parsed[0]);
    parsed_clear(&parsed[1]);
}

static void test_other_json_is_no_run(void)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "[1, 2, {\"latency\": 3}]",
        "{\"summary\": {\"total\": 1}}",
        "{\"metrics\": {}}",
        "{\"requests\": {\"total\": 1",
        "{\"metrics\": {\"http_reqs\": 1, \"http_req_duration\": 2}}",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        Parsed parsed;

        parsed_init(&parsed, texts[i], strlen(texts[i]));
        g_assert_cmpuint(parsed.runs->len, ==, 0);
        parsed_clear(&parsed);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/tools/published", test_published_logs_are_read_with_their_figures);
    g_test_add_func("/import/tools/ab", test_ab_failures_by_length_are_no_socket_errors);
    g_test_add_func("/import/tools/hey", test_hey_errors_go_by_the_words_of_go);
    g_test_add_func("/import/tools/lookalikes", test_lookalikes_are_no_runs);
    g_test_add_func("/import/tools/json", test_json_reports_wherever_they_stand);
    g_test_add_func("/import/tools/json/programs", test_reports_of_the_programs_themselves);
    g_test_add_func("/import/tools/json/wrk", test_wrk_done_says_in_json_what_its_csv_says);
    g_test_add_func("/import/tools/json/other", test_other_json_is_no_run);
    g_test_add_func("/import/tools/several", test_several_tools_in_one_text);
    return g_test_run();
}
