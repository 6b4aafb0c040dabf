/*
 * Latency buckets: the one layout in which latencies are counted while a run is on, stored, and
 * read back. Plain C, so that the engine can include it.
 *
 * The scale is log-linear: every octave [2^k, 2^(k+1)) is cut into 2^7 buckets of equal width, so
 * a bucket is at most 1/128 (< 0.8 %) of its values wide; below 256 ns a bucket is one ns. Values
 * are ns. Values past WB_HIST_MAX_NS (2^43 - 1 ns, 2.4 h) are counted in the last bucket; their
 * exact maximum is kept beside the counts.
 *
 * The layout is part of the stored format (histograms.layout = WB_HIST_LAYOUT): changing it needs
 * a new layout name and a reader for the old one.
 *
 * Source of the idea: HdrHistogram (Gil Tene), here with a power of two instead of decimal digits.
 */
#ifndef WB_SCHEMA_HIST_H
#define WB_SCHEMA_HIST_H

#include <stdint.h>

#define WB_HIST_LAYOUT   "log2-128"
#define WB_HIST_SUB_BITS 7
#define WB_HIST_SUB      (1 << WB_HIST_SUB_BITS)
#define WB_HIST_MAX_BITS 43 /* values below 2^43 ns have a bucket of their own width */
#define WB_HIST_MAX_NS   ((INT64_C(1) << WB_HIST_MAX_BITS) - 1)
#define WB_HIST_SIZE     ((WB_HIST_MAX_BITS - WB_HIST_SUB_BITS + 1) * WB_HIST_SUB)

/* A latency distribution, exact at its ends. With count 0 all other members are 0. */
typedef struct {
    int64_t count;
    int64_t min_ns;
    int64_t max_ns;
    int64_t sum_ns;
    double sum_squares_ns2; /* of the exact values, not of the buckets */
    int64_t counts[WB_HIST_SIZE];
} WbHist;

/**
 * wb_hist_index: the bucket that counts a value.
 *
 * @param ns  a latency in ns; below 0 counts as 0, above WB_HIST_MAX_NS as WB_HIST_MAX_NS
 * @return    0 .. WB_HIST_SIZE - 1, never falling with `ns`
 */
static inline int wb_hist_index(int64_t ns)
{
    uint64_t v = ns < 0 ? 0 : (uint64_t)(ns > WB_HIST_MAX_NS ? WB_HIST_MAX_NS : ns);
    int top = 63 - __builtin_clzll(v | 1); /* position of the highest bit */
    int shift = top < WB_HIST_SUB_BITS ? 0 : top - WB_HIST_SUB_BITS;

    return shift * WB_HIST_SUB + (int)(v >> shift);
}

/** wb_hist_lower: the smallest value in ns that bucket `index` counts. */
static inline int64_t wb_hist_lower(int index)
{
    int shift = index < 2 * WB_HIST_SUB ? 0 : index / WB_HIST_SUB - 1;

    return (int64_t)(index - shift * WB_HIST_SUB) << shift;
}

/** wb_hist_upper: the largest value in ns that bucket `index` counts. */
static inline int64_t wb_hist_upper(int index)
{
    int shift = index < 2 * WB_HIST_SUB ? 0 : index / WB_HIST_SUB - 1;

    return wb_hist_lower(index) + ((INT64_C(1) << shift) - 1);
}

/** wb_hist_add: counts one value in ns; another thread may read counts[] meanwhile, relaxed. */
static inline void wb_hist_add(WbHist *hist, int64_t ns)
{
    int64_t value = ns < 0 ? 0 : ns;
    int64_t *counter = &hist->counts[wb_hist_index(value)];

    __atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
    if (hist->count++ == 0 || value < hist->min_ns)
        hist->min_ns = value;
    if (value > hist->max_ns)
        hist->max_ns = value;
    hist->sum_ns += value;
    hist->sum_squares_ns2 += (double)value * (double)value;
}

/** wb_hist_add_many: counts a value n >= 0 times. Returns 0, and adds nothing, where a sum would
 * not fit; nobody may read it meanwhile. */
static inline int wb_hist_add_many(WbHist *hist, int64_t ns, int64_t n)
{
    int64_t value = ns < 0 ? 0 : ns;
    int64_t sum, count;

    if (__builtin_mul_overflow(value, n, &sum) || __builtin_add_overflow(hist->sum_ns, sum, &sum) ||
        __builtin_add_overflow(hist->count, n, &count))
        return 0;
    if (n == 0)
        return 1;
    if (hist->count == 0 || value < hist->min_ns)
        hist->min_ns = value;
    if (value > hist->max_ns)
        hist->max_ns = value;
    hist->counts[wb_hist_index(value)] += n;
    hist->count = count;
    hist->sum_ns = sum;
    hist->sum_squares_ns2 += (double)value * (double)value * (double)n;
    return 1;
}

/**
 * wb_hist_quantile_ns: upper edge of the bucket where the cumulative count reaches
 * max(1, floor(p * count + 0.5)), never above the exact maximum.
 *
 * @param hist  borrowed
 * @param p     share, 0..1
 * @return      ns; 0 if the histogram is empty
 * Source: HdrHistogram's percentile rule (STATISTICS section 12).
 */
static inline int64_t wb_hist_quantile_ns(const WbHist *hist, double p)
{
    int64_t want = (int64_t)(p * (double)hist->count + 0.5);
    int64_t seen = 0;

    if (want < 1)
        want = 1;
    for (int i = 0; i < WB_HIST_SIZE; i++) {
        seen += hist->counts[i];
        if (seen >= want)
            return wb_hist_upper(i) < hist->max_ns ? wb_hist_upper(i) : hist->max_ns;
    }
    return hist->max_ns;
}

#endif
