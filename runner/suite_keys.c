/*
 * Suite keys: every key that a suite file may have, as tables. A new setting is one line here and
 * one member in suite.h.
 */
#include "runner/suite_draft.h"

#include "runner/engine/engine.h"

#define CELL(member) offsetof(WbSuiteCell, member)
#define MS           INT64_C(1000000)
#define DAYS         (INT64_C(86400000) * MS)
#define LONGEST      (7 * DAYS)

/* In the order of WbOrder, WbRestart, WbEngine; false and true of isolate_net. */
static const char *const orders[] = {"interleaved", "grouped", NULL};
static const char *const restarts[] = {"drain", "never", "always", NULL};
static const char *const engines[] = {"native", "wrk", NULL};
static const char *const isolations[] = {"none", "net", NULL};

/* clang-format off: one key a line */
static const WbSuiteKey runs_keys[] = {
    {"min", WB_KIND_COUNT, CELL(load.runs_min), 2, WB_SUITE_MAX_RUNS, WB_KEY_REQUIRED, "5"},
    {"max", WB_KIND_COUNT, CELL(load.runs_max), 2, WB_SUITE_MAX_RUNS, WB_KEY_REQUIRED, "20"},
    {"until_ci", WB_KIND_PERCENT, CELL(load.until_ci), 0, 0, WB_KEY_REQUIRED, "\"2%\""},
    {NULL},
};

static const WbSuiteKey load_keys[] = {
    {"threads", WB_KIND_COUNT, CELL(load.threads), 1, WB_LOAD_MAX_THREADS, 0, "1"},
    {"connections", WB_KIND_COUNT, CELL(load.connections), 1, WB_LOAD_MAX_CONNECTIONS, 0, "200"},
    {"pipeline", WB_KIND_COUNT, CELL(load.pipeline), 1, WB_LOAD_MAX_PIPELINE, 0, "1"},
    {"duration", WB_KIND_TIME, CELL(load.duration_ns), 10 * MS, LONGEST, 0, "\"10s\""},
    {"timeout", WB_KIND_TIME, CELL(load.timeout_ns), MS, LONGEST, 0, "\"2s\""},
    {"warmup", WB_KIND_TIME, CELL(load.warmup_ns), 0, LONGEST, 0, "\"2s\""},
    {"slice", WB_KIND_TIME, CELL(load.slice_ns), MS, LONGEST, 0, "\"100ms\""},
    {"rate", WB_KIND_RATE, CELL(load.rate_per_s), 0, (int64_t)WB_LOAD_MAX_RATE, 0, "2500"},
    {"method", WB_KIND_TEXT, CELL(load.method), 0, 0, 0, "\"GET\""},
    {"body", WB_KIND_TEXT, CELL(load.body), 0, 0, WB_KEY_MAY_BE_EMPTY, "\"id=1\""},
    {"headers", WB_KIND_HEADERS, CELL(load.headers), 0, 0, 0, "{\"Accept\": \"text/html\"}"},
    {"keepalive", WB_KIND_BOOL_NOT, CELL(load.no_keepalive), 0, 0, 0, "true"},
    {"insecure", WB_KIND_BOOL, CELL(load.insecure), 0, 0, 0, "false"},
    {"engine", WB_KIND_WORD, CELL(load.engine), 0, 0, 0, "\"native\"", engines},
    {"runs", WB_KIND_RUNS, 0, 1, WB_SUITE_MAX_RUNS, 0, "6", NULL, runs_keys},
    {NULL},
};

static const WbSuiteKey ready_keys[] = {
    {"status", WB_KIND_COUNT, CELL(server.ready_status), 100, 999, 0, "200"},
    {"body", WB_KIND_TEXT, CELL(server.ready_body), 0, 0, WB_KEY_MAY_BE_EMPTY, "\"Hello World!\""},
    {"path", WB_KIND_TEXT, CELL(server.ready_path), 0, 0, 0, "\"/health\""},
    {"within", WB_KIND_TIME, CELL(server.ready_within_ns), MS, LONGEST, 0, "\"20s\""},
    {NULL},
};

static const WbSuiteKey stop_keys[] = {
    {"signal", WB_KIND_SIGNAL, CELL(server.stop_signal), 0, 0, WB_KEY_NEEDS_START, "\"TERM\""},
    {"within", WB_KIND_TIME, CELL(server.stop_within_ns), MS, LONGEST, WB_KEY_NEEDS_START,
     "\"10s\""},
    {NULL},
};

static const WbSuiteKey drain_keys[] = {
    {"within", WB_KIND_TIME, CELL(server.drain_within_ns), 0, LONGEST, WB_KEY_NEEDS_START,
     "\"20s\""},
    {NULL},
};

static const WbSuiteKey pin_keys[] = {
    {"server", WB_KIND_CPUS, CELL(server.pin_server), 0, 0, WB_KEY_NEEDS_START, "\"0\""},
    {"client", WB_KIND_CPUS, CELL(server.pin_client), 0, 0, 0, "\"1\""},
    {NULL},
};

static const WbSuiteKey target_keys[] = {
    {"labels", WB_KIND_LABELS, 0, 0, 0, 0, "{\"server\": \"gunicorn\"}"},
    {"start", WB_KIND_ARGV, CELL(server.start), 0, 0, WB_KEY_PORT, "[\"gunicorn\", \"hello:app\"]"},
    {"env", WB_KIND_ENV, CELL(server.env), 0, 0, WB_KEY_PORT | WB_KEY_NEEDS_START,
     "{\"NAME\": \"value\"}"},
    {"directory", WB_KIND_TEXT, CELL(server.directory), 0, 0, 0, "\"apps\""},
    {"user", WB_KIND_TEXT, CELL(server.user), 0, 0, WB_KEY_NEEDS_START, "\"www-data\""},
    {"url", WB_KIND_TEXT, CELL(server.url), 0, 0, WB_KEY_REQUIRED | WB_KEY_PORT,
     "\"http://127.0.0.1:8000/\""},
    {"ready", WB_KIND_SECTION, 0, 0, 0, 0, "{\"status\": 200}", NULL, ready_keys},
    {"stop", WB_KIND_SECTION, 0, 0, 0, 0, "{\"signal\": \"TERM\"}", NULL, stop_keys},
    {"drain", WB_KIND_SECTION, 0, 0, 0, 0, "{\"within\": \"20s\"}", NULL, drain_keys},
    {"version", WB_KIND_ARGV, CELL(server.version), 0, 0, 0, "[\"gunicorn\", \"--version\"]"},
    {"pin", WB_KIND_SECTION, 0, 0, 0, 0, "{\"server\": \"0\", \"client\": \"1\"}", NULL, pin_keys},
    {"isolate", WB_KIND_ISOLATE, CELL(server.isolate_net), 0, 0, WB_KEY_NEEDS_START, "\"net\"",
     isolations},
    {"somaxconn", WB_KIND_COUNT64, CELL(server.somaxconn), 1, INT32_MAX, WB_KEY_NEEDS_START,
     "4096"},
    {"load", WB_KIND_SECTION, 0, 0, 0, 0, "{\"connections\": 200}", NULL, load_keys},
    {"matrix", WB_KIND_MATRIX, 0, 0, 0, 0, "{\"framework\": [\"bottle\", \"flask\"]}"},
    {"skip", WB_KIND_SKIP, 0, 0, 0, 0, "[{\"framework\": \"hug\", \"because\": \"n/a\"}]"},
    {NULL},
};

static const WbSuiteKey suite_keys[] = {
    {"name", WB_KIND_TEXT, offsetof(WbSuite, name), 0, 0, WB_KEY_OF_SUITE, "\"hello\""},
    {"labels", WB_KIND_LABELS, 0, 0, 0, 0, "{\"benchmark\": \"hello\"}"},
    {"load", WB_KIND_SECTION, 0, 0, 0, 0, "{\"connections\": 200}", NULL, load_keys},
    {"order", WB_KIND_WORD, offsetof(WbSuite, order), 0, 0, WB_KEY_OF_SUITE, "\"interleaved\"",
     orders},
    {"restart", WB_KIND_WORD, offsetof(WbSuite, restart), 0, 0, WB_KEY_OF_SUITE, "\"drain\"",
     restarts},
    {"seed", WB_KIND_COUNT64, offsetof(WbSuite, seed), 0, INT64_C(1) << 53, WB_KEY_OF_SUITE, "1"},
    {"cooldown", WB_KIND_TIME, offsetof(WbSuite, cooldown_ns), 0, LONGEST, WB_KEY_OF_SUITE,
     "\"10s\""},
    {"canary", WB_KIND_BOOL, offsetof(WbSuite, canary), 0, 0, WB_KEY_OF_SUITE, "true"},
    {"targets", WB_KIND_TARGETS, 0, 0, 0, WB_KEY_REQUIRED,
     "[{\"url\": \"http://127.0.0.1:8000/\"}]"},
    {"matrix", WB_KIND_MATRIX, 0, 0, 0, 0, "{\"framework\": [\"bottle\", \"flask\"]}"},
    {"skip", WB_KIND_SKIP, 0, 0, 0, 0, "[{\"framework\": \"hug\", \"because\": \"n/a\"}]"},
    {NULL},
};
/* clang-format on */

const WbSuiteKey *wb_suite_keys(void)
{
    return suite_keys;
}

const WbSuiteKey *wb_suite_keys_target(void)
{
    return target_keys;
}
