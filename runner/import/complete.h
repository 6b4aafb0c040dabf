/*
 * Completing records: what a text does not hold comes from its path, the options or its file's
 * time. What the text says wins over the path and the manifest, these over --label and --set.
 */
#ifndef WB_RUNNER_IMPORT_COMPLETE_H
#define WB_RUNNER_IMPORT_COMPLETE_H

#include <glib.h>
#include <stdbool.h>

#include "schema/records.h"

/* What is known of a text beside its bytes. All borrowed; each may be NULL. */
typedef struct {
    const WbLabels *labels; /* of all its records (not NULL) */
    const WbRun *fields; /* of its runs, by path and manifest; a run_no is of the first run alone */
    const char *started_from; /* where `fields` has its start time from; NULL: it has none */
    const WbRun *settings;    /* of all runs */
    const char *split;        /* for published figures that lack it */
    const char *because;
} WbKnown;

/**
 * wb_complete_labels: a record's labels.
 *
 * @param own   that the text gives; may be NULL
 * @param line  of the record, for the message
 * @param out   caller's; NULL where known->labels are the labels
 * Errors: WB_PARSER_ERROR where they are more than a case can have.
 */
bool wb_complete_labels(const WbKnown *known, const WbLabels *own, int64_t line, WbLabels **out,
                        GError **error);

/**
 * wb_complete_run: gives the run each field that it lacks.
 *
 * @param is_first   the first run of its text
 * @param file_time  when the file was written, as started_at; NULL: not to be used
 */
void wb_complete_run(const WbKnown *known, WbRun *run, bool is_first, const char *file_time);

void wb_complete_published(const WbKnown *known, WbPublished *published);

#endif
