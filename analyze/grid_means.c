/* Grid means: see grid_means.h. */
#include "analyze/grid_means.h"

#include <math.h>

void wb_grid_means_free(WbGridMeans *means)
{
    if (!means)
        return;
    g_free(means->rows);
    g_free(means->cells);
    g_free(means);
}

bool wb_measure_has_mean(const WbMeasure *measure)
{
    return measure->kind == WB_MEASURE_VALUE &&
           (measure->unit == WB_UNIT_NS ||
            (measure->unit == WB_UNIT_PER_S && !measure->lower_is_better));
}

/* A table while its means are made; figures are numbered column by column, measure by measure. */
typedef struct {
    const WbGridTable *part;
    const GPtrArray *measures;
    size_t n;      /* figures in a row */
    bool *chosen;  /* [n] */
    WbCell *cells; /* [rows * n] */
} Maker;

static const WbMeasure *measure_of(const Maker *m, size_t i)
{
    return g_ptr_array_index(m->measures, i % m->measures->len);
}

static const WbCell *cell_at(const Maker *m, size_t r, size_t i)
{
    return &m->cells[r * m->n + i];
}

static bool has_figure(const Maker *m, size_t r, size_t i)
{
    return cell_at(m, r, i)->kind == WB_CELL_VALUE && cell_at(m, r, i)->value > 0;
}

/* ---- which rows and figures ---------------------------------------------------------------- */

/* Counts the rows that have all chosen figures. */
static void count_rows(const Maker *m, WbGridMeans *means)
{
    means->rows_n = 0;
    for (size_t r = 0; r < m->part->rows_n; r++) {
        means->rows[r] = true;
        for (size_t i = 0; i < m->n; i++)
            means->rows[r] &= !m->chosen[i] || has_figure(m, r, i);
        means->rows_n += means->rows[r];
    }
}

/* The chosen figure that the fewest rows have; of equal ones the last. */
static size_t poorest(const Maker *m, const size_t *rows)
{
    size_t found = 0, least = SIZE_MAX;

    for (size_t i = 0; i < m->n; i++)
        if (m->chosen[i] && rows[i] <= least) {
            found = i;
            least = rows[i];
        }
    return found;
}

static void choose(const Maker *m, WbGridMeans *means)
{
    g_autofree size_t *rows = g_new0(size_t, m->n);
    size_t left = 0;

    for (size_t i = 0; i < m->n; i++) {
        m->chosen[i] = wb_measure_has_mean(measure_of(m, i));
        left += m->chosen[i];
        for (size_t r = 0; r < m->part->rows_n; r++)
            rows[i] += has_figure(m, r, i);
    }
    for (count_rows(m, means); means->rows_n < 2 && left > 0; left--) {
        m->chosen[poorest(m, rows)] = false;
        count_rows(m, means);
    }
    if (left == 0)
        means->rows_n = 0;
}

/* ---- the means ----------------------------------------------------------------------------- */

static WbCell mean_of(const Maker *m, const WbGridMeans *means, size_t i)
{
    WbCell mean = {.kind = WB_CELL_BLANK, .value = NAN, .reach = NAN, .min = NAN, .max = NAN};
    double logs = 0, squares = 0, n = (double)means->rows_n;

    if (!m->chosen[i] || means->rows_n == 0)
        return mean;
    for (size_t r = 0; r < m->part->rows_n; r++) {
        const WbCell *cell = cell_at(m, r, i);

        if (!means->rows[r])
            continue;
        logs += log(cell->value);
        squares += cell->half / cell->value * (cell->half / cell->value);
    }
    mean.kind = WB_CELL_VALUE;
    mean.value = exp(logs / n);
    mean.half = mean.value * sqrt(squares) / n;
    return mean;
}

WbGridMeans *wb_grid_means_new(const WbGridTable *part, const GPtrArray *measures)
{
    WbGridMeans *means = g_new0(WbGridMeans, 1);
    Maker m = {.part = part, .measures = measures, .n = part->cols_n * measures->len};

    m.chosen = g_new0(bool, m.n);
    m.cells = g_new0(WbCell, part->rows_n * m.n);
    for (size_t r = 0; r < part->rows_n; r++)
        for (size_t i = 0; i < m.n; i++)
            m.cells[r * m.n + i] =
                wb_cell_make(measure_of(&m, i), wb_grid_view(part, r, i / measures->len));
    means->rows = g_new0(bool, part->rows_n);
    means->cells = g_new0(WbCell, m.n);
    choose(&m, means);
    for (size_t i = 0; i < m.n; i++)
        means->cells[i] = mean_of(&m, means, i);
    g_free(m.chosen);
    g_free(m.cells);
    return means;
}
