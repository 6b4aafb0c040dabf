/*
 * What an import tells the user: single sentences are gathered by kind while it works and printed
 * at its end, the first of each kind one by one, so that several thousand files do not scroll away
 * what must be known. All goes to standard error.
 */
#ifndef WB_RUNNER_IMPORT_TOLD_H
#define WB_RUNNER_IMPORT_TOLD_H

#include "runner/import/importer.h"

typedef struct WbTold WbTold;

WbTold *wb_told_new(void);
void wb_told_free(WbTold *told);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbTold, wb_told_free)

/** wb_told_add: one more of the kind; `sentence` (copied) may be NULL. */
void wb_told_add(WbTold *told, WbImportNote kind, const char *sentence);

int64_t wb_told_count(const WbTold *told, WbImportNote kind);

/** wb_told_progress: shows how far it is, on a terminal, a few times a second at most. */
void wb_told_progress(WbTold *told, const WbImportCounts *counts);

/**
 * wb_told_print: the last words: what was read, where start times are from, the notes.
 *
 * @param counts  NULL: nothing was read
 * @param db      where it was stored; NULL: nothing was
 * @param is_dry  nothing was to be stored
 */
void wb_told_print(WbTold *told, const WbImportCounts *counts, const char *db, bool is_dry);

#endif
