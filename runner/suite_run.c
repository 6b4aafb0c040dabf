/*
 * Suite run: the executor. It holds one server at a time; the next run keeps it if it is of the
 * same cell and nothing asks for a fresh one.
 */
#include "runner/suite_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runner/canary.h"
#include "runner/checks.h"
#include "runner/cooldown.h"
#include "runner/interrupt.h"
#include "runner/server.h"
#include "runner/suite_load.h"
#include "runner/until_ci.h"
#include "schema/units.h"

#define SETTLE_NS     INT64_C(5000000000) /* for a fresh server to become idle */
#define ONE_LOOK_NS   INT64_C(400000000)  /* the shortest time in which a drain can tell */
#define OUTPUT_LINES  20
#define TROUBLE_LINES 60 /* tracebacks of several workers */

/* The executor's state between runs. */
typedef struct {
    WbStore *store;
    const WbSuite *suite;
    WbSuiteOutcome *outcome;
    bool quiet;
    WbServer *server; /* running now, or NULL */
    int server_cell;  /* the cell that it was started for */
    int64_t starts;   /* how many servers the campaign started */
    bool untried;     /* the server was started and not loaded yet */
    bool fresh_next;  /* the drain limit was passed: the next run wants a fresh server */
    char **versions;  /* [cells]: what "version" printed; NULL not asked yet */
    GArray **rates;   /* [cells] of double: complete runs, for until_ci */
} Executor;

static const WbSuiteCell *cell_at(const Executor *ex, int cell)
{
    return g_ptr_array_index(ex->suite->cells, (guint)cell);
}

static char *cell_name(const WbSuiteCell *cell)
{
    GString *name = g_string_new(NULL);

    for (size_t i = 0; i < wb_labels_count(cell->labels); i++) {
        const WbLabel *label = wb_labels_at(cell->labels, i);

        g_string_append_printf(name, "%s%s=%s", i ? " " : "", label->key, label->value);
    }
    return g_string_free(name, FALSE);
}

G_GNUC_PRINTF(2, 3)
static void say(const Executor *ex, const char *format, ...)
{
    va_list arguments;

    if (ex->quiet)
        return;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fflush(stderr);
}

/* ---- the server ----------------------------------------------------------------------------- */

/* A server that cannot be stopped is told and stands in the record; the suite goes on. */
static bool stop_server(Executor *ex, GError **error)
{
    g_autoptr(GError) why = NULL;
    const char *note;
    bool ok = true;

    if (!ex->server)
        return true;
    if (!wb_server_stop(ex->server, &why))
        say(ex, "  %s\n", why->message);
    note = wb_server_stop_note(ex->server);
    if (note)
        ok = wb_store_add_server_stop(ex->store, ex->starts, wb_server_stop_forced(ex->server),
                                      note, error);
    g_clear_pointer(&ex->server, wb_server_free);
    return ok;
}

static bool wants_fresh(const Executor *ex, int cell)
{
    return !ex->server || ex->server_cell != cell || ex->suite->restart == WB_RESTART_ALWAYS ||
           (ex->suite->restart == WB_RESTART_DRAIN && ex->fresh_next) ||
           !wb_server_is_alive(ex->server, NULL);
}

/* The server of the cell, ready: the one that runs, or a fresh one; else *out_why.
 * Errors: those of the store. */
static bool have_server(Executor *ex, int cell, GError **out_why, GError **error)
{
    if (!wants_fresh(ex, cell))
        return true;
    if (!stop_server(ex, error))
        return false;
    ex->fresh_next = false;
    ex->server = wb_server_start(&cell_at(ex, cell)->server, wb_interrupt_flag(), out_why);
    ex->server_cell = cell;
    ex->untried = true;
    ex->starts++;
    return true;
}

/* First line of what the target's version command prints, asked once a cell. */
static const char *version_of(Executor *ex, int cell)
{
    const WbSuiteServer *spec = &cell_at(ex, cell)->server;
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;

    if (ex->versions[cell] || !spec->version)
        return ex->versions[cell];
    if (g_spawn_sync(spec->directory, spec->version, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                     &err, NULL, NULL)) {
        /* Some programs print their version to stderr. */
        char *line = g_strstrip(*g_strstrip(out) ? out : err);

        line[strcspn(line, "\r\n")] = '\0';
        ex->versions[cell] = g_strndup(line, 200);
    } else {
        ex->versions[cell] = g_strdup("not known");
    }
    return ex->versions[cell];
}

/* ---- one run -------------------------------------------------------------------------------- */

/* The facts of the plan and the server, the same for good runs and failed ones. */
static void fill_plan(Executor *ex, const WbSuiteStep *step, WbRun *run)
{
    run->round = step->round;
    run->run_no = step->round;
    run->order_no = step->order;
    run->server_version = version_of(ex, step->cell);
    run->server_start = ex->starts;
    if (ex->server) {
        run->server_command = wb_server_command(ex->server);
        run->server_ready_ns = wb_server_ready_ns(ex->server);
        run->server_autogroup = wb_server_autogroup(ex->server);
    }
}

/* A run that never began, because its server was not ready. */
static bool store_not_begun(Executor *ex, const WbSuiteStep *step, const char *why, GError **error)
{
    const WbSuiteCell *cell = cell_at(ex, step->cell);
    g_autofree char *command = cell->server.start ? g_strjoinv(" ", cell->server.start) : NULL;
    WbRun run;

    wb_run_init(&run);
    fill_plan(ex, step, &run);
    run.status = "failed";
    run.failure = why;
    run.url = cell->server.url;
    run.tool = cell->load.engine == WB_ENGINE_WRK ? "wrk" : "wrkbook";
    run.server_command = command;
    run.threads = cell->load.threads;
    run.connections = cell->load.connections;
    run.asked_duration_ns = cell->load.duration_ns;
    run.timeout_ns = cell->load.timeout_ns;
    ex->outcome->failed++;
    say(ex, "  failed: %s\n", why);
    return wb_store_add_run(ex->store, &run, cell->labels, NULL, error);
}

/* Waits until the server is idle; past the limit the next run gets a fresh one. */
static void drain(Executor *ex, const WbSuiteCell *cell, WbRun *run)
{
    if (!cell->server.start || ex->suite->restart == WB_RESTART_NEVER)
        return;
    run->drained = wb_server_drain(ex->server, cell->server.drain_within_ns, &run->drain_ns,
                                   &run->drain_cpu_ns);
    if (!run->drained)
        ex->fresh_next = true;
}

/* Whether the server still works off what an earlier run left. A fresh one is given time instead to
 * end what it does after it said that it is ready: workers that still load, a first collection. */
static bool is_busy(Executor *ex)
{
    int64_t ns;
    int64_t cpu_ns;
    bool untried = ex->untried;

    ex->untried = false;
    if (untried) {
        wb_server_drain(ex->server, SETTLE_NS, &ns, &cpu_ns);
        return false;
    }
    return !wb_server_drain(ex->server, ONE_LOOK_NS, &ns, &cpu_ns);
}

static void note_end(Executor *ex, WbRun *run, char **out_end, char **out_output)
{
    if (wb_server_is_alive(ex->server, out_end))
        return;
    *out_output = wb_server_output(ex->server, OUTPUT_LINES);
    run->server_end = *out_end ? *out_end : "ended";
    run->server_output = *out_output;
    run->failure = "the server ended during the run";
    run->status = "failed";
    ex->fresh_next = true;
}

static bool has_process(const GArray *processes, const char *moment, const WbProcessRecord *p)
{
    for (guint i = 0; i < processes->len; i++) {
        const WbProcessRecord *x = &g_array_index(processes, WbProcessRecord, i);

        if (strcmp(x->moment, moment) == 0 && x->pid == p->pid && x->start_ticks == p->start_ticks)
            return true;
    }
    return false;
}

static bool lost_process(const GArray *processes)
{
    for (guint i = 0; i < processes->len; i++) {
        const WbProcessRecord *p = &g_array_index(processes, WbProcessRecord, i);

        if (strcmp(p->moment, "before") == 0 && !has_process(processes, "after", p))
            return true;
    }
    return false;
}

/* A living server's last lines, where something went wrong: only they tell why a worker was killed
 * or connections were not accepted. */
static void note_trouble(Executor *ex, const WbSuiteLoaded *loaded, WbRun *run, char **out_output)
{
    bool starved =
        run->connections_answered != WB_NONE && run->connections_answered < run->connections;

    if (run->server_end ||
        !(starved || wb_run_has_socket_errors(run) || lost_process(loaded->processes)))
        return;
    *out_output = wb_server_output(ex->server, TROUBLE_LINES);
    run->server_output = *out_output;
}

static void tell_run(Executor *ex, const WbRun *run)
{
    double rate = isnan(run->requests_per_s) ? 0 : run->requests_per_s;
    g_autofree char *text = wb_units_format_scaled(rate, wb_units_prefix(rate, 2), 2);

    if (strcmp(run->status, "failed") == 0)
        say(ex, "  failed: %s%s%s\n", run->failure, run->server_end ? ", " : "",
            run->server_end ? run->server_end : "");
    else
        say(ex, "  %s requests/s%s%s\n", text,
            wb_run_has_socket_errors(run) ? ", with socket errors" : "",
            strcmp(run->status, "partial") == 0 ? " (stopped early: partial)" : "");
}

static void count_run(Executor *ex, int cell, const WbRun *run)
{
    if (strcmp(run->status, "failed") == 0) {
        ex->outcome->failed++;
    } else if (strcmp(run->status, "complete") == 0) {
        ex->outcome->complete++;
        g_array_append_val(ex->rates[cell], run->requests_per_s);
    }
}

/* Loads the ready server once and stores what came of it. */
static bool load_once(Executor *ex, const WbSuiteStep *step, GError **error)
{
    const WbSuiteCell *cell = cell_at(ex, step->cell);
    g_autoptr(WbSuiteLoaded) loaded = NULL;
    g_autofree char *end = NULL;
    g_autofree char *output = NULL;
    g_autoptr(GError) why = NULL;
    bool busy = cell->server.start && is_busy(ex);
    WbRun *run;

    loaded = wb_suite_load_once(cell, ex->server, &why);
    if (!loaded)
        return store_not_begun(ex, step, why->message, error);
    run = &loaded->run;
    fill_plan(ex, step, run);
    run->busy_before = cell->server.start ? busy : WB_NONE;
    run->canary_per_s = ex->suite->canary ? wb_canary_rate() : NAN;
    note_end(ex, run, &end, &output);
    note_trouble(ex, loaded, run, &output);
    if (!run->server_end)
        drain(ex, cell, run);
    if (!wb_suite_loaded_save(loaded, ex->store, cell->labels, error))
        return false;
    tell_run(ex, run);
    count_run(ex, step->cell, run);
    return true;
}

static bool make_run(Executor *ex, const WbSuiteStep *step, GError **error)
{
    const WbSuiteCell *cell = cell_at(ex, step->cell);
    g_autofree char *name = cell_name(cell);
    g_autoptr(GError) why = NULL;

    say(ex, "[%d/%d] %s, run %d\n", step->order + 1, ex->outcome->planned, name, step->round);
    wb_cooldown_wait(ex->suite->cooldown_ns, wb_interrupt_flag());
    if (wb_interrupt_signal())
        return true;
    if (!have_server(ex, step->cell, &why, error))
        return false;
    if (ex->server)
        return load_once(ex, step, error);
    return wb_interrupt_signal() || store_not_begun(ex, step, why->message, error);
}

/* ---- the suite ------------------------------------------------------------------------------ */

/* Numbers the cells in the file's order, then declares what the file skips, once a campaign. */
static bool add_cells(Executor *ex, bool resumed, GError **error)
{
    for (guint i = 0; i < ex->suite->cells->len; i++)
        if (!wb_store_add_case(ex->store, cell_at(ex, (int)i)->labels, error))
            return false;
    for (guint i = 0; !resumed && i < ex->suite->skips->len; i++) {
        const WbSuiteSkip *skip = g_ptr_array_index(ex->suite->skips, i);
        WbPublished published;

        wb_published_init(&published);
        published.state = WB_STATE_NA;
        published.because = skip->because;
        if (!wb_store_add_published(ex->store, &published, skip->labels, error))
            return false;
    }
    return true;
}

/* Whether this step has nothing to do: made before, or the cell is known well enough. */
static bool is_done(Executor *ex, const WbSuiteStep *step, bool *out_done, GError **error)
{
    const WbSuiteCell *cell = cell_at(ex, step->cell);
    GArray *rates = ex->rates[step->cell];
    double rate;

    if (!wb_store_find_round(ex->store, cell->labels, step->round, out_done, &rate, error))
        return false;
    if (*out_done) {
        ex->outcome->known++;
        if (!isnan(rate))
            g_array_append_val(rates, rate);
    } else if (step->round > cell->load.runs_min && cell->load.until_ci > 0 &&
               wb_until_ci_reached((const double *)(const void *)rates->data, rates->len,
                                   cell->load.until_ci)) {
        ex->outcome->spared++;
        *out_done = true;
    }
    return true;
}

static bool run_steps(Executor *ex, const GArray *steps, GError **error)
{
    for (guint i = 0; i < steps->len && !wb_interrupt_signal(); i++) {
        const WbSuiteStep *step = &g_array_index(steps, WbSuiteStep, i);
        bool done;

        if (!is_done(ex, step, &done, error) || (!done && !make_run(ex, step, error)))
            return false;
    }
    return true;
}

bool wb_suite_run(WbStore *store, const WbSuite *suite, bool resumed, bool quiet,
                  WbSuiteOutcome *outcome, GError **error)
{
    g_autoptr(GArray) steps = wb_suite_steps(suite);
    guint cells = suite->cells->len;
    Executor ex = {.store = store,
                   .suite = suite,
                   .outcome = outcome,
                   .quiet = quiet,
                   .versions = g_new0(char *, cells + 1),
                   .rates = g_new0(GArray *, cells + 1)};
    bool ok;

    *outcome = (WbSuiteOutcome){.planned = (int)steps->len};
    for (guint i = 0; i < cells; i++)
        ex.rates[i] = g_array_new(FALSE, FALSE, sizeof(double));
    ok = wb_store_last_server_start(store, &ex.starts, error) && add_cells(&ex, resumed, error) &&
         run_steps(&ex, steps, error);
    ok = stop_server(&ex, ok ? error : NULL) && ok;
    outcome->stopped = wb_interrupt_signal() != 0;
    for (guint i = 0; i < cells; i++) {
        g_array_unref(ex.rates[i]);
        g_free(ex.versions[i]);
    }
    g_free(ex.rates);
    g_free(ex.versions);
    return ok;
}
