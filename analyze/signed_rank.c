/* Signed rank: see signed_rank.h. */
#include "analyze/signed_rank.h"

#include <assert.h>
#include <glib.h>
#include <math.h>

#include "analyze/distributions.h"
#include "analyze/rank_sum.h"
#include "analyze/select.h"

#define Z975  1.9599639845400545 /* qnorm(0.975) */
#define ALPHA 0.05
#define SLACK (64 * 2.3e-16) /* as R's qsignrank */

/* P(V <= v) for v from 0 to n (n + 1) / 2 (caller frees). Counts stay at or below 2^50: exact. */
static double *cumulative(size_t n)
{
    size_t top = n * (n + 1) / 2;
    double *p = g_new0(double, top + 1);
    double sum = 0;

    p[0] = 1;
    for (size_t i = 1; i <= n; i++)
        for (size_t v = i * (i + 1) / 2; v >= i; v--)
            p[v] += p[v - i];
    for (size_t v = 0; v <= top; v++) {
        sum += p[v];
        p[v] = ldexp(sum, -(int)n);
    }
    return p;
}

static int compare_sizes(const void *a, const void *b)
{
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);

    return (x > y) - (x < y);
}

/* Rounds and drops zeros; how many are left. */
static size_t prepare(const double *x, size_t n, double *out)
{
    size_t left = 0;

    for (size_t i = 0; i < n; i++) {
        double rounded = rint(x[i] * 1e12) / 1e12;

        if (rounded != 0)
            out[left++] = rounded;
    }
    qsort(out, left, sizeof *out, compare_sizes);
    return left;
}

static double exact(double v, size_t n)
{
    g_autofree double *p = cumulative(n);
    size_t top = n * (n + 1) / 2;
    double other = (double)top - v;

    return fmin(1, 2 * p[(size_t)fmin(v, other)]);
}

static double normal(double v, size_t n, double ties3)
{
    double m = (double)n;
    double distance = fabs(v - m * (m + 1) / 4);
    double variance = m * (m + 1) * (2 * m + 1) / 24 - ties3 / 48;
    double z = distance > 0 ? (distance - 0.5) / sqrt(variance) : 0;

    return fmin(1, 2 * wb_dist_pnorm(-fabs(z)));
}

WbSignedRank wb_signed_rank_test(const double *x, size_t n)
{
    g_autofree double *sorted = g_new(double, n + 1);
    size_t left = prepare(x, n, sorted);
    double v = 0, ties3 = 0;

    if (left == 0)
        return (WbSignedRank){0, 1, WB_P_DEGENERATE};
    for (size_t i = 0, next; i < left; i = next) {
        double t, positive = 0;

        for (next = i; next < left && fabs(sorted[next]) == fabs(sorted[i]); next++)
            positive += sorted[next] > 0;
        t = (double)(next - i);
        v += positive * (double)(i + next + 1) / 2;
        ties3 += t * t * t - t;
    }
    if (ties3 == 0 && left <= WB_SIGNED_RANK_EXACT_N)
        return (WbSignedRank){v, exact(v, left), WB_P_EXACT};
    return (WbSignedRank){v, normal(v, left, ties3), WB_P_NORMAL};
}

/* Which Walsh averages bound the estimate: the k-th lowest and highest. */
static size_t limits(size_t n, double *out_conf)
{
    double m = (double)n, walsh = m * (m + 1) / 2;
    double deviation;
    size_t k = 0;

    if (n <= WB_SIGNED_RANK_EXACT_N) {
        g_autofree double *p = cumulative(n);

        while (p[k] < ALPHA / 2 * (1 - SLACK))
            k++;
        k = MAX(1, k);
        *out_conf = 1 - 2 * p[k - 1];
        return k;
    }
    deviation = sqrt(m * (m + 1) * (2 * m + 1) / 24);
    k = (size_t)fmax(1, floor(walsh / 2 - Z975 * deviation + 0.5));
    *out_conf = 1 - 2 * wb_dist_pnorm(((double)k - 0.5 - walsh / 2) / deviation);
    return k;
}

WbSignedRankShift wb_signed_rank_shift(const double *x, size_t n)
{
    size_t all = n * (n + 1) / 2, at = 0, k;
    g_autofree double *walsh = g_new(double, all);
    WbSignedRankShift out = {.lo = NAN, .hi = NAN, .conf = NAN};

    assert(n >= 1);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            walsh[at++] = (x[i] + x[j]) / 2;
    out.estimate = wb_select_quantile(walsh, all, 0.5);
    if (n < 2)
        return out;
    k = limits(n, &out.conf);
    out.lo = wb_select(walsh, all, k - 1);
    out.hi = wb_select(walsh, all, all - k);
    return out;
}
