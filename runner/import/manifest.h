/*
 * The manifest (--manifest): what the user knows of files and neither they nor their paths say.
 *
 * JSON, an object of paths, or CSV with a column `path`:
 *
 *     {"hello/a.log": {"server": "gunicorn", "started_at": "2018-06-05T12:00:00Z"},
 *      "data": {"benchmark": "data", "timeout_ns": "10s"}}
 *
 * A name that is a field of run_facts (started_at, timeout_ns, run_no, ...) sets that field, any
 * other is a label, as in --labels-from; a blank cell of CSV says nothing. A path is taken from the
 * manifest's own folder on. One of a folder speaks of all files below it; what is said of a file or
 * a nearer folder wins.
 */
#ifndef WB_RUNNER_IMPORT_MANIFEST_H
#define WB_RUNNER_IMPORT_MANIFEST_H

#include <glib.h>
#include <stdbool.h>

#include "schema/records.h"

typedef struct WbManifest WbManifest;

#define WB_MANIFEST_ERROR (wb_manifest_error_quark())
GQuark wb_manifest_error_quark(void);
typedef enum {
    WB_MANIFEST_ERROR_FILE, /* it cannot be read */
    WB_MANIFEST_ERROR_TEXT, /* what it says; the message begins with FILE:LINE: */
} WbManifestError;

WbManifest *wb_manifest_load(const char *path, GError **error);

/** wb_manifest_parse: of a text at hand, as the file `path`.
 * @param text  ends with a zero byte behind its `len` bytes */
WbManifest *wb_manifest_parse(const char *path, const char *text, size_t len, GError **error);

void wb_manifest_free(WbManifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbManifest, wb_manifest_free)

/** wb_manifest_is_file: whether `path` is the manifest itself. */
bool wb_manifest_is_file(const WbManifest *manifest, const char *path);

/**
 * wb_manifest_apply: sets the labels and fields that the manifest gives a file. On any thread.
 *
 * @param path    as named by the user or found in a folder
 * @param labels  gets the labels
 * @param run     gets the fields; a text field points into the manifest
 * @return        whether the manifest names the file or a folder that it lies in
 */
bool wb_manifest_apply(const WbManifest *manifest, const char *path, WbLabels *labels, WbRun *run);

/** wb_manifest_unused: the paths that no file was found for, as written, in their order (of const
 * char *, borrowed; caller frees the array). */
GPtrArray *wb_manifest_unused(const WbManifest *manifest);

#endif
