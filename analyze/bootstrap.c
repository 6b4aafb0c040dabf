/*
 * Bootstrap. A resample of a sorted sample is a multiset of ranks; its median is the value at one
 * rank, or the mean of those at two. Which ones these are depends on the size of the sample alone:
 * they are drawn once a size and serve all cases.
 */
#include "analyze/bootstrap.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "analyze/distributions.h"
#include "analyze/select.h"

#define Z975 1.9599639845400545 /* qnorm(0.975) */
#define SAME 1e-12              /* relative: a resample's figure equals the estimate */

typedef struct {
    uint32_t lower, upper;
} Middle;

struct WbBootstrapSpace {
    GHashTable *middles[2]; /* by stream: size -> Middle[WB_BOOTSTRAP_RESAMPLES] */
    double *ratios;
};

uint64_t wb_splitmix_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

size_t wb_splitmix_below(uint64_t *state, size_t n)
{
    uint64_t x = wb_splitmix_next(state);
    /* n fits 32 bits, so two halves do without 128 bits. */
    uint64_t high = (x >> 32) * n, low = (x & UINT32_MAX) * n;

    return (size_t)((high + (low >> 32)) >> 32);
}

WbBootstrapSpace *wb_bootstrap_space_new(void)
{
    WbBootstrapSpace *space = g_new0(WbBootstrapSpace, 1);

    for (int i = 0; i < 2; i++)
        space->middles[i] = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    space->ratios = g_new(double, WB_BOOTSTRAP_RESAMPLES);
    return space;
}

void wb_bootstrap_space_free(WbBootstrapSpace *space)
{
    if (!space)
        return;
    for (int i = 0; i < 2; i++)
        g_hash_table_unref(space->middles[i]);
    g_free(space->ratios);
    g_free(space);
}

/* The ranks at the middle of a resample, from how often each was drawn. */
static Middle find_middle(const uint32_t *drawn, size_t n)
{
    Middle out = {0};
    size_t seen = 0, rank = 0;

    for (; seen + drawn[rank] <= (n - 1) / 2; rank++)
        seen += drawn[rank];
    out.lower = (uint32_t)rank;
    for (; seen + drawn[rank] <= n / 2; rank++)
        seen += drawn[rank];
    out.upper = (uint32_t)rank;
    return out;
}

static const Middle *middles_of(WbBootstrapSpace *space, int stream, size_t n)
{
    Middle *middles = g_hash_table_lookup(space->middles[stream], GSIZE_TO_POINTER(n));
    uint64_t state = WB_BOOTSTRAP_SEED + (uint64_t)stream;
    g_autofree uint32_t *drawn = NULL;

    if (middles)
        return middles;
    middles = g_new(Middle, WB_BOOTSTRAP_RESAMPLES);
    drawn = g_new(uint32_t, n);
    for (int i = 0; i < WB_BOOTSTRAP_RESAMPLES; i++) {
        memset(drawn, 0, n * sizeof *drawn);
        for (size_t draw = 0; draw < n; draw++)
            drawn[wb_splitmix_below(&state, n)]++;
        middles[i] = find_middle(drawn, n);
    }
    g_hash_table_insert(space->middles[stream], GSIZE_TO_POINTER(n), middles);
    return middles;
}

static double median_at(const double *sorted, Middle middle)
{
    return 0.5 * (sorted[middle.lower] + sorted[middle.upper]);
}

WbInterval wb_bootstrap_median_ratio(WbBootstrapSpace *space, const double *a, size_t a_n,
                                     const double *b, size_t b_n)
{
    const Middle *of_a = middles_of(space, 0, a_n);
    const Middle *of_b = middles_of(space, 1, b_n);
    WbInterval out;

    for (int i = 0; i < WB_BOOTSTRAP_RESAMPLES; i++)
        space->ratios[i] = median_at(b, of_b[i]) / median_at(a, of_a[i]);
    out.lo = wb_select_quantile(space->ratios, WB_BOOTSTRAP_RESAMPLES, 0.025);
    out.hi = wb_select_quantile(space->ratios, WB_BOOTSTRAP_RESAMPLES, 0.975);
    return out;
}

/* ---- BCa ---------------------------------------------------------------------------------- */

typedef struct {
    double mean, cv;
} Moments;

static Moments moments_of(const double *values, size_t n)
{
    double mean = wb_stats_mean(values, n);

    return (Moments){mean, sqrt(wb_stats_variance(values, n)) / mean};
}

/* One figure with its resamples and leave-one-out values: [resamples], [n]. */
typedef struct {
    double estimate;
    double *resampled;
    double *left_out;
} Figure;

static void resample(const double *sorted, size_t n, Figure *mean, Figure *cv)
{
    g_autofree double *values = g_new(double, n);
    uint64_t state = WB_BOOTSTRAP_SEED;

    for (int i = 0; i < WB_BOOTSTRAP_RESAMPLES; i++) {
        Moments m;

        for (size_t draw = 0; draw < n; draw++)
            values[draw] = sorted[wb_splitmix_below(&state, n)];
        m = moments_of(values, n);
        mean->resampled[i] = m.mean;
        cv->resampled[i] = m.cv;
    }
}

static void leave_out(const double *sorted, size_t n, Figure *mean, Figure *cv)
{
    g_autofree double *values = g_memdup2(sorted + 1, (n - 1) * sizeof *values);

    for (size_t i = 0; i < n; i++) {
        Moments m = moments_of(values, n - 1);

        mean->left_out[i] = m.mean;
        cv->left_out[i] = m.cv;
        if (i + 1 < n)
            values[i] = sorted[i];
    }
}

/* Share of the resamples below the estimate, equal ones half. */
static double share_below(const Figure *f)
{
    double tolerance = SAME * fabs(f->estimate), below = 0;

    for (int i = 0; i < WB_BOOTSTRAP_RESAMPLES; i++) {
        double d = f->resampled[i] - f->estimate;

        below += d < -tolerance ? 1 : d <= tolerance ? 0.5 : 0;
    }
    return below / WB_BOOTSTRAP_RESAMPLES;
}

static double acceleration(const Figure *f, size_t n)
{
    double mean = wb_stats_mean(f->left_out, n), squares = 0, cubes = 0;

    for (size_t i = 0; i < n; i++) {
        double d = mean - f->left_out[i];

        squares += d * d;
        cubes += d * d * d;
    }
    return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

static double corrected(double z0, double a, double z)
{
    return wb_dist_pnorm(z0 + (z0 + z) / (1 - a * (z0 + z)));
}

static WbInterval interval_of(const Figure *f, size_t n)
{
    double share = share_below(f), lo = 0.025, hi = 0.975;
    WbInterval out;

    if (share > 0 && share < 1) {
        double z0 = wb_dist_qnorm(share), a = acceleration(f, n);

        lo = corrected(z0, a, -Z975);
        hi = corrected(z0, a, Z975);
    }
    out.lo = wb_select_quantile(f->resampled, WB_BOOTSTRAP_RESAMPLES, lo);
    out.hi = wb_select_quantile(f->resampled, WB_BOOTSTRAP_RESAMPLES, hi);
    return out;
}

WbBootstrapBca wb_bootstrap_bca(const double *sorted, size_t n)
{
    g_autofree double *room = g_new(double, 2 * (WB_BOOTSTRAP_RESAMPLES + n));
    Moments m = moments_of(sorted, n);
    Figure mean = {m.mean, room, room + 2 * WB_BOOTSTRAP_RESAMPLES};
    Figure cv = {m.cv, room + WB_BOOTSTRAP_RESAMPLES, room + 2 * WB_BOOTSTRAP_RESAMPLES + n};

    resample(sorted, n, &mean, &cv);
    leave_out(sorted, n, &mean, &cv);
    return (WbBootstrapBca){interval_of(&mean, n), interval_of(&cv, n)};
}
