/*
 * Fisher. Likelihoods are worked out relative to the table at hand, each from its neighbour, so
 * that no factorial is needed; the sum of all of them makes them probabilities.
 */
#include "analyze/fisher.h"

#include <glib.h>
#include <math.h>

#define AS_LIKELY (1 + 1e-7)

typedef struct {
    double total;   /* of all tables, in units of the table at hand */
    double extreme; /* of those no more likely than it */
} Sums;

static void add(Sums *sums, double likelihood)
{
    sums->total += likelihood;
    if (likelihood <= AS_LIKELY)
        sums->extreme += likelihood;
}

double wb_fisher_p(int64_t k_a, int64_t n_a, int64_t k_b, int64_t n_b)
{
    int64_t k = k_a + k_b;
    int64_t least = MAX(0, k - n_b), most = MIN(k, n_a);
    Sums sums = {1, 1};
    double likelihood = 1;

    if (n_a <= 0 || n_b <= 0)
        return NAN;
    /* From x to x + 1: times (n_a - x)(k - x) / ((x + 1)(n_b - k + x + 1)). */
    for (int64_t x = k_a; x < most; x++) {
        likelihood *=
            (double)(n_a - x) / (double)(x + 1) * (double)(k - x) / (double)(n_b - k + x + 1);
        add(&sums, likelihood);
    }
    likelihood = 1;
    for (int64_t x = k_a; x > least; x--) {
        likelihood *=
            (double)x / (double)(n_a - x + 1) * (double)(n_b - k + x) / (double)(k - x + 1);
        add(&sums, likelihood);
    }
    return fmin(1, sums.extreme / sums.total);
}
