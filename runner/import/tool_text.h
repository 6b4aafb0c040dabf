/*
 * Tool text: the text output of load tools other than wrk, wherever it stands: alone, several runs
 * in a file, in prose, quoted, fenced, with HTML or Markdown marks around its lines. A tool is a
 * const WbToolText in a file of its own: which line begins a block, which figure each further line
 * holds, and what makes it a run.
 *
 * A block ends at the tool's last line, at the next begin, at a fence or at the end of the text.
 * The first line of a kind counts. A begin without figures behind it is prose, and is no run.
 */
#ifndef WB_RUNNER_IMPORT_TOOL_TEXT_H
#define WB_RUNNER_IMPORT_TOOL_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/import/parser.h"
#include "schema/records.h"

/* One line, without its marks, blanks around it and line end. */
typedef struct {
    const char *begin, *end;
    int64_t number; /* from 1 */
} WbToolLine;

#define WB_TOOL_COUNTS 8

/* A block on its way to a run. */
typedef struct {
    WbRun run;
    uint32_t seen;                 /* the tool's own bits */
    int64_t count[WB_TOOL_COUNTS]; /* the tool's own sums, 0 at first */
    GString *url, *host;           /* "" at first; url is the run's where it is not empty */
} WbToolBlock;

typedef enum {
    WB_TOOL_LINE_FOREIGN, /* none of the tool's */
    WB_TOOL_LINE_TAKEN,
    WB_TOOL_LINE_LAST, /* taken, and the block ends with it */
} WbToolLineUse;

/* Options of the tool's command line that say what its text does not. */
typedef struct {
    const char *option; /* "-c" */
    enum { WB_TOOL_CONNECTIONS, WB_TOOL_THREADS, WB_TOOL_REQUESTS, WB_TOOL_DURATION } meaning;
} WbToolOption;

typedef struct {
    const char *name;            /* of the tool: run.tool, --format */
    const char *mark;            /* words that every run of it has somewhere: texts without them
                                    are not looked at line by line */
    const char *program;         /* first word of its command lines; NULL: none is looked for */
    const WbToolOption *options; /* ends with a NULL option */
    /* `open`: the block that is open, or NULL. */
    bool (*begins)(const WbToolLine *line, const WbToolBlock *open);
    WbToolLineUse (*take)(WbToolBlock *block, const WbToolLine *line);
    bool (*finish)(WbToolBlock *block); /* false: no run */
} WbToolText;

/** wb_tool_text_looks_like: whether a line of the text begins a block. */
bool wb_tool_text_looks_like(const WbToolText *tool, const char *bytes, size_t len);

/** wb_tool_text_parse: as WbParser.parse; one pass, linear. */
bool wb_tool_text_parse(const WbToolText *tool, const char *bytes, size_t len, const WbSink *sink,
                        GError **error);

/* ---- for the tools ------------------------------------------------------------------------ */

/** wb_tool_after: behind `key` (and marks and blanks behind it) at the begin of the line; NULL: it
 * is not there. */
const char *wb_tool_after(const WbToolLine *line, const char *key);

/** wb_tool_take_once: whether the bit was not seen yet; sets it. */
bool wb_tool_take_once(WbToolBlock *block, uint32_t bit);

/** wb_tool_skip: behind blanks. */
const char *wb_tool_skip(const char *p, const char *end);

/** wb_tool_count: a whole number at p, below 9e15; WB_NONE: none. *out_end (may be NULL): behind
 * it. */
int64_t wb_tool_count(const char *p, const char *end, const char **out_end);

/** wb_tool_add: the sum of two counts, at most 10^18. */
int64_t wb_tool_add(int64_t sum, int64_t count);

/** wb_tool_time: a number in units of unit_ns at p, with half a unit of its last digit. */
bool wb_tool_time(const char *p, const char *end, double unit_ns, int64_t *out_ns,
                  int64_t *out_half_ns, const char **out_end);

/** wb_tool_go_time: a duration as Go prints it, "1m0.001s", "563.135us" (with the Greek mu or one
 * u), "10m0s", with half a unit of its last digit.
 * @return  behind it; NULL: there is none */
const char *wb_tool_go_time(const char *p, const char *end, int64_t *out_ns, int64_t *out_half_ns);

/** wb_tool_set_percentile: sets the run's percentile of that name, where there is one and it was
 * not set before. */
void wb_tool_set_percentile(WbRun *run, double percent, int64_t ns, int64_t half_ns);

/** wb_tool_rate: a rate per s at p. */
bool wb_tool_rate(const char *p, const char *end, WbRun *run);

/** wb_tool_no_errors: every class of socket errors is 0. */
void wb_tool_no_errors(WbRun *run);

#define WB_TOOL_SECOND 1e9
#define WB_TOOL_MS     1e6

#endif
