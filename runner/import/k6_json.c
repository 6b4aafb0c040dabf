/*
 * k6's summaries: that of --summary-export (figures beside each metric's name), that of
 * handleSummary (figures under "values"), and the machine-readable one of 1.5 and later (a list of
 * metrics with their names, and the duration instead of rates). Times in ms. A request that failed
 * is one with a status from 400 on or without an answer, not told apart: where any failed, requests
 * are all of them, and the failures count as status errors, which no request without an answer
 * escapes either.
 */
#include <math.h>

#include "runner/import/json_log.h"

static const WbJsonTime times[] = {
    WB_JSON_TIME("avg", WB_JSON_MS, 0, latency_mean_ns),
    WB_JSON_TIME("max", WB_JSON_MS, 0, latency_max_ns),
    WB_JSON_TIME("min", WB_JSON_MS, 0, latency_min_ns),
    WB_JSON_TIME("med", WB_JSON_MS, 0, latency_p50_ns),
    WB_JSON_TIME("p(90)", WB_JSON_MS, 0, latency_p90_ns),
    WB_JSON_TIME("p90", WB_JSON_MS, 0, latency_p90_ns),
    WB_JSON_TIME("p(95)", WB_JSON_MS, 0, latency_p95_ns),
    WB_JSON_TIME("p95", WB_JSON_MS, 0, latency_p95_ns),
    WB_JSON_TIME("p(99)", WB_JSON_MS, 0, latency_p99_ns),
};

static const WbJson *listed(const WbJson *metrics, const char *name)
{
    const WbJson *metric = wb_json_first(metrics);

    while (metric && g_strcmp0(wb_json_text(metric, "name"), name) != 0)
        metric = wb_json_next(metric);
    return metric;
}

/* Where a metric's figures are. */
static const WbJson *metric(const WbJson *object, const char *name)
{
    const WbJson *list = wb_json_at(object, "results/metrics");
    const WbJson *own = list ? listed(list, name) : wb_json_at(wb_json_at(object, "metrics"), name);
    const WbJson *values = own ? wb_json_at(own, "values") : NULL;

    return values ? values : own;
}

static bool is(const WbJson *object)
{
    return metric(object, "http_reqs") && metric(object, "http_req_duration");
}

static bool set_rate(const WbJson *object, const WbJson *requests, WbRun *run)
{
    double rate = wb_json_real(requests, "rate");
    double s = wb_json_real(object, "config/duration");

    if (!(rate > 0) && run->requests > 0 && s > 0)
        rate = (double)run->requests / s;
    if (!(rate > 0) || rate > 1e15)
        return false;
    run->requests_per_s = rate;
    run->elapsed_ns = wb_json_ns((double)run->requests / rate * 1e9);
    return true;
}

static bool fill(const WbJson *object, WbRun *run, GStringChunk *chunk)
{
    const WbJson *requests = metric(object, "http_reqs");
    const WbJson *failed = metric(object, "http_req_failed");
    const char *version = wb_json_text(object, "metadata/k6_version");

    run->requests = wb_json_count(requests, "count");
    if (run->requests == WB_NONE || !set_rate(object, requests, run))
        return false;
    if (version)
        run->tool_version = wb_json_valid(version, chunk);
    wb_json_times(metric(object, "http_req_duration"), times, G_N_ELEMENTS(times), run);
    if (failed)
        run->errors_status = MAX(wb_json_count(failed, "passes"), wb_json_count(failed, "matches"));
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
