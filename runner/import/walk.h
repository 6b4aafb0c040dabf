/*
 * Finding and reading the files of an import: what the user names, and what is below the folders
 * among it.
 */
#ifndef WB_RUNNER_IMPORT_WALK_H
#define WB_RUNNER_IMPORT_WALK_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a file is not read. */
typedef enum {
    WB_WALK_OK,
    WB_WALK_PASSED_OVER, /* nothing to be read there: a device, a link to a folder, no text */
    WB_WALK_FAILED,      /* should have been read: missing, no right to it, too large */
} WbWalkState;

/* A file that was found. `bytes` is valid until the function returns. */
typedef struct {
    const char *path;
    WbWalkState state;
    const char *why; /* not WB_WALK_OK: the sentence for the user */
    const char *bytes;
    size_t len;
    int64_t modified_us; /* of the file, since 1970 */
} WbWalkFile;

/** A function for each file found; returns false to stop the walk. */
typedef bool (*WbWalkFn)(void *user_data, const WbWalkFile *file);

#define WB_WALK_BYTES_MAX ((int64_t)1 << 30) /* of a file */

/**
 * wb_walk: calls `each` for one file, or for all files below a folder.
 *
 * Order: by name, numbers by their value (run2 before run10), files before the folders below.
 * Names that begin with a dot are passed over without a word. Below a folder links to files are
 * followed, links to folders are not, so a walk always ends.
 *
 * @return  false if `each` stopped it
 */
bool wb_walk(const char *path, WbWalkFn each, void *user_data);

#endif
