/*
 * plow's text, in the shape of its print.go: the last of its summaries counts, answers are not
 * requests, times are cut off. Figures are chosen so that what they must become can be seen.
 */
#include <string.h>

#include "tests/unit/parsed_runs.h"

#define BEGIN   "Benchmarking http://127.0.0.1:8080/hi for 10s using 20 connection(s).\n"
#define LISTENS "@ Real-time charts is listening on http://[::]:18888\n\n"
#define SUMMARY(elapsed, count, codes, rps, errors, bars)                                          \
    "Summary:\n  Elapsed  " elapsed "\n  Count    " count "\n" codes "  RPS      " rps "\n"        \
    "  Reads    2.500MB/s\n  Writes   1.000MB/s\n\n" errors                                        \
    "Statistics    Min      Mean    StdDev     Max\n"                                              \
    "  Latency    21\xc2\xb5s   1.5ms  2.25ms   1.0203s\n"                                         \
    "  RPS       9000     10000     12.5     11000\n\n"                                            \
    "Latency Percentile:\n  P50      P75     P90    P95     P99    P99.9   P99.99\n"               \
    "  400\xc2\xb5s    500\xc2\xb5s  1.2ms  2ms  1m0.5s  1h1m1s  2h\n\n"                           \
    "Latency Histogram:\n" bars

static void test_plow_last_summary_is_the_run(void)
{
    static const char text[] =
        "$ plow http://127.0.0.1:8080/hi -c 20 -d 10s\n" BEGIN LISTENS SUMMARY(
            "200ms", "1000", "    2xx    1000\n", "5000.000", "",
            "  432\xc2\xb5s  1000  \xe2\x96\xa0\xe2\x96\xa0\n")
            SUMMARY("10s", "100000", "    2xx    99000\n    5xx      700\n", "10000.000",
                    "Error:\n  250  \"dial tcp 127.0.0.1:8080: connect: connection refused\"\n"
                    "  50   \"timeout\"\n\n",
                    "  432\xc2\xb5s  60000  60.00%\n  1.5ms  40000  40.00%\n");
    const WbRun *run;
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    g_assert_cmpuint(parsed.runs->len, ==, 1);
    run = run_at(&parsed, 0);
    g_assert_cmpstr(run->tool, ==, "plow");
    g_assert_cmpstr(run->url, ==, "http://127.0.0.1:8080/hi");
    g_assert_cmpint(run->log_line, ==, 2);
    g_assert_cmpint(run->connections, ==, 20);
    g_assert_cmpint(run->asked_duration_ns, ==, INT64_C(10000000000));
    g_assert_cmpint(run->requests, ==, 99700); /* of 100000, 300 had no answer */
    g_assert_cmpfloat(run->requests_per_s, ==, 9970);
    g_assert_cmpint(run->elapsed_ns, ==, INT64_C(10000000000));
    g_assert_cmpint(run->errors_status, ==, 700);
    g_assert_cmpint(run->errors_connect, ==, 250);
    g_assert_cmpint(run->errors_timeout, ==, 50);
    g_assert_cmpint(run->errors_read, ==, 0);
    g_assert_cmpint(run->bytes, ==, 25 * 1024 * 1024);
    g_assert_cmpint(run->latency_mean_ns, ==, 1500000);
    g_assert_cmpint(run->latency_mean_ns_half, >=, 1000); /* cut off to a microsecond */
    g_assert_cmpint(run->latency_stdev_ns, ==, 2250000);
    g_assert_cmpint(run->latency_max_ns, ==, 1020300000);
    g_assert_cmpint(run->latency_p50_ns, ==, 400000);
    g_assert_cmpint(run->latency_p75_ns, ==, 500000);
    g_assert_cmpint(run->latency_p90_ns, ==, 1200000);
    g_assert_cmpint(run->latency_min_ns, ==, 21000);
    g_assert_cmpint(run->latency_p95_ns, ==, 2000000);
    g_assert_cmpint(run->latency_p99_ns, ==, INT64_C(60500000000));
    g_assert_cmpint(run->latency_p999_ns, ==, INT64_C(3661000000000));
    parsed_clear(&parsed);
}

/* Two runs of which only the summaries were kept; newer versions count each status. */
static void test_plow_summaries_alone(void)
{
    static const char bars[] = "  0.000432  10  100.00%\n\n";
    g_autofree char *text = g_strconcat(
        SUMMARY("1s", "10", "    200    8\n    302    1\n    404    1\n", "10.000", "", ""), bars,
        SUMMARY("1s", "20", "    200    20\n", "20.000", "", ""), bars, NULL);
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    g_assert_cmpuint(parsed.runs->len, ==, 2);
    g_assert_cmpint(run_at(&parsed, 0)->requests, ==, 10);
    g_assert_cmpint(run_at(&parsed, 0)->errors_status, ==, 1);
    g_assert_cmpint(run_at(&parsed, 1)->requests, ==, 20);
    g_assert_cmpint(run_at(&parsed, 1)->errors_status, ==, 0);
    parsed_clear(&parsed);
}

/* Stopped by a signal that leaves no last summary: no figure of it is a run's. */
static void test_plow_without_a_last_summary_is_no_run(void)
{
    static const char text[] =
        BEGIN LISTENS SUMMARY("200ms", "1000", "    2xx    1000\n", "5000.000", "",
                              "  432\xc2\xb5s  1000  \xe2\x96\xa0\xe2\x96\xa0\n");
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    g_assert_cmpuint(parsed.runs->len, ==, 0);
    parsed_clear(&parsed);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/plow/last-summary", test_plow_last_summary_is_the_run);
    g_test_add_func("/import/plow/summaries-alone", test_plow_summaries_alone);
    g_test_add_func("/import/plow/no-last-summary", test_plow_without_a_last_summary_is_no_run);
    return g_test_run();
}
