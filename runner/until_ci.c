/*
 * Until CI: the interval is [x(k), x(n+1-k)], k the largest integer with
 * 2 P(Bin(n, 1/2) <= k-1) <= 0.05. analyze has the same rule for reports; the runner must not need
 * analyze on a load host, so the few lines stand here as well.
 */
#include "runner/until_ci.h"

#include <glib.h>
#include <math.h>

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* k, or 0 where even k = 1 is too wide a promise. */
static size_t rank_of_limit(size_t n)
{
    double term = pow(0.5, (double)n); /* P(Bin = i) */
    double below = 0;
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        below += term;
        if (2 * below > 0.05)
            break;
        k = i + 1;
        term *= (double)(n - i) / (double)(i + 1);
    }
    return k;
}

bool wb_until_ci_reached(const double *rates, size_t n, double share)
{
    size_t k = rank_of_limit(n);
    g_autofree double *sorted = k > 0 ? g_memdup2(rates, n * sizeof *rates) : NULL;
    double median;

    if (!sorted)
        return false;
    qsort(sorted, n, sizeof *sorted, compare_doubles);
    median = n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    return median > 0 && sorted[n - k] - median <= share * median &&
           median - sorted[k - 1] <= share * median;
}
