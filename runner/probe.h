/*
 * Probe: two requests on one connection, before and after each load. In two milliseconds it tells
 * what wrk's error counters cannot: does the server keep the connection that it did not announce to
 * close, how does it frame its replies, are they the right ones.
 */
#ifndef WB_RUNNER_PROBE_H
#define WB_RUNNER_PROBE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/target.h"
#include "schema/records.h"

/**
 * wb_probe_run: sends one request, and the same again on the same connection, unless the first
 * reply announced that it closes.
 *
 * close_ns is the time from the end of the last whole reply to the peer's close. A silent close
 * (announced_close 0, reused 0, close_ns set) is no failure: the reply was good. Of a body beyond
 * 1 MiB the hash covers the first MiB. It speaks of the network of the calling thread: the probe of
 * an isolated server belongs into wb_server_run_load.
 *
 * @param target    where (https is probed with verification off)
 * @param headers   extra header lines, NULL-terminated, may be NULL
 * @param limit_ns  for each step; after the last reply the connection is watched for
 *                  min(limit, 50 ms) for a close
 * @param out       filled (see WbProbeRecord in schema/records.h), but for `moment`, which stays; a
 *                  failure to connect or answer is in it too, as words in `failure`
 */
void wb_probe_run(const WbTarget *target, char *const *headers, int64_t limit_ns,
                  WbProbeRecord *out);

#endif
