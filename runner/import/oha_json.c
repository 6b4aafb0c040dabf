/*
 * oha's JSON. "successRate" means that an answer came, of any status: requests are the answers by
 * status code, and errors_status those of them that are not 2xx or 3xx. What was open at the end of
 * a timed run ("aborted due to deadline") is no error of the server. Times in s; no settings, no
 * URL.
 */
#include <math.h>
#include <string.h>

#include "runner/import/json_log.h"
#include "runner/import/oha_errors.h"

static const WbJsonTime times[] = {
    WB_JSON_TIME("summary/total", WB_JSON_SECOND, 0, elapsed_ns),
    WB_JSON_TIME("summary/average", WB_JSON_SECOND, 0, latency_mean_ns),
    WB_JSON_TIME("summary/slowest", WB_JSON_SECOND, 0, latency_max_ns),
    WB_JSON_TIME("summary/fastest", WB_JSON_SECOND, 0, latency_min_ns),
    WB_JSON_TIME("latencyPercentiles/p50", WB_JSON_SECOND, 0, latency_p50_ns),
    WB_JSON_TIME("latencyPercentiles/p75", WB_JSON_SECOND, 0, latency_p75_ns),
    WB_JSON_TIME("latencyPercentiles/p90", WB_JSON_SECOND, 0, latency_p90_ns),
    WB_JSON_TIME("latencyPercentiles/p95", WB_JSON_SECOND, 0, latency_p95_ns),
    WB_JSON_TIME("latencyPercentiles/p99", WB_JSON_SECOND, 0, latency_p99_ns),
    WB_JSON_TIME("latencyPercentiles/p99.9", WB_JSON_SECOND, 0, latency_p999_ns),
};

static bool is(const WbJson *object)
{
    static const char *const needed[] = {"summary/total", "summary/requestsPerSec",
                                         "statusCodeDistribution", "latencyPercentiles", NULL};

    return wb_json_has(object, needed);
}

static void read_errors(const WbJson *object, WbRun *run)
{
    const WbJson *error = wb_json_first(wb_json_at(object, "errorDistribution"));

    run->errors_connect = run->errors_read = run->errors_write = run->errors_timeout = 0;
    for (; error; error = wb_json_next(error)) {
        const char *text = wb_json_name(error);

        wb_oha_error(run, text, text + strlen(text), MAX(0, wb_json_count(error, "")));
    }
}

static bool fill(const WbJson *object, WbRun *run, GStringChunk *chunk)
{
    const WbJson *code = wb_json_first(wb_json_at(object, "statusCodeDistribution"));

    (void)chunk;
    run->requests = run->errors_status = 0;
    for (; code; code = wb_json_next(code)) {
        int64_t count = MAX(0, wb_json_count(code, ""));
        char first = *wb_json_name(code);

        run->requests += count;
        run->errors_status += first == '2' || first == '3' ? 0 : count;
    }
    if (!wb_json_times(object, times, G_N_ELEMENTS(times), run) || run->elapsed_ns == WB_NONE)
        return false;
    run->requests_per_s = wb_json_real(object, "summary/requestsPerSec");
    run->bytes = wb_json_count(object, "summary/totalData");
    read_errors(object, run);
    if (run->latency_mean_ns != WB_NONE)
        run->latency_kind = "raw";
    return true;
}

const WbJsonTool wb_json_oha = {"oha", is, fill, "\"latencyPercentiles\""};
