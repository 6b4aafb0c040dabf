/*
 * Plan: options are read as text and checked here, each refusal naming its option; nothing is
 * opened, stored or loaded before all of them are right.
 */
#include "runner/plan.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner/requests_file.h"
#include "schema/store.h"
#include "schema/units.h"

G_DEFINE_QUARK(wb_plan_error, wb_plan_error)

/* What the command line said. */
typedef struct {
    char *threads, *connections, *duration, *timeout, *slice, *warmup;
    char *rate, *requests, *latency_from, *pipeline;
    char *method, *body, *requests_from, *seed;
    char *expect_status, *expect_body, *expect_length;
    char *io, *cacert, *cert, *key, *format, *campaign, *db, *script;
    char **headers, **labels, **rest;
    int runs;
    gboolean latency, no_keepalive, shuffle, coalesce, insecure, quiet, version;
} Options;

static void clear_options(Options *o)
{
    char *texts[] = {o->threads,       o->connections,   o->duration,
                     o->timeout,       o->slice,         o->warmup,
                     o->rate,          o->requests,      o->latency_from,
                     o->pipeline,      o->method,        o->body,
                     o->seed,          o->requests_from, o->io,
                     o->expect_status, o->expect_body,   o->cacert,
                     o->expect_length, o->cert,          o->key,
                     o->format,        o->campaign,      o->db,
                     o->script};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(o->headers);
    g_strfreev(o->labels);
    g_strfreev(o->rest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static const char examples[] =
    "Examples:\n"
    "  wrkbook run -t1 -c200 -d10s http://127.0.0.1:8000/\n"
    "  wrkbook run -c200 -d10s --runs 6 --label server=gunicorn --label framework=flask \\\n"
    "      http://127.0.0.1:8000/\n"
    "  wrkbook run -t2 -c100 -d30s -R 10k --warmup 2s https://127.0.0.1:8443/\n"
    "\n"
    "Each run is stored in the database as soon as it is over; runs with the same labels\n"
    "are one case. Ctrl-C stores what was measured as a partial run.";

/* The option that a word of the command line is, or NULL; its value follows unless it is a flag. */
static const GOptionEntry *find_option(const GOptionEntry *entries, const char *word)
{
    for (; entries->long_name; entries++)
        if ((word[1] == entries->short_name && word[1] != '\0' && word[1] != '-') ||
            (g_str_has_prefix(word, "--") && strcmp(word + 2, entries->long_name) == 0))
            return entries;
    return NULL;
}

/* "-t1" as "-t" "1": getopt takes both, GOption only the second, and wrk's users type the first.
 * The words are borrowed, the new ones live in `chunk`. */
static GPtrArray *split_glued(const GOptionEntry *entries, char *const *argv, GStringChunk *chunk)
{
    GPtrArray *words = g_ptr_array_new();
    size_t i = 0;

    for (; argv[i] && strcmp(argv[i], "--") != 0; i++) {
        const GOptionEntry *option = argv[i][0] == '-' ? find_option(entries, argv[i]) : NULL;
        bool has_value = option && option->arg != G_OPTION_ARG_NONE;

        if (has_value && argv[i][1] != '-' && argv[i][2] != '\0') {
            g_ptr_array_add(words, g_string_chunk_insert_len(chunk, argv[i], 2));
            g_ptr_array_add(words, argv[i] + 2);
            continue;
        }
        g_ptr_array_add(words, argv[i]);
        if (has_value && argv[i + 1])
            g_ptr_array_add(words, argv[++i]);
    }
    for (; argv[i]; i++)
        g_ptr_array_add(words, argv[i]);
    g_ptr_array_add(words, NULL);
    return words;
}

#define TEXT(name, letter, member, help, arg)                                                      \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_STRING, &o->member, help, arg                                \
    }
#define FLAG(name, letter, member, help)                                                           \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_NONE, &o->member, help, NULL                                 \
    }
#define LIST(name, letter, member, help, arg)                                                      \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_STRING_ARRAY, &o->member, help, arg                          \
    }

static bool read_options(Options *o, char *const *argv, GError **error)
{
    GOptionEntry entries[] = {
        TEXT("threads", 't', threads, "Threads (default 1)", "N"),
        TEXT("connections", 'c', connections, "Connections in all (default 10)", "N"),
        TEXT("duration", 'd', duration, "How long to load: 10s, 2m, 1h (default 10s)", "T"),
        TEXT("requests", 'n', requests, "Stop after so many requests, or when -d is over", "N"),
        TEXT("rate", 'R', rate, "Open loop: send so many requests a second, answered or not", "N"),
        TEXT("latency-from", 0, latency_from, "Open loop: latency from due (default) or sent",
             "MOMENT"),
        TEXT("timeout", 0, timeout, "A response not whole after this is a timeout (default 2s)",
             "T"),
        TEXT("warmup", 0, warmup, "Load for so long before the run, without counting", "T"),
        TEXT("pipeline", 0, pipeline, "Requests in flight on one connection (default 1)", "N"),
        FLAG("no-keepalive", 0, no_keepalive, "A new connection for each request"),
        TEXT("method", 'm', method, "Method (default GET, POST with a body)", "NAME"),
        TEXT("body", 'b', body, "Body of the request, or the file that holds it", "TEXT|@FILE"),
        LIST("header", 'H', headers, "Add a header to each request (repeatable)", "'NAME: VALUE'"),
        TEXT("requests-from", 0, requests_from,
             "JSON lines of method, path, headers, body, sent in order", "FILE"),
        FLAG("shuffle", 0, shuffle, "Draw from --requests-from at random instead"),
        TEXT("seed", 0, seed, "Seed of --shuffle (default 1)", "N"),
        TEXT("expect-status", 0, expect_status, "Count responses with another status", "N"),
        TEXT("expect-body", 0, expect_body, "Count responses with another body", "TEXT|@FILE"),
        TEXT("expect-length", 0, expect_length, "Count responses whose body is not so long",
             "BYTES"),
        TEXT("io", 0, io, "Back end: auto (default), epoll or uring", "NAME"),
        FLAG("coalesce", 0, coalesce, "Wait for completions in groups: less CPU, coarser timing"),
        TEXT("cacert", 0, cacert, "https: trust the certificates in this PEM file", "FILE"),
        TEXT("cert", 0, cert, "https: client certificate (PEM)", "FILE"),
        TEXT("key", 0, key, "https: key of the client certificate (PEM)", "FILE"),
        FLAG("insecure", 'k', insecure, "https: do not verify the server's certificate"),
        {"runs", 0, 0, G_OPTION_ARG_INT, &o->runs, "Runs, one after the other (default 1)", "N"},
        LIST("label", 0, labels, "Name what is measured (repeatable)", "KEY=VALUE"),
        TEXT("campaign", 0, campaign, "Name of this campaign", "NAME"),
        TEXT("slice", 0, slice, "Width of the slices that are counted (default 100ms)", "T"),
        TEXT("format", 0, format, "What a run prints: text (default), wrk or json", "NAME"),
        FLAG("latency", 0, latency, "Accepted as wrk's; the distribution is always kept"),
        wb_store_db_option(&o->db),
        FLAG("quiet", 'q', quiet, "No progress and no report"),
        FLAG("version", 'v', version, "Show the version"),
        {"script", 's', G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &o->script, NULL, NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->rest, NULL, "URL"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- load one URL and store every run");
    g_autoptr(GStringChunk) chunk = g_string_chunk_new(64);
    g_autoptr(GPtrArray) split = split_glued(entries, argv, chunk);
    char **words = (char **)split->pdata;
    int words_n = (int)split->len - 1;

    o->runs = 1;
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, examples);
    return g_option_context_parse(context, &words_n, &words, error);
}

static bool refuse(GError **error, const char *why)
{
    g_set_error_literal(error, WB_PLAN_ERROR, WB_PLAN_ERROR_USE, why);
    return false;
}

/* ---- values --------------------------------------------------------------------------------- */

static bool read_count(const char *text, const char *option, int64_t min, int64_t max, int64_t *out,
                       GError **error)
{
    if (text && !wb_units_parse_count(text, min, max, out, error)) {
        g_prefix_error(error, "--%s: ", option);
        return false;
    }
    return true;
}

static bool read_int(const char *text, const char *option, int64_t min, int64_t max, int *out,
                     GError **error)
{
    int64_t value = *out;

    if (!read_count(text, option, min, max, &value, error))
        return false;
    *out = (int)value;
    return true;
}

static bool read_time(const char *text, const char *option, int64_t *out, GError **error)
{
    if (text && !wb_units_parse_duration(text, out, error)) {
        g_prefix_error(error, "--%s: ", option);
        return false;
    }
    return true;
}

static bool read_rate(const char *text, double *out, GError **error)
{
    double half;
    const char *end = text ? wb_units_scan_count(text, text + strlen(text), out, &half) : NULL;

    if (text && (!end || *end || *out <= 0 || *out > 1e8)) {
        g_set_error(error, WB_PLAN_ERROR, WB_PLAN_ERROR_USE,
                    "--rate: '%.40s' is no rate: write requests per second, as in 2500 or 10k",
                    text);
        return false;
    }
    return true;
}

/* One of a few words; `out` gets its place in the list. */
static bool read_word(const char *text, const char *option, const char *const *words, int *out,
                      GError **error)
{
    g_autofree char *list = NULL;

    if (!text)
        return true;
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], text) == 0) {
            *out = i;
            return true;
        }
    list = g_strjoinv(", ", (char **)(uintptr_t)words);
    g_set_error(error, WB_PLAN_ERROR, WB_PLAN_ERROR_USE, "--%s: '%.40s' is none of %s", option,
                text, list);
    return false;
}

/* TEXT or @FILE; NULL stays NULL. */
static bool read_body(const char *text, const char *option, GBytes **out, GError **error)
{
    char *contents = NULL;
    size_t len;

    if (!text)
        return true;
    if (text[0] != '@') {
        *out = g_bytes_new(text, strlen(text));
        return true;
    }
    if (!g_file_get_contents(text + 1, &contents, &len, error)) {
        g_prefix_error(error, "--%s: ", option);
        return false;
    }
    *out = g_bytes_new_take(contents, len);
    return true;
}

/* ---- the load ------------------------------------------------------------------------------- */

static bool fill_settings(const Options *o, WbLoad *load, GError **error)
{
    static const char *const ios[] = {"auto", "epoll", "uring", NULL};
    static const char *const moments[] = {"due", "sent", NULL};
    int io = 0;
    int moment = 0;
    int64_t seed = 1;

    *load = (WbLoad){.threads = 1,
                     .connections = 10,
                     .duration_ns = INT64_C(10000000000),
                     .timeout_ns = INT64_C(2000000000),
                     .slice_ns = INT64_C(100000000),
                     .pipeline = 1,
                     .no_keepalive = o->no_keepalive,
                     .coalesce = o->coalesce,
                     .shuffle = o->shuffle,
                     .expect_length = -1};
    if (!read_int(o->threads, "threads", 1, WB_LOAD_MAX_THREADS, &load->threads, error))
        return false;
    load->connections = MAX(load->connections, load->threads);
    if (!read_int(o->connections, "connections", 1, WB_LOAD_MAX_CONNECTIONS, &load->connections,
                  error) ||
        !read_int(o->pipeline, "pipeline", 1, WB_LOAD_MAX_PIPELINE, &load->pipeline, error) ||
        !read_int(o->expect_status, "expect-status", 100, 999, &load->expect_status, error) ||
        !read_count(o->requests, "requests", 1, INT64_C(1000000000000), &load->max_requests,
                    error) ||
        !read_count(o->expect_length, "expect-length", 0, INT64_C(1) << 50, &load->expect_length,
                    error) ||
        !read_count(o->seed, "seed", 0, INT64_C(1) << 53, &seed, error) ||
        !read_time(o->duration, "duration", &load->duration_ns, error) ||
        !read_time(o->timeout, "timeout", &load->timeout_ns, error) ||
        !read_time(o->slice, "slice", &load->slice_ns, error) ||
        !read_time(o->warmup, "warmup", &load->warmup_ns, error) ||
        !read_rate(o->rate, &load->rate_per_s, error) || !read_word(o->io, "io", ios, &io, error) ||
        !read_word(o->latency_from, "latency-from", moments, &moment, error))
        return false;
    load->io = (WbIo)io;
    load->latency_from = (WbLatencyFrom)moment;
    load->seed = (uint64_t)seed;
    return true;
}

/* Options that do not go together. */
static bool check_settings(const Options *o, const WbLoad *load, GError **error)
{
    if (o->script)
        return refuse(error, "-s: Lua scripts are not known yet; --requests-from FILE sends "
                             "several requests, --method, --body and -H change them");
    if (load->connections < load->threads)
        return refuse(error, "--connections: fewer connections than threads; ask for at least one "
                             "a thread");
    if (load->duration_ns / load->slice_ns >= WB_LOAD_MAX_SLICES)
        return refuse(error, "--slice: too many slices for this duration; make them wider");
    if (o->runs < 1 || o->runs > 1000000)
        return refuse(error, "--runs: must be 1 to 1000000");
    if (o->requests_from && (o->method || o->body))
        return refuse(error, "--requests-from: its lines hold method and body; leave out --method "
                             "and --body");
    if (o->latency_from && load->rate_per_s <= 0)
        return refuse(error, "--latency-from: only an open rate (-R) has due times");
    if (load->coalesce && load->rate_per_s > 0)
        return refuse(error, "--coalesce: would delay what an open rate (-R) measures");
    if (load->no_keepalive && load->pipeline > 1)
        return refuse(error, "--no-keepalive: one request a connection cannot be pipelined");
    if (o->key && !o->cert)
        return refuse(error, "--key: belongs to a certificate (--cert)");
    return true;
}

static bool fill_requests(const Options *o, WbPlan *plan, GError **error)
{
    g_autoptr(GBytes) body = NULL;
    GBytes *request;

    plan->bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    plan->requests = g_array_new(FALSE, FALSE, sizeof(WbRequest));
    if (o->requests_from) {
        if (!wb_requests_file_load(o->requests_from, plan->target, o->headers, o->no_keepalive,
                                   plan->bytes, plan->requests, error))
            return false;
    } else {
        if (!read_body(o->body, "body", &body, error) ||
            !(request = wb_target_request(plan->target, o->method, NULL, o->headers, body,
                                          o->no_keepalive, error)))
            return false;
        wb_requests_add(plan->bytes, plan->requests, request,
                        o->method && strcmp(o->method, "HEAD") == 0);
    }
    plan->load.requests = (const WbRequest *)(void *)plan->requests->data;
    plan->load.requests_n = plan->requests->len;
    if (!read_body(o->expect_body, "expect-body", &plan->expect_body, error))
        return false;
    if (plan->expect_body)
        plan->load.expect_body = g_bytes_get_data(plan->expect_body, &plan->load.expect_body_len);
    return true;
}

/* Drops addresses that refuse at once, as long as one is left: `localhost` is often two addresses
 * and the server listens on one of them. On this host a refusal comes at once; a distant one is
 * left for the run itself to tell. */
static void keep_reachable(GArray *addresses)
{
    g_autoptr(GArray) reachable = g_array_new(FALSE, FALSE, sizeof(WbAddress));

    for (guint i = 0; addresses->len > 1 && i < addresses->len; i++) {
        const WbAddress *address = &g_array_index(addresses, WbAddress, i);
        int fd = socket(address->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        int failure = ECONNREFUSED;
        socklen_t len = sizeof failure;

        if (fd < 0)
            continue;
        if (connect(fd, (const struct sockaddr *)(const void *)&address->addr, address->len) == 0 ||
            errno == EINPROGRESS)
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len);
        close(fd);
        if (failure == 0)
            g_array_append_val(reachable, *address);
    }
    if (reachable->len > 0 && reachable->len < addresses->len) {
        g_array_set_size(addresses, 0);
        g_array_append_vals(addresses, reachable->data, reachable->len);
    }
}

static bool fill_connection(const Options *o, WbPlan *plan, GError **error)
{
    if (plan->target->tls) {
        plan->tls = wb_tls_new(o->cacert, o->cert, o->key, o->insecure, error);
        if (!plan->tls)
            return false;
        plan->load.tls = wb_tls_context(plan->tls);
        plan->load.tls_host = plan->target->host;
    } else if (o->cacert || o->cert || o->insecure) {
        return refuse(error, "--cacert, --cert and --insecure need an https URL");
    }
    if (!(plan->addresses = wb_target_resolve(plan->target, error)))
        return false;
    keep_reachable(plan->addresses);
    plan->load.addresses = (const WbAddress *)(void *)plan->addresses->data;
    plan->load.addresses_n = plan->addresses->len;
    return true;
}

static bool fill_rest(const Options *o, WbPlan *plan, GError **error)
{
    plan->labels = wb_labels_new();
    for (size_t i = 0; o->labels && o->labels[i]; i++)
        if (!wb_labels_parse(plan->labels, o->labels[i], error))
            return false;
    plan->format = wb_outcome_format_find(o->format ? o->format : "text");
    if (!plan->format) {
        g_autofree char *names = wb_outcome_format_names();

        g_set_error(error, WB_PLAN_ERROR, WB_PLAN_ERROR_USE, "--format: '%.40s' is none of %s",
                    o->format, names);
        return false;
    }
    plan->db = g_strdup(o->db);
    plan->campaign = g_strdup(o->campaign);
    plan->runs = o->runs;
    plan->quiet = o->quiet;
    return true;
}

static bool fill(const Options *o, WbPlan *plan, GError **error)
{
    if (!o->rest || !o->rest[0])
        return refuse(error, "no URL given; see `wrkbook run --help`");
    if (o->rest[1])
        return refuse(error, "only one URL can be loaded at a time; see `wrkbook run --help`");
    plan->target = wb_target_parse(o->rest[0], error);
    return plan->target && fill_settings(o, &plan->load, error) &&
           check_settings(o, &plan->load, error) && fill_rest(o, plan, error) &&
           fill_requests(o, plan, error) && fill_connection(o, plan, error);
}

WbPlan *wb_plan_parse(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    g_autoptr(WbPlan) plan = g_new0(WbPlan, 1);

    (void)argc;
    plan->command = g_strjoinv(" ", argv);
    if (!read_options(&options, argv, error))
        return NULL;
    plan->version = options.version;
    if (!plan->version && !fill(&options, plan, error))
        return NULL;
    return g_steal_pointer(&plan);
}

void wb_plan_free(WbPlan *plan)
{
    if (!plan)
        return;
    wb_target_free(plan->target);
    wb_labels_free(plan->labels);
    g_free(plan->db);
    g_free(plan->campaign);
    g_free(plan->command);
    g_clear_pointer(&plan->bytes, g_ptr_array_unref);
    g_clear_pointer(&plan->requests, g_array_unref);
    g_clear_pointer(&plan->addresses, g_array_unref);
    g_clear_pointer(&plan->expect_body, g_bytes_unref);
    wb_tls_free(plan->tls);
    g_free(plan);
}
