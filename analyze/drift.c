/* Drift: see drift.h. */
#include "analyze/drift.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "analyze/select.h"
#include "analyze/signed_rank.h"
#include "analyze/trend.h"

#define SECONDS_AN_HOUR 3600
#define LEVEL           0.01 /* of the test */
#define LEAST_PCT       2    /* slope over the campaign that matters */
#define FIRST_LEAST     6    /* cases */

/* clang-format off: one figure a line */
#define REAL(of, member)                                                                           \
    {                                                                                              \
#member, WB_FIGURE_REAL, false, offsetof(of, member)                                       \
    }
#define INT(of, member)                                                                            \
    {                                                                                              \
#member, WB_FIGURE_INT, false, offsetof(of, member)                                        \
    }
#define WORD(of, member)                                                                           \
    {                                                                                              \
#member, WB_FIGURE_WORD, false, offsetof(of, member)                                       \
    }
static const WbFigure case_figures[] = {
    INT(WbDriftCase, mk_s),
    REAL(WbDriftCase, mk_p),
    WORD(WbDriftCase, mk_method),
    REAL(WbDriftCase, slope_pct_per_run),
    REAL(WbDriftCase, slope_pct_per_hour),
};
static const WbFigure campaign_figures[] = {
    INT(WbDriftCampaign, mk_s),
    REAL(WbDriftCampaign, mk_p),
    WORD(WbDriftCampaign, mk_method),
    REAL(WbDriftCampaign, slope_pct_per_hour),
    REAL(WbDriftCampaign, slope_pct),
    REAL(WbDriftCampaign, lag1),
    REAL(WbDriftCampaign, first_run_median_pct),
    REAL(WbDriftCampaign, first_run_v),
    REAL(WbDriftCampaign, first_run_p),
    WORD(WbDriftCampaign, first_run_method),
    WORD(WbDriftCampaign, drift),
};
/* clang-format on */

const WbFigure *wb_drift_case_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(case_figures);
    return case_figures;
}

const WbFigure *wb_drift_campaign_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(campaign_figures);
    return campaign_figures;
}

static double median_of(const double *values, size_t n)
{
    g_autofree double *room = g_memdup2(values, n * sizeof *values);

    return wb_select_quantile(room, n, 0.5);
}

/* Times in hours (caller frees). */
static double *hours_of(const double *start_s, size_t n)
{
    double *hours = g_new(double, n + 1);

    for (size_t i = 0; i < n; i++)
        hours[i] = start_s[i] / SECONDS_AN_HOUR;
    return hours;
}

/* Which of n runs is the i-th of `taken` evenly spaced ones. */
static size_t spaced(size_t i, size_t taken, size_t n)
{
    return taken == n ? i : i * (n - 1) / (taken - 1);
}

void wb_drift_case(const double *start_s, const double *values, size_t n, WbDriftCase *out)
{
    size_t taken = MIN(n, WB_DRIFT_MOST);
    g_autofree double *y = g_new(double, taken + 1);
    g_autofree double *hours = g_new(double, taken + 1);
    g_autofree double *places = g_new(double, taken + 1);
    double median = median_of(values, n);
    WbTrendTest test;

    for (size_t i = 0; i < taken; i++) {
        y[i] = values[spaced(i, taken, n)];
        places[i] = (double)spaced(i, taken, n);
        hours[i] = start_s[spaced(i, taken, n)] / SECONDS_AN_HOUR;
    }
    test = wb_trend_test(values, n);
    *out =
        (WbDriftCase){test.s, test.p, test.method, 100 * wb_trend_slope(places, y, taken) / median,
                      100 * wb_trend_slope(hours, y, taken) / median};
}

/* ---- campaign ----------------------------------------------------------------------------- */

/* What is left of the runs when the level of their cases is taken out: ln(x / median). */
typedef struct {
    double *start_s, *residual; /* [n] */
    size_t n;
    double *first; /* [first_n] residuals of the cases' first runs */
    size_t first_n;
} Residuals;

static void residuals_clear(Residuals *r)
{
    g_free(r->start_s);
    g_free(r->residual);
    g_free(r->first);
}

/* [cases_n] medians (caller frees). */
static double *medians_of(const WbDriftRun *runs, size_t n, size_t cases_n)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    double *medians = g_new(double, cases_n + 1);

    for (size_t i = 0; i < cases_n; i++)
        g_ptr_array_add(values, g_array_new(FALSE, FALSE, sizeof(double)));
    for (size_t i = 0; i < n; i++)
        g_array_append_val((GArray *)values->pdata[runs[i].of_case], runs[i].value);
    for (size_t i = 0; i < cases_n; i++) {
        GArray *of = values->pdata[i];

        medians[i] = wb_select_quantile((double *)(void *)of->data, of->len, 0.5);
    }
    return medians;
}

static void take_residuals(const WbDriftRun *runs, size_t n, size_t cases_n, Residuals *out)
{
    g_autofree double *medians = medians_of(runs, n, cases_n);
    g_autofree bool *seen = g_new0(bool, cases_n + 1);
    size_t taken = MIN(n, WB_DRIFT_MOST);

    *out = (Residuals){.start_s = g_new(double, taken + 1),
                       .residual = g_new(double, taken + 1),
                       .n = taken,
                       .first = g_new(double, cases_n + 1)};
    for (size_t i = 0; i < n; i++)
        if (!seen[runs[i].of_case]) {
            seen[runs[i].of_case] = true;
            out->first[out->first_n++] = log(runs[i].value / medians[runs[i].of_case]);
        }
    for (size_t i = 0; i < taken; i++) {
        const WbDriftRun *run = &runs[spaced(i, taken, n)];

        out->start_s[i] = run->start_s;
        out->residual[i] = log(run->value / medians[run->of_case]);
    }
}

static void describe_first(const Residuals *r, WbDriftCampaign *out)
{
    out->first_run_median_pct = 100 * expm1(median_of(r->first, r->first_n));
    if (r->first_n >= FIRST_LEAST) {
        WbSignedRank test = wb_signed_rank_test(r->first, r->first_n);

        out->first_run_v = test.v;
        out->first_run_p = test.p;
        out->first_run_method = test.method;
    }
}

static const char *word_for(const WbDriftCampaign *of, size_t n)
{
    if (n < WB_DRIFT_LEAST)
        return WB_DRIFT_UNKNOWN;
    if (!(of->mk_p <= LEVEL) || !(fabs(of->slope_pct) >= LEAST_PCT))
        return WB_DRIFT_NONE;
    return of->slope_pct > 0 ? WB_DRIFT_UP : WB_DRIFT_DOWN;
}

static void find_levels(const Residuals *r, WbSteadyFigures *out)
{
    g_autofree double *ratios = g_new(double, r->n + 1);

    for (size_t i = 0; i < r->n; i++)
        ratios[i] = exp(r->residual[i]);
    wb_steady_describe(ratios, r->n, 0, out);
}

void wb_drift_campaign(const WbDriftRun *runs, size_t n, size_t cases_n, WbDriftCampaign *out,
                       WbSteadyFigures *out_levels)
{
    g_autofree double *hours = NULL;
    WbTrendTest test;
    Residuals r;

    take_residuals(runs, n, cases_n, &r);
    test = wb_trend_test(r.residual, r.n);
    hours = hours_of(r.start_s, r.n);
    *out = (WbDriftCampaign){.mk_s = test.s,
                             .mk_p = test.p,
                             .mk_method = test.method,
                             .slope_pct_per_hour = 100 * wb_trend_slope(hours, r.residual, r.n),
                             .lag1 = wb_trend_lag1(r.residual, r.n),
                             .first_run_v = NAN,
                             .first_run_p = NAN,
                             .first_run_method = "none"};
    out->slope_pct = r.n > 0 ? out->slope_pct_per_hour * (hours[r.n - 1] - hours[0]) : (double)NAN;
    out->drift = word_for(out, n);
    describe_first(&r, out);
    if (out_levels)
        find_levels(&r, out_levels);
    residuals_clear(&r);
}
