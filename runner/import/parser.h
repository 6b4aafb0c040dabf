/*
 * Parsers of foreign logs: text in, records out. The seam at which a new tool is added: one file
 * that defines a `const WbParser`, and one line in the table of parsers.c.
 *
 * A parser is pure: it gets the whole text of one file and hands each record to a sink, in the
 * order of the text. It knows no store, no file name and no global, so several files can be
 * parsed at the same time. It reads the text once, in linear time and in memory that the text
 * cannot make grow. It never fills in what the text does not hold.
 */
#ifndef WB_RUNNER_IMPORT_PARSER_H
#define WB_RUNNER_IMPORT_PARSER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "schema/records.h"

/* Where a parser puts what it finds. Everything that a record points to is borrowed, and only
 * until the function returns. A function that returns false has set `error` and ends the parse. */
typedef struct {
    /* A run: figures with half widths, log_line, printed_mismatch. `labels` are those that the
     * text itself gives; may be NULL. */
    bool (*run)(void *user_data, const WbRun *run, const WbLabels *labels, GError **error);
    /* A figure that the text states without a run behind it, or a state such as "n/a". */
    bool (*published)(void *user_data, const WbPublished *published, const WbLabels *labels,
                      GError **error);
    /* A line that should have meant something and could not be read, and why. */
    bool (*unread)(void *user_data, const WbUnreadLine *line, GError **error);
    void *user_data;
} WbSink;

typedef struct {
    const char *name; /* as --format takes it */
    const char *what; /* what it reads, for the help */
    bool is_log;      /* output of a tool, written as it ran: a file's time is a run's time */
    bool can_refuse;  /* parse can end in WB_PARSER_ERROR behind its first record */
    bool is_binary;   /* reads no text, and only files that looks_like knows for certain */
    /**
     * looks_like: whether the text may be of this kind, by content alone.
     *
     * @param bytes, len  the text, not NUL-terminated
     */
    bool (*looks_like)(const char *bytes, size_t len);
    /**
     * parse: hands every record of the text to `sink`.
     *
     * Errors: those of the sink, and WB_PARSER_ERROR for a text that is not to be stored at all;
     * the message begins with "LINE: ".
     */
    bool (*parse)(const char *bytes, size_t len, const WbSink *sink, GError **error);
    /**
     * begin, feed, end: the same for a text of any length, piece by piece; all NULL where a parser
     * needs the text as a whole. The records are those of `parse`, wherever the pieces are cut.
     * Only for a parser that cannot refuse.
     *
     * begin: a new state (caller frees it with end); `sink` is borrowed until then.
     * feed: the next piece; each but the last ends with a line end. Errors: those of the sink,
     * after which nothing more may be fed.
     */
    void *(*begin)(const WbSink *sink);
    bool (*feed)(void *state, const char *bytes, size_t len, bool is_last, GError **error);
    void (*end)(void *state);
} WbParser;

#define WB_PARSER_ERROR (wb_parser_error_quark())
GQuark wb_parser_error_quark(void);
typedef enum {
    WB_PARSER_ERROR_TEXT,
} WbParserError;

/** wb_parsers: all parsers, in the order in which they are asked (static). */
const WbParser *const *wb_parsers(size_t *out_n);

/** wb_parser_find: by name, or NULL. */
const WbParser *wb_parser_find(const char *name);

/** wb_parser_for_binary: the one that reads these bytes, which are no text, or NULL. */
const WbParser *wb_parser_for_binary(const char *bytes, size_t len);

/** wb_parser_for: the first whose looks_like takes the text, one for all of them where several
 * tools' logs stand in one text, or NULL. */
const WbParser *wb_parser_for(const char *bytes, size_t len);

/** wb_parser_never: the looks_like of a parser that is only asked for by name. */
bool wb_parser_never(const char *bytes, size_t len);

extern const WbParser wb_parser_ab;
extern const WbParser wb_parser_autocannon;
extern const WbParser wb_parser_bombardier;
extern const WbParser wb_parser_csv;
extern const WbParser wb_parser_go_bench;
extern const WbParser wb_parser_h2load;
extern const WbParser wb_parser_hey;
extern const WbParser wb_parser_hey_csv;
extern const WbParser wb_parser_hgrm;
extern const WbParser wb_parser_hgrm_ns;
extern const WbParser wb_parser_hgrm_us;
extern const WbParser wb_parser_hgrm_s;
extern const WbParser wb_parser_hlog;
extern const WbParser wb_parser_hlog_ns;
extern const WbParser wb_parser_hlog_us;
extern const WbParser wb_parser_hlog_ms;
extern const WbParser wb_parser_json;
extern const WbParser wb_parser_k6;
extern const WbParser wb_parser_oha;
extern const WbParser wb_parser_oha_db;
extern const WbParser wb_parser_plow;
extern const WbParser wb_parser_rewrk;
extern const WbParser wb_parser_siege;
extern const WbParser wb_parser_vegeta;
extern const WbParser wb_parser_wrk;

#endif
