/*
 * Case findings: the findings of single runs (schema/findings.sql), gathered by case: which cause
 * was found in how many of its runs.
 */
#ifndef WB_ANALYZE_CASE_FINDINGS_H
#define WB_ANALYZE_CASE_FINDINGS_H

#include <glib.h>
#include <stdint.h>

#include "schema/store.h"

/* One run that a finding is about. */
typedef struct {
    const WbRun *run;
    const char *sentence;
} WbRunFinding;

/* One finding of one case. */
typedef struct {
    const WbCase *of_case;
    const char *finding;
    const char *advice;
    GArray *runs; /* of WbRunFinding, at least one, in the order in which they were stored */
} WbCaseFinding;

typedef struct {
    GPtrArray *items;   /* of WbCaseFinding: by case in order of appearance; within a case what most
                           runs have first, then by name */
    GStringChunk *text; /* what the texts point to */
} WbCaseFindings;

/**
 * wb_case_findings_new: of the runs of a set.
 *
 * @param filter  the one that the set was loaded with
 * @param set     borrowed; must outlive the result
 * @return        caller's; NULL on an error of the store
 */
WbCaseFindings *wb_case_findings_new(WbStore *store, const WbFilter *filter, const WbRunSet *set,
                                     GError **error);
void wb_case_findings_free(WbCaseFindings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbCaseFindings, wb_case_findings_free)

/** wb_case_findings_cases: the cases of which a run has that finding, as a set of const WbCase *
 * (caller's). findings NULL: none. */
GHashTable *wb_case_findings_cases(const WbCaseFindings *findings, const char *finding);

/** wb_case_findings_names: all names that occur, sorted (of const char *, borrowed; caller frees
 * the array). */
GPtrArray *wb_case_findings_names(const WbCaseFindings *findings);

#endif
