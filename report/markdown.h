/* Markdown tables, for those who print one among other text (`compare`). */
#ifndef WB_REPORT_MARKDOWN_H
#define WB_REPORT_MARKDOWN_H

#include <glib.h>

#include "report/table.h"

/** wb_markdown_append_table: heading, rule and rows, without caption and notes. */
void wb_markdown_append_table(const WbTextTable *table, GString *out);

#endif
