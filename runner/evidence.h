/*
 * Evidence: what the host and the server did while a run was on, sampled each second by a thread of
 * its own that starts nothing and allocates nothing after its start.
 */
#ifndef WB_RUNNER_EVIDENCE_H
#define WB_RUNNER_EVIDENCE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/server.h"
#include "schema/records.h"

typedef struct WbEvidence WbEvidence;

/** wb_evidence_begin: begins to sample. @param server may be NULL (not ours: only the host). */
WbEvidence *wb_evidence_begin(const WbServer *server, int64_t duration_ns);

/** wb_evidence_end: stops sampling; what was found stays in the object. */
void wb_evidence_end(WbEvidence *evidence);
void wb_evidence_free(WbEvidence *evidence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbEvidence, wb_evidence_free)

/** wb_evidence_samples: of WbResourceRecord, one a second (borrowed). */
const GArray *wb_evidence_samples(const WbEvidence *evidence);

/** wb_evidence_counters: differences of the kernel's TCP counters and others between begin and
 * end: of WbCounterRecord (borrowed). Names: "ListenOverflows", "ListenDrops", "OutRsts",
 * "AttemptFails", "TCPSynRetrans", "ActiveOpens", "PassiveOpens", "EstabResets", ... */
const GArray *wb_evidence_counters(const WbEvidence *evidence);

#endif
