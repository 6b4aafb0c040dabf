/*
 * Speed of summaries: 1 000 000 runs in 10 000 cases, sections 2 and 5 of STATISTICS (centre,
 * spread, intervals, outliers, stability), in CPU time and beside a plain qsort of the same values
 * case by case, which any median needs at least. Then the whole of wb_summary_new, grouping,
 * errors and windows included, from records in memory.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyze/sample.h"
#include "analyze/stats.h"
#include "analyze/summary.h"

#define RUNS  1000000
#define CASES 10000
#define TRIES 3      /* the best of them counts */
#define WHOLE 200000 /* runs of the second part: a WbRun is large */

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double *make_values(size_t n)
{
    GRand *rand = g_rand_new_with_seed(20180605);
    double *values = g_new(double, n);

    for (size_t i = 0; i < n; i++)
        values[i] = 19000 + 600 * (g_rand_double(rand) + g_rand_double(rand) - 1);
    g_rand_free(rand);
    return values;
}

static double time_sorting(const double *values)
{
    const size_t n = RUNS / CASES;
    double *copy = g_new(double, n);
    double begin = cpu_seconds();

    for (size_t c = 0; c < CASES; c++) {
        memcpy(copy, values + c * n, n * sizeof *copy);
        wb_stats_sort(copy, n);
    }
    g_free(copy);
    return cpu_seconds() - begin;
}

static double time_describing(const double *values, double *out_sum)
{
    const size_t n = RUNS / CASES;
    const WbSampleOptions options = WB_SAMPLE_OPTIONS_DEFAULT;
    double begin = cpu_seconds();
    WbSampleSpace *space = wb_sample_space_new();

    for (size_t c = 0; c < CASES; c++) {
        const WbSample sample = {.values = values + c * n, .n = n};
        WbSampleFigures figures;

        wb_sample_describe(&sample, &options, space, &figures);
        *out_sum += figures.median + figures.madn;
        wb_sample_figures_clear(&figures);
    }
    wb_sample_space_free(space);
    return cpu_seconds() - begin;
}

static void free_case(void *data)
{
    WbCase *of_case = data;

    wb_labels_free(of_case->labels);
    g_free(of_case);
}

/* Runs as a database gives them: the cases in turn. */
static WbRunSet *make_set(const double *values)
{
    WbRunSet *set = g_new0(WbRunSet, 1);

    set->cases = g_ptr_array_new_with_free_func(free_case);
    set->runs = g_array_sized_new(FALSE, FALSE, sizeof(WbRun), WHOLE);
    set->published = g_array_new(FALSE, FALSE, sizeof(WbPublished));
    set->text = g_string_chunk_new(64);
    for (size_t c = 0; c < CASES; c++) {
        WbCase *of_case = g_new0(WbCase, 1);

        of_case->id = (int64_t)c;
        of_case->labels = wb_labels_new();
        g_ptr_array_add(set->cases, of_case);
    }
    for (size_t i = 0; i < WHOLE; i++) {
        WbRun run;

        wb_run_init(&run);
        run.of_case = g_ptr_array_index(set->cases, i % CASES);
        run.run_id = (int64_t)i;
        run.run_no = (int64_t)(i / CASES) + 1;
        run.status = "complete";
        run.requests_per_s = values[i];
        run.elapsed_ns = INT64_C(10000000000);
        run.requests = (int64_t)(values[i] * 10);
        run.errors_connect = run.errors_read = run.errors_write = run.errors_timeout = 0;
        run.errors_status = 0;
        g_array_append_val(set->runs, run);
    }
    return set;
}

static double time_whole(const WbRunSet *set)
{
    double begin = cpu_seconds();

    wb_summary_free(wb_summary_new(NULL, set, NULL, NULL));
    return cpu_seconds() - begin;
}

int main(void)
{
    double *values = make_values(RUNS);
    double sorting = 1e9, describing = 1e9, whole = 1e9, sum = 0;
    WbRunSet *set = make_set(values);

    for (int i = 0; i < TRIES; i++) {
        sorting = MIN(sorting, time_sorting(values));
        describing = MIN(describing, time_describing(values, &sum));
        whole = MIN(whole, time_whole(set));
    }
    printf("sections 2 and 5, %d runs in %d cases: %.3f s CPU (wanted: 0.25)\n", RUNS, CASES,
           describing);
    printf("  qsort of the same values alone:          %.3f s, ratio %.2f\n", sorting,
           describing / sorting);
    printf("whole summary, %d runs in %d cases:   %.3f s CPU, %.0f ns a run\n", WHOLE, CASES, whole,
           whole / WHOLE * 1e9);
    wb_run_set_free(set);
    g_free(values);
    return sum > 0 ? 0 : 1;
}
