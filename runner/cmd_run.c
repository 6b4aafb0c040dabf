/*
 * `wrkbook run`: load one URL, as wrk does, and store every run.
 *
 * Each run is stored as soon as it is over, in one transaction, so that whatever ends the program
 * costs at most the run that was under way. Ctrl-C stores that one too, as partial.
 */
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>

#include "runner/checks.h"
#include "runner/commands.h"
#include "runner/host.h"
#include "runner/interrupt.h"
#include "runner/plan.h"
#include "runner/progress.h"
#include "runner/record.h"
#include "schema/store.h"

#define RUN_ERROR (g_quark_from_static_string("wb_cmd_run_error"))
enum { RUN_ERROR_ENGINE };

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
    const char *remedy = g_strerror(-code);

    for (size_t i = 0; i < G_N_ELEMENTS(remedies); i++)
        if (remedies[i].code == code)
            remedy = remedies[i].remedy;
    g_set_error(error, RUN_ERROR, RUN_ERROR_ENGINE, "the load cannot begin: %s", remedy);
    return false;
}

static char *json_list(char *const *sentences)
{
    cJSON *list = cJSON_CreateArray();
    char *printed;
    char *text;

    for (size_t i = 0; sentences[i]; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(sentences[i]));
    printed = cJSON_PrintUnformatted(list);
    text = g_strdup(printed);
    cJSON_free(printed);
    cJSON_Delete(list);
    return text;
}

/* Makes a result into a stored run and, unless told to be quiet, into text. */
static bool keep(WbStore *store, const WbPlan *plan, const WbLoadResult *result,
                 const WbHostCounters *before, int number, GError **error)
{
    WbHostCounters after = wb_kernel_host_counters();
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *started_at = NULL;
    g_autofree char *warnings_text = NULL;
    g_auto(GStrv) warnings = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    WbRun run;

    wb_record_fill(&run, &plan->load, result, plan->target->url, &started_at);
    run.run_uuid = uuid;
    run.command = plan->command;
    warnings = wb_checks_warnings(&run, result, before, &after);
    warnings_text = json_list(warnings);
    run.warnings = warnings_text;
    if (!wb_record_save(store, &run, plan->labels, result, NULL, error))
        return false;
    if (!plan->quiet) {
        plan->format->append(text, &(WbOutcome){&run, &plan->load, result, plan->labels, warnings,
                                                number, plan->runs});
        fputs(text->str, stdout);
        fflush(stdout);
    }
    return true;
}

static bool run_once(WbStore *store, const WbPlan *plan, WbProgressLine *line, int number,
                     GError **error)
{
    WbHostCounters before = wb_kernel_host_counters();
    WbLoadResult *result = NULL;
    bool kept;
    int code;

    wb_progress_begin(line, number);
    code = wb_engine_run(&plan->load, wb_interrupt_flag(), wb_progress_show, line, &result);
    wb_progress_end(line);
    if (code < 0)
        return engine_error(code, error);
    kept = keep(store, plan, result, &before, number, error);
    wb_engine_result_free(result);
    return kept;
}

static bool add_campaign(WbStore *store, const WbPlan *plan, GError **error)
{
    WbCampaign campaign = {.kind = g_strdup("run"),
                           .name = g_strdup(plan->campaign),
                           .command = g_strdup(plan->command),
                           .host = wb_host_facts()};
    bool ok = wb_store_add_campaign(store, &campaign, error);

    wb_campaign_clear(&campaign);
    return ok;
}

int wb_cmd_run(int argc, char **argv, GError **error)
{
    g_autoptr(WbPlan) plan = wb_plan_parse(argc, argv, error);
    g_autoptr(WbStore) store = NULL;
    WbProgressLine line;

    if (!plan)
        return 2;
    if (plan->version) {
        puts("wrkbook " WB_VERSION);
        return 0;
    }
    store = wb_store_open(plan->db, error);
    if (!store || !add_campaign(store, plan, error))
        return 2;
    wb_interrupt_install();
    wb_progress_init(&line, plan->quiet, plan->runs, plan->load.duration_ns);
    for (int i = 1; i <= plan->runs && !wb_interrupt_signal(); i++)
        if (!run_once(store, plan, &line, i, error))
            return 2;
    if (!plan->quiet)
        fprintf(stderr, "stored in %s\n", wb_store_path(store));
    return wb_interrupt_signal() ? 128 + wb_interrupt_signal() : 0;
}
