/*
 * Pieces of a long text end with a line; what is left of the last line waits at the begin of the
 * window for the next bytes. A line that fills the window is no line of a log.
 */
#include "runner/import/reader.h"

#include <openssl/evp.h>
#include <string.h>

#define PIECE_BYTES ((size_t)256 * 1024)

struct WbReader {
    WbSource *source;
    WbLogPacker *packer;
    EVP_MD_CTX *digest;
    char *window; /* [WB_READER_WHOLE_BYTES + 1] */
};

/* The reading of one text. */
typedef struct {
    WbReader *reader;
    WbPartFn each;
    void *user_data;
    const WbKnown *known;
    char *file_time; /* when the file was written; NULL: not known */
    bool is_log;     /* the parser reads what a tool wrote as it ran (WbParser.is_log) */
    bool is_long;
    bool has_run;
    WbPart *part; /* being filled */
    int64_t bytes;
    bool is_stopped;
} Reading;

/* Ends a parse without being an error: nobody wants the rest. */
#define STOPPED_ERROR (g_quark_from_static_string("wb_reader_stopped_error"))

WbReader *wb_reader_new(void)
{
    WbReader *reader = g_new0(WbReader, 1);

    reader->source = wb_source_new();
    reader->packer = wb_log_packer_new();
    reader->digest = EVP_MD_CTX_new();
    reader->window = g_malloc(WB_READER_WHOLE_BYTES + 1);
    return reader;
}

void wb_reader_free(WbReader *reader)
{
    if (!reader)
        return;
    wb_source_free(reader->source);
    wb_log_packer_free(reader->packer);
    EVP_MD_CTX_free(reader->digest);
    g_free(reader->window);
    g_free(reader);
}

/* ---- parts ---------------------------------------------------------------------------------- */

static bool give(Reading *reading)
{
    WbPart *part = g_steal_pointer(&reading->part);

    if (!reading->each(reading->user_data, part, reading->is_long))
        reading->is_stopped = true;
    return !reading->is_stopped;
}

static WbPart *current(Reading *reading)
{
    if (!reading->part)
        reading->part = wb_part_new();
    return reading->part;
}

/* Hands on a part that is full. */
static bool added(Reading *reading, GError **error)
{
    if (reading->part->items->len < WB_PART_ITEMS || give(reading))
        return true;
    g_set_error_literal(error, STOPPED_ERROR, 0, "stopped");
    return false;
}

static bool on_run(void *user_data, const WbRun *parsed, const WbLabels *own, GError **error)
{
    Reading *reading = user_data;
    WbLabels *labels;
    WbRun run = *parsed;

    if (!wb_complete_labels(reading->known, own, run.log_line, &labels, error))
        return false;
    wb_complete_run(reading->known, &run, !reading->has_run,
                    reading->is_log ? reading->file_time : NULL);
    reading->has_run = true;
    wb_part_add_run(current(reading), &run, labels);
    return added(reading, error);
}

static bool on_published(void *user_data, const WbPublished *parsed, const WbLabels *own,
                         GError **error)
{
    Reading *reading = user_data;
    WbLabels *labels;
    WbPublished published = *parsed;

    if (!wb_complete_labels(reading->known, own, published.log_line, &labels, error))
        return false;
    wb_complete_published(reading->known, &published);
    wb_part_add_published(current(reading), &published, labels);
    return added(reading, error);
}

static bool on_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    wb_part_add_unread(current(user_data), line);
    return added(user_data, error);
}

static void give_last(Reading *reading)
{
    current(reading)->is_last = true;
    give(reading);
}

/* The text is not to be stored; `why` is copied. */
static void fail(Reading *reading, WbPartFailure failed, const char *why)
{
    current(reading)->failed = failed;
    reading->part->why = g_strdup(why);
    give_last(reading);
}

static void fail_source(Reading *reading)
{
    const WbSource *source = reading->reader->source;

    fail(reading,
         wb_source_state(source) == WB_SOURCE_PASSED_OVER ? WB_PART_PASSED_OVER
                                                          : WB_PART_UNREADABLE,
         wb_source_why(source));
}

/* ---- digest --------------------------------------------------------------------------------- */

static void digest_begin(const Reading *reading)
{
    if (EVP_DigestInit_ex(reading->reader->digest, EVP_sha256(), NULL) != 1)
        g_error("libcrypto has no SHA-256");
}

static void digest_add(Reading *reading, const char *bytes, size_t len)
{
    EVP_DigestUpdate(reading->reader->digest, bytes, len);
    reading->bytes += (int64_t)len;
}

static void digest_end(Reading *reading)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    GString *hex = g_string_sized_new(64);

    EVP_DigestFinal_ex(reading->reader->digest, digest, &n);
    for (unsigned int i = 0; i < n; i++) {
        g_string_append_c(hex, digits[digest[i] >> 4]);
        g_string_append_c(hex, digits[digest[i] & 15]);
    }
    current(reading)->sha256 = g_string_free(hex, FALSE);
    reading->part->bytes = reading->bytes;
}

/* ---- whole texts ---------------------------------------------------------------------------- */

/* The sink of a trial: nothing is kept. */
static bool take_run(void *user_data, const WbRun *run, const WbLabels *own, GError **error)
{
    const Reading *reading = user_data;
    g_autoptr(WbLabels) labels = NULL;

    return wb_complete_labels(reading->known, own, run->log_line, &labels, error);
}

static bool take_published(void *user_data, const WbPublished *published, const WbLabels *own,
                           GError **error)
{
    const Reading *reading = user_data;
    g_autoptr(WbLabels) labels = NULL;

    return wb_complete_labels(reading->known, own, published->log_line, &labels, error);
}

static bool take_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    (void)user_data;
    (void)line;
    (void)error;
    return true;
}

static void pack_whole(Reading *reading, const char *bytes, size_t len)
{
    digest_begin(reading);
    digest_add(reading, bytes, len);
    digest_end(reading);
    wb_log_pack(reading->reader->packer, bytes, len, &reading->part->log);
    reading->part->has_log = true;
}

static void read_whole(Reading *reading, const WbParser *parser, const char *bytes, size_t len)
{
    const WbSink trial = {take_run, take_published, take_unread, reading};
    const WbSink sink = {on_run, on_published, on_unread, reading};
    g_autoptr(GError) error = NULL;

    reading->is_log = parser && parser->is_log;
    /* A text that can be refused is parsed twice, so that none of it is handed on if it is. */
    if (parser && parser->can_refuse && !parser->parse(bytes, len, &trial, &error)) {
        fail(reading, WB_PART_REFUSED, error->message);
        return;
    }
    pack_whole(reading, bytes, len);
    if (parser && !parser->parse(bytes, len, &sink, &error)) {
        if (!reading->is_stopped)
            fail(reading, WB_PART_REFUSED, error->message);
        return;
    }
    give_last(reading);
}

/* The rest of a text whose begin is in the window, in one piece; NULL: it could not be read. */
static char *read_rest(WbReader *reader, size_t have, size_t *out_len)
{
    size_t size = 2 * have;
    char *text = g_malloc(size);
    size_t len = have;

    memcpy(text, reader->window, have);
    for (;;) {
        size_t got;

        if (!wb_source_read(reader->source, text + len, size - len, &got)) {
            g_free(text);
            return NULL;
        }
        len += got;
        if (len < size)
            break;
        size *= 2;
        text = g_realloc(text, size);
    }
    *out_len = len;
    return text;
}

/* What reads these bytes; NULL: nobody, and *out_why, if set, says why they are no text. */
static const WbParser *parser_for(const WbParser *forced, const char *bytes, size_t len,
                                  const char **out_why)
{
    const WbParser *binary = forced ? NULL : wb_parser_for_binary(bytes, len);

    *out_why = NULL;
    if (binary || (forced && forced->is_binary))
        return binary ? binary : forced;
    *out_why = wb_source_not_text(bytes, len, true);
    return *out_why ? NULL : forced ? forced : wb_parser_for(bytes, len);
}

static void read_long_whole(Reading *reading, const WbParser *forced, size_t have)
{
    size_t len;
    g_autofree char *text = read_rest(reading->reader, have, &len);
    const WbParser *parser;
    const char *why;

    if (!text) {
        fail_source(reading);
        return;
    }
    parser = parser_for(forced, text, len, &why);
    if (why)
        fail(reading, WB_PART_PASSED_OVER, why);
    else
        read_whole(reading, parser, text, len);
}

/* ---- long texts, in pieces ------------------------------------------------------------------ */

/* Feeds a piece and packs it as one part of the log. */
static bool take_piece(Reading *reading, const WbParser *parser, void *state, const char *bytes,
                       size_t len, bool is_last)
{
    const char *why = wb_source_not_text(bytes, len, false);
    g_autoptr(GError) error = NULL;

    if (why) {
        fail(reading, WB_PART_PASSED_OVER, why);
        return false;
    }
    digest_add(reading, bytes, len);
    if (reading->part && reading->part->has_log && !give(reading))
        return false;
    wb_log_pack(reading->reader->packer, bytes, len, &current(reading)->log);
    reading->part->has_log = true;
    if (parser->feed(state, bytes, len, is_last, &error))
        return true;
    if (!reading->is_stopped)
        fail(reading, WB_PART_REFUSED, error->message);
    return false;
}

/* Where a piece of `have` bytes ends: behind its last line. */
static size_t piece_end(const char *window, size_t have, bool at_end)
{
    const char *line_end;

    if (at_end && have <= PIECE_BYTES)
        return have;
    line_end = memrchr(window, '\n', MIN(have, PIECE_BYTES));
    if (!line_end && have > PIECE_BYTES)
        line_end = memchr(window + PIECE_BYTES, '\n', have - PIECE_BYTES);
    if (line_end)
        return (size_t)(line_end - window) + 1;
    return at_end ? have : 0;
}

/* Feeds what the window holds, as far as whole lines go; *have: what is left of it. */
static bool empty_window(Reading *reading, const WbParser *parser, void *state, size_t *have,
                         bool at_end)
{
    char *window = reading->reader->window;
    size_t at = 0;

    if (at_end && *have == 0)
        return take_piece(reading, parser, state, window, 0, true);
    for (;;) {
        size_t n = piece_end(window + at, *have - at, at_end);

        if (n == 0 || (!at_end && *have - at < PIECE_BYTES))
            break;
        if (!take_piece(reading, parser, state, window + at, n, at_end && at + n == *have))
            return false;
        at += n;
    }
    memmove(window, window + at, *have - at);
    *have -= at;
    if (*have < WB_READER_WHOLE_BYTES)
        return true;
    fail(reading, WB_PART_UNREADABLE, "has a line of more than 4 MiB, which no log has");
    return false;
}

static bool feed_all(Reading *reading, const WbParser *parser, void *state, size_t have)
{
    bool at_end = false;

    for (;;) {
        size_t got;

        if (!empty_window(reading, parser, state, &have, at_end))
            return false;
        if (at_end)
            return true;
        if (!wb_source_read(reading->reader->source, reading->reader->window + have,
                            WB_READER_WHOLE_BYTES - have, &got)) {
            fail_source(reading);
            return false;
        }
        at_end = got < WB_READER_WHOLE_BYTES - have;
        have += got;
    }
}

static void read_pieces(Reading *reading, const WbParser *parser, size_t have)
{
    const WbSink sink = {on_run, on_published, on_unread, reading};
    void *state = parser->begin(&sink);

    reading->is_log = parser->is_log;
    reading->is_long = true;
    digest_begin(reading);
    if (feed_all(reading, parser, state, have)) {
        digest_end(reading);
        give_last(reading);
    }
    parser->end(state);
}

/* ---- any text ------------------------------------------------------------------------------- */

static void read_text(Reading *reading, const WbParser *forced)
{
    WbReader *reader = reading->reader;
    const WbParser *parser;
    const char *why;
    size_t have;

    if (!wb_source_read(reader->source, reader->window, WB_READER_WHOLE_BYTES, &have)) {
        fail_source(reading);
        return;
    }
    parser = parser_for(forced, reader->window, have, &why);
    if (why) {
        fail(reading, WB_PART_PASSED_OVER, why);
        return;
    }
    if (have < WB_READER_WHOLE_BYTES)
        read_whole(reading, parser, reader->window, have);
    else if (parser && parser->feed)
        read_pieces(reading, parser, have);
    else
        read_long_whole(reading, forced, have);
}

static char *iso_time(int64_t us)
{
    g_autoptr(GDateTime) second = g_date_time_new_from_unix_utc(us / 1000000);
    g_autoptr(GDateTime) time = second ? g_date_time_add(second, us % 1000000) : NULL;

    return time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S.%fZ") : NULL;
}

void wb_reader_read(WbReader *reader, const char *path, const WbParser *parser,
                    const WbKnown *known, WbPartFn each, void *user_data)
{
    Reading reading = {.reader = reader, .known = known, .each = each, .user_data = user_data};

    if (!wb_source_open(reader->source, path)) {
        fail_source(&reading);
    } else {
        int64_t modified_us = wb_source_modified_us(reader->source);

        reading.file_time = modified_us == WB_NONE ? NULL : iso_time(modified_us);
        read_text(&reading, parser);
    }
    wb_source_close(reader->source);
    wb_part_free(reading.part);
    g_free(reading.file_time);
}
