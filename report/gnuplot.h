/*
 * gnuplot: one process a chart, the script on its standard input, the picture on its standard
 * output. No shell, no file, an environment of three variables, limits of time, memory and size
 * (REPORTS section 6).
 */
#ifndef WB_REPORT_GNUPLOT_H
#define WB_REPORT_GNUPLOT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define WB_GNUPLOT_ERROR (wb_gnuplot_error_quark())
GQuark wb_gnuplot_error_quark(void);
typedef enum {
    WB_GNUPLOT_ERROR_MISSING, /* no program of that name, or it cannot be started */
    WB_GNUPLOT_ERROR_OLD,     /* older than 5.4 */
    WB_GNUPLOT_ERROR_FAILED,  /* it ended by a signal, a limit or with a status, or drew nothing */
} WbGnuplotError;

/** wb_gnuplot_check: whether there is a gnuplot of version 5.4 or later . */
bool wb_gnuplot_check(GError **error);

/**
 * wb_gnuplot_run: draws n scripts side by side on all cores.
 *
 * @param scripts    [n] whole scripts, terminal included
 * @param out        [n] each set to the picture (caller's), or NULL where it failed
 * @param out_errors [n] each set where it failed (caller's); others NULL
 * @return           false: at least one failed
 */
bool wb_gnuplot_run(const char *const *scripts, size_t n, GBytes **out, GError **out_errors);

#endif
