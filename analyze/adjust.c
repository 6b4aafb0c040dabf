/* Adjust: see adjust.h. */
#include "analyze/adjust.h"

#include <glib.h>
#include <math.h>

typedef struct {
    double p;
    size_t at;
} Place;

static int compare_places(const void *a, const void *b)
{
    const Place *x = a, *y = b;

    return x->p == y->p ? (x->at > y->at) - (x->at < y->at) : (x->p > y->p) - (x->p < y->p);
}

void wb_adjust(const double *p, size_t n, double *out_bh, double *out_holm)
{
    g_autofree Place *places = g_new(Place, n + 1);
    double least = 1, most = 0;

    for (size_t i = 0; i < n; i++)
        places[i] = (Place){p[i], i};
    qsort(places, n, sizeof *places, compare_places);
    for (size_t i = n; out_bh && i > 0; i--) {
        least = fmin(least, places[i - 1].p * (double)n / (double)i);
        out_bh[places[i - 1].at] = least;
    }
    for (size_t i = 0; out_holm && i < n; i++) {
        most = fmax(most, (double)(n - i) * places[i].p);
        out_holm[places[i].at] = fmin(1, most);
    }
}
