/*
 * oha's database (`oha --db-url FILE`): each request that was answered, of any number of runs that
 * were made into one file. A run has what a run made here has: all latencies as a histogram, slices
 * by when each answer was whole, and percentiles by the same rule.
 *
 * What its figures mean: requests are the answers, of any status. A request without an answer is
 * not in the file, so that the errors are not known. elapsed_ns ends with the last answer, since
 * nothing else says how long the run was. bytes are those of the bodies. With a rate and
 * --latency-correction times count from when a request was due.
 */
#include <string.h>

#include "runner/import/parser.h"
#include "runner/import/printable.h"
#include "runner/latency_figures.h"
#include "schema/oha_rows.h"

#define RUNS_MAX   4096 /* of one file; each has a histogram of 37 kB */
#define SLICE_NS   INT64_C(100000000)
#define SLICES_MAX 1000000 /* of all runs of a file */

typedef struct {
    int64_t start; /* in s since 1970: what tells the runs of a file apart */
    WbRun run;
    WbHist hist;
    GArray *slices; /* of WbSliceRecord; NULL: more than there is room for */
    char *url;      /* NULL: not all requests had the same */
    int64_t from_due;
} OhaRun;

typedef struct {
    GPtrArray *runs;      /* of OhaRun, in the order of their first rows */
    GHashTable *by_start; /* &OhaRun.start -> OhaRun */
    OhaRun *last;         /* that of the row before */
    guint slices;         /* of all runs */
} Parse;

/* ---- runs ----------------------------------------------------------------------------------- */

static void free_run(void *data)
{
    OhaRun *run = data;

    if (run->slices)
        g_array_unref(run->slices);
    g_free(run->url);
    g_free(run);
}

static OhaRun *new_run(Parse *parse, const WbOhaRow *row)
{
    OhaRun *run = g_new0(OhaRun, 1);

    run->start = row->run;
    wb_run_init(&run->run);
    run->run.requests = run->run.bytes = run->run.errors_status = run->run.elapsed_ns = 0;
    run->slices = g_array_new(FALSE, TRUE, sizeof(WbSliceRecord));
    run->url = g_strdup(row->url);
    g_ptr_array_add(parse->runs, run);
    g_hash_table_insert(parse->by_start, &run->start, run);
    return run;
}

/* The run of a row; NULL with *error set: there are too many. */
static OhaRun *run_of(Parse *parse, const WbOhaRow *row, GError **error)
{
    if (parse->last && parse->last->start == row->run)
        return parse->last;
    parse->last = g_hash_table_lookup(parse->by_start, &row->run);
    if (!parse->last && parse->runs->len < RUNS_MAX)
        parse->last = new_run(parse, row);
    if (!parse->last)
        g_set_error(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT,
                    "1: holds more than %d runs; split it by its column 'run'", RUNS_MAX);
    return parse->last;
}

static void count_slice(Parse *parse, OhaRun *run, const WbOhaRow *row, bool is_wrong)
{
    guint at = (guint)(row->end_ns / SLICE_NS);
    WbSliceRecord *slice;

    if (!run->slices)
        return;
    if (at >= run->slices->len) {
        guint more = at + 1 - run->slices->len;

        if (more > SLICES_MAX - parse->slices) {
            parse->slices -= run->slices->len;
            g_array_unref(g_steal_pointer(&run->slices));
            return;
        }
        parse->slices += more;
        g_array_set_size(run->slices, at + 1);
    }
    slice = &g_array_index(run->slices, WbSliceRecord, at);
    slice->requests++;
    slice->bytes += row->bytes;
    slice->errors_status += is_wrong;
}

static bool on_row(void *user_data, const WbOhaRow *row, GError **error)
{
    Parse *parse = user_data;
    OhaRun *run = run_of(parse, row, error);
    bool is_wrong = row->status < 200 || row->status > 399;

    if (!run)
        return false;
    if (run->hist.sum_ns > INT64_MAX - row->duration_ns ||
        run->run.bytes > INT64_MAX - row->bytes) {
        g_set_error_literal(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT,
                            "1: holds times or sizes that no run has");
        return false;
    }
    run->run.requests++;
    run->run.errors_status += is_wrong;
    run->run.bytes += row->bytes;
    run->run.elapsed_ns = MAX(run->run.elapsed_ns, row->end_ns);
    run->from_due += row->from_due;
    if (run->url && strcmp(run->url, row->url) != 0)
        g_clear_pointer(&run->url, g_free);
    wb_hist_add(&run->hist, row->duration_ns);
    count_slice(parse, run, row, is_wrong);
    return true;
}

/* ---- records -------------------------------------------------------------------------------- */

static bool give(OhaRun *run, const WbSink *sink, GError **error)
{
    const WbHistRecord hist = {"latency", &run->hist};
    const WbRunDetails details = {
        .slice_ns = SLICE_NS,
        .slices = run->slices ? (const WbSliceRecord *)(void *)run->slices->data : NULL,
        .slices_n = run->slices ? run->slices->len : 0,
        .hists = &hist,
        .hists_n = 1,
    };
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(run->start);
    g_autofree char *started_at = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    g_autofree char *url = run->url ? g_utf8_make_valid(run->url, -1) : NULL;

    run->run.tool = "oha";
    run->run.status = "complete";
    run->run.log_line = 1;
    run->run.url = url;
    run->run.started_at = started_at;
    if (run->run.elapsed_ns > 0)
        run->run.requests_per_s = (double)run->run.requests * 1e9 / (double)run->run.elapsed_ns;
    wb_latency_centre(&run->run, &run->hist);
    wb_latency_quantiles(&run->run, &run->hist);
    /* Where rows differ, the file was put together by hand; then no one word is true. */
    run->run.latency_kind = run->from_due == 0                   ? "raw"
                            : run->from_due == run->run.requests ? "from due time"
                                                                 : NULL;
    run->run.details = &details;
    return sink->run(sink->user_data, &run->run, NULL, error);
}

static bool read_rows(Parse *parse, const char *bytes, size_t len, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *shown = NULL;

    if (wb_oha_rows_each(bytes, len, on_row, parse, &cause))
        return true;
    if (cause->domain != WB_OHA_ROWS_ERROR) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    shown = wb_printable(cause->message, 300); /* SQLite quotes names of the file */
    g_set_error(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT, "1: %s", shown);
    return false;
}

/* Runs are given once all rows were read: a damaged file gives none. */
static bool parse_db(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    Parse parse = {.runs = g_ptr_array_new_with_free_func(free_run),
                   .by_start = g_hash_table_new(g_int64_hash, g_int64_equal)};
    bool ok = read_rows(&parse, bytes, len, error);

    for (guint i = 0; ok && i < parse.runs->len; i++)
        ok = give(parse.runs->pdata[i], sink, error);
    g_hash_table_unref(parse.by_start);
    g_ptr_array_unref(parse.runs);
    return ok;
}

const WbParser wb_parser_oha_db = {.name = "oha-db",
                                   .what = "database of oha (--db-url)",
                                   .is_log = true,
                                   .is_binary = true,
                                   .looks_like = wb_oha_rows_looks_like,
                                   .parse = parse_db};
