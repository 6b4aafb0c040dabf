/*
 * bombardier's text. What its figures mean:
 * - requests: the answers by class of status; "others" are requests without an answer, which the
 *   list of errors may name: by the words of Go and fasthttp.
 * - requests_per_s: its "Reqs/sec", a mean of short samples. The time that the run took is not
 *   printed, so that there is no better one: elapsed_ns is missing.
 */
#include <string.h>

#include "runner/import/go_errors.h"
#include "runner/import/tool_text.h"
#include "schema/units.h"

enum { SEEN_RATE = 1, SEEN_LATENCY = 2, SEEN_CODES = 4, IN_ERRORS = 8 };
enum { OTHERS, NAMED };

static const WbToolOption options[] = {
    {"-c", WB_TOOL_CONNECTIONS}, {"-n", WB_TOOL_REQUESTS}, {"-d", WB_TOOL_DURATION}, {NULL, 0}};

static bool has(const char *p, const char *end, const char *words)
{
    return g_strstr_len(p, end - p, words) != NULL;
}

/* "Bombarding http://x/ with 500 request(s) using 4 connection(s)" or "... for 10s using ...". */
static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    const char *p = wb_tool_after(line, "Bombarding ");

    (void)open;
    return p && has(p, line->end, " using ") && has(p, line->end, " connection");
}

static void take_begin(WbToolBlock *block, const char *p, const char *end)
{
    const char *url_end = memchr(p, ' ', (size_t)(end - p));
    const char *using = g_strstr_len(p, end - p, " using ");
    int64_t half;

    if (!url_end || !using)
        return;
    g_string_append_len(block->url, p, url_end - p);
    block->run.connections = wb_tool_count(using + 7, end, NULL);
    if (using - url_end > 6 && memcmp(url_end, " with ", 6) == 0)
        block->run.asked_requests = wb_tool_count(url_end + 6, using, NULL);
    else if (using - url_end > 5 && memcmp(url_end, " for ", 5) == 0 &&
             wb_tool_go_time(url_end + 5, using, &block->run.asked_duration_ns, &half))
        block->run.asked_duration_ns_half = 0; /* as it was asked */
}

/* "Latency      233.36us   632.90us     5.67ms". */
static void take_latency(WbRun *run, const char *p, const char *end)
{
    struct {
        int64_t *ns, *half;
    } columns[] = {{&run->latency_mean_ns, &run->latency_mean_ns_half},
                   {&run->latency_stdev_ns, &run->latency_stdev_ns_half},
                   {&run->latency_max_ns, &run->latency_max_ns_half}};

    for (size_t i = 0; p && i < G_N_ELEMENTS(columns); i++)
        p = wb_units_scan_time(wb_tool_skip(p, end), end, columns[i].ns, columns[i].half);
}

static bool take_percentile(WbRun *run, const WbToolLine *line)
{
    const char *p;
    int64_t percent = wb_tool_count(line->begin, line->end, &p);
    int64_t ns, half;

    if (percent == WB_NONE || p == line->end || *p != '%' ||
        !wb_units_scan_time(wb_tool_skip(p + 1, line->end), line->end, &ns, &half))
        return false;
    wb_tool_set_percentile(run, (double)percent, ns, half);
    return true;
}

/* "1xx - 0, 2xx - 500, 3xx - 0, 4xx - 0, 5xx - 0". */
static bool take_codes(WbToolBlock *block, const WbToolLine *line)
{
    static const char *const classes[] = {"1xx - ", "2xx - ", "3xx - ", "4xx - ", "5xx - "};
    int64_t all = 0, wrong = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
        const char *p = g_strstr_len(line->begin, line->end - line->begin, classes[i]);
        int64_t count = p ? wb_tool_count(p + 6, line->end, NULL) : WB_NONE;

        if (count == WB_NONE)
            return false;
        all = wb_tool_add(all, count);
        wrong = wb_tool_add(wrong, i == 1 || i == 2 ? 0 : count);
    }
    if (!wb_tool_take_once(block, SEEN_CODES))
        return true;
    block->run.requests = all;
    block->run.errors_status = wrong;
    return true;
}

/* "dialing to the given TCP address timed out - 5": the count is behind the last dash. */
static bool take_error(WbToolBlock *block, const WbToolLine *line)
{
    const char *p = g_strrstr_len(line->begin, line->end - line->begin, " - ");
    int64_t count = p ? wb_tool_count(p + 3, line->end, NULL) : WB_NONE;

    if (count == WB_NONE)
        return false;
    wb_go_error(&block->run, line->begin, p, count);
    block->count[NAMED] = wb_tool_add(block->count[NAMED], count);
    return true;
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;

    if ((p = wb_tool_after(line, "Bombarding "))) {
        wb_tool_no_errors(&block->run);
        take_begin(block, p, line->end);
    } else if (wb_tool_after(line, "Throughput:")) {
        return WB_TOOL_LINE_LAST;
    } else if ((p = wb_tool_after(line, "Reqs/sec"))) {
        if (wb_tool_rate(p, line->end, &block->run))
            block->seen |= SEEN_RATE;
    } else if (wb_tool_after(line, "Latency Distribution")) {
        return WB_TOOL_LINE_TAKEN;
    } else if ((p = wb_tool_after(line, "Latency"))) {
        if (wb_tool_take_once(block, SEEN_LATENCY))
            take_latency(&block->run, p, line->end);
    } else if ((p = wb_tool_after(line, "others - "))) {
        block->count[OTHERS] = MAX(0, wb_tool_count(p, line->end, NULL));
    } else if (wb_tool_after(line, "Errors:")) {
        block->seen |= IN_ERRORS;
    } else {
        return take_codes(block, line) || take_percentile(&block->run, line) ||
                       ((block->seen & IN_ERRORS) && take_error(block, line))
                   ? WB_TOOL_LINE_TAKEN
                   : WB_TOOL_LINE_FOREIGN;
    }
    return WB_TOOL_LINE_TAKEN;
}

static bool finish(WbToolBlock *block)
{
    const uint32_t needed = SEEN_RATE | SEEN_LATENCY | SEEN_CODES;
    int64_t unnamed = block->count[OTHERS] - block->count[NAMED];

    if ((block->seen & needed) != needed)
        return false;
    if (unnamed > 0)
        block->run.errors_read = wb_tool_add(block->run.errors_read, unnamed);
    if (block->run.latency_mean_ns != WB_NONE)
        block->run.latency_kind = "raw";
    return true;
}

static const WbToolText tool = {"bombardier", "Bombarding ", "bombardier", options,
                                begins,       take,          finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_bombardier = {.name = "bombardier",
                                       .what = "text of bombardier",
                                       .is_log = true,
                                       .looks_like = looks_like,
                                       .parse = parse};
