/* Table notes: what stands below a table, read off its cells and the doubts of its cases. */
#include <inttypes.h>
#include <string.h>

#include "report/notes.h"
#include "report/table_draft.h"

/* ---- names --------------------------------------------------------------------------------- */

/* "gunicorn/hug 2", and of which figure where they are several. */
static char *missing_text(const WbTableDraft *d, const char *name, const WbMeasure *measure,
                          int64_t runs)
{
    if (d->measures->len > 1)
        return g_strdup_printf("%s %" PRId64 " (%s)", name, runs, measure->name);
    return g_strdup_printf("%s %" PRId64, name, runs);
}

/* ---- what is looked at --------------------------------------------------------------------- */

/* All cases of a table, with what each of them showed. Names are owned by `noted`, but those in
 * `missing`. */
typedef struct {
    GPtrArray *rows, *cols; /* of char *: the names of the part's rows and columns */
    WbNoted noted;
    GPtrArray *published, *missing, *ranges_only, *rates_only;
    size_t figures; /* cases with one */
} Seen;

static GPtrArray *names_of(const WbAxis *axis, const size_t *items, size_t n)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(names, wb_table_join(axis, items[i]));
    return names;
}

static char *case_name(const WbTableDraft *d, const Seen *seen, size_t r, size_t c)
{
    const char *row = g_ptr_array_index(seen->rows, r);

    return d->by_measure ? g_strdup(row)
                         : g_strconcat(row, "/", (char *)g_ptr_array_index(seen->cols, c), NULL);
}

/* A case without a figure here whose published one is of another kind. */
static void look_elsewhere(Seen *seen, const WbCaseView *view, char *name)
{
    if (view->range && !view->rate)
        g_ptr_array_add(seen->ranges_only, name);
    if (view->rate && !view->range)
        g_ptr_array_add(seen->rates_only, name);
}

/* One case: a cell of the table, or a row where the columns are the figures. */
static void look_at_case(const WbTableDraft *d, size_t r, size_t c, Seen *seen)
{
    size_t n = d->measures->len;
    const WbCell *cells = &d->cells[(r * d->part->cols_n + c) * n];
    bool figure = false, published = false;
    char *name;

    if (!cells[0].of)
        return;
    name = case_name(d, seen, r, c);
    wb_noted_add(&seen->noted, name, cells[0].of);
    for (size_t m = 0; m < n; m++) {
        const WbCell *cell = &cells[m];

        if (!wb_cell_has_figure(cell))
            continue;
        figure = true;
        published |= cell->published;
        if (d->style->intervals && cell->has_interval && cell->runs_missing > 0)
            g_ptr_array_add(seen->missing, missing_text(d, name, g_ptr_array_index(d->measures, m),
                                                        cell->runs_missing));
    }
    seen->figures += figure;
    if (published)
        g_ptr_array_add(seen->published, name);
    if (!figure && cells[0].kind == WB_CELL_BLANK)
        look_elsewhere(seen, wb_grid_view(d->part, r, c), name);
}

/* ---- sentences ----------------------------------------------------------------------------- */

static uint32_t mask_of(const WbMeasure *measure)
{
    return !measure->headline                  ? wb_notes_mask_counts()
           : measure->kind == WB_MEASURE_RANGE ? wb_notes_mask_range()
           : measure->unit == WB_UNIT_NS       ? wb_notes_mask_latency()
                                               : wb_notes_mask_rate();
}

static void add_sentences(const WbTableDraft *d, const Seen *seen, GPtrArray *notes)
{
    uint32_t mask = 0;
    bool best = false;

    for (size_t m = 0; m < d->measures->len; m++) {
        const WbMeasure *measure = g_ptr_array_index(d->measures, m);

        mask |= mask_of(measure);
        best |= !strcmp(measure->name, "best");
    }
    wb_notes_add_list(notes, "published, number of runs unknown", seen->published, seen->figures);
    wb_notes_add_list(notes, "too few runs for an interval; runs missing", seen->missing,
                      G_MAXSIZE);
    wb_notes_add_warnings(notes, &seen->noted, mask);
    wb_notes_add_findings(notes, &seen->noted, d->style->findings, mask);
    if (best)
        wb_notes_add_unequal(notes, &seen->noted);
}

/* Figure i of a row: "flask", "flask (p99)", or "p99" where the columns are the figures. */
static char *figure_name(const WbTableDraft *d, size_t i)
{
    const WbMeasure *measure = g_ptr_array_index(d->measures, i % d->measures->len);
    g_autofree char *col = NULL;

    if (d->by_measure)
        return g_strdup(measure->name);
    col = wb_table_join(&d->grid->cols, d->part->cols[i / d->measures->len]);
    return d->measures->len == 1 ? g_steal_pointer(&col)
                                 : g_strdup_printf("%s (%s)", col, measure->name);
}

/* Figures that a reader looks for and does not find. */
static void add_absent(const WbTableDraft *d, const Seen *seen, GPtrArray *notes)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
    size_t all = seen->noted.cases->len;

    for (size_t m = 0; m < d->without->len; m++)
        g_ptr_array_add(notes,
                        g_strdup_printf("no case here has a figure for '%s'",
                                        ((WbMeasure *)g_ptr_array_index(d->without, m))->name));
    wb_notes_add_list(notes, "published as min - max only, which --cell range shows",
                      seen->ranges_only, all);
    wb_notes_add_list(notes, "published as requests/s only, which --cell best shows",
                      seen->rates_only, all);
    /* with a split the other table may hold the row */
    for (size_t r = 0; d->part->split == WB_SPLIT_ANY && r < d->part->rows_n; r++)
        if (!wb_table_draft_has_row(d, r))
            g_ptr_array_add(rows, wb_table_join(&d->grid->rows, d->part->rows[r]));
    wb_notes_add_list(notes, "no row, as there is no figure", rows, G_MAXSIZE);
}

/* The row of means: what it rests on, and what it leaves out. */
static void add_means(const WbTableDraft *d, GPtrArray *notes)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) without = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *sentence = NULL;
    size_t n = d->part->cols_n * d->measures->len;

    if (d->means->rows_n == 0) {
        g_ptr_array_add(notes, g_strdup("no geometric mean: there are no two rows with figures"));
        return;
    }
    for (size_t r = 0; r < d->part->rows_n; r++)
        if (!d->means->rows[r])
            g_ptr_array_add(rows, wb_table_join(&d->grid->rows, d->part->rows[r]));
    for (size_t i = 0; i < n; i++)
        if (d->means->cells[i].kind == WB_CELL_BLANK &&
            wb_measure_has_mean(g_ptr_array_index(d->measures, i % d->measures->len)))
            g_ptr_array_add(without, figure_name(d, i));
    sentence = g_strdup_printf("geometric mean over %zu rows that have all figures; left out",
                               d->means->rows_n);
    if (rows->len == 0)
        g_ptr_array_add(notes, g_strdup("geometric mean over all rows"));
    wb_notes_add_list(notes, sentence, rows, G_MAXSIZE);
    wb_notes_add_list(notes, "no geometric mean, as too few rows have a figure", without,
                      G_MAXSIZE);
}

void wb_table_draft_notes(const WbTableDraft *d, GPtrArray *notes)
{
    Seen seen = {.published = g_ptr_array_new(),
                 .missing = g_ptr_array_new_with_free_func(g_free),
                 .ranges_only = g_ptr_array_new(),
                 .rates_only = g_ptr_array_new()};

    seen.rows = names_of(&d->grid->rows, d->part->rows, d->part->rows_n);
    seen.cols = names_of(&d->grid->cols, d->part->cols, d->part->cols_n);
    wb_noted_init(&seen.noted);
    for (size_t r = 0; r < d->part->rows_n; r++)
        for (size_t c = 0; c < d->part->cols_n; c++)
            look_at_case(d, r, c, &seen);
    if (d->means && !d->style->article)
        add_means(d, notes);
    add_absent(d, &seen, notes);
    if (!d->style->article)
        add_sentences(d, &seen, notes);
    g_ptr_array_unref(seen.published);
    g_ptr_array_unref(seen.missing);
    g_ptr_array_unref(seen.ranges_only);
    g_ptr_array_unref(seen.rates_only);
    wb_noted_clear(&seen.noted);
    g_ptr_array_unref(seen.rows);
    g_ptr_array_unref(seen.cols);
}
