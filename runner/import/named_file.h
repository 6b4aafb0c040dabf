/*
 * A file on its way into the database, and what is known of it before it is opened: by the manifest
 * (manifest.h), by its path (path_template.h), by the options.
 */
#ifndef WB_RUNNER_IMPORT_NAMED_FILE_H
#define WB_RUNNER_IMPORT_NAMED_FILE_H

#include <glib.h>
#include <stdbool.h>

#include "runner/import/manifest.h"
#include "runner/import/path_template.h"

typedef struct {
    char *path;
    WbLabels *labels;
    WbRun fields;             /* that path and manifest give */
    const char *started_from; /* where `fields` has its start time from, as in WbRun; NULL: none */
    GStringChunk *text;
} WbNamedFile;

/** wb_named_file_unpacked: the path without what says that it is packed, as in a.log.gz (caller
 * frees); NULL: nothing does. */
char *wb_named_file_unpacked(const char *path);

/** wb_named_file_new: of that path, with the labels that all files have. */
WbNamedFile *wb_named_file_new(const char *path, const WbLabels *labels);
void wb_named_file_free(WbNamedFile *file);

/**
 * wb_named_file_describe: sets labels and fields by path and manifest; the manifest wins. A file
 * whose name says that it is packed is also known by the name without that.
 *
 * @param labels_from, manifest  may be NULL
 * @param out_why  on false: why the file cannot be imported (caller frees)
 * @return         false: neither knows the file although there is one, or a value is wrong
 */
bool wb_named_file_describe(WbNamedFile *file, const WbPathTemplate *labels_from,
                            const WbManifest *manifest, char **out_why);

#endif
