/*
 * The file's bytes are the database (sqlite3_deserialize), so that a packed file and a pipe are
 * read as well, and nothing on the disk is opened, locked or rolled back.
 *
 * Pages of a hostile file may name each other, so that a small file has rows without end: each row
 * and each URL stands somewhere in the file, and more of them than it has bytes is damage.
 */
#include "schema/oha_rows.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

G_DEFINE_QUARK(wb_oha_rows_error, wb_oha_rows_error)

typedef sqlite3 Database;
typedef sqlite3_stmt Rows;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Database, sqlite3_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rows, sqlite3_finalize)

#define MAGIC        "SQLite format 3" /* with the zero behind it */
#define HEADER_BYTES 100
#define ROW_BYTES_MIN                                                                              \
    16 /* eight columns: a header of nine bytes, two times of at least one ...                     \
        */
#define LONGEST_S 2592000.0 /* a month */

#define FAIL(...) g_set_error(error, WB_OHA_ROWS_ERROR, WB_OHA_ROWS_ERROR_FILE, __VA_ARGS__)

bool wb_oha_rows_looks_like(const char *bytes, size_t len)
{
    static const char table[] = "CREATE TABLE oha";

    return len >= HEADER_BYTES && memcmp(bytes, MAGIC, sizeof MAGIC) == 0 &&
           memmem(bytes, len, table, sizeof table - 1);
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Reading columns is all that is done here; the file's own SQL gets nothing. */
static int authorize(void *data, int action, const char *a, const char *b, const char *c,
                     const char *d)
{
    (void)data;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

static void defend(Database *db)
{
    static const struct {
        int limit, value;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, 64 * 1024}, {SQLITE_LIMIT_SQL_LENGTH, 64 * 1024},
        {SQLITE_LIMIT_COLUMN, 64},        {SQLITE_LIMIT_EXPR_DEPTH, 20},
        {SQLITE_LIMIT_ATTACHED, 0},       {SQLITE_LIMIT_VDBE_OP, 10000},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++)
        sqlite3_limit(db, limits[i].limit, limits[i].value);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_exec(db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
    sqlite3_set_authorizer(db, authorize, NULL);
}

static Database *open_bytes(const char *bytes, size_t len, GError **error)
{
    g_autoptr(Database) db = NULL;

    if (len < HEADER_BYTES || memcmp(bytes, MAGIC, sizeof MAGIC) != 0) {
        FAIL("is no SQLite database");
        return NULL;
    }
    /* Write and read version of the header: a file in WAL mode needs its second file. */
    if (bytes[18] == 2 || bytes[19] == 2) {
        FAIL("is in WAL mode; first: sqlite3 FILE 'PRAGMA journal_mode = DELETE'");
        return NULL;
    }
    /* SQLite does not write to what is read-only. */
    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        sqlite3_deserialize(db, "main", (unsigned char *)bytes, (sqlite3_int64)len,
                            (sqlite3_int64)len, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK) {
        FAIL("cannot be opened: %s", db ? sqlite3_errmsg(db) : "out of memory");
        return NULL;
    }
    defend(db);
    return g_steal_pointer(&db);
}

static bool fail_sql(Database *db, GError **error)
{
    FAIL("is no database of oha that can be read: %s", sqlite3_errmsg(db));
    return false;
}

/* A virtual table has no root page; a view may not be used at all. */
static bool has_table(Database *db, GError **error)
{
    g_autoptr(Rows) rows = NULL;
    int code;

    if (sqlite3_prepare_v2(db,
                           "SELECT 1 FROM sqlite_schema "
                           "WHERE type = 'table' AND name = 'oha' AND rootpage > 0",
                           -1, &rows, NULL) != SQLITE_OK)
        return fail_sql(db, error);
    code = sqlite3_step(rows);
    if (code == SQLITE_DONE)
        FAIL("is a database without a table 'oha'");
    else if (code != SQLITE_ROW)
        fail_sql(db, error);
    return code == SQLITE_ROW;
}

/* ---- rows ----------------------------------------------------------------------------------- */

enum { RUN, URL, END, DURATION, DUE, STATUS, BYTES };

static const char query[] = "SELECT run, url, \"end\", duration, start_latency_correction, status, "
                            "len_bytes FROM oha";

/* A value's type is asked for before the value: SQLite may change it on the way. */
static bool take_seconds(Rows *rows, int column, int64_t *out_ns)
{
    bool is_real = sqlite3_column_type(rows, column) == SQLITE_FLOAT;
    double seconds = sqlite3_column_double(rows, column);

    if (!is_real || !(seconds >= 0) || seconds > LONGEST_S)
        return false;
    *out_ns = llround(seconds * 1e9);
    return true;
}

static bool take_count(Rows *rows, int column, int64_t most, int64_t *out)
{
    bool is_whole = sqlite3_column_type(rows, column) == SQLITE_INTEGER;

    *out = sqlite3_column_int64(rows, column);
    return is_whole && *out >= 0 && *out <= most;
}

static bool take_row(Rows *rows, WbOhaRow *row)
{
    bool is_text = sqlite3_column_type(rows, URL) == SQLITE_TEXT;

    row->url = (const char *)sqlite3_column_text(rows, URL);
    row->from_due = sqlite3_column_type(rows, DUE) != SQLITE_NULL;
    return is_text && row->url && take_seconds(rows, END, &row->end_ns) &&
           take_seconds(rows, DURATION, &row->duration_ns) &&
           take_count(rows, RUN, INT64_C(253402300799), &row->run) &&
           take_count(rows, STATUS, 999, &row->status) &&
           take_count(rows, BYTES, INT64_C(1) << 40, &row->bytes);
}

bool wb_oha_rows_each(const char *bytes, size_t len, WbOhaRowFn each, void *user_data,
                      GError **error)
{
    g_autoptr(Database) db = open_bytes(bytes, len, error);
    g_autoptr(Rows) rows = NULL;
    size_t seen_bytes = 0;
    int code;

    if (!db || !has_table(db, error))
        return false;
    if (sqlite3_prepare_v2(db, query, -1, &rows, NULL) != SQLITE_OK)
        return fail_sql(db, error);
    for (int64_t n = 1; (code = sqlite3_step(rows)) == SQLITE_ROW; n++) {
        WbOhaRow row;

        if (!take_row(rows, &row)) {
            FAIL("row %" G_GINT64_FORMAT " of table 'oha' holds what oha does not write", n);
            return false;
        }
        seen_bytes += ROW_BYTES_MIN + (size_t)sqlite3_column_bytes(rows, URL);
        if (seen_bytes > len) {
            FAIL("is damaged: its table 'oha' has more rows than the file has room for");
            return false;
        }
        if (!each(user_data, &row, error))
            return false;
    }
    return code == SQLITE_DONE || fail_sql(db, error);
}
