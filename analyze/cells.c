/*
 * Cells: one table of measures. A measure's `fill` sees only cases whose state allows figures
 * (headline) or any case (counts), and leaves the kind alone unless it has something.
 */
#include "analyze/cells.h"

#include <math.h>
#include <string.h>

#include "analyze/windows.h"

G_DEFINE_QUARK(wb - cells - error - quark, wb_cells_error)

static void set_value(WbCell *cell, double value, double half)
{
    if (isnan(value))
        return;
    cell->kind = WB_CELL_VALUE;
    cell->value = value;
    cell->half = half;
}

/* A published rate stands in for best, median and mean: nobody says which of them it is. */
static bool fill_published(const WbCaseView *view, WbCell *cell)
{
    if (view->from_runs || !view->rate)
        return false;
    set_value(cell, view->rate->requests_per_s, view->rate->requests_per_s_half);
    cell->published = true;
    return true;
}

static double rate_figure(const WbMeasure *measure, const WbCaseView *view)
{
    return *(const double *)((const char *)&view->of->rate + measure->offset);
}

static void fill_rate(const WbMeasure *measure, const WbCaseView *view, WbCell *cell)
{
    if (fill_published(view, cell))
        return;
    set_value(cell, rate_figure(measure, view), view->of->rate.half);
}

static void fill_median(const WbMeasure *measure, const WbCaseView *view, WbCell *cell)
{
    fill_rate(measure, view, cell);
    cell->has_interval = cell->kind == WB_CELL_VALUE && !cell->published;
    if (cell->has_interval)
        wb_sample_median_shown(&view->of->rate, &cell->reach, &cell->runs_missing);
}

static void fill_mean(const WbMeasure *measure, const WbCaseView *view, WbCell *cell)
{
    const WbSampleFigures *rate = &view->of->rate;

    fill_rate(measure, view, cell);
    cell->has_interval = cell->kind == WB_CELL_VALUE && !cell->published;
    if (!cell->has_interval)
        return;
    cell->reach = rate->mean_ci_hi - rate->mean;
    cell->runs_missing = MAX(0, 2 - rate->runs);
}

static void fill_spread(const WbMeasure *measure, const WbCaseView *view, WbCell *cell)
{
    set_value(cell, rate_figure(measure, view), 0);
}

static void fill_range(const WbMeasure *measure, const WbCaseView *view, WbCell *cell)
{
    const WbWindowFigures *window = &view->of->window;

    (void)measure;
    if (view->from_runs) {
        cell->min = window->window_min;
        cell->max = window->window_max;
    } else if (view->range && !(view->of->warnings & WB_WARN_PUBLISHED_WINDOW)) {
        cell->min = view->range->window_min;
        cell->max = view->range->window_max;
        cell->published = true;
    }
    if (!isnan(cell->min) && !isnan(cell->max))
        cell->kind = WB_CELL_RANGE;
}

static void fill_latency(const WbMeasure *measure, const WbCaseView *view, WbCell *cell)
{
    set_value(cell, view->of->latency.ns[measure->offset],
              view->of->latency.half_ns[measure->offset]);
}

static void fill_runs(const WbMeasure *measure, const WbCaseView *view, WbCell *cell)
{
    (void)measure;
    if (view->of->runs > 0)
        set_value(cell, (double)view->of->runs_complete, 0);
}

static void fill_errors(const WbMeasure *measure, const WbCaseView *view, WbCell *cell)
{
    int64_t count = view->of->errors.of[WB_TALLY_ALL].count;

    (void)measure;
    if (view->from_runs && count != WB_NONE)
        set_value(cell, (double)count, 0);
    else if (view->from_runs)
        return; /* a log that does not tell */
    else if (view->state == WB_STATE_OK && !g_strcmp0(view->of->split, WB_SPLIT_NAME_NO_ERRORS))
        set_value(cell, 0, 0);
    else if (view->state == WB_STATE_OK || view->state == WB_STATE_ERRORS)
        cell->kind = WB_CELL_ERRORS; /* some, but nobody says how many */
    cell->published = !view->from_runs && view->of->published_n > 0;
}

#define RATE(name, title, member, fill)                                                            \
    {                                                                                              \
        name, title, name "_per_s", WB_MEASURE_VALUE, WB_UNIT_PER_S, true, false, fill,            \
            offsetof(WbSampleFigures, member)                                                      \
    }
#define LATENCY(name, title, field, figure)                                                        \
    {                                                                                              \
        name, title, field, WB_MEASURE_VALUE, WB_UNIT_NS, true, true, fill_latency, figure         \
    }

static const WbMeasure measures[] = {
    RATE("best", "best requests/s of any run", best, fill_rate),
    RATE("median", "median requests/s", median, fill_median),
    RATE("mean", "mean requests/s", mean, fill_mean),
    RATE("worst", "lowest requests/s of any run", worst, fill_spread),
    {"range", "requests, min - max per window", NULL, WB_MEASURE_RANGE, WB_UNIT_PER_WINDOW, true,
     false, fill_range, 0},
    {"cv", "variation of the runs (stdev / mean)", "cv", WB_MEASURE_VALUE, WB_UNIT_SHARE, true,
     true, fill_spread, offsetof(WbSampleFigures, cv)},
    {"stdev", "standard deviation of requests/s", "stdev_per_s", WB_MEASURE_VALUE, WB_UNIT_PER_S,
     true, true, fill_spread, offsetof(WbSampleFigures, stdev)},
    {"errors", "socket errors of all runs", NULL, WB_MEASURE_ERRORS, WB_UNIT_COUNT, false, true,
     fill_errors, 0},
    {"runs", "complete runs", "runs_complete", WB_MEASURE_COUNT, WB_UNIT_COUNT, false, false,
     fill_runs, 0},
    LATENCY("p50", "latency, 50 % of the answers", "latency_p50_ns", WB_LATENCY_P50),
    LATENCY("p75", "latency, 75 % of the answers", "latency_p75_ns", WB_LATENCY_P75),
    LATENCY("p90", "latency, 90 % of the answers", "latency_p90_ns", WB_LATENCY_P90),
    LATENCY("p95", "latency, 95 % of the answers", "latency_p95_ns", WB_LATENCY_P95),
    LATENCY("p99", "latency, 99 % of the answers", "latency_p99_ns", WB_LATENCY_P99),
    LATENCY("p999", "latency, 99.9 % of the answers", "latency_p999_ns", WB_LATENCY_P999),
    LATENCY("latency_mean", "mean latency", "latency_mean_ns", WB_LATENCY_MEAN),
    LATENCY("latency_min", "shortest latency", "latency_min_ns", WB_LATENCY_MIN),
    LATENCY("latency_max", "longest latency", "latency_max_ns", WB_LATENCY_MAX),
};

const WbMeasure *wb_measures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(measures);
    return measures;
}

const WbMeasure *wb_measure_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
        if (!strcmp(measures[i].name, name))
            return &measures[i];
    return NULL;
}

static void set_unknown_name(const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
        g_string_append_printf(known, " %s", measures[i].name);
    g_set_error(error, WB_CELLS_ERROR, WB_CELLS_ERROR_NAME, "no cell '%s'; there are:%s", name,
                known->str);
}

GPtrArray *wb_measures_parse(const char *text, GError **error)
{
    g_auto(GStrv) names = g_strsplit(text, ",", -1);
    g_autoptr(GPtrArray) list = g_ptr_array_new();

    for (char **name = names; *name; name++) {
        const WbMeasure *measure = wb_measure_find(g_strstrip(*name));

        if (!measure) {
            set_unknown_name(*name, error);
            return NULL;
        }
        if (!g_ptr_array_find(list, measure, NULL))
            g_ptr_array_add(list, (gpointer)measure);
    }
    if (list->len == 0) {
        set_unknown_name("", error);
        return NULL;
    }
    return g_steal_pointer(&list);
}

WbCell wb_cell_make(const WbMeasure *measure, const WbCaseView *view)
{
    static const WbCellKind kinds[] = {
        [WB_STATE_OK] = WB_CELL_BLANK, /* until there is a figure */
        [WB_STATE_ERRORS] = WB_CELL_ERRORS,
        [WB_STATE_NA] = WB_CELL_NA,
        [WB_STATE_BLANK] = WB_CELL_BLANK,
    };
    WbCell cell = {.kind = WB_CELL_BLANK, .value = NAN, .reach = NAN, .min = NAN, .max = NAN};

    if (!view)
        return cell;
    cell.of = view->of;
    cell.kind = kinds[view->state];
    if (!measure->headline && cell.kind == WB_CELL_ERRORS)
        cell.kind = WB_CELL_BLANK;
    if (view->state == WB_STATE_OK || !measure->headline)
        measure->fill(measure, view, &cell);
    return cell;
}
