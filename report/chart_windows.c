/*
 * Chart: what happened during a run: requests per window, a panel a case, on one scale. Of each
 * case the run whose rate is nearest to the median is shown.
 */
#include <math.h>

#include "report/chart_rows.h"
#include "report/figure_text.h"

#define PANELS_MOST  8
#define PANEL        112.0
#define TOP          60.0
#define BOTTOM       52.0
#define WINDOWS_GOAL 30 /* about so many in the longest run */

/* One panel. */
typedef struct {
    const char *name;
    GArray *windows; /* of double: begin s, requests, end s */
    GArray *errors;  /* of double: middle s */
    double lo, hi;
} Panel;

static const WbRun *typical_run(const WbCaseSummary *of)
{
    const WbRun *best = NULL;
    double off = INFINITY;

    for (size_t i = 0; i < of->complete_n; i++) {
        double distance = fabs(of->complete[i]->requests_per_s - of->rate.median);

        if (distance < off) {
            off = distance;
            best = of->complete[i];
        }
    }
    return best;
}

static int64_t errors_in(const WbSliceRecord *slice)
{
    return slice->errors_connect + slice->errors_read + slice->errors_write + slice->errors_timeout;
}

/* Whole windows only; a shorter rest is none. */
static bool sum_windows(const GArray *slices, int64_t slice_ns, int64_t window_ns, Panel *panel)
{
    guint per_window = (guint)MAX(1, window_ns / slice_ns);
    double width_s = (double)(per_window * slice_ns) / 1e9;

    panel->windows = g_array_new(FALSE, FALSE, sizeof(double));
    panel->errors = g_array_new(FALSE, FALSE, sizeof(double));
    panel->lo = INFINITY;
    panel->hi = 0;
    for (guint w = 0; (w + 1) * per_window <= slices->len; w++) {
        double begin = w * width_s, requests = 0, errors = 0, middle = begin + width_s / 2;
        double row[3];

        for (guint s = w * per_window; s < (w + 1) * per_window; s++) {
            requests += (double)g_array_index(slices, WbSliceRecord, s).requests;
            errors += (double)errors_in(&g_array_index(slices, WbSliceRecord, s));
        }
        row[0] = begin;
        row[1] = requests;
        row[2] = begin + width_s;
        g_array_append_vals(panel->windows, row, G_N_ELEMENTS(row));
        if (errors > 0)
            g_array_append_val(panel->errors, middle);
        panel->lo = fmin(panel->lo, requests);
        panel->hi = fmax(panel->hi, requests);
    }
    return panel->windows->len >= 6;
}

/* A round width of which the longest run has about WINDOWS_GOAL, or the one that was asked for if
 * the runs are long enough for several of it. */
static int64_t window_of(const WbStory *story, int64_t longest_ns)
{
    static const int64_t ms[] = {100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000};
    int64_t asked = story->query.summary->window_ns;
    size_t i = 0;

    if (story->query.window || longest_ns >= asked * 6)
        return asked;
    while (i + 1 < G_N_ELEMENTS(ms) &&
           ms[i] * G_GINT64_CONSTANT(1000000) * WINDOWS_GOAL < longest_ns)
        i++;
    return ms[i] * G_GINT64_CONSTANT(1000000);
}

static void write_panels(const Panel *panels, size_t n, const WbScale *scale, WbChartScript *script)
{
    double lo[PANELS_MOST], hi[PANELS_MOST], errors[PANELS_MOST];
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GPtrArray) ranges = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < n; i++) {
        g_autofree char *windows = g_strdup_printf("w%" G_GSIZE_FORMAT, i + 1);
        g_autofree char *marks = g_strdup_printf("e%" G_GSIZE_FORMAT, i + 1);

        wb_chart_script_block(script, windows, (double *)(void *)panels[i].windows->data,
                              panels[i].windows->len / 3, 3);
        wb_chart_script_block(script, marks, (double *)(void *)panels[i].errors->data,
                              panels[i].errors->len, 1);
        lo[i] = panels[i].lo;
        hi[i] = panels[i].hi;
        errors[i] = panels[i].errors->len;
        g_ptr_array_add(names, (gpointer)panels[i].name);
        g_ptr_array_add(ranges, wb_figure_format_range(scale, lo[i], hi[i], false));
    }
    wb_chart_script_texts(script, "NAME", names, WB_CHART_SIZE_TEXT, 2 * WB_CHART_NAME);
    wb_chart_script_texts(script, "RANGE", ranges, 0, 0);
    wb_chart_script_numbers(script, "LO", lo, n);
    wb_chart_script_numbers(script, "HI", hi, n);
    wb_chart_script_numbers(script, "EN", errors, n);
    wb_chart_script_number(script, "NS", (double)n);
    wb_chart_script_number(script, "PH", PANEL);
}

/* What the panels of a picture share, so that they can be compared. Each picture has its own: on
 * the scale of the fastest case the slowest would be a straight line. */
typedef struct {
    double longest; /* s */
    WbChartAxis x, y;
    WbScale scale;
} Common;

static Common common_of(const Panel *panels, size_t n)
{
    Common common = {0};
    double most = 0, least = NAN;

    for (size_t i = 0; i < n; i++) {
        const Panel *panel = &panels[i];

        common.longest =
            fmax(common.longest, g_array_index(panel->windows, double, panel->windows->len - 1));
        most = fmax(most, panel->hi);
        if (panel->lo > 0)
            least = fmin(least, panel->lo);
    }
    common.x = wb_chart_axis(0, common.longest, true, 6);
    common.y = wb_chart_axis(0, most, true, 3);
    common.scale = wb_scale_make(WB_UNIT_PER_WINDOW, least, true);
    return common;
}

static void draw(const WbStory *story, const WbStoryPart *part, const Panel *panels, size_t n,
                 int64_t window_ns, const WbFontMetrics *metrics, GPtrArray *charts)
{
    Common common = common_of(panels, n);
    g_autofree char *load = wb_chart_load_text(story);
    char buffer[WB_UNITS_DOUBLE_SIZE];
    g_autofree char *title = g_strdup_printf(
        "Requests per %s s during a run", wb_units_format_double((double)window_ns / 1e9, buffer));
    g_autofree char *subtitle = g_strdup_printf(
        "%s: %sthe run nearest to the median; red ticks: socket errors", part->title, load);
    double height = TOP + (double)n * PANEL + BOTTOM;
    WbChartScript script;

    wb_chart_script_init(&script, metrics);
    wb_chart_script_margins(&script, height, 64, 24, TOP, BOTTOM);
    wb_chart_script_words(&script, title, subtitle,
                          "x: seconds since the begin of the run. Band: lowest to highest window "
                          "of that run.");
    wb_chart_script_axis(&script, "X", &common.x);
    wb_chart_script_axis(&script, "Y", &common.y);
    wb_chart_script_number(&script, "XMAX", common.longest);
    write_panels(panels, n, &common.scale, &script);
    g_ptr_array_add(charts, wb_chart_new("windows", part, &script, height,
                                         g_strdup_printf("%s, %s", title, part->title),
                                         g_strdup(subtitle)));
}

static void clear_panel(gpointer data)
{
    Panel *panel = data;

    g_array_unref(panel->windows);
    g_array_unref(panel->errors);
}

static int64_t longest_run(const WbChartRows *rows)
{
    int64_t longest = 0;

    for (guint i = 0; i < rows->views->len; i++) {
        const WbCaseView *view = g_ptr_array_index(rows->views, i);
        const WbRun *run = typical_run(view->of);

        if (run && run->elapsed_ns != WB_NONE)
            longest = MAX(longest, run->elapsed_ns);
    }
    return longest;
}

/* A panel of each case that has windows; names are borrowed from the rows. */
static GArray *collect(const WbStory *story, const WbChartRows *rows, int64_t window_ns)
{
    GArray *panels = g_array_new(FALSE, FALSE, sizeof(Panel));

    g_array_set_clear_func(panels, clear_panel);
    for (guint i = 0; i < rows->views->len; i++) {
        const WbCaseView *view = g_ptr_array_index(rows->views, i);
        const WbRun *run = typical_run(view->of);
        g_autoptr(GArray) slices = NULL;
        int64_t slice_ns;
        Panel panel = {.name = g_ptr_array_index(rows->names, i)};

        slices =
            run ? wb_store_load_slices(story->query.store, run->run_id, &slice_ns, NULL) : NULL;
        if (!slices || slices->len == 0)
            continue;
        if (sum_windows(slices, slice_ns, window_ns, &panel))
            g_array_append_val(panels, panel);
        else
            clear_panel(&panel);
    }
    return panels;
}

void wb_chart_add_windows(const WbStory *story, const WbStoryPart *part,
                          const WbFontMetrics *metrics, GPtrArray *charts)
{
    g_autoptr(GArray) panels = NULL;
    g_auto(WbChartRows) rows;
    int64_t window_ns;
    guint each;

    wb_chart_rows_init(&rows);
    wb_chart_rows_rank(part, &rows);
    window_ns = window_of(story, longest_run(&rows));
    panels = collect(story, &rows, window_ns);
    each = (guint)wb_chart_each(panels->len, PANELS_MOST);
    for (guint first = 0; first < panels->len; first += each)
        draw(story, part, &g_array_index(panels, Panel, first), MIN(each, panels->len - first),
             window_ns, metrics, charts);
}
