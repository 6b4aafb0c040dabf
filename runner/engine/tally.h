/*
 * What one thread counts while a run is on.
 *
 * Only its own thread writes a tally; the caller reads it after the join. The exceptions are the
 * `seen` counters and the latency buckets, which the caller reads (relaxed) for the progress line
 * while they change: they are written with relaxed atomic stores, which cost what plain ones do.
 *
 * Requests, bytes and errors are counted in the slice that is open; totals are their sums, so that
 * the sum of the slices is the total by construction. The histogram counts on its own, and is held
 * against them by the tests.
 *
 * A request belongs to the run if it was sent at or after `from_ns` (t0 once a warm-up is over).
 */
#ifndef WB_RUNNER_ENGINE_TALLY_H
#define WB_RUNNER_ENGINE_TALLY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/engine/engine.h"

/* Published at slice ends for the progress line. */
typedef struct {
    _Atomic int64_t requests;
    _Atomic int64_t bytes;
    _Atomic int64_t errors;
    _Atomic int64_t slice_requests;
} WbSeen;

typedef struct {
    _Alignas(64) WbSlice *slice; /* the open one, of `slices` */
    int64_t from_ns;             /* see above */
    int64_t slice_end_ns;
    int64_t slice_ns;
    int64_t sent;
    int64_t failed;
    int64_t status_class[6];
    bool keeps_service; /* open rate: service and send_lag are kept */
    bool head_taken;    /* `head` holds a sample */
    bool failure_taken; /* `failed_bytes` and `failed_fault` do */

    WbSlice *slices; /* [slices_n] */
    size_t slices_n;
    int64_t before_requests; /* in slices that are over */
    int64_t before_bytes;
    int64_t before_errors;
    WbSeen seen;

    /* Of the connections, from the first connect on (a warm-up's end does not reset them). */
    int64_t opened;
    int64_t reconnects;
    int64_t closed_announced;

    size_t faults_n;
    WbFault faults[WB_FAULTS_MAX]; /* times absolute until merged */
    WbFault failed_fault;
    int64_t head_at_ns;
    WbSample head;
    WbSample failed_bytes;

    WbHist latency;
    WbHist service;
    WbHist send_lag;
    WbHist unfinished;
    WbHist connect;
    WbHist handshake;
} WbTally;

/**
 * wb_tally_begin: start counting at `from_ns`.
 * @param reset  after a warm-up: forget what was counted, but not what is of connections. Without
 *               a warm-up only errors can have been counted by then, and they stay.
 */
void wb_tally_begin(WbTally *t, int64_t from_ns, bool reset);

/** wb_tally_advance: close the slices that ended by `now` and publish what is known. */
void wb_tally_advance(WbTally *t, int64_t now);

/** wb_hist_merge: add `from` to `to`. */
void wb_hist_merge(WbHist *to, const WbHist *from);

/**
 * wb_tally_response: a whole response of a request that belongs to the run. Hot.
 * @param since_ns  from when its latency counts (the send, or in open rate the due time)
 * @param sent_ns   the send
 * @param status    3 digits
 */
void wb_tally_response(WbTally *t, int64_t since_ns, int64_t sent_ns, int64_t now, int status);

/**
 * wb_tally_fault: a socket failed or timed out.
 * @return true if this is the first failure: the caller then fills `failed_bytes`
 */
bool wb_tally_fault(WbTally *t, WbErrorClass class, WbPhase phase, int code, int64_t now);

/** wb_fault_add: add a kind of failure to a list of at most WB_FAULTS_MAX; a late one is lumped. */
void wb_fault_add(WbFault *faults, size_t *faults_n, const WbFault *fault);

/** wb_sample_add: append to a sample as far as it has room. */
void wb_sample_add(WbSample *sample, const char *bytes, size_t len);

#endif
