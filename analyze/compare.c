/* Compare: see compare.h. */
#include "analyze/compare.h"

#include <math.h>
#include <string.h>

#include "analyze/adjust.h"
#include "analyze/distributions.h"
#include "analyze/rank_sum.h"
#include "analyze/signed_rank.h"
#include "analyze/stats.h"

#define Z975          1.9599639845400545 /* qnorm(0.975) */
#define OVERALL_LEAST 6
#define RUNS_MOST     1000

/* clang-format off: one figure a line */
#define OF(member) offsetof(WbCompareTogether, member)
#define REAL(member)                                                                               \
    {                                                                                              \
#member, WB_FIGURE_REAL, false, OF(member)                                                 \
    }
#define INT(member)                                                                                \
    {                                                                                              \
#member, WB_FIGURE_INT, false, OF(member)                                                  \
    }
static const WbFigure figures[] = {
    REAL(geomean_ratio),
    REAL(geomean_lo),
    REAL(geomean_hi),
    INT(geomean_n),
    REAL(overall_v),
    REAL(overall_p),
    {"overall_method", WB_FIGURE_WORD, false, OF(overall_method)},
    INT(n_faster),
    INT(n_slower),
    INT(n_no_difference),
    INT(n_inconclusive),
    INT(n_too_few_runs),
    INT(n_not_comparable),
    INT(runs_to_show_one),
};
/* clang-format on */

const WbFigure *wb_compare_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

/* ---- describing, on all cores -----------------------------------------------------------------
 */

typedef struct {
    WbComparedCase *cases;
    size_t n;
    const WbCompareOptions *options;
    int next; /* atomic: the next block of cases */
} Work;

#define BLOCK 16

static void *describe_blocks(void *data)
{
    Work *work = data;
    WbTwoSamplesOptions options = {.min_effect = work->options->min_effect,
                                   .bootstrap = work->options->bootstrap};
    g_autoptr(WbTwoSamplesSpace) space = wb_two_samples_space_new();

    for (;;) {
        size_t from = (size_t)g_atomic_int_add(&work->next, 1) * BLOCK;

        if (from >= work->n)
            return NULL;
        for (size_t i = from; i < MIN(from + BLOCK, work->n); i++)
            wb_two_samples_describe(&work->cases[i].samples, &options, space,
                                    &work->cases[i].figures);
    }
}

static void describe_all(WbComparedCase *cases, size_t n, const WbCompareOptions *options)
{
    Work work = {cases, n, options, 0};
    guint cores = (guint)MIN(g_get_num_processors(), n / BLOCK + 1);
    g_autofree GThread **threads = g_new0(GThread *, cores);

    for (guint i = 1; i < cores; i++)
        threads[i] = g_thread_new("compare", describe_blocks, &work);
    describe_blocks(&work);
    for (guint i = 1; i < cores; i++)
        g_thread_join(threads[i]);
}

/* ---- verdicts ---------------------------------------------------------------------------------
 */

static bool is_tested(const WbComparedCase *c)
{
    return !c->verdict_reason && !isnan(c->figures.ratio_conf) &&
           wb_two_samples_can_show(c->samples.a_n, c->samples.b_n, c->samples.paired);
}

static void adjust(WbComparedCase *cases, size_t n, WbAdjust how)
{
    g_autofree double *p = g_new(double, n + 1);
    g_autofree double *chosen = g_new(double, n + 1);
    g_autofree double *holm = g_new(double, n + 1);
    size_t tested = 0;

    for (size_t i = 0; i < n; i++)
        if (is_tested(&cases[i]))
            p[tested++] = cases[i].figures.p;
    wb_adjust_by(how, p, tested, chosen);
    wb_adjust(p, tested, NULL, holm);
    tested = 0;
    for (size_t i = 0; i < n; i++) {
        bool is = is_tested(&cases[i]);

        cases[i].p_adj = is ? chosen[tested] : (double)NAN;
        cases[i].p_adj_holm = is ? holm[tested] : (double)NAN;
        tested += is;
    }
}

/* An effect with its interval, and the smallest one that matters, on one scale. */
typedef struct {
    double effect, lo, hi, least;
} Scale;

static Scale scale_of(const WbTwoSamplesFigures *f, double min_effect)
{
    if (!isnan(f->ratio))
        return (Scale){log(f->ratio), log(f->ratio_lo), log(f->ratio_hi), log1p(min_effect)};
    return (Scale){f->shift, f->shift_lo, f->shift_hi, min_effect * fabs(f->median_a)};
}

static void judge(WbComparedCase *c, const WbCompareOptions *options)
{
    Scale s = scale_of(&c->figures, options->min_effect);
    bool shown = c->p_adj <= WB_TWO_SAMPLES_LEVEL && (s.lo > 0 || s.hi < 0);

    if (c->verdict_reason) {
        c->verdict = WB_VERDICT_NOT_COMPARABLE;
    } else if (isnan(c->p_adj)) {
        c->verdict = WB_VERDICT_TOO_FEW_RUNS;
    } else if (shown && fabs(s.effect) >= s.least) {
        c->verdict =
            (s.effect > 0) != options->lower_is_better ? WB_VERDICT_FASTER : WB_VERDICT_SLOWER;
    } else if (shown) {
        c->verdict = WB_VERDICT_NO_DIFFERENCE;
        c->verdict_reason = WB_REASON_BELOW_MIN_EFFECT;
    } else if (-s.least <= s.lo && s.hi <= s.least) {
        c->verdict = WB_VERDICT_NO_DIFFERENCE;
        c->verdict_reason = WB_REASON_EQUIVALENT;
    } else {
        c->verdict = WB_VERDICT_INCONCLUSIVE;
    }
}

/* ---- together ---------------------------------------------------------------------------------
 */

static int64_t *count_of(WbCompareTogether *out, const char *verdict)
{
    const struct {
        const char *verdict;
        int64_t *count;
    } counts[] = {
        {WB_VERDICT_FASTER, &out->n_faster},
        {WB_VERDICT_SLOWER, &out->n_slower},
        {WB_VERDICT_NO_DIFFERENCE, &out->n_no_difference},
        {WB_VERDICT_INCONCLUSIVE, &out->n_inconclusive},
        {WB_VERDICT_TOO_FEW_RUNS, &out->n_too_few_runs},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        if (!strcmp(counts[i].verdict, verdict))
            return counts[i].count;
    return &out->n_not_comparable;
}

static bool has_ratio(const WbComparedCase *c)
{
    return strcmp(c->verdict, WB_VERDICT_NOT_COMPARABLE) != 0 && !isnan(c->figures.ratio);
}

/* Square of the standard error of ln ratio, from its interval; NaN if there is none. */
static double square_error(const WbTwoSamplesFigures *f)
{
    double z, width;

    if (!(f->ratio_conf > 0))
        return NAN;
    z = wb_dist_qnorm((1 + f->ratio_conf) / 2);
    width = (log(f->ratio_hi) - log(f->ratio_lo)) / (2 * z);
    return width * width;
}

static void add_geomean(const WbComparedCase *cases, size_t n, WbCompareTogether *out)
{
    g_autofree double *logs = g_new(double, n + 1);
    double squares = 0;
    double mean, error;
    size_t m = 0;

    for (size_t i = 0; i < n; i++)
        if (has_ratio(&cases[i])) {
            logs[m++] = log(cases[i].figures.ratio);
            squares += square_error(&cases[i].figures);
        }
    out->geomean_n = (int64_t)m;
    if (m == 0)
        return;
    mean = wb_stats_mean(logs, m);
    error = Z975 * sqrt(squares) / (double)m;
    out->geomean_ratio = exp(mean);
    out->geomean_lo = exp(mean - error);
    out->geomean_hi = exp(mean + error);
    if (m >= OVERALL_LEAST) {
        WbSignedRank test = wb_signed_rank_test(logs, m);

        out->overall_v = test.v;
        out->overall_p = test.p;
        out->overall_method = test.method;
    }
}

/* The fewest runs a side with which one changed case in so many can be shown at all. */
static int64_t runs_to_show_one(const WbComparedCase *cases, size_t n)
{
    double tested = 0, level;
    bool can = false;
    size_t runs = 2;

    for (size_t i = 0; i < n; i++)
        tested += !isnan(cases[i].p_adj);
    if (tested == 0)
        return WB_NONE;
    level = WB_TWO_SAMPLES_LEVEL / tested;
    for (size_t i = 0; i < n; i++)
        if (!isnan(cases[i].p_adj))
            can |= wb_rank_sum_least_p(cases[i].samples.a_n, cases[i].samples.b_n) <= level;
    while (runs < RUNS_MOST && wb_rank_sum_least_p(runs, runs) > level)
        runs++;
    return can ? WB_NONE : (int64_t)runs;
}

void wb_compare_put_together(const WbComparedCase *cases, size_t n, WbCompareTogether *out)
{
    *out = (WbCompareTogether){.geomean_ratio = NAN,
                               .geomean_lo = NAN,
                               .geomean_hi = NAN,
                               .overall_v = NAN,
                               .overall_p = NAN,
                               .overall_method = "none"};
    for (size_t i = 0; i < n; i++)
        (*count_of(out, cases[i].verdict))++;
    add_geomean(cases, n, out);
    out->runs_to_show_one = out->n_inconclusive > 0 ? runs_to_show_one(cases, n) : WB_NONE;
}

void wb_compare_judge(WbComparedCase *cases, size_t n, const WbCompareOptions *options,
                      WbCompareTogether *out)
{
    describe_all(cases, n, options);
    adjust(cases, n, options->adjust);
    for (size_t i = 0; i < n; i++)
        judge(&cases[i], options);
    wb_compare_put_together(cases, n, out);
}
