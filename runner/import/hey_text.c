/*
 * hey's text. What its figures mean:
 * - requests: the answers by status code; the number of all results is not printed. Its rate counts
 *   failed ones as well, so that it may disagree with requests / time: a warning, and right.
 * - errors: from the error distribution, by the words of Go's net package.
 * - latencies: in s with 4 decimals, of the first 1,000,000 results; a percentile without a value
 *   prints "0% in 0.0000 secs" and is none.
 */
#include <string.h>

#include "runner/import/tool_text.h"

enum {
    SEEN_TOTAL = 1,
    SEEN_RATE = 2,
    SEEN_CODES = 4,
    SEEN_FOREIGN = 8,
    IN_CODES = 16,
    IN_ERRORS = 32
};

static const WbToolOption options[] = {
    {"-c", WB_TOOL_CONNECTIONS}, {"-n", WB_TOOL_REQUESTS}, {"-z", WB_TOOL_DURATION}, {NULL, 0}};

static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    (void)open;
    return line->end - line->begin == 8 && memcmp(line->begin, "Summary:", 8) == 0;
}

/* Seconds that must be followed by their unit: other tools print a summary as well. */
static bool take_secs(const WbToolLine *line, const char *p, int64_t *ns, int64_t *half)
{
    const char *after;
    int64_t value, width;

    if (!wb_tool_time(p, line->end, WB_TOOL_SECOND, &value, &width, &after))
        return false;
    after = wb_tool_skip(after, line->end);
    if (line->end - after < 3 || memcmp(after, "sec", 3) != 0)
        return false;
    *ns = value;
    *half = width;
    return true;
}

static bool take_time(WbToolBlock *block, const WbToolLine *line)
{
    WbRun *run = &block->run;
    const char *p;

    if ((p = wb_tool_after(line, "Total:"))) {
        if (take_secs(line, p, &run->elapsed_ns, &run->elapsed_ns_half))
            block->seen |= SEEN_TOTAL;
        else
            block->seen |= SEEN_FOREIGN;
    } else if ((p = wb_tool_after(line, "Slowest:"))) {
        take_secs(line, p, &run->latency_max_ns, &run->latency_max_ns_half);
    } else if ((p = wb_tool_after(line, "Average:"))) {
        take_secs(line, p, &run->latency_mean_ns, &run->latency_mean_ns_half);
    } else if ((p = wb_tool_after(line, "Fastest:"))) {
        take_secs(line, p, &run->latency_min_ns, &run->latency_min_ns_half);
    }
    return p != NULL;
}

/* "50% in 0.0050 secs"; older builds print "50%% in". */
static bool take_percentile(WbToolBlock *block, const WbToolLine *line)
{
    int64_t ns, half;
    const char *p;
    int64_t percent = wb_tool_count(line->begin, line->end, &p);
    const char *in = percent == WB_NONE ? NULL : g_strstr_len(p, line->end - p, "% in ");

    if (!in || in - p > 1)
        return false;
    if (take_secs(line, in + 5, &ns, &half))
        wb_tool_set_percentile(&block->run, (double)percent, ns, half);
    return true;
}

/* "[200]  205081 responses". */
static bool take_code(WbToolBlock *block, const WbToolLine *line)
{
    const char *p = wb_tool_after(line, "[");
    int64_t code = p ? wb_tool_count(p, line->end, &p) : WB_NONE;
    int64_t count;

    if (code == WB_NONE || p == line->end || *p != ']')
        return false;
    count = wb_tool_count(wb_tool_skip(p + 1, line->end), line->end, NULL);
    if (count == WB_NONE)
        return false;
    block->run.requests = wb_tool_add(block->run.requests, count);
    if (code < 200 || code > 399)
        block->run.errors_status = wb_tool_add(block->run.errors_status, count);
    return true;
}

static bool has(const WbToolLine *line, const char *words)
{
    return g_strstr_len(line->begin, line->end - line->begin, words) != NULL;
}

/* "[253]  Get "http://...": dial tcp ...: connect: connection refused". */
static bool take_error(WbToolBlock *block, const WbToolLine *line)
{
    const char *p = wb_tool_after(line, "[");
    int64_t count = p ? wb_tool_count(p, line->end, &p) : WB_NONE;
    int64_t *out;

    if (count == WB_NONE || p == line->end || *p != ']')
        return false;
    out = has(line, "Client.Timeout") || has(line, "deadline exceeded") || has(line, "i/o timeout")
              ? &block->run.errors_timeout
          : has(line, "dial ")  ? &block->run.errors_connect
          : has(line, "write ") ? &block->run.errors_write
                                : &block->run.errors_read;
    *out = wb_tool_add(*out, count);
    return true;
}

static bool take_heading(WbToolBlock *block, const WbToolLine *line)
{
    bool codes = wb_tool_after(line, "Status code distribution:") != NULL;
    bool errors = wb_tool_after(line, "Error distribution:") != NULL;

    if (!codes && !errors)
        return false;
    block->seen &= ~(uint32_t)(IN_CODES | IN_ERRORS);
    block->seen |= codes ? SEEN_CODES | IN_CODES : IN_ERRORS;
    if (codes)
        block->run.requests = block->run.errors_status = 0; /* no line follows if none came */
    return true;
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;

    if (begins(line, NULL)) {
        wb_tool_no_errors(&block->run);
        return WB_TOOL_LINE_TAKEN;
    }
    if ((p = wb_tool_after(line, "Requests/sec:"))) {
        if (wb_tool_rate(p, line->end, &block->run))
            block->seen |= SEEN_RATE;
        return WB_TOOL_LINE_TAKEN;
    }
    if (wb_tool_after(line, "Count:") || wb_tool_after(line, "Success rate:"))
        block->seen |= SEEN_FOREIGN; /* ghz, oha */
    if (take_heading(block, line))
        return WB_TOOL_LINE_TAKEN;
    if (((block->seen & IN_CODES) && take_code(block, line)) ||
        ((block->seen & IN_ERRORS) && take_error(block, line)))
        return WB_TOOL_LINE_TAKEN;
    return take_time(block, line) || take_percentile(block, line) ? WB_TOOL_LINE_TAKEN
                                                                  : WB_TOOL_LINE_FOREIGN;
}

static bool finish(WbToolBlock *block)
{
    const uint32_t needed = SEEN_TOTAL | SEEN_RATE | SEEN_CODES;

    if ((block->seen & needed) != needed || (block->seen & SEEN_FOREIGN))
        return false;
    block->run.latency_kind = "raw";
    return true;
}

static const WbToolText tool = {"hey", "Summary:", "hey", options, begins, take, finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_hey = {
    .name = "hey", .what = "text of hey", .is_log = true, .looks_like = looks_like, .parse = parse};
