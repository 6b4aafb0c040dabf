/*
 * Summary text: what the runs say, on a screen (REPORTS section 9): facts, then for each table the
 * table and a line a case, then the doubts in words and what to do next. The same bytes on a
 * terminal and in a file but for colour.
 */
#ifndef WB_REPORT_SUMMARY_TEXT_H
#define WB_REPORT_SUMMARY_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/grid.h"
#include "analyze/query.h"

typedef struct {
    bool ascii;
    bool color;
    size_t columns; /* of the terminal; 0: as wide as needed */
    bool outliers;  /* what the figures of such cases would be without them */
} WbSummaryTextOptions;

/** wb_summary_text_append: the whole text; no clock, host or path enters it. */
void wb_summary_text_append(const WbQuery *query, const WbGrid *grid,
                            const WbSummaryTextOptions *options, GString *out);

/** wb_summary_facts: the facts alone: how many runs, which tools, which loads (of char *: term,
 * value, term, value ...; caller's). */
GPtrArray *wb_summary_facts(const WbRunSet *set, const WbSummary *summary);

#endif
