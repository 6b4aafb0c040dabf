/*
 * Windows: the lowest and the highest number of requests served in a window of a width chosen
 * when analysing (10 s unless said otherwise): STATISTICS section 3, the article's min - max.
 *
 * Whole windows only: their length lies within 0.5 % of the width, and their requests are scaled
 * to it. A run without a whole window gives requests x width / elapsed.
 */
#ifndef WB_ANALYZE_WINDOWS_H
#define WB_ANALYZE_WINDOWS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/figures.h"
#include "schema/records.h"

#define WB_WINDOW_DEFAULT_NS INT64_C(10000000000)

typedef struct {
    int64_t windows;
    double window_min, window_max, window_median; /* requests per window; NaN: none (median also
                                                     where a log tells only min and max) */
    bool window_estimated;                        /* a run of another length stands in for one */
    const char *stability_range;                  /* WB_STABILITY_..., from min and max alone */
} WbWindowFigures;

/** wb_window_figures: the names of the members of WbWindowFigures (static). */
const WbFigure *wb_window_figures(size_t *out_n);

/* The windows of a case while its runs are added. */
typedef struct {
    int64_t width_ns;
    int64_t skip_ns; /* what begins earlier in a run is no window; 0 from wb_windows_init */
    GArray *values;  /* of double: requests per window */
    int64_t windows; /* more than values->len where a log tells only min and max of several */
    bool estimated;
} WbWindows;

void wb_windows_init(WbWindows *windows, int64_t width_ns);
void wb_windows_clear(WbWindows *windows);

/** wb_windows_is_whole: whether a stretch of `length_ns` counts as one window of the width. */
bool wb_windows_is_whole(int64_t length_ns, int64_t width_ns);

/** wb_windows_add: one window of `length_ns` (whole) with its requests. */
void wb_windows_add(WbWindows *windows, int64_t length_ns, double requests);

/**
 * wb_windows_add_slices: the whole windows of a run's slices. The last slice ends with the run.
 *
 * @param elapsed_ns  of the run; WB_NONE: every slice is as wide as the others
 * @return            how many whole windows there were
 */
size_t wb_windows_add_slices(WbWindows *windows, const WbSliceRecord *slices, size_t n,
                             int64_t slice_ns, int64_t elapsed_ns);

/** wb_windows_add_run: a run without slices: its own min and max if they are of this width (an
 * estimate where the run is shorter), else the estimate. A run without requests and rate adds
 * nothing. */
void wb_windows_add_run(WbWindows *windows, const WbRun *run);

/** wb_windows_describe: the figures; `windows->values` is sorted by it. */
void wb_windows_describe(WbWindows *windows, WbWindowFigures *out);

#endif
