/*
 * Reply: one HTTP/1 response read from a wire, for readiness and probe. What it keeps is bounded.
 */
#ifndef WB_RUNNER_REPLY_H
#define WB_RUNNER_REPLY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/wire.h"

#define WB_REPLY_BODY_BYTES (1 << 20) /* kept and hashed; the rest is counted only */
#define WB_REPLY_HEAD_BYTES 65536     /* a longer head is refused */

#define WB_REPLY_ERROR (wb_reply_error_quark())
GQuark wb_reply_error_quark(void);
typedef enum {
    WB_REPLY_ERROR_CLOSED, /* the peer closed before the first byte */
    WB_REPLY_ERROR_CUT,    /* ... before the reply was whole */
    WB_REPLY_ERROR_HTTP,   /* not HTTP/1, or it contradicts itself */
} WbReplyError;

typedef enum {
    WB_FRAMING_LENGTH,
    WB_FRAMING_CHUNKED,
    WB_FRAMING_EOF,  /* the body ends with the connection */
    WB_FRAMING_NONE, /* 204, 304: no body by definition */
} WbFraming;

/** wb_framing_name: "length" "chunked" "eof" "none" (static). */
const char *wb_framing_name(WbFraming framing);

typedef struct {
    int status;
    WbFraming framing;
    bool announced_close; /* Connection: close, HTTP/1.0 without keep-alive, or framed by EOF */
    int64_t bytes;        /* head (interim ones, too) and body as on the wire */
    int64_t body_bytes;   /* decoded */
    GByteArray *body;     /* first WB_REPLY_BODY_BYTES of it */
} WbReply;

void wb_reply_clear(WbReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbReply, wb_reply_clear)

/**
 * wb_reply_read: one whole reply to a GET; 1xx replies before it are skipped.
 *
 * @param rest   bytes that came behind the last reply on this wire; afterwards those behind this
 * @param until_us  monotonic time (g_get_monotonic_time) by which it must be whole
 * @param out    set to the reply (wb_reply_clear); untouched on error
 * @return       false with WB_REPLY_ERROR or WB_WIRE_ERROR
 */
bool wb_reply_read(WbWire *wire, GByteArray *rest, int64_t until_us, WbReply *out, GError **error);

#endif
