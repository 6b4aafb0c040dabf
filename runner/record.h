/*
 * Record: what the engine measured, made into one stored run.
 */
#ifndef WB_RUNNER_RECORD_H
#define WB_RUNNER_RECORD_H

#include <glib.h>
#include <stdbool.h>

#include "runner/engine/engine.h"
#include "schema/store.h"

/** wb_record_fault_text: what happened, in words: errno's text or what the peer did (static or
 * g_strerror's). */
const char *wb_record_fault_text(int code);

/** wb_record_phase_name: "connect" "handshake" "send" "wait" "head" "body" "idle" (static). */
const char *wb_record_phase_name(WbPhase phase);

/**
 * wb_record_fill: the facts of a native run.
 *
 * @param run     initialised and filled; its texts are static or those given
 * @param url     as the user typed it (borrowed)
 * @param out_started_at  text that run->started_at points to (caller frees after storing)
 */
void wb_record_fill(WbRun *run, const WbLoad *load, const WbLoadResult *result, const char *url,
                    char **out_started_at);

/** wb_record_slices: the result's slices as they are stored (caller frees). */
WbSliceRecord *wb_record_slices(const WbLoadResult *result);

/**
 * wb_record_save: stores the run with its slices, histograms, faults, threads and samples in one
 * transaction.
 *
 * @param result    NULL: a run that another tool made
 * @param evidence  what a suite saw beside it: resources, counters, probes, processes; may be NULL
 */
bool wb_record_save(WbStore *store, WbRun *run, const WbLabels *labels, const WbLoadResult *result,
                    const WbRunDetails *evidence, GError **error);

#endif
