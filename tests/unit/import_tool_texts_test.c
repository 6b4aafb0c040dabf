/*
 * The readers of bombardier, autocannon, k6, oha and rewrk (text), of hey's CSV and of Go
 * benchmarks, and JSON reports in the midst of other text: against outputs of the programs
 * themselves, with nginx's own count of the same run (tests/data/tools/README.md), and against
 * short texts whose meaning is known. Published logs: import_tools_test.c.
 */
#include <string.h>

#include "tests/unit/parsed_runs.h"

static Parsed parsed_of(const char *text)
{
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    return parsed;
}

static Parsed parsed_file(const char *name)
{
    g_autofree char *path = g_build_filename("tests/data/tools", name, NULL);
    g_autofree char *bytes = NULL;
    Parsed parsed;
    size_t len;

    g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
    parsed_init(&parsed, bytes, len);
    g_assert_cmpuint(parsed.runs->len, ==, 1);
    return parsed;
}

/* ---- outputs of the programs -------------------------------------------------------------- */

static void test_texts_of_the_programs_hold_what_nginx_counted(void)
{
    static const struct {
        const char *file, *tool, *url;
        int64_t requests, wrong, connections;
    } files[] = {
        {"bombardier.txt", "bombardier", "http://127.0.0.1:18234/hello", 500, 0, 4},
        {"autocannon.txt", "autocannon", "http://127.0.0.1:18234/hello", 27236, 0, 5},
        {"k6.txt", "k6", NULL, 400, 0, WB_NONE},
        {"k6-legacy.txt", "k6", NULL, 400, 400, WB_NONE},
        {"oha.txt", "oha", NULL, 400, 0, WB_NONE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        Parsed parsed = parsed_file(files[i].file);
        const WbRun *run = run_at(&parsed, 0);

        g_assert_cmpstr(run->tool, ==, files[i].tool);
        g_assert_cmpstr(run->url, ==, files[i].url);
        g_assert_cmpint(run->requests, ==, files[i].requests);
        g_assert_cmpint(run->errors_status, ==, files[i].wrong);
        g_assert_cmpint(run->connections, ==, files[i].connections);
        g_assert_cmpstr(run->latency_kind, ==, "raw");
        parsed_clear(&parsed);
    }
}

/* As the files print them. autocannon's min leaves zeros out, and its text has neither. */
static void test_minimum_and_p95_are_read_where_a_tool_prints_them(void)
{
    static const struct {
        const char *file;
        int64_t min_ns, p95_ns;
    } files[] = {
        {"autocannon.json", WB_NONE, WB_NONE},
        {"autocannon.txt", WB_NONE, WB_NONE},
        {"bombardier.json", WB_NONE, 912000},
        {"bombardier.txt", WB_NONE, 433000},
        {"fortio.json", 45235, WB_NONE},
        {"k6.json", 64741, 4969879},
        {"k6.txt", 64740, 4960000},
        {"k6-legacy.txt", 75110, 2250000},
        {"oha.json", 35506, 4384482},
        {"oha.txt", 72500, 548500},
        {"vegeta.json", 249047, 2002820},
        {"vegeta.txt", 249047, 2003000},
        {"wrk.json", 20000, 1225000},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        Parsed parsed = parsed_file(files[i].file);

        g_assert_cmpint(run_at(&parsed, 0)->latency_min_ns, ==, files[i].min_ns);
        g_assert_cmpint(run_at(&parsed, 0)->latency_p95_ns, ==, files[i].p95_ns);
        parsed_clear(&parsed);
    }
}

/* k6 wrote both of the same run; the text cuts times off. */
static void test_text_and_json_of_one_run_agree(void)
{
    Parsed text = parsed_file("k6.txt");
    Parsed json = parsed_file("k6.json");
    const WbRun *a = run_at(&text, 0), *b = run_at(&json, 0);

    g_assert_cmpint(a->requests, ==, b->requests);
    g_assert_cmpint(ABS(a->elapsed_ns - b->elapsed_ns), <=, 1000);
    g_assert_cmpint(ABS(a->latency_mean_ns - b->latency_mean_ns), <=, a->latency_mean_ns_half);
    g_assert_cmpint(ABS(a->latency_p50_ns - b->latency_p50_ns), <=, a->latency_p50_ns_half + 1);
    g_assert_cmpint(ABS(a->latency_p90_ns - b->latency_p90_ns), <=, a->latency_p90_ns_half);
    g_assert_cmpint(ABS(a->latency_max_ns - b->latency_max_ns), <=, a->latency_max_ns_half);
    g_assert_cmpint(ABS(a->bytes - b->bytes), <=, a->bytes_half);
    parsed_clear(&text);
    parsed_clear(&json);
}

/* k6's own text of the same run says 10091.095345/s, avg=294.35us, med=181.27us, p(90)=507.13us. */
static void test_k6_machine_readable_summary_of_the_program(void)
{
    Parsed parsed = parsed_file("k6-machine.json");
    const WbRun *run = run_at(&parsed, 0);

    g_assert_cmpstr(run->tool, ==, "k6");
    g_assert_cmpint(run->requests, ==, 400);
    g_assert_cmpint(run->errors_status, ==, 0);
    g_assert_cmpfloat_with_epsilon(run->requests_per_s, 10091.095345, 1e-6);
    g_assert_cmpint(run->latency_mean_ns / 10, ==, 29435);
    g_assert_cmpint(run->latency_p50_ns / 10, ==, 18127);
    g_assert_cmpint(run->latency_p90_ns / 10, ==, 50713);
    g_assert_cmpint(run->latency_p95_ns / 10, ==, 68870);
    g_assert_cmpint(run->latency_max_ns / 10000, ==, 623);
    parsed_clear(&parsed);
}

/* ---- what figures mean -------------------------------------------------------------------- */

static void test_bombardier_errors_go_by_their_words(void)
{
    Parsed parsed = parsed_of(
        "> bombardier -c 200 -d 90s -l http://ya.ru\n"
        "Bombarding http://ya.ru for 1m30s using 200 connections\n"
        "\r[====] 10s Done!\nStatistics        Avg      Stdev        Max\n"
        "  Reqs/sec      6607.00     524.56       7109\n"
        "  Latency        0.85s     5.36ms     1.20h\n"
        "  Latency Distribution\n     50%    28.00ms\n     99%    48.00ms\n  HTTP codes:\n"
        "    1xx - 1, 2xx - 90, 3xx - 5, 4xx - 3, 5xx - 1\n    others - 10\n  Errors:\n"
        "    dialing to the given TCP address timed out - 5\n    timeout - 2\n"
        "    the server closed connection before returning the first response byte - 1\n"
        "  Throughput:     3.06MB/s\n");
    const WbRun *run = run_at(&parsed, 0);

    g_assert_cmpuint(parsed.runs->len, ==, 1);
    g_assert_cmpint(run->log_line, ==, 2);
    g_assert_cmpint(run->asked_duration_ns, ==, INT64_C(90000000000));
    g_assert_cmpint(run->elapsed_ns, ==, WB_NONE);
    g_assert_cmpint(run->requests, ==, 100);
    g_assert_cmpint(run->errors_status, ==, 5);
    g_assert_cmpint(run->errors_connect, ==, 5);
    g_assert_cmpint(run->errors_timeout, ==, 2);
    g_assert_cmpint(run->errors_read, ==, 3); /* one by its words, two that are not named */
    g_assert_cmpint(run->latency_mean_ns, ==, 850000000);
    g_assert_cmpint(run->latency_max_ns, ==, INT64_C(4320000000000));
    g_assert_cmpint(run->latency_p99_ns, ==, 48000000);
    parsed_clear(&parsed);
}

static void test_autocannon_numbers_of_any_locale(void)
{
    static const char *const means[] = {"1,313.02 ms", "1.313,02 ms", "1313.02 ms"};

    for (size_t i = 0; i < G_N_ELEMENTS(means); i++) {
        g_autofree char *text = g_strdup_printf(
            "│ Stat    │ 2.5%%   │ 50%%    │ 97.5%%  │ 99%%  │ Avg │ Stdev │ Max │\n"
            "│ Latency │ 127 ms │ 1,208 ms │ 2051 ms │ 2.662 ms │ %s │ 350.84 ms │ 7,995 ms │\n"
            "│ Stat    │ 1%%     │ 2.5%%   │ 50%%    │ 97.5%% │ Avg │ Stdev │ Min │\n"
            "│ Req/Sec │ 1 │ 2 │ 3 │ 4 │ 7,500.5 │ 5 │ 6 │\n"
            "│ Bytes/Sec │ 1 │ 2 │ 3 │ 4 │ 5 │ 5 │ 6 │\n\n"
            "75k requests in 10.04s, 1.5 GB read\n12 errors (5 timeouts)\n",
            means[i]);
        Parsed parsed = parsed_of(text);
        const WbRun *run = run_at(&parsed, 0);

        g_assert_cmpint(run->requests, ==, 75005); /* 10 samples of 1 s */
        g_assert_cmpint(run->latency_mean_ns, ==, 1313020000);
        g_assert_cmpint(run->latency_mean_ns_half, ==, 5000);
        g_assert_cmpint(run->latency_p50_ns, ==, 1208000000);
        g_assert_cmpint(run->latency_p99_ns, ==, INT64_C(2662000000));
        g_assert_cmpint(run->latency_max_ns, ==, INT64_C(7995000000));
        g_assert_cmpint(run->bytes, ==, 1500000000);
        g_assert_cmpint(run->errors_timeout, ==, 5);
        g_assert_cmpint(run->errors_read, ==, 7);
        parsed_clear(&parsed);
    }
}

/* One sample: its minimum is the count that nginx had, less the 5 that were open; its mean is not.
 */
static void test_autocannon_mean_is_of_a_histogram(void)
{
    Parsed parsed =
        parsed_of("Running 1s test @ http://x/\n5 connections\n"
                  "│ Stat │ 2.5% │ 50% │ 97.5% │ 99% │ Avg │ Stdev │ Max │\n"
                  "│ Latency │ 1 ms │ 2 ms │ 3 ms │ 4 ms │ 5 ms │ 6 ms │ 7 ms │\n"
                  "│ Req/Sec │ 52,383 │ 52,383 │ 52,383 │ 52,383 │ 52,368 │ 0 │ 52,372 │\n"
                  "│ Bytes/Sec │ 1 │ 2 │ 3 │ 4 │ 5 │ 5 │ 6 │\n"
                  "# of samples: 1\n52k requests in 1.01s, 8.38 MB read\n");
    const WbRun *run = run_at(&parsed, 0);

    g_assert_cmpint(run->requests, ==, 52377 - 5);
    parsed_clear(&parsed);
}

/* Where the mean does not fit the count, as in a run that was stopped, only the rate is known. */
static void test_autocannon_counts_are_not_guessed(void)
{
    Parsed parsed =
        parsed_of("Running 10s test @ http://x/\n125 connections with 10 pipelining factor\n"
                  "│ Stat │ 2.5% │ 50% │ 97.5% │ 99% │ Avg │ Stdev │ Max │\n"
                  "│ Latency │ 1 ms │ 2 ms │ 3 ms │ 4 ms │ 5 ms │ 6 ms │ 7 ms │\n"
                  "│ Req/Sec │ 1 │ 2 │ 3 │ 4 │ 5000 │ 5 │ 6 │\n"
                  "│ Bytes/Sec │ 1 │ 2 │ 3 │ 4 │ 5 │ 5 │ 6 │\n"
                  "# of samples: 10\n80k requests in 10.04s, 1 MB read\n");
    const WbRun *run = run_at(&parsed, 0);

    g_assert_cmpuint(parsed.runs->len, ==, 1);
    g_assert_cmpint(run->requests, ==, WB_NONE);
    g_assert_cmpfloat(run->requests_per_s, ==, 5000);
    g_assert_cmpint(run->connections, ==, 125);
    g_assert_cmpint(run->pipeline, ==, 10);
    g_assert_cmpint(run->asked_duration_ns, ==, INT64_C(10000000000));
    g_assert_cmpstr(run->url, ==, "http://x/");
    parsed_clear(&parsed);
}

/* The tick counts what failed. */
static void test_k6_ticks_count_failures(void)
{
    Parsed parsed =
        parsed_of("$ k6 run --vus 10 --duration 30s a.js\n"
                  "data_received........: 1.8 MB 29 kB/s\n"
                  "http_req_duration....: avg=1m2.5s min=0s med=936µs max=2h3m p(99.9)=1s\n"
                  "  { expected_response:true }...: avg=1s med=1s max=1s\n"
                  "http_req_failed......: 25.00% ✓ 10 ✗ 30\n"
                  "http_reqs............: 40   2.5/s\nvus_max..............: 12 min=12 max=12\n"
                  "data_received........: 3 B 1 B/s\nhttp_req_duration....: avg=1s\n"
                  "http_reqs............: 3   1/s\n");
    const WbRun *run = run_at(&parsed, 0);

    g_assert_cmpuint(parsed.runs->len, ==, 2);
    g_assert_cmpint(run->requests, ==, 40);
    g_assert_cmpint(run->errors_status, ==, 10);
    g_assert_cmpint(run->errors_read, ==, WB_NONE);
    g_assert_cmpint(run->elapsed_ns, ==, INT64_C(16000000000));
    g_assert_cmpint(run->connections, ==, 12);
    g_assert_cmpint(run->asked_duration_ns, ==, INT64_C(30000000000));
    g_assert_cmpint(run->bytes, ==, 1800000);
    g_assert_cmpint(run->bytes_half, ==, 50000);
    g_assert_cmpint(run->latency_mean_ns, ==, INT64_C(62500000000));
    g_assert_cmpint(run->latency_p50_ns, ==, 936000);
    g_assert_cmpint(run->latency_p999_ns, ==, 1000000000);
    g_assert_cmpint(run->latency_max_ns, ==, INT64_C(7380000000000));
    g_assert_cmpint(run_at(&parsed, 1)->bytes, ==, 3);
    g_assert_cmpint(run_at(&parsed, 1)->log_line, ==, 8);
    parsed_clear(&parsed);
}

static void test_oha_units_may_be_multiples(void)
{
    Parsed parsed = parsed_of("oha -z 30s -c 50 http://127.0.0.1:3000/a\nSummary:\n"
                              "  Success rate:\t99.00%\n  Total:\t3.0010 10 sec\n"
                              "  Slowest:\t1.2 10 sec\n  Average:\t0.5 10 min\n"
                              "  Requests/sec:\t3.3333\n\n  Total data:\t1.50 KiB\n"
                              "Response time distribution:\n  50.00% in 0.1146 ms\n"
                              "  99.90% in 1.7728 us\n\nStatus code distribution:\n"
                              "  [200] 90 responses\n  [503] 10 responses\n\nError distribution:\n"
                              "  [8] aborted due to deadline\n  [2] operation timed out\n"
                              "  [1] Connect error\n");
    const WbRun *run = run_at(&parsed, 0);

    g_assert_cmpuint(parsed.runs->len, ==, 1);
    g_assert_cmpstr(run->url, ==, "http://127.0.0.1:3000/a");
    g_assert_cmpint(run->connections, ==, 50);
    g_assert_cmpint(run->elapsed_ns, ==, INT64_C(30010000000));
    g_assert_cmpint(run->latency_max_ns, ==, INT64_C(12000000000));
    g_assert_cmpint(run->latency_mean_ns, ==, INT64_C(300000000000));
    g_assert_cmpint(run->latency_p50_ns, ==, 114600);
    g_assert_cmpint(run->latency_p999_ns, ==, 1773);
    g_assert_cmpint(run->bytes, ==, 1536);
    g_assert_cmpint(run->requests, ==, 100);
    g_assert_cmpint(run->errors_status, ==, 10);
    g_assert_cmpint(run->in_flight, ==, 8);
    g_assert_cmpint(run->errors_timeout, ==, 2);
    g_assert_cmpint(run->errors_connect, ==, 1);
    parsed_clear(&parsed);
}

static void test_rewrk_totals_and_errors(void)
{
    Parsed parsed = parsed_of("rewrk -t8 -c104 -d20s --host http://x/\nBeginning round 1...\n"
                              "Benchmarking 104 connections @ http://x/ for 20 second(s)\n"
                              "  Latencies:\n    Avg      Stdev    Min      Max\n"
                              "    0.24ms   0.08ms   0.07ms   9.81ms\n  Requests:\n"
                              "    Total: 2000 Req/Sec: 100.00\n  Transfer:\n"
                              "    Total: 1.50 MB Transfer Rate: 17.89 MB/Sec\n\n"
                              "7 Errors: connection closed before message completed\n"
                              "2 Errors: connect error: Connection refused (os error 111)\n");
    const WbRun *run = run_at(&parsed, 0);

    g_assert_cmpint(run->connections, ==, 104);
    g_assert_cmpint(run->asked_duration_ns, ==, INT64_C(20000000000));
    g_assert_cmpint(run->requests, ==, 2000);
    g_assert_cmpint(run->elapsed_ns, ==, INT64_C(20000000000));
    g_assert_cmpint(run->bytes, ==, 1572864);
    g_assert_cmpint(run->errors_read, ==, 7);
    g_assert_cmpint(run->errors_connect, ==, 2);
    g_assert_cmpint(run->latency_mean_ns, ==, 240000);
    g_assert_cmpint(run->latency_max_ns, ==, 9810000);
    parsed_clear(&parsed);
}

static void test_go_benchmarks_with_a_rate_are_runs(void)
{
    Parsed parsed =
        parsed_of("goos: linux\nUnit req/s better=higher\n"
                  "BenchmarkHTTP/server=a%2Fb/framework=falcon 703416 70620 req/s 1e+06 "
                  "p50-ns 2500000 p99-ns\n"
                  "BenchmarkServe/conns=200-8   \t1000\t 14216 ns/op\t 500.5 req/s\n"
                  "BenchmarkSort-8  100 5 ns/op 3 MB/s\nBenchmark results: 5 req/s\n");
    const WbRun *run = run_at(&parsed, 0);

    g_assert_cmpuint(parsed.runs->len, ==, 2);
    g_assert_cmpstr(run->tool, ==, "go-bench");
    g_assert_cmpint(run->log_line, ==, 3);
    g_assert_cmpint(run->requests, ==, 703416);
    g_assert_cmpfloat(run->requests_per_s, ==, 70620);
    g_assert_cmpint(run->latency_p50_ns, ==, 1000000);
    g_assert_cmpint(run->latency_p99_ns, ==, 2500000);
    g_assert_cmpstr(parsed_labels(&parsed, 0), ==, "framework=falcon server=a/b");
    g_assert_cmpfloat(run_at(&parsed, 1)->requests_per_s, ==, 500.5);
    g_assert_cmpstr(parsed_labels(&parsed, 1), ==, "benchmark=Serve conns=200");
    parsed_clear(&parsed);
}

/* "offset" is when a request began; a row that is none is told, not guessed at. */
static void test_hey_csv_rows_are_requests(void)
{
    Parsed parsed = parsed_of("response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-"
                              "read,status-code,offset\n"
                              "0.0100,0.0001,0.0000,0.0000,0.0173,0.0001,200,0.0012\n"
                              "0.0300,0.0001,0.0000,0.0000,0.0173,0.0001,503,1.9700\r\n"
                              "0.0300,0.0001,0.0000,0.0000\n");
    const WbRun *run = run_at(&parsed, 0);

    g_assert_cmpuint(parsed.runs->len, ==, 1);
    g_assert_cmpint(parsed.unread, ==, 1);
    g_assert_cmpint(run->requests, ==, 2);
    g_assert_cmpint(run->errors_status, ==, 1);
    g_assert_cmpint(run->elapsed_ns, ==, 2000000000);
    g_assert_cmpfloat(run->requests_per_s, ==, 1);
    g_assert_cmpint(run->latency_mean_ns, ==, 20000000);
    g_assert_cmpint(run->latency_max_ns, ==, 30000000);
    g_assert_cmpint(run->latency_max_ns_half, ==, 50000);
    parsed_clear(&parsed);
}

/* ---- JSON in the midst of text ------------------------------------------------------------ */

#define VEGETA(n)                                                                                  \
    "{\"latencies\": {\"mean\": 5, \"99th\": 9, \"max\": 9}, \"requests\": " n ",\n"               \
    " \"duration\": 1000000000, \"wait\": 0, \"rate\": 1, \"bytes_in\": {\"total\": 1}, "          \
    "\"bytes_out\": {\"total\": 0}, \"success\": 1, \"throughput\": 1, "                           \
    "\"status_codes\": {\"200\": " n "}, \"errors\": []}"

static void test_json_stands_where_its_document_begins(void)
{
    static const char text[] =
        "# Results {of last week}\n\nWith `{\"a\": b}` as body:\n\n```json\n" //
        VEGETA("11") "\n```\n\nand\n\n```\n[\n  " VEGETA("12") ",\n  " VEGETA(
            "13") ",\n"
                  "  {\"latencies\": {\"mea";
    static const int64_t lines[] = {6, 14, 16};
    Parsed parsed = parsed_of(text);

    g_assert_cmpuint(parsed.runs->len, ==, 3);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpint(run_at(&parsed, i)->requests, ==, 11 + i);
        g_assert_cmpint(run_at(&parsed, i)->log_line, ==, lines[i]);
    }
    parsed_clear(&parsed);
}

/* A harness's document that was cut short still gives its whole reports. */
static void test_reports_within_a_broken_document_are_found(void)
{
    Parsed parsed = parsed_of(
        "{\"suite\": {\"name\": \"x\", \"runs\": [" VEGETA("5") ",\n" VEGETA("6") ",\n{\"");

    g_assert_cmpuint(parsed.runs->len, ==, 2);
    g_assert_cmpint(run_at(&parsed, 1)->requests, ==, 6);
    parsed_clear(&parsed);
}

/* Documents that are broken at their very end, one in the other: read no more often than the bound.
 */
static void test_broken_documents_cost_no_more_than_their_length(void)
{
    g_autoptr(GString) text = g_string_new("{\"http_req_duration\": 1}");
    gint64 begun;
    Parsed parsed;

    for (int i = 0; i < 800; i++)
        g_string_append(text, "{\"a\":");
    g_string_append_c(text, '[');
    for (int i = 0; i < 500000; i++)
        g_string_append(text, "1,");
    begun = g_get_monotonic_time();
    parsed_init(&parsed, text->str, text->len);
    g_assert_cmpint(g_get_monotonic_time() - begun, <, 10000000);
    g_assert_cmpuint(parsed.runs->len, ==, 0);
    parsed_clear(&parsed);
}

/* What the file above does not show: failures, and a metric of a part of the requests. */
static void test_k6_machine_readable_summary(void)
{
    static const char text[] =
        "{\"config\":{\"duration\":20,\"execution\":\"local\",\"script\":\"s.js\"},"
        "\"metadata\":{\"generated_at\":\"2026-11-27T05:00:00Z\",\"k6_version\":\"1.8.1\"},"
        "\"results\":{\"checks\":{\"metrics\":[],\"results\":[]},\"metrics\":["
        "{\"contains\":\"time\",\"name\":\"http_req_duration{expected_response:true}\","
        "\"type\":\"trend\",\"values\":{\"avg\":99,\"max\":99,\"med\":99}},"
        "{\"contains\":\"time\",\"name\":\"http_req_duration\",\"type\":\"trend\",\"values\":"
        "{\"avg\":1.5,\"max\":40.25,\"med\":1.25,\"min\":0.1,\"p90\":3,\"p95\":4}},"
        "{\"contains\":\"default\",\"name\":\"http_req_failed\",\"type\":\"rate\",\"values\":"
        "{\"matches\":30,\"rate\":0.005,\"total\":6000}},"
        "{\"contains\":\"default\",\"name\":\"http_reqs\",\"type\":\"counter\",\"values\":"
        "{\"count\":6000}},"
        "{\"contains\":\"data\",\"name\":\"data_received\",\"type\":\"counter\",\"values\":"
        "{\"count\":123456}},"
        "{\"contains\":\"default\",\"name\":\"vus_max\",\"type\":\"gauge\",\"values\":"
        "{\"max\":8,\"min\":8,\"value\":8}}]},\"version\":\"1.0.0\"}";
    const WbRun *run;
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    g_assert_cmpuint(parsed.runs->len, ==, 1);
    run = run_at(&parsed, 0);
    g_assert_cmpstr(run->tool, ==, "k6");
    g_assert_cmpint(run->requests, ==, 6000);
    g_assert_cmpfloat(run->requests_per_s, ==, 300);
    g_assert_cmpint(run->elapsed_ns, ==, INT64_C(20000000000));
    g_assert_cmpint(run->errors_status, ==, 30);
    g_assert_cmpint(run->bytes, ==, 123456);
    g_assert_cmpint(run->connections, ==, 8);
    g_assert_cmpint(run->latency_mean_ns, ==, 1500000);
    g_assert_cmpint(run->latency_max_ns, ==, 40250000);
    g_assert_cmpint(run->latency_p50_ns, ==, 1250000);
    g_assert_cmpint(run->latency_p90_ns, ==, 3000000);
    g_assert_cmpint(run->latency_p99_ns, ==, WB_NONE);
    parsed_clear(&parsed);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/texts/programs", test_texts_of_the_programs_hold_what_nginx_counted);
    g_test_add_func("/import/texts/minimum-and-p95",
                    test_minimum_and_p95_are_read_where_a_tool_prints_them);
    g_test_add_func("/import/texts/k6/json", test_text_and_json_of_one_run_agree);
    g_test_add_func("/import/texts/k6/machine", test_k6_machine_readable_summary_of_the_program);
    g_test_add_func("/import/texts/k6/machine-failed", test_k6_machine_readable_summary);
    g_test_add_func("/import/texts/bombardier", test_bombardier_errors_go_by_their_words);
    g_test_add_func("/import/texts/autocannon/locale", test_autocannon_numbers_of_any_locale);
    g_test_add_func("/import/texts/autocannon/mean", test_autocannon_mean_is_of_a_histogram);
    g_test_add_func("/import/texts/autocannon/count", test_autocannon_counts_are_not_guessed);
    g_test_add_func("/import/texts/k6/ticks", test_k6_ticks_count_failures);
    g_test_add_func("/import/texts/oha/units", test_oha_units_may_be_multiples);
    g_test_add_func("/import/texts/rewrk", test_rewrk_totals_and_errors);
    g_test_add_func("/import/texts/go-bench", test_go_benchmarks_with_a_rate_are_runs);
    g_test_add_func("/import/texts/hey-csv", test_hey_csv_rows_are_requests);
    g_test_add_func("/import/texts/json/line", test_json_stands_where_its_document_begins);
    g_test_add_func("/import/texts/json/cut", test_reports_within_a_broken_document_are_found);
    g_test_add_func("/import/texts/json/linear",
                    test_broken_documents_cost_no_more_than_their_length);
    return g_test_run();
}
