/*
 * Outcome: one run as text for whoever made it: in our words, line for line as wrk prints it, or
 * as JSON. outcome.c has the list of formats; each is one file.
 */
#ifndef WB_RUNNER_OUTCOME_H
#define WB_RUNNER_OUTCOME_H

#include <glib.h>

#include "runner/engine/engine.h"
#include "schema/records.h"

/* All that a format may show (all borrowed). */
typedef struct {
    const WbRun *run; /* as wb_record_fill filled it */
    const WbLoad *load;
    const WbLoadResult *result;
    const WbLabels *labels;
    char *const *warnings; /* sentences, NULL-terminated */
    int number;            /* this is run `number` of `runs` */
    int runs;
} WbOutcome;

typedef struct {
    const char *name;
    void (*append)(GString *text, const WbOutcome *outcome);
} WbOutcomeFormat;

extern const WbOutcomeFormat wb_outcome_text; /* what happened, in sentences where it is wrong */
extern const WbOutcomeFormat wb_outcome_wrk;  /* for scripts that read wrk's output */
extern const WbOutcomeFormat wb_outcome_json; /* one object a line, "wrkbook/run" */

/** wb_outcome_format_find: by name, or NULL. */
const WbOutcomeFormat *wb_outcome_format_find(const char *name);

/** wb_outcome_format_names: "text, wrk, json" (caller frees). */
char *wb_outcome_format_names(void);

#endif
