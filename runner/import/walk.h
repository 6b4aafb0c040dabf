/*
 * Finding the files of an import: what the user names, and what is below the folders among it.
 * Nothing is opened (see source.h).
 */
#ifndef WB_RUNNER_IMPORT_WALK_H
#define WB_RUNNER_IMPORT_WALK_H

#include <glib.h>
#include <stdbool.h>

/* Whether a file is to be read. */
typedef enum {
    WB_WALK_OK,
    WB_WALK_PASSED_OVER, /* nothing to be read there: a device, a link to a folder */
    WB_WALK_FAILED,      /* should have been read: missing, no right to it */
} WbWalkState;

/* A file that was found. */
typedef struct {
    const char *path;
    WbWalkState state;
    const char *why; /* not WB_WALK_OK: the sentence for the user */
} WbWalkFile;

/** A function for each file found; returns false to stop the walk. */
typedef bool (*WbWalkFn)(void *user_data, const WbWalkFile *file);

#define WB_WALK_STDIN "-" /* is given as it is: standard input */

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
