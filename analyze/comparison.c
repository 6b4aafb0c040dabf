/* Comparison: see comparison.h. */
#include "analyze/comparison.h"

#include <math.h>
#include <string.h>

#include "analyze/fisher.h"
#include "schema/units.h"

G_DEFINE_QUARK(wb - comparison - error - quark, wb_comparison_error)

#define PAIRS_LEAST 8 /* common rounds from which --pairs auto pairs them */

static const char *const words[] = {
    [WB_WORD_BROKEN] = "broken",
    [WB_WORD_SLOWER] = "slower",
    [WB_WORD_FASTER] = "faster",
    [WB_WORD_FIXED] = "fixed",
    [WB_WORD_GONE] = "gone",
    [WB_WORD_ADDED] = "added",
    [WB_WORD_ERRORS] = "errors on both",
    [WB_WORD_NOT_COMPARABLE] = "not comparable",
    [WB_WORD_TOO_FEW_RUNS] = "too few runs",
    [WB_WORD_CANNOT_TELL] = "cannot tell",
    [WB_WORD_SAME] = "no difference",
};

const char *wb_word_text(WbWord word)
{
    return words[word];
}

bool wb_word_is_change(WbWord word)
{
    return word <= WB_WORD_ERRORS;
}

static void free_metric(void *data)
{
    WbMetricComparison *of = data;

    g_free(of->cases);
    g_free(of->of_match);
    g_free(of->values);
    g_free(of);
}

void wb_comparison_init(WbComparison *comparison)
{
    *comparison = (WbComparison){.min_effect_share = WB_MIN_EFFECT_DEFAULT};
    wb_sides_init(&comparison->sides);
    wb_matching_init(&comparison->matching);
    comparison->by_metric = g_ptr_array_new_with_free_func(free_metric);
    comparison->rows = g_array_new(FALSE, FALSE, sizeof(WbCompareRow));
}

void wb_comparison_clear(WbComparison *comparison)
{
    g_array_unref(comparison->rows);
    g_ptr_array_unref(comparison->by_metric);
    if (comparison->metrics)
        g_ptr_array_unref(comparison->metrics);
    g_free(comparison->metric);
    g_free(comparison->min_effect);
    g_free(comparison->pairs);
    g_free(comparison->adjust_text);
    wb_matching_clear(&comparison->matching);
    wb_sides_clear(&comparison->sides);
}

void wb_comparison_add_options(WbComparison *comparison, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"metric", 0, 0, G_OPTION_ARG_FILENAME, &comparison->metric,
         "What is compared (default " WB_COMPARE_METRICS_DEFAULT "); also p75, p90, p95, p999, "
         "latency_mean, latency_max",
         "NAME[,NAME]"},
        {"min-effect", 0, 0, G_OPTION_ARG_FILENAME, &comparison->min_effect,
         "The smallest change that matters (default 2%)", "SHARE"},
        {"pairs", 0, 0, G_OPTION_ARG_FILENAME, &comparison->pairs,
         "Compare round by round: auto (default: two parts of one interleaved campaign), always "
         "or never",
         "WHEN"},
        {"adjust", 0, 0, G_OPTION_ARG_FILENAME, &comparison->adjust_text,
         "Correction of p for so many cases: bh (default), holm or none", "METHOD"},
        {"bootstrap", 0, 0, G_OPTION_ARG_NONE, &comparison->bootstrap,
         "json, tsv: a bootstrap interval of the ratio of medians besides", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_sides_add_options(&comparison->sides, context);
    wb_matching_add_options(&comparison->matching, context);
    g_option_context_add_main_entries(context, entries, NULL);
}

bool wb_comparison_read_options(WbComparison *comparison, GError **error)
{
    const char *pairs = comparison->pairs;

    comparison->metrics = wb_compare_metrics_parse(
        comparison->metric ? comparison->metric : WB_COMPARE_METRICS_DEFAULT, error);
    if (!comparison->metrics)
        return false;
    if (comparison->min_effect &&
        !wb_units_parse_share(comparison->min_effect, &comparison->min_effect_share, error)) {
        g_prefix_error(error, "--min-effect: ");
        return false;
    }
    if (!wb_adjust_parse(comparison->adjust_text, &comparison->adjust, error))
        return false;
    if (pairs && strcmp(pairs, "auto") != 0 && strcmp(pairs, "always") != 0 &&
        strcmp(pairs, "never") != 0) {
        g_set_error(error, WB_COMPARISON_ERROR, WB_COMPARISON_ERROR_OPTION,
                    "--pairs takes auto, always or never, not '%s'", pairs);
        return false;
    }
    return true;
}

/* ---- samples -------------------------------------------------------------------------------- */

/* What one side's runs say of a metric; appended to `to`. */
static size_t add_values(const WbCompareMetric *metric, const WbCaseSummary *of, double *to,
                         double *out_half)
{
    size_t n = 0;

    for (size_t i = 0; of && i < of->complete_n; i++) {
        double half = 0;
        double value = wb_compare_metric_value(metric, of->complete[i], &half);

        if (isnan(value))
            continue;
        to[n++] = value;
        *out_half = MAX(*out_half, half);
    }
    /* a published figure is one value: enough to show, too few to judge */
    for (size_t i = of && of->complete_n == 0 ? of->published_n : 0; i > 0 && n == 0; i--) {
        const WbPublished *published = of->published[i - 1];

        if (strcmp(metric->name, "rate") != 0 || isnan(published->requests_per_s))
            continue;
        to[n++] = published->requests_per_s;
        *out_half = published->requests_per_s_half;
    }
    return n;
}

static bool is_interleaved(const WbSide *side, const char *campaign)
{
    for (guint i = 0; i < side->campaigns->len; i++) {
        const WbCampaignRecord *record = &g_array_index(side->campaigns, WbCampaignRecord, i);

        if (!strcmp(record->uuid, campaign))
            return !g_strcmp0(record->run_order, "interleaved");
    }
    return false;
}

/* All runs of both are of one campaign that went round by round. */
static bool share_rounds(const WbSide *side, const WbMatch *match)
{
    const char *campaign = match->a->complete_n ? match->a->complete[0]->campaign : NULL;

    for (int s = 0; s < 2; s++) {
        const WbCaseSummary *of = s ? match->b : match->a;

        for (size_t i = 0; i < of->complete_n; i++)
            if (g_strcmp0(of->complete[i]->campaign, campaign) != 0 ||
                of->complete[i]->round == WB_NONE)
                return false;
    }
    return campaign && is_interleaved(side, campaign);
}

static int64_t round_of(const WbRun *run)
{
    return run->round != WB_NONE ? run->round : run->run_no;
}

/* The values of the rounds that both have; how many. `to` has room for all of both. */
static size_t pair_values(const WbCompareMetric *metric, const WbMatch *match, double *a, double *b)
{
    size_t n = 0;
    double half;

    for (size_t i = 0; i < match->a->complete_n; i++)
        for (size_t j = 0; j < match->b->complete_n; j++) {
            if (round_of(match->a->complete[i]) != round_of(match->b->complete[j]))
                continue;
            a[n] = wb_compare_metric_value(metric, match->a->complete[i], &half);
            b[n] = wb_compare_metric_value(metric, match->b->complete[j], &half);
            n += a[n] > 0 && b[n] > 0;
            break;
        }
    return n;
}

static bool wants_pairs(const WbComparison *comparison, const WbMatch *match)
{
    const char *pairs = comparison->pairs ? comparison->pairs : "auto";

    if (!match->a || !match->b || !strcmp(pairs, "never"))
        return false;
    return !strcmp(pairs, "always") || share_rounds(comparison->old, match);
}

/* Fills the samples of one pair of cases from `room` on; returns how much of it was used. */
static size_t take_samples(const WbComparison *comparison, const WbCompareMetric *metric,
                           const WbMatch *match, double *room, WbTwoSamples *out)
{
    size_t least = !g_strcmp0(comparison->pairs, "always") ? 1 : PAIRS_LEAST;
    double *b;

    *out = (WbTwoSamples){.a = room};
    if (wants_pairs(comparison, match)) {
        b = room + match->a->complete_n;
        out->a_n = out->b_n = pair_values(metric, match, room, b);
        out->b = b;
        out->paired = out->a_n >= least;
        if (out->paired)
            return match->a->complete_n + match->b->complete_n;
    }
    out->a_n = add_values(metric, match->a, room, &out->a_half);
    b = room + out->a_n;
    out->b = b;
    out->b_n = add_values(metric, match->b, b, &out->b_half);
    return out->a_n + out->b_n;
}

static size_t room_needed(const WbMatch *match)
{
    return (match->a ? match->a->complete_n : 0) + (match->b ? match->b->complete_n : 0) + 2;
}

static const char *reason_of(const WbCompareMetric *metric, const WbMatch *match)
{
    return wb_unlike_name(wb_compare_metric_is_latency(metric) ? match->unlike_latency
                                                               : match->unlike);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static WbWord word_of(const char *verdict, const char *reason)
{
    static const struct {
        const char *text;
        WbWord word;
    } all[] = {
        {WB_REASON_ERRORS_APPEARED, WB_WORD_BROKEN},
        {WB_REASON_ERRORS_GONE, WB_WORD_FIXED},
        {WB_REASON_ERRORS_IN_BOTH, WB_WORD_ERRORS},
        {WB_REASON_ONLY_IN_A, WB_WORD_GONE},
        {WB_REASON_ONLY_IN_B, WB_WORD_ADDED},
        {WB_VERDICT_FASTER, WB_WORD_FASTER},
        {WB_VERDICT_SLOWER, WB_WORD_SLOWER},
        {WB_VERDICT_NO_DIFFERENCE, WB_WORD_SAME},
        {WB_VERDICT_INCONCLUSIVE, WB_WORD_CANNOT_TELL},
        {WB_VERDICT_TOO_FEW_RUNS, WB_WORD_TOO_FEW_RUNS},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (!g_strcmp0(all[i].text, reason) || !strcmp(all[i].text, verdict))
            return all[i].word;
    return WB_WORD_NOT_COMPARABLE;
}

/* The samples of one metric, not judged yet. */
static void take_metric(WbComparison *comparison, const WbCompareMetric *metric)
{
    WbMetricComparison *of = g_new0(WbMetricComparison, 1);
    size_t room = 0, used = 0;

    for (guint i = 0; i < comparison->matching.list->len; i++)
        room += room_needed(wb_match_at(&comparison->matching, i));
    of->metric = metric;
    of->values = g_new(double, room);
    of->cases = g_new0(WbComparedCase, comparison->matching.list->len);
    of->of_match = g_new(const WbMatch *, comparison->matching.list->len);
    for (guint i = 0; i < comparison->matching.list->len; i++) {
        const WbMatch *match = wb_match_at(&comparison->matching, i);
        WbComparedCase *one = &of->cases[of->cases_n];

        used += take_samples(comparison, metric, match, of->values + used, &one->samples);
        if (one->samples.a_n == 0 && one->samples.b_n == 0)
            continue;
        one->verdict_reason = reason_of(metric, match);
        of->of_match[of->cases_n++] = match;
    }
    g_ptr_array_add(comparison->by_metric, of);
}

static double error_rate(const WbCaseSummary *of, int64_t errors)
{
    int64_t attempts = 0;

    for (size_t i = 0; of && i < of->complete_n; i++) {
        const WbRun *run = of->complete[i];

        attempts += MAX(run->requests, 0);
        for (int class = WB_TALLY_CONNECT; class <= WB_TALLY_TIMEOUT; class ++)
            attempts += MAX(wb_error_count(run, (WbTallyClass) class), 0);
    }
    return errors == WB_NONE || attempts == 0 ? (double)NAN : (double)errors / (double)attempts;
}

static WbCompareRow errors_row(const WbMatch *match, const WbCompareMetric *metric)
{
    const WbErrorTally *a = &match->errors_a, *b = &match->errors_b;
    WbCompareRow row = {.match = match,
                        .metric = metric,
                        .verdict = WB_VERDICT_NOT_COMPARABLE,
                        .reason = wb_unlike_name(match->unlike),
                        .errors_p = NAN,
                        .error_rate_a = error_rate(match->a, a->errors),
                        .error_rate_b = error_rate(match->b, b->errors)};

    if (match->a && match->b)
        row.errors_p = wb_fisher_p(a->with_errors, a->runs, b->with_errors, b->runs);
    if (match->unlike == WB_UNLIKE_NONE) {
        row.verdict = WB_VERDICT_NO_DIFFERENCE;
        row.reason = a->with_errors && b->with_errors ? WB_REASON_ERRORS_IN_BOTH
                     : b->with_errors                 ? WB_REASON_ERRORS_APPEARED
                     : a->with_errors                 ? WB_REASON_ERRORS_GONE
                                                      : WB_REASON_NO_ERRORS;
    }
    row.word = word_of(row.verdict, row.reason);
    return row;
}

static WbCompareRow judged_row(const WbMatch *match, const WbCompareMetric *metric,
                               const WbComparedCase *judged)
{
    WbCompareRow row = {.match = match,
                        .metric = metric,
                        .verdict = judged->verdict,
                        .reason = judged->verdict_reason,
                        .judged = judged,
                        .errors_p = NAN,
                        .error_rate_a = NAN,
                        .error_rate_b = NAN,
                        .word = word_of(judged->verdict, judged->verdict_reason)};

    if (!isnan(judged->figures.ratio) && judged->figures.ratio > 0)
        row.size = fabs(log(judged->figures.ratio));
    return row;
}

/* Where of->cases goes on for the next match, one for each metric. */
static void add_rows(WbComparison *comparison, const WbMatch *match, size_t *next)
{
    for (guint m = 0, judged = 0; m < comparison->metrics->len; m++) {
        const WbCompareMetric *metric = g_ptr_array_index(comparison->metrics, m);
        const WbMetricComparison *of;
        WbCompareRow row;

        if (!metric->field) {
            row = errors_row(match, metric);
            g_array_append_val(comparison->rows, row);
            continue;
        }
        of = g_ptr_array_index(comparison->by_metric, judged);
        if (next[judged] < of->cases_n && of->of_match[next[judged]] == match) {
            row = judged_row(match, metric, &of->cases[next[judged]]);
            g_array_append_val(comparison->rows, row);
            next[judged]++;
        }
        judged++;
    }
}

bool wb_comparison_match(WbComparison *comparison, const WbSide *old, const WbSide *new,
                         GError **error)
{
    g_autoptr(GPtrArray) chosen_by = wb_sides_chosen_by(&comparison->sides);

    comparison->old = old;
    comparison->new = new;
    if (!wb_matching_find(&comparison->matching, old, new, chosen_by, error))
        return false;
    for (guint m = 0; m < comparison->metrics->len; m++) {
        const WbCompareMetric *metric = g_ptr_array_index(comparison->metrics, m);

        if (metric->field)
            take_metric(comparison, metric);
    }
    return true;
}

WbCompareOptions wb_comparison_judge_options(const WbComparison *comparison,
                                             const WbCompareMetric *metric)
{
    return (WbCompareOptions){.min_effect = comparison->min_effect_share,
                              .lower_is_better = metric->lower_is_better,
                              .bootstrap = comparison->bootstrap,
                              .adjust = comparison->adjust};
}

void wb_comparison_add_rows(WbComparison *comparison)
{
    g_autofree size_t *next = g_new0(size_t, comparison->metrics->len);

    for (guint i = 0; i < comparison->matching.list->len; i++)
        add_rows(comparison, wb_match_at(&comparison->matching, i), next);
}

bool wb_comparison_load(WbComparison *comparison, GError **error)
{
    if (!wb_comparison_read_options(comparison, error) ||
        !wb_sides_load(&comparison->sides, error) ||
        !wb_comparison_match(comparison, wb_sides_at(&comparison->sides, 0),
                             wb_sides_at(&comparison->sides, 1), error))
        return false;
    for (guint m = 0; m < comparison->by_metric->len; m++) {
        WbMetricComparison *of = g_ptr_array_index(comparison->by_metric, m);
        const WbCompareOptions options = wb_comparison_judge_options(comparison, of->metric);

        wb_compare_judge(of->cases, of->cases_n, &options, &of->together);
    }
    wb_comparison_add_rows(comparison);
    return true;
}

const WbCompareRow *wb_comparison_row(const WbComparison *comparison, size_t i)
{
    return &g_array_index(comparison->rows, WbCompareRow, i);
}

/* ---- views of the rows ---------------------------------------------------------------------- */

size_t wb_comparison_count(const WbComparison *comparison, WbWord word)
{
    size_t count = 0;

    for (guint i = 0; i < comparison->rows->len;) {
        const WbMatch *match = wb_comparison_row(comparison, i)->match;
        WbWord first = WB_WORDS;

        for (; i < comparison->rows->len && wb_comparison_row(comparison, i)->match == match; i++)
            first = MIN(first, wb_comparison_row(comparison, i)->word);
        count += first == word;
    }
    return count;
}

size_t wb_comparison_compared(const WbComparison *comparison)
{
    size_t count = 0;

    for (guint i = 0; i < comparison->matching.list->len; i++)
        count += wb_match_at(&comparison->matching, i)->unlike == WB_UNLIKE_NONE;
    return count;
}

static int by_importance(const void *a, const void *b)
{
    const WbCompareRow *x = *(const WbCompareRow *const *)a;
    const WbCompareRow *y = *(const WbCompareRow *const *)b;
    /* slower and faster are one list, by size */
    int word_x = x->word == WB_WORD_FASTER ? WB_WORD_SLOWER : (int)x->word;
    int word_y = y->word == WB_WORD_FASTER ? WB_WORD_SLOWER : (int)y->word;

    if (word_x != word_y)
        return word_x < word_y ? -1 : 1;
    if (word_x == WB_WORD_SLOWER && x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x > y) - (x < y); /* both are of one array */
}

GPtrArray *wb_comparison_order(const WbComparison *comparison)
{
    GPtrArray *order = g_ptr_array_new();

    for (guint i = 0; i < comparison->rows->len; i++)
        g_ptr_array_add(order, (gpointer)wb_comparison_row(comparison, i));
    g_ptr_array_sort(order, by_importance);
    return order;
}
