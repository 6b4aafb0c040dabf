/*
 * The store's logs: the text of every imported file, packed, found by its SHA-256, and given back
 * byte for byte; and the lines that no reader understood.
 */
#include <string.h>

#include "schema/store_private.h"

/* A log is bounded so that it fits a blob and memory. */
#define LOG_BYTES_MAX   ((size_t)1 << 30)
#define UNREAD_TEXT_MAX 500

/* Packs `bytes` with zlib into a buffer of the caller's, or returns NULL where that saves nothing
 * (then the log is stored as it is). */
static unsigned char *pack(WbStore *store, const char *bytes, size_t len, size_t *out_len)
{
    g_autofree unsigned char *packed = NULL;

    if (!store->deflate_ready) {
        if (deflateInit(&store->deflate, 4) != Z_OK)
            return NULL;
        store->deflate_ready = true;
    }
    deflateReset(&store->deflate);
    packed = g_try_malloc(len);
    if (!packed || len > G_MAXUINT)
        return NULL;
    store->deflate.next_in = (Bytef *)(uintptr_t)bytes; /* zlib reads it only */
    store->deflate.avail_in = (uInt)len;
    store->deflate.next_out = packed;
    store->deflate.avail_out = (uInt)len;
    if (deflate(&store->deflate, Z_FINISH) != Z_STREAM_END)
        return NULL;
    *out_len = len - store->deflate.avail_out;
    return g_steal_pointer(&packed);
}

static bool find_log(WbStore *store, const char *sha256, int64_t *out_id, bool *out_known,
                     char **out_known_as, GError **error)
{
    sqlite3_stmt *statement = wb_store_statement(
        store, STATEMENT_FIND_LOG, "SELECT id, name FROM logs WHERE sha256 = ?1", error);
    int code;

    if (!statement)
        return false;
    wb_store_bind_text(statement, 1, sha256);
    code = sqlite3_step(statement);
    *out_known = code == SQLITE_ROW;
    *out_known_as = NULL;
    if (*out_known) {
        *out_id = sqlite3_column_int64(statement, 0);
        *out_known_as = g_strdup((const char *)sqlite3_column_text(statement, 1));
    } else if (code != SQLITE_DONE) {
        wb_store_set_error(store, error);
    }
    sqlite3_reset(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

bool wb_store_add_log(WbStore *store, const char *name, const char *bytes, size_t len,
                      int64_t *out_log_id, bool *out_known, char **out_known_as, GError **error)
{
    g_autofree char *sha256 = NULL;
    g_autofree unsigned char *packed = NULL;
    size_t packed_len = 0;
    sqlite3_stmt *statement;

    if (len > LOG_BYTES_MAX) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_INVALID,
                    "'%s' is larger than 1 GiB and cannot be kept; split it", name);
        return false;
    }
    sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, len);
    if (!find_log(store, sha256, out_log_id, out_known, out_known_as, error))
        return false;
    if (*out_known)
        return true;
    statement =
        wb_store_statement(store, STATEMENT_ADD_LOG,
                           "INSERT INTO logs (sha256, name, bytes, encoding, content, campaign_id)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                           error);
    if (!statement)
        return false;
    packed = pack(store, bytes, len, &packed_len);
    wb_store_bind_text(statement, 1, sha256);
    wb_store_bind_text(statement, 2, name);
    sqlite3_bind_int64(statement, 3, (int64_t)len);
    wb_store_bind_text(statement, 4, packed ? "zlib" : "plain");
    sqlite3_bind_blob64(statement, 5,
                        packed ? (const void *)packed
                        : len  ? bytes
                               : "",
                        packed ? packed_len : len, SQLITE_STATIC);
    if (store->campaign_id)
        sqlite3_bind_int64(statement, 6, store->campaign_id);
    if (!wb_store_step_done(store, statement, error))
        return false;
    *out_log_id = sqlite3_last_insert_rowid(store->db);
    return true;
}

bool wb_store_add_unread(WbStore *store, int64_t log_id, const WbUnreadLine *line, GError **error)
{
    sqlite3_stmt *statement = wb_store_statement(
        store, STATEMENT_ADD_UNREAD, "INSERT INTO unread_lines VALUES (?1, ?2, ?3, ?4)", error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, log_id);
    sqlite3_bind_int64(statement, 2, line->line);
    sqlite3_bind_text(statement, 3, line->text, (int)strnlen(line->text, UNREAD_TEXT_MAX),
                      SQLITE_STATIC);
    wb_store_bind_text(statement, 4, line->reason);
    return wb_store_step_done(store, statement, error);
}

/* Unpacks a stored log; `bytes` is its length as stored beside it. */
static GBytes *unpack(const void *packed, size_t packed_len, int64_t bytes)
{
    uLongf len = (uLongf)bytes;
    g_autofree unsigned char *text = NULL;

    if (bytes < 0 || (size_t)bytes > LOG_BYTES_MAX)
        return NULL;
    text = g_try_malloc((size_t)bytes + 1);
    if (!text || uncompress(text, &len, packed, packed_len) != Z_OK || len != (uLongf)bytes)
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&text), (size_t)bytes);
}

GBytes *wb_store_load_log(WbStore *store, int64_t log_id, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "SELECT bytes, encoding, content FROM logs WHERE id = ?1", error);
    const void *content;
    size_t len;
    GBytes *text;
    int code;

    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, log_id);
    code = sqlite3_step(statement);
    if (code == SQLITE_DONE) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_NOT_FOUND,
                    "database '%s' has no log %" G_GINT64_FORMAT, store->path, log_id);
        return NULL;
    }
    if (code != SQLITE_ROW) {
        wb_store_set_error(store, error);
        return NULL;
    }
    content = sqlite3_column_blob(statement, 2);
    len = (size_t)sqlite3_column_bytes(statement, 2);
    if (strcmp((const char *)sqlite3_column_text(statement, 1), "zlib") != 0)
        return g_bytes_new(content, len);
    text = unpack(content, len, sqlite3_column_int64(statement, 0));
    if (!text)
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_DAMAGED,
                    "database '%s': log %" G_GINT64_FORMAT " is damaged", store->path, log_id);
    return text;
}
