/*
 * The table of `import --dry-run`: a line for each run or figure that would be stored, in columns
 * for people, on standard output.
 */
#ifndef WB_RUNNER_IMPORT_DRY_RUN_H
#define WB_RUNNER_IMPORT_DRY_RUN_H

#include <glib.h>

#include "schema/records.h"

typedef struct WbDryRun WbDryRun;

WbDryRun *wb_dry_run_new(void);

/** wb_dry_run_free: prints what is not printed yet; takes NULL. */
void wb_dry_run_free(WbDryRun *dry_run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbDryRun, wb_dry_run_free)

/** wb_dry_run_add: a run, or a published figure if `run` is NULL.
 * @param path  fit for a terminal */
void wb_dry_run_add(WbDryRun *dry_run, const char *path, const WbRun *run,
                    const WbPublished *published, const WbLabels *labels);

#endif
