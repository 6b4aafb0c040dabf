/*
 * How often the statistics are wrong, by simulation: campaigns without any difference, in which
 * rank must not tell cases apart, compare must not find a change, and intervals must hold the truth
 * as often as they claim; and campaigns with a true change, which compare must find.
 *
 * Noise is multiplicative: normal, heavy-tailed (t with 3 degrees of freedom), normal and rounded
 * to three digits as printed figures are, and drawn from the runs of a real campaign. Each trial
 * has a stream of numbers of its own, so that the rates depend on the seed and not on the cores.
 */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/bootstrap.h"
#include "analyze/compare.h"
#include "analyze/csv_rows.h"
#include "analyze/distributions.h"
#include "analyze/rank.h"
#include "analyze/rank_sum.h"
#include "analyze/sample.h"
#include "analyze/stats.h"

#define SEED         UINT64_C(20180605)
#define CAMPAIGNS    10000 /* of rank */
#define RANK_CASES   10
#define RANK_PAIRS   45.0 /* RANK_CASES x (RANK_CASES - 1) / 2 */
#define COMPARISONS  2000
#define COMPARE_MOST 30 /* cases */
#define RUNS         6
#define CV           0.03 /* of simulated noise */
#define LEVEL        19000.0
#define REAL         "tests/data/campaigns/python_hello.csv"

/* ---- noise ---------------------------------------------------------------------------------- */

typedef enum { NORMAL, HEAVY, ROUNDED, CAMPAIGN, NOISES } Noise;
static const char *const names[] = {"normal", "heavy tails", "rounded", "real runs"};

static double *real; /* ln(run / mean of its case), of REAL */
static size_t real_n;
static double real_median; /* of exp(real) */
static double deviation[] = {CV, CV, CV, 0};

static bool load_real(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(WbCsvRows) csv = wb_csv_rows_read(REAL, &error);
    g_autofree double *factors = NULL;
    size_t from = 0;

    if (!csv) {
        fprintf(stderr, "%s\n", error->message);
        return false;
    }
    real_n = wb_csv_rows_count(csv);
    real = g_new(double, real_n);
    for (size_t i = 0; i < real_n; i++)
        real[i] = log(g_ascii_strtod(wb_csv_rows_cell(csv, i, 3), NULL));
    for (size_t i = 1; i <= real_n; i++) {
        double mean;

        /* run 1 begins a case */
        if (i < real_n && strcmp(wb_csv_rows_cell(csv, i, 2), "1") != 0)
            continue;
        mean = wb_stats_mean(real + from, i - from);
        for (; from < i; from++)
            real[from] -= mean;
    }
    factors = g_memdup2(real, real_n * sizeof *real);
    deviation[CAMPAIGN] = sqrt(wb_stats_variance(real, real_n));
    wb_stats_sort(factors, real_n);
    real_median = exp(wb_stats_median(factors, real_n));
    return true;
}

static double normal(uint64_t *state)
{
    return wb_dist_qnorm(((double)(wb_splitmix_next(state) >> 11) + 0.5) * 0x1p-53);
}

static double draw(Noise noise, uint64_t *state)
{
    double z, squares = 0;

    if (noise == CAMPAIGN)
        return LEVEL * exp(real[wb_splitmix_below(state, real_n)]);
    z = normal(state);
    if (noise == HEAVY) {
        for (int i = 0; i < 3; i++) {
            double x = normal(state);

            squares += x * x;
        }
        z /= sqrt(squares); /* t(3) / sqrt(3): deviation 1 */
    }
    z = LEVEL * exp(CV * z);
    return noise == ROUNDED ? round(z / 100) * 100 : z;
}

static double half_of(Noise noise)
{
    return noise == ROUNDED ? 50 : 0;
}

static double true_median(Noise noise)
{
    return LEVEL * (noise == CAMPAIGN ? real_median : 1);
}

/* ---- many trials, on all cores -------------------------------------------------------------- */

#define COUNTS 4

typedef struct Trials {
    Noise noise;
    size_t cases, changed; /* of compare */
    size_t n;
    void (*one)(const struct Trials *trials, WbSampleSpace *space, uint64_t state, int64_t *counts);
    int next; /* atomic */
    GMutex lock;
    int64_t counts[COUNTS];
} Trials;

static void *work(void *data)
{
    Trials *trials = data;
    g_autoptr(WbSampleSpace) space = wb_sample_space_new();
    int64_t counts[COUNTS] = {0};

    for (;;) {
        uint64_t i = (uint64_t)g_atomic_int_add(&trials->next, 1);
        uint64_t state = SEED + i;

        if (i >= trials->n)
            break;
        state = wb_splitmix_next(&state); /* neighbours must not share a stream */
        trials->one(trials, space, state, counts);
    }
    g_mutex_lock(&trials->lock);
    for (size_t c = 0; c < COUNTS; c++)
        trials->counts[c] += counts[c];
    g_mutex_unlock(&trials->lock);
    return NULL;
}

static void run_trials(Trials *trials)
{
    guint cores = g_get_num_processors();
    g_autofree GThread **threads = g_new(GThread *, cores);

    g_mutex_init(&trials->lock);
    for (guint i = 0; i < cores; i++)
        threads[i] = g_thread_new("trials", work, trials);
    for (guint i = 0; i < cores; i++)
        g_thread_join(threads[i]);
    g_mutex_clear(&trials->lock);
}

/* ---- rank ----------------------------------------------------------------------------------- */

enum { ANY_BY_TEST, ANY_DIFFERENT, MEDIANS_HELD, RATIOS_HELD };

static void count_intervals(const Trials *trials, WbSampleSpace *space, const double *values,
                            int64_t *counts)
{
    const WbSampleOptions options = WB_SAMPLE_OPTIONS_DEFAULT;
    double truth = true_median(trials->noise);

    for (size_t c = 0; c < RANK_CASES; c++) {
        WbSample sample = {.values = values + c * RUNS, .n = RUNS, .half = half_of(trials->noise)};
        WbSampleFigures got;

        wb_sample_describe(&sample, &options, space, &got);
        counts[MEDIANS_HELD] += got.median_ci_lo <= truth && truth <= got.median_ci_hi;
        wb_sample_figures_clear(&got);
    }
}

static void rank_once(const Trials *trials, WbSampleSpace *space, uint64_t state, int64_t *counts)
{
    const WbRankOptions options = {0, false};
    double values[RANK_CASES * RUNS];
    WbRankCase cases[RANK_CASES];
    g_autoptr(WbRanking) ranking = NULL;
    bool by_test = false, different = false;

    for (size_t i = 0; i < RANK_CASES * RUNS; i++)
        values[i] = draw(trials->noise, &state);
    for (size_t c = 0; c < RANK_CASES; c++)
        cases[c] = (WbRankCase){
            .name = "", .values = values + c * RUNS, .n = RUNS, .half = half_of(trials->noise)};
    ranking = wb_rank(cases, RANK_CASES, &options);
    for (size_t i = 0; i < ranking->pairs_n; i++) {
        const WbRankPair *pair = &ranking->pairs[i];

        by_test |= pair->different;
        different |= pair->different && fabs(log(pair->ratio)) >= log1p(WB_RANK_TIE_MARGIN);
        counts[RATIOS_HELD] += pair->ratio_lo <= 1 && 1 <= pair->ratio_hi;
    }
    counts[ANY_BY_TEST] += by_test;
    counts[ANY_DIFFERENT] += different;
    count_intervals(trials, space, values, counts);
}

static void print_rank(void)
{
    WbRankSumSpace *space = wb_rank_sum_space_new();
    double median_conf, ratio_conf;

    wb_stats_median_rank(RUNS, &median_conf);
    wb_rank_sum_limits(space, RUNS, RUNS, &ratio_conf);
    wb_rank_sum_space_free(space);
    printf("rank: %d campaigns of %d equal cases x %d runs; share with any case told apart\n"
           "(stated: at most %.0f %%), and how often intervals hold the truth (claimed: median "
           "%.2f %%,\nratio of two cases %.2f %%)\n\n"
           "  noise          told apart   by the test alone   median held   ratio held\n",
           CAMPAIGNS, RANK_CASES, RUNS, 100 * WB_TWO_SAMPLES_LEVEL, 100 * median_conf,
           100 * ratio_conf);
    for (size_t noise = 0; noise < NOISES; noise++) {
        Trials trials = {.noise = (Noise)noise, .n = CAMPAIGNS, .one = rank_once};

        run_trials(&trials);
        printf("  %-12s %10.2f %% %17.2f %% %12.2f %% %10.2f %%\n", names[noise],
               100.0 * (double)trials.counts[ANY_DIFFERENT] / CAMPAIGNS,
               100.0 * (double)trials.counts[ANY_BY_TEST] / CAMPAIGNS,
               100.0 * (double)trials.counts[MEDIANS_HELD] / (CAMPAIGNS * RANK_CASES),
               100.0 * (double)trials.counts[RATIOS_HELD] / (CAMPAIGNS * RANK_PAIRS));
    }
}

/* ---- compare -------------------------------------------------------------------------------- */

enum { ANY_CHANGE, FOUND, CHANGED };

/* The first `changed` cases are slower in B, by three times the deviation of the noise. */
static void compare_once(const Trials *trials, WbSampleSpace *space, uint64_t state,
                         int64_t *counts)
{
    const WbCompareOptions options = {.min_effect = WB_MIN_EFFECT_DEFAULT};
    double values[2 * COMPARE_MOST * RUNS];
    WbComparedCase cases[COMPARE_MOST] = {0};
    WbCompareTogether together;
    double shift = exp(-3 * deviation[trials->noise]);

    (void)space;
    for (size_t c = 0; c < trials->cases; c++) {
        double *a = values + 2 * c * RUNS, *b = a + RUNS;

        for (size_t i = 0; i < RUNS; i++) {
            a[i] = draw(trials->noise, &state);
            b[i] = draw(trials->noise, &state) * (c < trials->changed ? shift : 1);
        }
        cases[c].samples = (WbTwoSamples){.a = a,
                                          .a_n = RUNS,
                                          .a_half = half_of(trials->noise),
                                          .b = b,
                                          .b_n = RUNS,
                                          .b_half = half_of(trials->noise)};
    }
    wb_compare_judge(cases, trials->cases, &options, &together);
    counts[ANY_CHANGE] += together.n_faster + together.n_slower > 0;
    for (size_t c = 0; c < trials->changed; c++)
        counts[FOUND] += !strcmp(cases[c].verdict, WB_VERDICT_SLOWER);
    counts[CHANGED] += (int64_t)trials->changed;
}

static double rate_of(Noise noise, size_t cases, size_t changed)
{
    Trials trials = {
        .noise = noise, .cases = cases, .changed = changed, .n = COMPARISONS, .one = compare_once};

    run_trials(&trials);
    if (changed == 0)
        return 100.0 * (double)trials.counts[ANY_CHANGE] / COMPARISONS;
    return 100.0 * (double)trials.counts[FOUND] / (double)trials.counts[CHANGED];
}

static void print_compare(void)
{
    printf("\ncompare: %d comparisons x %d runs a side; A/A with %d cases: share that shows any "
           "change\n(wanted: at most 5 %%); of cases slower by 3 x cv: share found (wanted: at "
           "least 95 %%)\n\n"
           "  noise           A/A   1 of 1 found   all 30 found   3 of 30 found\n",
           COMPARISONS, RUNS, COMPARE_MOST);
    for (size_t noise = 0; noise < NOISES; noise++)
        printf("  %-12s %4.2f %% %12.1f %% %12.1f %% %13.1f %%\n", names[noise],
               rate_of((Noise)noise, COMPARE_MOST, 0), rate_of((Noise)noise, 1, 1),
               rate_of((Noise)noise, COMPARE_MOST, COMPARE_MOST),
               rate_of((Noise)noise, COMPARE_MOST, 3));
}

int main(void)
{
    gint64 begin = g_get_monotonic_time();

    if (!load_real())
        return 1;
    print_rank();
    print_compare();
    printf("\nreal runs: %d of " REAL ", cv %.0f %%; seed %d; %.1f s\n", (int)real_n,
           100 * deviation[CAMPAIGN], (int)SEED, (double)(g_get_monotonic_time() - begin) * 1e-6);
    g_free(real);
    return 0;
}
