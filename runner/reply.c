/*
 * Reply: bytes are pulled from the wire as a step asks for them; `rest` holds those not used yet.
 */
#include "runner/reply.h"

#include <stdlib.h>
#include <string.h>

G_DEFINE_QUARK(wb_reply_error, wb_reply_error)

#define LINE_BYTES 1024 /* of a chunk's size, with its extension */

typedef struct {
    WbWire *wire;
    GByteArray *rest;
    int64_t until_us;
    WbReply *reply;
    bool has_begun;
    bool is_at_end; /* the peer closed */
} Reader;

typedef struct {
    int status;
    bool is_old; /* HTTP/1.0 */
    bool is_chunked;
    bool has_length;
    bool says_close;
    bool says_keep;
    int64_t length;
} Head;

const char *wb_framing_name(WbFraming framing)
{
    static const char *const names[] = {"length", "chunked", "eof", "none"};

    return names[framing];
}

void wb_reply_clear(WbReply *reply)
{
    if (reply->body)
        g_byte_array_unref(reply->body);
    reply->body = NULL;
}

static bool fail(WbReplyError code, const char *what, GError **error)
{
    g_set_error(error, WB_REPLY_ERROR, (int)code, "%s", what);
    return false;
}

/* More bytes into rest; false at the end of the connection (is_at_end) or on error. */
static bool fill(Reader *r, GError **error)
{
    char bytes[16384];
    ssize_t n;

    if (g_get_monotonic_time() >= r->until_us) {
        g_set_error(error, WB_WIRE_ERROR, WB_WIRE_ERROR_TIMEOUT, "the reply was not whole in time");
        return false;
    }
    n = wb_wire_receive(r->wire, bytes, sizeof bytes, error);
    if (n > 0)
        g_byte_array_append(r->rest, (const guint8 *)bytes, (unsigned)n);
    r->has_begun |= n > 0;
    r->is_at_end = n == 0;
    return n > 0;
}

/* fill, where the end of the connection is a failure. */
static bool need(Reader *r, const char *within, GError **error)
{
    g_autofree char *what = NULL;

    if (fill(r, error))
        return true;
    if (!r->is_at_end)
        return false;
    if (!r->has_begun)
        return fail(WB_REPLY_ERROR_CLOSED, "closed without an answer", error);
    what = g_strdup_printf("closed within the %s of the reply", within);
    return fail(WB_REPLY_ERROR_CUT, what, error);
}

/* Takes n bytes off the front; into the body if it is one. */
static void take(Reader *r, size_t n, bool is_body)
{
    WbReply *reply = r->reply;

    if (is_body) {
        size_t kept = MIN(n, WB_REPLY_BODY_BYTES - reply->body->len);

        if (kept > 0)
            g_byte_array_append(reply->body, r->rest->data, (unsigned)kept);
        reply->body_bytes += (int64_t)n;
    }
    reply->bytes += (int64_t)n;
    if (n > 0)
        g_byte_array_remove_range(r->rest, 0, (unsigned)n);
}

static bool take_body(Reader *r, int64_t length, GError **error)
{
    while (length > 0) {
        if (r->rest->len == 0 && !need(r, "body", error))
            return false;
        int64_t n = MIN(length, (int64_t)r->rest->len);

        take(r, (size_t)n, true);
        length -= n;
    }
    return true;
}

/* Length of the text at the front up to `end`, with it; 0 on error. */
static size_t find(Reader *r, const char *end, size_t most, const char *within, GError **error)
{
    size_t n = strlen(end);

    for (;;) {
        const guint8 *at = r->rest->len ? memmem(r->rest->data, r->rest->len, end, n) : NULL;

        if (at)
            return (size_t)(at - r->rest->data) + n;
        if (r->rest->len > most) {
            g_autofree char *what = g_strdup_printf("%s of more than %zu bytes", within, most);

            fail(WB_REPLY_ERROR_HTTP, what, error);
            return 0;
        }
        if (!need(r, within, error))
            return 0;
    }
}

static bool read_chunks(Reader *r, GError **error)
{
    for (;;) {
        size_t n = find(r, "\r\n", LINE_BYTES, "chunk size", error);
        guint64 size;
        char *end;
        char line[LINE_BYTES + 3];

        if (n == 0)
            return false;
        memcpy(line, r->rest->data, MIN(n, sizeof line - 1));
        line[MIN(n, sizeof line - 1)] = '\0';
        size = g_ascii_strtoull(line, &end, 16);
        if (!g_ascii_isxdigit(*line) || !strchr("; \t\r", *end) || size > INT64_MAX / 2)
            return fail(WB_REPLY_ERROR_HTTP, "a chunk size that is no number", error);
        take(r, n, false);
        if (size == 0)
            break;
        if (!take_body(r, (int64_t)size, error))
            return false;
        while (r->rest->len < 2)
            if (!need(r, "body", error))
                return false;
        if (memcmp(r->rest->data, "\r\n", 2) != 0)
            return fail(WB_REPLY_ERROR_HTTP, "a chunk longer than its size", error);
        take(r, 2, false);
    }
    for (size_t n = 0; n != 2; take(r, n, false)) { /* trailers */
        n = find(r, "\r\n", WB_REPLY_HEAD_BYTES, "trailer", error);
        if (n == 0)
            return false;
    }
    return true;
}

static bool read_to_end(Reader *r, GError **error)
{
    do
        take(r, r->rest->len, true);
    while (fill(r, error));
    return r->is_at_end;
}

static bool has_word(const char *list, const char *word)
{
    g_auto(GStrv) words = g_strsplit(list, ",", -1);

    for (size_t i = 0; words[i]; i++)
        if (g_ascii_strcasecmp(g_strstrip(words[i]), word) == 0)
            return true;
    return false;
}

static bool read_length(Head *head, const char *value, GError **error)
{
    char *end;
    gint64 length = g_ascii_strtoll(value, &end, 10);

    if (!g_ascii_isdigit(*value) || *end || length == G_MAXINT64)
        return fail(WB_REPLY_ERROR_HTTP, "a Content-Length that is no number", error);
    if (head->has_length && head->length != length)
        return fail(WB_REPLY_ERROR_HTTP, "two Content-Lengths that differ", error);
    head->has_length = true;
    head->length = length;
    return true;
}

static bool read_field(Head *head, char *line, GError **error)
{
    char *value = strchr(line, ':');

    if (!value || value == line)
        return fail(WB_REPLY_ERROR_HTTP, "a header line without a name", error);
    *value++ = '\0';
    g_strstrip(value);
    if (g_ascii_strcasecmp(line, "Content-Length") == 0)
        return read_length(head, value, error);
    if (g_ascii_strcasecmp(line, "Transfer-Encoding") == 0)
        head->is_chunked |= has_word(value, "chunked");
    if (g_ascii_strcasecmp(line, "Connection") == 0) {
        head->says_close |= has_word(value, "close");
        head->says_keep |= has_word(value, "keep-alive");
    }
    return true;
}

static bool read_head(Reader *r, Head *head, GError **error)
{
    size_t n = find(r, "\r\n\r\n", WB_REPLY_HEAD_BYTES, "head", error);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    const char *code;

    if (n == 0)
        return false;
    text = g_strndup((const char *)r->rest->data, n - 4);
    take(r, n, false);
    lines = g_strsplit(text, "\r\n", -1);
    *head = (Head){0};
    code = lines[0] ? lines[0] + strlen("HTTP/1.1 ") : NULL;
    if (!code || !g_str_has_prefix(lines[0], "HTTP/1.") || strlen(lines[0]) < 12 ||
        code[-1] != ' ' || !g_ascii_isdigit(code[0]) || !g_ascii_isdigit(code[1]) ||
        !g_ascii_isdigit(code[2]))
        return fail(WB_REPLY_ERROR_HTTP, "the reply is no HTTP/1", error);
    head->is_old = lines[0][7] == '0';
    head->status = (int)strtol(code, NULL, 10);
    for (size_t i = 1; lines[i]; i++)
        if (!read_field(head, lines[i], error))
            return false;
    return true;
}

static bool read_body(Reader *r, const Head *head, GError **error)
{
    if (head->status == 204 || head->status == 304) {
        r->reply->framing = WB_FRAMING_NONE;
        return true;
    }
    if (head->is_chunked) {
        r->reply->framing = WB_FRAMING_CHUNKED;
        return read_chunks(r, error);
    }
    if (head->has_length) {
        r->reply->framing = WB_FRAMING_LENGTH;
        return take_body(r, head->length, error);
    }
    r->reply->framing = WB_FRAMING_EOF;
    return read_to_end(r, error);
}

bool wb_reply_read(WbWire *wire, GByteArray *rest, int64_t until_us, WbReply *out, GError **error)
{
    g_auto(WbReply) reply = {.body = g_byte_array_new()};
    Reader r = {.wire = wire, .rest = rest, .until_us = until_us, .reply = &reply};
    Head head;

    r.has_begun = rest->len > 0;
    do {
        if (!read_head(&r, &head, error))
            return false;
    } while (head.status >= 100 && head.status < 200);
    if (!read_body(&r, &head, error))
        return false;
    reply.status = head.status;
    reply.announced_close =
        head.says_close || (head.is_old && !head.says_keep) || reply.framing == WB_FRAMING_EOF;
    *out = reply;
    reply.body = NULL;
    return true;
}
