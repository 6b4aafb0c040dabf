/*
 * Sample: the values are sorted once into the space's buffer; every figure that needs order reads
 * that buffer, every figure that needs run numbers reads the sample.
 */
#include "analyze/sample.h"

#include <math.h>
#include <string.h>

#include "analyze/bootstrap.h"
#include "analyze/distributions.h"
#include "analyze/stats.h"

#define REMEMBERED       1001 /* quantiles are remembered for n below this; also runs_needed's end */
#define MEAN_DISTANCE_SD 1.2533141373155001 /* sqrt(pi/2): mean distance to standard deviation */

struct WbSampleSpace {
    GArray *sorted;                 /* of double */
    double t975[REMEMBERED];        /* [df] qt(0.975, df); 0: not computed yet */
    size_t median_rank[REMEMBERED]; /* [n]; 0: not computed yet */
    double median_conf[REMEMBERED];
};

#define FIGURE(kind, unit, member)                                                                 \
    {                                                                                              \
#member, WB_FIGURE_##kind, unit, offsetof(WbSampleFigures, member)                         \
    }

static const WbFigure figures[] = {
    FIGURE(INT, false, runs),
    FIGURE(INT, false, best_run_no),
    FIGURE(REAL, true, best),
    FIGURE(REAL, true, worst),
    FIGURE(REAL, true, mean),
    FIGURE(REAL, true, median),
    FIGURE(REAL, true, q1),
    FIGURE(REAL, true, q3),
    FIGURE(REAL, true, stdev),
    FIGURE(REAL, false, cv),
    FIGURE(REAL, true, madn),
    FIGURE(REAL, false, range_share),
    FIGURE(REAL, true, best_of_k),
    FIGURE(INT, false, best_k),
    FIGURE(REAL, true, half),
    FIGURE(REAL, true, mean_ci_lo),
    FIGURE(REAL, true, mean_ci_hi),
    FIGURE(REAL, true, median_ci_lo),
    FIGURE(REAL, true, median_ci_hi),
    FIGURE(REAL, false, median_ci_conf),
    FIGURE(REAL, true, mean_bca_lo),
    FIGURE(REAL, true, mean_bca_hi),
    FIGURE(REAL, false, cv_bca_lo),
    FIGURE(REAL, false, cv_bca_hi),
    FIGURE(INT, false, runs_needed),
    FIGURE(INT, false, outliers_n),
    FIGURE(BOOL, false, mode_split),
    FIGURE(BOOL, false, first_run_outlier),
    FIGURE(REAL, true, median_without_outliers),
    FIGURE(REAL, true, mean_without_outliers),
    FIGURE(REAL, true, stdev_without_outliers),
    FIGURE(REAL, false, cv_without_outliers),
    FIGURE(WORD, false, stability),
};

const WbFigure *wb_sample_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

void wb_sample_figures_clear(WbSampleFigures *out)
{
    g_clear_pointer(&out->outliers, g_free);
}

WbSampleSpace *wb_sample_space_new(void)
{
    WbSampleSpace *space = g_new0(WbSampleSpace, 1);

    space->sorted = g_array_new(false, false, sizeof(double));
    return space;
}

void wb_sample_space_free(WbSampleSpace *space)
{
    if (!space)
        return;
    g_array_free(space->sorted, true);
    g_free(space);
}

static double t975(WbSampleSpace *space, size_t df)
{
    if (df >= REMEMBERED)
        return wb_dist_qt(0.975, (double)df);
    if (space->t975[df] == 0)
        space->t975[df] = wb_dist_qt(0.975, (double)df);
    return space->t975[df];
}

static size_t median_rank(WbSampleSpace *space, size_t n, double *out_conf)
{
    if (n >= REMEMBERED)
        return wb_stats_median_rank(n, out_conf);
    if (space->median_rank[n] == 0)
        space->median_rank[n] = wb_stats_median_rank(n, &space->median_conf[n]);
    *out_conf = space->median_conf[n];
    return space->median_rank[n];
}

static int64_t run_no(const WbSample *sample, size_t i)
{
    return sample->run_no ? sample->run_no[i] : (int64_t)i + 1;
}

static void add_centre(const WbSample *sample, const WbSampleOptions *options, const double *x,
                       WbSampleFigures *out)
{
    size_t n = sample->n;
    size_t k = MIN(options->best_k, n);

    out->best = sample->lower_is_better ? x[0] : x[n - 1];
    out->worst = sample->lower_is_better ? x[n - 1] : x[0];
    for (size_t i = 0; i < n; i++)
        if (sample->values[i] == out->best) {
            out->best_run_no = run_no(sample, i);
            break;
        }
    out->mean = wb_stats_mean(x, n);
    out->median = wb_stats_median(x, n);
    out->q1 = wb_stats_quantile(x, n, 0.25);
    out->q3 = wb_stats_quantile(x, n, 0.75);
    out->best_of_k = wb_stats_best_of_k(x, n, k, sample->lower_is_better);
    out->best_k = (int64_t)k;
    if (n < 2)
        return;
    out->stdev = sqrt(wb_stats_variance(x, n));
    out->madn = wb_stats_madn(x, n);
    if (out->mean != 0)
        out->cv = out->stdev / out->mean;
    if (out->median != 0)
        out->range_share = (x[n - 1] - x[0]) / out->median;
}

/* Smallest n whose interval of the mean is narrow enough; the width falls with n. */
int64_t wb_sample_runs_needed(WbSampleSpace *space, double cv, double precision)
{
    size_t lo = 1, hi = REMEMBERED - 1; /* lo is not enough, hi is (checked first) */

    if (!(t975(space, hi - 1) * cv / sqrt((double)hi) <= precision))
        return WB_NONE;
    while (hi - lo > 1) {
        size_t n = lo + (hi - lo) / 2;

        if (t975(space, n - 1) * cv / sqrt((double)n) <= precision)
            hi = n;
        else
            lo = n;
    }
    return (int64_t)hi;
}

static void add_intervals(const WbSample *sample, const WbSampleOptions *options, const double *x,
                          WbSampleSpace *space, WbSampleFigures *out)
{
    size_t n = sample->n;
    double reach, conf;
    size_t k;

    if (n < 2)
        return;
    reach = t975(space, n - 1) * out->stdev / sqrt((double)n) + sample->half;
    out->mean_ci_lo = out->mean - reach;
    out->mean_ci_hi = out->mean + reach;
    k = median_rank(space, n, &conf);
    out->median_ci_lo = x[k - 1] - sample->half;
    out->median_ci_hi = x[n - k] + sample->half;
    out->median_ci_conf = conf;
    if (out->mean != 0)
        out->runs_needed = wb_sample_runs_needed(
            space, fmax(out->stdev, sample->half / sqrt(3)) / out->mean, options->precision);
}

static void add_bootstrap(const WbSample *sample, const double *x, WbSampleFigures *out)
{
    WbBootstrapBca bca;

    if (sample->n < WB_SAMPLE_BCA_LEAST || sample->n > WB_SAMPLE_BCA_MOST || !(out->stdev > 0) ||
        out->mean == 0)
        return;
    bca = wb_bootstrap_bca(x, sample->n);
    out->mean_bca_lo = bca.mean.lo;
    out->mean_bca_hi = bca.mean.hi;
    out->cv_bca_lo = bca.cv.lo;
    out->cv_bca_hi = bca.cv.hi;
}

static void list_outlier(const WbSample *sample, size_t i, WbSampleFigures *out)
{
    int64_t no = run_no(sample, i);

    if (!out->outliers)
        out->outliers = g_new(int64_t, WB_OUTLIERS_LISTED);
    if (out->outliers_n < WB_OUTLIERS_LISTED)
        out->outliers[out->outliers_n] = no;
    out->outliers_n++;
    if (no == 1)
        out->first_run_outlier = true;
}

/* The figures of the others, which stand together in the sorted values: `low` outliers lie below.
 */
static void describe_rest(const double *x, size_t n, size_t low, WbSampleFigures *out)
{
    size_t rest = n - (size_t)out->outliers_n;

    out->median_without_outliers = wb_stats_median(x + low, rest);
    out->mean_without_outliers = wb_stats_mean(x + low, rest);
    out->stdev_without_outliers = sqrt(wb_stats_variance(x + low, rest));
    if (out->mean_without_outliers != 0)
        out->cv_without_outliers = out->stdev_without_outliers / out->mean_without_outliers;
}

/* Section 5. Nothing is removed: outliers are only named. */
static void add_outliers(const WbSample *sample, const double *x, WbSampleFigures *out)
{
    size_t n = sample->n;
    double scale = out->madn;
    double limit = n < 10 ? 10 : 5;
    double least = 0.01 * fabs(out->median);
    size_t low = 0;

    if (n < 5)
        return;
    if (scale == 0) {
        scale = MEAN_DISTANCE_SD * wb_stats_mean_distance(x, n, out->median);
        limit = 3.5;
        least = fmax(least, 4 * sample->half);
    }
    /* Most cases have none: the two ends of the sorted values tell without a pass. */
    if (scale == 0 || fmax(out->median - x[0], x[n - 1] - out->median) / scale <= limit)
        return;
    for (size_t i = 0; i < n; i++) {
        double distance = fabs(sample->values[i] - out->median);

        if (distance / scale > limit && distance > least) {
            list_outlier(sample, i, out);
            low += sample->values[i] < out->median;
        }
    }
    if (5 * out->outliers_n > (int64_t)n) {
        out->mode_split = true;
        out->outliers_n = 0;
        out->first_run_outlier = false;
        g_clear_pointer(&out->outliers, g_free);
    } else if (out->outliers_n > 0) {
        describe_rest(x, n, low, out);
    }
}

static void add_stability(const WbSample *sample, WbSampleFigures *out)
{
    double spread;

    if (sample->n < 3 || out->mean == 0)
        return;
    spread = fmax(out->stdev, sample->half / sqrt(3)) / out->mean;
    out->stability = spread >= 0.15   ? WB_STABILITY_WILD
                     : spread >= 0.05 ? WB_STABILITY_NOISY
                                      : WB_STABILITY_STABLE;
}

void wb_sample_describe(const WbSample *sample, const WbSampleOptions *options,
                        WbSampleSpace *space, WbSampleFigures *out)
{
    const double *x;

    *out = (WbSampleFigures){.runs = (int64_t)sample->n,
                             .best_run_no = WB_NONE,
                             .best = NAN,
                             .worst = NAN,
                             .mean = NAN,
                             .median = NAN,
                             .q1 = NAN,
                             .q3 = NAN,
                             .stdev = NAN,
                             .cv = NAN,
                             .madn = NAN,
                             .range_share = NAN,
                             .best_of_k = NAN,
                             .best_k = WB_NONE,
                             .half = sample->half,
                             .mean_ci_lo = NAN,
                             .mean_ci_hi = NAN,
                             .median_ci_lo = NAN,
                             .median_ci_hi = NAN,
                             .median_ci_conf = NAN,
                             .mean_bca_lo = NAN,
                             .mean_bca_hi = NAN,
                             .cv_bca_lo = NAN,
                             .cv_bca_hi = NAN,
                             .runs_needed = WB_NONE,
                             .median_without_outliers = NAN,
                             .mean_without_outliers = NAN,
                             .stdev_without_outliers = NAN,
                             .cv_without_outliers = NAN,
                             .stability = WB_STABILITY_UNKNOWN};
    if (sample->n == 0)
        return;
    g_array_set_size(space->sorted, (unsigned)sample->n);
    memcpy(space->sorted->data, sample->values, sample->n * sizeof(double));
    wb_stats_sort((double *)space->sorted->data, sample->n);
    x = (const double *)space->sorted->data;
    add_centre(sample, options, x, out);
    add_intervals(sample, options, x, space, out);
    if (options->bootstrap)
        add_bootstrap(sample, x, out);
    add_outliers(sample, x, out);
    add_stability(sample, out);
}

bool wb_sample_median_shown(const WbSampleFigures *described, double *out_reach,
                            int64_t *out_missing)
{
    *out_missing = MAX(0, WB_MEDIAN_RUNS_SHOWN - described->runs);
    *out_reach = fmax(described->median_ci_hi - described->median,
                      described->median - described->median_ci_lo);
    return described->median_ci_conf >= WB_MEDIAN_CONF_SHOWN;
}

const char *wb_sample_range_stability(double lo, double hi)
{
    double share = (hi - lo) / ((hi + lo) / 2);

    if (isnan(lo) || isnan(hi) || lo + hi == 0)
        return WB_STABILITY_UNKNOWN;
    return share >= 0.5    ? WB_STABILITY_WILD
           : share >= 0.15 ? WB_STABILITY_NOISY
                           : WB_STABILITY_STABLE;
}
