/*
 * JSON logs: the JSON reports of load tools (autocannon, bombardier, oha, vegeta, k6, fortio, wrk
 * by samples/wrk/report.lua). A file may hold one report, a list of them, one a line, a harness's
 * document with reports somewhere inside, or prose with reports between: every object that a tool
 * knows as its own is a run, and what lies inside it is not looked at again. A run's log_line is
 * where the outermost object around its report begins.
 *
 * A tool is a const WbJsonTool in a file of its own. Numbers in JSON are exact, so that figures
 * have a half width only where the tool rounds them.
 */
#ifndef WB_RUNNER_IMPORT_JSON_LOG_H
#define WB_RUNNER_IMPORT_JSON_LOG_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/import/parser.h"
#include "schema/records.h"

/* A value of the document. */
typedef struct cJSON WbJson;

/* Where a document of several runs puts them. */
typedef struct WbJsonReading WbJsonReading;

typedef struct {
    const char *name; /* run.tool */
    bool (*is)(const WbJson *object);
    /* fill: the run; texts that it makes go to `chunk`. False: it holds no run after all. */
    bool (*fill)(const WbJson *object, WbRun *run, GStringChunk *chunk);
    /* A name, in its quotes, that every report has and prose about something else has not. */
    const char *mark;
    /* All latencies, if the report holds them: `out` starts zeroed. NULL: it never does. */
    bool (*hist)(const WbJson *object, WbHist *out);
    /* each: instead of `fill` and `hist`: gives every run of a document that holds several. False:
     * what it called has returned false. */
    bool (*each)(const WbJson *object, WbJsonReading *reading);
} WbJsonTool;

extern const WbJsonTool wb_json_autocannon;
extern const WbJsonTool wb_json_bombardier;
extern const WbJsonTool wb_json_fortio;
extern const WbJsonTool wb_json_k6;
extern const WbJsonTool wb_json_oha;
extern const WbJsonTool wb_json_techempower;
extern const WbJsonTool wb_json_vegeta;
extern const WbJsonTool wb_json_wrk;

/* ---- for the tools: `path` is names parted by '/' ------------------------------------------ */

/** wb_json_at: the value at a path; NULL: there is none. */
const WbJson *wb_json_at(const WbJson *json, const char *path);

/** wb_json_has: whether all of these paths exist; ends with NULL. */
bool wb_json_has(const WbJson *json, const char *const *paths);

/** wb_json_is_object: whether it has members with names. */
bool wb_json_is_object(const WbJson *json);

/** wb_json_real: a number at or above 0; NaN: none. */
double wb_json_real(const WbJson *json, const char *path);

/** wb_json_count: a whole number at or above 0; WB_NONE: none. */
int64_t wb_json_count(const WbJson *json, const char *path);

/** wb_json_ns: a time as stored; WB_NONE: NaN or too long. */
int64_t wb_json_ns(double ns);

/** wb_json_text: a text (borrowed); NULL: none. */
const char *wb_json_text(const WbJson *json, const char *path);

/** wb_json_first, _next: the members of an object or list; wb_json_name: of a member. */
const WbJson *wb_json_first(const WbJson *json);
const WbJson *wb_json_next(const WbJson *member);
const char *wb_json_name(const WbJson *member);

/* A time in the tool's unit, and the half width of its rounding in ns. */
typedef struct {
    const char *path;
    double unit_ns;
    int64_t half_ns;
    size_t ns_at, half_at; /* offsets in WbRun */
} WbJsonTime;

#define WB_JSON_TIME(path, unit_ns, half_ns, member)                                               \
    {                                                                                              \
        path, unit_ns, half_ns, offsetof(WbRun, member), offsetof(WbRun, member##_half)            \
    }

/** wb_json_times: fills all that exist; says whether any did. */
bool wb_json_times(const WbJson *json, const WbJsonTime *times, size_t n, WbRun *run);

/** wb_json_utc: an instant of RFC 3339 as stored (in `chunk`); NULL: it is none. */
const char *wb_json_utc(const char *text, GStringChunk *chunk);

/** wb_json_valid: the text as UTF-8, at most 900 bytes of it (in `chunk`). */
const char *wb_json_valid(const char *text, GStringChunk *chunk);

/** wb_json_utc_of: an instant of seconds since 1970 as stored (in `chunk`); NULL: it is none. */
const char *wb_json_utc_of(double unix_s, GStringChunk *chunk);

/* ---- for `each` ----------------------------------------------------------------------------- */

/** wb_json_chunk: for texts of a run. */
GStringChunk *wb_json_chunk(WbJsonReading *reading);

/** wb_json_begin: a complete run of the document, without figures. */
void wb_json_begin(const WbJsonReading *reading, WbRun *out_run);

/** wb_json_give: hands it on. */
bool wb_json_give(WbJsonReading *reading, const WbRun *run, const WbLabels *labels);

/** wb_json_unread: tells of a part of the document that gives no run, and why. */
bool wb_json_unread(WbJsonReading *reading, const char *text, const char *reason);

/** wb_json_set_label: a label of a text of the document, made UTF-8 of a length that is allowed. */
void wb_json_set_label(WbLabels *labels, const char *key, const char *text);

#define WB_JSON_SECOND 1e9
#define WB_JSON_MS     1e6
#define WB_JSON_US     1e3

#endif
