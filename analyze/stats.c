/*
 * Statistics of plain numbers. Sums run in long double (64 bits of mantissa on x86-64), which is
 * as good as compensated summation for the 1e5 runs of a case and needs no second variable. Where
 * long double is no more than double (some ARM), the two-pass variance still holds.
 */
#include "analyze/stats.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "analyze/distributions.h"

#define MADN_FACTOR 1.4826022185056018 /* 1 / qnorm(0.75) */
#define Z975        1.9599639845400545 /* qnorm(0.975) */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

void wb_stats_sort(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_doubles);
}

static long double long_sum(const double *values, size_t n)
{
    long double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

double wb_stats_mean(const double *values, size_t n)
{
    return n ? (double)(long_sum(values, n) / (long double)n) : (double)NAN;
}

double wb_stats_variance(const double *values, size_t n)
{
    long double mean, squares = 0;

    if (n < 2)
        return NAN;
    mean = long_sum(values, n) / (long double)n;
    for (size_t i = 0; i < n; i++) {
        long double d = values[i] - mean;

        squares += d * d;
    }
    return (double)(squares / (long double)(n - 1));
}

double wb_stats_quantile(const double *sorted, size_t n, double p)
{
    double h, part;
    size_t i;

    assert(p >= 0 && p <= 1);
    if (n == 0)
        return NAN;
    h = (double)(n - 1) * p;
    i = (size_t)h;
    part = h - (double)i;
    if (i + 1 >= n)
        return sorted[n - 1];
    return sorted[i] + part * (sorted[i + 1] - sorted[i]);
}

double wb_stats_median(const double *sorted, size_t n)
{
    if (n == 0)
        return NAN;
    return n % 2 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
}

/* In a sorted sample the distances from the median rise to both sides, so they are two sorted
 * lists; their merge is followed only as far as its middle. */
double wb_stats_madn(const double *sorted, size_t n)
{
    double median = wb_stats_median(sorted, n);
    double before = 0, last = 0;
    size_t left = n / 2; /* values [0, left) are not above the median */
    size_t right = n / 2;

    if (n == 0)
        return NAN;
    for (size_t i = 0; i <= n / 2; i++) {
        double down = left > 0 ? median - sorted[left - 1] : (double)INFINITY;
        double up = right < n ? sorted[right] - median : (double)INFINITY;

        before = last;
        if (down <= up) {
            last = down;
            left--;
        } else {
            last = up;
            right++;
        }
    }
    return MADN_FACTOR * (n % 2 ? last : 0.5 * (before + last));
}

double wb_stats_mean_distance(const double *values, size_t n, double centre)
{
    long double sum = 0;

    if (n == 0)
        return NAN;
    for (size_t i = 0; i < n; i++)
        sum += fabs(values[i] - centre);
    return (double)(sum / (long double)n);
}

double wb_stats_best_of_k(const double *sorted, size_t n, size_t k, int lowest)
{
    long double sum = 0;
    double weight = (double)k / (double)n;

    if (k < 1 || k > n)
        return NAN;
    /* i counts from the worst (1) to the best (n); below rank k a value is never the best of k */
    for (size_t i = n; i >= k; i--) {
        sum += (long double)weight * sorted[lowest ? n - i : i - 1];
        if (i > 1)
            weight *= (double)(i - k) / (double)(i - 1);
    }
    return (double)sum;
}

size_t wb_stats_median_rank(size_t n, double *out_conf)
{
    size_t lo = 1, hi = n / 2 + 1; /* lo holds (or is 1), hi does not */

    assert(n >= 2);
    while (hi - lo > 1) {
        size_t middle = lo + (hi - lo) / 2;

        if (2 * wb_dist_pbinom_half((int64_t)middle - 1, (int64_t)n) <= 0.05)
            lo = middle;
        else
            hi = middle;
    }
    *out_conf = 1 - 2 * wb_dist_pbinom_half((int64_t)lo - 1, (int64_t)n);
    return lo;
}

WbInterval wb_stats_clopper_pearson(int64_t k, int64_t n)
{
    WbInterval ci = {NAN, NAN};

    if (n <= 0)
        return ci;
    ci.lo = k == 0 ? 0 : wb_dist_qbeta(0.025, (double)k, (double)(n - k + 1));
    ci.hi = k == n ? 1 : wb_dist_qbeta(0.975, (double)(k + 1), (double)(n - k));
    return ci;
}

WbInterval wb_stats_wilson(double p, double n)
{
    const double z2 = Z975 * Z975;
    WbInterval ci = {NAN, NAN};
    double centre, reach;

    if (!(n > 0))
        return ci;
    centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    reach = Z975 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    ci.lo = p == 0 ? 0 : fmax(0, centre - reach);
    ci.hi = p == 1 ? 1 : fmin(1, centre + reach);
    return ci;
}
