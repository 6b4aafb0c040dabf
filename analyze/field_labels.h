/*
 * Field labels: a field of runs (`connections`, `campaign`, `tool_version`) laid out as if it were
 * a label. A case is all runs with the same labels; where a field is an axis, its runs are told
 * apart by the field's values as well, each value a case of its own with one label more.
 */
#ifndef WB_ANALYZE_FIELD_LABELS_H
#define WB_ANALYZE_FIELD_LABELS_H

#include <glib.h>
#include <stdbool.h>

#include "schema/store.h"

/**
 * wb_field_labels_find: those of `keys` that are fields of runs and no label.
 *
 * @param keys    NULL-terminated
 * @param labels  all label keys of the database: a label goes before a field, as in --where
 * @return        caller's, no name twice
 */
char **wb_field_labels_find(char **keys, char **labels);

/**
 * wb_field_labels_add: splits the cases of a set by the values of those fields.
 *
 * The new cases keep their number in the database and their order; the parts of one case follow
 * each other by the first run of each. A value is written as --where takes it; a campaign by its
 * name, or by its number where it has none of its own. A run that lacks the field lacks the label.
 * Published figures have no run: they stay with the whole case.
 *
 * @param fields  of wb_field_labels_find; the set's runs must have been loaded with them
 * Errors: the store's.
 */
bool wb_field_labels_add(WbRunSet *set, WbStore *store, char **fields, GError **error);

#endif
