/*
 * Outcome: one run as text for the person who made it.
 */
#ifndef WB_RUNNER_OUTCOME_H
#define WB_RUNNER_OUTCOME_H

#include <glib.h>

#include "runner/engine/engine.h"
#include "schema/records.h"

/**
 * wb_outcome_text: what happened, figures first, then in sentences what went wrong.
 *
 * @param run     as wb_record_fill filled it
 * @param number, runs  "run 2 of 3"; runs 1 leaves that out
 * @return        text ending in a newline; caller frees
 */
char *wb_outcome_text(const WbRun *run, const WbLoadResult *result, int number, int runs);

#endif
