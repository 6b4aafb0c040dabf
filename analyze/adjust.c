/* Adjust: see adjust.h. */
#include "analyze/adjust.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK(wb - adjust - error - quark, wb_adjust_error)

static const char *const names[] = {
    [WB_ADJUST_BH] = "bh", [WB_ADJUST_HOLM] = "holm", [WB_ADJUST_NONE] = "none"};

bool wb_adjust_parse(const char *text, WbAdjust *out, GError **error)
{
    *out = WB_ADJUST_BH;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (!text || !strcmp(text, names[i])) {
            *out = (WbAdjust)i;
            return true;
        }
    g_set_error(error, WB_ADJUST_ERROR, WB_ADJUST_ERROR_NAME,
                "--adjust takes bh (false discovery rate), holm (family-wise) or none, not '%s'",
                text);
    return false;
}

const char *wb_adjust_name(WbAdjust how)
{
    return names[how];
}

void wb_adjust_by(WbAdjust how, const double *p, size_t n, double *out)
{
    if (how == WB_ADJUST_NONE)
        memcpy(out, p, n * sizeof *p);
    else
        wb_adjust(p, n, how == WB_ADJUST_BH ? out : NULL, how == WB_ADJUST_HOLM ? out : NULL);
}

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
