/*
 * TechEmpower's results.json: for each test and framework a list of runs of wrk, one a level of
 * concurrency or, for tests that ask a database for several rows, of queries a request.
 *
 * - requests_per_s: totalRequests / the duration that was asked for, as TechEmpower counts; no rate
 *   is in the file. A file without a duration: / elapsed.
 * - elapsed_ns: endTime - startTime, both in whole seconds.
 * - connections: the level; where queries vary, the highest level of concurrency, which the harness
 *   takes for those.
 * - errors: those of wrk's text, which tells them where one is not 0. "5xx" is of all statuses from
 *   400 on.
 * - Labels: benchmark (the test), framework, concurrency or queries, as in raw.txt (wrk_heading.h),
 *   which has the percentiles too: a folder that holds both has every run twice.
 */
#include <math.h>
#include <string.h>

#include "runner/import/json_log.h"
#include "schema/units.h"

static const struct {
    const char *test; /* whose levels they are */
    const char *levels;
    const char *label;
} tests[] = {
    {"plaintext", "pipelineConcurrencyLevels", "concurrency"},
    {"query", "queryIntervals", "queries"},
    {"update", "queryIntervals", "queries"},
    {"cached-query", "cachedQueryIntervals", "queries"},
    {"cached_query", "cachedQueryIntervals", "queries"},
    {"", "concurrencyLevels", "concurrency"}, /* json, db, fortune, and those to come */
};

/* What all runs of a document have in common, looked up once. */
typedef struct {
    double duration_s;           /* NaN: not told */
    int64_t highest_concurrency; /* WB_NONE: not told */
    const WbJson *levels[G_N_ELEMENTS(tests)];
} Document;

/* What one list of runs has in common. */
typedef struct {
    const Document *document;
    const char *test;
    const char *framework;
    const WbJson *level; /* of the run at hand; NULL: none is told */
    const char *label;
} Test;

static bool is(const WbJson *object)
{
    static const char *const needed[] = {"rawData", "frameworks", "concurrencyLevels", NULL};

    return wb_json_has(object, needed);
}

static int64_t highest(const WbJson *list)
{
    int64_t most = WB_NONE;

    for (const WbJson *level = wb_json_first(list); level; level = wb_json_next(level))
        most = MAX(most, wb_json_count(level, ""));
    return most;
}

static void set_latency(const WbJson *entry, WbRun *run)
{
    const struct {
        const char *name;
        int64_t *ns, *half;
    } times[] = {
        {"latencyAvg", &run->latency_mean_ns, &run->latency_mean_ns_half},
        {"latencyStdev", &run->latency_stdev_ns, &run->latency_stdev_ns_half},
        {"latencyMax", &run->latency_max_ns, &run->latency_max_ns_half},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        const char *text = wb_json_text(entry, times[i].name);
        int64_t ns, half;

        if (!text || !wb_units_scan_time(text, text + strlen(text), &ns, &half) || ns < 0)
            continue;
        *times[i].ns = ns;
        *times[i].half = half;
        run->latency_kind = "corrected by wrk";
    }
}

static void set_errors(const WbJson *entry, WbRun *run)
{
    run->errors_connect = MAX(0, wb_json_count(entry, "connect"));
    run->errors_read = MAX(0, wb_json_count(entry, "read"));
    run->errors_write = MAX(0, wb_json_count(entry, "write"));
    run->errors_timeout = MAX(0, wb_json_count(entry, "timeout"));
    run->errors_status = MAX(0, wb_json_count(entry, "5xx"));
}

/* A number, or its text: the harness takes it from its command line. */
static double duration_s(const WbJson *document)
{
    const char *text = wb_json_text(document, "duration");
    double s = text ? g_ascii_strtod(text, NULL) : wb_json_real(document, "duration");

    return s > 0 && s < 1e7 ? s : (double)NAN;
}

static void set_times(const WbJson *entry, double asked_s, WbRun *run, GStringChunk *chunk)
{
    double begin = wb_json_real(entry, "startTime"), end = wb_json_real(entry, "endTime");
    double divisor = asked_s;

    run->started_at = wb_json_utc_of(begin, chunk);
    if (end > begin && end - begin < 1e7) {
        run->elapsed_ns = llround((end - begin) * WB_JSON_SECOND);
        run->elapsed_ns_half = (int64_t)WB_JSON_SECOND;
    }
    if (!isnan(asked_s))
        run->asked_duration_ns = llround(asked_s * WB_JSON_SECOND);
    else
        divisor = end - begin;
    if (divisor > 0 && divisor < 1e7)
        run->requests_per_s = (double)run->requests / divisor;
}

static bool give_run(const Test *test, const WbJson *entry, WbJsonReading *reading)
{
    g_autoptr(WbLabels) labels = wb_labels_new();
    int64_t level = test->level ? wb_json_count(test->level, "") : WB_NONE;
    bool is_concurrency = strcmp(test->label, "concurrency") == 0;
    WbRun run;

    wb_json_begin(reading, &run);
    run.tool = "wrk";
    run.requests = wb_json_count(entry, "totalRequests");
    if (run.requests == WB_NONE)
        return wb_json_unread(reading, test->framework, "a run without figures: it failed");
    set_times(entry, test->document->duration_s, &run, wb_json_chunk(reading));
    set_latency(entry, &run);
    set_errors(entry, &run);
    run.connections = is_concurrency ? level : test->document->highest_concurrency;
    wb_json_set_label(labels, "benchmark", test->test);
    wb_json_set_label(labels, "framework", test->framework);
    if (level != WB_NONE) {
        g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, level);

        wb_labels_set(labels, test->label, number);
    }
    return wb_json_give(reading, &run, labels);
}

static size_t kind_of(const char *test)
{
    size_t i = 0;

    while (*tests[i].test && strcmp(tests[i].test, test) != 0)
        i++;
    return i;
}

/* `frameworks`: lists of runs by name. What is no list of objects (counts of lines) is no test. */
static bool give_test(const Document *document, const WbJson *frameworks, WbJsonReading *reading)
{
    size_t kind = kind_of(wb_json_name(frameworks));
    Test test = {document, wb_json_name(frameworks), NULL, NULL, tests[kind].label};

    for (const WbJson *runs = wb_json_first(frameworks); runs; runs = wb_json_next(runs)) {
        const WbJson *level = document->levels[kind];

        test.framework = wb_json_name(runs);
        for (const WbJson *run = wb_json_first(runs); run; run = wb_json_next(run)) {
            test.level = level;
            if (wb_json_is_object(run) && !give_run(&test, run, reading))
                return false;
            level = level ? wb_json_next(level) : NULL;
        }
    }
    return true;
}

static bool each(const WbJson *object, WbJsonReading *reading)
{
    const WbJson *test = wb_json_first(wb_json_at(object, "rawData"));
    Document document = {.duration_s = duration_s(object),
                         .highest_concurrency = highest(wb_json_at(object, "concurrencyLevels"))};

    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        document.levels[i] = wb_json_first(wb_json_at(object, tests[i].levels));
    for (; test; test = wb_json_next(test))
        if (!give_test(&document, test, reading))
            return false;
    return true;
}

const WbJsonTool wb_json_techempower = {
    .name = "wrk", .is = is, .mark = "\"queryIntervals\"", .each = each};
