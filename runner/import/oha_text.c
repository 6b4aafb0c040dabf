/*
 * oha's text, a cousin of hey's. What its figures mean:
 * - requests: the answers by status code; "Success rate" says that an answer came, of any status.
 * - Times: seconds in early versions; later one unit for the whole report, chosen by the slowest,
 *   in which the value may be a multiple: "1.2 10 sec" is 12 s.
 * - Sizes are of 1024 and say so.
 */
#include <math.h>
#include <string.h>

#include "runner/import/oha_errors.h"
#include "runner/import/tool_text.h"
#include "schema/units.h"

enum {
    SEEN_SUCCESS = 1,
    SEEN_TOTAL = 2,
    SEEN_RATE = 4,
    SEEN_CODES = 8,
    IN_CODES = 16,
    IN_ERRORS = 32,
    SEEN_SIZE = 64
};

static const WbToolOption options[] = {
    {"-c", WB_TOOL_CONNECTIONS}, {"-n", WB_TOOL_REQUESTS}, {"-z", WB_TOOL_DURATION}, {NULL, 0}};

static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    (void)open;
    return line->end - line->begin == 8 && memcmp(line->begin, "Summary:", 8) == 0;
}

/* ---- figures ------------------------------------------------------------------------------ */

static bool take_time(const char *p, const char *end, int64_t *out_ns, int64_t *out_half)
{
    static const struct {
        const char *word;
        double ns;
    } units[] = {{"10 sec", 1e10}, {"10 min", 6e11},   {"sec", 1e9},
                 {"min", 6e10},    {"hr", 3.6e12},     {"ms", 1e6},
                 {"us", 1e3},      {"\xc2\xb5s", 1e3}, {"ns", 1}};
    double value, half;
    bool is_whole;
    const char *unit = wb_units_scan_number(p, end, &value, &half, &is_whole);

    if (!unit || !(value >= 0))
        return false;
    unit = wb_tool_skip(unit, end);
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        size_t n = strlen(units[i].word);

        if ((size_t)(end - unit) < n || memcmp(unit, units[i].word, n) != 0 ||
            value * units[i].ns >= 9e18)
            continue;
        *out_ns = llround(value * units[i].ns);
        *out_half = llround(half * units[i].ns);
        return true;
    }
    return false;
}

/* "169.66 MiB". */
static void take_size(WbRun *run, const char *p, const char *end)
{
    static const char letters[] = "KMGT";
    double value, half, scale;
    bool is_whole;
    const char *unit = wb_units_scan_number(p, end, &value, &half, &is_whole);
    const char *letter;

    if (!unit)
        return;
    unit = wb_tool_skip(unit, end);
    letter = end - unit > 1 && unit[1] == 'i' && *unit ? strchr(letters, *unit) : NULL;
    scale = letter ? pow(1024, (double)(letter - letters + 1)) : 1;
    if (value >= 0 && value * scale < 9e18) {
        run->bytes = llround(value * scale);
        run->bytes_half = letter ? llround(half * scale) : 0;
    }
}

/* ---- lines -------------------------------------------------------------------------------- */

static bool take_summary(WbToolBlock *block, const WbToolLine *line)
{
    WbRun *run = &block->run;
    int64_t *ns = NULL, *half = NULL;
    const char *p;

    if (wb_tool_after(line, "Success rate:")) {
        block->seen |= SEEN_SUCCESS;
    } else if ((p = wb_tool_after(line, "Requests/sec:"))) {
        if (wb_tool_rate(p, line->end, run))
            block->seen |= SEEN_RATE;
    } else if ((p = wb_tool_after(line, "Total data:"))) {
        if (wb_tool_take_once(block, SEEN_SIZE))
            take_size(run, p, line->end);
    } else {
        if ((p = wb_tool_after(line, "Total:")))
            ns = &run->elapsed_ns, half = &run->elapsed_ns_half;
        else if ((p = wb_tool_after(line, "Slowest:")))
            ns = &run->latency_max_ns, half = &run->latency_max_ns_half;
        else if ((p = wb_tool_after(line, "Fastest:")))
            ns = &run->latency_min_ns, half = &run->latency_min_ns_half;
        else if ((p = wb_tool_after(line, "Average:")))
            ns = &run->latency_mean_ns, half = &run->latency_mean_ns_half;
        if (p && *ns == WB_NONE && take_time(p, line->end, ns, half) && ns == &run->elapsed_ns)
            block->seen |= SEEN_TOTAL;
        return p != NULL;
    }
    return true;
}

/* "50% in 0.7404 secs", "99.90% in 7.1 ms". */
static bool take_percentile(WbRun *run, const WbToolLine *line)
{
    double percent, ignored;
    bool is_whole;
    int64_t ns, half;
    const char *p = wb_units_scan_number(line->begin, line->end, &percent, &ignored, &is_whole);

    if (!p || line->end - p < 5 || memcmp(p, "% in ", 5) != 0)
        return false;
    if (take_time(p + 5, line->end, &ns, &half))
        wb_tool_set_percentile(run, percent, ns, half);
    return true;
}

/* The number in brackets; NULL: the line has none. *out_number is it. */
static const char *behind_bracket(const WbToolLine *line, int64_t *out_number)
{
    const char *p = wb_tool_after(line, "[");

    *out_number = p ? wb_tool_count(p, line->end, &p) : WB_NONE;
    return *out_number != WB_NONE && p < line->end && *p == ']' ? wb_tool_skip(p + 1, line->end)
                                                                : NULL;
}

/* "[200] 20000 responses" or, among the errors, "[8] aborted due to deadline". */
static bool take_listed(WbToolBlock *block, const WbToolLine *line)
{
    int64_t number, count;
    const char *p = behind_bracket(line, &number);

    if (!p || !(block->seen & (IN_CODES | IN_ERRORS)))
        return false;
    if (block->seen & IN_ERRORS) {
        wb_oha_error(&block->run, p, line->end, number);
        return true;
    }
    count = wb_tool_count(p, line->end, NULL);
    if (count == WB_NONE)
        return false;
    block->run.requests = wb_tool_add(block->run.requests, count);
    if (number < 200 || number > 399)
        block->run.errors_status = wb_tool_add(block->run.errors_status, count);
    return true;
}

static bool take_heading(WbToolBlock *block, const WbToolLine *line)
{
    bool codes = wb_tool_after(line, "Status code distribution:") != NULL;
    bool errors = wb_tool_after(line, "Error distribution:") != NULL;

    if (!codes && !errors)
        return false;
    block->seen &= ~(uint32_t)(IN_CODES | IN_ERRORS);
    if (codes && wb_tool_take_once(block, SEEN_CODES)) {
        block->seen |= IN_CODES;
        block->run.requests = block->run.errors_status = 0;
    } else if (errors) {
        block->seen |= IN_ERRORS;
    }
    return true;
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    if (begins(line, NULL)) {
        wb_tool_no_errors(&block->run);
        return WB_TOOL_LINE_TAKEN;
    }
    return take_heading(block, line) || take_listed(block, line) || take_summary(block, line) ||
                   take_percentile(&block->run, line)
               ? WB_TOOL_LINE_TAKEN
               : WB_TOOL_LINE_FOREIGN;
}

static bool finish(WbToolBlock *block)
{
    const uint32_t needed = SEEN_SUCCESS | SEEN_TOTAL | SEEN_RATE | SEEN_CODES;

    if ((block->seen & needed) != needed)
        return false;
    if (block->run.latency_mean_ns != WB_NONE)
        block->run.latency_kind = "raw";
    return true;
}

static const WbToolText tool = {"oha", "Success rate:", "oha", options, begins, take, finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_oha = {
    .name = "oha", .what = "text of oha", .is_log = true, .looks_like = looks_like, .parse = parse};
