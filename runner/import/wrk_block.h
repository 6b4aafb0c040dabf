/*
 * One block of wrk's output on its way to a run: collects the figures of its lines, then judges
 * them and makes the record.
 *
 * What is stored, and why so:
 * - elapsed_ns: requests / (Requests/sec) where that agrees with the printed time, because it is
 *   some hundred times finer (10.02031 s +- 0.00004 s beside a printed "10.02s"); else the printed
 *   time. Each with its half width.
 * - asked_duration_ns: the header's; the command line's where the header is rounded ("2m") and the
 *   command's duration lies within that rounding.
 * - errors: 0 where a whole block does not print them, missing where a block was cut before them.
 * - latency_kind: "corrected by wrk" for wrk, taking it for 4.0 or later as nearly all logs are
 *   (the text does not say); nothing for wrk 1.x, which sampled one connection a thread; "from due
 *   time" for wrk2. A row with nan is no data.
 * - status: "complete" with the totals and Requests/sec there and, as far as it is known, the
 *   asked duration run; else "partial" (a text cut short, a run stopped by Ctrl-C).
 * - tool: "wrk2" only where the text proves it; wrk 1.x is tool "wrk", tool_version "1.x".
 * - url, threads, connections: only as printed, never from the command line.
 * - histograms: wrk2's percentile spectra, "latency" of the recorded one and "service" of the
 *   uncorrected one. They begin after the calibration, so they hold fewer than the requests.
 * - printed_mismatch: the first of three tests that fails. Agreement: requests, elapsed time and
 *   bytes against the two rates, each within its rounding. Spelling: every value is one that wrk
 *   can print. Spectrum: its closing lines and its rows. Source: survey of 23,759 published blocks,
 * of which 18 fail.
 */
#ifndef WB_RUNNER_IMPORT_WRK_BLOCK_H
#define WB_RUNNER_IMPORT_WRK_BLOCK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/import/spectrum.h"
#include "runner/import/wrk_line.h"
#include "schema/records.h"

typedef struct {
    int64_t log_line;
    uint32_t seen; /* kinds of line that counted, as bits; the first of each kind counts */
    bool is_wrk1;
    bool is_wrk2;
    bool in_distribution; /* percentiles may follow */
    bool is_uncorrected;  /* ... of the distribution that is not to be read */
    const char *foreign;  /* why this is no output of wrk (static); or NULL */
    WbRun run;
    WbWrkFigure elapsed; /* as printed */
    WbWrkRate rate;
    WbWrkFigure transfer;
    GString *url;
    GString *command;
    GString *mismatch;
    GString *started;
    WbSpectrum *spectra[2]; /* as recorded, uncorrected; NULL until one was met */
    bool has_spectrum[2];
    WbHistRecord hists[2];
    WbRunDetails details;
} WbWrkBlock;

void wb_wrk_block_init(WbWrkBlock *block);
void wb_wrk_block_clear(WbWrkBlock *block);

/** wb_wrk_block_open: begins a new block at a line of the text (numbered from 1). */
void wb_wrk_block_open(WbWrkBlock *block, int64_t log_line);

/** wb_wrk_block_add: takes the line's figures if it is the first of its kind.
 * @return  whether the line belongs to a block at this place */
bool wb_wrk_block_add(WbWrkBlock *block, const WbWrkLine *line);

/** wb_wrk_block_add_spectrum: takes a row of wrk2's percentile spectrum or one of its closing
 * lines.
 * @return  whether it is one */
bool wb_wrk_block_add_spectrum(WbWrkBlock *block, const char *line, const char *line_end);

/** wb_wrk_block_set_started: when the run began (copied). */
void wb_wrk_block_set_started(WbWrkBlock *block, const char *started);

/** wb_wrk_block_has: whether a line of this kind has counted. */
bool wb_wrk_block_has(const WbWrkBlock *block, WbWrkLineKind kind);

/**
 * wb_wrk_block_finish: makes the run.
 *
 * @param command        the command line found above, NUL-terminated; NULL: none
 * @param is_own         no other run has used that command line yet: it need not name this URL
 * @param out_refused    why there is no run here (static)
 * @return               the run, valid until the block is opened again, or NULL
 */
const WbRun *wb_wrk_block_finish(WbWrkBlock *block, const char *command, bool is_own,
                                 const char **out_refused);

#endif
