/* TSV: one field as pipes take it (REPORTS section 4); no guard: not for spreadsheets. */
#ifndef WB_ANALYZE_TSV_H
#define WB_ANALYZE_TSV_H

#include <glib.h>

/** wb_tsv_append: `\`, tab, LF and CR as `\\`, `\t`, `\n`, `\r`, what else steers a terminal as
 * `\u001b`; never quoted. */
void wb_tsv_append(GString *out, const char *text);

#endif
