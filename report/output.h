/* Output: where a report goes, and what is known of that place. */
#ifndef WB_REPORT_OUTPUT_H
#define WB_REPORT_OUTPUT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define WB_OUTPUT_ERROR (wb_output_error_quark())
GQuark wb_output_error_quark(void);
typedef enum {
    WB_OUTPUT_ERROR_WRITE,
    WB_OUTPUT_ERROR_OPTION,
} WbOutputError;

/**
 * wb_output_write: the whole text, or nothing.
 *
 * @param path  NULL or "-": standard output (main.c checks that it was written). A file is
 *              replaced in one step; what is no regular file (a pipe, /dev/null) is written to.
 */
bool wb_output_write(const char *path, const GString *text, GError **error);

/**
 * wb_output_color: whether to colour.
 *
 * @param choice  NULL or "auto": standard output is a terminal, NO_COLOR is unset or empty and
 *                TERM is not "dumb"; "always"; "never"
 * @param path    as for wb_output_write; a file is no terminal
 */
bool wb_output_color(const char *choice, const char *path, bool *out_color, GError **error);

/** wb_output_columns: the width of the terminal on standard output; 0: none, or unknown. */
size_t wb_output_columns(const char *path);

#endif
