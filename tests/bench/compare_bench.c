/*
 * Speed of two samples: 10 000 common cases x 50 runs a side: test, ratio and interval, then the
 * bootstrap of the ratio of medians besides; and one case of 100 000 runs a side.
 *
 *   compare_bench               prints the times
 *   compare_bench --write DIR   writes the figures for compare_peers: values.csv, and a.txt and
 *                               b.txt as Go benchmarks
 */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "analyze/bootstrap.h"
#include "analyze/compare.h"
#include "analyze/distributions.h"

#define SEED       UINT64_C(20180605)
#define CASES      10000
#define RUNS       50
#define RUNS_LARGE 100000 /* runs a side of the one large case */
#define TRIES      3      /* the best of them counts */

typedef struct {
    double wall, cpu;
} Times;

static double seconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double draw(uint64_t *state)
{
    double u = ((double)(wb_splitmix_next(state) >> 11) + 0.5) * 0x1p-53;

    return 19000 * exp(0.03 * wb_dist_qnorm(u));
}

/* Case by case A, then B; every tenth case is 5 % slower in B. */
static double *make_values(size_t cases, size_t runs)
{
    double *values = g_new(double, 2 * cases * runs);
    uint64_t state = SEED;

    for (size_t c = 0; c < cases; c++)
        for (size_t i = 0; i < 2 * runs; i++)
            values[2 * c * runs + i] = draw(&state) * (i >= runs && c % 10 == 0 ? 0.95 : 1);
    return values;
}

static Times judge(const double *values, size_t cases_n, size_t runs, bool bootstrap,
                   WbCompareTogether *together)
{
    const WbCompareOptions options = {.min_effect = WB_MIN_EFFECT_DEFAULT, .bootstrap = bootstrap};
    Times best = {1e9, 1e9};

    for (int i = 0; i < TRIES; i++) {
        g_autofree WbComparedCase *cases = g_new0(WbComparedCase, cases_n);
        double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);

        for (size_t c = 0; c < cases_n; c++)
            cases[c].samples = (WbTwoSamples){.a = values + 2 * c * runs,
                                              .a_n = runs,
                                              .b = values + (2 * c + 1) * runs,
                                              .b_n = runs};
        wb_compare_judge(cases, cases_n, &options, together);
        best.wall = MIN(best.wall, seconds(CLOCK_MONOTONIC) - wall);
        best.cpu = MIN(best.cpu, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    }
    return best;
}

static int write_go(const char *dir, const char *name, const double *values, size_t side)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    FILE *file = fopen(path, "w");

    if (!file)
        return -1;
    fputs("Unit requests/s better=higher\n", file);
    for (size_t c = 0; c < CASES; c++)
        for (size_t i = 0; i < RUNS; i++)
            fprintf(file, "BenchmarkCase%05d 1 %.17g requests/s\n", (int)c,
                    values[(2 * c + side) * RUNS + i]);
    return fclose(file);
}

static int write_csv(const char *dir, const double *values)
{
    g_autofree char *path = g_build_filename(dir, "values.csv", NULL);
    FILE *file = fopen(path, "w");

    if (!file)
        return -1;
    fputs("db,case,value\n", file);
    for (size_t i = 0; i < (size_t)2 * CASES * RUNS; i++)
        fprintf(file, "%c,%d,%.17g\n", "AB"[i / RUNS % 2], (int)(i / RUNS / 2), values[i]);
    return fclose(file);
}

int main(int argc, char **argv)
{
    g_autofree double *values = make_values(CASES, RUNS);
    g_autofree double *large = NULL;
    WbCompareTogether together;
    Times plain, bootstrap, one;

    if (argc == 3 && !strcmp(argv[1], "--write"))
        return write_go(argv[2], "a.txt", values, 0) || write_go(argv[2], "b.txt", values, 1) ||
               write_csv(argv[2], values);
    large = make_values(1, RUNS_LARGE);
    plain = judge(values, CASES, RUNS, false, &together);
    bootstrap = judge(values, CASES, RUNS, true, &together);
    printf("%d cases x %d runs a side, on all cores (in CPU seconds):\n"
           "  test, ratio, interval, verdict: %.2f s (%.2f); wanted: 1\n"
           "  with 10 000 resamples a case:   %.2f s (%.2f); wanted: 5\n"
           "  said to be slower: %d (true: %d), faster: %d (true: 0)\n",
           CASES, RUNS, plain.wall, plain.cpu, bootstrap.wall, bootstrap.cpu,
           (int)together.n_slower, CASES / 10, (int)together.n_faster);
    one = judge(large, 1, RUNS_LARGE, false, &together);
    printf("one case x %d runs a side:       %.2f s (%.2f); wanted: 1\n", RUNS_LARGE, one.wall,
           one.cpu);
    return 0;
}
