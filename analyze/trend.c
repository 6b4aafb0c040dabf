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

/* What the ties of sorted values come to: how many groups of equal ones there are, pairs within
 * them, and the sum of t (t - 1)(2 t + 5) over their sizes t. */
typedef struct {
    size_t groups;
    int64_t pairs;
    double sum;
} Ties;

static Ties count_ties(const double *sorted, size_t n)
{
    Ties out = {0};

    for (size_t i = 0, next; i < n; i = next, out.groups++) {
        double t;

        for (next = i; next < n && sorted[next] == sorted[i]; next++)
            ;
        t = (double)(next - i);
        out.pairs += (int64_t)((next - i) * (next - i - 1) / 2);
        out.sum += t * (t - 1) * (2 * t + 5);
    }
    return out;
}

/* Sorts y and returns how many pairs fell: while two sorted halves are merged, what is taken from
 * the second falls below all that is left of the first. O(n log n) (Knight 1966). */
static int64_t sort_counting_falls(double *y, size_t n, double *room)
{
    size_t half = n / 2, i = 0, j = half;
    int64_t falls;

    if (n < 2)
        return 0;
    falls = sort_counting_falls(y, half, room) + sort_counting_falls(y + half, n - half, room);
    for (size_t at = 0; at < n; at++) {
        if (j == n || (i < half && y[i] <= y[j])) {
            room[at] = y[i++];
        } else {
            falls += (int64_t)(half - i);
            room[at] = y[j++];
        }
    }
    memcpy(y, room, n * sizeof *y);
    return falls;
}

WbTrendTest wb_trend_test(const double *y, size_t n)
{
    WbTrendTest out = {WB_NONE, NAN, "none"};
    g_autofree double *sorted = g_memdup2(y, n * sizeof *y);
    g_autofree double *room = g_new(double, n + 1);
    int64_t pairs = (int64_t)(n * (n - (n > 0)) / 2), falls;
    double m = (double)n, variance;
    Ties ties;

    if (n < WB_TREND_LEAST)
        return out;
    falls = sort_counting_falls(sorted, n, room);
    ties = count_ties(sorted, n);
    out.s = pairs - ties.pairs - 2 * falls;
    if (ties.groups == 1) {
        out.p = 1;
        out.method = WB_P_DEGENERATE;
    } else if (ties.groups == n && n <= WB_TREND_EXACT_N) {
        out.p = fmin(1, 2 * inversions_up_to(n, (size_t)(pairs - ABS(out.s)) / 2));
        out.method = WB_P_EXACT;
    } else {
        variance = (m * (m - 1) * (2 * m + 5) - ties.sum) / 18;
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
