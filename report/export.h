/*
 * Export: runs and cases in the formats of other programs. A format is one file (export_NAME.c) and
 * one line in export.c. Labels are foreign text: each format cleans and escapes them by its own
 * rules.
 *
 * A format of runs reads them one by one and writes as it goes: a million of them need no more
 * memory than a hundred. A format of cases needs the summary, which holds all runs.
 */
#ifndef WB_REPORT_EXPORT_H
#define WB_REPORT_EXPORT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/query.h"
#include "report/choice.h"
#include "report/output.h"

/* What is exported. All borrowed. */
typedef struct {
    const WbQuery *query;  /* loaded for a format of cases, else only opened */
    const GPtrArray *keys; /* of const char *: labels in which cases differ, server and framework
                              first */
    const GPtrArray *all_keys;  /* of const char *: every label, in order of first appearance */
    const GHashTable *left_out; /* set of int64_t: numbers of cases that --where split=... leaves
                                   out; NULL: none, or a format of cases */
} WbExport;

/* Writes into `out`, which the caller opens and closes. */
typedef bool (*WbExportFn)(const WbExport *export, WbOutput *out, GError **error);

typedef struct {
    WbChoice choice; /* for --format */
    bool of_runs;
    WbExportFn render;
} WbExportFormat;

/** wb_export_formats: all of them, of WbExportFormat. */
WbChoices wb_export_formats(void);

#define WB_EXPORT_ERROR (wb_export_error_quark())
GQuark wb_export_error_quark(void);
typedef enum {
    WB_EXPORT_ERROR_CASES,  /* a format of one distribution, and several cases or none */
    WB_EXPORT_ERROR_NATIVE, /* a format of native runs, and there is none */
} WbExportError;

/* ---- cases ---------------------------------------------------------------------------------- */

/** wb_export_next_case: the next case from place *at on that fits --where and has runs, or NULL. */
const WbCaseSummary *wb_export_next_case(const WbExport *export, size_t *at);

/** wb_export_next_complete: the same, only those with complete runs. */
const WbCaseSummary *wb_export_next_complete(const WbExport *export, size_t *at);

/* ---- runs ----------------------------------------------------------------------------------- */

/** wb_export_read_runs: a reader of the runs that fit --where; parts as for wb_run_reader_new. */
WbRunReader *wb_export_read_runs(const WbExport *export, unsigned parts, GError **error);

/** wb_export_next_run: as wb_run_reader_next, without the cases that are left out. */
bool wb_export_next_run(const WbExport *export, WbRunReader *reader, const WbRun **out_run,
                        GError **error);

/** wb_export_load_hist: the latencies of a run into `hist`, whatever was in it; *out_has: whether
 * the run has any. */
bool wb_export_load_hist(const WbExport *export, const WbRun *run, WbHist *hist, bool *out_has,
                         GError **error);

/** wb_export_is_complete: whether all of the run was made. */
bool wb_export_is_complete(const WbRun *run);

/* ---- formats -------------------------------------------------------------------------------- */

bool wb_export_gobench(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_hyperfine(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_bencher(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_action_bigger(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_action_smaller(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_openmetrics(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_influx(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_hgrm(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_hlog(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_junit(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_runs(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_slices(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_samples(const WbExport *export, WbOutput *out, GError **error);
bool wb_export_wrk(const WbExport *export, WbOutput *out, GError **error);

#endif
