/* calc rank: cases in order, which of them are neck and neck. */
#include <math.h>
#include <string.h>

#include "analyze/calc.h"
#include "analyze/rank.h"

enum { CASE, RUN, VALUE };
static const WbCalcColumn columns[] = {
    {"case", false, false}, {"run", true, true}, {"value", true, false}, {NULL, false, false}};
static const char *const set[] = {"half_width", "delta", "better", "interleaved", NULL};

/* Rounds of a group: its run numbers, or 1, 2, 3, ... */
static int64_t *rounds_of(const WbCalcInput *input, const WbCalcGroup *group)
{
    int64_t *rounds = g_new(int64_t, group->rows->len + 1);

    for (guint i = 0; i < group->rows->len; i++) {
        size_t row = g_array_index(group->rows, size_t, i);
        double run = input->numbers[RUN] ? input->numbers[RUN][row] : (double)NAN;

        rounds[i] = fabs(run) < 9e15 ? (int64_t)run : i + 1;
    }
    return rounds;
}

static bool read_interleaved(const WbCalcInput *input, bool *out, GError **error)
{
    const char *word = wb_calc_word(input, "interleaved");

    *out = word && !strcmp(word, "true");
    if (!word || *out || !strcmp(word, "false"))
        return true;
    g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_USE,
                "--set interleaved: takes true or false, not '%s'", word);
    return false;
}

static void add_pairs(WbDocument *out, const WbRanking *ranking, const WbRankCase *cases)
{
    wb_document_begin_list(out, "pairs");
    for (size_t i = 0; i < ranking->pairs_n; i++) {
        const WbRankPair *pair = &ranking->pairs[i];

        wb_document_begin(out, NULL);
        wb_document_add_text(out, "a", cases[ranking->order[pair->ahead]].name);
        wb_document_add_text(out, "b", cases[ranking->order[pair->behind]].name);
        wb_document_add_real(out, "p", pair->p);
        wb_document_add_real(out, "p_adj", pair->p_adj);
        wb_document_add_real(out, "ratio", pair->ratio);
        wb_document_add_real(out, "ratio_lo", pair->ratio_lo);
        wb_document_add_real(out, "ratio_hi", pair->ratio_hi);
        wb_document_add_bool(out, "tested", pair->tested);
        wb_document_add_bool(out, "paired", pair->paired);
        wb_document_add_bool(out, "different", pair->different);
        wb_document_end(out);
    }
    wb_document_end(out);
}

static void add_ranking(WbDocument *out, const WbRanking *ranking, const WbRankCase *cases)
{
    wb_document_begin_list(out, "order");
    for (size_t i = 0; i < ranking->n; i++)
        wb_document_add_text(out, NULL, cases[ranking->order[i]].name);
    wb_document_end(out);
    wb_document_begin_list(out, "rank");
    for (size_t i = 0; i < ranking->n; i++)
        wb_document_add_int(out, NULL, ranking->rank[i]);
    wb_document_end(out);
    if (ranking->letters) {
        wb_document_begin_list(out, "letters");
        for (size_t i = 0; i < ranking->n; i++)
            wb_document_add_text(out, NULL, ranking->letters[i]);
        wb_document_end(out);
    } else {
        wb_document_add_null(out, "letters");
    }
    wb_document_add_int(out, "best_k", ranking->best_k);
    wb_document_begin(out, "best_of_k");
    for (size_t i = 0; i < ranking->n; i++)
        wb_document_add_real(out, cases[ranking->order[i]].name, ranking->best_of_k[i]);
    wb_document_end(out);
    add_pairs(out, ranking, cases);
}

static void calc_cases(const WbCalcInput *input, const GPtrArray *groups,
                       const WbRankOptions *options, double half, bool interleaved, WbDocument *out)
{
    g_autofree WbRankCase *cases = g_new0(WbRankCase, groups->len + 1);
    g_autoptr(WbRanking) ranking = NULL;

    for (guint i = 0; i < groups->len; i++) {
        const WbCalcGroup *group = groups->pdata[i];

        cases[i] = (WbRankCase){.name = group->name,
                                .values = wb_calc_values(input, VALUE, group),
                                .n = group->rows->len,
                                .half = half,
                                .rounds = interleaved ? rounds_of(input, group) : NULL};
    }
    ranking = wb_rank(cases, groups->len, options);
    add_ranking(out, ranking, cases);
    for (guint i = 0; i < groups->len; i++) {
        g_free((void *)cases[i].values);
        g_free((void *)cases[i].rounds);
    }
}

static bool calc(const WbCalcInput *input, WbDocument *out, GError **error)
{
    g_autoptr(GPtrArray) groups = wb_calc_groups(input, CASE);
    WbRankOptions options = {0};
    bool interleaved;
    double half;

    if (!wb_calc_number(input, "half_width", 0, 0, 1e300, &half, error) ||
        !wb_calc_number(input, "delta", WB_RANK_TIE_MARGIN, 0, 1e6, &options.tie_margin, error) ||
        !wb_calc_direction(input, &options.lower_is_better, error) ||
        !read_interleaved(input, &interleaved, error))
        return false;
    if (groups->len > WB_RANK_CASES_MOST) {
        g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE,
                    "%u cases; rank compares every two of them, and takes %d", groups->len,
                    WB_RANK_CASES_MOST);
        return false;
    }
    calc_cases(input, groups, &options, half, interleaved, out);
    return true;
}

const WbCalcKind wb_calc_rank = {
    "rank", "order, and which cases are neck and neck (case, run, value)", columns, set, calc};
