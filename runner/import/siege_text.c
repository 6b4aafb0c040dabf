/*
 * siege's text, and the JSON lines that take its place from version 4.1 on. What its figures mean:
 * - requests: "Transactions", which siege counts when an answer came.
 * - "Failed transactions" are socket errors and timeouts, not told apart: taken for read errors.
 * - Times in s with 2 decimals: a fast server shows 0.00, which is 0 to 5 ms.
 */
#include <string.h>

#include "runner/import/tool_text.h"
#include "schema/units.h"

enum { SEEN_HITS = 1, SEEN_TIME = 2, SEEN_RATE = 4 };

static const WbToolOption options[] = {
    {"-c", WB_TOOL_CONNECTIONS}, {"-t", WB_TOOL_DURATION}, {NULL, 0}};

/* Behind a row's title, in words or in JSON. */
static const char *after_title(const WbToolLine *line, const char *words, const char *json)
{
    const char *p = wb_tool_after(line, words);

    return p ? p : wb_tool_after(line, json);
}

static const char *after_transactions(const WbToolLine *line)
{
    return after_title(line, "Transactions:", "\"transactions\":");
}

static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    const char *p = after_transactions(line);

    (void)open;
    return p && wb_tool_count(p, line->end, &p) != WB_NONE &&
           (*line->begin == '"' || g_strstr_len(p, line->end - p, "hits"));
}

static void take_failed(WbRun *run, int64_t count)
{
    if (count == 0)
        wb_tool_no_errors(run);
    run->errors_read = count;
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    WbRun *run = &block->run;
    const char *p;

    if ((p = after_transactions(line))) {
        run->requests = wb_tool_count(p, line->end, NULL);
        block->seen |= SEEN_HITS;
    } else if ((p = after_title(line, "Elapsed time:", "\"elapsed_time\":"))) {
        if (wb_tool_time(p, line->end, WB_TOOL_SECOND, &run->elapsed_ns, &run->elapsed_ns_half,
                         NULL))
            block->seen |= SEEN_TIME;
    } else if ((p = after_title(line, "Transaction rate:", "\"transaction_rate\":"))) {
        if (wb_tool_rate(p, line->end, run))
            block->seen |= SEEN_RATE;
    } else if ((p = after_title(line, "Response time:", "\"response_time\":"))) {
        wb_tool_time(p, line->end, WB_TOOL_SECOND, &run->latency_mean_ns,
                     &run->latency_mean_ns_half, NULL);
    } else if ((p = after_title(line, "Longest transaction:", "\"longest_transaction\":"))) {
        wb_tool_time(p, line->end, WB_TOOL_SECOND, &run->latency_max_ns, &run->latency_max_ns_half,
                     NULL);
    } else if ((p = after_title(line, "Failed transactions:", "\"failed_transactions\":"))) {
        take_failed(run, wb_tool_count(p, line->end, NULL));
    } else if ((p = after_title(line, "Shortest transaction:", "\"shortest_transaction\":"))) {
        wb_tool_time(p, line->end, WB_TOOL_SECOND, &run->latency_min_ns, &run->latency_min_ns_half,
                     NULL);
        return WB_TOOL_LINE_LAST;
    } else {
        return WB_TOOL_LINE_FOREIGN;
    }
    return WB_TOOL_LINE_TAKEN;
}

static bool finish(WbToolBlock *block)
{
    const uint32_t needed = SEEN_HITS | SEEN_TIME | SEEN_RATE;

    if (block->run.latency_mean_ns != WB_NONE)
        block->run.latency_kind = "raw";
    return (block->seen & needed) == needed;
}

static const WbToolText tool = {"siege", "ransactions", "siege", options, begins, take, finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_siege = {.name = "siege",
                                  .what = "text of siege",
                                  .is_log = true,
                                  .looks_like = looks_like,
                                  .parse = parse};
