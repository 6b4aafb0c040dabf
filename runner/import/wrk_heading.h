/*
 * What TechEmpower's raw.txt says around each run of wrk: above it, below a rule,
 *
 *    Running Primer NAME          a few connections, so that the server is awake
 *    Running Warmup NAME          the load that follows, not counted
 *    Concurrency: 256 for NAME    a measured run; "Queries: 20 for NAME" where those vary
 *
 * and below it, since 2016, "STARTTIME 1480000000" and "ENDTIME ...", in seconds since 1970.
 *
 * They become labels of the run: framework, and phase (of a primer or a warm-up, so that these are
 * cases of their own), concurrency or queries.
 */
#ifndef WB_RUNNER_IMPORT_WRK_HEADING_H
#define WB_RUNNER_IMPORT_WRK_HEADING_H

#include <stdbool.h>

#include "schema/records.h"

/** wb_wrk_heading_labels: the labels that such a heading gives (caller's); NULL: it is none. */
WbLabels *wb_wrk_heading_labels(const char *line, const char *line_end);

/** wb_wrk_heading_started: the instant of a STARTTIME line, as stored (caller's); NULL: it is none.
 */
char *wb_wrk_heading_started(const char *line, const char *line_end);

#endif
