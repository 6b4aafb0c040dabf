#include "runner/latency_figures.h"

#include <math.h>

void wb_latency_centre(WbRun *run, const WbHist *hist)
{
    double n = (double)hist->count;
    double mean = (double)hist->sum_ns / n;
    double variance;

    run->latency_mean_ns = llround(mean);
    if (hist->count > 1) {
        /* The sums are exact, so the difference loses no more than a double's last digits. */
        variance = (hist->sum_squares_ns2 - n * mean * mean) / (n - 1);
        run->latency_stdev_ns = llround(sqrt(fmax(variance, 0)));
    }
}

void wb_latency_quantiles(WbRun *run, const WbHist *hist)
{
    run->latency_max_ns = hist->max_ns;
    run->latency_min_ns = hist->min_ns;
    run->latency_p50_ns = wb_hist_quantile_ns(hist, 0.5);
    run->latency_p75_ns = wb_hist_quantile_ns(hist, 0.75);
    run->latency_p90_ns = wb_hist_quantile_ns(hist, 0.9);
    run->latency_p95_ns = wb_hist_quantile_ns(hist, 0.95);
    run->latency_p99_ns = wb_hist_quantile_ns(hist, 0.99);
    run->latency_p999_ns = wb_hist_quantile_ns(hist, 0.999);
}
