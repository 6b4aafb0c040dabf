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
 * wb_probe_run: sends one request, and the same again on the same connection.
 *
 * @param target    where (https is probed with verification off)
 * @param headers   extra header lines, NULL-terminated, may be NULL
 * @param limit_ns  for each step; after the second reply the connection is watched for
 *                  min(limit, 50 ms) for a close
 * @param out       filled (see WbProbeRecord in schema/records.h); a failure to connect or answer
 * is in it too, as words in `failure`
 */
void wb_probe_run(const WbTarget *target, char *const *headers, int64_t limit_ns,
                  WbProbeRecord *out);

#endif
