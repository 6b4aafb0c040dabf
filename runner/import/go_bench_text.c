/*
 * Go benchmark text, what of it is a run of a server: a line with a rate of requests, as harnesses
 * and `wrkbook compare --format benchstat` write it,
 *
 *     BenchmarkHTTP/server=meinheld/conns=200-8 703416 14216 ns/op 70620 req/s 900000 p99-ns
 *
 * The parts of its name are labels, the word behind "Benchmark" is `benchmark` unless it is HTTP,
 * the number of iterations are the requests. A line without a rate is a benchmark of something
 * else, and no run. Format: golang.org/design/14313-benchmark-format.
 */
#include <math.h>
#include <string.h>

#include "runner/import/parser.h"
#include "schema/units.h"

#define WORD_MAX 1000

typedef struct {
    const char *begin, *end;
} Word;

static bool is(const Word *word, const char *text)
{
    size_t n = strlen(text);

    return (size_t)(word->end - word->begin) == n && memcmp(word->begin, text, n) == 0;
}

/* The next word; false: there is none. */
static bool next_word(const char **p, const char *end, Word *out)
{
    while (*p < end && g_ascii_isspace(**p))
        (*p)++;
    out->begin = *p;
    while (*p < end && !g_ascii_isspace(**p))
        (*p)++;
    out->end = *p;
    return out->begin < out->end;
}

/* A number, with an exponent as Go and we print large ones. */
static bool number_of(const Word *word, double *out)
{
    g_autofree char *text = g_strndup(word->begin, (size_t)(word->end - word->begin));
    char *end;

    *out = g_ascii_strtod(text, &end);
    return *text && (g_ascii_isdigit(*text) || *text == '.') && *end == '\0' && isfinite(*out);
}

/* ---- figures ------------------------------------------------------------------------------ */

static bool is_rate(const Word *unit)
{
    return is(unit, "req/s") || is(unit, "requests/s") || is(unit, "reqs/s");
}

static void take_pair(WbRun *run, const Word *unit, double value)
{
    const struct {
        const char *unit, *same;
        int64_t *ns;
    } times[] = {{"mean-ns", "mean-ns/op", &run->latency_mean_ns},
                 {"p50-ns", "p50-ns/op", &run->latency_p50_ns},
                 {"p75-ns", "p75-ns/op", &run->latency_p75_ns},
                 {"p90-ns", "p90-ns/op", &run->latency_p90_ns},
                 {"p95-ns", "p95-ns/op", &run->latency_p95_ns},
                 {"p99-ns", "p99-ns/op", &run->latency_p99_ns},
                 {"p999-ns", "p99.9-ns", &run->latency_p999_ns},
                 {"min-ns", "min-ns/op", &run->latency_min_ns},
                 {"max-ns", "max-ns/op", &run->latency_max_ns}};

    if (is_rate(unit))
        run->requests_per_s = value;
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++)
        if ((is(unit, times[i].unit) || is(unit, times[i].same)) && value < 9e18)
            *times[i].ns = llround(value);
}

/* ---- names -------------------------------------------------------------------------------- */

/* "a%2Fb" is "a/b". */
static char *unescaped(const char *begin, const char *end)
{
    g_autofree char *text = g_strndup(begin, (size_t)(end - begin));
    char *plain = g_uri_unescape_string(text, NULL);

    return plain && g_utf8_validate(plain, -1, NULL) ? plain : (g_free(plain), NULL);
}

static void take_part(WbLabels *labels, const char *begin, const char *end)
{
    const char *equals = memchr(begin, '=', (size_t)(end - begin));
    g_autofree char *key = equals ? g_strndup(begin, (size_t)(equals - begin)) : NULL;
    g_autofree char *value = equals ? unescaped(equals + 1, end) : NULL;
    g_autofree char *label = value ? g_strdup_printf("%s=%s", key, value) : NULL;

    if (label && wb_labels_count(labels) < WB_LABELS_MAX)
        wb_labels_parse(labels, label, NULL); /* what cannot be a label is none */
}

/* "BenchmarkHTTP/server=meinheld/conns=200-8": -8 at its end is GOMAXPROCS. */
static void take_name(WbLabels *labels, const Word *name)
{
    const char *p = name->begin + strlen("Benchmark");
    const char *end = name->end;
    const char *slash;

    while (end > p && g_ascii_isdigit(end[-1]))
        end--;
    end = end < name->end && end > p && end[-1] == '-' ? end - 1 : name->end;
    slash = memchr(p, '/', (size_t)(end - p));
    if ((slash ? slash : end) - p != 4 || memcmp(p, "HTTP", 4) != 0) {
        g_autofree char *own = unescaped(p, slash ? slash : end);

        if (own && *own && strlen(own) <= WORD_MAX)
            wb_labels_set(labels, "benchmark", own);
    }
    while (slash) {
        p = slash + 1;
        slash = memchr(p, '/', (size_t)(end - p));
        take_part(labels, p, slash ? slash : end);
    }
}

/* ---- lines -------------------------------------------------------------------------------- */

/* "BenchmarkX...", a whole number, then a rate among the pairs. */
static bool scan_line(const char *p, const char *end, Word *name, WbRun *run)
{
    Word word, unit;
    double value;

    if (end - p < 10 || memcmp(p, "Benchmark", 9) != 0 || g_ascii_islower(p[9]) ||
        !memmem(p, (size_t)(end - p), "/s", 2))
        return false;
    wb_run_init(run);
    if (!next_word(&p, end, name) || !next_word(&p, end, &word) || !number_of(&word, &value) ||
        value < 0 || value > 9e15 || floor(value) != value)
        return false;
    run->requests = (int64_t)value;
    while (next_word(&p, end, &word) && next_word(&p, end, &unit)) {
        if (!number_of(&word, &value))
            return false;
        take_pair(run, &unit, value);
    }
    return run->requests_per_s > 0;
}

static const char *line_end_of(const char *p, const char *end)
{
    const char *line_end = memchr(p, '\n', (size_t)(end - p));

    return line_end ? line_end : end;
}

static bool looks_like(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    WbRun run;
    Word name;

    for (const char *p = bytes; (p = memmem(p, (size_t)(end - p), "Benchmark", 9)); p += 9)
        if ((p == bytes || p[-1] == '\n') && scan_line(p, line_end_of(p, end), &name, &run))
            return true;
    return false;
}

static bool give(WbRun *run, const Word *name, int64_t line, const WbSink *sink, GError **error)
{
    g_autoptr(WbLabels) labels = wb_labels_new();
    double ns = (double)run->requests / run->requests_per_s * 1e9;

    take_name(labels, name);
    run->tool = "go-bench";
    run->status = "complete";
    run->log_line = line;
    if (ns < 9e18)
        run->elapsed_ns = llround(ns);
    return sink->run(sink->user_data, run, labels, error);
}

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    const char *end = bytes + len;

    for (int64_t line = 1; bytes < end; line++) {
        const char *line_end = line_end_of(bytes, end);
        WbRun run;
        Word name;

        if (scan_line(bytes, line_end, &name, &run) && !give(&run, &name, line, sink, error))
            return false;
        bytes = MIN(line_end + 1, end);
    }
    return true;
}

const WbParser wb_parser_go_bench = {.name = "go-bench",
                                     .what = "Go benchmark text with req/s",
                                     .is_log = true,
                                     .looks_like = looks_like,
                                     .parse = parse};
