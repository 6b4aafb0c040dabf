/*
 * Summary text: a line a case is a text table like any other, with the strip of the runs as one of
 * its columns; so widths, colour and blocks are text.c's.
 */
#include "report/summary_text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/campaign_notes.h"
#include "report/clean.h"
#include "report/figure_text.h"
#include "report/notes.h"
#include "report/strip.h"
#include "report/text.h"

static const char *const heads[] = {"best", "median", "min - max", "cv", "runs", "", "errors"};
enum { BEST, MEDIAN, RANGE, CV, STABILITY, STRIP, ERRORS, COLUMNS };

/* One part of the grid while its lines are made. */
typedef struct {
    const WbGrid *grid;
    const WbGridTable *part;
    const WbSummaryTextOptions *options;
    WbScale rate, range;
    WbNoted noted; /* names and cases in the order of the lines */
} Lines;

static char *name_of(const Lines *l, size_t r, size_t c)
{
    g_autofree char *row = wb_table_join(&l->grid->rows, l->part->rows[r]);
    g_autofree char *col = NULL;

    if (!l->grid->cols.keys[0])
        return g_steal_pointer(&row);
    col = wb_table_join(&l->grid->cols, l->part->cols[c]);
    return g_strdup_printf("%s/%s", row, col);
}

/* What counts of the case in place i of the part, in lines of that split. Lines are for cases that
 * were measured or have a published figure. */
static bool view_at(const Lines *l, size_t i, WbSplit split, WbCaseView *out)
{
    const WbCaseView *shown = l->part->cells[i];

    if (!shown || !wb_case_view(shown->of, split, out))
        return false;
    return out->of->runs > 0 || out->rate || out->range || out->state == WB_STATE_ERRORS;
}

static void smaller(double value, double *smallest, bool *whole)
{
    if (isnan(value))
        return;
    if (value != 0 && !(value >= *smallest))
        *smallest = value;
    if (fabs(value - round(value)) > 1e-9)
        *whole = false;
}

static void make_scales(Lines *l, WbSplit split)
{
    double rate = NAN, range = NAN;
    bool whole = true, ignored = true;

    for (size_t i = 0; i < l->part->rows_n * l->part->cols_n; i++) {
        WbCaseView view;

        if (!view_at(l, i, split, &view))
            continue;
        smaller(wb_cell_make(wb_measure_find("best"), &view).value, &rate, &whole);
        smaller(wb_cell_make(wb_measure_find("median"), &view).value, &rate, &whole);
        smaller(wb_cell_make(wb_measure_find("range"), &view).min, &range, &ignored);
    }
    l->rate = wb_scale_make(WB_UNIT_PER_S, rate, whole);
    l->range = wb_scale_make(WB_UNIT_PER_WINDOW, range, true);
}

static char *figure(const Lines *l, const char *name, const WbCaseView *view, WbCellKind *out_kind)
{
    WbCell cell = wb_cell_make(wb_measure_find(name), view);

    *out_kind = cell.kind;
    if (cell.kind == WB_CELL_RANGE)
        return wb_figure_format_range(&l->range, cell.min, cell.max, l->options->ascii);
    if (cell.kind != WB_CELL_VALUE)
        return g_strdup(wb_table_word(cell.kind));
    if (cell.has_interval)
        return wb_figure_format_interval(&l->rate, cell.value, cell.half,
                                         cell.runs_missing ? (double)NAN : cell.reach,
                                         l->options->ascii);
    if (!strcmp(name, "cv"))
        return wb_figure_format_percent(cell.value);
    return wb_figure_format(&l->rate, cell.value, cell.half);
}

/* "6 stable": what the runs, or else the windows, say of steadiness. */
static char *runs_text(const WbCaseView *view)
{
    const WbCaseSummary *of = view->of;
    const char *word = of->rate.stability;

    if (!view->from_runs && view->range)
        return g_strdup_printf(
            "? %s", wb_sample_range_stability(view->range->window_min, view->range->window_max));
    if (!view->from_runs)
        return g_strdup(of->runs ? "0" : "?");
    if (of->runs_complete < 3)
        return g_strdup_printf("%" PRId64, of->runs_complete);
    return g_strdup_printf("%" PRId64 " %s", of->runs_complete, word);
}

static char *errors_text(const WbCaseView *view)
{
    const WbCaseSummary *of = view->of;
    g_autofree char *counts = NULL;

    if (!view->from_runs)
        return g_strdup(g_strcmp0(of->split, WB_SPLIT_NAME_ERRORS) ? "" : "some");
    counts = wb_figure_errors(&of->errors);
    if (of->errors.runs_with_errors == 0)
        return g_steal_pointer(&counts);
    return g_strdup_printf("%s in %" PRId64 " of %" PRId64 " runs", counts,
                           of->errors.runs_with_errors, of->runs_complete);
}

static char *strip_text(const Lines *l, const WbCaseView *view)
{
    GString *strip = g_string_new(NULL);

    if (view->from_runs)
        wb_strip_append(strip, view->of->values, view->of->values_n, l->options->ascii);
    return g_string_free(strip, FALSE);
}

static void fill_line(const Lines *l, const WbCaseView *view, WbTextCell *cells)
{
    cells[BEST].text = figure(l, "best", view, &cells[BEST].kind);
    cells[MEDIAN].text = figure(l, "median", view, &cells[MEDIAN].kind);
    cells[RANGE].text = figure(l, "range", view, &cells[RANGE].kind);
    cells[CV].text = figure(l, "cv", view, &cells[CV].kind);
    cells[STABILITY].text = runs_text(view);
    cells[STRIP].text = strip_text(l, view);
    cells[ERRORS].text = errors_text(view);
    if (view->from_runs && view->of->errors.runs_with_errors)
        cells[ERRORS].kind = WB_CELL_ERRORS;
}

/* The lines of one split as one table; their cases go to `noted`. */
static WbTextTable *lines_table(Lines *l, WbSplit split)
{
    WbTextTable *table = g_new0(WbTextTable, 1);
    size_t most = l->part->rows_n * l->part->cols_n;

    table->heads = g_ptr_array_new_with_free_func(g_free);
    table->stubs = g_ptr_array_new_with_free_func(g_free);
    table->notes = g_ptr_array_new_with_free_func(g_free);
    table->cells = g_new0(WbTextCell, most * COLUMNS);
    table->words_from = STABILITY;
    for (size_t c = 0; c < COLUMNS; c++)
        g_ptr_array_add(table->heads, g_strdup(heads[c]));
    for (size_t i = 0; i < most; i++) {
        WbCaseView view;

        if (!view_at(l, i, split, &view))
            continue;
        fill_line(l, &view, &table->cells[table->stubs->len * COLUMNS]);
        g_ptr_array_add(table->stubs, name_of(l, i / l->part->cols_n, i % l->part->cols_n));
        wb_noted_add(&l->noted, name_of(l, i / l->part->cols_n, i % l->part->cols_n), view.of);
    }
    return table;
}

/* ---- what to do next ------------------------------------------------------------------------ */

/* Cases that a piece of advice is about. */
static GPtrArray *pick(const WbNoted *noted, bool (*is)(const WbCaseSummary *))
{
    GPtrArray *names = g_ptr_array_new();

    for (size_t i = 0; i < noted->cases->len; i++)
        if (is(g_ptr_array_index(noted->cases, i)))
            g_ptr_array_add(names, g_ptr_array_index(noted->names, i));
    return names;
}

static bool is_short(const WbCaseSummary *of)
{
    return of->warnings & WB_WARN_FEW_RUNS;
}

static bool is_unsteady(const WbCaseSummary *of)
{
    return strcmp(of->rate.stability, WB_STABILITY_NOISY) == 0 ||
           strcmp(of->rate.stability, WB_STABILITY_WILD) == 0;
}

static bool has_errors(const WbCaseSummary *of)
{
    return !g_strcmp0(of->split, WB_SPLIT_NAME_ERRORS);
}

static const struct {
    bool (*is)(const WbCaseSummary *);
    const char *advice;
} advices[] = {
    {is_short, "repeat until each case has 5 runs (better 6), for an interval of the median"},
    {is_unsteady, "look for what varies, or make more runs: results are noisy"},
    {has_errors, "see cases with errors in a table of their own (wrkbook table --split errors)"},
};

static void append_section(GString *out, const char *title, const GPtrArray *sentences)
{
    if (sentences->len == 0)
        return;
    g_string_append_printf(out, "\n%s\n", title);
    for (size_t i = 0; i < sentences->len; i++)
        g_string_append_printf(out, "* %s\n", (const char *)g_ptr_array_index(sentences, i));
}

static void append_notes(const WbQuery *query, const WbNoted *noted, GString *out)
{
    const uint32_t all = wb_notes_mask_rate() | wb_notes_mask_range() | WB_WARN_OUTLIERS |
                         WB_WARN_PUBLISHED_BESIDE | WB_WARN_WARMUP | WB_WARN_UNSTEADY |
                         WB_WARN_START_LEVEL;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) next = g_ptr_array_new_with_free_func(g_free);

    wb_notes_add_warnings(notes, noted, all);
    wb_notes_add_findings(notes, noted, query->findings);
    wb_notes_add_unequal(notes, noted);
    wb_campaign_notes_add(notes, query->summary);
    append_section(out, "Notes", notes);
    for (size_t i = 0; i < G_N_ELEMENTS(advices); i++) {
        g_autoptr(GPtrArray) names = pick(noted, advices[i].is);

        wb_notes_add_list(next, advices[i].advice, names, noted->cases->len);
    }
    g_ptr_array_add(next,
                    g_strdup("wrkbook table --format md -o results.md writes the table for an "
                             "article"));
    append_section(out, "Next", next);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static bool has_best(const Lines *l)
{
    for (size_t i = 0; i < l->part->rows_n * l->part->cols_n; i++)
        if (wb_cell_make(wb_measure_find("best"), l->part->cells[i]).kind == WB_CELL_VALUE)
            return true;
    return false;
}

/* The table of a part: best figures, or min - max where nobody published a rate. table.c takes
 * whole grids, so the part is shown by a grid that holds only it. */
static void append_table(const WbQuery *query, const Lines *l, GString *out)
{
    const WbTableStyle style = {.ascii = l->options->ascii};
    g_autoptr(GPtrArray) measures = wb_measures_parse(has_best(l) ? "best" : "range", NULL);
    g_autoptr(GPtrArray) tables = NULL;
    const WbTextTable *table;
    WbGrid one = *l->grid;

    one.parts = g_ptr_array_new();
    g_ptr_array_add(one.parts, (gpointer)l->part);
    tables = wb_table_list(query->summary, &one, measures, &style);
    g_ptr_array_unref(one.parts);
    if (tables->len == 0)
        return;
    table = g_ptr_array_index(tables, 0);
    g_string_append_printf(out, "\n%s%s", table->caption, *table->caption ? "\n" : "");
    if (!l->grid->cols.keys[0])
        return;
    g_string_append_c(out, '\n');
    wb_text_append_table(table, l->options->color, l->options->columns, out);
}

/* The lines of one split, if it has any. Cases with errors have lines of their own, where their
 * figures may be shown. */
static void append_lines(Lines *l, WbSplit split, GString *out)
{
    WbTextTable *table;

    make_scales(l, split);
    table = lines_table(l, split);
    if (table->stubs->len) {
        g_string_append_printf(out, "\nEach case, %s\n\n", wb_split_name(split));
        wb_text_append_table(table, l->options->color, l->options->columns, out);
    }
    wb_text_table_free(table);
}

static void append_part(const WbQuery *query, Lines *l, GString *out)
{
    append_table(query, l, out);
    if (l->part->split != WB_SPLIT_ERRORS)
        append_lines(l, WB_SPLIT_NO_ERRORS, out);
    if (l->part->split != WB_SPLIT_NO_ERRORS)
        append_lines(l, WB_SPLIT_ERRORS, out);
}

void wb_summary_text_append(const WbQuery *query, const WbGrid *grid,
                            const WbSummaryTextOptions *options, GString *out)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];
    WbNoted noted;

    wb_noted_init(&noted);
    wb_summary_facts_append(query->set, query->summary, out);
    for (size_t p = 0; p < grid->parts->len; p++) {
        Lines l = {.grid = grid,
                   .part = g_ptr_array_index(grid->parts, p),
                   .options = options,
                   .noted = noted};

        append_part(query, &l, out);
    }
    g_string_append_printf(out,
                           "\nbest, median: requests/s; min - max: requests in %s s; runs: in the "
                           "order made, bars from 0\n",
                           wb_units_format_double((double)query->summary->window_ns / 1e9, buffer));
    append_notes(query, &noted, out);
    wb_noted_clear(&noted);
}
