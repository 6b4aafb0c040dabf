/*
 * Case view: what of a case counts in one table. A case may have runs, published figures, or both;
 * a table may show all cases, those with errors or those without.
 */
#ifndef WB_ANALYZE_CASE_VIEW_H
#define WB_ANALYZE_CASE_VIEW_H

#include <stdbool.h>

#include "analyze/summary.h"
#include "schema/records.h"

/* Which cases a table shows. */
typedef enum {
    WB_SPLIT_ANY,
    WB_SPLIT_ERRORS,
    WB_SPLIT_NO_ERRORS,
} WbSplit;

/* What of a case counts in a table. All borrowed. */
typedef struct {
    const WbCaseSummary *of;
    WbState state; /* of its headline figures */
    bool from_runs;
    const WbPublished *rate;  /* published rate that counts here, or NULL */
    const WbPublished *range; /* published min - max that counts here, or NULL */
} WbCaseView;

/** wb_split_name: "errors", "no errors", or NULL for WB_SPLIT_ANY (static). */
const char *wb_split_name(WbSplit split);

/** wb_published_split: what a published figure says of the split: its own word, else its state's;
 * NULL: nothing (a n/a or a blank that names no split). */
const char *wb_published_split(const WbPublished *published);

/**
 * wb_case_view: what of a case counts in a table of that split.
 *
 * Runs decide where there are complete ones. Else of the published figures those of the split
 * count, and a declared n/a or blank that names no split counts in both. Several published figures
 * of one kind: the one stored last. With WB_SPLIT_ANY a case with errors has the state `errors`:
 * its figures are shown only in tables that hold such cases only.
 *
 * @return false: the case has nothing in such a table
 */
bool wb_case_view(const WbCaseSummary *of, WbSplit split, WbCaseView *out);

#endif
