/* calc windows: min - max per 10 s. */
#include <math.h>

#include "analyze/calc.h"
#include "analyze/windows.h"

enum { CASE, RUN, DURATION_S, RUN_REQUESTS, WINDOW, LENGTH_S, REQUESTS };
static const WbCalcColumn columns[] = {{"case", false, false},      {"run", true, false},
                                       {"duration_s", true, false}, {"run_requests", true, false},
                                       {"window", true, true},      {"length_s", true, true},
                                       {"requests", true, true},    {NULL, false, false}};
static const char *const set[] = {"window", NULL};

static int64_t ns_of(double seconds)
{
    return isnan(seconds) ? 0 : (int64_t)round(seconds * 1e9);
}

/* The rows from `first` on that are of the same run: adds its whole windows; a run without one is
 * its own. Returns where the next run begins. */
static guint add_run(const WbCalcInput *input, const GArray *rows, guint first, WbWindows *windows)
{
    size_t at = g_array_index(rows, size_t, first);
    bool is_whole = false;
    guint i = first;
    WbRun run;

    for (; i < rows->len; i++) {
        size_t row = g_array_index(rows, size_t, i);
        int64_t length_ns = ns_of(input->numbers[LENGTH_S] ? input->numbers[LENGTH_S][row] : NAN);

        if (input->numbers[RUN][row] != input->numbers[RUN][at])
            break;
        if (length_ns > 0 && wb_windows_is_whole(length_ns, windows->width_ns)) {
            wb_windows_add(windows, length_ns, input->numbers[REQUESTS][row]);
            is_whole = true;
        }
    }
    if (is_whole)
        return i;
    wb_run_init(&run);
    run.requests = (int64_t)input->numbers[RUN_REQUESTS][at];
    run.elapsed_ns = ns_of(input->numbers[DURATION_S][at]);
    wb_windows_add_run(windows, &run);
    return i;
}

static bool calc(const WbCalcInput *input, WbDocument *out, GError **error)
{
    g_autoptr(GPtrArray) groups = wb_calc_groups(input, CASE);
    double width_s;
    size_t n;
    const WbFigure *figures = wb_window_figures(&n);

    if (!wb_calc_number(input, "window", (double)WB_WINDOW_DEFAULT_NS / 1e9, 0.001, 1e6, &width_s,
                        error))
        return false;
    wb_document_begin(out, "cases");
    for (guint g = 0; g < groups->len; g++) {
        const WbCalcGroup *group = groups->pdata[g];
        WbWindowFigures described;
        WbWindows windows;

        wb_windows_init(&windows, ns_of(width_s));
        for (guint i = 0; i < group->rows->len;)
            i = add_run(input, group->rows, i, &windows);
        wb_windows_describe(&windows, &described);
        wb_document_begin(out, group->name);
        wb_document_add_figures(out, figures, n, &described, "");
        wb_document_end(out);
        wb_windows_clear(&windows);
    }
    wb_document_end(out);
    return true;
}

const WbCalcKind wb_calc_windows = {
    "windows",
    "min - max per window (case, run, duration_s, run_requests, window, length_s, requests)",
    columns, set, calc};
