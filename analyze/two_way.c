/*
 * Two way. All fits are made on cell means, weighted by the values behind them: the sum of squares
 * within cells is common to all of them. Differences of fits are sums of squares of differences,
 * never differences of sums, so that a factor without influence does not drown in rounding.
 */
#include "analyze/two_way.h"

#include <glib.h>
#include <math.h>

#include "analyze/distributions.h"
#include "analyze/stats.h"
#include "analyze/two_way_block.h"

#define POLISH_EPS    0.01
#define POLISH_ROUNDS 10

/* clang-format off: one figure a line */
static const WbFigure figures[] = {
    {"n_obs", WB_FIGURE_INT, false, offsetof(WbTwoWayFigures, n_obs)},
    {"n_cells", WB_FIGURE_INT, false, offsetof(WbTwoWayFigures, n_cells)},
    {"share_interaction", WB_FIGURE_REAL, false, offsetof(WbTwoWayFigures, share_interaction)},
    {"share_residual", WB_FIGURE_REAL, false, offsetof(WbTwoWayFigures, share_residual)},
    {"f_interaction", WB_FIGURE_REAL, false, offsetof(WbTwoWayFigures, f_interaction)},
    {"p_interaction", WB_FIGURE_REAL, false, offsetof(WbTwoWayFigures, p_interaction)},
    {"mp_overall", WB_FIGURE_REAL, true, offsetof(WbTwoWayFigures, mp_overall)},
};
static const WbFigure factor_figures[] = {
    {"share", WB_FIGURE_REAL, false, offsetof(WbTwoWayFactor, share)},
    {"f", WB_FIGURE_REAL, false, offsetof(WbTwoWayFactor, f)},
    {"p", WB_FIGURE_REAL, false, offsetof(WbTwoWayFactor, p)},
    {"spread", WB_FIGURE_REAL, false, offsetof(WbTwoWayFactor, spread)},
};
/* clang-format on */

const WbFigure *wb_two_way_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

const WbFigure *wb_two_way_factor_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(factor_figures);
    return factor_figures;
}

void wb_two_way_figures_clear(WbTwoWayFigures *out)
{
    for (size_t f = 0; f < WB_FACTORS; f++) {
        g_clear_pointer(&out->factor[f].effect, g_free);
        g_clear_pointer(&out->factor[f].mp, g_free);
    }
    g_clear_pointer(&out->block_of, g_free);
}

/* ---- fits: each fills the fitted value of every cell ----------------------------------------- */

static void fit_grand(const WbTwoWayBlock *block, double *out_fit)
{
    long double sum = 0;

    for (size_t i = 0; i < block->n; i++)
        sum += (long double)block->weight[i] * block->mean[i];
    for (size_t i = 0; i < block->n; i++)
        out_fit[i] = (double)(sum / block->values_n);
}

/* Weighted means of one factor's levels. */
static void fit_levels(const WbTwoWayBlock *block, WbFactorKind f, double *out_fit)
{
    g_autofree double *sum = g_new0(double, block->levels[f]);
    g_autofree double *weight = g_new0(double, block->levels[f]);

    for (size_t i = 0; i < block->n; i++) {
        sum[block->level[f][i]] += block->weight[i] * block->mean[i];
        weight[block->level[f][i]] += block->weight[i];
    }
    for (size_t i = 0; i < block->n; i++)
        out_fit[i] = sum[block->level[f][i]] / weight[block->level[f][i]];
}

/* Cholesky's factor of a symmetric positive matrix in its lower half, then both substitutions;
 * x holds the right side, then the solution. */
static void solve(long double *matrix, size_t n, long double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            long double sum = matrix[i * n + j];

            for (size_t k = 0; k < j; k++)
                sum -= matrix[i * n + k] * matrix[j * n + k];
            matrix[i * n + j] = i == j ? sqrtl(sum) : sum / matrix[j * n + j];
        }
        for (size_t k = 0; k < i; k++)
            x[i] -= matrix[i * n + k] * x[k];
        x[i] /= matrix[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            x[i] -= matrix[k * n + i] * x[k];
        x[i] /= matrix[i * n + i];
    }
}

/* Sums of weights, and of weights times means, of the cells of one list. */
static void sum_list(const WbTwoWayBlock *block, const WbTwoWayLists *lists, size_t l,
                     long double *out_weight, long double *out_sum)
{
    *out_weight = *out_sum = 0;
    for (size_t i = lists->start[l]; i < lists->start[l + 1]; i++) {
        size_t cell = lists->index[i];

        *out_weight += block->weight[cell];
        *out_sum += (long double)block->weight[cell] * block->mean[cell];
    }
}

/* The normal equations of the factor `kept`, the other one eliminated; level 0 of it stays 0. */
static void coefficients_of_kept(const WbTwoWayBlock *block, WbFactorKind kept,
                                 const WbTwoWayLists *lists, size_t lists_n, long double *out)
{
    const size_t *level = block->level[kept];
    size_t n = block->levels[kept] - 1;
    g_autofree long double *matrix = g_new0(long double, n *n + 1);

    for (size_t k = 0; k <= n; k++)
        out[k] = 0;
    for (size_t l = 0; l < lists_n; l++) {
        long double weight, sum;

        sum_list(block, lists, l, &weight, &sum);
        for (size_t i = lists->start[l]; i < lists->start[l + 1]; i++) {
            size_t a = lists->index[i];
            long double w = block->weight[a];

            out[level[a]] += w * block->mean[a] - w * sum / weight;
            if (level[a] == 0)
                continue;
            matrix[(level[a] - 1) * n + level[a] - 1] += w;
            for (size_t j = lists->start[l]; j < lists->start[l + 1]; j++) {
                size_t b = lists->index[j];

                if (level[b] > 0 && level[b] <= level[a])
                    matrix[(level[a] - 1) * n + level[b] - 1] -= w * block->weight[b] / weight;
            }
        }
    }
    out[0] = 0;
    solve(matrix, n, out + 1);
}

static void centre(long double *values, size_t n)
{
    long double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    for (size_t i = 0; i < n; i++)
        values[i] -= sum / (long double)n;
}

/* Rows + columns. Also the coefficients [levels] of each factor, centred. */
static void fit_both(const WbTwoWayBlock *block, double *out_fit,
                     long double *const out[WB_FACTORS])
{
    WbFactorKind kept =
        block->levels[WB_FACTOR_ROW] < block->levels[WB_FACTOR_COL] ? WB_FACTOR_ROW : WB_FACTOR_COL;
    WbFactorKind gone = kept == WB_FACTOR_ROW ? WB_FACTOR_COL : WB_FACTOR_ROW;
    WbTwoWayLists lists = wb_two_way_lists_of(block, gone);

    coefficients_of_kept(block, kept, &lists, block->levels[gone], out[kept]);
    for (size_t l = 0; l < block->levels[gone]; l++) {
        long double weight, sum;

        sum_list(block, &lists, l, &weight, &sum);
        for (size_t i = lists.start[l]; i < lists.start[l + 1]; i++)
            sum -= block->weight[lists.index[i]] * out[kept][block->level[kept][lists.index[i]]];
        out[gone][l] = sum / weight;
    }
    for (size_t i = 0; i < block->n; i++)
        out_fit[i] = (double)(out[WB_FACTOR_ROW][block->level[WB_FACTOR_ROW][i]] +
                              out[WB_FACTOR_COL][block->level[WB_FACTOR_COL][i]]);
    centre(out[WB_FACTOR_ROW], block->levels[WB_FACTOR_ROW]);
    centre(out[WB_FACTOR_COL], block->levels[WB_FACTOR_COL]);
    wb_two_way_lists_clear(&lists);
}

/* Weighted sum of squares between two fits. */
static double between(const WbTwoWayBlock *block, const double *x, const double *y)
{
    long double sum = 0;

    for (size_t i = 0; i < block->n; i++) {
        long double d = (long double)x[i] - y[i];

        sum += block->weight[i] * d * d;
    }
    return (double)sum;
}

/* ---- figures -------------------------------------------------------------------------------- */

/* F of a sum of squares with its degrees of freedom, against the variation within cells. */
static void test(const WbTwoWayBlock *block, double squares, double df, double *out_f,
                 double *out_p)
{
    double df_within = block->values_n - (double)block->n;
    double f;

    if (df <= 0 || df_within <= 0 || !(block->within > 0))
        return;
    f = squares / df / (block->within / df_within);
    *out_f = f;
    *out_p = wb_dist_ibeta(df_within / 2, df / 2, df_within / (df_within + df * f),
                           df * f / (df_within + df * f));
}

static void describe_fits(const WbTwoWayBlock *block, long double *const coefficients[WB_FACTORS],
                          WbTwoWayFigures *out)
{
    size_t n = block->n;
    g_autofree double *room = g_new(double, n * 4);
    double *grand = room, *both = room + n, *alone[] = {room + 2 * n, room + 3 * n};
    double all, lack, part;
    double levels = 0;

    fit_grand(block, grand);
    fit_both(block, both, coefficients);
    all = block->within + between(block, block->mean, grand);
    lack = between(block, block->mean, both);
    for (size_t f = 0; f < WB_FACTORS; f++) {
        fit_levels(block, (WbFactorKind)f, alone[f]);
        levels += (double)block->levels[f];
    }
    for (size_t f = 0; f < WB_FACTORS; f++) {
        WbTwoWayFactor *factor = &out->factor[f];

        part = between(block, both, alone[1 - f]);
        test(block, part, (double)block->levels[f] - 1, &factor->f, &factor->p);
        if (block->levels[f] > 1 && all > 0)
            factor->share = (part + between(block, alone[f], grand)) / (2 * all);
    }
    test(block, lack, (double)n - (levels - 1), &out->f_interaction, &out->p_interaction);
    if (!(all > 0))
        return;
    /* one value a cell: nothing tells both together from noise */
    if (block->values_n > (double)n)
        out->share_interaction = lack / all;
    out->share_residual = (block->values_n > (double)n ? block->within : lack) / all;
}

static void spread_out(const WbTwoWayBlock *block, WbFactorKind f, const long double *coefficients,
                       double *out_levels)
{
    for (size_t l = 0; l < block->levels[f]; l++)
        out_levels[block->source[f][l]] = (double)expl(coefficients[l]);
}

static double spread_of(const long double *coefficients, size_t n)
{
    long double lo = coefficients[0], hi = coefficients[0];

    for (size_t i = 1; i < n; i++) {
        lo = fminl(lo, coefficients[i]);
        hi = fmaxl(hi, coefficients[i]);
    }
    return (double)expl(hi - lo);
}

/* Takes the median of every level of a factor out of its cells' rest and into its effect, then the
 * median of the other factor's effects into the overall level. */
static void polish(const WbTwoWayBlock *block, WbFactorKind f, const WbTwoWayLists *lists,
                   double *rest, double *const effects[WB_FACTORS], double *overall, double *room)
{
    size_t other = 1 - (size_t)f;
    double middle;

    for (size_t l = 0; l < block->levels[f]; l++) {
        size_t from = lists->start[l], n = lists->start[l + 1] - from;

        for (size_t i = 0; i < n; i++)
            room[i] = rest[lists->index[from + i]];
        wb_stats_sort(room, n);
        middle = wb_stats_median(room, n);
        effects[f][l] += middle;
        for (size_t i = 0; i < n; i++)
            rest[lists->index[from + i]] -= middle;
    }
    for (size_t l = 0; l < block->levels[other]; l++)
        room[l] = effects[other][l];
    wb_stats_sort(room, block->levels[other]);
    middle = wb_stats_median(room, block->levels[other]);
    for (size_t l = 0; l < block->levels[other]; l++)
        effects[other][l] -= middle;
    *overall += middle;
}

static void describe_polish(const WbTwoWayBlock *block, WbTwoWayFigures *out)
{
    WbTwoWayLists lists[] = {wb_two_way_lists_of(block, WB_FACTOR_ROW),
                             wb_two_way_lists_of(block, WB_FACTOR_COL)};
    g_autofree double *rest = g_memdup2(block->median, block->n * sizeof(double));
    g_autofree double *rows = g_new0(double, block->levels[WB_FACTOR_ROW]);
    g_autofree double *cols = g_new0(double, block->levels[WB_FACTOR_COL]);
    g_autofree double *room = g_new(double, block->n + 1); /* a block has at least so many cells */
    double *const effects[] = {rows, cols};
    double overall = 0, before = 0;

    for (size_t round = 0; round < POLISH_ROUNDS; round++) {
        long double now = 0;

        polish(block, WB_FACTOR_ROW, &lists[WB_FACTOR_ROW], rest, effects, &overall, room);
        polish(block, WB_FACTOR_COL, &lists[WB_FACTOR_COL], rest, effects, &overall, room);
        for (size_t i = 0; i < block->n; i++)
            now += fabs(rest[i]);
        if (now == 0 || fabsl(now - before) < POLISH_EPS * now)
            break;
        before = (double)now;
    }
    out->mp_overall = exp(overall + block->base);
    for (size_t f = 0; f < WB_FACTORS; f++) {
        for (size_t l = 0; l < block->levels[f]; l++)
            out->factor[f].mp[block->source[f][l]] = exp(effects[f][l]);
        wb_two_way_lists_clear(&lists[f]);
    }
}

static double *none_of(size_t n)
{
    double *list = g_new(double, n + 1);

    for (size_t i = 0; i < n; i++)
        list[i] = NAN;
    return list;
}

static void init_figures(const WbTwoWay *in, WbTwoWayFigures *out)
{
    const size_t levels[] = {in->rows_n, in->cols_n};

    *out = (WbTwoWayFigures){.share_interaction = NAN,
                             .share_residual = NAN,
                             .f_interaction = NAN,
                             .p_interaction = NAN,
                             .mp_overall = NAN,
                             .block_of = g_new0(size_t, in->cells_n + 1)};
    for (size_t f = 0; f < WB_FACTORS; f++)
        out->factor[f] = (WbTwoWayFactor){.share = NAN,
                                          .f = NAN,
                                          .p = NAN,
                                          .spread = NAN,
                                          .effect = none_of(levels[f]),
                                          .mp = none_of(levels[f]),
                                          .levels_n = levels[f]};
}

bool wb_two_way_describe(const WbTwoWay *in, WbTwoWayFigures *out)
{
    WbTwoWayBlock block;
    bool fits;

    init_figures(in, out);
    if (in->cells_n == 0)
        return true;
    wb_two_way_find_blocks(in, out->block_of);
    wb_two_way_block_init(&block, in, out->block_of);
    out->n_obs = (int64_t)block.values_n;
    out->n_cells = (int64_t)block.n;
    fits = MIN(block.levels[WB_FACTOR_ROW], block.levels[WB_FACTOR_COL]) <= WB_TWO_WAY_LEVELS_MOST;
    if (fits) {
        g_autofree long double *rows = g_new(long double, block.levels[WB_FACTOR_ROW]);
        g_autofree long double *cols = g_new(long double, block.levels[WB_FACTOR_COL]);
        long double *const coefficients[] = {rows, cols};

        describe_fits(&block, coefficients, out);
        for (size_t f = 0; f < WB_FACTORS; f++) {
            out->factor[f].levels_in = (int64_t)block.levels[f];
            out->factor[f].spread = spread_of(coefficients[f], block.levels[f]);
            spread_out(&block, (WbFactorKind)f, coefficients[f], out->factor[f].effect);
        }
        describe_polish(&block, out);
    }
    wb_two_way_block_clear(&block);
    return fits;
}
