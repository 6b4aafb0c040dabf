/*
 * bombardier's JSON (-o json). There is no total: the answers are the sum of the status classes,
 * the rate their number by the time taken (rps.mean is a mean of short samples); "others" are
 * errors whose kind only their descriptions tell. Latencies in us; percentiles with -l.
 */
#include <math.h>
#include <string.h>

#include "runner/import/go_errors.h"
#include "runner/import/json_log.h"

static const WbJsonTime times[] = {
    WB_JSON_TIME("result/timeTakenSeconds", WB_JSON_SECOND, 0, elapsed_ns),
    WB_JSON_TIME("result/latency/mean", WB_JSON_US, 0, latency_mean_ns),
    WB_JSON_TIME("result/latency/stddev", WB_JSON_US, 0, latency_stdev_ns),
    WB_JSON_TIME("result/latency/max", WB_JSON_US, 0, latency_max_ns),
    WB_JSON_TIME("result/latency/percentiles/50", WB_JSON_US, 0, latency_p50_ns),
    WB_JSON_TIME("result/latency/percentiles/75", WB_JSON_US, 0, latency_p75_ns),
    WB_JSON_TIME("result/latency/percentiles/90", WB_JSON_US, 0, latency_p90_ns),
    WB_JSON_TIME("result/latency/percentiles/95", WB_JSON_US, 0, latency_p95_ns),
    WB_JSON_TIME("result/latency/percentiles/99", WB_JSON_US, 0, latency_p99_ns),
};

static bool is(const WbJson *object)
{
    static const char *const needed[] = {"spec/numberOfConnections", "result/timeTakenSeconds",
                                         "result/req2xx", NULL};

    return wb_json_has(object, needed);
}

static void read_errors(const WbJson *object, WbRun *run)
{
    const WbJson *error = wb_json_first(wb_json_at(object, "result/errors"));
    int64_t others = wb_json_count(object, "result/others"), known = 0;

    run->errors_connect = run->errors_read = run->errors_write = run->errors_timeout = 0;
    for (; error; error = wb_json_next(error)) {
        const char *text = wb_json_text(error, "description");
        int64_t count = MAX(0, wb_json_count(error, "count"));

        known += count;
        text = text ? text : "";
        wb_go_error(run, text, text + strlen(text), count);
    }
    if (others > known)
        run->errors_read += others - known;
}

static bool fill(const WbJson *object, WbRun *run, GStringChunk *chunk)
{
    static const char *const classes[] = {"result/req1xx", "result/req2xx", "result/req3xx",
                                          "result/req4xx", "result/req5xx"};
    int64_t wrong = 0;

    (void)chunk;
    run->requests = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
        int64_t count = MAX(0, wb_json_count(object, classes[i]));

        run->requests += count;
        wrong += i == 1 || i == 2 ? 0 : count;
    }
    run->errors_status = wrong;
    if (wb_json_times(object, times, G_N_ELEMENTS(times), run) && run->elapsed_ns > 0)
        run->requests_per_s = (double)run->requests * 1e9 / (double)run->elapsed_ns;
    else
        return false;
    read_errors(object, run);
    run->url = wb_json_text(object, "spec/url");
    run->connections = wb_json_count(object, "spec/numberOfConnections");
    run->asked_requests = wb_json_count(object, "spec/numberOfRequests");
    run->bytes = wb_json_count(object, "result/bytesRead");
    if (wb_json_real(object, "spec/testDurationSeconds") > 0)
        run->asked_duration_ns = wb_json_ns(wb_json_real(object, "spec/testDurationSeconds") * 1e9);
    if (wb_json_real(object, "spec/rate") > 0)
        run->rate_per_s = wb_json_real(object, "spec/rate");
    if (run->latency_mean_ns != WB_NONE)
        run->latency_kind = "raw";
    return true;
}

const WbJsonTool wb_json_bombardier = {"bombardier", is, fill, "\"timeTakenSeconds\""};
