/*
 * Two samples. Both are sorted once, and their logarithms are in the same order; test, estimates
 * and intervals are then merges and selections, never a list of all differences.
 */
#include "analyze/two_samples.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "analyze/bootstrap.h"
#include "analyze/distributions.h"
#include "analyze/rank_sum.h"
#include "analyze/select.h"
#include "analyze/signed_rank.h"
#include "analyze/stats.h"

#define POWER       0.8
#define RUNS_LEAST  4
#define RUNS_MOST   1000
#define PAIRS_LEAST 6 /* 2 / 2^6 <= 0.05 */
#define PI          3.14159265358979323846

/* clang-format off: one figure a line */
#define OF(member) offsetof(WbTwoSamplesFigures, member)
#define REAL(member)                                                                               \
    {                                                                                              \
#member, WB_FIGURE_REAL, false, OF(member)                                                 \
    }
#define UNIT(member)                                                                               \
    {                                                                                              \
#member, WB_FIGURE_REAL, true, OF(member)                                                  \
    }
#define INT(member)                                                                                \
    {                                                                                              \
#member, WB_FIGURE_INT, false, OF(member)                                                  \
    }
#define WORD(member)                                                                               \
    {                                                                                              \
#member, WB_FIGURE_WORD, false, OF(member)                                                 \
    }
static const WbFigure figures[] = {
    INT(n_a),
    INT(n_b),
    UNIT(median_a),
    UNIT(median_b),
    UNIT(best_a),
    UNIT(best_b),
    REAL(delta_median_pct),
    INT(n_pairs),
    REAL(u),
    REAL(v),
    REAL(p),
    WORD(p_method),
    REAL(prob_superior),
    UNIT(shift),
    UNIT(shift_lo),
    UNIT(shift_hi),
    REAL(ratio),
    REAL(ratio_lo),
    REAL(ratio_hi),
    REAL(ratio_conf),
    REAL(mde_ratio),
    INT(runs_needed_compare),
    REAL(median_ratio_boot_lo),
    REAL(median_ratio_boot_hi),
};
/* clang-format on */

const WbFigure *wb_two_samples_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

struct WbTwoSamplesSpace {
    WbRankSumSpace *rank_sum;
    WbBootstrapSpace *bootstrap;
    WbSelectSpace select;
    double *values; /* room for the four samples below */
    size_t size;
    double factors[RUNS_MOST + 1]; /* by runs a side: of s, in the smallest effect; 0: not known */
};

WbTwoSamplesSpace *wb_two_samples_space_new(void)
{
    WbTwoSamplesSpace *space = g_new0(WbTwoSamplesSpace, 1);

    space->rank_sum = wb_rank_sum_space_new();
    space->bootstrap = wb_bootstrap_space_new();
    return space;
}

void wb_two_samples_space_free(WbTwoSamplesSpace *space)
{
    if (!space)
        return;
    wb_rank_sum_space_free(space->rank_sum);
    wb_bootstrap_space_free(space->bootstrap);
    wb_select_space_clear(&space->select);
    g_free(space->values);
    g_free(space);
}

/* One side at work: sorted as it came, snapped to the grid, and the logarithms of both. */
typedef struct {
    size_t n;
    double half, median;
    double *raw, *snapped, *raw_log, *log; /* [n] rising; the same array where nothing is snapped */
    bool positive;
} Side;

/* Half away from zero: equal figures that were rounded differently must tie. */
static void snap(double *values, size_t n, double grid)
{
    for (size_t i = 0; i < n; i++)
        values[i] = copysign(floor(fabs(values[i]) / grid + 0.5), values[i]) * grid;
}

static void take_logs(const double *values, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = log(values[i]);
}

/* Fills a side; uses 4 n doubles of room. */
static void prepare(Side *side, const double *values, size_t n, double half, double grid,
                    double *room)
{
    *side = (Side){.n = n, .half = half, .raw = room, .snapped = room};
    if (n > 0)
        memcpy(side->raw, values, n * sizeof *values);
    wb_stats_sort(side->raw, n);
    side->median = wb_stats_median(side->raw, n);
    side->raw_log = side->log = room + 2 * n;
    if (grid > 0) {
        side->snapped = room + n;
        memcpy(side->snapped, side->raw, n * sizeof *values);
        snap(side->snapped, n, grid);
        side->log = room + 3 * n;
    }
    side->positive = n > 0 && side->raw[0] > 0 && side->snapped[0] > 0;
    if (!side->positive)
        return;
    take_logs(side->raw, n, side->raw_log);
    if (grid > 0)
        take_logs(side->snapped, n, side->log);
}

typedef struct {
    double estimate, lo, hi, conf;
} Shift;

/* Hodges & Lehmann's estimate of b - a, with the limits. */
static Shift shift_between(WbTwoSamplesSpace *space, const double *a, size_t a_n, const double *b,
                           size_t b_n)
{
    int64_t all = (int64_t)a_n * (int64_t)b_n;
    int64_t k[4] = {(all + 1) / 2};
    double found[G_N_ELEMENTS(k)];
    Shift out = {.lo = NAN, .hi = NAN, .conf = NAN};
    size_t n = 1, middle;

    if (all % 2 == 0)
        k[n++] = all / 2 + 1;
    middle = n;
    if (MIN(a_n, b_n) >= 2) {
        k[n++] = wb_rank_sum_limits(space->rank_sum, a_n, b_n, &out.conf);
        k[n++] = all + 1 - k[middle];
    }
    wb_select_differences(a, a_n, b, b_n, k, n, found, &space->select);
    out.estimate = (found[0] + found[middle - 1]) / 2;
    if (n > middle) {
        out.lo = found[middle];
        out.hi = found[middle + 1];
    }
    return out;
}

/* ---- advice --------------------------------------------------------------------------------- */

/* What the deviation of ln x is multiplied by. */
static double effect_factor(double a_n, double b_n)
{
    double v = a_n + b_n - 2;

    return (wb_dist_qt(1 - WB_TWO_SAMPLES_LEVEL / 2, v) + wb_dist_qt(POWER, v)) *
           sqrt((1 / a_n + 1 / b_n) * PI / 3);
}

static double factor_of_runs(WbTwoSamplesSpace *space, size_t n)
{
    if (space->factors[n] == 0)
        space->factors[n] = effect_factor((double)n, (double)n);
    return space->factors[n];
}

/* The factor falls with n: bisect for the fewest runs. */
static int64_t runs_needed(WbTwoSamplesSpace *space, double s, double effect)
{
    size_t lo = RUNS_LEAST, hi = RUNS_MOST;

    if (factor_of_runs(space, hi) * s > effect)
        return WB_NONE;
    while (lo < hi) {
        size_t middle = (lo + hi) / 2;

        if (factor_of_runs(space, middle) * s <= effect)
            hi = middle;
        else
            lo = middle + 1;
    }
    return (int64_t)lo;
}

/* Pooled deviation of ln x, at least that of the rounding. */
static double pooled_deviation(const Side *a, const Side *b)
{
    double squares = (double)(a->n - 1) * wb_stats_variance(a->raw_log, a->n) +
                     (double)(b->n - 1) * wb_stats_variance(b->raw_log, b->n);

    return fmax(sqrt(squares / (double)(a->n + b->n - 2)),
                fmax(a->half / a->median, b->half / b->median) / sqrt(3));
}

static void advise(WbTwoSamplesSpace *space, const Side *a, const Side *b, double min_effect,
                   WbTwoSamplesFigures *out)
{
    double s;

    if (a->n < 2 || b->n < 2)
        return;
    s = pooled_deviation(a, b);
    out->mde_ratio =
        exp((a->n == b->n && a->n <= RUNS_MOST ? factor_of_runs(space, a->n)
                                               : effect_factor((double)a->n, (double)b->n)) *
            s);
    out->runs_needed_compare = runs_needed(space, s, log1p(min_effect));
}

/* As effect_factor, of so many rounds, for the deviation of ln (b / a): what both have in common is
 * in neither. */
static double factor_of_rounds(size_t n)
{
    double v = (double)n - 1;

    return (wb_dist_qt(1 - WB_TWO_SAMPLES_LEVEL / 2, v) + wb_dist_qt(POWER, v)) *
           sqrt(PI / (3 * (double)n));
}

/* logs: [n] ln (b / a) of the rounds. */
static void advise_pairs(const double *logs, size_t n, double min_effect, WbTwoSamplesFigures *out)
{
    double s = n < 2 ? (double)NAN : sqrt(wb_stats_variance(logs, n));
    size_t rounds = PAIRS_LEAST;

    if (isnan(s))
        return;
    out->mde_ratio = exp(factor_of_rounds(n) * s);
    while (rounds <= RUNS_MOST && factor_of_rounds(rounds) * s > log1p(min_effect))
        rounds++;
    out->runs_needed_compare = rounds <= RUNS_MOST ? (int64_t)rounds : WB_NONE;
}

/* ---- describing ----------------------------------------------------------------------------- */

static void describe_shift(WbTwoSamplesSpace *space, const Side *a, const Side *b,
                           WbTwoSamplesFigures *out)
{
    Shift shift = shift_between(space, a->snapped, a->n, b->snapped, b->n);
    double reach = a->half + b->half;

    out->shift = shift.estimate;
    out->shift_lo = shift.lo - reach;
    out->shift_hi = shift.hi + reach;
    out->ratio_conf = shift.conf;
}

static void describe_ratio(WbTwoSamplesSpace *space, const Side *a, const Side *b,
                           WbTwoSamplesFigures *out)
{
    Shift shift = shift_between(space, a->log, a->n, b->log, b->n);
    double reach = a->half / a->median + b->half / b->median;

    out->ratio = exp(shift.estimate);
    out->ratio_lo = exp(shift.lo - reach);
    out->ratio_hi = exp(shift.hi + reach);
}

static void describe_pairs(const WbTwoSamples *in, const WbTwoSamplesOptions *options,
                           WbTwoSamplesFigures *out)
{
    size_t n = in->a_n;
    g_autofree double *logs = g_new(double, n);
    WbSignedRank test;
    WbSignedRankShift shift;

    for (size_t i = 0; i < n; i++)
        logs[i] = log(in->b[i] / in->a[i]);
    test = wb_signed_rank_test(logs, n);
    shift = wb_signed_rank_shift(logs, n);
    out->n_pairs = (int64_t)n;
    out->v = test.v;
    out->p = test.p;
    out->p_method = test.method;
    out->ratio = exp(shift.estimate);
    out->ratio_lo = exp(shift.lo);
    out->ratio_hi = exp(shift.hi);
    out->ratio_conf = shift.conf;
    if (!options->no_advice)
        advise_pairs(logs, n, options->min_effect, out);
}

static void describe_unpaired(WbTwoSamplesSpace *space, const Side *a, const Side *b,
                              WbTwoSamplesFigures *out)
{
    WbRankSum test = wb_rank_sum_test(space->rank_sum, a->snapped, a->n, b->snapped, b->n);

    out->u = test.u;
    out->p = test.p;
    out->p_method = test.method;
    out->prob_superior = test.u / ((double)a->n * (double)b->n);
    describe_shift(space, a, b, out);
    if (a->positive && b->positive)
        describe_ratio(space, a, b, out);
}

static WbTwoSamplesFigures nothing(const WbTwoSamples *in)
{
    return (WbTwoSamplesFigures){.n_a = (int64_t)in->a_n,
                                 .n_b = (int64_t)in->b_n,
                                 .median_a = NAN,
                                 .median_b = NAN,
                                 .best_a = NAN,
                                 .best_b = NAN,
                                 .delta_median_pct = NAN,
                                 .n_pairs = WB_NONE,
                                 .u = NAN,
                                 .v = NAN,
                                 .p = NAN,
                                 .prob_superior = NAN,
                                 .shift = NAN,
                                 .shift_lo = NAN,
                                 .shift_hi = NAN,
                                 .ratio = NAN,
                                 .ratio_lo = NAN,
                                 .ratio_hi = NAN,
                                 .ratio_conf = NAN,
                                 .mde_ratio = NAN,
                                 .runs_needed_compare = WB_NONE,
                                 .median_ratio_boot_lo = NAN,
                                 .median_ratio_boot_hi = NAN};
}

static void describe_centre(const Side *a, const Side *b, WbTwoSamplesFigures *out)
{
    out->median_a = a->median;
    out->median_b = b->median;
    if (a->n > 0)
        out->best_a = a->raw[a->n - 1];
    if (b->n > 0)
        out->best_b = b->raw[b->n - 1];
    if (a->median != 0)
        out->delta_median_pct = 100 * (b->median / a->median - 1);
}

void wb_two_samples_describe(const WbTwoSamples *samples, const WbTwoSamplesOptions *options,
                             WbTwoSamplesSpace *space, WbTwoSamplesFigures *out)
{
    size_t room = 4 * (samples->a_n + samples->b_n);
    double grid = samples->paired ? 0 : 2 * fmax(samples->a_half, samples->b_half);
    Side a, b;

    *out = nothing(samples);
    if (space->size < room) {
        g_free(space->values);
        space->values = g_new(double, room);
        space->size = room;
    }
    prepare(&a, samples->a, samples->a_n, samples->a_half, grid, space->values);
    prepare(&b, samples->b, samples->b_n, samples->b_half, grid, space->values + 4 * a.n);
    describe_centre(&a, &b, out);
    if (a.n == 0 || b.n == 0)
        return;
    if (samples->paired)
        describe_pairs(samples, options, out);
    else
        describe_unpaired(space, &a, &b, out);
    if (!a.positive || !b.positive)
        return;
    if (!options->no_advice && !samples->paired)
        advise(space, &a, &b, options->min_effect, out);
    if (options->bootstrap && MIN(a.n, b.n) >= 2) {
        WbInterval boot =
            wb_bootstrap_median_ratio(space->bootstrap, a.snapped, a.n, b.snapped, b.n);

        out->median_ratio_boot_lo = boot.lo;
        out->median_ratio_boot_hi = boot.hi;
    }
}

bool wb_two_samples_can_show(size_t a_n, size_t b_n, bool paired)
{
    return paired ? a_n >= PAIRS_LEAST : wb_rank_sum_least_p(a_n, b_n) <= WB_TWO_SAMPLES_LEVEL;
}
