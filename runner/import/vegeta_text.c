/*
 * vegeta's text report. What its figures mean:
 * - requests: the answers by status code; code 0 is no answer, and which error it was the report
 *   does not count: read.
 * - The rate asked for is in the first line, requests sent per second; "throughput" counts the good
 *   answers per second of the whole time. requests_per_s: answers / total time, where throughput
 *   does not say the same (all were good).
 * - latencies: from sending at the planned rate to the last byte; vegeta sends on time whatever
 *   the server does, so they count from when a request was due.
 */
#include <math.h>
#include <string.h>

#include "runner/import/tool_text.h"
#include "schema/units.h"

enum { SEEN_REQUESTS = 1, SEEN_DURATION = 2, SEEN_CODES = 4, SEEN_THROUGHPUT = 8 };
enum { NO_ANSWER, WRONG };

static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    const char *p = wb_tool_after(line, "Requests");

    (void)open;
    return p && line->end - p > 7 && memcmp(p, "[total,", 7) == 0;
}

/* Behind the list in brackets; the list itself in *out_list. */
static const char *behind_list(const char *p, const char *end, const char **out_list)
{
    const char *close = p < end && *p == '[' ? memchr(p, ']', (size_t)(end - p)) : NULL;

    *out_list = p + 1;
    return close ? wb_tool_skip(close + 1, end) : NULL;
}

static const char *next_item(const char *p, const char *end)
{
    const char *comma = memchr(p, ',', (size_t)(end - p));

    return comma ? wb_tool_skip(comma + 1, end) : end;
}

static void take_requests(WbToolBlock *block, const char *p, const char *end)
{
    double value, half;
    bool is_whole;

    if (wb_tool_count(p, end, &p) == WB_NONE)
        return;
    block->seen |= SEEN_REQUESTS;
    p = next_item(p, end);
    if (wb_units_scan_number(p, end, &value, &half, &is_whole) && value > 0)
        block->run.rate_per_s = value;
    p = next_item(p, end);
    if (p < end && wb_tool_rate(p, end, &block->run))
        block->seen |= SEEN_THROUGHPUT;
}

/* The list in brackets says which figure stands where: it grew with the versions. */
static void take_latencies(WbRun *run, const char *list, const char *p, const char *end)
{
    const struct {
        const char *name;
        int64_t *ns, *half;
    } known[] = {{"mean", &run->latency_mean_ns, &run->latency_mean_ns_half},
                 {"50", &run->latency_p50_ns, &run->latency_p50_ns_half},
                 {"90", &run->latency_p90_ns, &run->latency_p90_ns_half},
                 {"95", &run->latency_p95_ns, &run->latency_p95_ns_half},
                 {"99", &run->latency_p99_ns, &run->latency_p99_ns_half},
                 {"min", &run->latency_min_ns, &run->latency_min_ns_half},
                 {"max", &run->latency_max_ns, &run->latency_max_ns_half}};

    while (p < end && *list != ']') {
        size_t n = strcspn(list, ",]");
        int64_t ns, half;

        if (!wb_tool_go_time(p, end, &ns, &half))
            return;
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
            if (strlen(known[i].name) == n && memcmp(known[i].name, list, n) == 0) {
                *known[i].ns = ns;
                *known[i].half = half;
            }
        list += n;
        list += *list == ',' ? 1 + strspn(list + 1, " ") : 0;
        p = next_item(p, end);
    }
    run->latency_kind = "from due time";
}

/* "200:24000  404:1000  0:12". */
static void take_codes(WbToolBlock *block, const char *p, const char *end)
{
    int64_t answers = 0;

    while (p < end) {
        int64_t code = wb_tool_count(p, end, &p);
        int64_t count =
            code != WB_NONE && p < end && *p == ':' ? wb_tool_count(p + 1, end, &p) : WB_NONE;

        if (count == WB_NONE)
            return;
        answers = wb_tool_add(answers, code ? count : 0);
        block->count[NO_ANSWER] = wb_tool_add(block->count[NO_ANSWER], code ? 0 : count);
        if (code && (code < 200 || code > 399))
            block->count[WRONG] = wb_tool_add(block->count[WRONG], count);
        p = wb_tool_skip(p, end);
    }
    block->run.requests = answers;
    block->seen |= SEEN_CODES;
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    static const char *const keys[] = {"Requests",  "Duration", "Latencies",   "Bytes In",
                                       "Bytes Out", "Success",  "Status Codes"};
    WbRun *run = &block->run;
    const char *list = NULL, *p = NULL;
    int64_t ignored;
    size_t k = 0;

    for (; k < G_N_ELEMENTS(keys) && !p; k++) {
        p = wb_tool_after(line, keys[k]);
        p = p ? behind_list(p, line->end, &list) : NULL;
    }
    if (!p)
        return wb_tool_after(line, "Error Set:") ? WB_TOOL_LINE_LAST : WB_TOOL_LINE_FOREIGN;
    switch (k - 1) {
    case 0:
        take_requests(block, p, line->end);
        break;
    case 1:
        if (wb_tool_go_time(p, line->end, &run->elapsed_ns, &run->elapsed_ns_half))
            block->seen |= SEEN_DURATION;
        if (wb_tool_go_time(next_item(p, line->end), line->end, &run->asked_duration_ns, &ignored))
            run->asked_duration_ns_half = ignored;
        break;
    case 2:
        take_latencies(run, list, p, line->end);
        break;
    case 3:
        run->bytes = wb_tool_count(p, line->end, NULL);
        break;
    case 6:
        take_codes(block, p, line->end);
        break;
    default:
        break;
    }
    return WB_TOOL_LINE_TAKEN;
}

static bool finish(WbToolBlock *block)
{
    const uint32_t needed = SEEN_REQUESTS | SEEN_DURATION | SEEN_CODES;
    WbRun *run = &block->run;

    if ((block->seen & needed) != needed || run->elapsed_ns <= 0)
        return false;
    run->errors_status = block->count[WRONG];
    if (block->count[NO_ANSWER] == 0)
        wb_tool_no_errors(run);
    else
        run->errors_read = block->count[NO_ANSWER];
    if (block->count[WRONG] > 0 || !(block->seen & SEEN_THROUGHPUT)) {
        double seconds = (double)run->elapsed_ns / 1e9;

        run->requests_per_s = (double)run->requests / seconds;
        run->requests_per_s_half =
            run->requests_per_s * (double)run->elapsed_ns_half / (double)run->elapsed_ns;
    }
    return true;
}

static const WbToolText tool = {"vegeta", "[total,", NULL, NULL, begins, take, finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_vegeta = {.name = "vegeta",
                                   .what = "vegeta's text report",
                                   .is_log = true,
                                   .looks_like = looks_like,
                                   .parse = parse};
