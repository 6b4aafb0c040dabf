/*
 * Rank document: see rank_document.h. Both formats walk one table of names, so they cannot differ.
 */
#include "analyze/rank_document.h"

#include <math.h>

#include "analyze/document.h"
#include "analyze/tsv.h"
#include "analyze/two_samples.h"

#define DOCUMENT_VERSION 1

/* The place of a case, as both formats print it. */
typedef struct {
    int64_t place, rank;
    const char *letters;
    int64_t runs;
    double median, best, best_of_k;
    double first, first_lo, first_hi; /* the first's median / this one's, Hodges & Lehmann */
} Place;

static const WbFigure figures[] = {
    {"place", WB_FIGURE_INT, false, offsetof(Place, place)},
    {"rank", WB_FIGURE_INT, false, offsetof(Place, rank)},
    {"letters", WB_FIGURE_WORD, false, offsetof(Place, letters)},
    {"runs_complete", WB_FIGURE_INT, false, offsetof(Place, runs)},
    {"median", WB_FIGURE_REAL, true, offsetof(Place, median)},
    {"best", WB_FIGURE_REAL, true, offsetof(Place, best)},
    {"best_of_k", WB_FIGURE_REAL, true, offsetof(Place, best_of_k)},
    {"first_ratio", WB_FIGURE_REAL, false, offsetof(Place, first)},
    {"first_ratio_lo", WB_FIGURE_REAL, false, offsetof(Place, first_lo)},
    {"first_ratio_hi", WB_FIGURE_REAL, false, offsetof(Place, first_hi)},
};

static Place place_of(const WbRankTable *table, size_t i)
{
    const WbRanking *ranking = table->ranking;
    const WbCaseView *view = table->views[ranking->order[i]];
    Place out = {.place = (int64_t)i + 1,
                 .rank = ranking->rank[i],
                 .letters = ranking->letters && *ranking->letters[i] ? ranking->letters[i] : NULL,
                 .runs = view->of->runs_complete,
                 .median = table->figures[ranking->order[i]].median,
                 .best = table->figures[ranking->order[i]].best,
                 .best_of_k = ranking->best_of_k[i],
                 .first = NAN,
                 .first_lo = NAN,
                 .first_hi = NAN};

    if (i > 0 && i < ranking->ranked_n) {
        const WbRankPair *pair = wb_ranking_pair(ranking, 0, i);

        out.first = pair->ratio;
        out.first_lo = pair->ratio_lo;
        out.first_hi = pair->ratio_hi;
    }
    return out;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void add_table_labels(WbDocument *out, const WbRankTables *tables, const WbGridTable *part)
{
    const WbAxis *axis = &tables->grid->tables;

    wb_document_begin(out, "table");
    for (size_t k = 0; axis->keys[k]; k++)
        wb_document_add_text(out, axis->keys[k], wb_grid_item(axis, part->table, k));
    wb_document_end(out);
    wb_document_add_text(out, "split", wb_split_name(part->split));
}

static const char *suffix_of(const WbRankTables *tables)
{
    return wb_figure_suffix(wb_compare_metric_unit(tables->metric));
}

static void add_case(WbDocument *out, const WbRankTables *tables, const WbRankTable *table,
                     size_t i)
{
    const WbCaseView *view = table->views[table->ranking->order[i]];
    const WbLabels *labels = view->of->of_case->labels;
    Place place = place_of(table, i);

    wb_document_begin(out, NULL);
    wb_document_begin(out, "labels");
    for (size_t l = 0; l < wb_labels_count(labels); l++)
        wb_document_add_text(out, wb_labels_at(labels, l)->key, wb_labels_at(labels, l)->value);
    wb_document_end(out);
    wb_document_add_figures(out, figures, G_N_ELEMENTS(figures), &place, suffix_of(tables));
    wb_document_add_bool(out, "published", !view->from_runs && view->rate);
    wb_document_add_text(out, "case_split", view->of->split);
    wb_document_end(out);
}

static void add_pair(WbDocument *out, const WbRankPair *pair)
{
    wb_document_begin(out, NULL);
    wb_document_add_int(out, "ahead", (int64_t)pair->ahead + 1);
    wb_document_add_int(out, "behind", (int64_t)pair->behind + 1);
    wb_document_add_bool(out, "different", pair->different);
    wb_document_add_bool(out, "tested", pair->tested);
    wb_document_add_bool(out, "paired", pair->paired);
    wb_document_add_real(out, "p", pair->p);
    wb_document_add_real(out, "p_adj", pair->p_adj);
    wb_document_add_real(out, "ratio", pair->ratio);
    wb_document_add_real(out, "ratio_lo", pair->ratio_lo);
    wb_document_add_real(out, "ratio_hi", pair->ratio_hi);
    wb_document_end(out);
}

static void add_table(WbDocument *out, const WbRankTables *tables, const WbRankTable *table)
{
    const WbRanking *ranking = table->ranking;

    wb_document_begin(out, NULL);
    add_table_labels(out, tables, table->part);
    wb_document_add_int(out, "best_k", ranking->best_k);
    wb_document_add_bool(out, "unequal_runs", table->unequal_runs);
    wb_document_add_bool(out, "too_many_groups", !ranking->letters);
    wb_document_begin_list(out, "cases");
    for (size_t i = 0; i < ranking->n; i++)
        add_case(out, tables, table, i);
    wb_document_end(out);
    wb_document_begin_list(out, "pairs");
    for (size_t i = 0; i < ranking->pairs_n; i++)
        add_pair(out, &ranking->pairs[i]);
    wb_document_end(out);
    wb_document_end(out);
}

static bool is_row_key(const WbRankTables *tables, const char *key)
{
    return g_strv_contains((const char *const *)tables->grid->rows.keys, key);
}

static void add_scores(WbDocument *out, const WbRankTables *tables, const GArray *scores)
{
    wb_document_begin_list(out, "scores");
    for (guint i = 0; i < scores->len; i++) {
        const WbRankScore *score = &g_array_index(scores, WbRankScore, i);

        wb_document_begin(out, NULL);
        wb_document_begin(out, "labels");
        for (size_t l = 0; l < wb_labels_count(score->labels); l++) {
            const WbLabel *label = wb_labels_at(score->labels, l);

            if (is_row_key(tables, label->key))
                wb_document_add_text(out, label->key, label->value);
        }
        wb_document_end(out);
        wb_document_add_real(out, "score", score->score);
        wb_document_end(out);
    }
    wb_document_end(out);
}

char *wb_rank_json(const WbRankTables *tables, const GArray *scores)
{
    WbDocument *out = wb_document_new();

    wb_document_add_text(out, "document", "wrkbook/rank");
    wb_document_add_int(out, "version", DOCUMENT_VERSION);
    wb_document_add_text(out, "metric", tables->metric->field);
    wb_document_add_real(out, "level_share", WB_TWO_SAMPLES_LEVEL);
    wb_document_add_real(out, "tie_margin_share", tables->tie_margin_share);
    wb_document_add_text(out, "adjust", wb_adjust_name(tables->adjust));
    wb_document_begin_list(out, "tables");
    for (guint i = 0; i < tables->list->len; i++)
        add_table(out, tables, wb_rank_table_at(tables, i));
    wb_document_end(out);
    if (scores)
        add_scores(out, tables, scores);
    return wb_document_finish(out);
}

/* ---- TSV ------------------------------------------------------------------------------------ */

static void add_heading(const WbRankTables *tables, const WbAxis *const axes[2], GString *out)
{
    for (size_t a = 0; a < 2; a++)
        for (char **key = axes[a]->keys; *key; key++) {
            wb_tsv_append(out, *key);
            g_string_append_c(out, '\t');
        }
    g_string_append(out, "split");
    for (size_t f = 0; f < G_N_ELEMENTS(figures); f++)
        g_string_append_printf(out, "\t%s%s", figures[f].name,
                               figures[f].has_unit ? suffix_of(tables) : "");
    g_string_append_c(out, '\n');
}

static void add_row(const WbAxis *const axes[2], const WbRankTable *table, size_t i, GString *out)
{
    const WbCaseView *view = table->views[table->ranking->order[i]];
    const Place place = place_of(table, i);

    for (size_t a = 0; a < 2; a++)
        for (char **key = axes[a]->keys; *key; key++) {
            const char *value = wb_labels_get(view->of->of_case->labels, *key);

            wb_tsv_append(out, value ? value : "");
            g_string_append_c(out, '\t');
        }
    g_string_append(out, view->of->split ? view->of->split : "");
    for (size_t f = 0; f < G_N_ELEMENTS(figures); f++) {
        char buffer[WB_UNITS_DOUBLE_SIZE];

        g_string_append_printf(out, "\t%s", wb_figure_text(&figures[f], &place, buffer));
    }
    g_string_append_c(out, '\n');
}

char *wb_rank_tsv(const WbRankTables *tables)
{
    const WbAxis *const axes[] = {&tables->grid->tables, &tables->grid->rows};
    GString *out = g_string_new(NULL);

    add_heading(tables, axes, out);
    for (guint t = 0; t < tables->list->len; t++)
        for (size_t i = 0; i < wb_rank_table_at(tables, t)->ranking->n; i++)
            add_row(axes, wb_rank_table_at(tables, t), i, out);
    return g_string_free(out, FALSE);
}
