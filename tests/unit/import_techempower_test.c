/*
 * TechEmpower's results.json, in the shape that its toolset/utils/results.py writes: which level a
 * run is of, whose labels it has, and what its figures mean.
 */
#include <glib.h>
#include <string.h>

#include "tests/unit/parsed_runs.h"

#define ENTRY(requests, more)                                                                      \
    "{\"latencyAvg\":\"1.48ms\",\"latencyStdev\":\"635.91us\",\"latencyMax\":\"4.23s\","           \
    "\"totalRequests\":" requests "," more "\"startTime\":1755250268,\"endTime\":1755250283}"

#define DOCUMENT(duration)                                                                                                                                                               \
    "{\"uuid\":\"059e9dad\",\"name\":\"x\",\"environmentDescription\":\"y\",\"git\":null,"                                                                                               \
    "\"startTime\":1755249523591,\"completionTime\":1755254519456,"                                                                                                                      \
    "\"concurrencyLevels\":[16,32,512],\"pipelineConcurrencyLevels\":[256,16384],"                                                                                                       \
    "\"queryIntervals\":[1,20],\"cachedQueryIntervals\":[1,100],\"frameworks\":[\"a\",\"b-raw\"],"                                                                                       \
    "\"duration\":" duration ",\"rawData\":{"                                                                                                                                            \
    "\"json\":{\"a\":[" ENTRY("300000", "") ",{\"startTime\":1755250290}," ENTRY(                                                                                                        \
        "450000",                                                                                                                                                                        \
        "\"connect\":0,\"read\":3,\"write\":0,\"timeout\":7,\"5xx\":11,") "]},"                                                                                                          \
                                                                          "\"plaintext\":{\"b-"                                                                                          \
                                                                          "raw\":[" ENTRY("1", "") "," ENTRY(                                                                            \
                                                                              "2",                                                                                                       \
                                                                              "") "]},"                                                                                                  \
                                                                                  "\"update\":{"                                                                                         \
                                                                                  "\"a\":[" ENTRY("3", "") "," ENTRY(                                                                    \
                                                                                      "4",                                                                                               \
                                                                                      "") "]},"                                                                                          \
                                                                                          "\"cach"                                                                                       \
                                                                                          "ed-"                                                                                          \
                                                                                          "query"                                                                                        \
                                                                                          "\":{"                                                                                         \
                                                                                          "\"a\":"                                                                                       \
                                                                                          "[" ENTRY("5", "") "," ENTRY(                                                                  \
                                                                                              "6",                                                                                       \
                                                                                              "") "," ENTRY("7",                                                                         \
                                                                                                            "") "]},"                                                                    \
                                                                                                                "\"query\":{},\"commitCounts\":{\"a\":12},\"slocCounts\":{\"a\":2545}}," \
                                                                                                                "\"verify\":{\"a\":{\"json\":\"pass\"}}}"

static void test_each_run_has_its_level_and_labels(void)
{
    static const struct {
        const char *labels;
        int64_t requests, connections;
    } wanted[] = {
        {"benchmark=json concurrency=16 framework=a", 300000, 16},
        {"benchmark=json concurrency=512 framework=a", 450000, 512},
        {"benchmark=plaintext concurrency=256 framework=b-raw", 1, 256},
        {"benchmark=plaintext concurrency=16384 framework=b-raw", 2, 16384},
        {"benchmark=update framework=a queries=1", 3, 512},
        {"benchmark=update framework=a queries=20", 4, 512},
        {"benchmark=cached-query framework=a queries=1", 5, 512},
        {"benchmark=cached-query framework=a queries=100", 6, 512},
        {"benchmark=cached-query framework=a", 7, 512}, /* no level is told */
    };
    static const char text[] = DOCUMENT("15");
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    g_assert_cmpuint(parsed.runs->len, ==, G_N_ELEMENTS(wanted));
    for (guint i = 0; i < parsed.runs->len && i < G_N_ELEMENTS(wanted); i++) {
        g_assert_cmpstr(parsed_labels(&parsed, i), ==, wanted[i].labels);
        g_assert_cmpint(run_at(&parsed, i)->requests, ==, wanted[i].requests);
        g_assert_cmpint(run_at(&parsed, i)->connections, ==, wanted[i].connections);
    }
    g_assert_cmpint(parsed.unread, ==, 1); /* the run at 32 has no figures */
    parsed_clear(&parsed);
}

static void test_figures_are_those_of_wrk(void)
{
    static const char *const texts[] = {DOCUMENT("15"), DOCUMENT("\"15\"")};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const WbRun *run;
        Parsed parsed;

        parsed_init(&parsed, texts[i], strlen(texts[i]));
        g_assert_cmpuint(parsed.runs->len, >, 1);
        run = run_at(&parsed, 0);
        g_assert_cmpstr(run->tool, ==, "wrk");
        g_assert_cmpstr(run->started_at, ==, "2025-08-15T09:31:08Z");
        g_assert_cmpfloat(run->requests_per_s, ==, 20000);
        g_assert_cmpint(run->asked_duration_ns, ==, 15000000000);
        g_assert_cmpint(run->elapsed_ns, ==, 15000000000);
        g_assert_cmpint(run->elapsed_ns_half, ==, 1000000000);
        g_assert_cmpstr(run->latency_kind, ==, "corrected by wrk");
        g_assert_cmpint(run->latency_mean_ns, ==, 1480000);
        g_assert_cmpint(run->latency_mean_ns_half, ==, 5000);
        g_assert_cmpint(run->latency_stdev_ns, ==, 635910);
        g_assert_cmpint(run->latency_max_ns, ==, 4230000000);
        g_assert_cmpint(run->errors_read, ==, 0);
        g_assert_cmpint(run->errors_status, ==, 0);
        run = run_at(&parsed, 1);
        g_assert_cmpint(run->errors_connect, ==, 0);
        g_assert_cmpint(run->errors_read, ==, 3);
        g_assert_cmpint(run->errors_timeout, ==, 7);
        g_assert_cmpint(run->errors_status, ==, 11);
        parsed_clear(&parsed);
    }
}

/* In 2013 a test was so many requests: the file has no duration. */
static void test_without_a_duration_the_rate_is_of_the_elapsed_time(void)
{
    static const char text[] = DOCUMENT("null");
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    g_assert_cmpfloat(run_at(&parsed, 0)->requests_per_s, ==, 20000);
    g_assert_cmpint(run_at(&parsed, 0)->asked_duration_ns, ==, WB_NONE);
    parsed_clear(&parsed);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/techempower/levels", test_each_run_has_its_level_and_labels);
    g_test_add_func("/import/techempower/figures", test_figures_are_those_of_wrk);
    g_test_add_func("/import/techempower/no-duration",
                    test_without_a_duration_the_rate_is_of_the_elapsed_time);
    return g_test_run();
}
