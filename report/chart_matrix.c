/* Chart: the matrix of a table as a heat map, split where columns or rows are too many. */
#include <math.h>

#include "report/chart_rows.h"
#include "report/figure_text.h"

#define COLUMNS_MOST 24
#define ROWS_MOST    16
#define ROW_HEIGHT   40.0
#define TOP          84.0
#define BOTTOM       76.0
#define COLUMN_NAME  64.0 /* px that a column leaves its name; a longer one is cut */

/* One picture while it is made: which rows and columns of the part, and its cells. */
typedef struct {
    const WbStory *story;
    const WbStoryPart *part;
    WbScale scale;
    double most;
    size_t row, rows, col, cols;
    GArray *cells[3]; /* of double: CELLS column row value, BAD and NONE column row */
    GPtrArray *figures;
} Draft;

enum { CELLS, BAD, NONE };

static WbCell cell_at(const Draft *d, size_t r, size_t c)
{
    const WbCaseView *view = wb_grid_view(d->part->part, d->row + r, d->col + c);

    return wb_cell_make(wb_measure_find("best"), view);
}

static void add(GArray *to, double column, double row)
{
    g_array_append_val(to, column);
    g_array_append_val(to, row);
}

static void collect(Draft *d)
{
    for (size_t r = 0; r < d->rows; r++)
        for (size_t c = 0; c < d->cols; c++) {
            WbCell cell = cell_at(d, r, c);

            if (cell.kind == WB_CELL_VALUE) {
                add(d->cells[CELLS], (double)c, (double)r);
                g_array_append_val(d->cells[CELLS], cell.value);
                g_ptr_array_add(d->figures, wb_figure_format(&d->scale, cell.value, cell.half));
            } else {
                add(d->cells[cell.kind == WB_CELL_ERRORS ? BAD : NONE], (double)c, (double)r);
            }
        }
}

/* Positions again as arrays, for labels, which take no data block. */
static void write_places(WbChartScript *script, const char *x_name, const char *y_name,
                         const GArray *cells, size_t width)
{
    size_t n = cells->len / width;
    g_autofree double *x = g_new(double, n + 1);
    g_autofree double *y = g_new(double, n + 1);

    for (size_t i = 0; i < n; i++) {
        x[i] = g_array_index(cells, double, i *width);
        y[i] = g_array_index(cells, double, i *width + 1);
    }
    wb_chart_script_numbers(script, x_name, x, n);
    wb_chart_script_numbers(script, y_name, y, n);
}

static void write_cells(const Draft *d, WbChartScript *script)
{
    size_t n = d->cells[CELLS]->len / 3;
    g_autofree double *values = g_new(double, n + 1);

    for (size_t i = 0; i < n; i++)
        values[i] = g_array_index(d->cells[CELLS], double, i * 3 + 2);
    wb_chart_script_block(script, "cells", (double *)(void *)d->cells[CELLS]->data, n, 3);
    wb_chart_script_block(script, "bad", (double *)(void *)d->cells[BAD]->data,
                          d->cells[BAD]->len / 2, 2);
    wb_chart_script_block(script, "none", (double *)(void *)d->cells[NONE]->data,
                          d->cells[NONE]->len / 2, 2);
    write_places(script, "CX", "CY", d->cells[CELLS], 3);
    write_places(script, "BX", "BY", d->cells[BAD], 2);
    write_places(script, "NX", "NY", d->cells[NONE], 2);
    wb_chart_script_numbers(script, "CV", values, n);
    wb_chart_script_texts(script, "CELL", d->figures, 0, 0);
}

/* Of zeros alone only the zero. */
static void write_scale(const Draft *d, WbChartScript *script)
{
    g_autoptr(GPtrArray) ticks = g_ptr_array_new_with_free_func(g_free);

    for (int i = 0; i <= 2; i++)
        g_ptr_array_add(ticks, i == 0         ? g_strdup("0")
                               : d->most == 0 ? g_strdup("")
                                              : wb_figure_format(&d->scale, d->most * i / 2, 0));
    wb_chart_script_number(script, "VMAX", d->most > 0 ? d->most : 1);
    wb_chart_script_texts(script, "TICK", ticks, 0, 0);
}

static char *subtitle_of(const Draft *d)
{
    g_autofree char *load = wb_chart_load_text(d->story);
    const WbSummary *summary = d->story->query.summary;

    if (summary->runs_most == 0)
        return g_strdup_printf("%s: as published; darker is faster", d->part->title);
    return g_strdup_printf("%s: %sbest of %s%" G_GINT64_FORMAT " run%s; darker is faster",
                           d->part->title, load,
                           summary->runs_least < summary->runs_most ? "up to " : "",
                           summary->runs_most, summary->runs_most == 1 ? "" : "s");
}

static const char *foot_of(const Draft *d)
{
    bool bad = d->cells[BAD]->len > 0, none = d->cells[NONE]->len > 0;

    if (bad && none)
        return "errors: socket errors, so no rate; \xe2\x80\x93: not measured, or does not exist. "
               "Near neighbours may be a tie.";
    if (bad)
        return "errors: socket errors, so no rate. Near neighbours may be a tie.";
    if (none)
        return "\xe2\x80\x93: not measured, or does not exist. Near neighbours may be a tie.";
    return "Near neighbours may be a tie.";
}

static void draw(Draft *d, const WbFontMetrics *metrics, GPtrArray *charts)
{
    const WbGrid *grid = d->story->grid;
    g_autoptr(GPtrArray) rows =
        wb_chart_names(&grid->rows, d->part->part->rows + d->row, NULL, d->rows);
    g_autoptr(GPtrArray) cols =
        wb_chart_names(&grid->cols, d->part->part->cols + d->col, NULL, d->cols);
    g_autofree char *subtitle = subtitle_of(d);
    double height = TOP + (double)d->rows * ROW_HEIGHT + BOTTOM;
    double left, wide;
    WbChartScript script;

    for (size_t i = 0; i < G_N_ELEMENTS(d->cells); i++)
        d->cells[i] = g_array_new(FALSE, FALSE, sizeof(double));
    d->figures = g_ptr_array_new_with_free_func(g_free);
    collect(d);
    wb_chart_script_init(&script, metrics);
    left = fmax(60,
                WB_CHART_EDGE + 10 +
                    fmin(WB_CHART_NAME, wb_font_metrics_widest(metrics, rows, WB_CHART_SIZE_TEXT)));
    wide = (WB_CHART_WIDTH - left - 24) / (double)d->cols;
    wb_chart_script_margins(&script, height, left, 24, TOP, BOTTOM);
    wb_chart_script_words(&script, "Best requests/s", subtitle, foot_of(d));
    wb_chart_script_texts(&script, "ROW", rows, WB_CHART_SIZE_TEXT, WB_CHART_NAME);
    wb_chart_script_texts(&script, "COL", cols, WB_CHART_SIZE_TEXT, wide - 4);
    wb_chart_script_number(&script, "NR", (double)d->rows);
    wb_chart_script_number(&script, "NC", (double)d->cols);
    write_cells(d, &script);
    write_scale(d, &script);
    g_ptr_array_add(charts, wb_chart_new("matrix", d->part, &script, height,
                                         g_strdup_printf("Best requests/s, %s", d->part->title),
                                         g_strdup(subtitle)));
    for (size_t i = 0; i < G_N_ELEMENTS(d->cells); i++)
        g_array_unref(d->cells[i]);
    g_ptr_array_unref(d->figures);
}

/* The largest and the smallest figure decide colours and prefix of all pictures of the part. */
static size_t look_at(Draft *d)
{
    double least = NAN;
    bool whole = true;
    size_t n = 0;

    for (size_t i = 0; i < d->part->part->rows_n * d->part->part->cols_n; i++) {
        WbCell cell = wb_cell_make(wb_measure_find("best"), d->part->part->cells[i]);

        if (cell.kind != WB_CELL_VALUE)
            continue;
        n++;
        d->most = fmax(d->most, cell.value);
        if (cell.value != 0)
            least = fmin(least, cell.value);
        whole = whole && cell.value == floor(cell.value);
    }
    d->scale = wb_scale_make(WB_UNIT_PER_S, least, whole);
    return n;
}

/* As many columns as leave each figure, and names that are not long, their place. */
static size_t columns_that_fit(const Draft *d, const WbFontMetrics *metrics)
{
    const WbGridTable *part = d->part->part;
    const WbGrid *grid = d->story->grid;
    g_autoptr(GPtrArray) rows = wb_chart_names(&grid->rows, part->rows, NULL, part->rows_n);
    g_autoptr(GPtrArray) cols = wb_chart_names(&grid->cols, part->cols, NULL, part->cols_n);
    g_autofree char *figure = wb_figure_format(&d->scale, d->most, 0);
    double need =
        12 + fmax(wb_font_metrics_width(metrics, figure, WB_CHART_SIZE_TEXT),
                  fmin(COLUMN_NAME, wb_font_metrics_widest(metrics, cols, WB_CHART_SIZE_TEXT)));
    double left =
        26 + fmin(WB_CHART_NAME, wb_font_metrics_widest(metrics, rows, WB_CHART_SIZE_TEXT));

    return (size_t)fmax(1, fmin(COLUMNS_MOST, (WB_CHART_WIDTH - 24 - left) / need));
}

void wb_chart_add_matrix(const WbStory *story, const WbStoryPart *part,
                         const WbFontMetrics *metrics, GPtrArray *charts)
{
    Draft d = {.story = story, .part = part};
    size_t columns, lines;

    if (!story->grid->cols.keys[0] || look_at(&d) == 0)
        return;
    columns = wb_chart_each(part->part->cols_n, columns_that_fit(&d, metrics));
    lines = wb_chart_each(part->part->rows_n, ROWS_MOST);
    for (d.row = 0; d.row < part->part->rows_n; d.row += lines)
        for (d.col = 0; d.col < part->part->cols_n; d.col += columns) {
            d.rows = MIN(lines, part->part->rows_n - d.row);
            d.cols = MIN(columns, part->part->cols_n - d.col);
            draw(&d, metrics, charts);
        }
}
