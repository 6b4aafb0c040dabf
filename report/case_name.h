/*
 * Case name: what a case is called among others: "gunicorn/flask". By the labels in which the cases
 * differ, server and framework first, as the rows and columns of a table.
 */
#ifndef WB_REPORT_CASE_NAME_H
#define WB_REPORT_CASE_NAME_H

#include <glib.h>

#include "schema/records.h"

/**
 * wb_case_name_keys: the label keys that name these cases.
 *
 * @param labels      of const WbLabels *, one a case
 * @param without     keys that are told elsewhere, NULL-terminated; NULL: none
 * @param out_shared  of const char *: gets the keys in which no case differs; NULL: not wanted
 * @return            of const char *, borrowed from the labels; all keys where none differs
 *                    (caller frees the array)
 */
GPtrArray *wb_case_name_keys(const GPtrArray *labels, char *const *without, GPtrArray *out_shared);

/** wb_case_name_part: how the value of a label or of a field of runs is told in names: as it is,
 * but a bare number of a field says of what ("connections=50", "10 s"); "-" for none. Not cleaned
 * (caller frees). */
char *wb_case_name_part(const char *key, const char *value);

/** wb_case_name: its values by those keys, "-" for one that it lacks; cleaned; "all runs" without
 * keys (caller frees). */
char *wb_case_name(const WbLabels *labels, const GPtrArray *keys);

/** wb_case_name_by: the same with another text between the values. */
char *wb_case_name_by(const WbLabels *labels, const GPtrArray *keys, const char *between);

#endif
