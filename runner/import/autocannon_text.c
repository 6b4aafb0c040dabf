/*
 * autocannon's tables, with or without their colours. What their figures mean:
 * - requests: "27k requests in 2.02s" counts what was sent, in thousands; the answers are the mean
 *   of "Req/Sec" x its samples, which are of 1 s each. That mean is of a histogram of three digits:
 *   exact while every sample is below 2048, and within 1/2048 above. The minimum is no bucket's
 *   but exact, so it is the count where there is one sample. Where the answers are told by status,
 *   these count.
 * - errors_status: "non 2xx", so that redirects are among them.
 * - "errors" include the timeouts; the others were connections that broke.
 * - Latencies in ms, percentiles whole. Sizes of 1000, three digits.
 * - With -j the tables stand before the JSON of the same run, if both streams went into one file:
 *   then they are no run, since the JSON is one, and exact.
 * - Numbers carry the separators of a locale: "1,313.02" or "1.313,02".
 */
#include <math.h>
#include <string.h>

#include "runner/import/tool_text.h"
#include "schema/units.h"

#define CELLS  8  /* of a row of the two tables, the title included */
#define CELL   48 /* bytes of one that are looked at */
#define BORDER "\xe2\x94\x82"

enum {
    SEEN_HEAD = 1,
    SEEN_LATENCY = 2,
    SEEN_RATE = 4,
    SEEN_TOTAL = 8,
    SEEN_CODES = 16,
    SEEN_JSON = 32
};
enum { MEAN_1E6, MIN, SAMPLES, SENT, SENT_HALF };

#define BUCKETS 2048 /* of a histogram of three digits, each power of two */

static const WbToolOption options[] = {{"-c", WB_TOOL_CONNECTIONS},
                                       {"--connections", WB_TOOL_CONNECTIONS},
                                       {"-d", WB_TOOL_DURATION},
                                       {"--duration", WB_TOOL_DURATION},
                                       {"-a", WB_TOOL_REQUESTS},
                                       {"--amount", WB_TOOL_REQUESTS},
                                       {NULL, 0}};

/* ---- cells -------------------------------------------------------------------------------- */

/* Parts a row of a table, without colours and blanks around; the number of cells, 0: it is none. */
static size_t cells_of(const WbToolLine *line, char cells[CELLS][CELL])
{
    size_t n = 0, len = 0;
    bool is_open = false;

    if (line->begin == line->end || (*line->begin != BORDER[0] && *line->begin != '\x1b'))
        return 0;
    memset(cells, 0, CELLS * sizeof cells[0]);
    for (const char *p = line->begin; p < line->end;) {
        if (*p == '\x1b') {
            const char *m = memchr(p, 'm', (size_t)(line->end - p));

            p = m ? m + 1 : line->end;
        } else if (line->end - p >= 3 && memcmp(p, BORDER, 3) == 0) {
            while (is_open && len > 0 && cells[n][len - 1] == ' ')
                len--;
            if (is_open)
                cells[n++][len] = '\0';
            if (n == CELLS)
                return n;
            is_open = true;
            len = 0;
            p += 3;
        } else {
            if (!is_open)
                return 0;
            if (len + 1 < CELL && (len > 0 || *p != ' '))
                cells[n][len++] = *p;
            p++;
        }
    }
    return n;
}

/* A number with separators; false: it is none. The last one parts the decimals, unless exactly
 * three digits stand behind it and it is the only kind. */
static bool number_of(const char *cell, double *out_value, double *out_half)
{
    size_t n = strspn(cell, "0123456789.,");
    const char *first = strpbrk(cell, ".,");
    const char *last = first;
    char plain[CELL];
    size_t len = 0;
    bool is_whole;

    for (size_t i = 0; i < n; i++)
        if (strchr(".,", cell[i]))
            last = cell + i;
    if (last && last < cell + n && *last == *first && cell + n - last == 4)
        last = NULL;
    for (size_t i = 0; i < n; i++)
        if (g_ascii_isdigit(cell[i]))
            plain[len++] = cell[i];
        else if (cell + i == last)
            plain[len++] = '.';
    return len > 0 && wb_units_scan_number(plain, plain + len, out_value, out_half, &is_whole);
}

/* "579.05 ms". */
static bool ms_of(const char *cell, int64_t *out_ns, int64_t *out_half)
{
    double value, half;

    if (!number_of(cell, &value, &half) || value >= 9e12)
        return false;
    *out_ns = llround(value * WB_TOOL_MS);
    *out_half = llround(half * WB_TOOL_MS);
    return true;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Latency: 2.5 %, 50 %, 97.5 %, 99 %, Avg, Stdev, Max. */
static void take_latency(WbRun *run, char cells[CELLS][CELL])
{
    int64_t ns, half;

    if (ms_of(cells[2], &ns, &half))
        wb_tool_set_percentile(run, 50, ns, half);
    if (ms_of(cells[4], &ns, &half))
        wb_tool_set_percentile(run, 99, ns, half);
    ms_of(cells[5], &run->latency_mean_ns, &run->latency_mean_ns_half);
    ms_of(cells[6], &run->latency_stdev_ns, &run->latency_stdev_ns_half);
    ms_of(cells[7], &run->latency_max_ns, &run->latency_max_ns_half);
    run->latency_kind = "raw";
}

static bool take_row(WbToolBlock *block, const WbToolLine *line)
{
    char cells[CELLS][CELL];
    size_t n = cells_of(line, cells);
    double value, half;
    int64_t ns, ns_half;

    if (n == CELLS && strcmp(cells[0], "Latency") == 0) {
        if (wb_tool_take_once(block, SEEN_LATENCY))
            take_latency(&block->run, cells);
    } else if (n == CELLS && strcmp(cells[0], "Req/Sec") == 0) {
        if (number_of(cells[5], &value, &half) && value < 1e9 &&
            wb_tool_take_once(block, SEEN_RATE)) {
            block->count[MEAN_1E6] = llround(value * 1e6);
            block->count[MIN] =
                number_of(cells[7], &value, &half) && value < 1e9 ? llround(value) : 0;
        }
    } else if (n == 2 && number_of(cells[0], &value, &half) && value < 100) {
        if (ms_of(cells[1], &ns, &ns_half))
            wb_tool_set_percentile(&block->run, value, ns, ns_half);
    } else {
        return n > 0;
    }
    return true;
}

static bool is_head(const WbToolLine *line)
{
    char cells[CELLS][CELL];

    return cells_of(line, cells) == CELLS && strcmp(cells[0], "Stat") == 0 &&
           strcmp(cells[7], "Max") == 0;
}

static bool begins(const WbToolLine *line, const WbToolBlock *open)
{
    const char *p = wb_tool_after(line, "Running ");

    if (p)
        return g_strstr_len(p, line->end - p, " test @ ") != NULL;
    return is_head(line) && (!open || (open->seen & SEEN_HEAD));
}

/* "Running 2s test @ http://x/" or "Running 700 requests test @ http://x/". */
static void take_begin(WbToolBlock *block, const char *p, const char *end)
{
    const char *after;
    int64_t n = wb_tool_count(p, end, &after);
    const char *url = g_strstr_len(p, end - p, " test @ ");

    if (n != WB_NONE && n < 1000000000 && after < end && *after == 's')
        block->run.asked_duration_ns = n * 1000000000;
    else if (n != WB_NONE && end - after > 9 && memcmp(after, " requests", 9) == 0)
        block->run.asked_requests = n;
    if (url)
        g_string_append_len(block->url, url + 8, end - url - 8);
}

/* ---- lines below -------------------------------------------------------------------------- */

/* "27k requests in 2.02s, 4.36 MB read". */
static bool take_total(WbToolBlock *block, const WbToolLine *line)
{
    static const char letters[] = "kMGT";
    WbRun *run = &block->run;
    const char *p = line->begin, *in, *letter;
    int64_t n = wb_tool_count(p, line->end, &p);
    double value, half, scale;
    bool is_whole;
    bool is_thousands = n != WB_NONE && p < line->end && *p == 'k';

    if (n == WB_NONE || n > INT64_C(1000000000000) || !(block->seen & SEEN_LATENCY))
        return false;
    p += is_thousands;
    if (line->end - p < 13 || memcmp(p, " requests in ", 13) != 0 ||
        !(in = wb_tool_go_time(p + 13, line->end, &run->elapsed_ns, &run->elapsed_ns_half)))
        return false;
    block->count[SENT] = is_thousands ? n * 1000 : n;
    block->count[SENT_HALF] = is_thousands ? 500 : 0;
    block->seen |= SEEN_TOTAL;
    if (line->end - in < 2 || *in != ',' ||
        !(p = wb_units_scan_number(wb_tool_skip(in + 1, line->end), line->end, &value, &half,
                                   &is_whole)))
        return true;
    p = wb_tool_skip(p, line->end);
    letter = p < line->end && *p ? strchr(letters, *p) : NULL;
    scale = letter ? pow(1000, (double)(letter - letters + 1)) : 1;
    if (value >= 0 && value * scale < 9e18) {
        run->bytes = llround(value * scale);
        run->bytes_half = letter ? llround(half * scale) : 0;
    }
    return true;
}

/* "0 2xx responses, 700 non 2xx responses". */
static bool take_codes(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;
    int64_t good = wb_tool_count(line->begin, line->end, &p), wrong;

    if (good == WB_NONE || line->end - p < 16 || memcmp(p, " 2xx responses, ", 16) != 0 ||
        (wrong = wb_tool_count(p + 16, line->end, NULL)) == WB_NONE)
        return false;
    if (wb_tool_take_once(block, SEEN_CODES)) {
        block->run.requests = wb_tool_add(good, wrong);
        block->run.errors_status = wrong;
    }
    return true;
}

/* "2 errors (0 timeouts)". */
static bool take_errors(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;
    int64_t errors = wb_tool_count(line->begin, line->end, &p), n;

    if (errors == WB_NONE || line->end - p < 9 || memcmp(p, " errors (", 9) != 0)
        return false;
    n = MAX(0, wb_tool_count(p + 9, line->end, NULL));
    block->run.errors_timeout = n;
    block->run.errors_read = MAX(0, errors - n);
    return true;
}

static WbToolLineUse take(WbToolBlock *block, const WbToolLine *line)
{
    const char *p;
    int64_t n;

    if ((p = wb_tool_after(line, "Running "))) {
        wb_tool_no_errors(&block->run);
        block->run.errors_status = 0;
        take_begin(block, p, line->end);
    } else if (is_head(line)) {
        wb_tool_no_errors(&block->run);
        block->run.errors_status = 0;
        block->seen |= SEEN_HEAD;
    } else if ((p = wb_tool_after(line, "# of samples:"))) {
        block->count[SAMPLES] = MAX(0, wb_tool_count(p, line->end, NULL));
    } else if ((block->seen & SEEN_TOTAL) &&
               g_strstr_len(line->begin, line->end - line->begin, "\"sampleInt\":")) {
        block->seen |= SEEN_JSON;
        return WB_TOOL_LINE_LAST;
    } else if (!(block->seen & SEEN_HEAD) &&
               (n = wb_tool_count(line->begin, line->end, &p)) != WB_NONE && line->end - p >= 12 &&
               memcmp(p, " connections", 12) == 0) {
        block->run.connections = n;
        p = g_strstr_len(p, line->end - p, " with ");
        block->run.pipeline = p ? wb_tool_count(p + 6, line->end, NULL) : 1;
    } else {
        return take_row(block, line) || take_codes(block, line) || take_total(block, line) ||
                       take_errors(block, line)
                   ? WB_TOOL_LINE_TAKEN
                   : WB_TOOL_LINE_FOREIGN;
    }
    return WB_TOOL_LINE_TAKEN;
}

/* The answers, where they are not told by status. */
static int64_t answers_of(const WbToolBlock *block)
{
    int64_t samples =
        block->count[SAMPLES] ? block->count[SAMPLES] : block->run.elapsed_ns / INT64_C(1000000000);
    double answers = samples == 1 && block->count[MIN] > 0
                         ? (double)block->count[MIN]
                         : (double)block->count[MEAN_1E6] * 1e-6 * (double)samples;
    double sent = (double)block->count[SENT];

    /* Some sent ones were open at the end; a sample may be missing in a run that was stopped. */
    if (answers > 0 && fabs(answers - sent) <= (double)block->count[SENT_HALF] + 0.05 * sent + 1)
        return llround(answers);
    return block->count[SENT_HALF] ? WB_NONE : block->count[SENT];
}

static bool finish(WbToolBlock *block)
{
    const uint32_t needed = SEEN_HEAD | SEEN_LATENCY | SEEN_RATE | SEEN_TOTAL;
    WbRun *run = &block->run;

    if ((block->seen & needed) != needed || (block->seen & SEEN_JSON) || run->elapsed_ns <= 0)
        return false;
    if (!(block->seen & SEEN_CODES))
        run->requests = answers_of(block);
    if (run->requests == WB_NONE) {
        run->requests_per_s = (double)block->count[MEAN_1E6] * 1e-6;
        run->requests_per_s_half = 0.005 + run->requests_per_s / BUCKETS;
        return true;
    }
    run->requests_per_s = (double)run->requests * 1e9 / (double)run->elapsed_ns;
    run->requests_per_s_half =
        run->requests_per_s * (double)run->elapsed_ns_half / (double)run->elapsed_ns;
    if (!(block->seen & SEEN_CODES) && block->count[SAMPLES] != 1)
        run->requests_per_s_half += run->requests_per_s / BUCKETS;
    return true;
}

static const WbToolText tool = {"autocannon", "Bytes/Sec", "autocannon", options,
                                begins,       take,        finish};

static bool looks_like(const char *bytes, size_t len)
{
    return wb_tool_text_looks_like(&tool, bytes, len);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return wb_tool_text_parse(&tool, bytes, len, sink, error);
}

const WbParser wb_parser_autocannon = {.name = "autocannon",
                                       .what = "tables of autocannon",
                                       .is_log = true,
                                       .looks_like = looks_like,
                                       .parse = parse};
