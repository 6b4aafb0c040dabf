/*
 * A command line that starts wrk or wrk2, as it stands above a run in a log: the settings that
 * the run's own text does not hold. Nothing of it ever replaces a printed figure.
 */
#ifndef WB_RUNNER_IMPORT_WRK_COMMAND_H
#define WB_RUNNER_IMPORT_WRK_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int64_t threads;
    int64_t connections;
    int64_t duration_ns;
    int64_t timeout_ns;
    double rate_per_s;
    const char *url; /* into the text, not NUL-terminated; NULL: none */
    const char *url_end;
} WbWrkCommand;

/**
 * wb_wrk_command_parse: reads the options of a command line.
 *
 * @param text  from "wrk" on, as a shell would read it (quotes are honoured); NUL-terminated
 * @param out   WB_NONE, NAN or NULL for what it does not say or says unreadably
 *
 * A plain number is seconds, as wrk takes it, for --timeout too.
 */
void wb_wrk_command_parse(const char *text, WbWrkCommand *out);

#endif
