/*
 * vegeta's JSON report. As its text (vegeta_text.c), with times in ns: requests are the answers by
 * status code, code 0 is none (read error); the time is duration (of sending) and wait; latencies
 * count from when a request was due.
 */
#include <math.h>
#include <stdlib.h>

#include "runner/import/json_log.h"

static const WbJsonTime times[] = {
    WB_JSON_TIME("latencies/mean", 1, 0, latency_mean_ns),
    WB_JSON_TIME("latencies/50th", 1, 0, latency_p50_ns),
    WB_JSON_TIME("latencies/90th", 1, 0, latency_p90_ns),
    WB_JSON_TIME("latencies/95th", 1, 0, latency_p95_ns),
    WB_JSON_TIME("latencies/99th", 1, 0, latency_p99_ns),
    WB_JSON_TIME("latencies/max", 1, 0, latency_max_ns),
    WB_JSON_TIME("latencies/min", 1, 0, latency_min_ns),
    WB_JSON_TIME("duration", 1, 0, asked_duration_ns),
};

static bool is(const WbJson *object)
{
    static const char *const needed[] = {"latencies/mean", "status_codes", "requests",
                                         "duration",       "success",      NULL};

    return wb_json_has(object, needed);
}

static void read_codes(const WbJson *object, WbRun *run)
{
    const WbJson *code = wb_json_first(wb_json_at(object, "status_codes"));
    int64_t none = 0;

    run->requests = run->errors_status = 0;
    for (; code; code = wb_json_next(code)) {
        int64_t count = MAX(0, wb_json_count(code, ""));
        int number = atoi(wb_json_name(code));

        run->requests += number ? count : 0;
        none += number ? 0 : count;
        run->errors_status += number && (number < 200 || number > 399) ? count : 0;
    }
    if (none == 0)
        run->errors_connect = run->errors_write = run->errors_timeout = 0;
    run->errors_read = none;
}

static bool fill(const WbJson *object, WbRun *run, GStringChunk *chunk)
{
    double ns = wb_json_real(object, "duration") + fmax(0, wb_json_real(object, "wait"));

    wb_json_times(object, times, G_N_ELEMENTS(times), run);
    read_codes(object, run);
    if (!(ns >= 1 && ns < 9e18))
        return false;
    run->elapsed_ns = wb_json_ns(ns);
    run->requests_per_s = (double)run->requests * 1e9 / ns;
    if (wb_json_real(object, "rate") > 0)
        run->rate_per_s = wb_json_real(object, "rate");
    run->bytes = wb_json_count(object, "bytes_in/total");
    run->started_at = wb_json_utc(wb_json_text(object, "earliest"), chunk);
    run->latency_kind = "from due time";
    return true;
}

const WbJsonTool wb_json_vegeta = {"vegeta", is, fill, "\"latencies\""};
