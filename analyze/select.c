/* Select: see select.h. */
#include "analyze/select.h"

#include <assert.h>
#include <glib.h>
#include <math.h>
#include <stdbool.h>

#include "analyze/stats.h"

#define FEW           24  /* values that are sorted rather than parted */
#define LISTED_A_ITEM 4   /* differences listed per value of both samples */
#define ALL_LISTED    400 /* differences that are all listed and sorted, not looked for */

static void swap(double *x, double *y)
{
    double kept = *x;

    *x = *y;
    *y = kept;
}

static double middle_of_three(double x, double y, double z)
{
    double low = x < y ? x : y, high = x < y ? y : x;

    return z < low ? low : (z > high ? high : z);
}

/* Moves what is below (or, with `equal_too`, at most) the pivot to the front of [lo, hi) and
 * returns where that ends. No branch on the values: which way one goes is a coin toss, guessed
 * wrong half the time. */
static size_t part(double *v, size_t lo, size_t hi, double pivot, bool equal_too)
{
    size_t end = lo;

    for (size_t i = lo; i < hi; i++) {
        double x = v[i];

        v[i] = v[end];
        v[end] = x;
        end += equal_too ? x <= pivot : x < pivot;
    }
    return end;
}

static void sort_few(double *v, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && v[j] < v[j - 1]; j--)
            swap(&v[j], &v[j - 1]);
}

double wb_select(double *values, size_t n, size_t k)
{
    size_t lo = 0, hi = n;

    assert(k < n);
    while (hi - lo > FEW) {
        double pivot = middle_of_three(values[lo], values[lo + (hi - lo) / 2], values[hi - 1]);
        size_t end = part(values, lo, hi, pivot, false);

        if (k < end) {
            hi = end;
            continue;
        }
        lo = part(values, end, hi, pivot, true);
        if (k < lo)
            return values[k];
    }
    sort_few(values + lo, hi - lo);
    return values[k];
}

double wb_select_place(double *values, size_t n, double place)
{
    size_t k = (size_t)place;
    double x = wb_select(values, n, k), next;

    if (k + 1 >= n)
        return x;
    next = values[k + 1];
    for (size_t i = k + 2; i < n; i++)
        next = values[i] < next ? values[i] : next;
    return x + (place - (double)k) * (next - x);
}

double wb_select_quantile(double *values, size_t n, double p)
{
    assert(p >= 0 && p <= 1);
    return n ? wb_select_place(values, n, (double)(n - 1) * p) : (double)NAN;
}

void wb_select_space_clear(WbSelectSpace *space)
{
    g_free(space->values);
    *space = (WbSelectSpace){0};
}

/* How many differences b - a are at most x. */
static int64_t count_to(const double *a, size_t a_n, const double *b, size_t b_n, double x)
{
    int64_t count = 0;
    size_t j = 0;

    for (size_t i = 0; i < a_n; i++) {
        while (j < b_n && b[j] - a[i] <= x)
            j++;
        count += (int64_t)j;
    }
    return count;
}

/* The differences above lo and at most hi into `out`. */
static size_t list_between(const double *a, size_t a_n, const double *b, size_t b_n, double lo,
                           double hi, double *out)
{
    size_t from = 0, n = 0;

    for (size_t i = 0; i < a_n; i++) {
        while (from < b_n && b[from] - a[i] <= lo)
            from++;
        for (size_t j = from; j < b_n && b[j] - a[i] <= hi; j++)
            out[n++] = b[j] - a[i];
    }
    return n;
}

/* Between lo and hi: where the k-th would be if they were spread evenly; every third time the
 * middle, so that no shape makes it slow. */
static double guess(double lo, double hi, int64_t below, int64_t above, int64_t k, int step)
{
    double share = step % 3 == 2 ? 0.5 : ((double)(k - below) - 0.5) / (double)(above - below);
    double x = lo + share * (hi - lo);

    return x > lo && x < hi ? x : lo + (hi - lo) / 2;
}

static void grow(WbSelectSpace *space, size_t room)
{
    if (space->size >= room)
        return;
    g_free(space->values);
    space->values = g_new(double, room);
    space->size = room;
}

double wb_select_difference(const double *a, size_t a_n, const double *b, size_t b_n, int64_t k,
                            WbSelectSpace *space)
{
    size_t room = LISTED_A_ITEM * (a_n + b_n);
    /* `below` differences are at most lo (which is below them all at first), `above` at most hi. */
    double lo = nextafter(b[0] - a[a_n - 1], -INFINITY);
    double hi = b[b_n - 1] - a[0];
    int64_t below = 0, above = (int64_t)a_n * (int64_t)b_n;

    assert(k >= 1 && k <= above);
    for (int step = 0; above - below > (int64_t)room; step++) {
        double x = guess(lo, hi, below, above, k, step);
        int64_t count;

        if (!(x > lo && x < hi))
            return hi; /* neighbours: all that is left equals hi */
        count = count_to(a, a_n, b, b_n, x);
        if (count >= k) {
            hi = x;
            above = count;
        } else {
            lo = x;
            below = count;
        }
    }
    grow(space, room);
    return wb_select(space->values, list_between(a, a_n, b, b_n, lo, hi, space->values),
                     (size_t)(k - below - 1));
}

/* Merges the rising runs [lo, middle) and [middle, hi) of `from` into `to`. */
static void merge_runs(const double *from, size_t lo, size_t middle, size_t hi, double *to)
{
    size_t i = lo, j = middle;

    for (size_t n = lo; n < hi; n++)
        to[n] = j >= hi || (i < middle && from[i] <= from[j]) ? from[i++] : from[j++];
}

/* All differences in rising order. Those with one value of a are a rising run already: runs are
 * merged two by two. Needs room for 2 x a_n x b_n. */
static const double *sort_differences(const double *a, size_t a_n, const double *b, size_t b_n,
                                      double *room)
{
    size_t n = a_n * b_n;
    double *from = room, *to = room + n;

    for (size_t i = 0; i < a_n; i++)
        for (size_t j = 0; j < b_n; j++)
            from[i * b_n + j] = b[j] - a[i];
    for (size_t run = b_n; run < n; run *= 2) {
        double *sorted = to;

        for (size_t lo = 0; lo < n; lo += 2 * run)
            merge_runs(from, lo, MIN(lo + run, n), MIN(lo + 2 * run, n), to);
        to = from;
        from = sorted;
    }
    return from;
}

void wb_select_differences(const double *a, size_t a_n, const double *b, size_t b_n,
                           const int64_t *k, size_t n, double *out, WbSelectSpace *space)
{
    const double *sorted;

    if (a_n * b_n > ALL_LISTED) {
        for (size_t i = 0; i < n; i++)
            out[i] = wb_select_difference(a, a_n, b, b_n, k[i], space);
        return;
    }
    grow(space, 2 * a_n * b_n);
    sorted = sort_differences(a, a_n, b, b_n, space->values);
    for (size_t i = 0; i < n; i++)
        out[i] = sorted[k[i] - 1];
}
