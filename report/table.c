/*
 * Table: first the cells of one table are made for each measure, from which the scale that all
 * figures of that measure share is read off; then each cell becomes text, and the doubts of the
 * cases become notes.
 */
#include "report/table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/clean.h"
#include "report/figure_text.h"
#include "report/notes.h"

#define NO_VALUE "-" /* heading of a case without that label */

WbTextTable *wb_text_table_new(char *caption, const char *const *heads, size_t heads_n,
                               size_t rows_most)
{
    WbTextTable *table = g_new0(WbTextTable, 1);

    table->caption = caption;
    table->stub_head = g_strdup("");
    table->heads = g_ptr_array_new_with_free_func(g_free);
    table->stubs = g_ptr_array_new_with_free_func(g_free);
    table->notes = g_ptr_array_new_with_free_func(g_free);
    table->cells = g_new0(WbTextCell, MAX(1, rows_most * heads_n));
    for (size_t c = 0; c < heads_n; c++)
        g_ptr_array_add(table->heads, g_strdup(heads[c]));
    return table;
}

WbTextCell *wb_text_table_add_row(WbTextTable *table, char *stub)
{
    WbTextCell *cells = &table->cells[(size_t)table->stubs->len * table->heads->len];

    g_ptr_array_add(table->stubs, stub);
    for (guint c = 0; c < table->heads->len; c++)
        cells[c] = (WbTextCell){.kind = WB_CELL_BLANK};
    return cells;
}

void wb_text_table_cut(WbTextTable *table, size_t rows)
{
    for (size_t i = rows * table->heads->len; i < (size_t)table->stubs->len * table->heads->len;
         i++)
        g_clear_pointer(&table->cells[i].text, g_free);
    g_ptr_array_set_size(table->stubs, (gint)rows);
}

void wb_text_cell_set_number(WbTextCell *cell, char *text, double number)
{
    cell->text = text;
    cell->number = number;
    cell->has_number = isfinite(number);
}

void wb_text_table_free(WbTextTable *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < (size_t)table->stubs->len * table->heads->len; i++)
        g_free(table->cells[i].text);
    g_free(table->cells);
    g_free(table->caption);
    g_free(table->stub_head);
    g_ptr_array_unref(table->heads);
    g_ptr_array_unref(table->stubs);
    g_ptr_array_unref(table->notes);
    g_free(table);
}

const WbTextCell *wb_text_cell(const WbTextTable *table, size_t r, size_t c)
{
    return &table->cells[r * table->heads->len + c];
}

const char *wb_table_word(WbCellKind kind)
{
    return kind == WB_CELL_ERRORS ? "errors" : kind == WB_CELL_NA ? "n/a" : "";
}

char *wb_table_join(const WbAxis *axis, size_t item)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t k = 0; axis->keys[k]; k++) {
        const char *value = wb_grid_item(axis, item, k);

        g_string_append_printf(text, "%s%s", k ? "/" : "", *value ? value : NO_VALUE);
    }
    return wb_clean(text->str);
}

/* ---- what is in one table ------------------------------------------------------------------ */

/* A table while it is made: its columns are the items of a part, or the measures. */
typedef struct {
    const WbSummary *summary;
    const WbGrid *grid;
    const WbGridTable *part;
    const WbTableStyle *style;
    const WbMeasure *const *measures; /* one, or with `by_measure` one a column */
    size_t measures_n;
    bool by_measure;
    size_t cols;
    WbCell *cells;   /* [part->rows_n * cols] */
    WbScale *scales; /* [measures_n] */
} Draft;

static size_t measure_of(const Draft *d, size_t col)
{
    return d->by_measure ? col : 0;
}

static WbCell *cell_at(const Draft *d, size_t r, size_t c)
{
    return &d->cells[r * d->cols + c];
}

static void fill_cells(Draft *d)
{
    d->cols = d->by_measure ? d->measures_n : d->part->cols_n;
    d->cells = g_new0(WbCell, MAX(1, d->part->rows_n * d->cols));
    for (size_t r = 0; r < d->part->rows_n; r++)
        for (size_t c = 0; c < d->cols; c++)
            *cell_at(d, r, c) = wb_cell_make(d->measures[measure_of(d, c)],
                                             wb_grid_view(d->part, r, d->by_measure ? 0 : c));
}

static void look_at(double value, double *smallest, bool *whole)
{
    if (value != 0 && !(fabs(value) >= *smallest))
        *smallest = fabs(value);
    if (fabs(value - round(value)) > 1e-9)
        *whole = false;
}

/* One scale for all figures of a measure in a table. */
static void make_scales(Draft *d)
{
    d->scales = g_new(WbScale, d->measures_n);
    for (size_t m = 0; m < d->measures_n; m++) {
        double smallest = NAN;
        bool whole = true;

        for (size_t i = 0; i < d->part->rows_n * d->cols; i++) {
            const WbCell *cell = &d->cells[i];

            if (measure_of(d, i % d->cols) != m)
                continue;
            if (cell->kind == WB_CELL_VALUE)
                look_at(cell->value, &smallest, &whole);
            if (cell->kind == WB_CELL_RANGE) {
                look_at(cell->min, &smallest, &whole);
                look_at(cell->max, &smallest, &whole);
            }
        }
        /* requests in a window are counts, scaled by a few 0.1 %: no decimals worth showing */
        if (d->measures[m]->unit == WB_UNIT_PER_WINDOW && smallest >= 10)
            whole = true;
        d->scales[m] = wb_scale_make(d->measures[m]->unit, smallest, whole);
    }
}

static char *value_text(const Draft *d, const WbMeasure *measure, const WbScale *scale,
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

static char *cell_text(const Draft *d, size_t r, size_t c)
{
    const WbCell *cell = cell_at(d, r, c);
    const WbScale *scale = &d->scales[measure_of(d, c)];

    if (cell->kind == WB_CELL_VALUE)
        return value_text(d, d->measures[measure_of(d, c)], scale, cell);
    if (cell->kind == WB_CELL_RANGE)
        return wb_figure_format_range(scale, cell->min, cell->max, d->style->ascii);
    return g_strdup(wb_table_word(cell->kind));
}

/* A row that only repeats that there is nothing is left out. */
static bool is_row_shown(const Draft *d, size_t r)
{
    for (size_t c = 0; c < d->cols; c++) {
        WbCellKind kind = cell_at(d, r, c)->kind;

        if (kind != WB_CELL_BLANK && !(kind == WB_CELL_NA && d->style->article))
            return true;
    }
    return false;
}

/* ---- words around it ----------------------------------------------------------------------- */

static char *measure_title(const Draft *d, const WbMeasure *measure)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    if (measure->kind != WB_MEASURE_RANGE)
        return g_strdup(measure->title);
    return g_strdup_printf("requests in %s s, min - max",
                           wb_units_format_double((double)d->summary->window_ns / 1e9, buffer));
}

char *wb_table_name(const WbGrid *grid, const WbGridTable *part)
{
    GString *name = g_string_new(NULL);
    const WbAxis *axis = &grid->tables;

    for (size_t k = 0; axis->keys[k]; k++) {
        g_autofree char *text =
            g_strdup_printf("%s=%s", axis->keys[k], wb_grid_item(axis, part->table, k));
        g_autofree char *cleaned = wb_clean(text);

        g_string_append_printf(name, "%s%s", k ? ", " : "", cleaned);
    }
    if (part->split != WB_SPLIT_ANY)
        g_string_append_printf(name, "%s%s", name->len ? ", " : "", wb_split_name(part->split));
    return g_string_free(name, FALSE);
}

static char *caption_of(const Draft *d)
{
    g_autofree char *name = wb_table_name(d->grid, d->part);
    g_autofree char *title = NULL;

    if (d->by_measure)
        return g_steal_pointer(&name);
    title = measure_title(d, d->measures[0]);
    return g_strconcat(name, *name ? ": " : "", title, NULL);
}

static char *case_name(const Draft *d, size_t r, size_t c)
{
    g_autofree char *row = wb_table_join(&d->grid->rows, d->part->rows[r]);
    g_autofree char *col = NULL;

    if (d->by_measure || !d->grid->cols.keys[0])
        return g_steal_pointer(&row);
    col = wb_table_join(&d->grid->cols, d->part->cols[c]);
    return g_strdup_printf("%s/%s", row, col);
}

static uint32_t mask_of(const WbMeasure *measure)
{
    return !measure->headline                  ? wb_notes_mask_counts()
           : measure->kind == WB_MEASURE_RANGE ? wb_notes_mask_range()
           : measure->unit == WB_UNIT_NS       ? wb_notes_mask_latency()
                                               : wb_notes_mask_rate();
}

/* "gunicorn/hug 2", and of which figure where the columns are several. */
static char *missing_text(const Draft *d, const char *name, size_t c, int64_t runs)
{
    if (d->by_measure && d->measures_n > 1)
        return g_strdup_printf("%s %" PRId64 " (%s)", name, runs, d->measures[c]->name);
    return g_strdup_printf("%s %" PRId64, name, runs);
}

static bool has_published_range(const WbCaseSummary *of)
{
    for (size_t i = 0; i < of->published_n; i++)
        if (!isnan(of->published[i]->window_min))
            return true;
    return false;
}

/* A table without any figure, of cases whose published figures are of another kind. */
static void add_other_cell(const WbNoted *noted, GPtrArray *notes)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (size_t i = 0; i < noted->cases->len; i++)
        if (has_published_range(g_ptr_array_index(noted->cases, i)))
            g_ptr_array_add(names, g_ptr_array_index(noted->names, i));
    wb_notes_add_list(notes, "published as min - max only, which --cell range shows", names,
                      noted->cases->len);
}

/* What people must know to read the cells. */
static void add_notes(const Draft *d, GPtrArray *notes)
{
    g_autoptr(GPtrArray) published = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func(g_free);
    WbNoted noted;
    uint32_t mask = 0;
    size_t figures = 0;
    bool best = false;

    wb_noted_init(&noted);
    for (size_t m = 0; m < d->measures_n; m++) {
        mask |= mask_of(d->measures[m]);
        best |= !strcmp(d->measures[m]->name, "best");
    }
    for (size_t i = 0; i < d->part->rows_n * d->cols; i++) {
        const WbCell *cell = &d->cells[i];
        size_t r = i / d->cols, c = i % d->cols;
        g_autofree char *name = NULL;

        if (!cell->of)
            continue;
        name = case_name(d, r, c);
        figures += cell->kind == WB_CELL_VALUE || cell->kind == WB_CELL_RANGE;
        if (cell->published && (cell->kind == WB_CELL_VALUE || cell->kind == WB_CELL_RANGE))
            g_ptr_array_add(published, g_strdup(name));
        if (d->style->intervals && cell->has_interval && cell->runs_missing > 0)
            g_ptr_array_add(missing, missing_text(d, name, c, cell->runs_missing));
        if (!d->by_measure || c == 0)
            wb_noted_add(&noted, g_steal_pointer(&name), cell->of);
    }
    if (figures == 0)
        add_other_cell(&noted, notes);
    wb_notes_add_list(notes, "published, number of runs unknown", published, figures);
    wb_notes_add_list(notes, "too few runs for an interval; runs missing", missing, G_MAXSIZE);
    wb_notes_add_warnings(notes, &noted, mask);
    wb_notes_add_findings(notes, &noted, d->style->findings, mask);
    if (best)
        wb_notes_add_unequal(notes, &noted);
    wb_noted_clear(&noted);
}

/* ---- one table ----------------------------------------------------------------------------- */

static void mark_best(const Draft *d, const size_t *shown, WbTextTable *table)
{
    for (size_t c = 0; c < d->cols; c++) {
        const WbMeasure *measure = d->measures[measure_of(d, c)];
        double best = NAN;
        size_t figures = 0;

        if (!measure->headline)
            continue;
        for (size_t r = 0; r < table->stubs->len; r++) {
            const WbCell *cell = cell_at(d, shown[r], c);

            if (cell->kind != WB_CELL_VALUE)
                continue;
            figures++;
            if (measure->lower_is_better ? !(cell->value >= best) : !(cell->value <= best))
                best = cell->value;
        }
        for (size_t r = 0; figures > 1 && r < table->stubs->len; r++) {
            const WbCell *cell = cell_at(d, shown[r], c);

            table->cells[r * d->cols + c].best = cell->kind == WB_CELL_VALUE && cell->value == best;
        }
    }
}

static WbTextTable *finish(const Draft *d)
{
    WbTextTable *table = g_new0(WbTextTable, 1);
    g_autofree size_t *shown = g_new0(size_t, d->part->rows_n);
    g_autofree char *stub_head = g_strjoinv("/", d->grid->rows.keys);

    table->heads = g_ptr_array_new_with_free_func(g_free);
    table->stubs = g_ptr_array_new_with_free_func(g_free);
    table->notes = g_ptr_array_new_with_free_func(g_free);
    table->stub_head = wb_clean(stub_head);
    table->caption = caption_of(d);
    for (size_t c = 0; c < d->cols; c++)
        g_ptr_array_add(table->heads, d->by_measure
                                          ? g_strdup(d->measures[c]->name)
                                          : wb_table_join(&d->grid->cols, d->part->cols[c]));
    for (size_t r = 0; r < d->part->rows_n; r++) {
        if (!is_row_shown(d, r))
            continue;
        shown[table->stubs->len] = r;
        g_ptr_array_add(table->stubs, wb_table_join(&d->grid->rows, d->part->rows[r]));
    }
    table->cells = g_new0(WbTextCell, MAX(1, (size_t)table->stubs->len * d->cols));
    for (size_t r = 0; r < table->stubs->len; r++)
        for (size_t c = 0; c < d->cols; c++) {
            WbTextCell *cell = &table->cells[r * d->cols + c];

            cell->kind = cell_at(d, shown[r], c)->kind;
            cell->text = cell_text(d, shown[r], c);
            cell->number = cell_at(d, shown[r], c)->kind == WB_CELL_RANGE
                               ? cell_at(d, shown[r], c)->min
                               : cell_at(d, shown[r], c)->value;
            cell->has_number = isfinite(cell->number) &&
                               (cell->kind == WB_CELL_VALUE || cell->kind == WB_CELL_RANGE);
            table->ranges |= cell->kind == WB_CELL_RANGE;
        }
    mark_best(d, shown, table);
    if (!d->style->article)
        add_notes(d, table->notes);
    return table;
}

static void add_table(GPtrArray *list, Draft *d)
{
    WbTextTable *table;

    fill_cells(d);
    make_scales(d);
    table = finish(d);
    g_free(d->cells);
    g_free(d->scales);
    if (table->stubs->len)
        g_ptr_array_add(list, table);
    else
        wb_text_table_free(table);
}

GPtrArray *wb_table_list(const WbSummary *summary, const WbGrid *grid, const GPtrArray *measures,
                         const WbTableStyle *style)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)wb_text_table_free);
    const WbMeasure *const *all = (const WbMeasure *const *)measures->pdata;
    bool by_measure = !grid->cols.keys[0];

    for (size_t p = 0; p < grid->parts->len; p++) {
        Draft d = {.summary = summary,
                   .grid = grid,
                   .part = g_ptr_array_index(grid->parts, p),
                   .style = style,
                   .by_measure = by_measure};

        for (size_t m = 0; m < (by_measure ? 1 : measures->len); m++) {
            d.measures = all + m;
            d.measures_n = by_measure ? measures->len : 1;
            add_table(list, &d);
        }
    }
    return list;
}

WbTextTable *wb_table_of_part(const WbSummary *summary, const WbGrid *grid, const WbGridTable *part,
                              const WbMeasure *measure, const WbTableStyle *style)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    Draft d = {.summary = summary,
               .grid = grid,
               .part = part,
               .style = style,
               .by_measure = !grid->cols.keys[0],
               .measures = &measure,
               .measures_n = 1};

    add_table(list, &d);
    return list->len ? g_ptr_array_index(list, 0) : NULL;
}
