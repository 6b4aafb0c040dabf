/* Text tables, and sentences in lines, for those who print them among other text. */
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

/**
 * wb_text_append_wrapped: a sentence and a line end, cut at blanks.
 *
 * @param lead    in front of the first line: "* "
 * @param indent  blanks in front of the others
 * @param width   columns of a line; a longer word stands alone; 0: one line
 */
void wb_text_append_wrapped(GString *out, const char *lead, const char *text, size_t indent,
                            size_t width);

#endif
