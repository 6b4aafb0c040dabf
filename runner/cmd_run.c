/*
 * `wrkbook run`: load one URL, as wrk does, and store every run.
 *
 * Each run is stored as soon as it is over, in one transaction, so that whatever ends the program
 * costs at most the run that was under way. Ctrl-C stores that one too, as partial.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner/commands.h"
#include "runner/host.h"
#include "runner/interrupt.h"
#include "runner/outcome.h"
#include "runner/progress.h"
#include "runner/record.h"
#include "runner/target.h"
#include "schema/store.h"
#include "schema/units.h"

#define RUN_ERROR (g_quark_from_static_string("wb_cmd_run_error"))
enum { RUN_ERROR_USE, RUN_ERROR_ENGINE };

/* What the command line said, as text where it is parsed later. */
typedef struct {
    char *threads;
    char *connections;
    char *duration;
    char *timeout;
    char *slice;
    char **headers;
    char **labels;
    char *campaign;
    char *db;
    int runs;
    gboolean latency;
    gboolean quiet;
    gboolean version;
    char **rest;
} Options;

static void clear_options(Options *options)
{
    g_free(options->threads);
    g_free(options->connections);
    g_free(options->duration);
    g_free(options->timeout);
    g_free(options->slice);
    g_strfreev(options->headers);
    g_strfreev(options->labels);
    g_free(options->campaign);
    g_free(options->db);
    g_strfreev(options->rest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static const char examples[] =
    "Examples:\n"
    "  wrkbook run -t1 -c200 -d10s http://127.0.0.1:8000/\n"
    "  wrkbook run -c200 -d10s --runs 6 --label server=gunicorn --label framework=flask \\\n"
    "      http://127.0.0.1:8000/\n"
    "\n"
    "Each run is stored in the database as soon as it is over; runs with the same labels\n"
    "are one case. Ctrl-C stores what was measured as a partial run.";

static bool parse_options(Options *options, int *argc, char ***argv, GError **error)
{
    GOptionEntry entries[] = {
        {"threads", 't', 0, G_OPTION_ARG_STRING, &options->threads, "Threads (default 1)", "N"},
        {"connections", 'c', 0, G_OPTION_ARG_STRING, &options->connections,
         "Connections in all, at least one a thread (default 10)", "N"},
        {"duration", 'd', 0, G_OPTION_ARG_STRING, &options->duration,
         "How long to load: 10s, 2m, 1h (default 10s)", "T"},
        {"timeout", 0, 0, G_OPTION_ARG_STRING, &options->timeout,
         "A response that is not whole after this is a timeout (default 2s)", "T"},
        {"header", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &options->headers,
         "Add a header to each request (repeatable)", "'NAME: VALUE'"},
        {"latency", 0, 0, G_OPTION_ARG_NONE, &options->latency,
         "Accepted as wrk's; the distribution is always shown and stored", NULL},
        {"runs", 0, 0, G_OPTION_ARG_INT, &options->runs, "How many runs, one after the other", "N"},
        {"label", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->labels,
         "Name what is measured (repeatable)", "KEY=VALUE"},
        {"campaign", 0, 0, G_OPTION_ARG_STRING, &options->campaign, "Name of this campaign",
         "NAME"},
        {"slice", 0, 0, G_OPTION_ARG_STRING, &options->slice,
         "Width of the slices that are counted and stored (default 100ms)", "T"},
        wb_store_db_option(&options->db),
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "No progress and no report", NULL},
        {"version", 'v', 0, G_OPTION_ARG_NONE, &options->version, "Show the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->rest, NULL, "URL"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- load one URL and store every run");

    options->runs = 1;
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, examples);
    return g_option_context_parse(context, argc, argv, error);
}

static bool parse_count(const char *text, const char *name, int64_t fallback, int64_t max, int *out,
                        GError **error)
{
    int64_t value = fallback;

    if (text && !wb_units_parse_count(text, 1, max, &value, error)) {
        g_prefix_error(error, "--%s: ", name);
        return false;
    }
    *out = (int)value;
    return true;
}

static bool parse_time(const char *text, const char *name, int64_t fallback, int64_t *out,
                       GError **error)
{
    *out = fallback;
    if (text && !wb_units_parse_duration(text, out, error)) {
        g_prefix_error(error, "--%s: ", name);
        return false;
    }
    return true;
}

static bool fill_load(const Options *options, WbLoad *load, GError **error)
{
    *load = (WbLoad){.expect_length = -1};
    if (!parse_count(options->threads, "threads", 1, WB_LOAD_MAX_THREADS, &load->threads, error) ||
        !parse_count(options->connections, "connections", MAX(10, load->threads),
                     WB_LOAD_MAX_CONNECTIONS, &load->connections, error) ||
        !parse_time(options->duration, "duration", INT64_C(10000000000), &load->duration_ns,
                    error) ||
        !parse_time(options->timeout, "timeout", INT64_C(2000000000), &load->timeout_ns, error) ||
        !parse_time(options->slice, "slice", INT64_C(100000000), &load->slice_ns, error))
        return false;
    if (load->connections < load->threads) {
        g_set_error(error, RUN_ERROR, RUN_ERROR_USE,
                    "%d connections cannot be shared by %d threads: ask for at least one a thread",
                    load->connections, load->threads);
        return false;
    }
    if (load->duration_ns / load->slice_ns >= WB_LOAD_MAX_SLICES) {
        g_set_error(error, RUN_ERROR, RUN_ERROR_USE,
                    "--slice: slices this short are too many for this duration; widen them");
        return false;
    }
    if (options->runs < 1 || options->runs > 1000000) {
        g_set_error(error, RUN_ERROR, RUN_ERROR_USE, "--runs: must be 1 to 1000000");
        return false;
    }
    return true;
}

/* Drops addresses that refuse at once, as long as one is left: `localhost` is often two addresses
 * and the server listens on one of them. */
static void keep_reachable(GArray *addresses)
{
    g_autoptr(GArray) reachable = g_array_new(FALSE, FALSE, sizeof(WbAddress));

    for (guint i = 0; addresses->len > 1 && i < addresses->len; i++) {
        const WbAddress *address = &g_array_index(addresses, WbAddress, i);
        int fd = socket(address->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        if (fd >= 0 && (connect(fd, (const struct sockaddr *)(const void *)&address->addr,
                                address->len) == 0 ||
                        errno == EINPROGRESS)) {
            int failure = 0;
            socklen_t len = sizeof failure;

            /* On this host a refusal comes at once; elsewhere the run itself will tell. */
            if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) == 0 && failure == 0)
                g_array_append_val(reachable, *address);
        }
        if (fd >= 0)
            close(fd);
    }
    if (reachable->len > 0 && reachable->len < addresses->len) {
        g_array_set_size(addresses, 0);
        g_array_append_vals(addresses, reachable->data, reachable->len);
    }
}

static bool engine_error(int code, GError **error)
{
    static const struct {
        int code;
        const char *remedy;
    } remedies[] = {
        {-EMFILE, "not even one socket can be opened: raise the limit of open files (ulimit -n)"},
        {-ENOMEM, "not enough memory: use fewer connections or threads, or wider slices"},
        {-EAGAIN, "no thread can be started: use fewer threads (ulimit -u)"},
        {-ENOTSUP, "the back end that --io asks for is not to be had on this host"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(remedies); i++)
        if (remedies[i].code == code) {
            g_set_error(error, RUN_ERROR, RUN_ERROR_ENGINE, "the load cannot begin: %s",
                        remedies[i].remedy);
            return false;
        }
    g_set_error(error, RUN_ERROR, RUN_ERROR_ENGINE, "the load cannot begin: %s", g_strerror(-code));
    return false;
}

/* One run from its first connect to its stored record. */
static bool run_once(WbStore *store, const WbLoad *load, const WbLabels *labels, const char *url,
                     WbProgressLine *line, int number, GError **error)
{
    WbLoadResult *result = NULL;
    g_autofree char *started_at = NULL;
    g_autofree char *text = NULL;
    WbRun run;
    int code;
    bool saved;

    wb_progress_begin(line, number);
    code = wb_engine_run(load, wb_interrupt_flag(), wb_progress_show, line, &result);
    wb_progress_end(line);
    if (code < 0)
        return engine_error(code, error);
    wb_record_fill(&run, load, result, url, &started_at);
    saved = wb_record_save(store, &run, labels, result, error);
    if (saved && !line->quiet) {
        text = wb_outcome_text(&run, result, number, line->runs);
        fputs(text, stdout);
        fflush(stdout);
    }
    wb_engine_result_free(result);
    return saved;
}

static bool add_campaign(WbStore *store, const Options *options, char *const *argv, GError **error)
{
    WbCampaign campaign = {.kind = g_strdup("run"),
                           .name = g_strdup(options->campaign),
                           .command = g_strjoinv(" ", (char **)(uintptr_t)argv),
                           .host = wb_host_facts()};
    bool ok = wb_store_add_campaign(store, &campaign, error);

    wb_campaign_clear(&campaign);
    return ok;
}

static int run_all(const Options *options, char *const *argv, GError **error)
{
    g_autoptr(WbTarget) target = wb_target_parse(options->rest[0], error);
    g_autoptr(WbLabels) labels = wb_labels_new();
    g_autoptr(GArray) addresses = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(WbStore) store = NULL;
    WbRequest request = {0};
    WbProgressLine line;
    WbLoad load;

    if (!target || !fill_load(options, &load, error))
        return 2;
    if (target->tls) {
        g_set_error(error, RUN_ERROR, RUN_ERROR_USE,
                    "https is not known to this version; use http");
        return 2;
    }
    for (size_t i = 0; options->labels && options->labels[i]; i++)
        if (!wb_labels_parse(labels, options->labels[i], error))
            return 2;
    if (!(bytes = wb_target_request(target, NULL, NULL, options->headers, NULL, false, error)) ||
        !(addresses = wb_target_resolve(target, error)))
        return 2;
    keep_reachable(addresses);
    request.bytes = g_bytes_get_data(bytes, &request.len);
    load.requests = &request;
    load.requests_n = 1;
    load.addresses = (const WbAddress *)(void *)addresses->data;
    load.addresses_n = addresses->len;
    if (!(store = wb_store_open(options->db, error)) || !add_campaign(store, options, argv, error))
        return 2;
    wb_interrupt_install();
    wb_progress_init(&line, options->quiet, options->runs, load.duration_ns);
    for (int i = 1; i <= options->runs && !wb_interrupt_signal(); i++)
        if (!run_once(store, &load, labels, target->url, &line, i, error))
            return 2;
    if (!options->quiet)
        fprintf(stderr, "stored in %s\n", wb_store_path(store));
    return wb_interrupt_signal() ? 128 + wb_interrupt_signal() : 0;
}

int wb_cmd_run(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    g_auto(GStrv) words = g_strdupv(argv); /* parsing takes them out of argv */

    if (!parse_options(&options, &argc, &argv, error))
        return 2;
    if (options.version) {
        puts("wrkbook " WB_VERSION);
        return 0;
    }
    if (!options.rest || !options.rest[0] || options.rest[1]) {
        g_set_error(error, RUN_ERROR, RUN_ERROR_USE, "%s; see `wrkbook run --help`",
                    options.rest && options.rest[0] ? "only one URL can be loaded at a time"
                                                    : "no URL given");
        return 2;
    }
    return run_all(&options, words, error);
}
