/*
 * Checks: what on this host or in a run's own evidence spoils a measurement, as sentences that
 * say what to do. Before a run: `doctor`. After one: its warnings.
 */
#ifndef WB_RUNNER_CHECKS_H
#define WB_RUNNER_CHECKS_H

#include <glib.h>
#include <stdint.h>

#include "runner/engine/engine.h"
#include "runner/kernel_counters.h"
#include "schema/records.h"

/**
 * wb_checks_warnings: sentences about one run, from its evidence and the counters around it.
 *
 * @return NULL-terminated, possibly empty; caller frees with g_strfreev
 */
char **wb_checks_warnings(const WbRun *run, const WbLoadResult *result,
                          const WbHostCounters *before, const WbHostCounters *after);

#endif
