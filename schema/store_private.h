/*
 * What the store's own files share; nobody else includes this.
 *
 * store.c opens, closes and turns SQLite's codes into errors; store_schema.c holds the embedded
 * SQL and migrates; store_write.c and store_read.c do what their names say (store_runs.c the runs
 * themselves, store_known.c the cases and campaigns that they name), store_details.c both for what
 * belongs to one run, store_evidence.c what suites add to it, store_findings.c the findings,
 * store_campaign.c the campaigns, store_logs.c the imported texts, store_use.c says whether a file
 * may be relied on, store_snapshot.c reads one that cannot be read in place; store_copy.c writes a
 * part of it as a new file; filter.c reads `--where` and makes SQL conditions of it.
 */
#ifndef WB_SCHEMA_STORE_PRIVATE_H
#define WB_SCHEMA_STORE_PRIVATE_H

#include <sqlite3.h>

#include "schema/run_uuid.h"
#include "schema/store.h"

typedef enum {
    STATEMENT_ADD_RUN,
    STATEMENT_ADD_SLICE,
    STATEMENT_ADD_HIST,
    STATEMENT_FIND_HIST,
    STATEMENT_ADD_FAULT,
    STATEMENT_ADD_THREAD,
    STATEMENT_ADD_SAMPLE,
    STATEMENT_ADD_RESOURCE,
    STATEMENT_ADD_COUNTER,
    STATEMENT_ADD_PROBE,
    STATEMENT_ADD_PROCESS,
    STATEMENT_ADD_PUBLISHED,
    STATEMENT_ADD_LOG,
    STATEMENT_ADD_LOG_PART,
    STATEMENT_FIND_LOG,
    STATEMENT_ADD_UNREAD,
    STATEMENT_NEXT_RUN_NO,
    STATEMENT_FIND_CASE,
    STATEMENT_ADD_CASE,
    STATEMENT_ADD_CASE_LABEL,
    STATEMENTS,
} Statement;

struct WbStore {
    sqlite3 *db;
    char *path;     /* as given, for messages */
    char *snapshot; /* the copy that is open instead; NULL: none */
    bool readonly;
    int64_t campaign_id;  /* of the runs being added; 0: none yet */
    int64_t transaction;  /* number of the one that is open (wb_store_begin); 0: none */
    int64_t transactions; /* that were begun */
    GHashTable *cases;    /* WbLabels -> what store_write.c knows of a case it has seen */
    WbRunUuids uuids;
    sqlite3_stmt *statements[STATEMENTS]; /* prepared at first use */
    WbLogPacker *packer;                  /* made at first use */
};

typedef sqlite3_stmt WbStatement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbStatement, sqlite3_finalize)

/** wb_store_needs_snapshot: whether reading through this connection, opened for reading and not
 * used yet, would leave files beside the database, or cannot be done without writing to it. */
bool wb_store_needs_snapshot(sqlite3 *db, const char *path);

/** wb_store_snapshot: the database with all that is committed as a plain file in a folder of its
 * own (caller frees); NULL: there is no room, or somebody wrote to it meanwhile. */
char *wb_store_snapshot(const char *path);

/** wb_store_snapshot_remove: the copy and its folder. */
void wb_store_snapshot_remove(const char *copy);

/** wb_store_set_error: SQLite's last failure on this store as a WB_STORE_ERROR. Returns false. */
bool wb_store_set_error(WbStore *store, GError **error);

/** wb_store_prepare: a new statement, or NULL with *error set. */
sqlite3_stmt *wb_store_prepare(WbStore *store, const char *sql, GError **error);

/** wb_store_statement: the prepared statement of that kind, reset and without bindings. */
sqlite3_stmt *wb_store_statement(WbStore *store, Statement kind, const char *sql, GError **error);

/** wb_store_exec: runs SQL that gives no rows. */
bool wb_store_exec(WbStore *store, const char *sql, GError **error);

/** wb_store_step_done: runs a statement that gives no rows, and resets it. */
bool wb_store_step_done(WbStore *store, sqlite3_stmt *statement, GError **error);

/** wb_store_bind_text: NULL binds NULL; the text must live until the statement was stepped. */
void wb_store_bind_text(sqlite3_stmt *statement, int i, const char *text);

/** wb_store_column_text: a text column, or NULL; equal texts are kept once in `chunk`. */
const char *wb_store_column_text(sqlite3_stmt *statement, int i, GStringChunk *chunk);

/** wb_store_insert_details: all that belongs to a run, within the caller's savepoint. */
bool wb_store_insert_details(WbStore *store, int64_t run_id, const WbRunDetails *details,
                             GError **error);

/** wb_store_read_slice: the seven counters of a slice, from column `first` on. */
WbSliceRecord wb_store_read_slice(sqlite3_stmt *statement, int first);

/** wb_store_read_resource: a second's resources, from column `first` on in the table's order. */
WbResourceRecord wb_store_read_resource(sqlite3_stmt *statement, int first);

/** wb_store_column_int, wb_store_column_real: WB_NONE and NAN for NULL. */
int64_t wb_store_column_int(sqlite3_stmt *statement, int i);
double wb_store_column_real(sqlite3_stmt *statement, int i);

/** wb_store_insert_evidence: the part of wb_store_insert_details that suites fill. */
bool wb_store_insert_evidence(WbStore *store, int64_t run_id, const WbRunDetails *details,
                              GError **error);

/** wb_store_bind_int, wb_store_bind_real: leave the parameter NULL for WB_NONE and NAN. */
void wb_store_bind_int(sqlite3_stmt *statement, int i, int64_t value);
void wb_store_bind_real(sqlite3_stmt *statement, int i, double value);

/** wb_store_find_case: number of the case with these labels; 0: there is none. */
bool wb_store_find_case(WbStore *store, const WbLabels *labels, int64_t *out_id, GError **error);

/** wb_store_read_int: the one integer that `sql` selects. */
bool wb_store_read_int(WbStore *store, const char *sql, int64_t *out, GError **error);

/** wb_store_migrate: brings a database of version `from` (0: empty) to the present one. */
bool wb_store_migrate(WbStore *store, int64_t from, GError **error);

/** wb_store_refresh_views: makes the file's views this program's, where they are not. */
bool wb_store_refresh_views(WbStore *store, GError **error);

/** wb_store_shadow_views: for a reader of a file of that version: its views, and what the file
 * lacks, as TEMP ones of this connection, where they are needed. */
bool wb_store_shadow_views(WbStore *store, int64_t version, GError **error);

/** wb_store_version: number of the last migration. */
int64_t wb_store_version(void);

/**
 * wb_filter_to_sql: the conditions of a filter on runs `r` and on published figures `p`.
 *
 * Values become parameters (`?`), in the order of wb_filter_bind; names of fields come from
 * wb_run_fields, names of labels are parameters as well.
 *
 * @param out_runs, out_published  " AND ..." text, possibly empty
 */
bool wb_filter_to_sql(WbStore *store, const WbFilter *filter, GString *out_runs,
                      GString *out_published, GError **error);

/** wb_filter_bind: binds the parameters of either text of wb_filter_to_sql. Returns the number of
 * the next free parameter. */
int wb_filter_bind(const WbFilter *filter, sqlite3_stmt *statement);

/* The cases and campaigns of a file, by their numbers. */
typedef struct WbKnown WbKnown;
/** wb_known_load: all of them; the uuids lie in `text` (borrowed), which must outlive it. */
WbKnown *wb_known_load(WbStore *store, GStringChunk *text, GError **error);
void wb_known_free(WbKnown *known);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbKnown, wb_known_free)

/** wb_known_case: the case of that number, which counts as used from now on, or NULL. Several
 * threads may ask. Borrowed until wb_known_take_used. */
const WbCase *wb_known_case(const WbKnown *known, int64_t id);

/** wb_known_campaign: the uuid of the campaign of that number, or NULL. */
const char *wb_known_campaign(const WbKnown *known, int64_t id);

/** wb_known_list_used: adds the used cases, by number, to `out`; they stay its own. */
void wb_known_list_used(const WbKnown *known, GPtrArray *out);

/** wb_known_take_used: adds the used cases, by number, to `out`, which owns them then. */
void wb_known_take_used(WbKnown *known, GPtrArray *out);

void wb_case_free(WbCase *of_case);

/**
 * wb_store_read_runs: the runs that fit, in the order of their numbers, into set->runs; their texts
 * into set->text and set->more_text.
 *
 * @param conditions, filter  as wb_filter_to_sql wrote them; "": all runs
 * @param wanted              as the `fields` of wb_store_load_runs
 */
bool wb_store_read_runs(WbStore *store, WbRunSet *set, const WbKnown *known, const WbFilter *filter,
                        const char *conditions, const char *const *wanted, GError **error);

#endif
