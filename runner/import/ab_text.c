/*
 * ApacheBench's text. What its figures mean:
 * - requests: "Complete requests", failed ones included, as its rate counts them.
 * - "Failed requests" counts replies whose length differs from the first one's as well, which pages
 *   of varying size do: only the breakdown tells. Connect and Receive (with Exceptions) are socket
 *   errors; Length is none. Without a breakdown and with failures their class is not known.
 * - errors_timeout: not told. latencies: whole ms (closed loop, from sending to the last byte); the
 *   mean is that of the row Total.
 */
#include <string.h>

#include "runner/import/tool_text.h"

enum {
    SEEN_HOST = 1,
    SEEN_TIME = 2,
    SEEN_COMPLETE = 4,
    SEEN_RATE = 8,
    SEEN_FAILED = 16,
    SEEN_SPLIT = 32,
    SEEN_TOTAL = 64,
    SEEN_TABLE = 128,
};
enum { FAILED, PORT, IS_TLS };

static const WbToolOption options[] = {
    {"-c", WB_TOOL_CONNECTIONS}, {"-n", WB_TOOL_REQUESTS}, {"-t", WB_TOOL_DURATION}, {NULL, 0}};

static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    /* An excerpt may leave the server's lines out. */
    return wb_tool_after(line, "Server Software:") ||
           (wb_tool_after(line, "Concurrency Level:") && (!open || (open->seen & SEEN_COMPLETE)));
}

/* "(Connect: 0, Receive: 0, Length: 5591, Exceptions: 0)"; old builds have no Receive. */
static void take_breakdown(WbToolBlock *block, const WbToolLine *line)
{
    static const struct {
        const char *key;
        bool is_connect, is_read;
    } parts[] = {{"Connect: ", true, false},
                 {"Receive: ", false, true},
                 {"Length: ", false, false},
                 {"Exceptions: ", false, true}};
    int64_t connect = 0, read = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        const char *at = g_strstr_len(line->begin, line->end - line->begin, parts[i].key);
        int64_t count = at ? wb_tool_count(at + strlen(parts[i].key), line->end, NULL) : 0;

        connect += parts[i].is_connect ? MAX(0, count) : 0;
        read += parts[i].is_read ? MAX(0, count) : 0;
    }
    block->run.errors_connect = connect;
    block->run.errors_read = read;
    block->seen |= SEEN_SPLIT;
}

/* "Total:  83 6133 1129.7 6409 7191": min, mean, sd, median, max; with -S min, mean, max. */
static void take_total(WbToolBlock *block, const char *p, const char *end)
{
    int64_t ns[5], half[5];
    int n = 0;

    while (n < 5 && wb_tool_time(p, end, WB_TOOL_MS, &ns[n], &half[n], &p)) {
        p = wb_tool_skip(p, end);
        n++;
    }
    if (n < 3)
        return;
    block->run.latency_mean_ns = ns[1];
    block->run.latency_mean_ns_half = half[1];
    block->run.latency_min_ns = ns[0];
    block->run.latency_min_ns_half = half[0];
    block->run.latency_max_ns = ns[n - 1];
    block->run.latency_max_ns_half = half[n - 1];
    if (n == 5) {
        block->run.latency_stdev_ns = ns[2];
        block->run.latency_stdev_ns_half = half[2];
    }
}

static bool take_percentile(WbToolBlock *block, const WbToolLine *line)
{
    struct {
        const char *key;
        int64_t *ns, *half;
    } rows[] = {
        {"50%", &block->run.latency_p50_ns, &block->run.latency_p50_ns_half},
        {"66%", NULL, NULL},
        {"75%", &block->run.latency_p75_ns, &block->run.latency_p75_ns_half},
        {"80%", NULL, NULL},
        {"90%", &block->run.latency_p90_ns, &block->run.latency_p90_ns_half},
        {"95%", NULL, NULL},
        {"98%", NULL, NULL},
        {"99%", &block->run.latency_p99_ns, &block->run.latency_p99_ns_half},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *p = wb_tool_after(line, rows[i].key);
        int64_t ns, half;

        if (!p || !wb_tool_time(p, line->end, WB_TOOL_MS, &ns, &half, NULL))
            continue;
        if (rows[i].ns && *rows[i].ns == WB_NONE) {
            *rows[i].ns = ns;
            *rows[i].half = half;
        }
        return true;
    }
    return false;
}

static bool take_place(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;

    if (wb_tool_after(line, "Server Software:"))
        return true;
    if ((p = wb_tool_after(line, "Server Hostname:")))
        g_string_append_len(block->host, p, line->end - p);
    else if ((p = wb_tool_after(line, "Server Port:")))
        block->count[PORT] = MAX(0, wb_tool_count(p, line->end, NULL));
    else if (wb_tool_after(line, "SSL/TLS Protocol:"))
        block->count[IS_TLS] = 1;
    else if ((p = wb_tool_after(line, "Document Path:")))
        g_string_append_printf(block->url, "%s://%s:%" G_GINT64_FORMAT "%.*s",
                               block->count[IS_TLS] ? "https" : "http", block->host->str,
                               block->count[PORT], (int)(line->end - p), p);
    return p || wb_tool_after(line, "SSL/TLS Protocol:");
}

static bool take_count(WbToolBlock *block, const WbToolLine *line)
{
    WbRun *run = &block->run;
    const struct {
        const char *key;
        uint32_t bit;
        int64_t *out;
    } counts[] = {
        {"Concurrency Level:", 0, &run->connections},
        {"Complete requests:", SEEN_COMPLETE, &run->requests},
        {"Failed requests:", SEEN_FAILED, &block->count[FAILED]},
        {"Write errors:", 0, &run->errors_write},
        {"Non-2xx responses:", 0, &run->errors_status},
        {"Total transferred:", 0, &run->bytes},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        const char *p = wb_tool_after(line, counts[i].key);
        int64_t count = p ? wb_tool_count(p, line->end, NULL) : WB_NONE;

        if (count == WB_NONE)
            continue;
        block->seen |= counts[i].bit;
        *counts[i].out = count;
        return true;
    }
    return false;
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    WbRun *run = &block->run;
    const char *p;

    if (take_place(block, line) || take_count(block, line))
        return WB_TOOL_LINE_TAKEN;
    if ((p = wb_tool_after(line, "Time taken for tests:"))) {
        if (wb_tool_time(p, line->end, WB_TOOL_SECOND, &run->elapsed_ns, &run->elapsed_ns_half,
                         NULL))
            block->seen |= SEEN_TIME;
    } else if ((p = wb_tool_after(line, "Requests per second:"))) {
        if (wb_tool_rate(p, line->end, run))
            block->seen |= SEEN_RATE;
    } else if (wb_tool_after(line, "(Connect:")) {
        take_breakdown(block, line);
    } else if ((p = wb_tool_after(line, "Total:")) && wb_tool_take_once(block, SEEN_TOTAL)) {
        take_total(block, p, line->end);
    } else if (wb_tool_after(line, "100%")) {
        return WB_TOOL_LINE_LAST;
    } else if (!take_percentile(block, line)) {
        return WB_TOOL_LINE_FOREIGN;
    }
    return WB_TOOL_LINE_TAKEN;
}

static bool finish(WbToolBlock *block)
{
    WbRun *run = &block->run;

    if ((block->seen & (SEEN_TIME | SEEN_COMPLETE | SEEN_RATE)) !=
        (SEEN_TIME | SEEN_COMPLETE | SEEN_RATE))
        return false;
    if ((block->seen & SEEN_FAILED) && block->count[FAILED] == 0)
        run->errors_connect = run->errors_read = 0;
    if (run->errors_write == WB_NONE && (block->seen & SEEN_FAILED))
        run->errors_write = 0;
    if (run->errors_status == WB_NONE)
        run->errors_status = 0;
    if (run->latency_mean_ns != WB_NONE || run->latency_p50_ns != WB_NONE)
        run->latency_kind = "raw";
    return true;
}

static const WbToolText tool = {"ab", "Complete requests", "ab", options, begins, take, finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_ab = {.name = "ab",
                               .what = "text of ApacheBench",
                               .is_log = true,
                               .looks_like = looks_like,
                               .parse = parse};
