/*
 * `wrkbook suite`: a campaign from a suite file. The whole file is checked before anything starts;
 * every run is stored as soon as it is over; what a kill leaves is finished by --resume.
 */
#include <stdio.h>
#include <string.h>

#include "runner/commands.h"
#include "runner/host.h"
#include "runner/interrupt.h"
#include "runner/server.h"
#include "runner/suite.h"
#include "runner/suite_run.h"
#include "schema/store.h"
#include "schema/units.h"

#define SUITE_CMD_ERROR (g_quark_from_static_string("wb_cmd_suite_error"))

typedef struct {
    char *db;
    char *cells;
    char *duration;
    char *campaign;
    char **only;
    char **rest;
    int runs;
    gint64 seed;
    gboolean dry_run, resume, canary, quiet;
} Options;

static void clear_options(Options *o)
{
    g_free(o->db);
    g_free(o->cells);
    g_free(o->duration);
    g_free(o->campaign);
    g_strfreev(o->only);
    g_strfreev(o->rest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static const char examples[] =
    "Ends with 0 if every run was made, 1 if one failed (the others are made and stored all\n"
    "the same), 2 if the file is wrong, 128 + N after a signal (go on with --resume).\n"
    "\n"
    "Examples:\n"
    "  wrkbook suite samples/python/hello.json --dry-run\n"
    "  wrkbook suite samples/python/hello.json --db hello.db\n"
    "  wrkbook suite samples/python/hello.json --db hello.db --resume\n"
    "  wrkbook suite samples/python/hello.json --only server=gunicorn --runs 3 --duration 3s";

static bool parse_options(Options *o, int *argc, char ***argv, GError **error)
{
    GOptionEntry entries[] = {
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &o->dry_run, "Print the plan and start nothing", NULL},
        {"resume", 0, 0, G_OPTION_ARG_NONE, &o->resume,
         "Go on with the newest unfinished campaign of this suite", NULL},
        {"only", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->only, "Only these cells (repeatable)",
         "KEY=VALUE[,VALUE]"},
        {"cells", 0, 0, G_OPTION_ARG_FILENAME, &o->cells,
         "Only the cells of this JSON list of labels", "FILE"},
        {"runs", 0, 0, G_OPTION_ARG_INT, &o->runs, "Runs a cell, instead of the file's", "N"},
        {"duration", 0, 0, G_OPTION_ARG_STRING, &o->duration, "Instead of the file's", "T"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &o->seed, "Seed of the order of runs", "N"},
        {"canary", 0, 0, G_OPTION_ARG_NONE, &o->canary,
         "Measure the host's own speed before each run", NULL},
        {"campaign", 0, 0, G_OPTION_ARG_STRING, &o->campaign, "Name of this campaign", "NAME"},
        wb_store_db_option(&o->db),
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "No progress", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->rest, NULL, "FILE"},
        {NULL},
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("- start servers, load them in turn, store every run");

    o->seed = -1;
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, examples);
    if (!g_option_context_parse(context, argc, argv, error))
        return false;
    if (o->rest && o->rest[0] && !o->rest[1] && o->runs >= 0)
        return true;
    g_set_error(error, SUITE_CMD_ERROR, 0, "%s; see `wrkbook suite --help`",
                o->runs < 0 ? "--runs: must be above 0" : "name one suite file");
    return false;
}

static WbSuite *load_suite(const Options *o, GError **error)
{
    WbSuiteChanges changes = {
        .only = o->only, .cells_file = o->cells, .runs = o->runs, .seed = o->seed};
    g_autoptr(WbSuite) suite = NULL;

    if (o->duration && !wb_units_parse_duration(o->duration, &changes.duration_ns, error)) {
        g_prefix_error(error, "--duration: ");
        return NULL;
    }
    suite = wb_suite_load(o->rest[0], error);
    if (!suite || !wb_suite_change(suite, &changes, error))
        return NULL;
    suite->canary |= o->canary;
    return g_steal_pointer(&suite);
}

/* The campaign to go on with, or a new one. */
static bool have_campaign(WbStore *store, const Options *o, WbSuite *suite, char *const *argv,
                          GError **error)
{
    g_autofree char *plan = wb_suite_plan_text(suite);
    g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, plan, -1);
    g_autoptr(GArray) steps = NULL;
    WbCampaign campaign = {0};
    bool ok;

    if (o->resume)
        return wb_store_resume_campaign(store, sha256, &suite->seed, error);
    steps = wb_suite_steps(suite);
    campaign = (WbCampaign){
        .kind = g_strdup("suite"),
        .name = g_strdup(o->campaign ? o->campaign : suite->name),
        .command = g_strjoinv(" ", (char **)(uintptr_t)argv),
        .host = wb_host_facts(),
        .suite = g_strdup(suite->text),
        .run_order = g_strdup(suite->order == WB_ORDER_GROUPED ? "grouped" : "interleaved"),
        .plan_sha256 = g_steal_pointer(&sha256),
        .seed = suite->seed,
        .planned_runs = steps->len,
    };
    ok = wb_store_add_campaign(store, &campaign, error);
    wb_campaign_clear(&campaign);
    return ok;
}

static int tell(const WbStore *store, const Options *o, const WbSuiteOutcome *outcome)
{
    if (!o->quiet) {
        fprintf(stderr, "%d of %d runs made, %d failed", outcome->complete + outcome->failed,
                outcome->planned, outcome->failed);
        if (outcome->known)
            fprintf(stderr, ", %d made before", outcome->known);
        if (outcome->spared)
            fprintf(stderr, ", %d not needed", outcome->spared);
        fprintf(stderr, "; in %s\n", wb_store_path(store));
        if (outcome->stopped)
            fprintf(stderr, "go on with: wrkbook suite %s --db %s --resume\n", o->rest[0],
                    wb_store_path(store));
    }
    if (outcome->stopped)
        return 128 + wb_interrupt_signal();
    return outcome->failed > 0;
}

int wb_cmd_suite(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    g_auto(GStrv) words = g_strdupv(argv);
    g_autoptr(WbSuite) suite = NULL;
    g_autoptr(WbStore) store = NULL;
    WbSuiteOutcome outcome;

    if (!parse_options(&options, &argc, &argv, error) || !(suite = load_suite(&options, error)))
        return 2;
    if (options.dry_run) {
        g_autofree char *plan = wb_suite_describe(suite);

        fputs(plan, stdout);
        return 0;
    }
    store = wb_store_open(options.db, error);
    if (!store || !have_campaign(store, &options, suite, words, error))
        return 2;
    wb_interrupt_install();
    {
        g_autofree char *mark = g_canonicalize_filename(wb_store_path(store), NULL);

        wb_server_set_mark(mark);
        if (wb_server_clean_up(mark) > 0 && !options.quiet)
            fputs("ended servers that an earlier, killed suite had left\n", stderr);
    }
    if (!wb_suite_run(store, suite, options.resume, options.quiet, &outcome, error) ||
        (!outcome.stopped && !wb_store_end_campaign(store, error)))
        return 2;
    return tell(store, &options, &outcome);
}
