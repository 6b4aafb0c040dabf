/* oha's words for what went wrong, the same in its text and its JSON. */
#ifndef WB_RUNNER_IMPORT_OHA_ERRORS_H
#define WB_RUNNER_IMPORT_OHA_ERRORS_H

#include "schema/records.h"

/** wb_oha_error: counts an error of the run by its message: what was open at the end of a timed run
 * ("aborted due to deadline") is in_flight, and no error of the server.
 * @param text, end  the message
 * @param count      0 or more */
void wb_oha_error(WbRun *run, const char *text, const char *end, int64_t count);

#endif
