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

/* An output that is written while it is made. */
typedef struct WbOutput {
    GString *text; /* append here; wb_output_pass takes it from here */
    char *path;    /* NULL: standard output (main.c checks that it was written) */
    char *draft;   /* beside `path`, what takes its place at the end; NULL: it has no name yet, or
                      is written in place */
    bool is_nameless; /* the draft: a kill leaves nothing of it */
    int fd;
} WbOutput;

/**
 * wb_output_open: a file is replaced in one step by wb_output_close, or stays as it was; what is no
 * regular file (a pipe, /dev/null) is written to.
 *
 * @param path  NULL or "-": standard output
 */
WbOutput *wb_output_open(const char *path, GError **error);

/** wb_output_pass: writes what has gathered in `text`, if it is much. To be called often. */
bool wb_output_pass(WbOutput *output, GError **error);

/** wb_output_close: writes the rest; a file has its new content, on the disk, from here on. */
bool wb_output_close(WbOutput *output, GError **error);

/** wb_output_free: without wb_output_close before it, a file stays as it was. Takes NULL. */
void wb_output_free(WbOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbOutput, wb_output_free)

/** wb_output_write: the whole text at once, or nothing. */
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
