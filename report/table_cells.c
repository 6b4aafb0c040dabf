/*
 * Table cells: first all figures of a part are made, from which the scale that all figures of one
 * measure share is read off; then each cell becomes text. Several figures in a cell read
 * "19.34k (209 - 485; 0.7 %)": the first one leads, "-" stands for one that the case lacks, and a
 * case of which there is but a word says it once.
 */
#include <math.h>
#include <string.h>

#include "report/clean.h"
#include "report/table_draft.h"

#define NO_FIGURE "-"

/* ---- figures and scales -------------------------------------------------------------------- */

/* A measure of which no case has a figure says nothing in each cell: a note says it once. Where
 * all are such, the first one stays, for the words ("errors", "n/a"). */
static void choose_measures(WbTableDraft *d, const GPtrArray *measures)
{
    size_t views = d->part->rows_n * d->part->cols_n;

    d->measures = g_ptr_array_new();
    d->without = g_ptr_array_new();
    for (size_t m = 0; m < measures->len; m++) {
        WbMeasure *measure = g_ptr_array_index(measures, m);
        bool any = d->by_measure;

        for (size_t i = 0; i < views && !any; i++) {
            WbCell cell = wb_cell_make(measure, d->part->cells[i]);

            any = wb_cell_has_figure(&cell);
        }
        g_ptr_array_add(any ? d->measures : d->without, measure);
    }
    if (d->measures->len == 0)
        g_ptr_array_add(d->measures, g_ptr_array_steal_index(d->without, 0));
}

static void look_at(double value, double *smallest, bool *whole)
{
    if (value != 0 && !(fabs(value) >= *smallest))
        *smallest = fabs(value);
    if (fabs(value - round(value)) > 1e-9)
        *whole = false;
}

/* One scale for all figures of a measure in a table. */
static WbScale scale_of(const WbTableDraft *d, size_t m)
{
    const WbMeasure *measure = g_ptr_array_index(d->measures, m);
    size_t step = d->measures->len; /* cells of one measure stand so far apart */
    double smallest = NAN;
    bool whole = true;

    for (size_t i = m; i < d->part->rows_n * d->cols * d->figures; i += step) {
        const WbCell *cell = &d->cells[i];

        if (cell->kind == WB_CELL_VALUE)
            look_at(cell->value, &smallest, &whole);
        if (cell->kind == WB_CELL_RANGE) {
            look_at(cell->min, &smallest, &whole);
            look_at(cell->max, &smallest, &whole);
        }
    }
    /* requests in a window are counts, scaled by a few 0.1 %: no decimals worth showing */
    if (measure->unit == WB_UNIT_PER_WINDOW && smallest >= 10)
        whole = true;
    return wb_scale_make(measure->unit, smallest, whole);
}

void wb_table_draft_fill(WbTableDraft *d, const GPtrArray *measures)
{
    choose_measures(d, measures);
    d->cols = d->by_measure ? d->measures->len : d->part->cols_n;
    d->figures = d->by_measure ? 1 : d->measures->len;
    d->cells = g_new0(WbCell, (d->part->rows_n + 1) * d->cols * d->figures);
    for (size_t r = 0; r < d->part->rows_n; r++)
        for (size_t c = 0; c < d->cols; c++)
            for (size_t f = 0; f < d->figures; f++)
                *wb_table_draft_cell(d, r, c, f) =
                    wb_cell_make(wb_table_draft_measure(d, c, f),
                                 wb_grid_view(d->part, r, d->by_measure ? 0 : c));
    if (d->style->means) {
        d->means = wb_grid_means_new(d->part, d->measures);
        memcpy(wb_table_draft_cell(d, d->part->rows_n, 0, 0), d->means->cells,
               d->cols * d->figures * sizeof *d->cells);
    }
    d->scales = g_new(WbScale, d->measures->len);
    for (size_t m = 0; m < d->measures->len; m++)
        d->scales[m] = scale_of(d, m);
}

void wb_table_draft_clear(WbTableDraft *d)
{
    g_ptr_array_unref(d->measures);
    g_ptr_array_unref(d->without);
    g_free(d->cells);
    wb_grid_means_free(d->means);
    g_free(d->scales);
}

/* ---- one figure ---------------------------------------------------------------------------- */

static char *value_text(const WbTableDraft *d, const WbMeasure *measure, const WbScale *scale,
                        const WbCell *cell)
{
    if (measure->kind == WB_MEASURE_ERRORS)
        return cell->published ? g_strdup("none") : wb_figure_errors(&cell->of->errors);
    if (measure->kind == WB_MEASURE_COUNT)
        return g_strdup_printf("%.0f", cell->value);
    if (measure->unit == WB_UNIT_SHARE)
        return wb_figure_format_percent(cell->value);
    if (d->style->intervals && cell->has_interval)
        return wb_figure_format_interval(scale, cell->value, cell->half,
                                         cell->runs_missing ? (double)NAN : cell->reach,
                                         d->style->ascii);
    return wb_figure_format(scale, cell->value, cell->half);
}

static char *figure_text(const WbTableDraft *d, size_t r, size_t c, size_t f)
{
    const WbCell *cell = wb_table_draft_cell(d, r, c, f);
    const WbScale *scale = &d->scales[d->by_measure ? c : f];

    if (cell->kind == WB_CELL_VALUE)
        return value_text(d, wb_table_draft_measure(d, c, f), scale, cell);
    if (cell->kind == WB_CELL_RANGE)
        return wb_figure_format_range(scale, cell->min, cell->max, d->style->ascii);
    return g_strdup(wb_table_word(cell->kind));
}

/* ---- several figures ----------------------------------------------------------------------- */

static bool has_any_figure(const WbTableDraft *d, size_t r, size_t c)
{
    for (size_t f = 0; f < d->figures; f++)
        if (wb_cell_has_figure(wb_table_draft_cell(d, r, c, f)))
            return true;
    return false;
}

WbCellKind wb_table_draft_kind(const WbTableDraft *d, size_t r, size_t c)
{
    const WbCell *first = wb_table_draft_cell(d, r, c, 0);

    if (first->kind != WB_CELL_BLANK || d->figures == 1)
        return first->kind;
    return has_any_figure(d, r, c) ? WB_CELL_VALUE : WB_CELL_BLANK;
}

bool wb_table_draft_has_row(const WbTableDraft *d, size_t r)
{
    for (size_t c = 0; c < d->cols; c++) {
        WbCellKind kind = wb_table_draft_kind(d, r, c);

        if (kind != WB_CELL_BLANK && kind != WB_CELL_NA)
            return true;
    }
    return false;
}

/* The figures of a cell as they stand there, brackets and all; one that would only repeat the
 * leading word is "". */
static char **pieces_of(const WbTableDraft *d, size_t r, size_t c)
{
    char **pieces = g_new0(char *, d->figures + 1);
    WbCellKind lead = wb_table_draft_cell(d, r, c, 0)->kind;
    bool word = lead == WB_CELL_ERRORS || lead == WB_CELL_NA;
    bool is_mean = r == d->part->rows_n; /* it has none of ranges and counts */
    size_t last = 0;

    for (size_t f = 0; f < d->figures; f++) {
        g_autofree char *text = figure_text(d, r, c, f);
        WbCellKind kind = wb_table_draft_cell(d, r, c, f)->kind;
        bool repeats = f && ((word && kind == lead) || (is_mean && kind == WB_CELL_BLANK));
        const char *shown = *text ? text : NO_FIGURE;

        pieces[f] = repeats ? g_strdup("")
                    : f     ? g_strconcat(last ? "" : "(", shown, NULL)
                            : g_strdup(shown);
        last = f && !repeats ? f : last;
    }
    for (size_t f = 1; f <= last; f++) {
        char *open = pieces[f];

        if (!*open)
            continue;
        pieces[f] = g_strconcat(open, f == last ? ")" : ";", NULL);
        g_free(open);
    }
    return pieces;
}

static char *join(char **pieces, const size_t *widths, size_t n)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t f = 0; f < n; f++) {
        if (!*pieces[f] && widths[f] == 0)
            continue;
        if (f)
            g_string_append_c(text, ' ');
        wb_clean_pad(text, pieces[f], widths[f], widths[f]);
    }
    return g_strdup(text->str);
}

/* What follows a word would only push apart the figures of the others. */
static bool is_aligned(const WbTableDraft *d, size_t r, size_t c)
{
    WbCellKind lead = wb_table_draft_cell(d, r, c, 0)->kind;

    return d->style->aligned && lead != WB_CELL_ERRORS && lead != WB_CELL_NA;
}

char **wb_table_draft_texts(const WbTableDraft *d, size_t c, const size_t *rows, size_t rows_n)
{
    char **texts = g_new0(char *, rows_n + 1);
    g_autofree char ***pieces = g_new0(char **, rows_n);
    g_autofree size_t *widths = g_new0(size_t, d->figures);
    g_autofree size_t *none = g_new0(size_t, d->figures);

    for (size_t i = 0; i < rows_n; i++) {
        if (d->figures == 1 || !has_any_figure(d, rows[i], c)) {
            texts[i] = d->figures == 1
                           ? figure_text(d, rows[i], c, 0)
                           : g_strdup(wb_table_word(wb_table_draft_kind(d, rows[i], c)));
            continue;
        }
        pieces[i] = pieces_of(d, rows[i], c);
        for (size_t f = 0; is_aligned(d, rows[i], c) && f < d->figures; f++)
            widths[f] = MAX(widths[f], wb_clean_width(pieces[i][f]));
    }
    for (size_t i = 0; i < rows_n; i++)
        if (pieces[i]) {
            texts[i] = join(pieces[i], is_aligned(d, rows[i], c) ? widths : none, d->figures);
            g_strfreev(pieces[i]);
        }
    return texts;
}

/* ---- their titles -------------------------------------------------------------------------- */

static char *measure_title(const WbTableDraft *d, const WbMeasure *measure)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    if (measure->kind != WB_MEASURE_RANGE)
        return g_strdup(measure->title);
    return g_strdup_printf("requests in %s s, min - max",
                           wb_units_format_double((double)d->summary->window_ns / 1e9, buffer));
}

char *wb_table_draft_title(const WbTableDraft *d)
{
    GString *text = g_string_new(NULL);

    for (size_t m = 0; m < d->measures->len; m++) {
        g_autofree char *title = measure_title(d, g_ptr_array_index(d->measures, m));

        g_string_append_printf(text, "%s%s", m == 0 ? "" : m == 1 ? " (" : "; ", title);
    }
    if (d->measures->len > 1)
        g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}
