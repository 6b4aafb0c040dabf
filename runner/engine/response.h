/*
 * Scanner for HTTP/1.x responses: where does one response end, and what did it say?
 *
 * It is fed bytes as they come, cut anywhere, keeps no bytes of its own (a response may be of any
 * length) and reads only what framing needs: the status, Content-Length, Transfer-Encoding and
 * Connection. The bytes after a whole response are left to the caller, so that several responses
 * in one buffer (pipelining) are read one after the other.
 *
 * What it holds a response to (RFC 9112):
 *   - the status line is HTTP/1.DIGIT SP 3DIGIT; empty lines before it are passed over;
 *   - field names are tokens with the colon right behind; lines end with LF or CRLF; a line that
 *     begins with white space continues the field before it;
 *   - conflicting lengths are refused: Content-Length twice with different values, or together
 *     with Transfer-Encoding (section 6.3 lets the receiver treat that as an error; a benchmark
 *     must not guess where a response ends). The same value twice is accepted;
 *   - chunks end with CRLF exactly; trailer fields are read and dropped;
 *   - 1xx responses are passed over, but for 101, which is final and ends the connection's HTTP;
 *   - HEAD, 101, 204 and 304 have no body; without any length the body ends with the connection.
 */
#ifndef WB_RUNNER_ENGINE_RESPONSE_H
#define WB_RUNNER_ENGINE_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/engine/engine.h"

/* Longest head, trailer section or chunk size line. */
#define WB_RESPONSE_HEAD_MAX 65536

/* Bytes that a body must have (borrowed). */
typedef struct {
    const char *bytes;
    size_t len;
} WbBodyCheck;

/* One response while it comes in. Readers may use the fields above the line. */
typedef struct {
    int status;         /* 0 until the status line was read */
    bool body_differs;  /* a body byte was not as the WbBodyCheck says */
    bool head_done;     /* the final head was read */
    int64_t head_bytes; /* of whole heads so far: the final one and interim (1xx) ones before it */
    int64_t body_bytes; /* of the body itself, without chunk framing, so far */

    /* ---- private ---- */
    int64_t left;       /* body or chunk bytes to come */
    int64_t length;     /* Content-Length, or the one being read; -1 none yet */
    const char *mark;   /* within a feed: where the stretch below (or its rest) begins */
    int32_t line_bytes; /* of an unfinished head, trailer section or chunk line, so far */
    uint8_t state;
    uint8_t field;     /* which field the value belongs to */
    uint8_t pos;       /* within the status line */
    uint8_t token_len; /* 0 .. sizeof token; longer tokens stay at the full length */
    bool is_head;
    bool http_1_0;
    bool close;
    bool keep_alive;
    bool has_length;
    bool has_coding; /* Transfer-Encoding was there */
    bool chunked;    /* and chunked was its last coding */
    bool in_trailer;
    bool value_closed; /* within a value: digits or a token have ended, only a comma may follow */
    char token[18];    /* lower case; longer than any token that matters */
} WbResponse;

/** wb_response_begin: make ready for the next response.
 * @param is_head  it answers a HEAD request and has no body, whatever its head says */
void wb_response_begin(WbResponse *r, bool is_head);

/**
 * wb_response_feed: take in the next bytes.
 *
 * @param check     what the body must be; NULL: any
 * @param bytes     [len] borrowed
 * @param out_used  set to how many bytes belong to this response (all of them unless it is whole
 *                  or bad)
 * @return          1 the response is whole; 0 more is needed; a negative WbCode when the bytes are
 *                  no response (then only wb_response_begin may follow)
 */
int wb_response_feed(WbResponse *r, const WbBodyCheck *check, const char *bytes, size_t len,
                     size_t *out_used);

/** wb_response_end: the peer closed. @return 1 if that makes the response whole, else WB_CODE_EOF
 */
int wb_response_end(const WbResponse *r);

/** wb_response_phase: WB_PHASE_WAIT (no byte yet), WB_PHASE_HEAD or WB_PHASE_BODY. */
WbPhase wb_response_phase(const WbResponse *r);

/** wb_response_keeps: whether a whole response leaves its connection open for another request. */
bool wb_response_keeps(const WbResponse *r);

/** wb_response_is_blank: whether bytes are nothing but line ends, as old servers add after a body.
 */
bool wb_response_is_blank(const char *bytes, size_t len);

#endif
