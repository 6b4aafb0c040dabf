/*
 * The store's logs: the text of every imported file, packed, found by its SHA-256, and given back
 * byte for byte; and the lines that no reader understood.
 *
 * A log whose digest is known when it is added is one row. A long one is read once, in parts: its
 * row holds a placeholder until its digest is known (wb_store_end_log).
 */
#include <string.h>

#include "schema/store_private.h"

#define UNREAD_TEXT_MAX 500

bool wb_store_find_log(WbStore *store, const char *sha256, int64_t *out_id, char **out_known_as,
                       GError **error)
{
    sqlite3_stmt *statement = wb_store_statement(
        store, STATEMENT_FIND_LOG, "SELECT id, name FROM logs WHERE sha256 = ?1", error);
    int code;

    if (!statement)
        return false;
    wb_store_bind_text(statement, 1, sha256);
    code = sqlite3_step(statement);
    *out_id = WB_NONE;
    *out_known_as = NULL;
    if (code == SQLITE_ROW) {
        *out_id = sqlite3_column_int64(statement, 0);
        *out_known_as = g_strdup((const char *)sqlite3_column_text(statement, 1));
    } else if (code != SQLITE_DONE) {
        wb_store_set_error(store, error);
    }
    sqlite3_reset(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

bool wb_store_add_packed_log(WbStore *store, const char *name, const char *sha256,
                             const WbPackedText *text, int64_t *out_log_id, GError **error)
{
    sqlite3_stmt *statement =
        wb_store_statement(store, STATEMENT_ADD_LOG,
                           "INSERT INTO logs (sha256, name, bytes, encoding, content, campaign_id)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                           error);

    if (!statement)
        return false;
    wb_store_bind_text(statement, 1, sha256);
    wb_store_bind_text(statement, 2, name);
    sqlite3_bind_int64(statement, 3, text->bytes);
    wb_store_bind_text(statement, 4, text->encoding);
    sqlite3_bind_blob64(statement, 5, text->content_len ? text->content : "", text->content_len,
                        SQLITE_STATIC);
    if (store->campaign_id)
        sqlite3_bind_int64(statement, 6, store->campaign_id);
    if (!wb_store_step_done(store, statement, error))
        return false;
    *out_log_id = sqlite3_last_insert_rowid(store->db);
    return true;
}

bool wb_store_add_log(WbStore *store, const char *name, const char *bytes, size_t len,
                      int64_t *out_log_id, bool *out_known, char **out_known_as, GError **error)
{
    g_autofree char *sha256 = NULL;
    WbPackedText packed = {0};
    bool ok;

    if (len > (size_t)WB_LOG_BYTES_MAX) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_INVALID,
                    "'%s' is larger than 1 GiB and cannot be kept; split it", name);
        return false;
    }
    sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, len);
    if (!wb_store_find_log(store, sha256, out_log_id, out_known_as, error))
        return false;
    *out_known = *out_log_id != WB_NONE;
    if (*out_known)
        return true;
    if (!store->packer)
        store->packer = wb_log_packer_new();
    wb_log_pack(store->packer, bytes, len, &packed);
    ok = wb_store_add_packed_log(store, name, sha256, &packed, out_log_id, error);
    wb_packed_text_clear(&packed);
    return ok;
}

/* ---- long logs ------------------------------------------------------------------------------ */

bool wb_store_begin_log(WbStore *store, const char *name, int64_t *out_log_id, GError **error)
{
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *placeholder = g_strconcat("unfinished ", uuid, NULL);
    const WbPackedText none = {.encoding = "parts"};

    return wb_store_add_packed_log(store, name, placeholder, &none, out_log_id, error);
}

bool wb_store_add_log_part(WbStore *store, int64_t log_id, int64_t part, const WbPackedText *text,
                           GError **error)
{
    sqlite3_stmt *statement =
        wb_store_statement(store, STATEMENT_ADD_LOG_PART,
                           "INSERT INTO log_parts (log_id, part, bytes, encoding, content)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)",
                           error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, log_id);
    sqlite3_bind_int64(statement, 2, part);
    sqlite3_bind_int64(statement, 3, text->bytes);
    wb_store_bind_text(statement, 4, text->encoding);
    sqlite3_bind_blob64(statement, 5, text->content_len ? text->content : "", text->content_len,
                        SQLITE_STATIC);
    return wb_store_step_done(store, statement, error);
}

bool wb_store_end_log(WbStore *store, int64_t log_id, const char *sha256, int64_t bytes,
                      GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "UPDATE logs SET sha256 = ?2, bytes = ?3 WHERE id = ?1", error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, log_id);
    wb_store_bind_text(statement, 2, sha256);
    sqlite3_bind_int64(statement, 3, bytes);
    return wb_store_step_done(store, statement, error);
}

/* ---- lines that were not understood --------------------------------------------------------- */

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

bool wb_store_each_unread(WbStore *store, int64_t log_id, WbUnreadFn each, void *user_data,
                          GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store,
                         "SELECT u.log_id, l.name, u.line, u.text, u.reason FROM unread_lines AS u"
                         " JOIN logs AS l ON l.id = u.log_id WHERE ?1 IS NULL OR u.log_id = ?1"
                         " ORDER BY u.log_id, u.line, u.rowid",
                         error);
    int code;

    if (!statement)
        return false;
    wb_store_bind_int(statement, 1, log_id);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const WbUnreadLine line = {
            .line = sqlite3_column_int64(statement, 2),
            .text = (const char *)sqlite3_column_text(statement, 3),
            .reason = (const char *)sqlite3_column_text(statement, 4),
        };

        each(user_data, sqlite3_column_int64(statement, 0),
             (const char *)sqlite3_column_text(statement, 1), &line);
    }
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

/* ---- reading -------------------------------------------------------------------------------- */

bool wb_store_each_log(WbStore *store, WbLogFn each, void *user_data, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(
        store,
        "SELECT l.id, l.name, l.sha256, l.bytes, length(l.content) + coalesce(p.bytes, 0),"
        " coalesce(r.n, 0), coalesce(f.n, 0), coalesce(u.n, 0), c.started_at, c.name"
        " FROM logs AS l LEFT JOIN campaigns AS c ON c.id = l.campaign_id"
        " LEFT JOIN (SELECT log_id, sum(length(content)) AS bytes FROM log_parts GROUP BY 1) AS p"
        " ON p.log_id = l.id"
        " LEFT JOIN (SELECT log_id, count(*) AS n FROM runs GROUP BY 1) AS r ON r.log_id = l.id"
        " LEFT JOIN (SELECT log_id, count(*) AS n FROM published GROUP BY 1) AS f"
        " ON f.log_id = l.id"
        " LEFT JOIN (SELECT log_id, count(*) AS n FROM unread_lines GROUP BY 1) AS u"
        " ON u.log_id = l.id ORDER BY l.id",
        error);
    int code;

    if (!statement)
        return false;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const WbLogRecord log = {
            .id = sqlite3_column_int64(statement, 0),
            .name = (const char *)sqlite3_column_text(statement, 1),
            .sha256 = (const char *)sqlite3_column_text(statement, 2),
            .bytes = sqlite3_column_int64(statement, 3),
            .packed_bytes = sqlite3_column_int64(statement, 4),
            .runs = sqlite3_column_int64(statement, 5),
            .published = sqlite3_column_int64(statement, 6),
            .unread = sqlite3_column_int64(statement, 7),
            .imported_at = (const char *)sqlite3_column_text(statement, 8),
            .campaign = (const char *)sqlite3_column_text(statement, 9),
        };

        each(user_data, &log);
    }
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

static bool set_damaged(const WbStore *store, int64_t log_id, GError **error)
{
    g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_DAMAGED,
                "database '%s': log %" G_GINT64_FORMAT " is damaged", store->path, log_id);
    return false;
}

/* Unpacks the text of a row (bytes, encoding, content) and hands it on. */
static bool give_row(WbStore *store, sqlite3_stmt *row, int64_t log_id, WbLogTextFn each,
                     void *user_data, GError **error)
{
    const char *encoding = (const char *)sqlite3_column_text(row, 1);
    const void *content = sqlite3_column_blob(row, 2);
    g_autoptr(GBytes) text =
        wb_log_unpack(encoding ? encoding : "", content, (size_t)sqlite3_column_bytes(row, 2),
                      sqlite3_column_int64(row, 0));

    if (!text)
        return set_damaged(store, log_id, error);
    return each(user_data, g_bytes_get_data(text, NULL), g_bytes_get_size(text), error);
}

/* Hands on the parts of a long log, which make up `bytes`. */
static bool give_parts(WbStore *store, int64_t log_id, int64_t bytes, WbLogTextFn each,
                       void *user_data, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(
        store, "SELECT bytes, encoding, content FROM log_parts WHERE log_id = ?1 ORDER BY part",
        error);
    int64_t given = 0;
    int code;

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, log_id);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        given += sqlite3_column_int64(statement, 0);
        if (given > bytes)
            break;
        if (!give_row(store, statement, log_id, each, user_data, error))
            return false;
    }
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        return wb_store_set_error(store, error);
    return given == bytes || set_damaged(store, log_id, error);
}

bool wb_store_read_log(WbStore *store, int64_t log_id, WbLogTextFn each, void *user_data,
                       GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "SELECT bytes, encoding, content FROM logs WHERE id = ?1", error);
    int code;

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, log_id);
    code = sqlite3_step(statement);
    if (code == SQLITE_DONE) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_NOT_FOUND,
                    "database '%s' has no log %" G_GINT64_FORMAT, store->path, log_id);
        return false;
    }
    if (code != SQLITE_ROW)
        return wb_store_set_error(store, error);
    if (g_strcmp0((const char *)sqlite3_column_text(statement, 1), "parts") == 0)
        return give_parts(store, log_id, sqlite3_column_int64(statement, 0), each, user_data,
                          error);
    return give_row(store, statement, log_id, each, user_data, error);
}

static bool append_text(void *user_data, const char *bytes, size_t len, GError **error)
{
    (void)error;
    g_byte_array_append(user_data, (const guint8 *)bytes, (guint)len);
    return true;
}

GBytes *wb_store_load_log(WbStore *store, int64_t log_id, GError **error)
{
    GByteArray *text = g_byte_array_new();

    if (wb_store_read_log(store, log_id, append_text, text, error))
        return g_byte_array_free_to_bytes(text);
    g_byte_array_unref(text);
    return NULL;
}
