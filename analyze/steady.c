/* Steady: see steady.h. */
#include "analyze/steady.h"

#include <math.h>
#include <stdbool.h>

#include "analyze/select.h"
#include "analyze/stats.h"
#include "schema/records.h"

#define QNORM75      0.6744897501960817
#define PENALTY      6 /* times ln(T), a change */
#define SHORTEST     2 /* steps of a segment */
#define TOLERANCE    0.02
#define AS_CHEAP     1e-9
#define CLIP         5
#define LEAST_SPREAD 0.001 /* of the median */
#define LEAST_STEADY 3     /* steps */

static double median_of(const double *y, size_t n)
{
    g_autofree double *room = g_memdup2(y, n * sizeof *y);

    return wb_select_quantile(room, n, 0.5);
}

/* Noise from step to step, which a change of level hardly touches. */
static double spread_of(const double *y, size_t n, double median, double half)
{
    g_autofree double *room = g_new(double, n);

    for (size_t i = 0; i + 1 < n; i++)
        room[i] = fabs(y[i + 1] - y[i]);
    return fmax(wb_select_quantile(room, n - 1, 0.5) / (QNORM75 * sqrt(2)),
                fmax(half / sqrt(3), LEAST_SPREAD * fabs(median)));
}

static double madn_of(const double *y, size_t n)
{
    g_autofree double *sorted = g_memdup2(y, n * sizeof *y);

    wb_stats_sort(sorted, n);
    return wb_stats_madn(sorted, n);
}

/* Running sums of the clipped, scaled series: [n + 1]. */
typedef struct {
    double *sum, *squares;
} Sums;

static void sum_up(const double *y, size_t n, double median, double spread, Sums *out)
{
    double clip = CLIP * fmax(madn_of(y, n), spread);

    out->sum = g_new0(double, n + 1);
    out->squares = g_new0(double, n + 1);
    for (size_t i = 0; i < n; i++) {
        double z = (fmin(fmax(y[i], median - clip), median + clip) - median) / spread;

        out->sum[i + 1] = out->sum[i] + z;
        out->squares[i + 1] = out->squares[i] + z * z;
    }
}

static double cost_of(const Sums *sums, size_t from, size_t to)
{
    double sum = sums->sum[to] - sums->sum[from];

    return sums->squares[to] - sums->squares[from] - sum * sum / (double)(to - from);
}

/* Where each segment begins (of size_t, caller's), the cheapest way to part the series. */
static GArray *part(const Sums *sums, size_t n)
{
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(size_t));
    g_autofree double *best = g_new(double, n + 1);
    g_autofree size_t *from = g_new0(size_t, n + 1);
    double penalty = PENALTY * log((double)n);

    best[0] = -penalty;
    for (size_t t = 1; t <= n; t++)
        best[t] = INFINITY;
    for (size_t t = SHORTEST; t <= n; t++)
        for (size_t s = 0; s + SHORTEST <= t; s++) {
            double cost = isfinite(best[s]) ? cost_of(sums, s, t) + best[s] + penalty : INFINITY;

            if (cost < best[t] - AS_CHEAP) {
                best[t] = cost;
                from[t] = s;
            }
        }
    for (size_t t = n; t > 0; t = from[t])
        g_array_prepend_val(starts, from[t]);
    return starts;
}

static GArray *segments_of(const double *y, size_t n, double half)
{
    GArray *segments = g_array_new(FALSE, FALSE, sizeof(WbSteadySegment));
    double median = median_of(y, n);
    double spread = spread_of(y, n, median, half);
    g_autoptr(GArray) starts = NULL;

    if (spread > 0) {
        Sums sums;

        sum_up(y, n, median, spread, &sums);
        starts = part(&sums, n);
        g_free(sums.sum);
        g_free(sums.squares);
    } else {
        starts = g_array_new(FALSE, TRUE, sizeof(size_t));
        g_array_set_size(starts, 1);
    }
    for (guint i = 0; i < starts->len; i++) {
        size_t start = g_array_index(starts, size_t, i);
        size_t end = i + 1 < starts->len ? g_array_index(starts, size_t, i + 1) : n;
        WbSteadySegment segment = {(int64_t)start, (int64_t)(end - start),
                                   median_of(y + start, end - start)};

        g_array_append_val(segments, segment);
    }
    return segments;
}

static const WbSteadySegment *at(const GArray *segments, guint i)
{
    return &g_array_index(segments, WbSteadySegment, i);
}

static bool differs(double level, double last)
{
    return last == 0 || fabs(level / last - 1) > TOLERANCE;
}

/* The last segment that differs from the end; -1: none does. */
static int last_that_differs(const GArray *segments, double last)
{
    int bad = -1;

    for (guint i = 0; i + 1 < segments->len; i++)
        if (differs(at(segments, i)->median, last))
            bad = (int)i;
    return bad;
}

static void classify(int64_t n, WbSteadyFigures *out)
{
    const GArray *segments = out->segments;
    double last = at(segments, segments->len - 1)->median;
    int bad = last_that_differs(segments, last);
    int64_t start;

    out->steady_class = WB_STEADY_FLAT;
    out->steady_start = 0;
    if (bad < 0)
        return;
    start = at(segments, (guint)bad + 1)->start;
    if (n - start < MAX(LEAST_STEADY, (n + 3) / 4)) {
        out->steady_class = WB_STEADY_NONE;
        out->steady_start = WB_NONE;
        return;
    }
    out->steady_start = start;
    out->steady_class =
        at(segments, (guint)bad)->median < last ? WB_STEADY_WARMUP : WB_STEADY_SLOWDOWN;
    for (guint i = 0; i < (guint)bad; i++)
        if (!differs(at(segments, i)->median, last))
            out->steady_class = WB_STEADY_DISTURBED;
}

void wb_steady_clear(WbSteadyFigures *out)
{
    g_clear_pointer(&out->segments, g_array_unref);
}

void wb_steady_describe(const double *y, size_t n, double half, WbSteadyFigures *out)
{
    *out = (WbSteadyFigures){WB_STEADY_UNKNOWN, WB_NONE, NULL};
    if (n < WB_STEADY_LEAST_STEPS)
        return;
    out->segments = segments_of(y, n, half);
    classify((int64_t)n, out);
}

int64_t wb_steady_step_slices(int64_t slice_ns, int64_t slices)
{
    static const int64_t firsts[] = {1, 2, 5};
    int64_t step_ns = 100000000;

    for (int i = 0;; i++) {
        int64_t width = firsts[i % 3] * step_ns;

        if (width % slice_ns == 0 && slices * slice_ns / width <= WB_STEADY_MOST_STEPS)
            return width / slice_ns;
        if (i % 3 == 2)
            step_ns *= 10;
        if (step_ns > INT64_C(1000000000000000))
            return MAX(1, slices / WB_STEADY_MOST_STEPS);
    }
}
