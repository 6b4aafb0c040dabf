/*
 * The embedded SQL, and migrations. schema/migrations/NNNN_*.sql change tables, each once, in one
 * transaction with the version number; schema/schema.sql makes the views, after every migration.
 */
#include <string.h>

#include "schema/store_private.h"

static const struct {
    const char *name;
    const char *sql;
} files[] = {
#include "schema_sql.h"
};

static const char views_name[] = "schema.sql";

static bool is_migration(size_t i)
{
    return g_str_has_prefix(files[i].name, "migrations/");
}

int64_t wb_store_version(void)
{
    int64_t version = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        version += is_migration(i);
    return version;
}

/* Runs the files whose turn it is; the Makefile embeds them in the order of their names. */
static bool apply(WbStore *store, int64_t from, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        if (!is_migration(i))
            continue;
        if (g_ascii_strtoll(files[i].name + strlen("migrations/"), NULL, 10) > from &&
            !wb_store_exec(store, files[i].sql, error))
            return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (strcmp(files[i].name, views_name) == 0 && !wb_store_exec(store, files[i].sql, error))
            return false;
    return true;
}

bool wb_store_migrate(WbStore *store, int64_t from, GError **error)
{
    g_autofree char *stamp =
        g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %" G_GINT64_FORMAT,
                        WB_STORE_APPLICATION_ID, wb_store_version());
    int64_t version;

    if (!wb_store_exec(store, "BEGIN IMMEDIATE", error))
        return false;
    /* Somebody else may have migrated it while we waited for the lock. */
    if (!wb_store_read_int(store, "PRAGMA user_version", &version, error) ||
        (version == from && (!apply(store, from, error) || !wb_store_exec(store, stamp, error))) ||
        !wb_store_exec(store, "COMMIT", error)) {
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        g_prefix_error(error, "cannot bring '%s' from version %" G_GINT64_FORMAT " up to date: ",
                       store->path, from);
        return false;
    }
    return true;
}
