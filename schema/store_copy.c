/*
 * The store's copy: the part of a database that a report rests on, as a database of its own. The
 * same part gives the same bytes, also when it is copied from such a copy.
 */
#include <glib/gstdio.h>
#include <unistd.h>

#include "schema/store_private.h"

/* Each VACUUM INTO counts the number up that tells connections of a changed schema. In defensive
 * mode it cannot be set; this file is our own and nobody else has it open. */
static bool reset_schema_count(WbStore *store, GError **error)
{
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    return wb_store_exec(store, "PRAGMA schema_version = 1", error);
}

/* A plain file with the same content, packed anew. */
static bool vacuum_into(WbStore *store, const char *path, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(store, "VACUUM INTO ?1", error);

    if (!statement)
        return false;
    wb_store_bind_text(statement, 1, path);
    if (wb_store_step_done(store, statement, NULL))
        return true;
    g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_FULL, "cannot write '%s': %s", path,
                sqlite3_errmsg(store->db));
    return false;
}

/* By a connection of its own: the store's may have TEMP views in place of an older file's tables,
 * and VACUUM would take them for these. */
static bool copy_whole(WbStore *store, const char *to, GError **error)
{
    WbStore plain = {.path = store->path};
    bool done = false;

    if (sqlite3_open_v2(sqlite3_db_filename(store->db, "main"), &plain.db, SQLITE_OPEN_READONLY,
                        NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(plain.db, 15000);
        done = vacuum_into(&plain, to, error);
    } else {
        wb_store_set_error(&plain, error);
    }
    sqlite3_close(plain.db);
    return done;
}

static bool insert_kept(WbStore *store, const char *sql, int64_t id, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(store, sql, error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, id);
    return wb_store_step_done(store, statement, error);
}

static bool note_kept(WbStore *store, const WbRunSet *set, GError **error)
{
    if (!wb_store_exec(store,
                       "CREATE TEMP TABLE kept_runs (id INTEGER PRIMARY KEY);"
                       "CREATE TEMP TABLE kept_cases (id INTEGER PRIMARY KEY)",
                       error))
        return false;
    for (guint i = 0; i < set->runs->len; i++)
        if (!insert_kept(store, "INSERT INTO kept_runs VALUES (?1)",
                         g_array_index(set->runs, WbRun, i).run_id, error))
            return false;
    for (guint i = 0; i < set->cases->len; i++)
        if (!insert_kept(store, "INSERT OR IGNORE INTO kept_cases VALUES (?1)",
                         ((WbCase *)g_ptr_array_index(set->cases, i))->id, error))
            return false;
    return true;
}

/* What belongs to runs lies in tables with a run_id, whatever migrations add. */
static bool delete_details(WbStore *store, GError **error)
{
    g_autoptr(WbStatement) tables = wb_store_prepare(
        store,
        "SELECT t.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c "
        "WHERE t.type = 'table' AND c.name = 'run_id' AND t.name <> 'runs' ORDER BY t.name",
        error);
    g_autoptr(GString) sql = g_string_new(NULL);

    if (!tables)
        return false;
    while (sqlite3_step(tables) == SQLITE_ROW) {
        char *one = sqlite3_mprintf("DELETE FROM \"%w\" WHERE run_id NOT IN "
                                    "(SELECT id FROM kept_runs);",
                                    (const char *)sqlite3_column_text(tables, 0));

        g_string_append(sql, one);
        sqlite3_free(one);
    }
    return wb_store_exec(store, sql->str, error);
}

/* Records of an older file are shorter than its table is after the migration, until they are
 * written anew: now, or else by the copy of the copy, which would have other bytes. */
static bool lengthen_records(WbStore *store, bool is_older, GError **error)
{
    return !is_older || wb_store_exec(store, "UPDATE runs SET run_no = run_no", error);
}

static bool delete_others(WbStore *store, bool published, GError **error)
{
    return delete_details(store, error) &&
           wb_store_exec(store,
                         "DELETE FROM runs WHERE run_id NOT IN (SELECT id FROM kept_runs);"
                         "DELETE FROM published WHERE case_id NOT IN (SELECT id FROM kept_cases);",
                         error) &&
           (published || wb_store_exec(store, "DELETE FROM published", error)) &&
           wb_store_exec(
               store,
               "CREATE TEMP TABLE kept_logs AS SELECT log_id AS id FROM runs WHERE log_id IS NOT "
               "NULL UNION SELECT log_id FROM published WHERE log_id IS NOT NULL;"
               "CREATE TEMP TABLE kept_campaigns AS SELECT campaign_id AS id FROM runs UNION "
               "SELECT campaign_id FROM published;"
               "DELETE FROM unread_lines WHERE log_id NOT IN (SELECT id FROM kept_logs);"
               "DELETE FROM log_parts WHERE log_id NOT IN (SELECT id FROM kept_logs);"
               "DELETE FROM logs WHERE id NOT IN (SELECT id FROM kept_logs);"
               "DELETE FROM server_stops WHERE campaign_id NOT IN (SELECT id FROM kept_campaigns);"
               "DELETE FROM campaigns WHERE id NOT IN (SELECT id FROM kept_campaigns);"
               "DELETE FROM case_labels WHERE case_id NOT IN (SELECT id FROM kept_cases);"
               "DELETE FROM cases WHERE id NOT IN (SELECT id FROM kept_cases)",
               error);
}

static bool trim(const char *path, bool is_older, const WbRunSet *set, const char *to,
                 GError **error)
{
    g_autoptr(WbStore) store = wb_store_open(path, error);

    return store && note_kept(store, set, error) && wb_store_begin(store, error) &&
           delete_others(store, set->published->len > 0, error) &&
           lengthen_records(store, is_older, error) && wb_store_commit(store, error) &&
           reset_schema_count(store, error) && vacuum_into(store, to, error);
}

bool wb_store_copy(WbStore *store, const WbRunSet *set, const char *path, GError **error)
{
    g_autofree char *whole = g_strconcat(path, ".whole", NULL);
    int64_t version;
    bool done = wb_store_read_int(store, "PRAGMA user_version", &version, error) &&
                copy_whole(store, whole, error) &&
                trim(whole, version < wb_store_version(), set, path, error);

    g_unlink(whole);
    if (!done)
        g_unlink(path);
    return done;
}
