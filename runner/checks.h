/*
 * Checks: what on this host or in a run's own evidence spoils a measurement, as sentences that
 * say what to do. Before a run: `doctor`. After one: its warnings.
 */
#ifndef WB_RUNNER_CHECKS_H
#define WB_RUNNER_CHECKS_H

#include <glib.h>
#include <stdint.h>

#include "runner/engine/engine.h"
#include "schema/records.h"

/* Counters of the kernel at one moment; WB_NONE where one cannot be read. */
typedef struct {
    int64_t listen_overflows; /* connections this host's listen queues turned away */
    int64_t steal_ticks;      /* CPU time that the hypervisor gave to others */
    int64_t busy_ticks;       /* total less idle and waiting for disks */
    int64_t total_ticks;
    int64_t time_wait; /* sockets in TIME_WAIT now */
} WbHostCounters;

/** wb_checks_counters: reads them from /proc. */
WbHostCounters wb_checks_counters(void);

/** wb_checks_ports: number of ephemeral ports of this host; WB_NONE if unknown. */
int64_t wb_checks_ports(void);

/**
 * wb_checks_warnings: sentences about one run, from its evidence and the counters around it.
 *
 * @return NULL-terminated, possibly empty; caller frees with g_strfreev
 */
char **wb_checks_warnings(const WbRun *run, const WbLoadResult *result,
                          const WbHostCounters *before, const WbHostCounters *after);

#endif
