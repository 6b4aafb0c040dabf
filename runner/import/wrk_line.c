/*
 * Finds the leftmost key word of a line that is followed (or, for counts, preceded) by what must
 * stand there; a key word in prose fails that test and the search goes on. One pass from left to
 * right, a bounded number of comparisons a byte; regular expressions would be slower and harder
 * to bound.
 */
#include "runner/import/wrk_line.h"

#include <glib.h>
#include <string.h>

#include "runner/import/wrk_figures.h"
#include "schema/records.h"
#include "schema/units.h"

/* Unlike strchr alone, never true for a zero byte. */
static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* ---- key words: each reader gets the place behind its word -------------------------------- */

typedef const char *(*ReadFn)(WbWrkScan *s, const char *at, const char *p);

static const char *read_url(WbWrkScan *s, const char *p)
{
    p = wb_wrk_skip_blanks(p, s->end);
    s->out->url = p;
    while (p < s->end && !wb_wrk_is_blank(*p))
        p++;
    s->out->url_end = p;
    return p > s->out->url ? p : NULL;
}

static const char *read_start(WbWrkScan *s, const char *at, const char *p)
{
    WbWrkFigure *time = &s->out->time[0];

    (void)at;
    p = wb_wrk_skip_blanks(p, s->end);
    if (p == s->end || !g_ascii_isdigit(*p))
        return NULL;
    p = wb_units_scan_time(p, s->end, &time->value, &time->half);
    if (!p || !is_one_of(p[-1], "smh") || !(g_ascii_isdigit(p[-2]) || p[-2] == 'm'))
        return NULL;
    /* wrk takes whole seconds and prints them up to 50; from 51 on it prints rounded minutes. ms
     * are of wrkbook, which takes less than a second. */
    if (p[-1] == 's')
        time->half = 0;
    p = wb_wrk_skip_blanks(p, s->end);
    if (!wb_wrk_starts_with(p, s->end, "test @"))
        return NULL;
    return read_url(s, p + strlen("test @"));
}

static const char *read_making(WbWrkScan *s, const char *at, const char *p)
{
    (void)at;
    p = wb_wrk_scan_whole(p, s->end, &s->out->count[0]);
    p = p ? wb_wrk_skip_blanks(p, s->end) : NULL;
    if (!p || !wb_wrk_starts_with(p, s->end, "requests to "))
        return NULL;
    return read_url(s, p + strlen("requests to "));
}

static const char *read_threads(WbWrkScan *s, const char *at, const char *p)
{
    if (!wb_wrk_scan_whole_before(s, at, &s->out->count[0]))
        return NULL;
    p = wb_wrk_scan_whole(p, s->end, &s->out->count[1]);
    p = p ? wb_wrk_skip_blanks(p, s->end) : NULL;
    if (!p || !wb_wrk_starts_with(p, s->end, "connections"))
        return NULL;
    s->out->is_whole = true;
    return p + strlen("connections");
}

static const char *read_tasks(WbWrkScan *s, const char *at, const char *p)
{
    if (!wb_wrk_scan_whole_before(s, at, &s->out->count[0]))
        return NULL;
    s->out->foreign = "tasks instead of threads and connections: another program";
    return p;
}

static const char *read_nothing(WbWrkScan *s, const char *at, const char *p)
{
    (void)at;
    s->out->is_whole = true;
    return p;
}

static const char *read_calibration(WbWrkScan *s, const char *at, const char *p)
{
    s->out->is_wrk2 = true;
    return read_nothing(s, at, p);
}

static const char *read_stats(WbWrkScan *s, const char *at, const char *p)
{
    static const char *const columns[] = {"Avg", "Stdev", "Max"};

    (void)at;
    s->out->is_whole = true;
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        p = wb_wrk_skip_blanks(p, s->end);
        if (i == 1 && wb_wrk_starts_with(p, s->end, "stddev")) { /* first builds */
            p += strlen("stddev");
        } else if (wb_wrk_starts_with(p, s->end, columns[i])) {
            p += strlen(columns[i]);
        } else if (i == 2 && wb_wrk_starts_with(p, s->end, "99%")) {
            s->out->foreign = "a column 99% instead of Max: a fork of wrk2 that adds up several "
                              "URLs";
            p += strlen("99%");
        } else {
            return NULL;
        }
    }
    return p;
}

static const char *read_latency(WbWrkScan *s, const char *at, const char *p)
{
    (void)at;
    for (size_t i = 0; i < 3 && p; i++)
        p = wb_wrk_scan_time(s, p, &s->out->time[i]);
    return p ? wb_wrk_scan_percent(s, p) : NULL;
}

static const char *read_req_sec(WbWrkScan *s, const char *at, const char *p)
{
    (void)at;
    for (size_t i = 0; i < 3 && p; i++) {
        bool was_empty = s->out->no_data;

        p = wb_wrk_scan_rate(s, p, &s->out->rate[i]);
        /* wrk says nan only in the last column. */
        if (s->out->no_data && !was_empty)
            s->out->is_wrk2 = true;
    }
    return p ? wb_wrk_scan_percent(s, p) : NULL;
}

static const char *read_distribution(WbWrkScan *s, const char *at, const char *p)
{
    (void)at;
    p = wb_wrk_skip_blanks(p, s->end);
    s->out->is_wrk2 = wb_wrk_starts_with(p, s->end, "(HdrHistogram");
    s->out->is_uncorrected = wb_wrk_starts_with(p, s->end, "(HdrHistogram - Uncorrected");
    s->out->is_whole = true;
    return p;
}

static const char *read_totals(WbWrkScan *s, const char *at, const char *p)
{
    const char *number = wb_wrk_scan_whole_before(s, at, &s->out->count[0]);
    const char *after;

    p = number ? wb_wrk_scan_time(s, p, &s->out->time[0]) : NULL;
    if (!p || s->out->no_data)
        return NULL;
    while (number > s->line && wb_wrk_is_blank(number[-1]))
        number--;
    if (number - s->line >= 7 && memcmp(number - 7, "Overall", 7) == 0)
        s->out->foreign = "a total over several URLs: a fork of wrk2";
    if (p < s->end && *p == ',')
        p++;
    after = wb_wrk_scan_bytes(s, p, &s->out->bytes);
    if (!after)
        return p;
    p = wb_wrk_skip_blanks(after, s->end);
    s->out->is_whole = wb_wrk_starts_with(p, s->end, "read");
    return s->out->is_whole ? p + strlen("read") : after;
}

static const char *read_socket(WbWrkScan *s, const char *at, const char *p)
{
    static const char *const names[] = {"connect", "read", "write", "timeout"};

    (void)at;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        p = wb_wrk_skip_blanks(p, s->end);
        if (i > 0 && p < s->end && *p == ',')
            p = wb_wrk_skip_blanks(p + 1, s->end);
        if (!wb_wrk_starts_with(p, s->end, names[i]))
            return NULL;
        p = wb_wrk_scan_whole(p + strlen(names[i]), s->end, &s->out->count[i]);
        if (!p)
            return NULL;
    }
    return p;
}

static const char *read_status(WbWrkScan *s, const char *at, const char *p)
{
    (void)at;
    p = wb_wrk_scan_whole(p, s->end, &s->out->count[0]);
    if (p && s->out->count[0] == 0)
        s->out->foreign = "a line 'Non-2xx or 3xx responses: 0', which wrk prints only above 0";
    return p;
}

static const char *read_rate(WbWrkScan *s, const char *at, const char *p)
{
    char number[40];
    size_t n = 0;
    bool whole;
    const char *from = p = wb_wrk_skip_blanks(p, s->end);
    const char *to;

    (void)at;
    /* People group its thousands, too. */
    for (; p < s->end && n < sizeof number && (g_ascii_isdigit(*p) || *p == '.' || *p == ','); p++)
        if (*p != ',')
            number[n++] = *p;
    to = wb_units_scan_number(number, number + n, &s->out->rate[0].value, &s->out->rate[0].half,
                              &whole);
    if (!to || to != number + n || !wb_wrk_ends_word(p, s->end))
        return NULL;
    wb_wrk_judge_decimals(s, from, p, s->out->rate[0].half);
    s->out->is_whole = wb_wrk_has_two_decimals(s->out->rate[0].half);
    return p;
}

static const char *read_transfer(WbWrkScan *s, const char *at, const char *p)
{
    const char *to = wb_wrk_scan_bytes(s, p, &s->out->bytes);

    (void)at;
    s->out->is_whole = to && to[-1] == 'B';
    return to ? to : p;
}

/* "wrk" or "wrk2" as a word, then an option or a URL. */
static const char *read_command(WbWrkScan *s, const char *at, const char *p)
{
    if (p < s->end && *p == '2')
        p++;
    if (p >= s->end || !wb_wrk_is_blank(*p) ||
        (at > s->line && !is_one_of(at[-1], " \t/`$#>%\"'(")))
        return NULL;
    p = wb_wrk_skip_blanks(p, s->end);
    if (p + 1 < s->end && *p == '-' && (g_ascii_isalpha(p[1]) || p[1] == '-'))
        return p;
    if (p < s->end && is_one_of(*p, "\"'"))
        p++;
    return wb_wrk_starts_with(p, s->end, "http") ? p : NULL;
}

static const struct {
    const char *word;
    WbWrkLineKind kind;
    bool may_follow_letters; /* else it must begin a word */
    ReadFn read;
} keys[] = {
    {"unning ", WB_WRK_START, true, read_start}, /* `unning` and `RRunning` occur */
    {"Making ", WB_WRK_MAKING, false, read_making},
    {"threads and ", WB_WRK_THREADS, false, read_threads},
    {"task(s) running", WB_WRK_THREADS, false, read_tasks},
    {"Thread Stats ", WB_WRK_STATS, false, read_stats},
    {"Thread calibration:", WB_WRK_CALIBRATION, false, read_calibration},
    {"Latency Distribution", WB_WRK_DISTRIBUTION, false, read_distribution},
    {"Latency ", WB_WRK_LATENCY, false, read_latency},
    {"Req/Sec ", WB_WRK_REQ_SEC, false, read_req_sec},
    {"requests in ", WB_WRK_TOTALS, false, read_totals},
    {"Socket errors:", WB_WRK_SOCKET, false, read_socket},
    {"Non-2xx or 3xx responses:", WB_WRK_STATUS, false, read_status},
    {"Requests/sec:", WB_WRK_RATE, false, read_rate},
    {"Transfer/sec:", WB_WRK_TRANSFER, false, read_transfer},
    {"Detailed Percentile spectrum", WB_WRK_SPECTRUM, false, read_nothing},
    {"TotalCount", WB_WRK_SPECTRUM, false, read_nothing},
    {"[Mean ", WB_WRK_SPECTRUM, false, read_nothing},
    {"[Max ", WB_WRK_SPECTRUM, false, read_nothing},
    {"[Buckets ", WB_WRK_SPECTRUM, false, read_nothing},
    {"unable to connect to ", WB_WRK_MESSAGE, false, read_nothing},
    {"unable to resolve ", WB_WRK_MESSAGE, false, read_nothing},
    {"unable to create thread ", WB_WRK_MESSAGE, false, read_nothing},
    {"unable to initialize SSL", WB_WRK_MESSAGE, false, read_nothing},
    {"wrk", WB_WRK_COMMAND, false, read_command},
};

/* First letters of all key words, so that most bytes of prose cost one look-up. */
static const bool begins_key[256] = {
    ['u'] = true, ['M'] = true, ['t'] = true, ['T'] = true, ['L'] = true, ['R'] = true,
    ['r'] = true, ['S'] = true, ['N'] = true, ['D'] = true, ['w'] = true, ['['] = true,
};

static bool try_keys(WbWrkScan *s, const char *p)
{
    bool in_word = p > s->line && (g_ascii_isalnum(p[-1]) || p[-1] == '_');

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *to;

        if ((in_word && !keys[i].may_follow_letters) ||
            !wb_wrk_starts_with(p, s->end, keys[i].word))
            continue;
        *s->out = (WbWrkLine){.kind = keys[i].kind, .at = p, .bytes = {WB_NONE, 0}};
        to = keys[i].read(s, p, p + strlen(keys[i].word));
        if (to) {
            s->out->end = to;
            return true;
        }
    }
    return false;
}

/* `  50%    2.93ms`, ` 50.000%   26.12s`: the share stands alone before its sign. */
static bool try_percentile(WbWrkScan *s)
{
    const char *sign = memchr(s->line, '%', (size_t)(s->end - s->line));
    const char *from = sign;
    const char *to;
    bool whole;

    if (!sign)
        return false;
    while (from > s->line && (g_ascii_isdigit(from[-1]) || from[-1] == '.'))
        from--;
    if (from > s->line && !wb_wrk_is_blank(from[-1]))
        return false;
    *s->out = (WbWrkLine){.kind = WB_WRK_PERCENTILE, .at = from, .bytes = {WB_NONE, 0}};
    to = wb_units_scan_number(from, sign, &s->out->rate[0].value, &s->out->rate[0].half, &whole);
    s->out->end = to == sign ? wb_wrk_scan_time(s, sign + 1, &s->out->time[0]) : NULL;
    return s->out->end != NULL;
}

static bool is_rule(const char *line, const char *end)
{
    int dashes = 0;

    while (end > line && wb_wrk_is_blank(end[-1]))
        end--;
    for (; end > line && end[-1] == '-'; end--)
        dashes++;
    return dashes >= 10;
}

void wb_wrk_line_scan(const char *line, const char *line_end, WbWrkLine *out)
{
    WbWrkScan s = {line, line_end, out};
    const char *p = wb_wrk_skip_blanks(line, line_end);

    if (p == line_end) {
        *out = (WbWrkLine){.kind = WB_WRK_BLANK, .at = p, .end = p};
        return;
    }
    for (; p < line_end; p++)
        if (begins_key[(unsigned char)*p] && try_keys(&s, p))
            return;
    if (try_percentile(&s))
        return;
    p = line;
    while (p < line_end && (wb_wrk_is_blank(*p) || *p == '>' || *p == '#'))
        p++;
    *out = (WbWrkLine){.kind = WB_WRK_OTHER, .at = p, .end = p};
    if (wb_wrk_starts_with(p, line_end, "```") || wb_wrk_starts_with(p, line_end, "~~~"))
        out->kind = WB_WRK_FENCE;
    else if ((out->is_whole = is_rule(line, line_end)))
        out->kind = WB_WRK_SPECTRUM;
}
