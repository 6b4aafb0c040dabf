/* The words of Go's net package and of fasthttp for what went wrong, as bombardier and plow print
 * them. */
#ifndef WB_RUNNER_IMPORT_GO_ERRORS_H
#define WB_RUNNER_IMPORT_GO_ERRORS_H

#include "schema/records.h"

/** wb_go_error: counts an error of the run by its message: of connecting, whatever ended it; a
 * timeout; else of reading.
 * @param text, end  the message
 * @param count      0 or more */
void wb_go_error(WbRun *run, const char *text, const char *end, int64_t count);

#endif
