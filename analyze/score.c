/* Score: see score.h. */
#include "analyze/score.h"

#include <math.h>

/* ln(x / best) of every case of one benchmark, times its weight, onto `sums`. */
static void add_benchmark(const double *values, size_t cases, size_t step, double weight,
                          bool lower_is_better, double *sums)
{
    double best = NAN;

    for (size_t i = 0; i < cases; i++) {
        double x = values[i * step];

        if (!isnan(x) && (isnan(best) || (lower_is_better ? x < best : x > best)))
            best = x;
    }
    for (size_t i = 0; i < cases; i++) {
        double share = values[i * step] / best;

        sums[i] += weight * log(lower_is_better ? 1 / share : share);
    }
}

void wb_score(const double *values, size_t cases, size_t benchmarks, const double *weights,
              bool lower_is_better, double *out)
{
    double all = 0;

    for (size_t i = 0; i < cases; i++)
        out[i] = 0;
    for (size_t b = 0; b < benchmarks; b++) {
        add_benchmark(values + b, cases, benchmarks, weights[b], lower_is_better, out);
        all += weights[b];
    }
    for (size_t i = 0; i < cases; i++)
        out[i] = 100 * exp(out[i] / all);
}
