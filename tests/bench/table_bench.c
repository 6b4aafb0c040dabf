/*
 * Speed of tables: a grid of 1,000 x 100 cells, some with errors, some with findings, some that do
 * not exist, in every format, long and wide, also with two figures a cell and means. Each must take
 * less than a second; beside it stands what it took to summarise and lay out the cases.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "analyze/query.h"
#include "report/formats.h"

#define ROWS       1000
#define COLUMNS    100
#define RUNS       2 /* of each case */
#define LIMIT_S    1.0
#define ERRORS_AT  50 /* every so many-th case has errors, and a finding */
#define MISSING_AT 41 /* ... is declared not to exist */

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void free_case(void *data)
{
    WbCase *of_case = data;

    wb_labels_free(of_case->labels);
    g_free(of_case);
}

static WbCase *case_new(size_t i)
{
    WbCase *of_case = g_new0(WbCase, 1);
    g_autofree char *server = g_strdup_printf("server-%zu", i / COLUMNS);
    g_autofree char *framework = g_strdup_printf("framework_%zu", i % COLUMNS);

    of_case->id = (int64_t)i + 1;
    of_case->labels = wb_labels_new();
    wb_labels_set(of_case->labels, "server", server);
    wb_labels_set(of_case->labels, "framework", framework);
    return of_case;
}

static void add_runs(WbRunSet *set, const WbCase *of_case, size_t i)
{
    for (size_t r = 0; r < RUNS; r++) {
        WbRun run;

        wb_run_init(&run);
        run.of_case = of_case;
        run.run_id = (int64_t)set->runs->len + 1;
        run.run_no = (int64_t)r + 1;
        run.status = "complete";
        run.requests_per_s = 1000 + (double)(i * 7919 % 99991) + 0.25 * (double)r;
        run.elapsed_ns = INT64_C(10000000000);
        run.requests = (int64_t)(run.requests_per_s * 10);
        run.errors_connect = run.errors_write = run.errors_timeout = run.errors_status = 0;
        run.errors_read = i % ERRORS_AT == 0 ? 3 : 0;
        g_array_append_val(set->runs, run);
    }
}

static WbRunSet *make_set(void)
{
    WbRunSet *set = g_new0(WbRunSet, 1);

    set->cases = g_ptr_array_new_with_free_func(free_case);
    set->runs = g_array_new(FALSE, FALSE, sizeof(WbRun));
    set->published = g_array_new(FALSE, FALSE, sizeof(WbPublished));
    set->text = g_string_chunk_new(64);
    for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++) {
        WbCase *of_case = case_new(i);
        WbPublished missing;

        g_ptr_array_add(set->cases, of_case);
        if (i % MISSING_AT != 0) {
            add_runs(set, of_case, i);
            continue;
        }
        wb_published_init(&missing);
        missing.of_case = of_case;
        missing.state = WB_STATE_NA;
        g_array_append_val(set->published, missing);
    }
    return set;
}

static void free_finding(void *data)
{
    WbCaseFinding *item = data;

    g_array_unref(item->runs);
    g_free(item);
}

static WbCaseFindings *make_findings(const WbRunSet *set)
{
    static const char *const names[] = {"silent close", "late replies", "refused connections"};
    WbCaseFindings *findings = g_new0(WbCaseFindings, 1);

    findings->items = g_ptr_array_new_with_free_func(free_finding);
    findings->text = g_string_chunk_new(64);
    for (guint i = 0; i < set->cases->len; i += ERRORS_AT) {
        WbCaseFinding *item = g_new0(WbCaseFinding, 1);

        item->of_case = g_ptr_array_index(set->cases, i);
        item->finding = names[i / ERRORS_AT % G_N_ELEMENTS(names)];
        item->runs = g_array_new(FALSE, FALSE, sizeof(WbRunFinding));
        g_ptr_array_add(findings->items, item);
    }
    return findings;
}

/* Renders once; false if it cannot. */
static bool time_format(const WbFormat *format, WbReport *report, const char *what, double analysed)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GPtrArray) unsaid = g_ptr_array_new_with_free_func(g_free);
    double begin = cpu_seconds(), took;

    report->unsaid = unsaid;
    if (!format->render(report, out, NULL))
        return false;
    took = cpu_seconds() - begin;
    printf("  %-9s %-22s %6.3f s CPU, %5.1f MB, %4.2f of analyze%s\n", format->choice.name, what,
           took, (double)out->len / 1e6, took / analysed, took < LIMIT_S ? "" : ": TOO SLOW");
    return true;
}

int main(void)
{
    g_autoptr(GPtrArray) one = wb_measures_parse("best", NULL);
    g_autoptr(GPtrArray) two = wb_measures_parse("median,range", NULL);
    WbQuery query = {.set = make_set()};
    g_autoptr(WbGrid) grid = NULL;
    double begin = cpu_seconds(), analysed;
    WbChoices formats = wb_formats();
    bool done = true;

    query.summary = wb_summary_new(NULL, query.set, NULL, NULL);
    grid = wb_query_grid(&query, NULL);
    analysed = cpu_seconds() - begin;
    query.findings = make_findings(query.set);
    printf(
        "a grid of %d x %d cells, each format wanted below %.0f s; summary and grid %.3f s CPU\n",
        ROWS, COLUMNS, LIMIT_S, analysed);
    for (size_t i = 0; i < formats.n; i++) {
        const WbFormat *format = wb_choice_at(formats, i);
        WbReport report = {.query = &query, .grid = grid, .measures = one};

        done &= time_format(format, &report, "best", analysed);
        report.measures = two;
        report.means = report.wide = true;
        done &= time_format(format, &report, "median,range, means", analysed);
    }
    g_clear_pointer(&grid, wb_grid_free);
    wb_query_clear(&query);
    return done ? 0 : 1;
}
