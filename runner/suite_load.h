/*
 * Suite load: loads a ready server once, with all that is looked at beside it: two probes, the
 * server's processes, the evidence of the host. By our own engine or by the installed wrk.
 */
#ifndef WB_RUNNER_SUITE_LOAD_H
#define WB_RUNNER_SUITE_LOAD_H

#include <glib.h>
#include <stdbool.h>

#include "runner/engine/engine.h"
#include "runner/evidence.h"
#include "runner/server.h"
#include "runner/suite.h"
#include "schema/store.h"

#define WB_SUITE_LOAD_ERROR (wb_suite_load_error_quark())
GQuark wb_suite_load_error_quark(void);
typedef enum {
    WB_SUITE_LOAD_ERROR_ENGINE, /* the load cannot begin: no socket, no thread, no wrk */
} WbSuiteLoadError;

/* One load, and all that its record needs. */
typedef struct {
    WbRun run;
    WbLoadResult *result; /* NULL: made by wrk */
    WbEvidence *evidence;
    WbProbeRecord probes[2]; /* before, after */
    GArray *processes;       /* of WbProcessRecord, both moments */
    GPtrArray *texts;        /* of char *: what run's texts point to */
    char *log;               /* wrk's own text, to be kept; NULL: none */
} WbSuiteLoaded;

/**
 * wb_suite_load_once: one run of a cell, with its warm-up.
 *
 * Ended early by a signal: status "partial". If the server dies the load stops at once.
 *
 * @return caller frees with wb_suite_loaded_free; NULL: it could not begin, or its URL is bad
 */
WbSuiteLoaded *wb_suite_load_once(const WbSuiteCell *cell, WbServer *server, GError **error);
void wb_suite_loaded_free(WbSuiteLoaded *loaded);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbSuiteLoaded, wb_suite_loaded_free)

/** wb_suite_loaded_save: stores the run with everything, in one transaction. */
bool wb_suite_loaded_save(WbSuiteLoaded *loaded, WbStore *store, const WbLabels *labels,
                          GError **error);

#endif
