/* Trend: see trend.h. */
#include "analyze/trend.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "analyze/distributions.h"
#include "analyze/rank_sum.h"
#include "analyze/select.h"
#include "analyze/stats.h"
#include "schema/records.h"

#define ALL_KEPT 1024 /* slopes up to which none is left out before the median is looked for */

/* P(inversions <= k) of a random order of n values. Shares, not counts: 50! has no exact double. */
static double inversions_up_to(size_t n, size_t k)
{
    g_autofree double *share = g_new0(double, k + 1);
    g_autofree double *next = g_new(double, k + 1);
    double sum = 0;

    share[0] = 1;
    for (size_t i = 2; i <= n; i++) {
        /* The i-th value stands behind 0 to i - 1 larger ones, each as likely. */
        for (size_t at = 0; at <= k; at++) {
            next[at] = 0;
            for (size_t j = 0; j < i && j <= at; j++)
                next[at] += share[at - j] / (double)i;
        }
        memcpy(share, next, (k + 1) * sizeof *share);
    }
    for (size_t at = 0; at <= k; at++)
        sum += share[at];
    return sum;
}

/* Sums over groups of equal values: how many there are, and of t (t - 1)(2 t + 5). */
static double tie_sum(const double *y, size_t n, size_t *out_groups)
{
    g_autofree double *sorted = g_memdup2(y, n * sizeof *y);
    double sum = 0;

    wb_stats_sort(sorted, n);
    *out_groups = 0;
    for (size_t i = 0, next; i < n; i = next, (*out_groups)++) {
        double t;

        for (next = i; next < n && sorted[next] == sorted[i]; next++)
            ;
        t = (double)(next - i);
        sum += t * (t - 1) * (2 * t + 5);
    }
    return sum;
}

static int64_t score(const double *y, size_t n)
{
    int64_t s = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            s += (y[j] > y[i]) - (y[j] < y[i]);
    return s;
}

WbTrendTest wb_trend_test(const double *y, size_t n)
{
    WbTrendTest out = {WB_NONE, NAN, "none"};
    double m = (double)n, ties, variance;
    size_t groups;

    if (n < WB_TREND_LEAST)
        return out;
    out.s = score(y, n);
    ties = tie_sum(y, n, &groups);
    if (groups == 1) {
        out.p = 1;
        out.method = WB_P_DEGENERATE;
    } else if (groups == n && n <= WB_TREND_EXACT_N) {
        int64_t pairs = (int64_t)(n * (n - 1) / 2);

        out.p = fmin(1, 2 * inversions_up_to(n, (size_t)(pairs - ABS(out.s)) / 2));
        out.method = WB_P_EXACT;
    } else {
        variance = (m * (m - 1) * (2 * m + 5) - ties) / 18;
        out.p =
            out.s == 0 ? 1 : fmin(1, 2 * wb_dist_pnorm(-((double)ABS(out.s) - 1) / sqrt(variance)));
        out.method = WB_P_NORMAL;
    }
    return out;
}

/* Slopes of value i with all later ones into out [n - i - 1]; NaN where times are equal. */
static void slopes_from(const double *t, const double *y, size_t n, size_t i, double *out)
{
    for (size_t j = i + 1; j < n; j++) {
        double dt = t ? t[j] - t[i] : (double)(j - i);

        out[j - i - 1] = dt != 0 ? (y[j] - y[i]) / dt : (double)NAN;
    }
}

/* Every step-th slope of every value, from another place for each. Returns how many. */
static size_t sample_slopes(const double *t, const double *y, size_t n, size_t step, double *out)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1 + i * 7 % step; j < n; j += step) {
            double dt = t ? t[j] - t[i] : (double)(j - i);

            if (dt != 0)
                out[at++] = (y[j] - y[i]) / dt;
        }
    return at;
}

/* The slopes from lo to hi into `out`; how many are below and how many there are. */
static size_t slopes_between(const double *t, const double *y, size_t n, double lo, double hi,
                             double *out, size_t *out_below, size_t *out_all)
{
    g_autofree double *row = g_new(double, n);
    size_t at = 0;

    *out_below = *out_all = 0;
    for (size_t i = 0; i < n; i++) {
        slopes_from(t, y, n, i, row);
        for (size_t j = 0; j + i + 1 < n; j++) {
            out[at] = row[j];
            at += (row[j] >= lo) & (row[j] <= hi);
            *out_below += row[j] < lo;
            *out_all += row[j] == row[j];
        }
    }
    return at;
}

/* The median lies between two values of the sample, nearly always: 3.3 standard deviations of its
 * place to each side. If it does not, lo and hi become infinite, and all slopes are kept. */
static void bracket(double *sample, size_t n, double *lo, double *hi)
{
    size_t reach = (size_t)(1.65 * sqrt((double)n)) + 1;

    if (n / 2 <= reach)
        return;
    *hi = wb_select(sample, n, MIN(n / 2 + reach, n - 1));
    *lo = wb_select(sample, MIN(n / 2 + reach, n - 1), n / 2 - reach);
}

double wb_trend_slope(const double *t, const double *y, size_t n)
{
    size_t pairs = n * (n - (n > 0)) / 2, below, all, kept, k;
    g_autofree double *room = g_new(double, pairs + 1);
    double lo = -INFINITY, hi = INFINITY;

    if (pairs > ALL_KEPT)
        bracket(room, sample_slopes(t, y, n, (size_t)cbrt((double)pairs), room), &lo, &hi);
    kept = slopes_between(t, y, n, lo, hi, room, &below, &all);
    if (all == 0)
        return NAN;
    k = (all - 1) / 2;
    if (below > k || k + 2 > below + kept)
        kept = slopes_between(t, y, n, -INFINITY, INFINITY, room, &below, &all);
    return wb_select_place(room, kept, (double)(all - 1) * 0.5 - (double)below);
}

double wb_trend_lag1(const double *y, size_t n)
{
    double mean = wb_stats_mean(y, n), squares = 0, products = 0;

    for (size_t i = 0; i < n; i++) {
        squares += (y[i] - mean) * (y[i] - mean);
        if (i + 1 < n)
            products += (y[i] - mean) * (y[i + 1] - mean);
    }
    return squares > 0 ? products / squares : (double)NAN;
}
