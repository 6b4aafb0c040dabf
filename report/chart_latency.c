/*
 * Chart: percentiles of latency on logarithmic axes, x = 1 / (1 - p): the tail as wide as the rest.
 * A line ends where fewer than ten of its own samples are above.
 */
#include <math.h>
#include <stdlib.h>

#include "report/chart_rows.h"
#include "report/figure_text.h"

#define LINES_MOST      6
#define HEIGHT          420.0
#define TOP             58.0
#define BOTTOM          58.0
#define POINTS_A_DECADE 20
#define NAME_GAP        14.0 /* px between names at the lines' ends */
#define NS_IN_MS        1e6

/* One line: x and ms, and where its name stands. */
typedef struct {
    const char *name;
    GArray *points; /* of double: x, ms */
    double end_x, end_ms;
    double name_y; /* px */
} Line;

/* The latencies of all complete runs of a case; false: there are none, or not of one kind. */
static bool merge(const WbStory *story, const WbCaseSummary *of, WbHist *hist)
{
    *hist = (WbHist){0};
    if (!of->latency.kind)
        return false;
    for (size_t i = 0; i < of->complete_n; i++)
        if (!wb_store_add_latency_hist(story->query.store, of->complete[i], hist, NULL))
            return false;
    return hist->count >= 2 * WB_LATENCY_LEAST_ABOVE;
}

static void trace(const WbHist *hist, Line *line)
{
    double last = (double)hist->count / WB_LATENCY_LEAST_ABOVE;
    int steps = (int)floor(log10(last) * POINTS_A_DECADE);

    line->points = g_array_new(FALSE, FALSE, sizeof(double));
    /* from 10 % on: the shortest of all says little, and would take half of the axis */
    for (int i = 1; i <= steps; i++) {
        double x = pow(10, (double)i / POINTS_A_DECADE);
        double ms = (double)wb_hist_quantile_ns(hist, 1 - 1 / x) / NS_IN_MS;

        ms = fmax(ms, 1e-6);
        g_array_append_val(line->points, x);
        g_array_append_val(line->points, ms);
        line->end_x = x;
        line->end_ms = ms;
    }
}

/* ---- names at the ends ---------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const Line *x = *(const Line *const *)a, *y = *(const Line *const *)b;

    return x->name_y < y->name_y ? -1 : x->name_y > y->name_y;
}

/* Names beside their lines' ends, moved apart where they would overlap. */
static void place_names(Line *lines, size_t n, double y_min, double y_max)
{
    double top = TOP + 4, bottom = HEIGHT - BOTTOM;
    Line *order[LINES_MOST];

    for (size_t i = 0; i < n; i++) {
        double share = log(lines[i].end_ms / y_min) / log(y_max / y_min);

        lines[i].name_y = bottom - share * (bottom - TOP);
        order[i] = &lines[i];
    }
    qsort(order, n, sizeof(Line *), by_place);
    for (size_t i = 0; i < n; i++)
        order[i]->name_y = fmax(order[i]->name_y, i ? order[i - 1]->name_y + NAME_GAP : top);
    for (size_t i = n; i-- > 0;)
        order[i]->name_y =
            fmin(order[i]->name_y, i + 1 < n ? order[i + 1]->name_y - NAME_GAP : bottom - 4);
}

/* ---- axes ----------------------------------------------------------------------------------- */

static void write_x_axis(double x_max, WbChartScript *script)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    int decades = (int)ceil(log10(x_max) - 1e-9);

    g_ptr_array_add(texts, g_strdup("0 %%"));
    for (int i = 1; i <= decades; i++) {
        GString *text = g_string_new(i == 1 ? "90" : "99");

        for (int nine = 2; nine < i; nine++)
            g_string_append(text, nine == 2 ? ".9" : "9");
        g_string_append(text, " %%"); /* a tic label is a printf format */
        g_ptr_array_add(texts, g_string_free(text, FALSE));
    }
    wb_chart_script_number(script, "XMAX", pow(10, decades));
    wb_chart_script_texts(script, "XT", texts, 0, 0);
    wb_chart_script_number(script, "N_xtick", texts->len);
}

static char *tick_text(double ms)
{
    static const struct {
        const char *unit;
        double ms;
    } units[] = {{"s", 1000}, {"ms", 1}, {"\xc2\xb5s", 1e-3}, {"ns", 1e-6}};
    size_t u = 0;

    while (u + 1 < G_N_ELEMENTS(units) && ms < units[u].ms * (1 - 1e-9))
        u++;
    return g_strdup_printf("%lld %s", llround(ms / units[u].ms), units[u].unit);
}

/* 1, 2 and 5 of each decade; of many decades only 1. */
static void write_y_axis(double y_min, double y_max, WbChartScript *script)
{
    static const double steps[] = {1, 2, 5};
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
    size_t used = log10(y_max / y_min) > 4 ? 1 : G_N_ELEMENTS(steps);

    for (double decade = pow(10, floor(log10(y_min))); decade <= y_max; decade *= 10)
        for (size_t s = 0; s < used; s++) {
            double value = steps[s] * decade;

            if (value < y_min * (1 - 1e-9) || value > y_max * (1 + 1e-9))
                continue;
            g_array_append_val(values, value);
            g_ptr_array_add(texts, tick_text(value));
        }
    wb_chart_script_number(script, "YMIN", y_min);
    wb_chart_script_number(script, "YMAX", y_max);
    wb_chart_script_texts(script, "YT", texts, 0, 0);
    wb_chart_script_numbers(script, "YV", (double *)(void *)values->data, values->len);
    wb_chart_script_number(script, "N_ytick", values->len);
}

/* 1, 2 or 5 times a power of ten, below or above a value. */
static double round_down(double value)
{
    double power = pow(10, floor(log10(value)));

    return value >= 5 * power ? 5 * power : value >= 2 * power ? 2 * power : power;
}

static double round_up(double value)
{
    double down = round_down(value), power = pow(10, floor(log10(value)));

    if (down >= value * (1 - 1e-12))
        return down;
    return value <= 2 * power ? 2 * power : value <= 5 * power ? 5 * power : 10 * power;
}

/* ---- the picture ---------------------------------------------------------------------------- */

static void write_lines(const Line *lines, size_t n, WbChartScript *script)
{
    double end_x[LINES_MOST], end_y[LINES_MOST], name_y[LINES_MOST];
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < LINES_MOST; i++) {
        g_autofree char *block = g_strdup_printf("l%" G_GSIZE_FORMAT, i + 1);

        if (i >= n) { /* gnuplot wants the name of each block, also of one that is not plotted */
            wb_chart_script_block(script, block, NULL, 0, 2);
            continue;
        }
        wb_chart_script_block(script, block, (double *)(void *)lines[i].points->data,
                              lines[i].points->len / 2, 2);
        end_x[i] = lines[i].end_x;
        end_y[i] = lines[i].end_ms;
        name_y[i] = lines[i].name_y;
        g_ptr_array_add(names, wb_chart_name_fit(script->metrics, lines[i].name,
                                                 WB_CHART_SIZE_SMALL, WB_CHART_NAME));
    }
    wb_chart_script_texts(script, "NAME", names, 0, 0);
    wb_chart_script_numbers(script, "EX", end_x, n);
    wb_chart_script_numbers(script, "EY", end_y, n);
    wb_chart_script_numbers(script, "LY", name_y, n);
    wb_chart_script_number(script, "NS", (double)n);
}

static void draw(const WbStory *story, const WbStoryPart *part, Line *lines, size_t n,
                 const WbFontMetrics *metrics, GPtrArray *charts)
{
    g_autofree char *load = wb_chart_load_text(story);
    g_autofree char *subtitle = g_strdup_printf(
        "%s: %sboth axes logarithmic; the right side is the slow tail", part->title, load);
    const char *kind = part->rank->views[part->rank->ranking->order[0]]->of->latency.kind;
    g_autofree char *foot = g_strdup_printf(
        "Kind of latency: %s. A line ends where fewer than 10 of its responses are above.",
        kind ? kind : "as stored");
    double x_max = 10, least = INFINITY, most = 0, widest = 0, y_min, y_max;
    WbChartScript script;

    wb_chart_script_init(&script, metrics);
    for (size_t i = 0; i < n; i++) {
        x_max = fmax(x_max, lines[i].end_x);
        least = fmin(least, g_array_index(lines[i].points, double, 1));
        most = fmax(most, lines[i].end_ms);
        widest = fmax(widest, wb_font_metrics_width(metrics, lines[i].name, WB_CHART_SIZE_SMALL));
    }
    y_min = round_down(least);
    y_max = fmax(round_up(most), 2 * y_min);
    place_names(lines, n, y_min, y_max);
    wb_chart_script_margins(&script, HEIGHT, 72,
                            WB_CHART_EDGE + 10 + fmax(24, fmin(widest, WB_CHART_NAME)), TOP,
                            BOTTOM);
    wb_chart_script_words(&script, "Latency by percentile", subtitle, foot);
    write_x_axis(x_max, &script);
    write_y_axis(y_min, y_max, &script);
    write_lines(lines, n, &script);
    g_ptr_array_add(charts, wb_chart_new("latency", part, &script, HEIGHT,
                                         g_strdup_printf("Latency by percentile, %s", part->title),
                                         g_strdup(subtitle)));
}

static void clear_lines(Line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_array_unref(lines[i].points);
}

void wb_chart_add_latency(const WbStory *story, const WbStoryPart *part,
                          const WbFontMetrics *metrics, GPtrArray *charts)
{
    g_auto(WbChartRows) rows;
    g_autofree WbHist *hist = g_new(WbHist, 1);
    Line lines[LINES_MOST];
    size_t n = 0;

    wb_chart_rows_init(&rows);
    wb_chart_rows_rank(part, &rows);
    for (guint i = 0; i < rows.views->len; i++) {
        const WbCaseView *view = g_ptr_array_index(rows.views, i);

        if (view->state == WB_STATE_ERRORS || !merge(story, view->of, hist))
            continue;
        lines[n] = (Line){.name = g_ptr_array_index(rows.names, i)};
        trace(hist, &lines[n++]);
        if (n == LINES_MOST) {
            draw(story, part, lines, n, metrics, charts);
            clear_lines(lines, n);
            n = 0;
        }
    }
    if (n)
        draw(story, part, lines, n, metrics, charts);
    clear_lines(lines, n);
}
