/*
 * Suite describe: the plan for people (--dry-run) and for machines (plan_sha256).
 *
 * The first may change its wording, the second never without need: another text is another plan,
 * and --resume will not go on with it. So they share nothing but the quoting of words.
 */
#include <signal.h>
#include <string.h>

#include "runner/suite_draft.h"
#include "schema/units.h"

#define SECOND 1e9

/* What a run costs beside its load, roughly (REAL.md: start 0.1 to 3 s, drain 0 to 4 s, stop 0.3
 * to 5 s). */
#define AROUND_A_RUN_NS (5 * SECOND)

/* A word as a shell would take it, without quotes where none are needed. */
static void append_word(GString *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:=@%+{}";
    g_autofree char *quoted = NULL;

    if (*word && word[strspn(word, plain)] == '\0') {
        g_string_append(out, word);
        return;
    }
    quoted = g_shell_quote(word);
    g_string_append(out, quoted);
}

static void append_words(GString *out, char *const *words)
{
    for (size_t i = 0; words && words[i]; i++) {
        if (i)
            g_string_append_c(out, ' ');
        append_word(out, words[i]);
    }
}

/* A shell's word as well: whether a label ends is then never in doubt. */
static void append_labels(GString *out, const WbLabels *labels)
{
    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        const WbLabel *label = wb_labels_at(labels, i);
        g_autofree char *text = g_strconcat(label->key, "=", label->value, NULL);

        if (i)
            g_string_append_c(out, ' ');
        append_word(out, text);
    }
    if (wb_labels_count(labels) == 0)
        g_string_append(out, "(no labels)");
}

static const WbSuiteCell *cell_at(const WbSuite *suite, guint i)
{
    return suite->cells->pdata[i];
}

static const char *signal_name(int number)
{
    return number == SIGTERM   ? "TERM"
           : number == SIGINT  ? "INT"
           : number == SIGQUIT ? "QUIT"
           : number == SIGHUP  ? "HUP"
           : number == SIGKILL ? "KILL"
           : number == SIGUSR1 ? "USR1"
                               : "USR2";
}

static const char *restart_name(WbRestart restart)
{
    return restart == WB_RESTART_DRAIN ? "drain" : restart == WB_RESTART_NEVER ? "never" : "always";
}

static const char *order_name(WbOrder order)
{
    return order == WB_ORDER_GROUPED ? "grouped" : "interleaved";
}

/* ---- for machines -------------------------------------------------------------------------- */

static void add_text(GString *out, const char *name, const char *text)
{
    if (!text)
        return;
    g_string_append_printf(out, " %s ", name);
    append_word(out, text);
    g_string_append_c(out, '\n');
}

static void add_words(GString *out, const char *name, char *const *words)
{
    if (!words)
        return;
    g_string_append_printf(out, " %s ", name);
    append_words(out, words);
    g_string_append_c(out, '\n');
}

static void add_int(GString *out, const char *name, int64_t value)
{
    if (value != WB_NONE)
        g_string_append_printf(out, " %s %" G_GINT64_FORMAT "\n", name, value);
}

static void add_double(GString *out, const char *name, double value)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    g_string_append_printf(out, " %s %s\n", name, wb_units_format_double(value, buffer));
}

/* `directory` without `folder` in front; "." for the folder itself. */
static const char *relative_to(const char *folder, const char *directory)
{
    size_t len = strlen(folder);

    if (strcmp(folder, directory) == 0)
        return ".";
    if (strncmp(folder, directory, len) == 0 && directory[len] == '/')
        return directory + len + 1;
    return directory;
}

static void add_server(GString *out, const WbSuiteServer *server, const char *folder)
{
    add_words(out, "start", server->start);
    add_words(out, "env", server->env);
    add_text(out, "directory", relative_to(folder, server->directory));
    add_text(out, "user", server->user);
    add_text(out, "url", server->url);
    add_int(out, "ready_status", server->ready_status);
    add_text(out, "ready_body", server->ready_body);
    add_text(out, "ready_path", server->ready_path);
    add_int(out, "ready_within_ns", server->ready_within_ns);
    add_text(out, "stop_signal", signal_name(server->stop_signal));
    add_int(out, "stop_within_ns", server->stop_within_ns);
    add_int(out, "drain_within_ns", server->drain_within_ns);
    add_text(out, "pin_server", server->pin_server);
    add_text(out, "pin_client", server->pin_client);
    add_int(out, "isolate_net", server->isolate_net);
    add_int(out, "somaxconn", server->somaxconn);
}

static void add_load(GString *out, const WbSuiteLoad *load)
{
    add_int(out, "threads", load->threads);
    add_int(out, "connections", load->connections);
    add_int(out, "pipeline", load->pipeline);
    add_int(out, "duration_ns", load->duration_ns);
    add_int(out, "timeout_ns", load->timeout_ns);
    add_int(out, "warmup_ns", load->warmup_ns);
    add_int(out, "slice_ns", load->slice_ns);
    add_double(out, "rate_per_s", load->rate_per_s);
    add_text(out, "method", load->method);
    add_text(out, "body", load->body);
    add_words(out, "headers", load->headers);
    add_int(out, "no_keepalive", load->no_keepalive);
    add_int(out, "insecure", load->insecure);
    add_text(out, "engine", load->engine == WB_ENGINE_WRK ? "wrk" : "native");
    add_int(out, "runs_min", load->runs_min);
    add_int(out, "runs_max", load->runs_max);
    add_double(out, "until_ci", load->until_ci);
}

static char *folder_of(const WbSuite *suite)
{
    g_autofree char *full = g_canonicalize_filename(suite->path, NULL);

    return g_path_get_dirname(full);
}

char *wb_suite_plan_text(const WbSuite *suite)
{
    GString *out = g_string_new("plan 1\n");
    g_autofree char *folder = folder_of(suite);

    add_text(out, "order", order_name(suite->order));
    add_text(out, "restart", restart_name(suite->restart));
    for (guint i = 0; i < suite->cells->len; i++) {
        const WbSuiteCell *cell = cell_at(suite, i);

        g_string_append(out, "cell ");
        append_labels(out, cell->labels);
        g_string_append_c(out, '\n');
        add_int(out, "target", cell->target);
        add_server(out, &cell->server, folder);
        add_load(out, &cell->load);
    }
    return g_string_free(out, FALSE);
}

/* ---- for people ---------------------------------------------------------------------------- */

/* "2 h 5 min", "3 min 20 s", "10 s", "500 ms". */
static void append_time(GString *out, double ns)
{
    double seconds = ns / SECOND;
    int64_t whole = (int64_t)(seconds + 0.5);

    if (seconds >= 3600)
        g_string_append_printf(out, "%" G_GINT64_FORMAT " h %" G_GINT64_FORMAT " min", whole / 3600,
                               whole % 3600 / 60);
    else if (seconds >= 120)
        g_string_append_printf(out, "%" G_GINT64_FORMAT " min %" G_GINT64_FORMAT " s", whole / 60,
                               whole % 60);
    else
        g_string_append_printf(out, seconds >= 1 ? "%.4g s" : "%.4g ms",
                               seconds >= 1 ? seconds : seconds * 1000);
}

static void append_count(GString *out, int64_t n, const char *what)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT " %s%s", n, what, n == 1 ? "" : "s");
}

static void describe_runs(GString *out, const WbSuiteLoad *load)
{
    if (load->until_ci > 0)
        g_string_append_printf(out, "%d to %d runs, until the median's interval is within %g %%",
                               load->runs_min, load->runs_max, load->until_ci * 100);
    else
        append_count(out, load->runs_max, "run");
}

static void describe_load(GString *out, const WbSuiteLoad *load)
{
    g_string_append(out, "      load     ");
    append_count(out, load->threads, "thread");
    g_string_append(out, ", ");
    append_count(out, load->connections, "connection");
    g_string_append(out, ", ");
    append_time(out, (double)load->duration_ns);
    if (load->warmup_ns > 0) {
        g_string_append(out, " after ");
        append_time(out, (double)load->warmup_ns);
        g_string_append(out, " of warm-up");
    }
    g_string_append(out, ", timeout ");
    append_time(out, (double)load->timeout_ns);
    if (load->rate_per_s > 0)
        g_string_append_printf(out, ", open rate %g/s", load->rate_per_s);
    if (load->pipeline > 1)
        g_string_append_printf(out, ", pipeline %d", load->pipeline);
    g_string_append_printf(out, "%s%s%s; ", load->no_keepalive ? ", no keep-alive" : "",
                           load->insecure ? ", certificate not verified" : "",
                           load->engine == WB_ENGINE_WRK ? ", by the installed wrk" : "");
    describe_runs(out, load);
    g_string_append_c(out, '\n');
    if (!load->method && !load->body && !load->headers)
        return;
    g_string_append_printf(out, "      request  %s",
                           load->method ? load->method
                           : load->body ? "POST"
                                        : "GET");
    if (load->headers)
        g_string_append(out, " with ");
    append_words(out, load->headers);
    if (load->body)
        g_string_append_printf(out, ", body of %zu bytes", strlen(load->body));
    g_string_append_c(out, '\n');
}

static void describe_start(GString *out, const WbSuiteServer *server, const char *folder)
{
    if (!server->start) {
        g_string_append(out, "      start    not started here: it already runs\n");
        return;
    }
    g_string_append(out, "      start    ");
    for (size_t i = 0; server->env && server->env[i]; i++) {
        append_word(out, server->env[i]);
        g_string_append_c(out, ' ');
    }
    append_words(out, server->start);
    g_string_append(out, "\n      in       ");
    append_word(out, relative_to(folder, server->directory));
    if (!g_file_test(server->directory, G_FILE_TEST_IS_DIR))
        g_string_append(out, " (no such directory)");
    if (server->user)
        g_string_append_printf(out, " as user %s", server->user);
    if (server->pin_server)
        g_string_append_printf(out, " on CPU %s", server->pin_server);
    if (server->isolate_net)
        g_string_append(out, " in a network namespace of its own");
    if (server->somaxconn != WB_NONE)
        g_string_append_printf(out, " (somaxconn %" G_GINT64_FORMAT ")", server->somaxconn);
    g_string_append_c(out, '\n');
}

static void describe_server(GString *out, const WbSuiteServer *server, const char *folder)
{
    describe_start(out, server, folder);
    g_string_append_printf(out, "      url      %s", server->url);
    if (server->pin_client)
        g_string_append_printf(out, " (client on CPU %s)", server->pin_client);
    g_string_append_printf(out, "\n      ready    status %d", server->ready_status);
    if (server->ready_path)
        g_string_append_printf(out, " on %s", server->ready_path);
    if (server->ready_body) {
        g_autofree char *body = g_strescape(server->ready_body, NULL);

        g_string_append_printf(out, ", body \"%.200s\"", body);
    }
    g_string_append(out, ", within ");
    append_time(out, (double)server->ready_within_ns);
    if (server->start) {
        g_string_append_printf(out, "\n      stop     %s, within ",
                               signal_name(server->stop_signal));
        append_time(out, (double)server->stop_within_ns);
        g_string_append(out, server->drain_within_ns > 0 ? "; drain within " : "; no drain");
        if (server->drain_within_ns > 0)
            append_time(out, (double)server->drain_within_ns);
    }
    g_string_append_c(out, '\n');
}

static void describe_cells(GString *out, const WbSuite *suite)
{
    g_autofree char *folder = folder_of(suite);

    g_string_append(out, "\nCells\n");
    for (guint i = 0; i < suite->cells->len; i++) {
        const WbSuiteCell *cell = cell_at(suite, i);

        g_string_append_printf(out, "%4u  ", i + 1);
        append_labels(out, cell->labels);
        g_string_append_c(out, '\n');
        describe_server(out, &cell->server, folder);
        describe_load(out, &cell->load);
    }
    if (suite->skips->len > 0)
        g_string_append(out, "\nSkipped\n");
    for (guint i = 0; i < suite->skips->len; i++) {
        const WbSuiteSkip *skip = suite->skips->pdata[i];

        g_string_append(out, "      ");
        append_labels(out, skip->labels);
        if (skip->because)
            g_string_append_printf(out, ": %s", skip->because);
        g_string_append_c(out, '\n');
    }
}

/* Numbers of cells, a line a round (or a cell, where grouped), broken at 100 columns. */
static void describe_order(GString *out, const WbSuite *suite)
{
    g_autoptr(GArray) steps = wb_suite_steps(suite);
    bool grouped = suite->order == WB_ORDER_GROUPED;
    gsize begin = out->len;
    int current = -1;

    g_string_append(out, grouped ? "\nOrder: all runs of a cell, then the next\n"
                                 : "\nOrder of the cells in each round\n");
    for (guint i = 0; !grouped && i < steps->len; i++) {
        const WbSuiteStep *step = &g_array_index(steps, WbSuiteStep, i);

        if (step->round != current) {
            g_string_append_printf(out, "%s%4d  ", i ? "\n" : "", step->round);
            begin = out->len - 6;
            current = step->round;
        } else if (out->len - begin > 92) {
            g_string_append(out, "\n      ");
            begin = out->len - 6;
        } else {
            g_string_append_c(out, ' ');
        }
        g_string_append_printf(out, "%d", step->cell + 1);
    }
    if (!grouped)
        g_string_append_c(out, '\n');
}

/* Load alone, and with what is around each run, of the fewest and of the most runs. */
static void describe_time(GString *out, const WbSuite *suite)
{
    double load[2] = {0, 0};
    double around[2] = {0, 0};

    for (guint i = 0; i < suite->cells->len; i++) {
        const WbSuiteCell *cell = cell_at(suite, i);
        const int runs[2] = {cell->load.runs_min, cell->load.runs_max};

        for (int k = 0; k < 2; k++) {
            load[k] += runs[k] * (double)(cell->load.duration_ns + cell->load.warmup_ns);
            around[k] += cell->server.start ? runs[k] * AROUND_A_RUN_NS : 0;
        }
    }
    g_string_append(out, "\nTime: ");
    for (int k = load[0] < load[1] ? 0 : 1; k < 2; k++) {
        append_time(out, load[k]);
        g_string_append(out, k == 0 ? " to " : " of load; with starts, drains and stops about ");
    }
    for (int k = load[0] < load[1] ? 0 : 1; k < 2; k++) {
        append_time(out, load[k] + around[k]);
        g_string_append(out, k == 0 ? " to " : "\n");
    }
}

static void describe_head(GString *out, const WbSuite *suite)
{
    g_string_append_printf(out, "%s (%s)\n", suite->name, suite->path);
    append_count(out, suite->cells->len, "cell");
    if (suite->skips->len > 0)
        g_string_append_printf(out, " (%u skipped)", suite->skips->len);
    g_string_append(out, ", at most ");
    append_count(out, wb_suite_count_runs(suite), "run");
    g_string_append_printf(out, ", %s, seed %" G_GUINT64_FORMAT, order_name(suite->order),
                           suite->seed);
    if (suite->seed_drawn)
        g_string_append_printf(out, " (drawn; --seed %" G_GUINT64_FORMAT " gives this order again)",
                               suite->seed);
    g_string_append_printf(out, "\nservers restarted: %s; canary: %s; wait for a quiet host: ",
                           suite->restart == WB_RESTART_DRAIN   ? "when they do not drain"
                           : suite->restart == WB_RESTART_NEVER ? "never"
                                                                : "for every run",
                           suite->canary ? "yes" : "no");
    if (suite->cooldown_ns > 0) {
        g_string_append(out, "up to ");
        append_time(out, (double)suite->cooldown_ns);
    } else {
        g_string_append(out, "no");
    }
    g_string_append_c(out, '\n');
}

char *wb_suite_describe(const WbSuite *suite)
{
    GString *out = g_string_new(NULL);

    describe_head(out, suite);
    describe_cells(out, suite);
    describe_order(out, suite);
    describe_time(out, suite);
    return g_string_free(out, FALSE);
}
