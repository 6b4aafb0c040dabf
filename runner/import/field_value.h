/*
 * Text into a field of a run: a cell of a CSV table, the value of --set, a part of a path.
 */
#ifndef WB_RUNNER_IMPORT_FIELD_VALUE_H
#define WB_RUNNER_IMPORT_FIELD_VALUE_H

#include <glib.h>
#include <stdbool.h>

#include "schema/records.h"

#define WB_FIELD_VALUE_ERROR (wb_field_value_error_quark())
GQuark wb_field_value_error_quark(void);
typedef enum {
    WB_FIELD_VALUE_ERROR_TEXT,
} WbFieldValueError;

/** wb_field_find_settable: a field of run_facts that a user may give a value, or NULL: neither a
 * field that the store makes (run_id, campaign, findings), nor one of an import's own (log_id). */
const WbField *wb_field_find_settable(const char *name);

/** wb_field_is_missing: whether the run has no value there. */
bool wb_field_is_missing(const WbRun *run, const WbField *field);

/**
 * wb_field_set_text: reads `text` by the field's unit and stores it with its half width.
 *
 * Times: base unit ns, or with a unit ("11.18ms"); sizes: bytes or "1.25MB" (of 1024); rates and
 * requests per window: a number, "19.34k", or "1.9e4"; counts and numbers: whole, from 0 on;
 * shares: 0 to 1; status, latency_kind: their words; started_at: UTC, ISO 8601.
 *
 * @param text  NUL-terminated, not empty; a text field keeps this pointer
 * Errors: WB_FIELD_VALUE_ERROR: the text and what would be right; the field is untouched.
 */
bool wb_field_set_text(WbRun *run, const WbField *field, const char *text, GError **error);

/** wb_field_complete: gives the run each field that it lacks and `more` has, with its half width.
 */
void wb_field_complete(WbRun *run, const WbRun *more);

/** wb_field_parse_split: "errors" or "no errors" (static), or NULL for any other text. */
const char *wb_field_parse_split(const char *text);

#endif
