/*
 * A distribution as the HdrHistogram libraries print it (.hgrm): a file, one run of that many
 * requests. Nothing else about the run is told: not how long it was, nor what failed.
 *
 * The unit of its values is that of the title, "Value(ms)"; where there is none, ms, which the
 * libraries' own tools, wrk2 and `wrkbook export` write. --format hgrm-us, hgrm-ns and hgrm-s say
 * otherwise.
 */
#include <string.h>

#include "runner/import/parser.h"
#include "runner/import/spectrum.h"

#define NS_IN_US   1e3
#define NS_IN_MS   1e6
#define NS_IN_S    1e9
#define UNREAD_MAX 500

typedef struct {
    const WbSink *sink;
    GError **error;
    double unit_ns;
    int64_t first; /* line of the titles; 0: none yet */
    WbSpectrum spectrum;
} Reading;

/* The line with the titles; *out_unit_ns is 0 if it names no unit. */
static bool is_titles(const char *line, const char *end, double *out_unit_ns)
{
    static const struct {
        const char *word;
        double ns;
    } units[] = {{"(ns)", 1}, {"(us)", NS_IN_US}, {"(ms)", NS_IN_MS}, {"(s)", NS_IN_S}};
    const char *value = line;

    while (value < end && (*value == ' ' || *value == '\t' || *value == '"'))
        value++;
    if (end - value < 5 || memcmp(value, "Value", 5) != 0 ||
        !memmem(value, (size_t)(end - value), "Percentile", 10) ||
        !memmem(value, (size_t)(end - value), "TotalCount", 10))
        return false;
    *out_unit_ns = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if ((size_t)(end - value) > 5 + strlen(units[i].word) &&
            memcmp(value + 5, units[i].word, strlen(units[i].word)) == 0)
            *out_unit_ns = units[i].ns;
    return true;
}

/* By its first line that is neither empty nor a comment. */
static bool looks_like(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    double unit_ns;

    while (bytes < end) {
        const char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));

        line_end = line_end ? line_end : end;
        if (*bytes != '#' && *bytes != '\n' && *bytes != '\r')
            return is_titles(bytes, line_end, &unit_ns);
        bytes = MIN(line_end + 1, end);
    }
    return false;
}

static bool report(Reading *reading, int64_t number, const char *line, size_t len,
                   const char *reason)
{
    g_autofree char *text = g_utf8_make_valid(line, (gssize)MIN(len, UNREAD_MAX));
    const WbUnreadLine unread = {number, text, reason};

    return reading->sink->unread(reading->sink->user_data, &unread, reading->error);
}

static bool on_line(Reading *reading, int64_t number, const char *line, const char *end)
{
    double unit_ns;

    while (end > line && g_ascii_isspace(end[-1]))
        end--;
    if (line == end)
        return true;
    if (is_titles(line, end, &unit_ns)) {
        if (reading->first)
            return report(reading, number, line, (size_t)(end - line),
                          "a second distribution: give it a file of its own");
        reading->first = number;
        reading->unit_ns = unit_ns > 0 ? unit_ns : reading->unit_ns;
        return true;
    }
    if (wb_spectrum_foot(&reading->spectrum, line, end, reading->unit_ns) || *line == '#' ||
        wb_spectrum_row(&reading->spectrum, line, end, reading->unit_ns))
        return true;
    return report(reading, number, line, (size_t)(end - line), "no row of a distribution");
}

static bool give(Reading *reading, const char *titles, size_t len)
{
    const WbHistRecord record = {wb_latency_hist_kind(NULL), &reading->spectrum.hist};
    const WbRunDetails details = {.hists = &record, .hists_n = 1};
    const char *broken = wb_spectrum_finish(&reading->spectrum);
    WbRun run;

    if (broken)
        return report(reading, MAX(reading->first, 1), titles, len, broken);
    wb_run_init(&run);
    run.tool = "hdrhistogram";
    run.status = "complete";
    run.log_line = MAX(reading->first, 1);
    run.requests = reading->spectrum.hist.count;
    run.details = &details;
    wb_spectrum_figures(&reading->spectrum, &run);
    return reading->sink->run(reading->sink->user_data, &run, NULL, reading->error);
}

static bool parse_in(double unit_ns, const char *bytes, size_t len, const WbSink *sink,
                     GError **error)
{
    g_autofree Reading *reading = g_new(Reading, 1);
    const char *titles = bytes, *end = bytes + len;
    int64_t number = 0;

    *reading = (Reading){.sink = sink, .error = error, .unit_ns = unit_ns};
    wb_spectrum_clear(&reading->spectrum);
    for (const char *p = bytes; p < end;) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        int64_t before = reading->first;

        line_end = line_end ? line_end : end;
        if (!on_line(reading, ++number, p, line_end))
            return false;
        if (reading->first != before)
            titles = p;
        p = MIN(line_end + 1, end);
    }
    end = len ? memchr(titles, '\n', (size_t)(bytes + len - titles)) : titles;
    return give(reading, titles, (size_t)((end ? end : bytes + len) - titles));
}

/* A reader that only --format asks for. */
#define IN_UNIT(unit, ns)                                                                          \
    static bool parse_##unit(const char *bytes, size_t len, const WbSink *sink, GError **error)    \
    {                                                                                              \
        return parse_in(ns, bytes, len, sink, error);                                              \
    }                                                                                              \
    const WbParser wb_parser_hgrm_##unit = {.name = "hgrm-" #unit,                                 \
                                            .what = "the same, in " #unit,                         \
                                            .is_log = true,                                        \
                                            .looks_like = wb_parser_never,                         \
                                            .parse = parse_##unit};

IN_UNIT(ns, 1)
IN_UNIT(us, NS_IN_US)
IN_UNIT(s, NS_IN_S)

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return parse_in(NS_IN_MS, bytes, len, sink, error);
}

const WbParser wb_parser_hgrm = {.name = "hgrm",
                                 .what = "percentiles of an HdrHistogram (.hgrm), in ms",
                                 .is_log = true,
                                 .looks_like = looks_like,
                                 .parse = parse};
