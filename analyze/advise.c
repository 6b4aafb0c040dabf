/* Advise: see advise.h. */
#include "analyze/advise.h"

#include <math.h>

#include "analyze/two_samples.h"

#define FIGURE(kind, member)                                                                       \
    {                                                                                              \
#member, WB_FIGURE_##kind, false, offsetof(WbAdvice, member)                               \
    }

static const WbFigure figures[] = {
    FIGURE(INT, runs),        FIGURE(INT, runs_for_precision), FIGURE(INT, runs_for_order),
    FIGURE(INT, runs_wanted), FIGURE(INT, runs_missing),       FIGURE(REAL, run_s),
    FIGURE(REAL, missing_s),
};

const WbFigure *wb_advice_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

/* Mean time of a run with what belongs to it. */
static double time_of_run(const WbCaseSummary *of)
{
    int64_t ns = 0, n = 0;

    for (size_t i = 0; i < of->complete_n; i++) {
        const WbRun *run = of->complete[i];

        if (run->elapsed_ns == WB_NONE)
            continue;
        ns += run->elapsed_ns + MAX(0, run->warmup_ns) + MAX(0, run->drain_ns);
        n++;
    }
    return n ? (double)ns / (double)n / 1e9 : (double)NAN;
}

static const WbCaseSummary *case_at(const WbRankTable *table, size_t place)
{
    return table->views[table->ranking->order[place]]->of;
}

static bool has_runs(const WbRankTable *table, size_t place)
{
    return table->views[table->ranking->order[place]]->from_runs;
}

/* Runs a side until two neighbours that tie are told apart; WB_NONE: they are already, they are too
 * near to each other, or it takes too many. */
static int64_t runs_for_pair(const WbRankTables *tables, const WbRankTable *table, size_t ahead,
                             WbTwoSamplesSpace *space)
{
    const WbRankPair *pair = wb_ranking_pair(table->ranking, ahead, ahead + 1);
    const WbCaseSummary *a = case_at(table, ahead), *b = case_at(table, ahead + 1);
    WbTwoSamplesOptions options = {.min_effect = expm1(fabs(log(pair->ratio)))};
    WbTwoSamplesFigures described;
    const WbTwoSamples samples = {.a = a->values,
                                  .a_n = a->values_n,
                                  .a_half = a->rate.half,
                                  .b = b->values,
                                  .b_n = b->values_n,
                                  .b_half = b->rate.half};

    if (pair->different || !(options.min_effect >= tables->tie_margin_share) ||
        !has_runs(table, ahead) || !has_runs(table, ahead + 1))
        return WB_NONE;
    wb_two_samples_describe(&samples, &options, space, &described);
    return described.runs_needed_compare;
}

static void sum_up(WbAdvice *advice)
{
    bool is_endless = advice->runs_for_precision == WB_NONE;
    int64_t wanted = MAX(WB_MEDIAN_RUNS_SHOWN, advice->runs_for_precision);

    if (advice->runs_for_order != WB_NONE)
        wanted = MAX(wanted, advice->runs_for_order);
    advice->runs_wanted = is_endless ? WB_NONE : wanted;
    advice->runs_missing = is_endless ? WB_NONE : MAX(0, wanted - advice->runs);
    advice->missing_s = is_endless ? (double)NAN : (double)advice->runs_missing * advice->run_s;
}

static void add_table(const WbRankTables *tables, const WbRankTable *table, double precision,
                      GArray *out)
{
    g_autoptr(WbTwoSamplesSpace) pairs = wb_two_samples_space_new();
    g_autoptr(WbSampleSpace) space = wb_sample_space_new();
    int64_t before = WB_NONE; /* of the pair with the case ahead */

    for (size_t i = 0; i < table->ranking->ranked_n; i++) {
        const WbCaseSummary *of = case_at(table, i);
        int64_t behind =
            i + 1 < table->ranking->ranked_n ? runs_for_pair(tables, table, i, pairs) : WB_NONE;
        WbAdvice advice = {.of = of,
                           .runs = of->runs_complete,
                           .runs_for_precision = WB_NONE,
                           .runs_for_order = MAX(before, behind),
                           .run_s = time_of_run(of)};

        before = behind;
        if (!has_runs(table, i))
            continue;
        if (of->rate.mean > 0 && of->values_n >= 2)
            advice.runs_for_precision = wb_sample_runs_needed(
                space, fmax(of->rate.stdev, of->rate.half / sqrt(3)) / of->rate.mean, precision);
        else
            advice.runs_for_precision = WB_MEDIAN_RUNS_SHOWN; /* one run says nothing of spread */
        sum_up(&advice);
        g_array_append_val(out, advice);
    }
}

GArray *wb_advise(const WbRankTables *tables, double precision)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(WbAdvice));

    for (guint t = 0; t < tables->list->len; t++)
        add_table(tables, wb_rank_table_at(tables, t), precision, out);
    return out;
}
