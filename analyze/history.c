/* History: see history.h. */
#include "analyze/history.h"

#include <math.h>
#include <string.h>

#include "analyze/stats.h"

G_DEFINE_QUARK(wb - history - error - quark, wb_history_error)

static void free_step(void *data)
{
    WbComparison *step = data;

    wb_comparison_clear(step);
    g_free(step);
}

void wb_history_init(WbHistory *history, WbComparison *base)
{
    *history = (WbHistory){.base = base,
                           .steps = g_ptr_array_new_with_free_func(free_step),
                           .rows = g_array_new(FALSE, FALSE, sizeof(WbHistoryRow)),
                           .matrices = g_ptr_array_new_with_free_func(g_free)};
}

void wb_history_clear(WbHistory *history)
{
    g_array_unref(history->rows);
    g_ptr_array_unref(history->matrices);
    g_ptr_array_unref(history->steps);
}

bool wb_history_is_asked(const WbComparison *base)
{
    return base->sides.series || (base->sides.files && g_strv_length(base->sides.files) > 2);
}

size_t wb_history_sides(const WbHistory *history)
{
    return history->base->sides.list->len;
}

WbComparison *wb_history_step(const WbHistory *history, size_t i)
{
    return g_ptr_array_index(history->steps, i);
}

WbComparison *wb_history_whole(const WbHistory *history)
{
    return g_ptr_array_index(history->steps, history->steps->len - 1);
}

/* ---- comparing ------------------------------------------------------------------------------ */

static bool check_options(const WbComparison *base, GError **error)
{
    const char *wrong = base->matching.map && base->matching.map[0]     ? "--map"
                        : base->pairs && !strcmp(base->pairs, "always") ? "--pairs always"
                                                                        : NULL;

    if (wrong)
        g_set_error(error, WB_HISTORY_ERROR, WB_HISTORY_ERROR_OPTION,
                    "%s is for two databases, not for a series; compare them two by two", wrong);
    return !wrong;
}

/* A comparison with the options of another one. */
static WbComparison *step_like(const WbComparison *base)
{
    WbComparison *step = g_new(WbComparison, 1);

    wb_comparison_init(step);
    step->matching.by = g_strdup(base->matching.by);
    step->matching.ignore = g_strdupv(base->matching.ignore);
    step->matching.allow = g_strdupv(base->matching.allow);
    step->sides.series = g_strdup(base->sides.series);
    step->metrics = g_ptr_array_ref(base->metrics);
    step->min_effect_share = base->min_effect_share;
    step->bootstrap = base->bootstrap;
    step->adjust = base->adjust;
    step->pairs = g_strdup(base->pairs);
    return step;
}

static bool add_step(WbHistory *history, size_t from, size_t to, GError **error)
{
    WbComparison *step = step_like(history->base);

    g_ptr_array_add(history->steps, step);
    if (wb_comparison_match(step, wb_sides_at(&history->base->sides, from),
                            wb_sides_at(&history->base->sides, to), error))
        return true;
    g_prefix_error(error, "'%s' to '%s': ", wb_sides_at(&history->base->sides, from)->name,
                   wb_sides_at(&history->base->sides, to)->name);
    return false;
}

static WbMetricComparison *metric_of(const WbHistory *history, guint step, guint m)
{
    const WbComparison *of = g_ptr_array_index(history->steps, step);

    return g_ptr_array_index(of->by_metric, m);
}

/* One metric of all steps as one family of tests. */
static void judge_metric(WbHistory *history, guint m)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(WbComparedCase));
    const WbCompareOptions options =
        wb_comparison_judge_options(history->base, metric_of(history, 0, m)->metric);
    WbCompareTogether together;
    guint at = 0;

    for (guint s = 0; s < history->steps->len; s++)
        g_array_append_vals(all, metric_of(history, s, m)->cases,
                            (guint)metric_of(history, s, m)->cases_n);
    wb_compare_judge((WbComparedCase *)(void *)all->data, all->len, &options, &together);
    for (guint s = 0; s < history->steps->len; s++) {
        WbMetricComparison *of = metric_of(history, s, m);

        if (of->cases_n > 0)
            memcpy(of->cases, &g_array_index(all, WbComparedCase, at),
                   of->cases_n * sizeof *of->cases);
        at += (guint)of->cases_n;
        wb_compare_put_together(of->cases, of->cases_n, &of->together);
    }
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* Rows and cases by their labels, as texts. */
typedef struct {
    GHashTable *rows, *cases;
} Index;

static char *key_of(const WbLabels *labels, const char *metric)
{
    GString *key = g_string_new(metric);

    for (size_t i = 0; i < wb_labels_count(labels); i++)
        g_string_append_printf(key, "%c%s%c%s", 0x1f, wb_labels_at(labels, i)->key, 0x1e,
                               wb_labels_at(labels, i)->value);
    return g_string_free(key, FALSE);
}

/* The number that the key has or gets: so many were there before. */
static size_t number_of(GHashTable *numbers, char *key)
{
    void *known;

    if (!g_hash_table_lookup_extended(numbers, key, NULL, &known)) {
        known = GSIZE_TO_POINTER(g_hash_table_size(numbers));
        g_hash_table_insert(numbers, key, known);
    } else {
        g_free(key);
    }
    return GPOINTER_TO_SIZE(known);
}

static WbHistoryRow *row_of(WbHistory *history, Index *index, const WbCompareRow *row)
{
    size_t sides = wb_history_sides(history);
    size_t number = number_of(index->rows, key_of(row->match->labels, row->metric->name));
    WbHistoryRow new = {.labels = row->match->labels,
                        .metric = row->metric,
                        .trend = {.s = WB_NONE, .p = NAN, .method = "none"},
                        .trend_p_adj = NAN,
                        .slope = NAN,
                        .word = WB_WORDS};

    if (number < history->rows->len)
        return &g_array_index(history->rows, WbHistoryRow, number);
    new.case_no = number_of(index->cases, key_of(row->match->labels, NULL));
    new.steps = g_new0(const WbCompareRow *, sides - 1);
    g_ptr_array_add(history->matrices, new.steps);
    if (row->metric->field) {
        new.medians = g_new(double, 2 * sides);
        new.halves = new.medians + sides;
        for (size_t i = 0; i < sides; i++) {
            new.medians[i] = NAN;
            new.halves[i] = 0;
        }
        g_ptr_array_add(history->matrices, new.medians);
    }
    g_array_append_val(history->rows, new);
    return &g_array_index(history->rows, WbHistoryRow, number);
}

static void take_medians(WbHistoryRow *to, const WbComparedCase *judged, size_t side)
{
    if (judged->samples.a_n) {
        to->medians[side] = judged->figures.median_a;
        to->halves[side] = judged->samples.a_half;
    }
    if (judged->samples.b_n) {
        to->medians[side + 1] = judged->figures.median_b;
        to->halves[side + 1] = judged->samples.b_half;
    }
}

static void add_rows(WbHistory *history)
{
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) cases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Index index = {rows, cases};

    for (guint s = 0; s < history->steps->len; s++) {
        WbComparison *step = g_ptr_array_index(history->steps, s);
        bool is_whole = s + 1 == history->steps->len;

        wb_comparison_add_rows(step);
        for (guint i = 0; i < step->rows->len; i++) {
            const WbCompareRow *row = wb_comparison_row(step, i);
            WbHistoryRow *to = row_of(history, &index, row);

            to->word = MIN(to->word, wb_history_word(history, row));
            if (is_whole)
                to->whole = row;
            else
                to->steps[s] = row;
            if (row->judged && !is_whole)
                take_medians(to, row->judged, s);
        }
    }
    history->cases_n = g_hash_table_size(cases);
}

/* ---- trends --------------------------------------------------------------------------------- */

/* All sides say something, and no step forbids to hold it against the next. */
static bool may_have_trend(const WbHistory *history, const WbHistoryRow *row)
{
    if (!row->medians)
        return false;
    for (size_t i = 0; i < wb_history_sides(history); i++)
        if (isnan(row->medians[i]))
            return false;
    for (size_t i = 0; i + 1 < wb_history_sides(history); i++)
        if (!row->steps[i] || !strcmp(row->steps[i]->verdict, WB_VERDICT_NOT_COMPARABLE))
            return false;
    return true;
}

static void find_trend(WbHistory *history, WbHistoryRow *row)
{
    size_t n = wb_history_sides(history);
    g_autofree double *sorted = g_memdup2(row->medians, n * sizeof *row->medians);

    row->trend = wb_trend_test(row->medians, n);
    if (row->trend.s == WB_NONE)
        return;
    wb_stats_sort(sorted, n);
    row->slope = wb_trend_slope(NULL, row->medians, n) / wb_stats_median(sorted, n);
}

static void adjust_trends(WbHistory *history, const WbCompareMetric *metric)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    g_autofree double *p = g_new(double, history->rows->len + 1);
    g_autofree double *adjusted = g_new(double, history->rows->len + 1);

    for (guint i = 0; i < history->rows->len; i++) {
        WbHistoryRow *row = &g_array_index(history->rows, WbHistoryRow, i);

        if (row->metric != metric || isnan(row->trend.p))
            continue;
        p[rows->len] = row->trend.p;
        g_ptr_array_add(rows, row);
    }
    wb_adjust_by(history->base->adjust, p, rows->len, adjusted);
    for (guint i = 0; i < rows->len; i++)
        ((WbHistoryRow *)g_ptr_array_index(rows, i))->trend_p_adj = adjusted[i];
}

bool wb_history_load(WbHistory *history, GError **error)
{
    WbComparison *base = history->base;
    size_t sides;

    if (!wb_comparison_read_options(base, error) || !check_options(base, error) ||
        !wb_sides_load(&base->sides, error))
        return false;
    sides = wb_history_sides(history);
    for (size_t i = 0; i + 1 < sides; i++)
        if (!add_step(history, i, i + 1, error))
            return false;
    if (!add_step(history, 0, sides - 1, error))
        return false;
    for (guint m = 0; m < wb_history_step(history, 0)->by_metric->len; m++)
        judge_metric(history, m);
    add_rows(history);
    for (guint i = 0; i < history->rows->len; i++) {
        WbHistoryRow *row = &g_array_index(history->rows, WbHistoryRow, i);

        if (may_have_trend(history, row))
            find_trend(history, row);
    }
    for (guint m = 0; m < base->metrics->len; m++)
        adjust_trends(history, g_ptr_array_index(base->metrics, m));
    return true;
}

/* ---- views of the rows ---------------------------------------------------------------------- */

WbWord wb_history_word(const WbHistory *history, const WbCompareRow *step)
{
    bool by_errors = step->word == WB_WORD_BROKEN || step->word == WB_WORD_FIXED;

    return step->judged && by_errors &&
                   g_ptr_array_find(history->base->metrics, wb_compare_metric_find("errors"), NULL)
               ? WB_WORD_NOT_COMPARABLE
               : step->word;
}

bool wb_history_has_trend(const WbHistory *history, const WbHistoryRow *row)
{
    double steps = (double)wb_history_sides(history) - 1;

    return row->trend_p_adj <= WB_TWO_SAMPLES_LEVEL &&
           fabs(row->slope) * steps >= history->base->min_effect_share;
}

bool wb_history_is_change(const WbHistory *history, const WbHistoryRow *row)
{
    return wb_word_is_change(row->word) || wb_history_has_trend(history, row);
}

size_t wb_history_changed(const WbHistory *history)
{
    g_autofree bool *changed = g_new0(bool, history->cases_n + 1);
    size_t count = 0;

    for (guint i = 0; i < history->rows->len; i++) {
        const WbHistoryRow *row = &g_array_index(history->rows, WbHistoryRow, i);

        changed[row->case_no] |= wb_history_is_change(history, row);
    }
    for (size_t i = 0; i < history->cases_n; i++)
        count += changed[i];
    return count;
}

/* slower and faster are one list, by size */
static int rank_of(const WbHistoryRow *row)
{
    return row->word == WB_WORD_FASTER ? WB_WORD_SLOWER : (int)row->word;
}

static int by_importance(const void *a, const void *b)
{
    const WbHistoryRow *x = *(const WbHistoryRow *const *)a;
    const WbHistoryRow *y = *(const WbHistoryRow *const *)b;
    double size_x = x->whole ? x->whole->size : 0, size_y = y->whole ? y->whole->size : 0;

    if (rank_of(x) != rank_of(y))
        return rank_of(x) < rank_of(y) ? -1 : 1;
    if (size_x != size_y)
        return size_x > size_y ? -1 : 1;
    return (x > y) - (x < y); /* both are of one array */
}

GPtrArray *wb_history_order(const WbHistory *history)
{
    GPtrArray *order = g_ptr_array_new();

    for (guint i = 0; i < history->rows->len; i++)
        g_ptr_array_add(order, &g_array_index(history->rows, WbHistoryRow, i));
    g_ptr_array_sort(order, by_importance);
    return order;
}
