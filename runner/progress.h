/*
 * Progress: what a user sees on stderr while a load runs: on a terminal one line rewritten in
 * place (a strip of the last slices, rate, p99, errors, time left), else a plain line every 10 s.
 */
#ifndef WB_RUNNER_PROGRESS_H
#define WB_RUNNER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "runner/engine/engine.h"

#define WB_PROGRESS_STRIP 30 /* slices shown */

typedef struct {
    bool quiet;
    bool terminal;
    bool utf8;
    int run; /* from 1 */
    int runs;
    int64_t duration_ns;
    int64_t next_line_ns; /* not a terminal: when the next line is due */
    int64_t strip[WB_PROGRESS_STRIP];
    int strip_n;
} WbProgressLine;

/** wb_progress_init: looks at stderr once; `quiet` prints nothing at all. */
void wb_progress_init(WbProgressLine *line, bool quiet, int runs, int64_t duration_ns);

/** wb_progress_begin: before run number `run` (from 1). */
void wb_progress_begin(WbProgressLine *line, int run);

/** wb_progress_show: a WbProgressFn; user_data is the WbProgressLine. */
void wb_progress_show(const WbProgress *progress, void *user_data);

/** wb_progress_end: removes the line again. */
void wb_progress_end(const WbProgressLine *line);

#endif
