/*
 * The importer: one text after another into a store. Texts are read, parsed and packed on all
 * cores (read_ahead.h) and stored by the calling thread, in their order, in batches of whole files:
 * the database is the same as if one thread had done it all.
 *
 * What the text itself says wins over the manifest, that over the path (--labels-from), the path
 * over --label and --set.
 */
#ifndef WB_RUNNER_IMPORT_IMPORTER_H
#define WB_RUNNER_IMPORT_IMPORTER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/import/manifest.h"
#include "runner/import/parser.h"
#include "runner/import/path_template.h"
#include "schema/store.h"

/* What is worth a sentence to the user. */
typedef enum {
    WB_IMPORT_NOTE_FAILED,     /* a file that could not be imported; makes exit status 2 */
    WB_IMPORT_NOTE_UNLABELLED, /* neither --labels-from nor the manifest knows it; not imported */
    WB_IMPORT_NOTE_UNUSED,     /* a path of the manifest that no file was found for */
    WB_IMPORT_NOTE_MISMATCH,   /* a run whose printed figures contradict each other */
    WB_IMPORT_NOTE_UNREAD,     /* a line that was not understood */
    WB_IMPORT_NOTE_NO_RUN,     /* a file in which nothing was found */
    WB_IMPORT_NOTE_KNOWN,      /* a file whose content is in the database already */
    WB_IMPORT_NOTE_SKIPPED,    /* no file to be read */
    WB_IMPORT_NOTES,
} WbImportNote;

#define WB_IMPORT_NOTES_SHOWN 20 /* of each kind that have a sentence; the others are counted */

/* What all files of one call share. Borrowed for the importer's life. */
typedef struct {
    /* Opens the store (borrowed) when the first text is there to be stored, so that a misspelt
     * name makes no database. NULL: nothing is stored (--dry-run). */
    WbStore *(*open_store)(void *user_data, GError **error);
    const WbParser *parser; /* for all files; NULL: by content */
    const WbLabels *labels;
    const WbPathTemplate *labels_from; /* NULL: none */
    const WbManifest *manifest;        /* NULL: none */
    const WbRun *settings;             /* fields for runs that lack them; NULL: none */
    const char *split;                 /* for published figures that lack it; or NULL */
    const char *because;
    const char *campaign; /* its name; or NULL */
    const char *command;  /* how wrkbook was called */
    /* A sentence for the user, cleaned of control characters, without a line end; NULL: one more
     * of the kind. */
    void (*note)(void *user_data, WbImportNote kind, const char *sentence);
    /* For --dry-run: what would be stored. May be NULL. */
    void (*would_store)(void *user_data, const char *path, const WbRun *run,
                        const WbPublished *published, const WbLabels *labels);
    /* Called now and then while it works. May be NULL. */
    void (*progress)(void *user_data);
    void *user_data;
} WbImportOptions;

/* Where the start time of a run is from. */
typedef enum {
    WB_IMPORT_START_LOG,
    WB_IMPORT_START_MANIFEST,
    WB_IMPORT_START_PATH,
    WB_IMPORT_START_OPTION,
    WB_IMPORT_START_FILE,
    WB_IMPORT_START_NONE, /* not known */
    WB_IMPORT_STARTS,
} WbImportStart;

typedef struct {
    int64_t files; /* read; those skipped or failed are not in it */
    int64_t runs;
    int64_t published;
    int64_t bytes;                    /* of text */
    int64_t starts[WB_IMPORT_STARTS]; /* of runs; their sum is `runs` */
} WbImportCounts;

typedef struct WbImporter WbImporter;

WbImporter *wb_importer_new(const WbImportOptions *options);

/** wb_importer_free: takes back what was not committed. */
void wb_importer_free(WbImporter *importer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbImporter, wb_importer_free)

/**
 * wb_importer_add: has one text imported, whole or not at all, now or with a later call.
 *
 * @param path  a file, or WB_SOURCE_STDIN
 * Errors: only those of the store, after which nothing more can be stored; what is wrong with a
 *         text is a note.
 */
bool wb_importer_add(WbImporter *importer, const char *path, GError **error);

/** wb_importer_finish: imports what is left and commits it. After a signal (interrupt.h) what was
 * not stored yet is left out. A call that added nothing leaves no trace. */
bool wb_importer_finish(WbImporter *importer, GError **error);

const WbImportCounts *wb_importer_counts(const WbImporter *importer);

#endif
