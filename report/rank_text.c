/* Rank text: see rank_text.h. */
#include "report/rank_text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analyze/two_samples.h"
#include "report/case_name.h"
#include "report/figure_text.h"
#include "report/notes.h"

/* The columns that there can be. */
enum { RANK, MEDIAN, BEST, BEHIND, GROUP, COLUMNS };

#define TIMES "\xc3\x97" /* U+00D7 */

typedef struct {
    const WbRankTables *tables;
    const WbRankTable *of;
    WbScale scale;
    bool ascii;
    bool published; /* no ranked case has a run: figures are somebody's, there is no best of them */
    size_t columns_n;
    size_t columns[COLUMNS]; /* [columns_n]: those that are shown */
    GPtrArray *name_keys;
} Draft;

static const WbCaseView *view_at(const Draft *d, size_t place)
{
    return d->of->views[d->of->ranking->order[place]];
}

/* A case is called by its labels, but those of the table and those that all cases share. */
static char *name_at(const Draft *d, size_t place)
{
    return wb_case_name(view_at(d, place)->of->of_case->labels, d->name_keys);
}

static GPtrArray *name_keys(const WbRankTables *tables)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new();

    for (guint i = 0; i < tables->list->len; i++) {
        const WbRankTable *table = wb_rank_table_at(tables, i);

        for (size_t c = 0; c < table->ranking->n; c++)
            g_ptr_array_add(labels, table->views[c]->of->of_case->labels);
    }
    return wb_case_name_keys(labels, tables->grid->tables.keys, NULL);
}

static char *caption_of(const Draft *d)
{
    g_autofree char *name = wb_table_name(d->tables->grid, d->of->part);

    const char *order = d->of->ranking->ranked_n == 0 ? ", no case has a rank"
                        : d->published                ? ", cases in order of what was published"
                                                      : ", cases in order of their medians";

    return g_strconcat(name, *name ? ": " : "", d->tables->metric->title, order, NULL);
}

/* A column in which no case has anything is left out. */
static void choose_columns(Draft *d)
{
    const WbRanking *ranking = d->of->ranking;

    d->published = ranking->ranked_n > 0;
    for (size_t i = 0; i < ranking->ranked_n; i++)
        d->published &= !view_at(d, i)->from_runs;
    for (size_t c = 0; c < COLUMNS; c++)
        if (c == RANK || (ranking->ranked_n > 0 && !(c == BEST && d->published)))
            d->columns[d->columns_n++] = c;
}

/* ---- cells ---------------------------------------------------------------------------------- */

static const WbSampleFigures *figures_at(const Draft *d, size_t place)
{
    return &d->of->figures[d->of->ranking->order[place]];
}

static WbScale scale_of(const Draft *d)
{
    double smallest = NAN;
    bool whole = true;

    for (size_t i = 0; i < d->of->ranking->ranked_n; i++) {
        double median = figures_at(d, i)->median;

        if (median > 0)
            smallest = isnan(smallest) ? median : fmin(smallest, median);
        whole &= median == floor(median);
    }
    return wb_scale_make(wb_compare_metric_unit(d->tables->metric), smallest, whole);
}

/* How often the first's rate is that of this case, or this case's latency that of the first. */
static double times_behind(const Draft *d, double ratio)
{
    return d->tables->metric->lower_is_better ? 1 / ratio : ratio;
}

/* "1.75x (1.57 - 1.88)" */
static char *behind_text(const Draft *d, size_t place)
{
    const WbPrefix none = {"", 1};
    const WbRankPair *pair;
    double ends[2];
    g_autofree char *ratio = NULL;
    g_autofree char *lo = NULL;
    g_autofree char *hi = NULL;

    if (place == 0 || place >= d->of->ranking->ranked_n)
        return g_strdup("");
    pair = wb_ranking_pair(d->of->ranking, 0, place);
    if (isnan(pair->ratio))
        return g_strdup("?");
    ratio = wb_units_format_scaled(times_behind(d, pair->ratio), none, 2);
    if (isnan(pair->ratio_lo) || isnan(pair->ratio_hi))
        return g_strconcat(ratio, d->ascii ? "x" : TIMES, NULL);
    ends[0] = times_behind(d, pair->ratio_lo);
    ends[1] = times_behind(d, pair->ratio_hi);
    lo = wb_units_format_scaled(fmin(ends[0], ends[1]), none, 2);
    hi = wb_units_format_scaled(fmax(ends[0], ends[1]), none, 2);
    return g_strconcat(ratio, d->ascii ? "x" : TIMES, " (", lo, d->ascii ? " - " : " \xe2\x80\x93 ",
                       hi, ")", NULL);
}

/* A published figure is one of unknown many: it has no interval. */
static char *median_text(const Draft *d, size_t place)
{
    const WbSampleFigures *of = figures_at(d, place);
    double reach;
    int64_t missing;

    if (!view_at(d, place)->from_runs)
        return wb_figure_format(&d->scale, of->median, of->half);
    wb_sample_median_shown(of, &reach, &missing);
    return wb_figure_format_interval(&d->scale, of->median, of->half, missing ? (double)NAN : reach,
                                     d->ascii);
}

/* Nor is there a best of it. */
static char *best_text(const Draft *d, size_t place)
{
    const WbCaseView *view = view_at(d, place);

    if (place >= d->of->ranking->ranked_n || !view->from_runs)
        return g_strdup("");
    return wb_figure_format(&d->scale, d->of->ranking->best_of_k[place],
                            figures_at(d, place)->half);
}

static void fill_row(const Draft *d, size_t place, WbTextCell *row)
{
    WbTextCell cells[COLUMNS] = {0};
    const WbRanking *ranking = d->of->ranking;
    const WbCaseView *view = view_at(d, place);
    bool ranked = place < ranking->ranked_n;
    bool errors = !g_strcmp0(view->of->split, WB_SPLIT_NAME_ERRORS);
    double median = figures_at(d, place)->median;
    double behind =
        ranked && place ? times_behind(d, wb_ranking_pair(ranking, 0, place)->ratio) : (double)NAN;

    for (size_t c = 0; c < COLUMNS; c++)
        cells[c].kind = ranked ? WB_CELL_VALUE : errors ? WB_CELL_ERRORS : WB_CELL_BLANK;
    if (ranked)
        wb_text_cell_set_number(&cells[RANK], g_strdup_printf("%" PRId64, ranking->rank[place]),
                                (double)ranking->rank[place]);
    else
        cells[RANK].text = g_strdup(errors ? "errors" : "");
    wb_text_cell_set_number(&cells[MEDIAN], ranked ? median_text(d, place) : g_strdup(""),
                            ranked ? median : (double)NAN);
    wb_text_cell_set_number(&cells[BEST], best_text(d, place), ranking->best_of_k[place]);
    wb_text_cell_set_number(&cells[BEHIND], behind_text(d, place), behind);
    cells[GROUP].text = g_strdup(ranking->letters ? ranking->letters[place] : "");
    cells[MEDIAN].best = place == 0 && ranked;
    for (size_t c = 0, shown = 0; c < COLUMNS; c++) {
        if (shown < d->columns_n && d->columns[shown] == c)
            row[shown++] = cells[c];
        else
            g_free(cells[c].text);
    }
}

/* ---- notes ---------------------------------------------------------------------------------- */

/* Who is at the top: the first, and all that are not told apart from it. */
static void add_top(const Draft *d, GPtrArray *notes)
{
    const WbRanking *ranking = d->of->ranking;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *first = NULL;

    if (ranking->ranked_n < 2)
        return;
    for (size_t i = 0; i < ranking->ranked_n; i++)
        if (i == 0 || !wb_ranking_pair(ranking, 0, i)->different)
            g_ptr_array_add(names, name_at(d, i));
    first = name_at(d, 0);
    if (names->len == 1)
        g_ptr_array_add(notes, g_strdup_printf("ahead of all others: %s", first));
    else if (names->len == ranking->ranked_n)
        g_ptr_array_add(notes, g_strdup("no case is told apart from the first"));
    else
        wb_notes_add_list(notes, "neck and neck with the first", names, G_MAXSIZE);
}

static void add_method(const Draft *d, GPtrArray *notes)
{
    const WbRanking *ranking = d->of->ranking;
    g_autofree char *margin = wb_figure_format_percent(d->tables->tie_margin_share);
    size_t untested = 0, paired = 0;

    for (size_t i = 0; i < ranking->pairs_n; i++) {
        untested += !ranking->pairs[i].tested;
        paired += ranking->pairs[i].paired;
    }
    if (!ranking->letters)
        g_ptr_array_add(notes, g_strdup("more than 52 groups: no letters"));
    else if (ranking->pairs_n)
        g_ptr_array_add(
            notes, g_strdup_printf("cases that share a letter are neck and neck: within %s, or not "
                                   "told apart at the level of 5 %% over all pairs",
                                   margin));
    if (untested)
        g_ptr_array_add(notes,
                        g_strdup_printf("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                                        " pairs have too few runs for a test (it takes 4 a side): "
                                        "told apart where their ranges are",
                                        untested, ranking->pairs_n));
    if (paired)
        g_ptr_array_add(notes, g_strdup_printf("%" G_GSIZE_FORMAT " pairs of one interleaved "
                                               "campaign are compared round by round",
                                               paired));
}

static void add_notes(const Draft *d, GPtrArray *notes)
{
    const WbRanking *ranking = d->of->ranking;
    g_autoptr(GPtrArray) published = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func(g_free);
    bool latency = wb_compare_metric_is_latency(d->tables->metric);
    WbNoted noted;

    wb_noted_init(&noted);
    for (size_t i = 0; i < ranking->n; i++) {
        const WbCaseView *view = view_at(d, i);

        if (i < ranking->ranked_n && !view->from_runs)
            g_ptr_array_add(published, name_at(d, i));
        if (!g_strcmp0(view->of->split, WB_SPLIT_NAME_ERRORS))
            g_ptr_array_add(errors, name_at(d, i));
        else if (i >= ranking->ranked_n)
            g_ptr_array_add(unknown, name_at(d, i));
        wb_noted_add(&noted, name_at(d, i), view->of);
    }
    add_top(d, notes);
    add_method(d, notes);
    wb_notes_add_list(notes, "errors: no rank", errors, G_MAXSIZE);
    wb_notes_add_list(notes,
                      latency ? "the latency is not known, or too few answers lie above it: no rank"
                              : "no rate is known: no rank",
                      unknown, G_MAXSIZE);
    wb_notes_add_list(notes, "published, number of runs unknown", published, ranking->n);
    if (d->of->unequal_runs)
        g_ptr_array_add(notes,
                        g_strdup_printf("cases rest on unequal numbers of runs: best of %" PRId64
                                        " is what so many of their runs are expected to reach",
                                        ranking->best_k));
    wb_notes_add_warnings(notes, &noted, latency ? wb_notes_mask_latency() : wb_notes_mask_rate());
    wb_noted_clear(&noted);
}

WbTextTable *wb_rank_text_table(const WbRankTables *tables, size_t i, bool ascii)
{
    Draft d = {.tables = tables, .of = wb_rank_table_at(tables, i), .ascii = ascii};
    size_t n = d.of->ranking->n;
    g_autofree char *best = NULL;
    const char *heads[COLUMNS], *shown[COLUMNS];
    WbTextTable *table;

    d.scale = scale_of(&d);
    d.name_keys = name_keys(tables);
    choose_columns(&d);
    best = g_strdup_printf("best of %" PRId64, MAX(1, d.of->ranking->best_k));
    heads[RANK] = "rank";
    heads[MEDIAN] = d.published ? "published" : "median";
    heads[BEST] = best;
    heads[BEHIND] = "first is faster";
    heads[GROUP] = "group";
    for (size_t c = 0; c < d.columns_n; c++)
        shown[c] = heads[d.columns[c]];
    table = wb_text_table_new(caption_of(&d), shown, d.columns_n, n);
    table->words_from = d.columns_n > 1 ? d.columns_n - 1 : 0; /* the last one: GROUP */
    for (size_t r = 0; r < n; r++)
        fill_row(&d, r, wb_text_table_add_row(table, name_at(&d, r)));
    add_notes(&d, table->notes);
    g_ptr_array_unref(d.name_keys);
    return table;
}

WbTextTable *wb_rank_text_scores(const WbRankTables *tables, const GArray *scores)
{
    g_autoptr(GPtrArray) keys = name_keys(tables);
    g_autoptr(GPtrArray) without = g_ptr_array_new_with_free_func(g_free);
    const WbPrefix none = {"", 1};
    WbTextTable *table = wb_text_table_new(g_strdup("score over all tables, from medians"),
                                           (const char *const[]){"score"}, 1, scores->len);

    for (guint i = 0; i < scores->len; i++) {
        const WbRankScore *one = &g_array_index(scores, WbRankScore, i);
        char *name = wb_case_name(one->labels, keys);
        WbTextCell *cell;

        if (isnan(one->score)) {
            g_ptr_array_add(without, name);
            continue;
        }
        cell = wb_text_table_add_row(table, name);
        cell->kind = WB_CELL_VALUE;
        cell->best = i == 0;
        wb_text_cell_set_number(cell, wb_units_format_scaled(one->score, none, 1), one->score);
    }
    g_ptr_array_add(table->notes,
                    g_strdup("100: the best in every table; the geometric mean of the shares of "
                             "each table's best"));
    wb_notes_add_list(table->notes, "absent from a table or with errors in one: no score", without,
                      G_MAXSIZE);
    return table;
}
