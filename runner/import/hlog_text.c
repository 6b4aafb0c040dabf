/*
 * HdrHistogram interval logs (.hlog, V2): rows of "[Tag=NAME,]START,LENGTH,MAX,HISTOGRAM". The rows
 * of a tag are intervals of one run: their histograms are summed, their lengths are its duration.
 * In a log of `wrkbook export` a row is a run.
 *
 * The unit of the values is not written down. Java's writer prints MAX as a 1/1,000,000th of it, ns
 * in ms; some logs have us and a 1/1,000th. Where MAX says neither, nothing is stored before
 * --format hlog-ns, hlog-us or hlog-ms says the unit. Whether the latencies were corrected is not
 * written down either: latency_kind stays missing. A value is a request; what failed is not told.
 *
 * START counts from BaseTime, where there is one; where it is years before StartTime, from that.
 */
#include <math.h>
#include <string.h>

#include "runner/import/hdr_decode.h"
#include "runner/import/parser.h"
#include "runner/latency_figures.h"
#include "schema/units.h"

#define NS_IN_S    1e9
#define TAGS_MAX   200 /* a run is 40 KiB while its rows come in */
#define UNREAD_MAX 500
#define YEAR_S     31536000.0
#define NO_UNIT    "the unit of its values is not told: --format hlog-ns, hlog-us or hlog-ms says it"

typedef struct {
    int64_t line; /* of its first row */
    double start_s, length_s, length_half_s;
    int64_t lowest, longest; /* in its unit */
    double max_ns;
    WbHist hist;
    char tag[];
} Tagged;

typedef struct {
    const WbSink *sink;
    GError **error;
    double unit_ns; /* 0: not known */
    double start_s, base_s;
    bool is_ours; /* a row is a run */
    char *version;
    GHashTable *by_tag;  /* of Tagged, owned by: */
    GPtrArray *in_order; /* of Tagged */
} Reading;

typedef struct {
    const char *begin, *end;
    int64_t number;
} Line;

typedef struct {
    const char *tag, *tag_end; /* NULL: none */
    double start_s, length_s, max;
    double length_half_s, max_half;
    const char *base64, *base64_end;
} Row;

/* By its first lines, and only then by a histogram somewhere. */
static bool looks_like(const char *bytes, size_t len)
{
    size_t head = MIN(len, 8192);

    return len > 0 && (*bytes == '#' || *bytes == '"') &&
           (memmem(bytes, head, "Histogram log format", 20) ||
            memmem(bytes, head, "\"StartTimestamp\"", 16)) &&
           memmem(bytes, len, "HISTFAAA", 8);
}

static bool report(const Reading *reading, const Line *line, const char *reason)
{
    g_autofree char *text =
        g_utf8_make_valid(line->begin, (gssize)MIN(line->end - line->begin, UNREAD_MAX));
    const WbUnreadLine unread = {line->number, text, reason};

    return reading->sink->unread(reading->sink->user_data, &unread, reading->error);
}

/* ---- lines -------------------------------------------------------------------------------- */

/* "#[StartTime: 1441812279.474 (seconds since epoch), ...]" and its like. */
static void take_comment(Reading *reading, const Line *line)
{
    static const char ours[] = "Logged with wrkbook", logged[] = "Logged with ";
    const char *p = line->begin + 1, *end = line->end;
    double value, half;
    bool is_whole;

    if (p < end && *p == '[')
        p++;
    if (end - p > 10 && memcmp(p, "StartTime:", 10) == 0) {
        for (p += 10; p < end && *p == ' '; p++)
            ;
        if (wb_units_scan_number(p, end, &value, &half, &is_whole) && fabs(value) < 1e11)
            reading->start_s = value;
    } else if (end - p > 9 && memcmp(p, "BaseTime:", 9) == 0) {
        for (p += 9; p < end && *p == ' '; p++)
            ;
        if (wb_units_scan_number(p, end, &value, &half, &is_whole) && fabs(value) < 1e11)
            reading->base_s = value;
    } else if ((size_t)(end - p) > strlen(logged) && memcmp(p, logged, strlen(logged)) == 0) {
        reading->is_ours |= (size_t)(end - p) >= strlen(ours) && memcmp(p, ours, strlen(ours)) == 0;
        p += strlen(logged);
        end = end[-1] == ']' ? end - 1 : end;
        g_free(reading->version);
        reading->version = g_utf8_make_valid(p, MIN(end - p, UNREAD_MAX));
    }
}

static bool scan_row(const Line *line, Row *out)
{
    const char *p = line->begin, *end = line->end;
    double *values[] = {&out->start_s, &out->length_s, &out->max};
    double half;
    bool is_whole;

    *out = (Row){0};
    if (end - p > 4 && memcmp(p, "Tag=", 4) == 0) {
        out->tag = p + 4;
        p = memchr(p, ',', (size_t)(end - p));
        if (!p)
            return false;
        out->tag_end = p++;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        p = wb_units_scan_number(p, end, values[i], &half, &is_whole);
        if (!p || p == end || *p++ != ',' || !(*values[i] >= 0 && *values[i] < 1e15))
            return false;
        /* The writers print three decimals, or a whole number and ".0". */
        *(i == 1 ? &out->length_half_s : &out->max_half) = half;
    }
    out->base64 = p;
    out->base64_end = end;
    return p < end;
}

/* Each line that is not empty, a comment or the legend, until `each` has seen enough. */
static bool each_row(Reading *reading, const char *bytes, size_t len,
                     bool (*each)(Reading *, const Line *))
{
    const char *end = bytes + len;
    Line line = {.number = 0};

    for (const char *p = bytes; p < end;) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));

        line_end = line_end ? line_end : end;
        line = (Line){p, line_end, line.number + 1};
        p = MIN(line_end + 1, end);
        while (line.end > line.begin && g_ascii_isspace(line.end[-1]))
            line.end--;
        if (line.begin == line.end || *line.begin == '"')
            continue;
        if (*line.begin == '#')
            take_comment(reading, &line);
        else if (!each(reading, &line))
            return false;
    }
    return true;
}

/* ---- the unit ----------------------------------------------------------------------------- */

/* Whether the longest value, in a unit of so many to one of MAX, can have been printed so; Python's
 * writer cuts the decimals off. */
static bool fits(const WbHdr *hdr, const Row *row, double ratio)
{
    double slack = row->max_half * ratio + 1;

    return row->max * ratio >= (double)hdr->longest_from - slack - ratio &&
           row->max * ratio <= (double)hdr->longest_to + slack;
}

/* The longest value, where MAX has it finer than its bucket; else the bucket's end. */
static double longest_ns(const WbHdr *hdr, const Row *row, double unit_ns)
{
    double max = row->max * (unit_ns == 1 ? 1e6 : 1e3);

    return unit_ns * (max >= (double)hdr->longest_from && max <= (double)hdr->longest_to
                          ? max
                          : (double)hdr->longest_to);
}

/* Takes the unit of the first row that leaves one choice; false: found. */
static bool find_unit(Reading *reading, const Line *line)
{
    g_auto(WbHdr) hdr = {0};
    Row row;

    if (!scan_row(line, &row) || row.max <= 0 ||
        wb_hdr_decode(row.base64, (size_t)(row.base64_end - row.base64), &hdr) || hdr.count == 0)
        return true;
    if (fits(&hdr, &row, 1e6) && !fits(&hdr, &row, 1e3))
        reading->unit_ns = 1;
    else if (fits(&hdr, &row, 1e3) && !fits(&hdr, &row, 1e6))
        reading->unit_ns = 1e3;
    return reading->unit_ns == 0;
}

/* ---- runs --------------------------------------------------------------------------------- */

static double began(const Reading *reading, const Row *row)
{
    if (reading->base_s > 0)
        return reading->base_s + row->start_s;
    return row->start_s < reading->start_s - YEAR_S ? reading->start_s + row->start_s
                                                    : row->start_s;
}

static Tagged *tagged_new(const Reading *reading, const Line *line, const Row *row)
{
    size_t len = row->tag ? (size_t)(row->tag_end - row->tag) : 0;
    Tagged *of = g_malloc0(sizeof *of + len + 1);

    of->line = line->number;
    of->start_s = began(reading, row);
    of->lowest = INT64_MAX;
    if (len)
        memcpy(of->tag, row->tag, len);
    return of;
}

/* The run of the row's tag; NULL: there are too many. */
static Tagged *tagged_of(Reading *reading, const Line *line, const Row *row)
{
    g_autofree char *tag =
        row->tag ? g_strndup(row->tag, (gsize)(row->tag_end - row->tag)) : g_strdup("");
    Tagged *of = g_hash_table_lookup(reading->by_tag, tag);

    if (of || reading->in_order->len == TAGS_MAX)
        return of;
    of = tagged_new(reading, line, row);
    g_ptr_array_add(reading->in_order, of);
    g_hash_table_insert(reading->by_tag, of->tag, of);
    return of;
}

static void set_times(const Tagged *of, WbRun *run, char **started)
{
    if (of->length_s > 0 && of->length_s < 1e9) {
        run->elapsed_ns = llround(of->length_s * NS_IN_S);
        run->elapsed_ns_half = llround(of->length_half_s * NS_IN_S);
        run->requests_per_s = (double)run->requests / of->length_s;
        run->requests_per_s_half = run->requests_per_s * fmin(1, of->length_half_s / of->length_s);
    }
    if (of->start_s > YEAR_S && of->start_s < 2e11) {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc((gint64)of->start_s);
        int ms = (int)floor((of->start_s - floor(of->start_s)) * 1e3 + 0.5);
        g_autofree char *date = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : NULL;

        *started = date ? g_strdup_printf("%s.%03dZ", date, MIN(ms, 999)) : NULL;
    }
    run->started_at = *started;
}

static bool give(const Reading *reading, Tagged *of)
{
    const WbHistRecord record = {wb_latency_hist_kind(NULL), &of->hist};
    const WbRunDetails details = {.hists = &record, .hists_n = 1};
    g_autoptr(WbLabels) labels = *of->tag ? wb_labels_new() : NULL;
    g_autofree char *started = NULL;
    g_autofree char *tag = g_utf8_make_valid(of->tag, -1);
    WbRun run;

    wb_run_init(&run);
    run.tool = "hdrhistogram";
    run.tool_version = reading->version;
    run.status = "complete";
    run.log_line = of->line;
    run.requests = of->hist.count;
    set_times(of, &run, &started);
    if (of->hist.count > 0) {
        of->hist.min_ns = llround((double)of->lowest * reading->unit_ns);
        of->hist.max_ns = llround(of->max_ns);
        wb_latency_centre(&run, &of->hist);
        wb_latency_quantiles(&run, &of->hist);
        run.details = &details;
    }
    if (labels)
        wb_labels_set(labels, "tag", tag);
    return reading->sink->run(reading->sink->user_data, &run, labels, reading->error);
}

static const char *add(Tagged *of, const Row *row, const WbHdr *hdr, double unit_ns)
{
    if (!wb_hdr_add(hdr, unit_ns, &of->hist))
        return "its values are too long for latencies";
    of->length_s += row->length_s;
    of->length_half_s += row->length_half_s;
    if (hdr->count == 0)
        return NULL;
    of->lowest = MIN(of->lowest, hdr->lowest);
    if (hdr->longest_to > of->longest) {
        of->longest = hdr->longest_to;
        of->max_ns = longest_ns(hdr, row, unit_ns);
    }
    return NULL;
}

static bool on_row(Reading *reading, const Line *line)
{
    g_auto(WbHdr) hdr = {0};
    g_autofree Tagged *own = NULL;
    const char *wrong;
    Tagged *of;
    Row row;

    if (!scan_row(line, &row))
        return report(reading, line, "no row of an interval log");
    if ((wrong = wb_hdr_decode(row.base64, (size_t)(row.base64_end - row.base64), &hdr)))
        return report(reading, line, wrong);
    if (reading->is_ours)
        of = own = tagged_new(reading, line, &row);
    else if (!(of = tagged_of(reading, line, &row)))
        return report(reading, line, "more than 200 tags: give them files of their own");
    if ((wrong = add(of, &row, &hdr, reading->unit_ns)))
        return report(reading, line, wrong);
    return !own || give(reading, own);
}

static bool parse_in(double unit_ns, const char *bytes, size_t len, const WbSink *sink,
                     GError **error)
{
    Reading reading = {.sink = sink,
                       .error = error,
                       .unit_ns = unit_ns,
                       .by_tag = g_hash_table_new(g_str_hash, g_str_equal),
                       .in_order = g_ptr_array_new_with_free_func(g_free)};
    const char *first_end = len ? memchr(bytes, '\n', len) : NULL;
    bool done;

    if (unit_ns == 0)
        each_row(&reading, bytes, len, find_unit);
    if (reading.unit_ns == 0)
        done = report(&reading, &(Line){bytes, first_end ? first_end : bytes + len, 1}, NO_UNIT);
    else
        done = each_row(&reading, bytes, len, on_row);
    for (guint i = 0; done && i < reading.in_order->len; i++)
        done = give(&reading, g_ptr_array_index(reading.in_order, i));
    g_hash_table_unref(reading.by_tag);
    g_ptr_array_unref(reading.in_order);
    g_free(reading.version);
    return done;
}

/* A reader that only --format asks for. */
#define IN_UNIT(unit, ns)                                                                          \
    static bool parse_##unit(const char *bytes, size_t len, const WbSink *sink, GError **error)    \
    {                                                                                              \
        return parse_in(ns, bytes, len, sink, error);                                              \
    }                                                                                              \
    const WbParser wb_parser_hlog_##unit = {.name = "hlog-" #unit,                                 \
                                            .what = "the same, of values in " #unit,               \
                                            .is_log = true,                                        \
                                            .looks_like = wb_parser_never,                         \
                                            .parse = parse_##unit};

IN_UNIT(ns, 1)
IN_UNIT(us, 1e3)
IN_UNIT(ms, 1e6)

static bool parse(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    return parse_in(0, bytes, len, sink, error);
}

const WbParser wb_parser_hlog = {.name = "hlog",
                                 .what = "interval logs of HdrHistogram (.hlog, V2)",
                                 .is_log = true,
                                 .looks_like = looks_like,
                                 .parse = parse};
