/*
 * Output: what a server writes to stdout and stderr, kept bounded: the first 64 KiB and the last
 * 64 KiB. A thread empties the pipe, so that the server is never blocked by us; it wakes at most
 * 200 times a second, so that a server that logs every request does not wake it for each.
 */
#ifndef WB_RUNNER_SERVER_OUTPUT_H
#define WB_RUNNER_SERVER_OUTPUT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct WbOutput WbOutput;

/** wb_output_new: a pipe and its reader. @return NULL with errno (no descriptors, no thread) */
WbOutput *wb_output_new(void);

/** wb_output_free: takes NULL; stops the reader (what is in the pipe is taken first). */
void wb_output_free(WbOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbOutput, wb_output_free)

/** wb_output_write_end: for the server's stdout and stderr; close it once the server has it. */
int wb_output_write_end(const WbOutput *output);
void wb_output_close_write_end(WbOutput *output);

/** wb_output_lines: the last lines as valid UTF-8 without control characters (caller frees); says
 * what was left out before them, if it was because of the bounds. */
char *wb_output_lines(WbOutput *output, int lines);

/** wb_output_bytes: how much was written so far. */
int64_t wb_output_bytes(WbOutput *output);

#endif
