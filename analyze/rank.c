/* Rank: see rank.h. */
#include "analyze/rank.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "analyze/letters.h"
#include "analyze/stats.h"
#include "analyze/two_samples.h"
#include "schema/records.h"

void wb_ranking_free(WbRanking *ranking)
{
    if (!ranking)
        return;
    g_free(ranking->order);
    g_free(ranking->rank);
    g_strfreev(ranking->letters);
    g_free(ranking->pairs);
    g_free(ranking->best_of_k);
    g_free(ranking);
}

const WbRankPair *wb_ranking_pair(const WbRanking *ranking, size_t ahead, size_t behind)
{
    /* rows of a triangle: row a has the pairs (a, a + 1) to (a, ranked_n - 1) */
    size_t before = ahead * (2 * ranking->ranked_n - ahead - 1) / 2;

    assert(ahead < behind && behind < ranking->ranked_n);
    return &ranking->pairs[before + behind - ahead - 1];
}

/* ---- order ---------------------------------------------------------------------------------- */

/* A case at work. */
typedef struct {
    const WbRankCase *of;
    double *sorted; /* [n] owned */
    double median, best;
    bool is_ranked;
} Entry;

static int compare_entries(const void *a, const void *b, void *data)
{
    const Entry *x = a, *y = b;
    int better = ((const WbRankOptions *)data)->lower_is_better ? -1 : 1;

    if (x->is_ranked != y->is_ranked)
        return x->is_ranked ? -1 : 1;
    if ((x->of->n > 0) != (y->of->n > 0))
        return x->of->n > 0 ? -1 : 1;
    if (x->of->n > 0 && x->median != y->median)
        return x->median > y->median ? -better : better;
    if (x->of->n > 0 && x->best != y->best)
        return x->best > y->best ? -better : better;
    return strcmp(x->of->name, y->of->name);
}

static Entry *make_entries(const WbRankCase *cases, size_t n, const WbRankOptions *options)
{
    Entry *entries = g_new(Entry, n + 1);

    for (size_t i = 0; i < n; i++) {
        const WbRankCase *of = &cases[i];
        Entry *entry = &entries[i];

        *entry = (Entry){of, g_memdup2(of->values, of->n * sizeof(double)), NAN, NAN,
                         of->n > 0 && !of->no_rank};
        if (of->n == 0)
            continue;
        wb_stats_sort(entry->sorted, of->n);
        entry->median = wb_stats_median(entry->sorted, of->n);
        entry->best = entry->sorted[options->lower_is_better ? 0 : of->n - 1];
    }
    g_qsort_with_data(entries, (int)n, sizeof *entries, compare_entries, (void *)options);
    return entries;
}

/* ---- pairs ---------------------------------------------------------------------------------- */

/* What the tests of all pairs work with. */
typedef struct {
    const Entry *entries;
    const WbRankOptions *options;
    WbTwoSamplesSpace *space;
    double *room; /* for the common rounds of two cases */
} Work;

static double *room_for_rounds(const Entry *entries, size_t n)
{
    size_t most = 0;

    for (size_t i = 0; i < n; i++)
        most = MAX(most, entries[i].of->n);
    return g_new(double, 2 * most + 1);
}

/* The values of the rounds that both have, if there are enough of them and all are above 0. */
static bool take_rounds(const WbRankCase *a, const WbRankCase *b, double *room, WbTwoSamples *out)
{
    double *to_a = room, *to_b = room + a->n;
    size_t n = 0;
    bool positive = true;

    if (!a->rounds || !b->rounds)
        return false;
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++)
            if (a->rounds[i] == b->rounds[j]) {
                to_a[n] = a->values[i];
                to_b[n++] = b->values[j];
                positive &= a->values[i] > 0 && b->values[j] > 0;
                break;
            }
    if (n < WB_RANK_PAIRS_LEAST || !positive)
        return false;
    *out = (WbTwoSamples){.a = to_a,
                          .a_n = n,
                          .a_half = a->half,
                          .b = to_b,
                          .b_n = n,
                          .b_half = b->half,
                          .paired = true};
    return true;
}

static bool is_large(const WbTwoSamplesFigures *f, double tie_margin)
{
    if (isnan(f->ratio))
        return fabs(f->shift) >= tie_margin * fabs(f->median_a);
    return fabs(log(f->ratio)) >= log1p(tie_margin);
}

static bool are_apart(const Entry *x, const Entry *y)
{
    return x->sorted[0] - x->of->half > y->sorted[y->of->n - 1] + y->of->half ||
           y->sorted[0] - y->of->half > x->sorted[x->of->n - 1] + x->of->half;
}

/* `different` says only whether the ratio is large enough, until all p are adjusted. */
static void compare_pair(const Work *work, WbRankPair *pair)
{
    const Entry *ahead = &work->entries[pair->ahead], *behind = &work->entries[pair->behind];
    const WbTwoSamplesOptions options = {.no_advice = true};
    WbTwoSamplesFigures f;
    WbTwoSamples samples;

    pair->paired = take_rounds(behind->of, ahead->of, work->room, &samples);
    if (!pair->paired)
        samples = (WbTwoSamples){.a = behind->sorted,
                                 .a_n = behind->of->n,
                                 .a_half = behind->of->half,
                                 .b = ahead->sorted,
                                 .b_n = ahead->of->n,
                                 .b_half = ahead->of->half};
    wb_two_samples_describe(&samples, &options, work->space, &f);
    pair->tested = wb_two_samples_can_show(samples.a_n, samples.b_n, samples.paired);
    pair->p = pair->tested ? f.p : (double)NAN;
    pair->p_adj = NAN;
    pair->ratio = f.ratio;
    pair->ratio_lo = f.ratio_lo;
    pair->ratio_hi = f.ratio_hi;
    pair->different =
        is_large(&f, work->options->tie_margin) && (pair->tested || are_apart(ahead, behind));
}

static void adjust_pairs(WbRankPair *pairs, size_t n, WbAdjust how)
{
    g_autofree double *p = g_new(double, n + 1);
    g_autofree double *adjusted = g_new(double, n + 1);
    size_t tested = 0;

    for (size_t i = 0; i < n; i++)
        if (pairs[i].tested)
            p[tested++] = pairs[i].p;
    wb_adjust_by(how, p, tested, adjusted);
    tested = 0;
    for (size_t i = 0; i < n; i++) {
        if (!pairs[i].tested)
            continue;
        pairs[i].p_adj = adjusted[tested++];
        pairs[i].different &= pairs[i].p_adj <= WB_TWO_SAMPLES_LEVEL;
    }
}

static void compare_pairs(const Entry *entries, const WbRankOptions *options, WbRanking *out)
{
    g_autoptr(WbTwoSamplesSpace) space = wb_two_samples_space_new();
    g_autofree double *room = room_for_rounds(entries, out->ranked_n);
    Work work = {entries, options, space, room};

    out->pairs = g_new0(WbRankPair, out->ranked_n * out->ranked_n / 2 + 1);
    for (size_t i = 0; i < out->ranked_n; i++)
        for (size_t j = i + 1; j < out->ranked_n; j++) {
            WbRankPair *pair = &out->pairs[out->pairs_n++];

            pair->ahead = i;
            pair->behind = j;
            compare_pair(&work, pair);
        }
    adjust_pairs(out->pairs, out->pairs_n, options->adjust);
}

/* ---- ranks and letters ---------------------------------------------------------------------- */

static void add_letters(WbRanking *out)
{
    size_t n = out->ranked_n;
    g_autofree bool *different = g_new0(bool, n *n + 1);
    char **letters;

    for (size_t i = 0; i < out->pairs_n; i++) {
        const WbRankPair *pair = &out->pairs[i];

        different[pair->ahead * n + pair->behind] = pair->different;
        different[pair->behind * n + pair->ahead] = pair->different;
    }
    letters = wb_letters(different, n);
    if (!letters)
        return;
    out->letters = g_renew(char *, letters, out->n + 1);
    for (size_t i = n; i < out->n; i++)
        out->letters[i] = g_strdup("");
    out->letters[out->n] = NULL;
}

static void add_ranks(WbRanking *out)
{
    for (size_t i = 0; i < out->n; i++)
        out->rank[i] = i < out->ranked_n ? 1 : WB_NONE;
    for (size_t i = 0; i < out->pairs_n; i++)
        out->rank[out->pairs[i].behind] += out->pairs[i].different;
}

static void add_best(const Entry *entries, const WbRankOptions *options, WbRanking *out)
{
    size_t least = out->ranked_n > 0 ? entries[0].of->n : 0;

    for (size_t i = 0; i < out->ranked_n; i++)
        least = MIN(least, entries[i].of->n);
    out->best_k = (int64_t)least;
    for (size_t i = 0; i < out->n; i++)
        out->best_of_k[i] = i < out->ranked_n
                                ? wb_stats_best_of_k(entries[i].sorted, entries[i].of->n, least,
                                                     options->lower_is_better)
                                : (double)NAN;
}

WbRanking *wb_rank(const WbRankCase *cases, size_t n, const WbRankOptions *options)
{
    Entry *entries = make_entries(cases, n, options);
    WbRanking *out = g_new0(WbRanking, 1);

    assert(n <= WB_RANK_CASES_MOST);
    out->n = n;
    out->order = g_new(size_t, n + 1);
    out->rank = g_new(int64_t, n + 1);
    out->best_of_k = g_new(double, n + 1);
    for (size_t i = 0; i < n; i++) {
        out->order[i] = (size_t)(entries[i].of - cases);
        out->ranked_n += entries[i].is_ranked;
    }
    compare_pairs(entries, options, out);
    add_ranks(out);
    add_letters(out);
    add_best(entries, options, out);
    for (size_t i = 0; i < n; i++)
        g_free(entries[i].sorted);
    g_free(entries);
    return out;
}
