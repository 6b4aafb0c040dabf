/* Windows: see windows.h. */
#include "analyze/windows.h"

#include <math.h>

#include "analyze/sample.h"
#include "analyze/stats.h"

#define FIGURE(kind, member)                                                                       \
    {                                                                                              \
#member, WB_FIGURE_##kind, false, offsetof(WbWindowFigures, member)                        \
    }

static const WbFigure figures[] = {
    FIGURE(INT, windows),        FIGURE(REAL, window_min),       FIGURE(REAL, window_max),
    FIGURE(REAL, window_median), FIGURE(BOOL, window_estimated), FIGURE(WORD, stability_range),
};

const WbFigure *wb_window_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

void wb_windows_init(WbWindows *windows, int64_t width_ns)
{
    *windows =
        (WbWindows){.width_ns = width_ns, .values = g_array_new(false, false, sizeof(double))};
}

void wb_windows_clear(WbWindows *windows)
{
    g_clear_pointer(&windows->values, g_array_unref);
}

bool wb_windows_is_whole(int64_t length_ns, int64_t width_ns)
{
    return fabs((double)(length_ns - width_ns)) <= 0.005 * (double)width_ns;
}

void wb_windows_add(WbWindows *windows, int64_t length_ns, double requests)
{
    double value = requests * (double)windows->width_ns / (double)length_ns;

    g_array_append_val(windows->values, value);
    windows->windows++;
}

size_t wb_windows_add_slices(WbWindows *windows, const WbSliceRecord *slices, size_t n,
                             int64_t slice_ns, int64_t elapsed_ns)
{
    size_t step, added = 0;

    if (slice_ns <= 0)
        return 0;
    step = (size_t)MAX(1, (windows->width_ns + slice_ns / 2) / slice_ns);
    for (size_t first = (size_t)((windows->skip_ns + slice_ns - 1) / slice_ns); first < n;
         first += step) {
        size_t end = MIN(first + step, n);
        int64_t end_ns = (int64_t)end * slice_ns;
        int64_t requests = 0;

        if (end == n && elapsed_ns != WB_NONE && elapsed_ns < end_ns)
            end_ns = elapsed_ns;
        if (!wb_windows_is_whole(end_ns - (int64_t)first * slice_ns, windows->width_ns))
            continue;
        for (size_t i = first; i < end; i++)
            requests += slices[i].requests;
        wb_windows_add(windows, end_ns - (int64_t)first * slice_ns, (double)requests);
        added++;
    }
    return added;
}

void wb_windows_add_run(WbWindows *windows, const WbRun *run)
{
    double scale, value = NAN;

    if (!isnan(run->window_min) && !isnan(run->window_max) && run->window_ns != WB_NONE &&
        wb_windows_is_whole(run->window_ns, windows->width_ns)) {
        scale = (double)windows->width_ns / (double)run->window_ns;
        value = run->window_min * scale;
        g_array_append_val(windows->values, value);
        if (run->windows != 1) {
            value = run->window_max * scale;
            g_array_append_val(windows->values, value);
        }
        windows->windows += run->windows != WB_NONE ? run->windows : 2;
        /* an estimate that went through a CSV: no window was longer than its run */
        windows->estimated |= run->elapsed_ns != WB_NONE && run->elapsed_ns < run->window_ns &&
                              !wb_windows_is_whole(run->elapsed_ns, run->window_ns);
        return;
    }
    if (run->elapsed_ns > 0 && run->requests != WB_NONE)
        value = (double)run->requests * (double)windows->width_ns / (double)run->elapsed_ns;
    else
        value = run->requests_per_s * (double)windows->width_ns / 1e9;
    if (isnan(value))
        return;
    g_array_append_val(windows->values, value);
    windows->windows++;
    if (run->elapsed_ns == WB_NONE || !wb_windows_is_whole(run->elapsed_ns, windows->width_ns))
        windows->estimated = true;
}

void wb_windows_describe(WbWindows *windows, WbWindowFigures *out)
{
    size_t n = windows->values->len;
    double *values = (double *)windows->values->data;

    *out = (WbWindowFigures){.windows = windows->windows,
                             .window_min = NAN,
                             .window_max = NAN,
                             .window_median = NAN,
                             .window_estimated = windows->estimated,
                             .stability_range = WB_STABILITY_UNKNOWN};
    if (n == 0)
        return;
    wb_stats_sort(values, n);
    out->window_min = values[0];
    out->window_max = values[n - 1];
    if (windows->windows == (int64_t)n)
        out->window_median = wb_stats_median(values, n);
    if (windows->windows > 1)
        out->stability_range = wb_sample_range_stability(values[0], values[n - 1]);
}
