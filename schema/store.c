/*
 * The store: opening, closing, transactions, and SQLite's codes as errors a caller can act on.
 */
#include "schema/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/store_private.h"

G_DEFINE_QUARK(wb_store_error, wb_store_error)

const char *wb_store_default_path(void)
{
    const char *path = g_getenv("WRKBOOK_DB");

    return path && *path ? path : "wrkbook.db";
}

GOptionEntry wb_store_db_option(char **path)
{
    return (GOptionEntry){"db",  0,
                          0,     G_OPTION_ARG_FILENAME,
                          path,  "The result database (default: $WRKBOOK_DB, or wrkbook.db)",
                          "FILE"};
}

const char *wb_store_path(const WbStore *store)
{
    return store->path;
}

/* ---- errors ------------------------------------------------------------------------------ */

bool wb_store_set_error(WbStore *store, GError **error)
{
    static const struct {
        int sqlite;
        WbStoreError code;
        const char *what;
    } causes[] = {
        {SQLITE_BUSY, WB_STORE_ERROR_BUSY,
         "another program is writing it; wait for it to end and try again"},
        {SQLITE_LOCKED, WB_STORE_ERROR_BUSY,
         "another program is writing it; wait for it to end and try again"},
        {SQLITE_FULL, WB_STORE_ERROR_FULL,
         "no space left on the disk; what was stored before is safe"},
        {SQLITE_IOERR, WB_STORE_ERROR_FULL,
         "it cannot be read or written (is the disk full?); what was stored before is safe"},
        {SQLITE_CORRUPT, WB_STORE_ERROR_DAMAGED,
         "the file is damaged; `sqlite3 FILE .recover` may save what is left"},
        {SQLITE_NOTADB, WB_STORE_ERROR_FOREIGN, "it is no wrkbook database"},
        {SQLITE_READONLY, WB_STORE_ERROR_OPEN, "no right to write it or its folder"},
        {SQLITE_PERM, WB_STORE_ERROR_OPEN, "no right to open it"},
        {SQLITE_TOOBIG, WB_STORE_ERROR_INVALID, "a text or blob is too large to be stored"},
    };
    int code = sqlite3_errcode(store->db);

    for (size_t i = 0; i < G_N_ELEMENTS(causes); i++)
        if ((code & 0xff) == causes[i].sqlite) {
            g_set_error(error, WB_STORE_ERROR, (int)causes[i].code, "database '%s': %s",
                        store->path, causes[i].what);
            return false;
        }
    if ((code & 0xff) == SQLITE_CANTOPEN) {
        int cause = sqlite3_system_errno(store->db);

        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_OPEN, "cannot open database '%s': %s",
                    store->path, cause ? g_strerror(cause) : "no right to its folder");
        return false;
    }
    g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_SQL, "database '%s': %s", store->path,
                sqlite3_errmsg(store->db));
    return false;
}

sqlite3_stmt *wb_store_prepare(WbStore *store, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        wb_store_set_error(store, error);
    return statement;
}

sqlite3_stmt *wb_store_statement(WbStore *store, Statement kind, const char *sql, GError **error)
{
    sqlite3_stmt **statement = &store->statements[kind];

    if (!*statement && sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement,
                                          NULL) != SQLITE_OK) {
        wb_store_set_error(store, error);
        return NULL;
    }
    sqlite3_reset(*statement);
    sqlite3_clear_bindings(*statement);
    return *statement;
}

bool wb_store_exec(WbStore *store, const char *sql, GError **error)
{
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return wb_store_set_error(store, error);
    return true;
}

bool wb_store_step_done(WbStore *store, sqlite3_stmt *statement, GError **error)
{
    if (sqlite3_step(statement) != SQLITE_DONE) {
        wb_store_set_error(store, error);
        sqlite3_reset(statement);
        return false;
    }
    sqlite3_reset(statement);
    return true;
}

void wb_store_bind_text(sqlite3_stmt *statement, int i, const char *text)
{
    sqlite3_bind_text(statement, i, text, -1, SQLITE_STATIC);
}

const char *wb_store_column_text(sqlite3_stmt *statement, int i, GStringChunk *chunk)
{
    const char *text = (const char *)sqlite3_column_text(statement, i);

    return text ? g_string_chunk_insert_const(chunk, text) : NULL;
}

bool wb_store_read_int(WbStore *store, const char *sql, int64_t *out, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(store, sql, error);

    if (!statement)
        return false;
    if (sqlite3_step(statement) != SQLITE_ROW)
        return wb_store_set_error(store, error);
    *out = sqlite3_column_int64(statement, 0);
    return true;
}

/* ---- open and close ----------------------------------------------------------------------- */

/* What a file turned out to be. */
typedef struct {
    int64_t application_id;
    int64_t version;
    int64_t tables; /* number of tables and views */
} Identity;

static bool read_identity(WbStore *store, Identity *out, GError **error)
{
    return wb_store_read_int(store, "PRAGMA application_id", &out->application_id, error) &&
           wb_store_read_int(store, "PRAGMA user_version", &out->version, error) &&
           wb_store_read_int(store, "SELECT count(*) FROM sqlite_schema", &out->tables, error);
}

static bool check_identity(const WbStore *store, const Identity *id, GError **error)
{
    if (id->application_id != WB_STORE_APPLICATION_ID) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_FOREIGN,
                    id->tables ? "'%s' is a database of another program, not of wrkbook"
                               : "'%s' is empty: nothing was stored in it",
                    store->path);
        return false;
    }
    if (id->version > wb_store_version()) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_NEWER,
                    "'%s' was written by a newer wrkbook: it needs database version "
                    "%" G_GINT64_FORMAT ", this program (" WB_VERSION ") knows %" G_GINT64_FORMAT,
                    store->path, id->version, wb_store_version());
        return false;
    }
    return true;
}

static guint hash_labels(const void *labels)
{
    return wb_labels_hash(labels);
}

static gboolean equal_labels(const void *a, const void *b)
{
    return wb_labels_equal(a, b);
}

static void free_labels(void *labels)
{
    wb_labels_free(labels);
}

/* How much memory SQLite uses is asked by nobody, and counting it takes a lock for each piece. */
static void set_up_sqlite(void)
{
    static gsize is_done;

    if (g_once_init_enter(&is_done)) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        g_once_init_leave(&is_done, 1);
    }
}

static int open_file(const char *path, int flags, sqlite3 **out_db)
{
    int code = sqlite3_open_v2(path, out_db, flags | SQLITE_OPEN_NOMUTEX, NULL);

    if (code != SQLITE_OK)
        return code;
    sqlite3_extended_result_codes(*out_db, 1);
    sqlite3_busy_timeout(*out_db, 15000);
    /* A database may come from anywhere: its schema may neither call nor change what it likes. */
    sqlite3_db_config(*out_db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(*out_db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return code;
}

static WbStore *store_new(const char *path, int flags, GError **error)
{
    g_autoptr(WbStore) store = g_new0(WbStore, 1);

    set_up_sqlite();
    store->path = g_strdup(path ? path : wb_store_default_path());
    store->readonly = (flags & SQLITE_OPEN_READONLY) != 0;
    store->cases = g_hash_table_new_full(hash_labels, equal_labels, free_labels, g_free);
    /* Name what is wrong before SQLite says "unable to open database file". */
    if (store->path[0] == ':' || store->path[0] == '\0') {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_OPEN,
                    "'%s' cannot name a database: use a file", store->path);
        return NULL;
    }
    if (open_file(store->path, flags, &store->db) != SQLITE_OK) {
        if (store->db)
            wb_store_set_error(store, error);
        return NULL;
    }
    return g_steal_pointer(&store);
}

WbStore *wb_store_open(const char *path, GError **error)
{
    g_autoptr(WbStore) store = store_new(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    Identity id;

    if (!store || !read_identity(store, &id, error))
        return NULL;
    if ((id.application_id != 0 || id.tables != 0 || id.version != 0) &&
        !check_identity(store, &id, error))
        return NULL;
    if (sqlite3_db_readonly(store->db, "main") == 1) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_OPEN, "no right to write database '%s'",
                    store->path);
        return NULL;
    }
    /* SQLite makes and drops a table for each `status IN (...)` that it checks, which is half the
     * cost of a run; insert_run checks it instead. */
    if (!wb_store_exec(store, "PRAGMA journal_mode = WAL", error) ||
        !wb_store_exec(store,
                       "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
                       "PRAGMA ignore_check_constraints = ON",
                       error) ||
        (id.version < wb_store_version() && !wb_store_migrate(store, id.version, error)) ||
        !wb_store_refresh_views(store, error))
        return NULL;
    return g_steal_pointer(&store);
}

/* Opens a copy in its place; where none can be made, the store stays as it is. */
static void read_from_copy(WbStore *store)
{
    char *copy = wb_store_snapshot(store->path);
    sqlite3 *db = NULL;

    if (!copy)
        return;
    store->snapshot = copy;
    if (open_file(copy, SQLITE_OPEN_READONLY, &db) != SQLITE_OK) {
        sqlite3_close(db);
        return;
    }
    sqlite3_close(store->db);
    store->db = db;
}

WbStore *wb_store_open_readonly(const char *path, GError **error)
{
    g_autoptr(WbStore) store = store_new(path, SQLITE_OPEN_READONLY, error);
    Identity id;

    if (store && wb_store_needs_snapshot(store->db, store->path))
        read_from_copy(store);
    if (!store || !read_identity(store, &id, error) || !check_identity(store, &id, error) ||
        !wb_store_shadow_views(store, id.version, error))
        return NULL;
    return g_steal_pointer(&store);
}

void wb_store_free(WbStore *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    if (store->db && !store->readonly) {
        if (!sqlite3_get_autocommit(store->db))
            sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        /* One plain file again. Fails, harmlessly, while somebody else has it open. */
        sqlite3_busy_timeout(store->db, 0);
        sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    }
    sqlite3_close(store->db);
    if (store->snapshot)
        wb_store_snapshot_remove(store->snapshot);
    g_free(store->snapshot);
    wb_log_packer_free(store->packer);
    g_hash_table_destroy(store->cases);
    g_free(store->path);
    g_free(store);
}

/* ---- transactions ------------------------------------------------------------------------- */

bool wb_store_begin(WbStore *store, GError **error)
{
    if (!wb_store_exec(store, "BEGIN IMMEDIATE", error))
        return false;
    store->transaction = ++store->transactions;
    return true;
}

bool wb_store_commit(WbStore *store, GError **error)
{
    if (!wb_store_exec(store, "COMMIT", error))
        return false;
    store->transaction = 0;
    return true;
}

void wb_store_rollback(WbStore *store)
{
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    store->transaction = 0;
    g_hash_table_remove_all(store->cases); /* cases of the lost transaction are gone */
}
