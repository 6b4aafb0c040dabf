/*
 * k6's summaries: that of --summary-export (figures beside each metric's name) and that of
 * handleSummary (figures under "values"). Times in ms. A request that failed is one with a status
 * from 400 on or without an answer, not told apart: where any failed, requests are all of them, and
 * the failures count as status errors, which no request without an answer escapes either.
 */
#include <math.h>

#include "runner/import/json_log.h"

static const WbJsonTime times[] = {
    WB_JSON_TIME("avg", WB_JSON_MS, 0, latency_mean_ns),
    WB_JSON_TIME("max", WB_JSON_MS, 0, latency_max_ns),
    WB_JSON_TIME("min", WB_JSON_MS, 0, latency_min_ns),
    WB_JSON_TIME("med", WB_JSON_MS, 0, latency_p50_ns),
    WB_JSON_TIME("p(90)", WB_JSON_MS, 0, latency_p90_ns),
    WB_JSON_TIME("p(95)", WB_JSON_MS, 0, latency_p95_ns),
    WB_JSON_TIME("p(99)", WB_JSON_MS, 0, latency_p99_ns),
};

/* Where a metric's figures are. */
static const WbJson *metric(const WbJson *object, const char *name)
{
    const WbJson *own = wb_json_at(wb_json_at(object, "metrics"), name);
    const WbJson *values = own ? wb_json_at(own, "values") : NULL;

    return values ? values : own;
}

static bool is(const WbJson *object)
{
    return wb_json_at(object, "metrics/http_reqs") &&
           wb_json_at(object, "metrics/http_req_duration");
}

static bool fill(const WbJson *object, WbRun *run, GStringChunk *chunk)
{
    const WbJson *requests = metric(object, "http_reqs");
    const WbJson *failed = metric(object, "http_req_failed");
    double rate = wb_json_real(requests, "rate");

    (void)chunk;
    run->requests = wb_json_count(requests, "count");
    if (run->requests == WB_NONE || !(rate > 0))
        return false;
    run->requests_per_s = rate;
    run->elapsed_ns = wb_json_ns((double)run->requests / rate * 1e9);
    wb_json_times(metric(object, "http_req_duration"), times, G_N_ELEMENTS(times), run);
    if (failed)
        run->errors_status = wb_json_count(failed, "passes");
    if (run->errors_status == 0)
        run->errors_connect = run->errors_read = run->errors_write = run->errors_timeout = 0;
    if (metric(object, "data_received"))
        run->bytes = wb_json_count(metric(object, "data_received"), "count");
    if (metric(object, "vus_max"))
        run->connections = wb_json_count(metric(object, "vus_max"), "max");
    run->latency_kind = "raw";
    return true;
}

const WbJsonTool wb_json_k6 = {"k6", is, fill, "\"http_req_duration\""};
