/*
 * What wrk knows at the end of a run, as samples/wrk/report.lua writes it from done(): exact
 * counts, and the latency histogram at 1 us. It is wrk's corrected one: it has more entries than
 * there were requests, and the correction cannot be undone. `status` counts answers above 399.
 */
#include <math.h>

#include "runner/import/json_log.h"

static const WbJsonTime times[] = {
    WB_JSON_TIME("duration_us", WB_JSON_US, 0, elapsed_ns),
    WB_JSON_TIME("asked_duration_s", WB_JSON_SECOND, 0, asked_duration_ns),
    WB_JSON_TIME("latency_us/mean", WB_JSON_US, 0, latency_mean_ns),
    WB_JSON_TIME("latency_us/stdev", WB_JSON_US, 0, latency_stdev_ns),
    WB_JSON_TIME("latency_us/max", WB_JSON_US, 0, latency_max_ns),
    WB_JSON_TIME("latency_us/min", WB_JSON_US, 0, latency_min_ns),
    WB_JSON_TIME("percentiles_us/50", WB_JSON_US, 0, latency_p50_ns),
    WB_JSON_TIME("percentiles_us/75", WB_JSON_US, 0, latency_p75_ns),
    WB_JSON_TIME("percentiles_us/90", WB_JSON_US, 0, latency_p90_ns),
    WB_JSON_TIME("percentiles_us/95", WB_JSON_US, 0, latency_p95_ns),
    WB_JSON_TIME("percentiles_us/99", WB_JSON_US, 0, latency_p99_ns),
    WB_JSON_TIME("percentiles_us/99.9", WB_JSON_US, 0, latency_p999_ns),
};

static bool is(const WbJson *object)
{
    static const char *const needed[] = {"wrk_report", "duration_us", "requests", "errors", NULL};

    return wb_json_has(object, needed);
}

static bool fill(const WbJson *object, WbRun *run, GStringChunk *chunk)
{
    const char *started = wb_json_text(object, "started_at");

    if (!wb_json_times(object, times, G_N_ELEMENTS(times), run) || run->elapsed_ns <= 0)
        return false;
    run->requests = wb_json_count(object, "requests");
    if (run->requests == WB_NONE)
        return false;
    run->requests_per_s = (double)run->requests * 1e9 / (double)run->elapsed_ns;
    run->url = wb_json_text(object, "url");
    run->started_at = started ? wb_json_utc(started, chunk) : NULL;
    run->threads = wb_json_count(object, "threads");
    run->connections = wb_json_count(object, "connections");
    run->bytes = wb_json_count(object, "bytes");
    if (wb_json_real(object, "timeout_s") > 0)
        run->timeout_ns = wb_json_ns(wb_json_real(object, "timeout_s") * 1e9);
    run->errors_connect = wb_json_count(object, "errors/connect");
    run->errors_read = wb_json_count(object, "errors/read");
    run->errors_write = wb_json_count(object, "errors/write");
    run->errors_timeout = wb_json_count(object, "errors/timeout");
    run->errors_status = wb_json_count(object, "errors/status");
    if (run->requests > 0)
        run->latency_kind = "corrected by wrk";
    return true;
}

/* [[us, count], ...]; anything else in it, and there is none. */
static bool hist(const WbJson *object, WbHist *out)
{
    const WbJson *pair = wb_json_first(wb_json_at(object, "histogram_us"));

    if (wb_json_count(object, "requests") == 0)
        return false;
    for (; pair; pair = wb_json_next(pair)) {
        const WbJson *value = wb_json_first(pair);
        const WbJson *count = value ? wb_json_next(value) : NULL;
        double us = value ? wb_json_real(value, "") : (double)NAN;
        int64_t n = count ? wb_json_count(count, "") : WB_NONE;

        if (isnan(us) || us > 1e10 || n == WB_NONE)
            return false;
        if (!wb_hist_add_many(out, (int64_t)llround(us * WB_JSON_US), n))
            return false;
    }
    return out->count > 0;
}

const WbJsonTool wb_json_wrk = {"wrk", is, fill, "\"wrk_report\"", hist};
