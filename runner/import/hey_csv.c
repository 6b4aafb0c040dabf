/*
 * hey's CSV (`hey -o csv`): each request that was answered, at most the first 1,000,000. A run has
 * all latencies as a histogram, in steps of 0.1 ms, as hey prints them.
 *
 * What its figures mean: requests are the rows, of any status. A request without an answer has no
 * row, so that the errors are not known; nor are the bytes. elapsed_ns ends with the last answer
 * (offset + response time), since nothing else says how long the run was.
 */
#include <math.h>
#include <string.h>

#include "runner/import/parser.h"
#include "runner/latency_figures.h"
#include "schema/units.h"

#define ROWS_MAX   1000000 /* where hey stops to keep them */
#define HALF_NS    50000   /* of four decimals of a second */
#define LONGEST_S  2592000.0
#define HEADER     "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,"
#define COLUMNS    8
#define UNREAD_MAX 500

enum { RESPONSE_TIME, STATUS = 6, OFFSET };

static bool looks_like(const char *bytes, size_t len)
{
    return len >= strlen(HEADER) && memcmp(bytes, HEADER, strlen(HEADER)) == 0;
}

/* The eight numbers of a row. */
static bool scan_row(const char *p, const char *end, double values[COLUMNS])
{
    double half;
    bool is_whole;

    while (end > p && end[-1] == '\r')
        end--;
    for (size_t i = 0; i < COLUMNS; i++) {
        p = wb_units_scan_number(p, end, &values[i], &half, &is_whole);
        if (!p || !(values[i] >= 0 && values[i] <= LONGEST_S) ||
            (i + 1 < COLUMNS ? p == end || *p++ != ',' : p != end))
            return false;
    }
    return true;
}

static void add_row(WbRun *run, WbHist *hist, const double values[COLUMNS])
{
    int64_t ns = llround(values[RESPONSE_TIME] * 1e9);

    run->requests++;
    run->errors_status += values[STATUS] < 200 || values[STATUS] >= 400;
    run->elapsed_ns = MAX(run->elapsed_ns, ns + llround(values[OFFSET] * 1e9));
    wb_hist_add(hist, ns);
}

static bool report(const WbSink *sink, int64_t number, const char *line, size_t len, GError **error)
{
    g_autofree char *text = g_utf8_make_valid(line, (gssize)MIN(len, UNREAD_MAX));
    const WbUnreadLine unread = {number, text, "no row of hey's CSV"};

    return sink->unread(sink->user_data, &unread, error);
}

static bool read_rows(const char *bytes, size_t len, WbRun *run, WbHist *hist, const WbSink *sink,
                      GError **error)
{
    const char *end = bytes + len;
    double values[COLUMNS];
    int64_t number = 0;

    while (bytes < end) {
        const char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));
        const char *line = bytes;

        line_end = line_end ? line_end : end;
        bytes = MIN(line_end + 1, end);
        if (++number == 1 || line == line_end)
            continue;
        if (scan_row(line, line_end, values))
            add_row(run, hist, values);
        else if (!report(sink, number, line, (size_t)(line_end - line), error))
            return false;
    }
    return true;
}

static void fill(WbRun *run, const WbHist *hist)
{
    run->tool = "hey";
    run->status = run->requests < ROWS_MAX ? "complete" : "partial";
    run->log_line = 1;
    run->elapsed_ns_half = 2 * HALF_NS;
    if (run->elapsed_ns > 0)
        run->requests_per_s = (double)run->requests * 1e9 / (double)run->elapsed_ns;
    wb_latency_centre(run, hist);
    wb_latency_quantiles(run, hist);
    run->latency_mean_ns_half = run->latency_max_ns_half = run->latency_p50_ns_half =
        run->latency_p75_ns_half = run->latency_p90_ns_half = run->latency_p95_ns_half =
            run->latency_p99_ns_half = run->latency_min_ns_half = run->latency_p999_ns_half =
                HALF_NS;
    run->latency_kind = "raw";
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    g_autofree WbHist *hist = g_new0(WbHist, 1);
    const WbHistRecord record = {"latency", hist};
    const WbRunDetails details = {.hists = &record, .hists_n = 1};
    WbRun run;

    wb_run_init(&run);
    run.requests = run.errors_status = run.elapsed_ns = 0;
    if (!read_rows(bytes, len, &run, hist, sink, error))
        return false;
    if (run.requests == 0)
        return true;
    fill(&run, hist);
    run.details = &details;
    return sink->run(sink->user_data, &run, NULL, error);
}

const WbParser wb_parser_hey_csv = {.name = "hey-csv",
                                    .what = "CSV of hey (-o csv)",
                                    .is_log = true,
                                    .looks_like = looks_like,
                                    .parse = parse};
