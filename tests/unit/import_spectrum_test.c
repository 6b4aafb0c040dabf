/*
 * Percentile spectra: wrk2's, in published logs (tests/data/wrk), against the percentiles that wrk2
 * itself prints above them; what contradicts itself is told and not stored. HdrHistogram's own
 * files are read beside its library in tests/cli/runner_import_hdr.t.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "runner/import/parser.h"

#define DATA "tests/data/wrk"

typedef struct {
    int runs, with_hist, with_service;
    bool is_printed_there; /* compare with the figures of the text */
    char *mismatch;        /* of the last run */
    char *unread;          /* reasons */
    WbHist hist;           /* of the last run that has one */
} Got;

/* A tenth of the values lies above p90, so rows of p50, p75 and p90 are always there. */
static void check_beside_text(const WbRun *run, const WbHist *hist)
{
    const struct {
        double share;
        int64_t ns, half;
    } printed[] = {{0.5, run->latency_p50_ns, run->latency_p50_ns_half},
                   {0.75, run->latency_p75_ns, run->latency_p75_ns_half},
                   {0.9, run->latency_p90_ns, run->latency_p90_ns_half}};

    for (size_t i = 0; i < G_N_ELEMENTS(printed); i++) {
        int64_t got = wb_hist_quantile_ns(hist, printed[i].share);

        g_assert_cmpint(printed[i].ns, !=, WB_NONE);
        g_assert_cmpint(got, >=, printed[i].ns - printed[i].half - 1000);
        g_assert_cmpfloat((double)got, <=,
                          (double)(printed[i].ns + printed[i].half + 1000) * (1 + 1.0 / 128));
    }
    g_assert_cmpfloat(
        fabs((double)hist->sum_ns / (double)hist->count - (double)run->latency_mean_ns), <=,
        (double)run->latency_mean_ns_half + 1000);
    g_assert_cmpint(hist->count, <=, run->requests);
}

static bool on_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    Got *got = user_data;

    (void)labels;
    (void)error;
    got->runs++;
    g_free(got->mismatch);
    got->mismatch = g_strdup(run->printed_mismatch);
    for (size_t i = 0; run->details && i < run->details->hists_n; i++) {
        const WbHistRecord *record = &run->details->hists[i];

        if (strcmp(record->kind, "latency") == 0) {
            got->with_hist++;
            got->hist = *record->hist;
            if (got->is_printed_there)
                check_beside_text(run, record->hist);
        }
        got->with_service += strcmp(record->kind, "service") == 0;
    }
    return true;
}

static bool on_published(void *user_data, const WbPublished *published, const WbLabels *labels,
                         GError **error)
{
    (void)user_data;
    (void)published;
    (void)labels;
    (void)error;
    g_assert_not_reached();
}

static bool on_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    Got *got = user_data;
    char *more = g_strconcat(got->unread ? got->unread : "", line->reason, "\n", NULL);

    (void)error;
    g_free(got->unread);
    got->unread = more;
    return true;
}

static Got *parse(const WbParser *parser, const char *bytes, size_t len, bool is_printed_there)
{
    Got *got = g_new0(Got, 1);
    const WbSink sink = {on_run, on_published, on_unread, got};

    got->is_printed_there = is_printed_there;
    g_assert_true(parser->parse(bytes, len, &sink, NULL));
    return got;
}

static void got_free(Got *got)
{
    g_free(got->mismatch);
    g_free(got->unread);
    g_free(got);
}

static void test_wrk2_histograms_have_the_percentiles_of_its_text(void)
{
    g_autoptr(GDir) dir = g_dir_open(DATA, 0, NULL);
    int with_hist = 0, with_service = 0;
    const char *name;

    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(DATA, name, NULL);
        g_autofree char *bytes = NULL;
        gsize len;
        Got *got;

        g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
        got = parse(&wb_parser_wrk, bytes, len, true);
        with_hist += got->with_hist;
        with_service += got->with_service;
        got_free(got);
    }
    g_assert_cmpint(with_hist, >=, 10);
    g_assert_cmpint(with_service, >=, 1);
}

/* Replaces the only `from` in the log by `to`. */
static char *doctored(const char *bytes, const char *from, const char *to)
{
    const char *at = strstr(bytes, from);

    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - bytes), bytes, to, at + strlen(from));
}

static void test_a_spectrum_that_contradicts_itself_is_told(void)
{
    static const struct {
        const char *from, *to, *told;
    } cases[] = {
        {"Total count    =         4994", "Total count    =         5994", "another count"},
        {"[Mean    =        5", "[Mean    =        9", "another mean"},
    };
    static const char text[] =
        "Running 1s test @ http://h/\n  2 threads and 4 connections\n"
        "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"
        "    Latency     5.00ms    1.00ms   9.00ms   90.00%\n"
        "    Req/Sec     -nan      -nan   0.00      0.00%\n"
        "  Latency Distribution (HdrHistogram - Recorded Latency)\n"
        " 50.000%    5.00ms\n 75.000%    6.00ms\n 90.000%    6.00ms\n 99.000%    6.00ms\n"
        " 99.900%    6.00ms\n 99.990%    6.00ms\n 99.999%    6.00ms\n100.000%    9.00ms\n\n"
        "  Detailed Percentile spectrum:\n"
        "       Value   Percentile   TotalCount 1/(1-Percentile)\n\n"
        "       4.000     0.000000            1         1.00\n"
        "       5.000     0.500000         2497         2.00\n"
        "       6.000     0.990000         4990       100.00\n"
        "       9.000     1.000000         4994          inf\n"
        "#[Mean    =        5.000, StdDeviation   =        0.500]\n"
        "#[Max     =        9.000, Total count    =         4994]\n"
        "#[Buckets =           27, SubBuckets     =         2048]\n"
        "----------------------------------------------------------\n"
        "  5000 requests in 1.00s, 1.00MB read\nRequests/sec:   5000.00\nTransfer/sec:      "
        "1.00MB\n";
    Got *got = parse(&wb_parser_wrk, text, strlen(text), false);

    g_assert_cmpint(got->with_hist, ==, 1);
    g_assert_cmpstr(got->mismatch, ==, NULL);
    g_assert_cmpstr(got->unread, ==, NULL);
    g_assert_cmpint(got->hist.count, ==, 4994);
    g_assert_cmpint(got->hist.max_ns, ==, 9000000);
    g_assert_cmpint(got->hist.counts[wb_hist_index(6000000)], ==, 4990 - 2497);
    got_free(got);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wrong = doctored(text, cases[i].from, cases[i].to);

        got = parse(&wb_parser_wrk, wrong, strlen(wrong), false);
        g_assert_cmpint(got->runs, ==, 1);
        g_assert_cmpint(got->with_hist, ==, 0);
        g_assert_nonnull(strstr(got->mismatch, cases[i].told));
        got_free(got);
    }
}

static void test_hgrm_units_and_what_is_no_distribution(void)
{
    static const char titles[] = "  Value(us)   Percentile   TotalCount 1/(1-Percentile)\n\n";
    g_autofree char *good = g_strconcat(
        titles, "10 0.5 2 2\n30 0.75 3 4\n40 1.0 4\n#[Max = 40, Total count = 4]\n", NULL);
    g_autofree char *falls = g_strconcat(titles, "10 0.5 2 2\n9 0.75 3 4\n", NULL);
    g_autofree char *quoted =
        g_strdup("\"Value\",\"Percentile\",\"TotalCount\",\"1/(1-Percentile)\"\n"
                 "10.5,0.5,2,2\n30.5,1.0,3,Infinity\n");
    Got *got = parse(&wb_parser_hgrm, good, strlen(good), false);

    g_assert_true(wb_parser_for(good, strlen(good)) == &wb_parser_hgrm);
    g_assert_cmpint(got->hist.count, ==, 4);
    g_assert_cmpint(got->hist.max_ns, ==, 40000);
    got_free(got);
    got = parse(&wb_parser_hgrm, falls, strlen(falls), false);
    g_assert_cmpint(got->runs, ==, 0);
    g_assert_nonnull(strstr(got->unread, "fall"));
    got_free(got);
    g_assert_true(wb_parser_for(quoted, strlen(quoted)) == &wb_parser_hgrm);
    got = parse(&wb_parser_hgrm, quoted, strlen(quoted), false);
    g_assert_cmpint(got->hist.max_ns, ==, 30500000);
    g_assert_cmpint(got->hist.counts[wb_hist_index(10500000)], ==, 2);
    got_free(got);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import/spectrum/wrk2", test_wrk2_histograms_have_the_percentiles_of_its_text);
    g_test_add_func("/import/spectrum/contradicts",
                    test_a_spectrum_that_contradicts_itself_is_told);
    g_test_add_func("/import/spectrum/hgrm", test_hgrm_units_and_what_is_no_distribution);
    return g_test_run();
}
