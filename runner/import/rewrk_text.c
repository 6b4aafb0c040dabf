/*
 * rewrk's text. What its figures mean:
 * - requests: the answers, whatever their status, which it does not tell.
 * - elapsed_ns: requests / rate, since only the time that was asked for is printed.
 * - errors: one line a message; which kind it was only the words say.
 * - Sizes are of 1024, whatever "MB" says.
 */
#include <math.h>
#include <string.h>

#include "runner/import/tool_text.h"
#include "schema/units.h"

enum { SEEN_LATENCIES = 1, SEEN_ROW = 2, SEEN_TOTAL = 4, IN_TRANSFER = 8 };

static const WbToolOption options[] = {
    {"-c", WB_TOOL_CONNECTIONS}, {"-t", WB_TOOL_THREADS}, {"-d", WB_TOOL_DURATION}, {NULL, 0}};

/* "Benchmarking 500 connections @ http://127.0.0.1:3000 for 30 second(s)". */
static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    const char *p = wb_tool_after(line, "Benchmarking ");

    (void)open;
    return p && g_strstr_len(p, line->end - p, " connections @ ");
}

static void take_begin(WbToolBlock *block, const char *p, const char *end)
{
    const char *url;
    const char *rest;
    int64_t seconds;

    block->run.connections = wb_tool_count(p, end, NULL);
    url = g_strstr_len(p, end - p, " connections @ ");
    url = url ? url + strlen(" connections @ ") : end;
    rest = g_strstr_len(url, end - url, " for ");
    g_string_append_len(block->url, url, (rest ? rest : end) - url);
    seconds = rest ? wb_tool_count(rest + 5, end, NULL) : WB_NONE;
    if (seconds != WB_NONE && seconds < 1000000000)
        block->run.asked_duration_ns = seconds * 1000000000;
}

/* "0.54ms   0.92ms   0.03ms   152.70ms": Avg, Stdev, Min, Max. */
static bool take_row(WbToolBlock *block, const WbToolLine *line)
{
    WbRun *run = &block->run;
    int64_t ns[4], half[4];
    const char *p = line->begin;

    for (size_t i = 0; i < 4; i++) {
        p = wb_units_scan_time(wb_tool_skip(p, line->end), line->end, &ns[i], &half[i]);
        if (!p || ns[i] < 0)
            return false;
    }
    if (!wb_tool_take_once(block, SEEN_ROW))
        return true;
    run->latency_mean_ns = ns[0];
    run->latency_mean_ns_half = half[0];
    run->latency_stdev_ns = ns[1];
    run->latency_stdev_ns_half = half[1];
    run->latency_min_ns = ns[2];
    run->latency_min_ns_half = half[2];
    run->latency_max_ns = ns[3];
    run->latency_max_ns_half = half[3];
    run->latency_kind = "raw";
    return true;
}

/* "Total: 27996675 Req/Sec: 933296.99", then "Total: 3.39 GB Transfer Rate: 115.71 MB/Sec". */
static void take_total(WbToolBlock *block, const char *p, const char *end)
{
    const char *rate = g_strstr_len(p, end - p, "Req/Sec:");
    WbRun *run = &block->run;
    double value, half;
    bool is_whole;

    if (rate && !(block->seen & SEEN_TOTAL)) {
        run->requests = wb_tool_count(p, end, NULL);
        if (run->requests != WB_NONE && wb_tool_rate(wb_tool_skip(rate + 8, end), end, run))
            block->seen |= SEEN_TOTAL;
    } else if (!rate && (block->seen & IN_TRANSFER) && run->bytes == WB_NONE &&
               (p = wb_units_scan_number(p, end, &value, &half, &is_whole)) && value >= 0) {
        static const char letters[] = "KMG";
        const char *unit = wb_tool_skip(p, end);
        const char *letter = unit < end && *unit ? strchr(letters, *unit) : NULL;
        double scale = letter ? pow(1024, (double)(letter - letters + 1)) : 1;

        if (value * scale < 9e18) {
            run->bytes = llround(value * scale);
            run->bytes_half = llround(half * scale);
        }
    }
}

/* "12 Errors: connection closed before message completed". */
static bool take_errors(WbRun *run, const WbToolLine *line)
{
    const char *p;
    int64_t count = wb_tool_count(line->begin, line->end, &p);
    int64_t *out = &run->errors_read;

    if (count == WB_NONE || !(p = g_strstr_len(p, line->end - p, " Errors: ")))
        return false;
    if (g_strstr_len(p, line->end - p, "onnect error") || g_strstr_len(p, line->end - p, "refused"))
        out = &run->errors_connect;
    else if (g_strstr_len(p, line->end - p, "timed out"))
        out = &run->errors_timeout;
    *out = wb_tool_add(*out, count);
    return true;
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;

    if ((p = wb_tool_after(line, "Benchmarking "))) {
        wb_tool_no_errors(&block->run);
        take_begin(block, p, line->end);
    } else if (wb_tool_after(line, "Latencies:")) {
        block->seen |= SEEN_LATENCIES;
    } else if (wb_tool_after(line, "Transfer:")) {
        block->seen |= IN_TRANSFER;
    } else if ((p = wb_tool_after(line, "Total:"))) {
        take_total(block, p, line->end);
    } else {
        return ((block->seen & SEEN_LATENCIES) && take_row(block, line)) ||
                       take_errors(&block->run, line)
                   ? WB_TOOL_LINE_TAKEN
                   : WB_TOOL_LINE_FOREIGN;
    }
    return WB_TOOL_LINE_TAKEN;
}

static bool finish(WbToolBlock *block)
{
    const uint32_t needed = SEEN_ROW | SEEN_TOTAL;
    WbRun *run = &block->run;
    double ns = (double)run->requests / run->requests_per_s * 1e9;

    if ((block->seen & needed) != needed)
        return false;
    if (ns > 0 && ns < 9e18) {
        run->elapsed_ns = llround(ns);
        run->elapsed_ns_half = llround(ns * run->requests_per_s_half / run->requests_per_s);
    }
    return true;
}

static const WbToolText tool = {"rewrk", "Benchmarking ", "rewrk", options, begins, take, finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_rewrk = {.name = "rewrk",
                                  .what = "text of rewrk",
                                  .is_log = true,
                                  .looks_like = looks_like,
                                  .parse = parse};
