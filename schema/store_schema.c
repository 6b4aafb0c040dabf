/*
 * The embedded SQL. schema/migrations/NNNN_*.sql change tables, each once, in one transaction with
 * the version number. The other files make views, which hold no data: a writer makes them anew
 * after every migration, and whenever those of the file are not this program's, so that a new rule
 * or a mended view needs no migration. A reader may not write; where the file's views are not its
 * own it makes them as TEMP views of its connection, and, over a file of an older version, TEMP
 * tables and views in place of the tables and columns that the file lacks: no rows, NULL. TEMP
 * names are found before the file's, so that nobody above the store knows the difference.
 */
#include <string.h>

#include "schema/store_private.h"

static const struct {
    const char *name;
    const char *sql;
} files[] = {
#include "schema_sql.h"
};

static int64_t number_of(size_t i)
{
    return g_ascii_strtoll(files[i].name + strlen("migrations/"), NULL, 10);
}

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

/* ---- writers -------------------------------------------------------------------------------- */

/* Views may name each other before they are there: SQLite looks when one is used. */
static bool make_views(WbStore *store, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (!is_migration(i) && !wb_store_exec(store, files[i].sql, error))
            return false;
    return true;
}

/* Runs the files whose turn it is; the Makefile embeds them in the order of their names. */
static bool apply(WbStore *store, int64_t from, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (is_migration(i) && number_of(i) > from && !wb_store_exec(store, files[i].sql, error))
            return false;
    return make_views(store, error);
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

static size_t count_in(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

static bool is_ours(const char *view)
{
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (!is_migration(i) && strstr(files[i].sql, view))
            return true;
    return false;
}

/* Whether the file's views are this program's: SQLite keeps the text of each as it was given. */
static bool read_views_current(WbStore *store, bool *out_current, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "SELECT sql FROM main.sqlite_schema WHERE type = 'view'", error);
    size_t ours = 0;
    size_t theirs = 0;
    int code;

    if (!statement)
        return false;
    *out_current = true;
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        ours += is_migration(i) ? 0 : count_in(files[i].sql, "\nCREATE VIEW ");
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        theirs++;
        if (!is_ours((const char *)sqlite3_column_text(statement, 0)))
            *out_current = false;
    }
    if (ours != theirs)
        *out_current = false;
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

bool wb_store_refresh_views(WbStore *store, GError **error)
{
    bool current;

    if (!read_views_current(store, &current, error))
        return false;
    if (current)
        return true;
    if (!wb_store_exec(store, "BEGIN IMMEDIATE", error))
        return false;
    if (!make_views(store, error) || !wb_store_exec(store, "COMMIT", error)) {
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        g_prefix_error(error, "cannot bring the views of '%s' up to date: ", store->path);
        return false;
    }
    return true;
}

/* ---- readers -------------------------------------------------------------------------------- */

/* Runs every statement of `sql` that `pattern` finds, its first word CREATE made CREATE TEMP. */
static bool exec_as_temp(WbStore *store, const char *sql, const char *pattern, GError **error)
{
    g_autoptr(GRegex) regex =
        g_regex_new(pattern, G_REGEX_MULTILINE | G_REGEX_DOTALL | G_REGEX_OPTIMIZE, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    for (g_regex_match(regex, sql, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *statement = g_match_info_fetch(match, 0);
        g_autofree char *temp = g_strconcat("CREATE TEMP ", statement + strlen("CREATE "), NULL);

        if (!wb_store_exec(store, temp, error))
            return false;
    }
    return true;
}

/* "TABLE" -> ", NULL AS column, ..." for the columns that migrations above `version` add. */
static GHashTable *columns_lacking(int64_t version)
{
    g_autoptr(GRegex) regex =
        g_regex_new("^ALTER TABLE (\\w+) ADD COLUMN (\\w+)", G_REGEX_MULTILINE, 0, NULL);
    GHashTable *lacking = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GMatchInfo) match = NULL;

        if (!is_migration(i) || number_of(i) <= version)
            continue;
        for (g_regex_match(regex, files[i].sql, 0, &match); g_match_info_matches(match);
             g_match_info_next(match, NULL)) {
            g_autofree char *table = g_match_info_fetch(match, 1);
            g_autofree char *column = g_match_info_fetch(match, 2);
            GString *list = g_hash_table_lookup(lacking, table);

            if (!list)
                g_hash_table_insert(lacking, g_strdup(table), list = g_string_new(NULL));
            g_string_append_printf(list, ", NULL AS %s", column);
        }
    }
    return lacking;
}

/* What a file of an older version lacks, empty. */
static bool fill_in(WbStore *store, int64_t version, GError **error)
{
    g_autoptr(GHashTable) lacking = columns_lacking(version);
    GHashTableIter iter;
    gpointer table, list;
    bool ok = true;

    for (size_t i = 0; i < G_N_ELEMENTS(files) && ok; i++)
        if (is_migration(i) && number_of(i) > version)
            ok = exec_as_temp(store, files[i].sql, "^CREATE TABLE .*?;$", error);
    g_hash_table_iter_init(&iter, lacking);
    while (g_hash_table_iter_next(&iter, &table, &list)) {
        g_autofree char *columns = g_string_free(list, FALSE);
        g_autofree char *sql = g_strdup_printf("CREATE TEMP VIEW %s AS SELECT *%s FROM main.%s",
                                               (char *)table, columns, (char *)table);

        ok = ok && wb_store_exec(store, sql, error);
    }
    return ok;
}

bool wb_store_shadow_views(WbStore *store, int64_t version, GError **error)
{
    bool current;

    if (!read_views_current(store, &current, error))
        return false;
    if (current && version == wb_store_version())
        return true;
    if (!wb_store_exec(store, "PRAGMA temp_store = MEMORY", error) ||
        (version < wb_store_version() && !fill_in(store, version, error)))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (!is_migration(i) && !exec_as_temp(store, files[i].sql, "^CREATE VIEW .*?;$", error))
            return false;
    return true;
}
