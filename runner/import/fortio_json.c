/*
 * fortio's JSON. ActualDuration in ns, its histogram in s and with the errors in it; RetCodes:
 * answers by status, -1 a socket error. A load at a rate counts from when a request was sent.
 */
#include <math.h>
#include <stdlib.h>

#include "runner/import/json_log.h"

static const WbJsonTime times[] = {
    WB_JSON_TIME("ActualDuration", 1, 0, elapsed_ns),
    WB_JSON_TIME("DurationHistogram/Avg", WB_JSON_SECOND, 0, latency_mean_ns),
    WB_JSON_TIME("DurationHistogram/StdDev", WB_JSON_SECOND, 0, latency_stdev_ns),
    WB_JSON_TIME("DurationHistogram/Max", WB_JSON_SECOND, 0, latency_max_ns),
    WB_JSON_TIME("DurationHistogram/Min", WB_JSON_SECOND, 0, latency_min_ns),
};

static bool is(const WbJson *object)
{
    static const char *const needed[] = {"DurationHistogram/Count", "ActualQPS", "ActualDuration",
                                         "RetCodes", NULL};

    return wb_json_has(object, needed);
}

static void read_percentiles(const WbJson *object, WbRun *run)
{
    const struct {
        double percentile;
        int64_t *ns;
    } known[] = {{50, &run->latency_p50_ns}, {75, &run->latency_p75_ns},
                 {90, &run->latency_p90_ns}, {95, &run->latency_p95_ns},
                 {99, &run->latency_p99_ns}, {99.9, &run->latency_p999_ns}};
    const WbJson *row = wb_json_first(wb_json_at(object, "DurationHistogram/Percentiles"));

    for (; row; row = wb_json_next(row))
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
            if (fabs(wb_json_real(row, "Percentile") - known[i].percentile) < 1e-9)
                *known[i].ns = wb_json_ns(wb_json_real(row, "Value") * 1e9);
}

static bool fill(const WbJson *object, WbRun *run, GStringChunk *chunk)
{
    const WbJson *code = wb_json_first(wb_json_at(object, "RetCodes"));

    run->requests = run->errors_status = run->errors_read = 0;
    for (; code; code = wb_json_next(code)) {
        int64_t count = MAX(0, wb_json_count(code, ""));
        int number = atoi(wb_json_name(code));

        if (number < 0) {
            run->errors_read += count;
            continue;
        }
        run->requests += count;
        run->errors_status += number < 200 || number > 399 ? count : 0;
    }
    if (!wb_json_times(object, times, G_N_ELEMENTS(times), run) || run->elapsed_ns == WB_NONE)
        return false;
    if (run->errors_read == 0)
        run->errors_connect = run->errors_write = run->errors_timeout = 0;
    read_percentiles(object, run);
    run->requests_per_s = wb_json_real(object, "ActualQPS");
    run->connections = wb_json_count(object, "NumThreads");
    run->url = wb_json_text(object, "URL");
    run->started_at = wb_json_utc(wb_json_text(object, "StartTime"), chunk);
    run->latency_kind = "raw";
    return true;
}

const WbJsonTool wb_json_fortio = {"fortio", is, fill, "\"DurationHistogram\""};
