/*
 * Story, results of one benchmark: who leads, the table, the order with its ties, the spread of
 * runs and windows, latencies.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/case_lines.h"
#include "report/case_name.h"
#include "report/figure_text.h"
#include "report/notes.h"
#include "report/rank_text.h"
#include "report/story_charts.h"
#include "report/story_parts.h"

#define NAMED       5 /* cases that a sentence names before it counts */
#define CHARTS_MOST 3 /* pictures of a kind, where one would be too large */

char *wb_story_rate_text(const WbCaseView *view)
{
    WbCell cell = wb_cell_make(wb_measure_find("median"), view);
    WbScale scale = wb_scale_make(WB_UNIT_PER_S, cell.value, cell.value == floor(cell.value));
    g_autofree char *text = NULL;

    if (cell.kind != WB_CELL_VALUE)
        return g_strdup("no figure");
    text = cell.has_interval && !cell.runs_missing
               ? wb_figure_format_interval(&scale, cell.value, cell.half, cell.reach, false)
               : wb_figure_format(&scale, cell.value, cell.half);
    return g_strconcat(text, " requests/s", NULL);
}

static char *case_name(const WbStoryPart *part, const WbCaseView *view)
{
    return wb_case_name(view->of->of_case->labels, part->name_keys);
}

static const WbCaseView *ranked_view(const WbStoryPart *part, size_t place)
{
    return part->rank->views[part->rank->ranking->order[place]];
}

char *wb_story_leader(const WbStoryPart *part)
{
    const WbRanking *ranking = part->rank ? part->rank->ranking : NULL;
    g_autoptr(GPtrArray) tied = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *first = NULL;
    g_autofree char *rate = NULL;
    g_autofree char *others = NULL;
    const char *what;

    if (!ranking || ranking->ranked_n < 2)
        return NULL;
    first = case_name(part, ranked_view(part, 0));
    rate = wb_story_rate_text(ranked_view(part, 0));
    what = ranked_view(part, 0)->from_runs ? "has the highest median"
                                           : "has the highest published figure";
    for (size_t i = 1; i < ranking->ranked_n; i++)
        if (!wb_ranking_pair(ranking, 0, i)->different)
            g_ptr_array_add(tied, case_name(part, ranked_view(part, i)));
    if (tied->len == 0)
        return g_strdup_printf("%s %s, %s, ahead of all others.", first, what, rate);
    if (tied->len + 1 == ranking->ranked_n)
        return g_strdup_printf("%s %s, %s, but no case is told apart from it.", first, what, rate);
    others = wb_story_join(tied, NAMED);
    return g_strdup_printf("%s %s, %s; neck and neck with it: %s.", first, what, rate, others);
}

/* ---- sentences ------------------------------------------------------------------------------ */

/* The smallest and the largest cv of cases with at least three runs. */
static char *spread_text(const WbStoryPart *part)
{
    const WbCaseView *least = NULL, *most = NULL;
    g_autofree char *least_name = NULL;
    g_autofree char *most_name = NULL;
    g_autofree char *least_cv = NULL;
    g_autofree char *most_cv = NULL;

    for (size_t i = 0; i < part->part->rows_n * part->part->cols_n; i++) {
        const WbCaseView *view = part->part->cells[i];

        if (!view || !view->from_runs || view->of->values_n < 3 || isnan(view->of->rate.cv))
            continue;
        if (!least || view->of->rate.cv < least->of->rate.cv)
            least = view;
        if (!most || view->of->rate.cv > most->of->rate.cv)
            most = view;
    }
    if (!least || least == most)
        return NULL;
    least_name = case_name(part, least);
    most_name = case_name(part, most);
    least_cv = wb_figure_format_percent(least->of->rate.cv);
    most_cv = wb_figure_format_percent(most->of->rate.cv);
    return g_strdup_printf("From run to run %s varies least (coefficient of variation %s), %s most "
                           "(%s).",
                           least_name, least_cv, most_name, most_cv);
}

/* ---- tables --------------------------------------------------------------------------------- */

static void add_table(WbTelling *t, const WbStoryPart *part, const char *what, WbTextTable *table)
{
    g_autofree char *name = g_strconcat(what, " ", part->title, NULL);

    if (table)
        wb_paper_add_table(t->paper, name, table);
}

static void add_best(WbTelling *t, const WbStoryPart *part)
{
    const WbTableStyle style = {0};

    if (wb_case_lines_has_best(part->part))
        add_table(t, part, "best",
                  wb_table_of_part(t->story->query.summary, t->story->grid, part->part,
                                   wb_measure_find("best"), &style));
    wb_story_charts_ask(t, part, "matrix", CHARTS_MOST);
}

/* Of runs a table: order, intervals, letters; the dots of all runs come with the spread. Published
 * figures allow no test: there the picture says all that they say. Cases without rank are named in
 * a note, and again where errors are told. */
static void add_order(WbTelling *t, const WbStoryPart *part)
{
    WbTextTable *table;

    if (!part->rank || part->rank->ranking->ranked_n < 2)
        return;
    wb_paper_add_heading(t->paper, 2, "Order and ties");
    if (t->story->query.summary->runs_most == 0 && !t->story->no_charts) {
        wb_story_charts_ask(t, part, "ranking", CHARTS_MOST);
        return;
    }
    table = wb_rank_text_table(&t->story->ranks, part->rank_i, false);
    wb_text_table_cut(table, part->rank->ranking->ranked_n);
    add_table(t, part, "rank", table);
}

static bool has_range(const WbGridTable *part)
{
    for (size_t i = 0; i < part->rows_n * part->cols_n; i++)
        if (wb_cell_make(wb_measure_find("range"), part->cells[i]).kind == WB_CELL_RANGE)
            return true;
    return false;
}

/* min - max, one table of the cases without errors and one of those with. */
static void add_ranges(WbTelling *t, const WbStoryPart *part)
{
    WbQuery split = t->story->query; /* borrows everything */
    const WbTableStyle style = {0};
    g_autoptr(WbGrid) grid = NULL;

    split.by_split = true;
    grid = part->part->split == WB_SPLIT_ANY ? wb_query_first_grid(&split, NULL) : NULL;
    for (guint i = 0; grid && i < grid->parts->len; i++) {
        const WbGridTable *of = g_ptr_array_index(grid->parts, i);

        if (of->table == part->part->table && has_range(of))
            add_table(t, part, of->split == WB_SPLIT_ERRORS ? "range errors" : "range no errors",
                      wb_table_of_part(t->story->query.summary, grid, of, wb_measure_find("range"),
                                       &style));
    }
    if (!grid && has_range(part->part))
        add_table(t, part, "range",
                  wb_table_of_part(t->story->query.summary, t->story->grid, part->part,
                                   wb_measure_find("range"), &style));
}

/* Each case in a line, if any was measured: of published figures the tables say it all. */
static void add_lines(WbTelling *t, const WbStoryPart *part)
{
    const WbSplit splits[] = {WB_SPLIT_NO_ERRORS, WB_SPLIT_ERRORS};
    bool any = false;

    for (size_t i = 0; i < part->part->rows_n * part->part->cols_n; i++)
        any |= part->part->cells[i] && part->part->cells[i]->of->runs_complete > 0;
    for (size_t s = 0; any && s < G_N_ELEMENTS(splits); s++) {
        WbTextTable *table;
        WbNoted noted;

        if (part->part->split != WB_SPLIT_ANY && part->part->split != splits[s])
            continue;
        wb_noted_init(&noted);
        table = wb_case_lines_table(t->story->grid, part->part, splits[s], false, &noted);
        if (table->stubs->len) {
            g_ptr_array_add(table->notes, wb_case_lines_units(t->story->query.summary->window_ns));
            wb_notes_add_warnings(table->notes, &noted,
                                  WB_WARN_OUTLIERS | WB_WARN_WARMUP | WB_WARN_UNSTEADY |
                                      WB_WARN_START_LEVEL);
            add_table(t, part, "cases", table);
        } else {
            wb_text_table_free(table);
        }
        wb_noted_clear(&noted);
    }
}

/* ---- latencies ------------------------------------------------------------------------------ */

static const char *const latency_measures[] = {"p50", "p75", "p90", "p99", "p999", "latency_max"};
static const char *const latency_heads[] = {"50 %", "75 %", "90 %", "99 %", "99.9 %", "longest"};

static void fill_latency(const WbCaseView *view, WbTextCell *cells)
{
    for (size_t m = 0; m < G_N_ELEMENTS(latency_measures); m++) {
        WbCell cell = wb_cell_make(wb_measure_find(latency_measures[m]), view);
        bool is_value = cell.kind == WB_CELL_VALUE;

        cells[m].kind = cell.kind;
        wb_text_cell_set_number(&cells[m],
                                is_value ? wb_units_format_time((int64_t)llround(cell.value))
                                         : g_strdup(wb_table_word(cell.kind)),
                                is_value ? cell.value : (double)NAN);
    }
}

static void add_latency(WbTelling *t, const WbStoryPart *part)
{
    const WbRanking *ranking = part->rank ? part->rank->ranking : NULL;
    g_autoptr(GPtrArray) kinds = g_ptr_array_new();
    g_autofree char *told = NULL;
    size_t left_out = 0;
    WbTextTable *table;
    WbNoted noted;

    if (!ranking)
        return;
    wb_noted_init(&noted);
    table = wb_text_table_new(g_strdup("Latency: so many percent of the responses took at most"),
                              latency_heads, G_N_ELEMENTS(latency_heads), ranking->n);
    for (size_t i = 0; i < ranking->n; i++) {
        const WbCaseView *view = ranked_view(part, i);
        const char *kind = view->of->latency.kind ? view->of->latency.kind : "not told";

        if (!view->from_runs || !view->of->latency.from)
            continue;
        if (view->state == WB_STATE_ERRORS) {
            left_out++;
            continue;
        }
        if (!g_ptr_array_find_with_equal_func(kinds, kind, g_str_equal, NULL))
            g_ptr_array_add(kinds, (gpointer)kind);
        fill_latency(view, wb_text_table_add_row(table, case_name(part, view)));
        wb_noted_add(&noted, case_name(part, view), view->of);
    }
    told = wb_story_join(kinds, NAMED);
    if (kinds->len)
        g_ptr_array_add(table->notes, g_strdup_printf("kind of latency: %s", told));
    if (left_out)
        g_ptr_array_add(table->notes, g_strdup_printf("%zu case%s with errors left out", left_out,
                                                      left_out == 1 ? "" : "s"));
    wb_notes_add_warnings(table->notes, &noted, wb_notes_mask_latency() & ~wb_notes_mask_counts());
    wb_noted_clear(&noted);
    if (table->stubs->len == 0) {
        wb_text_table_free(table);
        return;
    }
    wb_text_table_drop_empty(table);
    wb_paper_add_heading(t->paper, 2, "Latency");
    add_table(t, part, "latency", table);
    wb_story_charts_ask(t, part, "latency", 1);
}

/* ---- the section ---------------------------------------------------------------------------- */

void wb_story_tell_results(WbTelling *t, const WbStoryPart *part)
{
    g_autofree char *leader = wb_story_leader(part);
    g_autofree char *spread = spread_text(part);

    wb_paper_add_heading(t->paper, 1, part->title);
    if (t->story->grid->parts->len > 1) /* of a single one it is the result, told at the top */
        wb_paper_add_text(t->paper, leader);
    add_best(t, part);
    add_order(t, part);
    if (spread || has_range(part->part))
        wb_paper_add_heading(t->paper, 2, "Spread");
    wb_paper_add_text(t->paper, spread);
    add_ranges(t, part);
    wb_story_charts_ask(t, part, "ranges", CHARTS_MOST);
    add_lines(t, part);
    wb_story_charts_ask(t, part, "runs", CHARTS_MOST);
    add_latency(t, part);
}
