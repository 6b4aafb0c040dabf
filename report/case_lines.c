/*
 * Case lines: a line a case is a text table like any other, with the strip of the runs as one of
 * its columns; so widths, colour and blocks are each writer's own.
 */
#include "report/case_lines.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/figure_text.h"
#include "report/strip.h"

static const char *const heads[] = {"best", "median", "min - max", "cv", "runs", "", "errors"};
enum { BEST, MEDIAN, RANGE, CV, STABILITY, STRIP, ERRORS, COLUMNS };

/* One part of the grid while its lines are made. */
typedef struct {
    const WbGrid *grid;
    const WbGridTable *part;
    bool ascii;
    WbScale rate, range;
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

static char *figure_text(const Lines *l, size_t column, const WbCell *cell)
{
    if (cell->kind == WB_CELL_RANGE)
        return wb_figure_format_range(&l->range, cell->min, cell->max, l->ascii);
    if (cell->kind != WB_CELL_VALUE)
        return g_strdup(wb_table_word(cell->kind));
    if (cell->has_interval)
        return wb_figure_format_interval(&l->rate, cell->value, cell->half,
                                         cell->runs_missing ? (double)NAN : cell->reach, l->ascii);
    if (column == CV)
        return wb_figure_format_percent(cell->value);
    return wb_figure_format(&l->rate, cell->value, cell->half);
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
        wb_strip_append(strip, view->of->values, view->of->values_n, l->ascii);
    return g_string_free(strip, FALSE);
}

static void fill_line(const Lines *l, const WbCaseView *view, WbTextCell *cells)
{
    static const char *const figures[] = {"best", "median", "range", "cv"};

    for (size_t c = BEST; c <= CV; c++) {
        WbCell cell = wb_cell_make(wb_measure_find(figures[c]), view);

        /* nobody says of how many runs a published figure is the best; a median it is not */
        if (c == MEDIAN && cell.published) {
            cells[c].text = g_strdup("");
            continue;
        }
        cells[c].kind = cell.kind;
        wb_text_cell_set_number(&cells[c], figure_text(l, c, &cell),
                                cell.kind == WB_CELL_RANGE ? cell.min : cell.value);
    }
    cells[STABILITY].text = runs_text(view);
    cells[STRIP].text = strip_text(l, view);
    cells[ERRORS].text = errors_text(view);
    for (size_t c = STABILITY; c <= ERRORS; c++)
        cells[c].kind = WB_CELL_VALUE;
    if (view->from_runs && view->of->errors.runs_with_errors)
        cells[ERRORS].kind = WB_CELL_ERRORS;
}

WbTextTable *wb_case_lines_table(const WbGrid *grid, const WbGridTable *part, WbSplit split,
                                 bool ascii, WbNoted *noted)
{
    Lines l = {.grid = grid, .part = part, .ascii = ascii};
    size_t most = part->rows_n * part->cols_n;
    WbTextTable *table = wb_text_table_new(g_strdup_printf("Each case, %s", wb_split_name(split)),
                                           heads, COLUMNS, most);

    make_scales(&l, split);
    table->words_from = STABILITY;
    for (size_t i = 0; i < most; i++) {
        WbCaseView view;

        if (!view_at(&l, i, split, &view))
            continue;
        fill_line(&l, &view,
                  wb_text_table_add_row(table, name_of(&l, i / part->cols_n, i % part->cols_n)));
        wb_noted_add(noted, name_of(&l, i / part->cols_n, i % part->cols_n), view.of);
    }
    wb_text_table_drop_empty(table);
    return table;
}

bool wb_case_lines_repeat(const WbGridTable *part)
{
    for (size_t i = 0; i < part->rows_n * part->cols_n; i++) {
        const WbCaseSummary *of = part->cells[i] ? part->cells[i]->of : NULL;

        for (size_t p = 0; of && p < of->published_n; p++)
            if (!isnan(of->published[p]->window_min))
                return false;
        if (of && of->runs > 0)
            return false;
    }
    return true;
}

char *wb_case_lines_units(int64_t window_ns)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    return g_strdup_printf("best, median: requests/s; min - max: requests in %s s; runs: how many, "
                           "stable (cv below 5 %%), noisy or wild (from 15 %%), in the order made, "
                           "bars from 0",
                           wb_units_format_double((double)window_ns / 1e9, buffer));
}

bool wb_case_lines_has_best(const WbGridTable *part)
{
    for (size_t i = 0; i < part->rows_n * part->cols_n; i++)
        if (wb_cell_make(wb_measure_find("best"), part->cells[i]).kind == WB_CELL_VALUE)
            return true;
    return false;
}
