/* Tool text: see tool_text.h. */
#include "runner/import/tool_text.h"

#include <math.h>
#include <string.h>

#include "schema/units.h"

#define COMMAND_MAX 1024

typedef struct {
    const WbToolText *tool;
    const WbSink *sink;
    GError **error;
    WbToolBlock block;
    bool is_open;
    char command[COMMAND_MAX]; /* the last one above; "": none since the last run */
} Parse;

/* ---- lines -------------------------------------------------------------------------------- */

/* Behind what Markdown, mail and HTML put before a line. */
static const char *skip_marks(const char *p, const char *end)
{
    while (p < end) {
        const char *close;

        if (*p && strchr(" \t>|*`{", *p)) {
            p++;
        } else if (*p == '<' && (close = memchr(p, '>', (size_t)(end - p))) && close - p < 16) {
            p = close + 1;
        } else {
            break;
        }
    }
    return p;
}

/* Before the blanks and closing marks at the end of a line: "8000<br>". */
static const char *trim_marks(const char *begin, const char *end)
{
    for (;;) {
        const char *open;

        while (end > begin && end[-1] && strchr(" \t\r", end[-1]))
            end--;
        if (end == begin || end[-1] != '>')
            return end;
        for (open = end - 1; open > begin && *open != '<' && end - open < 12; open--)
            ;
        if (*open != '<')
            return end;
        end = open;
    }
}

/* Cuts the next line; false at the end of the text. */
static bool next_line(const char **text, const char *end, WbToolLine *line, bool *out_fence)
{
    const char *line_end;

    if (*text >= end)
        return false;
    line_end = memchr(*text, '\n', (size_t)(end - *text));
    line->end = line_end ? line_end : end;
    line->begin = wb_tool_skip(*text, line->end);
    *out_fence = line->end - line->begin >= 3 && memcmp(line->begin, "```", 3) == 0;
    line->begin = skip_marks(*text, line->end);
    line->end = trim_marks(line->begin, line->end);
    line->number++;
    *text = line_end ? line_end + 1 : end;
    return true;
}

const char *wb_tool_skip(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

const char *wb_tool_after(const WbToolLine *line, const char *key)
{
    size_t n = strlen(key);

    if ((size_t)(line->end - line->begin) < n || memcmp(line->begin, key, n) != 0)
        return NULL;
    return skip_marks(line->begin + n, line->end);
}

bool wb_tool_take_once(WbToolBlock *block, uint32_t bit)
{
    bool is_first = !(block->seen & bit);

    block->seen |= bit;
    return is_first;
}

/* ---- figures ------------------------------------------------------------------------------ */

int64_t wb_tool_count(const char *p, const char *end, const char **out_end)
{
    double value, half;
    bool is_whole;
    const char *after = wb_units_scan_number(p, end, &value, &half, &is_whole);

    if (!after || !is_whole || !(value >= 0 && value < 9e15))
        return WB_NONE;
    if (out_end)
        *out_end = after;
    return (int64_t)value;
}

int64_t wb_tool_add(int64_t sum, int64_t count)
{
    return MIN(sum + count, INT64_C(1000000000000000000));
}

bool wb_tool_time(const char *p, const char *end, double unit_ns, int64_t *out_ns,
                  int64_t *out_half_ns, const char **out_end)
{
    double value, half;
    bool is_whole;
    const char *after = wb_units_scan_number(p, end, &value, &half, &is_whole);

    if (!after || !(value >= 0 && value * unit_ns < 9e18))
        return false;
    *out_ns = (int64_t)llround(value * unit_ns);
    *out_half_ns = (int64_t)llround(half * unit_ns);
    if (out_end)
        *out_end = after;
    return true;
}

const char *wb_tool_go_time(const char *p, const char *end, int64_t *out_ns, int64_t *out_half)
{
    static const struct {
        const char *unit;
        double ns;
    } units[] = {{"h", 3.6e12},      {"ms", 1e6}, {"m", 6e10}, {"\xc2\xb5s", 1e3},
                 {"\xce\xbcs", 1e3}, {"us", 1e3}, {"ns", 1},   {"s", 1e9}};
    double sum = 0, width = 0;
    const char *from = p;

    for (;;) {
        double value, half;
        bool is_whole;
        size_t i = 0;
        const char *after = wb_units_scan_number(p, end, &value, &half, &is_whole);

        if (!after)
            break;
        while (i < G_N_ELEMENTS(units) &&
               ((size_t)(end - after) < strlen(units[i].unit) ||
                memcmp(after, units[i].unit, strlen(units[i].unit)) != 0))
            i++;
        if (i == G_N_ELEMENTS(units))
            return NULL;
        sum += value * units[i].ns;
        width = half * units[i].ns;
        p = after + strlen(units[i].unit);
    }
    if (p == from || !(sum >= 0 && sum < 9e18))
        return NULL;
    *out_ns = llround(sum);
    *out_half = llround(width);
    return p;
}

void wb_tool_set_percentile(WbRun *run, double percent, int64_t ns, int64_t half_ns)
{
    const struct {
        double percent;
        int64_t *ns, *half;
    } rows[] = {{50, &run->latency_p50_ns, &run->latency_p50_ns_half},
                {75, &run->latency_p75_ns, &run->latency_p75_ns_half},
                {90, &run->latency_p90_ns, &run->latency_p90_ns_half},
                {95, &run->latency_p95_ns, &run->latency_p95_ns_half},
                {99, &run->latency_p99_ns, &run->latency_p99_ns_half},
                {99.9, &run->latency_p999_ns, &run->latency_p999_ns_half}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (fabs(rows[i].percent - percent) < 1e-6 && *rows[i].ns == WB_NONE) {
            *rows[i].ns = ns;
            *rows[i].half = half_ns;
        }
}

bool wb_tool_rate(const char *p, const char *end, WbRun *run)
{
    double value, half;
    bool is_whole;

    if (!wb_units_scan_number(p, end, &value, &half, &is_whole) || !(value >= 0))
        return false;
    run->requests_per_s = value;
    run->requests_per_s_half = half;
    return true;
}

void wb_tool_no_errors(WbRun *run)
{
    run->errors_connect = run->errors_read = run->errors_write = run->errors_timeout = 0;
}

/* ---- command lines ------------------------------------------------------------------------ */

/* Keeps a line that starts the tool, from its name on: "$ ab -n 100 -c 10 http://...". */
static void look_for_command(Parse *parse, const WbToolLine *line)
{
    const char *program = parse->tool->program;
    size_t n = program ? strlen(program) : 0, len;

    for (const char *p = line->begin; n && p + n + 2 < line->end && p - line->begin < 80; p++) {
        bool at_word = p == line->begin || (p[-1] && strchr(" \t$#/`", p[-1]));

        if (!at_word || memcmp(p, program, n) != 0 || p[n] != ' ' ||
            !memchr(p, '-', (size_t)(line->end - p)))
            continue;
        len = MIN((size_t)(line->end - p), sizeof parse->command - 1);
        memcpy(parse->command, p, len);
        parse->command[len] = '\0';
        g_strdelimit(parse->command, "`", ' ');
        g_strchomp(parse->command);
        return;
    }
}

static void apply_option(WbRun *run, const WbToolOption *option, const char *value)
{
    const char *end = value + strlen(value);
    int64_t ns;

    switch (option->meaning) {
    case WB_TOOL_CONNECTIONS:
        if (run->connections == WB_NONE)
            run->connections = wb_tool_count(value, end, NULL);
        break;
    case WB_TOOL_THREADS:
        if (run->threads == WB_NONE)
            run->threads = wb_tool_count(value, end, NULL);
        break;
    case WB_TOOL_REQUESTS:
        run->asked_requests = wb_tool_count(value, end, NULL);
        break;
    case WB_TOOL_DURATION:
        if (wb_units_parse_duration(value, &ns, NULL))
            run->asked_duration_ns = ns;
        break;
    }
}

static void apply_command(const WbToolText *tool, const char *command, WbToolBlock *block)
{
    g_auto(GStrv) words = NULL;
    int n;

    if (!*command || !g_shell_parse_argv(command, &n, &words, NULL))
        return;
    for (int i = 1; i < n; i++) {
        for (const WbToolOption *o = tool->options; o && o->option && i + 1 < n; o++)
            if (!strcmp(words[i], o->option))
                apply_option(&block->run, o, words[i + 1]);
        if (block->url->len == 0 && strstr(words[i], "://"))
            g_string_assign(block->url, words[i]);
    }
}

/* ---- blocks ------------------------------------------------------------------------------- */

static void open_block(Parse *parse, const WbToolLine *line)
{
    WbToolBlock *block = &parse->block;

    wb_run_init(&block->run);
    block->run.tool = parse->tool->name;
    block->run.status = "complete";
    block->run.log_line = line->number;
    block->seen = 0;
    memset(block->count, 0, sizeof block->count);
    g_string_truncate(block->url, 0);
    g_string_truncate(block->host, 0);
    parse->is_open = true;
}

static bool close_block(Parse *parse)
{
    WbToolBlock *block = &parse->block;
    g_autofree char *url = NULL;
    g_autofree char *command = NULL;

    if (!parse->is_open)
        return true;
    parse->is_open = false;
    if (!parse->tool->finish(block))
        return true;
    apply_command(parse->tool, parse->command, block);
    url = g_utf8_make_valid(block->url->str, (gssize)block->url->len);
    command = g_utf8_make_valid(parse->command, -1);
    block->run.url = *url ? url : NULL;
    block->run.command = *command ? command : NULL;
    if (!parse->sink->run(parse->sink->user_data, &block->run, NULL, parse->error))
        return false;
    parse->command[0] = '\0';
    return true;
}

/* A line that begins a block may hold figures as well: it is offered to the tool, too. */
static bool take_line(Parse *parse, const WbToolLine *line, bool is_fence)
{
    WbToolLineUse use = WB_TOOL_LINE_FOREIGN;

    if (is_fence)
        return close_block(parse);
    if (parse->tool->begins(line, parse->is_open ? &parse->block : NULL)) {
        if (!close_block(parse))
            return false;
        open_block(parse, line);
    }
    if (parse->is_open)
        use = parse->tool->take(&parse->block, line);
    if (use == WB_TOOL_LINE_FOREIGN)
        look_for_command(parse, line);
    return use == WB_TOOL_LINE_LAST ? close_block(parse) : true;
}

bool wb_tool_text_looks_like(const WbToolText *tool, const char *bytes, size_t len)
{
    const char *end = bytes + len;
    WbToolLine line = {0};
    bool is_fence;

    if (!memmem(bytes, len, tool->mark, strlen(tool->mark)))
        return false;
    while (next_line(&bytes, end, &line, &is_fence))
        if (tool->begins(&line, NULL))
            return true;
    return false;
}

bool wb_tool_text_parse(const WbToolText *tool, const char *bytes, size_t len, const WbSink *sink,
                        GError **error)
{
    Parse parse = {.tool = tool, .sink = sink, .error = error};
    const char *end = bytes + len;
    WbToolLine line = {0};
    bool is_fence, ok = true;

    parse.block.url = g_string_new(NULL);
    parse.block.host = g_string_new(NULL);
    while (ok && next_line(&bytes, end, &line, &is_fence))
        ok = take_line(&parse, &line, is_fence);
    ok = ok && close_block(&parse);
    g_string_free(parse.block.url, TRUE);
    g_string_free(parse.block.host, TRUE);
    return ok;
}
