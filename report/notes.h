/*
 * Notes: the warnings of figures as sentences for people, each with the cases that it is about.
 * Two users: the notes under a table, and the end of `summary`.
 */
#ifndef WB_REPORT_NOTES_H
#define WB_REPORT_NOTES_H

#include <glib.h>
#include <stdint.h>

#include "analyze/case_findings.h"
#include "analyze/summary.h"

/* The cases that notes may speak of, with their names. */
typedef struct {
    GPtrArray *names; /* of char *, cleaned; owned */
    GPtrArray *cases; /* of const WbCaseSummary *, borrowed */
} WbNoted;

void wb_noted_init(WbNoted *noted);
void wb_noted_clear(WbNoted *noted);

/** wb_noted_add: a case; takes ownership of `name`. */
void wb_noted_add(WbNoted *noted, char *name, const WbCaseSummary *of);

/** Which doubts concern a table of counts, rates, min - max, latencies: sets of WbWarning. */
uint32_t wb_notes_mask_counts(void);
uint32_t wb_notes_mask_rate(void);
uint32_t wb_notes_mask_range(void);
uint32_t wb_notes_mask_latency(void);

/**
 * wb_notes_add_list: "SENTENCE: a, b, c and 4 more"; nothing for no names.
 *
 * @param notes  of char *
 * @param names  of char *; as many as `all`: the sentence stands alone
 */
void wb_notes_add_list(GPtrArray *notes, const char *sentence, const GPtrArray *names, size_t all);

/** wb_notes_add_warnings: one note for each warning of `mask` that a case has. */
void wb_notes_add_warnings(GPtrArray *notes, const WbNoted *noted, uint32_t mask);

/** wb_notes_add_findings: one note for each finding that a run of a case has, and that says
 * something of what is shown: `mask`, of the figures. NULL: none. */
void wb_notes_add_findings(GPtrArray *notes, const WbNoted *noted, const WbCaseFindings *findings,
                           uint32_t mask);

/** wb_notes_add_unequal: the note on best-of-N where cases rest on unequal numbers of runs. */
void wb_notes_add_unequal(GPtrArray *notes, const WbNoted *noted);

#endif
