/*
 * Rank sum. U of sizes m and n has the distribution whose generating function is the Gaussian
 * binomial coefficient [m+n, m]. It is built factor by factor in doubles; after each factor only
 * the lower half is computed and the upper one mirrored, because there differences of large numbers
 * would lose all digits.
 */
#include "analyze/rank_sum.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "analyze/distributions.h"

#define Z975  1.9599639845400545 /* qnorm(0.975) */
#define ALPHA 0.05
#define SLACK                                                                                      \
    (64 * 2.3e-16) /* of R's qwilcox: a probability that should be equal counts as equal */

struct WbRankSumSpace {
    double *cumulative[WB_RANK_SUM_EXACT_N + 1][WB_RANK_SUM_EXACT_N + 1];
    double *counts; /* of the shift algorithm */
    size_t counts_size;
    int *ranks;
};

WbRankSumSpace *wb_rank_sum_space_new(void)
{
    return g_new0(WbRankSumSpace, 1);
}

void wb_rank_sum_space_free(WbRankSumSpace *space)
{
    if (!space)
        return;
    for (size_t m = 0; m <= WB_RANK_SUM_EXACT_N; m++)
        for (size_t n = 0; n <= WB_RANK_SUM_EXACT_N; n++)
            g_free(space->cumulative[m][n]);
    g_free(space->counts);
    g_free(space->ranks);
    g_free(space);
}

/* From [n+j-1, j-1] to [n+j, j]: times (1 - q^(n+j)) / (1 - q^j). */
static void add_factor(double *now, const double *before, size_t n, size_t j)
{
    size_t degree = n * j, old = n * (j - 1);

    for (size_t i = 0; i <= degree / 2; i++) {
        now[i] = (i <= old ? before[i] : 0) - (i >= n + j ? before[i - n - j] : 0) +
                 (i >= j ? now[i - j] : 0);
    }
    for (size_t i = degree / 2 + 1; i <= degree; i++)
        now[i] = now[degree - i];
}

/* P(U <= u) for u from 0 to m n; computed once. */
static const double *cumulative(WbRankSumSpace *space, size_t m, size_t n)
{
    double **kept = &space->cumulative[m][n];
    double *now, *before;
    double total = 0, sum = 0;

    if (*kept)
        return *kept;
    now = g_new0(double, m *n + 1);
    before = g_new0(double, m *n + 1);
    now[0] = 1;
    for (size_t j = 1; j <= m; j++) {
        memcpy(before, now, (n * (j - 1) + 1) * sizeof *now);
        add_factor(now, before, n, j);
    }
    for (size_t u = 0; u <= m * n; u++)
        total += now[u];
    for (size_t u = 0; u <= m * n; u++) {
        sum += now[u];
        now[u] = sum / total;
    }
    g_free(before);
    *kept = now;
    return now;
}

/* What one pass over both samples, merged, gives. */
typedef struct {
    int64_t u2;   /* twice U */
    double ties3; /* sum of t^3 - t over the groups of equal values */
    size_t groups;
    bool tied;
} Merged;

static size_t run_of(const double *values, size_t n, size_t i, double x)
{
    size_t from = i;

    while (i < n && values[i] == x)
        i++;
    return i - from;
}

/* `ranks2`: of each value of a, twice its midrank, and those of b behind; NULL: not wanted. */
static Merged merge(const double *a, size_t a_n, const double *b, size_t b_n, int *ranks2)
{
    Merged out = {0};
    size_t i = 0, j = 0;

    while (i < a_n || j < b_n) {
        double x = j >= b_n || (i < a_n && a[i] <= b[j]) ? a[i] : b[j];
        size_t from_a = run_of(a, a_n, i, x);
        size_t from_b = run_of(b, b_n, j, x);
        double t = (double)(from_a + from_b);

        out.u2 += (int64_t)(from_b * (2 * i + from_a));
        out.ties3 += t * t * t - t;
        out.tied |= from_a + from_b > 1;
        out.groups++;
        for (size_t g = 0; ranks2 && g < from_a + from_b; g++)
            ranks2[g < from_a ? i + g : a_n + j + g - from_a] =
                (int)(2 * (i + j) + from_a + from_b + 1);
        i += from_a;
        j += from_b;
    }
    return out;
}

/* P(|R - E| >= |r - E|) of the doubled rank sum of the smaller sample: `m` of all `n` values, whose
 * own doubled ranks stand at `own`. Counts stay below C(50, 25) < 2^53: exact. */
static double exact_with_ties(WbRankSumSpace *space, const int *ranks2, const int *own, size_t m,
                              size_t n)
{
    size_t top = 0;
    int64_t r = 0, e = (int64_t)(m * (n + 1));
    double extreme = 0, total = 0;
    size_t width;

    for (size_t i = 0; i < n; i++)
        top += (size_t)ranks2[i];
    for (size_t i = 0; i < m; i++)
        r += own[i];
    width = top + 1;
    if (space->counts_size < (m + 1) * width) {
        g_free(space->counts);
        space->counts_size = (m + 1) * width;
        space->counts = g_new(double, space->counts_size);
    }
    memset(space->counts, 0, (m + 1) * width * sizeof(double));
    space->counts[0] = 1;
    top = 0;
    for (size_t i = 0; i < n; i++) {
        size_t rank = (size_t)ranks2[i];

        top += rank;
        for (size_t k = MIN(m, i + 1); k > 0; k--) {
            double *to = space->counts + k * width;
            const double *from = space->counts + (k - 1) * width;

            for (size_t s = rank; s <= top; s++)
                to[s] += from[s - rank];
        }
    }
    for (size_t s = 0; s <= top; s++) {
        double count = space->counts[m * width + s];

        total += count;
        if (ABS((int64_t)s - e) >= ABS(r - e))
            extreme += count;
    }
    return fmin(1, extreme / total);
}

static double normal(const Merged *merged, size_t a_n, size_t b_n)
{
    double m = (double)a_n, n = (double)b_n, all = m + n;
    double variance = m * n / 12 * ((all + 1) - merged->ties3 / (all * (all - 1)));
    double distance = fabs((double)merged->u2 / 2 - m * n / 2);
    double z = distance > 0 ? (distance - 0.5) / sqrt(variance) : 0;

    return fmin(1, 2 * wb_dist_pnorm(-fabs(z)));
}

WbRankSum wb_rank_sum_test(WbRankSumSpace *space, const double *a, size_t a_n, const double *b,
                           size_t b_n)
{
    bool small = a_n + b_n <= WB_RANK_SUM_EXACT_N;
    WbRankSum out = {.u = NAN, .p = NAN};
    Merged merged;

    if (a_n == 0 || b_n == 0)
        return out;
    if (small && !space->ranks)
        space->ranks = g_new(int, WB_RANK_SUM_EXACT_N);
    merged = merge(a, a_n, b, b_n, small ? space->ranks : NULL);
    out.u = (double)merged.u2 / 2;
    if (merged.groups == 1) {
        out.p = 1;
        out.method = WB_P_DEGENERATE;
    } else if (!merged.tied && MAX(a_n, b_n) <= WB_RANK_SUM_EXACT_N) {
        size_t u = (size_t)(merged.u2 / 2);

        out.p = fmin(1, 2 * cumulative(space, a_n, b_n)[MIN(u, a_n * b_n - u)]);
        out.method = WB_P_EXACT;
    } else if (merged.tied && small) {
        out.p = exact_with_ties(space, space->ranks, space->ranks + (a_n <= b_n ? 0 : a_n),
                                MIN(a_n, b_n), a_n + b_n);
        out.method = WB_P_EXACT_TIES;
    } else {
        out.p = normal(&merged, a_n, b_n);
        out.method = WB_P_NORMAL;
    }
    return out;
}

int64_t wb_rank_sum_limits(WbRankSumSpace *space, size_t a_n, size_t b_n, double *out_conf)
{
    double m = (double)a_n, n = (double)b_n;
    double deviation;
    int64_t k = 0;

    if (MAX(a_n, b_n) <= WB_RANK_SUM_EXACT_N) {
        const double *p = cumulative(space, a_n, b_n);

        while (p[k] < ALPHA / 2 * (1 - SLACK))
            k++;
        k = MAX(1, k);
        *out_conf = 1 - 2 * p[k - 1];
        return k;
    }
    deviation = sqrt(m * n * (m + n + 1) / 12);
    k = MAX(1, (int64_t)floor(m * n / 2 - Z975 * deviation + 0.5));
    *out_conf = 1 - 2 * wb_dist_pnorm(((double)k - 0.5 - m * n / 2) / deviation);
    return k;
}

double wb_rank_sum_least_p(size_t a_n, size_t b_n)
{
    size_t small = MIN(a_n, b_n);
    double ways = 1;

    for (size_t i = 1; i <= small && ways < 1e300; i++)
        ways *= (double)(a_n + b_n - small + i) / (double)i;
    return fmin(1, 2 / ways);
}
