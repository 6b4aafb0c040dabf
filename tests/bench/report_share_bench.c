/*
 * Where a report over a million runs spends its time: 1,000,000 runs in 10,000 cases, stored by the
 * store itself; `table` and `summary` then read, compute, lay out and render them. The share of
 * rendering is what counts (CPU time within one run); it should be the least part.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <time.h>

#include "report/formats.h"
#include "report/summary_text.h"

#define RUNS    1000000
#define CASES   10000
#define COLUMNS 100

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool add_run(WbStore *store, size_t i, GError **error)
{
    g_autoptr(WbLabels) labels = wb_labels_new();
    g_autofree char *server = g_strdup_printf("server-%zu", i % CASES / COLUMNS);
    g_autofree char *framework = g_strdup_printf("framework_%zu", i % COLUMNS);
    WbRun run;

    wb_run_init(&run);
    wb_labels_set(labels, "server", server);
    wb_labels_set(labels, "framework", framework);
    run.tool = "wrk";
    run.status = "complete";
    run.threads = 1;
    run.connections = 200;
    run.asked_duration_ns = run.elapsed_ns = INT64_C(10000000000);
    run.requests = 190000 + (int64_t)(i * 7919 % 9973);
    run.requests_per_s = (double)run.requests / 10;
    run.errors_connect = run.errors_write = run.errors_timeout = run.errors_status = 0;
    run.errors_read = i % 99991 == 0;
    return wb_store_add_run(store, &run, labels, NULL, error);
}

static bool fill(const char *path, GError **error)
{
    g_autoptr(WbStore) store = wb_store_open(path, error);
    WbCampaign campaign = {.kind = g_strdup("import")};
    bool done =
        store && wb_store_add_campaign(store, &campaign, error) && wb_store_begin(store, error);

    for (size_t i = 0; done && i < RUNS; i++)
        done = add_run(store, i, error);
    wb_campaign_clear(&campaign);
    return done && wb_store_commit(store, error);
}

/* `table` with one figure a cell, or `summary`; as the verbs do it. */
static bool time_report(const char *path, bool summary, GError **error)
{
    g_autoptr(GPtrArray) measures = wb_measures_parse("median", NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(WbGrid) grid = NULL;
    g_auto(WbQuery) query = {.db = g_strdup(path)};
    WbReport report = {.query = &query, .measures = measures};
    double begin = cpu_seconds(), loaded, done;

    if (!wb_query_load(&query, NULL, error) || !wb_query_load_findings(&query, error))
        return false;
    grid = wb_query_grid(&query, error);
    loaded = cpu_seconds();
    report.grid = grid;
    if (!grid)
        return false;
    if (summary)
        wb_summary_text_append(&query, grid, &(WbSummaryTextOptions){0}, out);
    else if (!wb_render_text(&report, out, error))
        return false;
    done = cpu_seconds();
    printf(
        "  %-8s %6.2f s CPU to read, compute and lay out, %5.2f s to render %4.1f MB: %4.1f %%\n",
        summary ? "summary" : "table", loaded - begin, done - loaded, (double)out->len / 1e6,
        100 * (done - loaded) / (done - begin));
    return true;
}

int main(void)
{
    g_autofree char *dir = g_dir_make_tmp("wrkbook-bench-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "runs.db", NULL);
    g_autoptr(GError) error = NULL;
    bool done = fill(path, &error);

    printf("a report over %d runs in %d cases, share of rendering:\n", RUNS, CASES);
    done = done && time_report(path, false, &error) && time_report(path, true, &error);
    if (!done)
        fprintf(stderr, "report_share_bench: %s\n", error->message);
    g_unlink(path);
    g_rmdir(dir);
    return done ? 0 : 1;
}
