/*
 * k6's summary as text, old and new. What its figures mean is what k6_json.c says of the same
 * summary as JSON: a request that failed is one with a status from 400 on or without an answer, not
 * told apart, and counts as a status error. elapsed_ns is requests / rate. Times are cut off, not
 * rounded.
 *
 * A line is "name....: figures". The old summary is in the order of the alphabet, so that its
 * data_received stands before the times; the new one has it behind them.
 */
#include <math.h>
#include <string.h>

#include "runner/import/tool_text.h"
#include "schema/units.h"

enum { SEEN_DATA = 1, SEEN_DURATION = 2, SEEN_REQUESTS = 4, SEEN_FAILED = 8, SEEN_VUS = 16 };
enum { FAILED };

static const WbToolOption options[] = {{"--vus", WB_TOOL_CONNECTIONS},
                                       {"-u", WB_TOOL_CONNECTIONS},
                                       {"--duration", WB_TOOL_DURATION},
                                       {"-d", WB_TOOL_DURATION},
                                       {NULL, 0}};

/* Behind "name....: ", or NULL. */
static const char *after_metric(const WbToolLine *line, const char *name)
{
    size_t n = strlen(name);
    const char *p = line->begin + n;

    if ((size_t)(line->end - line->begin) <= n || memcmp(line->begin, name, n) != 0)
        return NULL;
    while (p < line->end && *p == '.')
        p++;
    return p < line->end && *p == ':' ? wb_tool_skip(p + 1, line->end) : NULL;
}

static const char *after_duration(const WbToolLine *line)
{
    const char *p = after_metric(line, "http_req_duration");

    return p && g_strstr_len(p, line->end - p, "avg=") ? p : NULL;
}

static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    if (after_duration(line))
        return !open || (open->seen & SEEN_DURATION);
    return after_metric(line, "data_received") && (!open || (open->seen & SEEN_DATA));
}

/* "avg=1.07ms min=64.74us med=347.57us max=13.2ms p(90)=3.97ms p(95)=4.96ms", in any choice. */
static void take_duration(WbRun *run, const char *p, const char *end)
{
    while (p < end) {
        const char *equals = memchr(p, '=', (size_t)(end - p));
        int64_t ns, half;
        double percent, ignored;
        bool is_whole;
        size_t n;

        if (!equals)
            return;
        n = (size_t)(equals - p);
        if (!wb_tool_go_time(equals + 1, end, &ns, &half))
            return;
        half = 2 * half + 1; /* cut off, not rounded */
        if (n == 3 && memcmp(p, "avg", 3) == 0) {
            run->latency_mean_ns = ns;
            run->latency_mean_ns_half = half;
        } else if (n == 3 && memcmp(p, "max", 3) == 0) {
            run->latency_max_ns = ns;
            run->latency_max_ns_half = half;
        } else if (n == 3 && memcmp(p, "min", 3) == 0) {
            run->latency_min_ns = ns;
            run->latency_min_ns_half = half;
        } else if (n == 3 && memcmp(p, "med", 3) == 0) {
            wb_tool_set_percentile(run, 50, ns, half);
        } else if (n > 2 && memcmp(p, "p(", 2) == 0 &&
                   wb_units_scan_number(p + 2, equals, &percent, &ignored, &is_whole)) {
            wb_tool_set_percentile(run, percent, ns, half);
        }
        p = memchr(equals, ' ', (size_t)(end - equals));
        p = p ? wb_tool_skip(p, end) : end;
    }
}

/* "400   2987.878751/s". */
static void take_requests(WbToolBlock *block, const char *p, const char *end)
{
    const char *rate;

    block->run.requests = wb_tool_count(p, end, &rate);
    if (block->run.requests != WB_NONE && wb_tool_rate(wb_tool_skip(rate, end), end, &block->run))
        block->seen |= SEEN_REQUESTS;
}

/* "0.00% 0 out of 400"; before that with a tick, which counts what failed, and a cross. */
static void take_failed(WbToolBlock *block, const char *p, const char *end)
{
    const char *percent = memchr(p, '%', (size_t)(end - p));
    int64_t count;

    p = percent ? wb_tool_skip(percent + 1, end) : end;
    if (end - p > 3 && memcmp(p, "\xe2\x9c\x93", 3) == 0)
        p = wb_tool_skip(p + 3, end);
    count = wb_tool_count(p, end, NULL);
    if (count == WB_NONE)
        return;
    block->count[FAILED] = count;
    block->seen |= SEEN_FAILED;
}

/* "64 kB 478 kB/s": units of 1000. */
static void take_data(WbRun *run, const char *p, const char *end)
{
    static const char letters[] = "kMGT";
    double value, half, scale;
    bool is_whole;
    const char *unit = wb_units_scan_number(p, end, &value, &half, &is_whole);
    const char *letter;

    if (!unit)
        return;
    unit = wb_tool_skip(unit, end);
    letter = unit < end && *unit ? strchr(letters, *unit) : NULL;
    scale = letter ? pow(1000, (double)(letter - letters + 1)) : 1;
    if (value >= 0 && value * scale < 9e18) {
        run->bytes = llround(value * scale);
        run->bytes_half = letter ? llround(half * scale) : 0;
    }
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;

    if ((p = after_duration(line)) && wb_tool_take_once(block, SEEN_DURATION))
        take_duration(&block->run, p, line->end);
    else if ((p = after_metric(line, "data_received")) && wb_tool_take_once(block, SEEN_DATA))
        take_data(&block->run, p, line->end);
    else if ((p = after_metric(line, "http_reqs")) && !(block->seen & SEEN_REQUESTS))
        take_requests(block, p, line->end);
    else if ((p = after_metric(line, "http_req_failed")) && !(block->seen & SEEN_FAILED))
        take_failed(block, p, line->end);
    else if ((p = after_metric(line, "vus_max")) && wb_tool_take_once(block, SEEN_VUS))
        block->run.connections = wb_tool_count(p, line->end, NULL);
    else
        return WB_TOOL_LINE_FOREIGN;
    return WB_TOOL_LINE_TAKEN;
}

static bool finish(WbToolBlock *block)
{
    const uint32_t needed = SEEN_DURATION | SEEN_REQUESTS;
    WbRun *run = &block->run;
    double ns = (double)run->requests / run->requests_per_s * 1e9;

    if ((block->seen & needed) != needed || !(ns >= 1 && ns < 9e18))
        return false;
    run->elapsed_ns = llround(ns);
    if (block->seen & SEEN_FAILED) {
        run->errors_status = block->count[FAILED];
        if (block->count[FAILED] == 0)
            wb_tool_no_errors(run);
    }
    run->latency_kind = "raw";
    return true;
}

static const WbToolText tool = {"k6", "http_req_duration.", "k6", options, begins, take, finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_k6 = {.name = "k6",
                               .what = "summary of k6 as text",
                               .is_log = true,
                               .looks_like = looks_like,
                               .parse = parse};
