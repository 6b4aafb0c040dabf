/* Starts: see starts.h. */
#include "analyze/starts.h"

#include <glib.h>
#include <math.h>

#include "analyze/distributions.h"
#include "analyze/stats.h"

/* clang-format off: one figure a line */
#define REAL(member)                                                                               \
    {                                                                                              \
#member, WB_FIGURE_REAL, false, offsetof(WbStartsFigures, member)                          \
    }
static const WbFigure figures[] = {
    REAL(var_start),
    REAL(var_run),
    REAL(icc),
    REAL(start_mean),
    REAL(start_ci_lo),
    REAL(start_ci_hi),
    {"runs_per_start", WB_FIGURE_INT, false, offsetof(WbStartsFigures, runs_per_start)},
};
/* clang-format on */

const WbFigure *wb_starts_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

/* Values by start, one after the other, with where each start ends. */
typedef struct {
    double *values;
    size_t *ends;
    size_t starts;
} Groups;

typedef struct {
    int64_t start;
    double value;
} Item;

static int compare_items(const void *a, const void *b)
{
    const Item *x = a, *y = b;

    return (x->start > y->start) - (x->start < y->start);
}

static Groups group(const int64_t *start, const double *values, size_t n)
{
    g_autofree Item *items = g_new(Item, n + 1);
    Groups out = {g_new(double, n + 1), g_new(size_t, n + 1), 0};

    for (size_t i = 0; i < n; i++)
        items[i] = (Item){start[i], values[i]};
    qsort(items, n, sizeof *items, compare_items);
    for (size_t i = 0; i < n; i++) {
        out.values[i] = items[i].value;
        if (i + 1 == n || items[i + 1].start != items[i].start)
            out.ends[out.starts++] = i + 1;
    }
    return out;
}

static void describe(const Groups *groups, size_t n, double cost, WbStartsFigures *out)
{
    g_autofree double *means = g_new(double, groups->starts);
    double count = (double)n, starts = (double)groups->starts;
    double mean = wb_stats_mean(groups->values, n);
    double between = 0, within = 0, squares = 0, reach;

    for (size_t s = 0, from = 0; s < groups->starts; from = groups->ends[s++]) {
        size_t size = groups->ends[s] - from;

        means[s] = wb_stats_mean(groups->values + from, size);
        between += (double)size * (means[s] - mean) * (means[s] - mean);
        squares += (double)size * (double)size;
        for (size_t i = from; i < groups->ends[s]; i++)
            within += (groups->values[i] - means[s]) * (groups->values[i] - means[s]);
    }
    between /= starts - 1;
    out->var_run = within / (count - starts);
    out->var_start = fmax(0, (between - out->var_run) / ((count - squares / count) / (starts - 1)));
    if (out->var_start + out->var_run > 0)
        out->icc = out->var_start / (out->var_start + out->var_run);
    reach = wb_dist_qt(0.975, starts - 1) * sqrt(wb_stats_variance(means, groups->starts) / starts);
    out->start_mean = wb_stats_mean(means, groups->starts);
    out->start_ci_lo = out->start_mean - reach;
    out->start_ci_hi = out->start_mean + reach;
    if (out->var_start > 0)
        out->runs_per_start =
            (int64_t)fmin(1e9, fmax(1, ceil(sqrt(cost * out->var_run / out->var_start))));
}

void wb_starts_describe(const int64_t *start, const double *values, size_t n, double cost,
                        WbStartsFigures *out)
{
    Groups groups = group(start, values, n);

    *out = (WbStartsFigures){NAN, NAN, NAN, NAN, NAN, NAN, WB_NONE};
    if (groups.starts >= 2 && n > groups.starts)
        describe(&groups, n, cost, out);
    g_free(groups.values);
    g_free(groups.ends);
}

size_t wb_starts_means(int64_t *start, double *values, size_t n)
{
    g_autoptr(GHashTable) places = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autofree size_t *runs = g_new0(size_t, n + 1);
    size_t starts = 0;

    for (size_t i = 0; i < n; i++) {
        size_t at = starts;

        if (start[i] != WB_NONE && g_hash_table_contains(places, &start[i]))
            at = GPOINTER_TO_SIZE(g_hash_table_lookup(places, &start[i]));
        if (at == starts) {
            start[at] = start[i];
            values[at] = values[i];
            if (start[at] != WB_NONE)
                g_hash_table_insert(places, &start[at], GSIZE_TO_POINTER(at));
            starts++;
        } else {
            values[at] += values[i];
        }
        runs[at]++;
    }
    for (size_t i = 0; i < starts; i++)
        values[i] /= (double)runs[i];
    return starts;
}
