/* Text tables, for those who print one among other text (`summary`). */
#ifndef WB_REPORT_TEXT_H
#define WB_REPORT_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/table.h"

/**
 * wb_text_append_table: heading, rule and rows, without caption and notes.
 *
 * @param color    escape sequences for the best figure of a column and for errors
 * @param columns  cut into blocks of columns no wider than this; 0: one block
 */
void wb_text_append_table(const WbTextTable *table, bool color, size_t columns, GString *out);

#endif
