/* Rank scores: see rank_scores.h. */
#include "analyze/rank_scores.h"

#include <math.h>
#include <string.h>

#include "analyze/score.h"

/* The tables that have ranks: not those of cases with errors alone. */
static GPtrArray *benchmarks_of(const WbRankTables *tables)
{
    GPtrArray *out = g_ptr_array_new();

    for (guint i = 0; i < tables->list->len; i++)
        if (wb_rank_table_at(tables, i)->part->split != WB_SPLIT_ERRORS)
            g_ptr_array_add(out, (gpointer)wb_rank_table_at(tables, i));
    return out;
}

static const char *name_of(const WbRankTables *tables, const WbRankTable *table)
{
    return tables->grid->tables.keys[0] ? wb_grid_item(&tables->grid->tables, table->part->table, 0)
                                        : "";
}

static bool read_weight(const WbRankTables *tables, const GPtrArray *benchmarks, const char *text,
                        double *weights, GError **error)
{
    const char *sign = strrchr(text, '=');
    char *end = NULL;
    double weight = sign ? g_ascii_strtod(sign + 1, &end) : (double)NAN;
    bool known = false;

    if (!sign || end == sign + 1 || *end || !(weight > 0) || !isfinite(weight)) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--weight takes BENCHMARK=NUMBER with a number above 0, not '%s'", text);
        return false;
    }
    for (guint b = 0; b < benchmarks->len; b++) {
        const char *name = name_of(tables, g_ptr_array_index(benchmarks, b));

        if (strlen(name) != (size_t)(sign - text) || strncmp(name, text, strlen(name)) != 0)
            continue;
        weights[b] = weight;
        known = true;
    }
    if (!known)
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--weight %s: there is no table of that name", text);
    return known;
}

/* The medians of one benchmark into column `b` of `values`; whose labels a row has into `labels`.
 */
static void take_medians(const WbRankTable *table, size_t b, size_t benchmarks, double *values,
                         const WbLabels **labels)
{
    for (size_t i = 0; i < table->ranking->n; i++) {
        size_t at = table->ranking->order[i];
        double median = table->figures[at].median;

        labels[table->rows[at]] = table->views[at]->of->of_case->labels;
        if (i < table->ranking->ranked_n && median > 0)
            values[table->rows[at] * benchmarks + b] = median;
    }
}

static int compare_scores(const void *a, const void *b)
{
    const WbRankScore *x = a, *y = b;

    if (isnan(x->score) || isnan(y->score))
        return isnan(x->score) - isnan(y->score);
    return (x->score < y->score) - (x->score > y->score);
}

GArray *wb_rank_scores(const WbRankTables *tables, char *const *weights, GError **error)
{
    g_autoptr(GPtrArray) benchmarks = benchmarks_of(tables);
    size_t rows = tables->grid->rows.items->len, n = benchmarks->len;
    g_autofree double *values = g_new(double, rows *n + 1);
    g_autofree double *scores = g_new(double, rows + 1);
    g_autofree double *weight = g_new(double, n + 1);
    g_autofree const WbLabels **labels = g_new0(const WbLabels *, rows + 1);
    GArray *out;

    if (n < 2) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--score takes two tables or more; here is %s (see --tables)",
                    n ? "one" : "none");
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        weight[i] = 1;
    for (size_t i = 0; weights && weights[i]; i++)
        if (!read_weight(tables, benchmarks, weights[i], weight, error))
            return NULL;
    for (size_t i = 0; i < rows * n; i++)
        values[i] = NAN;
    for (size_t b = 0; b < n; b++)
        take_medians(g_ptr_array_index(benchmarks, b), b, n, values, labels);
    wb_score(values, rows, n, weight, tables->metric->lower_is_better, scores);
    out = g_array_new(FALSE, FALSE, sizeof(WbRankScore));
    for (size_t r = 0; r < rows; r++) {
        const WbRankScore one = {labels[r], scores[r]};

        if (labels[r])
            g_array_append_val(out, one);
    }
    g_array_sort(out, compare_scores);
    return out;
}
