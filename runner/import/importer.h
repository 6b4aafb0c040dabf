/*
 * The importer: one text after another into a store. It chooses the parser, adds labels and
 * settings, keeps each text, and writes in batches of whole files.
 *
 * What the text itself says wins over the path (--labels-from), the path over --label and --set.
 */
#ifndef WB_RUNNER_IMPORT_IMPORTER_H
#define WB_RUNNER_IMPORT_IMPORTER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/import/parser.h"
#include "runner/import/path_template.h"
#include "schema/store.h"

/* What is worth a sentence to the user. */
typedef enum {
    WB_IMPORT_NOTE_FAILED,     /* a file that could not be imported; makes exit status 2 */
    WB_IMPORT_NOTE_UNLABELLED, /* its path does not end as --labels-from says; not imported */
    WB_IMPORT_NOTE_MISMATCH,   /* a run whose printed figures contradict each other */
    WB_IMPORT_NOTE_UNREAD,     /* a line that was not understood */
    WB_IMPORT_NOTE_NO_RUN,     /* a file in which nothing was found */
    WB_IMPORT_NOTE_KNOWN,      /* a file whose content is in the database already */
    WB_IMPORT_NOTE_SKIPPED,    /* no file to be read */
    WB_IMPORT_NOTES,
} WbImportNote;

/* What all files of one call share. Borrowed for the importer's life. */
typedef struct {
    WbStore *store;         /* NULL: nothing is stored (--dry-run) */
    const WbParser *parser; /* for all files; NULL: by content */
    const WbLabels *labels;
    const WbPathTemplate *labels_from; /* NULL: none */
    const WbRun *settings;             /* fields for runs that lack them */
    const char *split;                 /* for published figures that lack it; or NULL */
    const char *because;
    const char *campaign; /* its name; or NULL */
    const char *command;  /* how wrkbook was called */
    /* A sentence for the user, cleaned of control characters, without a line end. */
    void (*note)(void *user_data, WbImportNote kind, const char *sentence);
    /* For --dry-run: what would be stored. May be NULL. */
    void (*would_store)(void *user_data, const char *path, const WbRun *run,
                        const WbPublished *published, const WbLabels *labels);
    void *user_data;
} WbImportOptions;

typedef struct {
    int64_t files; /* read; those skipped or failed are not in it */
    int64_t runs;
    int64_t published;
} WbImportCounts;

typedef struct WbImporter WbImporter;

WbImporter *wb_importer_new(const WbImportOptions *options);

/** wb_importer_free: takes back what was not committed. */
void wb_importer_free(WbImporter *importer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbImporter, wb_importer_free)

/**
 * wb_importer_add: imports one text, whole or not at all.
 *
 * @param path         its name, for labels and messages
 * @param bytes, len   borrowed
 * @param modified_us  time of the file since 1970, in us: a log's runs get it as started_at
 * Errors: only those of the store, after which nothing more can be stored; what is wrong with a
 *         text is a note.
 */
bool wb_importer_add(WbImporter *importer, const char *path, const char *bytes, size_t len,
                     int64_t modified_us, GError **error);

/** wb_importer_finish: commits the last batch. A call that added nothing leaves no trace. */
bool wb_importer_finish(WbImporter *importer, GError **error);

const WbImportCounts *wb_importer_counts(const WbImporter *importer);

#endif
