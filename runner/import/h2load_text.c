/*
 * h2load's text, and that of weighttp, its ancestor. What its figures mean:
 * - requests: done without the errored ones: whole answers of any status.
 * - errored includes the timeouts; the others are not told apart: lost on a connection, so read.
 * - In timed mode the rate is per the asked duration, while "finished in" includes the warm-up: the
 *   two may disagree, and the rate counts.
 */
#include <string.h>

#include "runner/import/tool_text.h"
#include "schema/units.h"

#define MOST_OF_A_PART 1000000000 /* seconds; 32 years are no run */

enum { SEEN_REQUESTS = 1, SEEN_RATE = 2, IS_WEIGHTTP = 4 };

static const WbToolOption options[] = {{"-c", WB_TOOL_CONNECTIONS},
                                       {"--clients", WB_TOOL_CONNECTIONS},
                                       {"-t", WB_TOOL_THREADS},
                                       {"--threads", WB_TOOL_THREADS},
                                       {"-n", WB_TOOL_REQUESTS},
                                       {"--requests", WB_TOOL_REQUESTS},
                                       {"-D", WB_TOOL_DURATION},
                                       {"--duration", WB_TOOL_DURATION},
                                       {NULL, 0}};

static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    const char *p = wb_tool_after(line, "finished in ");

    (void)open;
    return p && g_strstr_len(p, line->end - p, " req/s");
}

/* "21 sec, 218 millisec and 705 microsec": parts that are not zero-padded. */
static const char *take_parts(WbRun *run, const char *p, const char *end)
{
    static const struct {
        const char *word;
        int64_t ns;
    } parts[] = {{" sec, ", 1000000000}, {" millisec and ", 1000000}, {" microsec", 1000}};
    int64_t ns = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        size_t n = strlen(parts[i].word);
        int64_t count = wb_tool_count(p, end, &p);

        if (count == WB_NONE || count > MOST_OF_A_PART || (size_t)(end - p) < n ||
            memcmp(p, parts[i].word, n) != 0)
            return NULL;
        ns += count * parts[i].ns;
        p += n;
    }
    run->elapsed_ns = ns;
    run->elapsed_ns_half = 500;
    return p;
}

static bool take_finished(WbToolBlock *block, const char *p, const char *end)
{
    WbRun *run = &block->run;
    const char *after = take_parts(run, p, end);

    if (after) {
        block->seen |= IS_WEIGHTTP;
        run->tool = "weighttp";
    } else {
        after = wb_units_scan_time(p, end, &run->elapsed_ns, &run->elapsed_ns_half);
    }
    if (!after || after == end || *after != ',' ||
        !wb_tool_rate(wb_tool_skip(after + 1, end), end, run))
        return false;
    block->seen |= SEEN_RATE;
    return true;
}

/* The number before a word: "100000 done". */
static int64_t count_before(const WbToolLine *line, const char *word)
{
    const char *at = g_strstr_len(line->begin, line->end - line->begin, word);
    const char *p = at;

    while (p && p > line->begin && g_ascii_isdigit(p[-1]))
        p--;
    return p ? wb_tool_count(p, at, NULL) : WB_NONE;
}

static void take_requests(WbToolBlock *block, const WbToolLine *line)
{
    WbRun *run = &block->run;
    int64_t done = count_before(line, " done"), errored = count_before(line, " errored");
    int64_t timeouts = count_before(line, " timeout");

    if (done == WB_NONE || errored == WB_NONE || errored > done)
        return;
    run->requests = done - errored;
    run->errors_timeout = timeouts;
    run->errors_read = MAX(0, errored - MAX(0, timeouts));
    if (errored == 0)
        run->errors_connect = run->errors_write = 0;
    block->seen |= SEEN_REQUESTS;
}

/* "traffic: 69.71MB (73100000) total, ..."; weighttp: "traffic: 163000000 bytes total". */
static void take_traffic(WbRun *run, const char *p, const char *end)
{
    const char *open = memchr(p, '(', (size_t)(end - p));
    const char *total = g_strstr_len(p, end - p, " total");

    run->bytes = wb_tool_count(open && total && open < total ? open + 1 : p, end, NULL);
}

/* "time for request:  164us  17.99ms  215us  142us  97.03%": min, max, mean, sd. */
static void take_times(WbRun *run, const char *p, const char *end)
{
    int64_t ns[4], half[4];

    for (int i = 0; i < 4; i++) {
        p = wb_units_scan_time(wb_tool_skip(p, end), end, &ns[i], &half[i]);
        if (!p)
            return;
    }
    run->latency_min_ns = ns[0];
    run->latency_min_ns_half = half[0];
    run->latency_max_ns = ns[1];
    run->latency_max_ns_half = half[1];
    run->latency_mean_ns = ns[2];
    run->latency_mean_ns_half = half[2];
    run->latency_stdev_ns = ns[3];
    run->latency_stdev_ns_half = half[3];
    run->latency_kind = "raw";
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;

    if ((p = wb_tool_after(line, "finished in "))) {
        take_finished(block, p, line->end);
    } else if (wb_tool_after(line, "requests: ")) {
        take_requests(block, line);
    } else if (wb_tool_after(line, "status codes: ")) {
        int64_t wrong = count_before(line, " 4xx"), worse = count_before(line, " 5xx");

        if (wrong != WB_NONE && worse != WB_NONE)
            block->run.errors_status = wrong + worse;
    } else if ((p = wb_tool_after(line, "traffic: "))) {
        take_traffic(&block->run, p, line->end);
        return block->seen & IS_WEIGHTTP ? WB_TOOL_LINE_LAST : WB_TOOL_LINE_TAKEN;
    } else if ((p = wb_tool_after(line, "time for request:"))) {
        take_times(&block->run, p, line->end);
    } else if (wb_tool_after(line, "req/s ")) {
        return WB_TOOL_LINE_LAST;
    } else {
        return WB_TOOL_LINE_FOREIGN;
    }
    return WB_TOOL_LINE_TAKEN;
}

static bool finish(WbToolBlock *block)
{
    return (block->seen & (SEEN_REQUESTS | SEEN_RATE)) == (SEEN_REQUESTS | SEEN_RATE);
}

static const WbToolText tool = {"h2load", "finished in ", "h2load", options, begins, take, finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_h2load = {.name = "h2load",
                                   .what = "text of h2load and weighttp",
                                   .is_log = true,
                                   .looks_like = looks_like,
                                   .parse = parse};
