/*
 * plow's text. What its figures mean:
 * - requests: the answers by status or by class of status; "Count" and "RPS" are of all requests,
 *   those without an answer too, which "Error:" counts by the words of Go and fasthttp.
 * - elapsed_ns: Count / RPS, some thousand times finer than the printed time, which is cut off.
 * - Times are cut off to a microsecond; with --seconds they are plain numbers of seconds.
 * - bytes: a printed rate (MB of 1024 x 1024 a second) x elapsed.
 *
 * It prints a whole summary every 200 ms, on a terminal over the last one. The last is the one
 * whose histogram has shares; those before it are no runs.
 */
#include <math.h>
#include <string.h>

#include "runner/import/go_errors.h"
#include "runner/import/tool_text.h"
#include "schema/units.h"

enum {
    SEEN_COUNT = 1,
    SEEN_RPS = 2,
    SEEN_LATENCY = 4,
    SEEN_SHARE = 8,
    IN_ERRORS = 16,
    IN_PERCENTILES = 32,
    IN_HISTOGRAM = 64
};
enum { COUNT, ANSWERS, WRONG };

#define IS_WHOLE (SEEN_COUNT | SEEN_RPS | SEEN_LATENCY | SEEN_SHARE)
#define MB       (1024.0 * 1024.0)
#define CUT_NS   1000

static const WbToolOption options[] = {{"-c", WB_TOOL_CONNECTIONS},
                                       {"--concurrency", WB_TOOL_CONNECTIONS},
                                       {"-n", WB_TOOL_REQUESTS},
                                       {"-d", WB_TOOL_DURATION},
                                       {NULL, 0}};

/* "Benchmarking http://x/ with 500 request(s) for 2m0s using 4 connection(s)." */
static const char *after_begin(const WbToolLine *line)
{
    const char *p = wb_tool_after(line, "Benchmarking ");
    const char *using = p ? g_strstr_len(p, line->end - p, " using ") : NULL;

    return using && g_strstr_len(using, line->end - using, " connection(s)") ? p : NULL;
}

static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    return after_begin(line) ||
           (wb_tool_after(line, "Summary:") && (!open || (open->seen & IS_WHOLE) == IS_WHOLE));
}

static void take_begin(WbToolBlock *block, const char *p, const char *end)
{
    const char *url_end = memchr(p, ' ', (size_t)(end - p));
    const char *using = g_strstr_len(p, end - p, " using ");
    const char *with = g_strstr_len(url_end, using - url_end, " with ");
    const char *of = g_strstr_len(url_end, using - url_end, " for ");
    int64_t half;

    g_string_append_len(block->url, p, url_end - p);
    block->run.connections = wb_tool_count(using + 7, end, NULL);
    if (with)
        block->run.asked_requests = wb_tool_count(with + 6, using, NULL);
    if (of && wb_tool_go_time(of + 5, using, &block->run.asked_duration_ns, &half))
        block->run.asked_duration_ns_half = 0; /* as it was asked */
}

/* A new summary, over the one before. */
static void take_summary(WbToolBlock *block)
{
    block->seen = 0;
    block->count[COUNT] = block->count[ANSWERS] = block->count[WRONG] = 0;
    wb_tool_no_errors(&block->run);
}

/* "80.234ms", or "0.080234" with --seconds. */
static const char *scan_time(const char *p, const char *end, int64_t *out_ns, int64_t *out_half)
{
    const char *after = wb_tool_go_time(p, end, out_ns, out_half);

    if (!after && !wb_tool_time(p, end, WB_TOOL_SECOND, out_ns, out_half, &after))
        return NULL;
    *out_half = CUT_NS;
    return after;
}

/* "80.234ms  432.616ms  124.708ms  1.799811s": Min, Mean, StdDev, Max. */
static void take_latency(WbToolBlock *block, const char *p, const char *end)
{
    WbRun *run = &block->run;
    int64_t ns[4], half[4];

    for (size_t i = 0; i < 4; i++) {
        p = scan_time(wb_tool_skip(p, end), end, &ns[i], &half[i]);
        if (!p)
            return;
    }
    run->latency_min_ns = ns[0];
    run->latency_mean_ns = ns[1];
    run->latency_stdev_ns = ns[2];
    run->latency_max_ns = ns[3];
    run->latency_min_ns_half = run->latency_mean_ns_half = CUT_NS;
    run->latency_stdev_ns_half = run->latency_max_ns_half = CUT_NS;
    run->latency_kind = "raw";
    block->seen |= SEEN_LATENCY;
}

/* The row below "P50 P75 P90 P95 P99 P99.9 P99.99". */
static void take_percentiles(WbToolBlock *block, const WbToolLine *line)
{
    WbRun *run = &block->run;
    struct {
        int64_t *ns, *half;
    } columns[] = {{&run->latency_p50_ns, &run->latency_p50_ns_half},
                   {&run->latency_p75_ns, &run->latency_p75_ns_half},
                   {&run->latency_p90_ns, &run->latency_p90_ns_half},
                   {&run->latency_p95_ns, &run->latency_p95_ns_half},
                   {&run->latency_p99_ns, &run->latency_p99_ns_half},
                   {&run->latency_p999_ns, &run->latency_p999_ns_half}};
    const char *p = line->begin;

    block->seen &= ~(uint32_t)IN_PERCENTILES;
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        int64_t ns, half;

        p = scan_time(wb_tool_skip(p, line->end), line->end, &ns, &half);
        if (!p)
            return;
        *columns[i].ns = ns;
        *columns[i].half = half;
    }
}

static bool is_percentile_heading(const WbToolLine *line)
{
    const char *p = wb_tool_after(line, "P50 ");

    return p && line->end - (p = wb_tool_skip(p, line->end)) > 3 && memcmp(p, "P75", 3) == 0;
}

/* "2xx  138415" or "200  138415". */
static bool take_code(WbToolBlock *block, const WbToolLine *line)
{
    const char *p = line->begin;
    int64_t count;

    if (line->end - p < 5 || *p < '1' || *p > '5' || p[3] != ' ' ||
        !((p[1] == 'x' && p[2] == 'x') || (g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]))))
        return false;
    count = wb_tool_count(wb_tool_skip(p + 3, line->end), line->end, NULL);
    if (count == WB_NONE)
        return false;
    block->count[ANSWERS] = wb_tool_add(block->count[ANSWERS], count);
    if (*p != '2' && *p != '3')
        block->count[WRONG] = wb_tool_add(block->count[WRONG], count);
    return true;
}

/* "12  "dial tcp 127.0.0.1:1: connect: connection refused"". */
static bool take_error(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;
    int64_t count = wb_tool_count(line->begin, line->end, &p);

    if (count == WB_NONE || (p = wb_tool_skip(p, line->end)) == line->end || *p != '"')
        return false;
    wb_go_error(&block->run, p, line->end, count);
    return true;
}

/* "432.616ms  43370  31.33%": the share is in the last summary only. */
static bool take_bar(WbToolBlock *block, const WbToolLine *line)
{
    int64_t ns, half;
    double share, share_half;
    bool is_whole;
    const char *p = scan_time(line->begin, line->end, &ns, &half);

    if (!p || wb_tool_count(wb_tool_skip(p, line->end), line->end, &p) == WB_NONE)
        return false;
    p = wb_units_scan_number(wb_tool_skip(p, line->end), line->end, &share, &share_half, &is_whole);
    if (p && p < line->end && *p == '%')
        block->seen |= SEEN_SHARE;
    return true;
}

static WbToolLineUse take_row(WbToolBlock *block, const WbToolLine *line)
{
    bool is_taken = false;

    if (is_percentile_heading(line)) {
        block->seen |= IN_PERCENTILES;
        is_taken = true;
    } else if (block->seen & IN_PERCENTILES) {
        take_percentiles(block, line);
        is_taken = true;
    } else if (block->seen & IN_HISTOGRAM) {
        is_taken = take_bar(block, line);
    } else if (block->seen & IN_ERRORS) {
        is_taken = take_error(block, line);
    } else if (!(block->seen & SEEN_RPS)) {
        is_taken = take_code(block, line);
    }
    return is_taken ? WB_TOOL_LINE_TAKEN : WB_TOOL_LINE_FOREIGN;
}

static void take_reads(WbRun *run, const char *p, const char *end)
{
    double rate, half;
    bool is_whole;

    /* For now a rate; finish knows the time. */
    if (wb_units_scan_number(p, end, &rate, &half, &is_whole) && rate >= 0 && rate < 1e9) {
        run->bytes = llround(rate * MB);
        run->bytes_half = llround(half * MB);
    }
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;

    if ((p = after_begin(line))) {
        take_begin(block, p, line->end);
    } else if (wb_tool_after(line, "Summary:")) {
        take_summary(block);
    } else if ((p = wb_tool_after(line, "Count "))) {
        block->count[COUNT] = MAX(0, wb_tool_count(p, line->end, NULL));
        block->seen |= SEEN_COUNT;
    } else if ((p = wb_tool_after(line, "RPS "))) {
        if (!(block->seen & SEEN_RPS) && wb_tool_rate(p, line->end, &block->run))
            block->seen |= SEEN_RPS;
    } else if ((p = wb_tool_after(line, "Reads "))) {
        take_reads(&block->run, p, line->end);
    } else if (wb_tool_after(line, "Error:")) {
        block->seen |= IN_ERRORS;
    } else if (wb_tool_after(line, "Latency Percentile:")) {
        block->seen &= ~(uint32_t)IN_ERRORS;
    } else if (wb_tool_after(line, "Latency Histogram:")) {
        block->seen |= IN_HISTOGRAM;
    } else if ((p = wb_tool_after(line, "Latency "))) {
        take_latency(block, p, line->end);
    } else {
        return take_row(block, line);
    }
    return WB_TOOL_LINE_TAKEN;
}

static bool finish(WbToolBlock *block)
{
    WbRun *run = &block->run;
    double rps = run->requests_per_s, half = run->requests_per_s_half;
    double s = (double)block->count[COUNT] / rps;

    if ((block->seen & IS_WHOLE) != IS_WHOLE || !(rps > half) || !(s > 0 && s < 9e9))
        return false;
    run->requests = block->count[ANSWERS];
    run->errors_status = block->count[WRONG];
    run->elapsed_ns = llround(s * WB_TOOL_SECOND);
    run->elapsed_ns_half = llround(s * half / (rps - half) * WB_TOOL_SECOND);
    run->requests_per_s = (double)run->requests / s;
    if (run->bytes != WB_NONE) {
        run->bytes_half = llround(MIN((double)run->bytes_half * s, 9e18));
        run->bytes = llround(MIN((double)run->bytes * s, 9e18));
    }
    return true;
}

static const WbToolText tool = {"plow", "Latency Percentile:", "plow", options, begins, take,
                                finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_plow = {.name = "plow",
                                 .what = "text of plow",
                                 .is_log = true,
                                 .looks_like = looks_like,
                                 .parse = parse};
