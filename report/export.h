/*
 * Export: runs and cases in the formats of other programs. A format is one file (export_NAME.c) and
 * one line in export.c. Labels are foreign text: each format cleans and escapes them by its own
 * rules.
 */
#ifndef WB_REPORT_EXPORT_H
#define WB_REPORT_EXPORT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/query.h"
#include "report/choice.h"

/* What is exported. All borrowed. */
typedef struct {
    const WbQuery *query;
    const GPtrArray *keys; /* of const char *: labels in which cases differ, server and framework
                              first */
} WbExport;

typedef struct {
    WbChoice choice; /* for --format */
    bool (*render)(const WbExport *export, GString *out, GError **error);
} WbExportFormat;

/** wb_export_formats: all of them, of WbExportFormat. */
WbChoices wb_export_formats(void);

#define WB_EXPORT_ERROR (wb_export_error_quark())
GQuark wb_export_error_quark(void);
typedef enum {
    WB_EXPORT_ERROR_CASES, /* a format of one distribution, and several cases or none */
} WbExportError;

/** wb_export_is_shown: a case with complete runs. */
bool wb_export_is_shown(const WbCaseSummary *of);

bool wb_export_gobench(const WbExport *export, GString *out, GError **error);
bool wb_export_hyperfine(const WbExport *export, GString *out, GError **error);
bool wb_export_bencher(const WbExport *export, GString *out, GError **error);
bool wb_export_action_bigger(const WbExport *export, GString *out, GError **error);
bool wb_export_action_smaller(const WbExport *export, GString *out, GError **error);
bool wb_export_openmetrics(const WbExport *export, GString *out, GError **error);
bool wb_export_influx(const WbExport *export, GString *out, GError **error);
bool wb_export_hgrm(const WbExport *export, GString *out, GError **error);
bool wb_export_hlog(const WbExport *export, GString *out, GError **error);
bool wb_export_junit(const WbExport *export, GString *out, GError **error);
bool wb_export_runs(const WbExport *export, GString *out, GError **error);
bool wb_export_slices(const WbExport *export, GString *out, GError **error);

#endif
