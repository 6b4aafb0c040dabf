/*
 * TechEmpower's raw.txt: a primer and a warm-up are runs, but of cases of their own, so that
 * nobody's median holds them; a measured run has its level and its time. The published files are in
 * tests/data/wrk, their count in tests/unit/import_wrk_corpus_test.c.
 */
#include <glib.h>
#include <string.h>

#include "tests/unit/parsed_runs.h"

#define RULE           "---------------------------------------------------------\n"
#define HEADING(words) RULE " " words "\n wrk -d 15 -c 256 -t 8 http://x/\n" RULE "\n"
#define BLOCK                                                                                      \
    "Running 15s test @ http://x/\n  8 threads and 256 connections\n"                              \
    "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"                                        \
    "    Latency    54.92ms    4.32ms  67.45ms   68.00%\n"                                         \
    "    Req/Sec   586.70     56.48   825.00     74.29%\n"                                         \
    "  70301 requests in 15.02s, 10.93MB read\n"                                                   \
    "Requests/sec:   4680.32\nTransfer/sec:    745.01KB\n"

static Parsed parsed_of(const char *text)
{
    Parsed parsed;

    parsed_init(&parsed, text, strlen(text));
    return parsed;
}

static void test_phases_and_levels_are_labels(void)
{
    static const struct {
        const char *labels, *started;
    } wanted[] = {
        {"framework=bottle-py3 phase=primer", NULL},
        {"framework=bottle-py3 phase=warmup", NULL},
        {"concurrency=256 framework=bottle-py3", "2016-11-24T15:06:40Z"},
        {"framework=bottle-py3 queries=20", "2016-11-24T15:07:40Z"},
        {"", NULL},
    };
    Parsed parsed =
        parsed_of(HEADING("Running Primer bottle-py3") BLOCK HEADING("Running Warmup bottle-py3")
                      BLOCK HEADING("Concurrency: 256 for bottle-py3") BLOCK
                  "STARTTIME 1480000000\nENDTIME 1480000015\n" HEADING("Queries: 20 for bottle-py3")
                      BLOCK "STARTTIME 1480000060\nENDTIME 1480000075\n" BLOCK);

    g_assert_cmpuint(parsed.runs->len, ==, G_N_ELEMENTS(wanted));
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_assert_cmpstr(g_ptr_array_index(parsed.labels, i), ==, wanted[i].labels);
        g_assert_cmpstr(run_at(&parsed, (guint)i)->started_at, ==, wanted[i].started);
        g_assert_cmpint(run_at(&parsed, (guint)i)->requests, ==, 70301);
    }
    parsed_clear(&parsed);
}

/* Words of prose are no headings, and a time that stands elsewhere dates nothing. */
static void test_other_words_are_no_headings(void)
{
    static const char *const texts[] = {
        "Concurrency: 256 for bottle\n" BLOCK,
        HEADING("Concurrency: for bottle") BLOCK,
        HEADING("Concurrency: 256 for two words") BLOCK,
        HEADING("Running Warmup ") BLOCK,
        "STARTTIME 1480000000\n" BLOCK "STARTTIME 1480000000\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        Parsed parsed = parsed_of(texts[i]);

        g_assert_cmpuint(parsed.runs->len, ==, 1);
        g_assert_cmpstr(g_ptr_array_index(parsed.labels, 0), ==, "");
        g_assert_cmpstr(run_at(&parsed, 0)->started_at, ==, NULL);
        parsed_clear(&parsed);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import/wrk/heading/labels", test_phases_and_levels_are_labels);
    g_test_add_func("/import/wrk/heading/prose", test_other_words_are_no_headings);
    return g_test_run();
}
