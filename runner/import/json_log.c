/* JSON logs: see json_log.h. */
#include "runner/import/json_log.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#define DEEPEST     8 /* objects and lists around a report */
#define LARGEST     1e15
#define LABEL_BYTES 900 /* of 1000: what is cut within a character grows */

static const WbJsonTool *const tools[] = {
    &wb_json_wrk,    &wb_json_autocannon, &wb_json_bombardier, &wb_json_oha,
    &wb_json_vegeta, &wb_json_k6,         &wb_json_fortio,     &wb_json_techempower,
};

/* ---- values ------------------------------------------------------------------------------- */

const WbJson *wb_json_at(const WbJson *json, const char *path)
{
    while (json && *path) {
        size_t n = strcspn(path, "/");
        const cJSON *member = cJSON_IsObject(json) ? json->child : NULL;

        while (member && (strlen(member->string) != n || memcmp(member->string, path, n) != 0))
            member = member->next;
        json = member;
        path += n + (path[n] == '/');
    }
    return json;
}

bool wb_json_has(const WbJson *json, const char *const *paths)
{
    for (; *paths; paths++)
        if (!wb_json_at(json, *paths))
            return false;
    return true;
}

bool wb_json_is_object(const WbJson *json)
{
    return cJSON_IsObject(json);
}

double wb_json_real(const WbJson *json, const char *path)
{
    const cJSON *value = wb_json_at(json, path);

    return cJSON_IsNumber(value) && value->valuedouble >= 0 && value->valuedouble <= 1e300
               ? value->valuedouble
               : (double)NAN;
}

int64_t wb_json_count(const WbJson *json, const char *path)
{
    double value = wb_json_real(json, path);

    return value <= LARGEST ? (int64_t)value : WB_NONE;
}

int64_t wb_json_ns(double ns)
{
    return ns >= 0 && ns < 9e18 ? llround(ns) : WB_NONE;
}

const char *wb_json_text(const WbJson *json, const char *path)
{
    const cJSON *value = wb_json_at(json, path);

    return cJSON_IsString(value) ? value->valuestring : NULL;
}

const WbJson *wb_json_first(const WbJson *json)
{
    return json ? json->child : NULL;
}

const WbJson *wb_json_next(const WbJson *member)
{
    return member->next;
}

const char *wb_json_name(const WbJson *member)
{
    return member->string ? member->string : "";
}

bool wb_json_times(const WbJson *json, const WbJsonTime *times, size_t n, WbRun *run)
{
    bool found = false;

    for (size_t i = 0; i < n; i++) {
        int64_t ns = wb_json_ns(wb_json_real(json, times[i].path) * times[i].unit_ns);

        if (ns == WB_NONE)
            continue;
        *(int64_t *)(void *)((char *)run + times[i].ns_at) = ns;
        *(int64_t *)(void *)((char *)run + times[i].half_at) = times[i].half_ns;
        found = true;
    }
    return found;
}

const char *wb_json_utc(const char *text, GStringChunk *chunk)
{
    g_autoptr(GDateTime) given = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;
    g_autoptr(GDateTime) utc = given ? g_date_time_to_utc(given) : NULL;
    g_autofree char *written = utc ? g_date_time_format(utc, "%Y-%m-%dT%H:%M:%S") : NULL;
    g_autofree char *whole = NULL;

    if (!written)
        return NULL;
    whole = g_strdup_printf("%s.%06dZ", written, g_date_time_get_microsecond(utc));
    return g_string_chunk_insert(chunk, whole);
}

const char *wb_json_valid(const char *text, GStringChunk *chunk)
{
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)MIN(strlen(text), LABEL_BYTES));

    return g_string_chunk_insert(chunk, valid);
}

const char *wb_json_utc_of(double unix_s, GStringChunk *chunk)
{
    g_autoptr(GDateTime) time =
        unix_s >= 1 && unix_s < 1e11 ? g_date_time_new_from_unix_utc((int64_t)unix_s) : NULL;
    g_autofree char *text = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;

    return text ? g_string_chunk_insert(chunk, text) : NULL;
}

/* ---- the document ------------------------------------------------------------------------- */

struct WbJsonReading {
    const WbSink *sink;
    GError **error;
    GStringChunk *chunk;
    int64_t line; /* where the document at hand begins */
};

GStringChunk *wb_json_chunk(WbJsonReading *reading)
{
    return reading->chunk;
}

void wb_json_begin(const WbJsonReading *reading, WbRun *out_run)
{
    wb_run_init(out_run);
    out_run->status = "complete";
    out_run->log_line = reading->line;
}

bool wb_json_give(WbJsonReading *reading, const WbRun *run, const WbLabels *labels)
{
    return reading->sink->run(reading->sink->user_data, run, labels, reading->error);
}

bool wb_json_unread(WbJsonReading *reading, const char *text, const char *reason)
{
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)MIN(strlen(text), LABEL_BYTES));
    const WbUnreadLine line = {reading->line, valid, reason};

    return reading->sink->unread(reading->sink->user_data, &line, reading->error);
}

void wb_json_set_label(WbLabels *labels, const char *key, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)MIN(strlen(text), LABEL_BYTES));

    wb_labels_set(labels, key, valid);
}

static const WbJsonTool *tool_of(const cJSON *object)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tools); i++)
        if (tools[i]->is(object))
            return tools[i];
    return NULL;
}

static bool give(WbJsonReading *reading, const WbJsonTool *tool, const cJSON *object)
{
    g_autofree char *url = NULL;
    g_autofree WbHist *hist = tool->hist ? g_new0(WbHist, 1) : NULL;
    WbHistRecord record = {.hist = hist};
    const WbRunDetails details = {.hists = &record, .hists_n = 1};
    WbRun run;

    wb_json_begin(reading, &run);
    run.tool = tool->name;
    if (!tool->fill(object, &run, reading->chunk))
        return true;
    if (hist && tool->hist(object, hist)) {
        record.kind = wb_latency_hist_kind(run.latency_kind);
        run.details = &details;
    }
    url = run.url ? g_utf8_make_valid(run.url, -1) : NULL;
    run.url = url;
    return wb_json_give(reading, &run, NULL);
}

static bool walk(WbJsonReading *reading, const cJSON *value, int depth)
{
    const WbJsonTool *tool = cJSON_IsObject(value) ? tool_of(value) : NULL;
    const cJSON *child;

    if (tool)
        return tool->each ? tool->each(value, reading) : give(reading, tool, value);
    if (depth >= DEEPEST || !(cJSON_IsObject(value) || cJSON_IsArray(value)))
        return true;
    cJSON_ArrayForEach(child, value)
    {
        if (!walk(reading, child, depth + 1))
            return false;
    }
    return true;
}

/* ---- the text ----------------------------------------------------------------------------- */

/* The next object: a brace before a name or another brace. NULL: there is none. */
static const char *next_object(const char *p, const char *end)
{
    while ((p = memchr(p, '{', (size_t)(end - p)))) {
        const char *inside = p + 1;

        while (inside < end && g_ascii_isspace(*inside))
            inside++;
        if (inside < end && *inside == '"')
            return p;
        p = inside;
    }
    return NULL;
}

static int64_t lines_in(const char *p, const char *end)
{
    int64_t n = 0;

    for (; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        n++;
    return n;
}

/* Each object of the text in turn, whatever stands around it: a list that was cut short gives those
 * of its reports that are whole. Where an object is broken its inner ones are tried, down to
 * DEEPEST, so that no text is read more often than that. */
static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    WbJsonReading reading = {sink, error, g_string_chunk_new(256), 1};
    const char *end = bytes + len, *counted = bytes, *at = bytes, *broken = bytes;
    int depth = 0;
    bool ok = true;

    while (ok && (at = next_object(at, end))) {
        const char *behind = at;
        cJSON *root = cJSON_ParseWithLengthOpts(at, (size_t)(end - at), &behind, false);

        if (root) {
            reading.line += lines_in(counted, at);
            counted = at;
            ok = walk(&reading, root, 0);
            cJSON_Delete(root);
            at = behind;
            continue;
        }
        depth = at < broken ? depth + 1 : 0;
        broken = MAX(broken, behind);
        at = depth < DEEPEST ? at + 1 : MAX(at + 1, broken);
    }
    g_string_chunk_free(reading.chunk);
    return ok;
}

/* JSON and nothing else, or a name that only a report has, in whatever stands around it. */
static bool looks_like(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    const char *object;

    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        bytes += 3;
    while (bytes < end && (g_ascii_isspace(*bytes) || *bytes == '['))
        bytes++;
    object = next_object(bytes, end);
    if (!object || object == bytes)
        return object != NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(tools); i++)
        if (tools[i]->mark &&
            memmem(object, (size_t)(end - object), tools[i]->mark, strlen(tools[i]->mark)))
            return true;
    return false;
}

const WbParser wb_parser_json = {.name = "json",
                                 .what = "JSON of wrk (samples/wrk/report.lua) and reports of "
                                         "autocannon, bombardier, oha, vegeta, k6, fortio and "
                                         "TechEmpower's results.json",
                                 .is_log = true,
                                 .looks_like = looks_like,
                                 .parse = parse};
