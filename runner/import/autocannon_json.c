/*
 * autocannon's JSON. What its figures mean: requests.total are the answers (sent is more);
 * requests.average is a mean of samples of 1 s, so that the rate is total / duration; errors
 * include the timeouts, and the others were connections that broke; latencies in ms, percentiles
 * whole.
 */
#include <math.h>

#include "runner/import/json_log.h"

#define WHOLE_MS   500000 /* half widths, in ns */
#define CENTI_MS   5000
#define CENTI_SECS 5000000

static const WbJsonTime times[] = {
    WB_JSON_TIME("duration", WB_JSON_SECOND, CENTI_SECS, elapsed_ns),
    WB_JSON_TIME("latency/average", WB_JSON_MS, CENTI_MS, latency_mean_ns),
    WB_JSON_TIME("latency/stddev", WB_JSON_MS, CENTI_MS, latency_stdev_ns),
    WB_JSON_TIME("latency/max", WB_JSON_MS, 0, latency_max_ns),
    WB_JSON_TIME("latency/p50", WB_JSON_MS, WHOLE_MS, latency_p50_ns),
    WB_JSON_TIME("latency/p75", WB_JSON_MS, WHOLE_MS, latency_p75_ns),
    WB_JSON_TIME("latency/p90", WB_JSON_MS, WHOLE_MS, latency_p90_ns),
    WB_JSON_TIME("latency/p99", WB_JSON_MS, WHOLE_MS, latency_p99_ns),
    WB_JSON_TIME("latency/p99_9", WB_JSON_MS, WHOLE_MS, latency_p999_ns),
};

static bool is(const WbJson *object)
{
    static const char *const needed[] = {"requests/total", "latency/average", "throughput",
                                         "duration",       "connections",     NULL};

    return wb_json_has(object, needed);
}

static bool fill(const WbJson *object, WbRun *run, GStringChunk *chunk)
{
    int64_t errors = wb_json_count(object, "errors");
    int64_t other = 0;

    wb_json_times(object, times, G_N_ELEMENTS(times), run);
    run->requests = wb_json_count(object, "requests/total");
    if (run->requests == WB_NONE || run->elapsed_ns == WB_NONE || run->elapsed_ns == 0)
        return false;
    run->requests_per_s = (double)run->requests * 1e9 / (double)run->elapsed_ns;
    run->requests_per_s_half =
        run->requests_per_s * (double)run->elapsed_ns_half / (double)run->elapsed_ns;
    run->url = wb_json_text(object, "url");
    run->connections = wb_json_count(object, "connections");
    run->pipeline = wb_json_count(object, "pipelining");
    run->bytes = wb_json_count(object, "throughput/total");
    run->errors_timeout = wb_json_count(object, "timeouts");
    if (errors != WB_NONE)
        run->errors_read = MAX(0, errors - MAX(0, run->errors_timeout));
    if (errors == 0)
        run->errors_connect = run->errors_write = 0;
    for (const char *const *path = (const char *const[]){"1xx", "4xx", "5xx", NULL}; *path; path++)
        other += MAX(0, wb_json_count(object, *path));
    run->errors_status = other;
    run->started_at = wb_json_utc(wb_json_text(object, "start"), chunk);
    run->latency_kind = "raw";
    return true;
}

const WbJsonTool wb_json_autocannon = {"autocannon", is, fill, "\"throughput\""};
