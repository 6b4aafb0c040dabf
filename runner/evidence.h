/*
 * Evidence: what the host and the server did while a run was on, sampled each second by a thread of
 * its own that starts nothing and keeps all it finds in memory that was set aside before.
 *
 * The client is this process and a load tool that the calling thread starts (wrk); the server is
 * its whole session; foreign is all other processes of the host.
 */
#ifndef WB_RUNNER_EVIDENCE_H
#define WB_RUNNER_EVIDENCE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/server.h"
#include "schema/records.h"

typedef struct WbEvidence WbEvidence;

/**
 * wb_evidence_begin: begins to sample, at once and then each second.
 *
 * @param server       borrowed until wb_evidence_end; NULL, or one that was not started by us: only
 *                     the host and the client are looked at, and who is foreign is not known
 * @param duration_ns  about how long it will take: room for samples is made for that
 */
WbEvidence *wb_evidence_begin(const WbServer *server, int64_t duration_ns);

/** wb_evidence_end: looks a last time; what was found stays in the object. To be called by the
 * thread that began, since counters are those of its network namespace. Again: does nothing. */
void wb_evidence_end(WbEvidence *evidence);
void wb_evidence_free(WbEvidence *evidence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbEvidence, wb_evidence_free)

/** wb_evidence_samples: of WbResourceRecord, one a second (borrowed). */
const GArray *wb_evidence_samples(const WbEvidence *evidence);

/** wb_evidence_counters: differences of the kernel's TCP counters and others between begin and
 * end: of WbCounterRecord (borrowed). Names: "ListenOverflows", "ListenDrops", "OutRsts",
 * "AttemptFails", "TCPSynRetrans", "ActiveOpens", "PassiveOpens", "EstabResets", ...
 * Those that did not move are there with 0. */
const GArray *wb_evidence_counters(const WbEvidence *evidence);

/** wb_evidence_fill: sets the run's server_cpu_ns, server_memory_bytes, server_processes,
 * foreign_cpu_share and steal_share, each where it is known. After wb_evidence_end. */
void wb_evidence_fill(const WbEvidence *evidence, WbRun *run);

#endif
