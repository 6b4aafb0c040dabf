/*
 * TLS between a connection and its back end, over memory: the back end sees nothing but bytes, so
 * that readiness (epoll) and completion (io_uring) are served alike.
 *
 *   back end -> wb_conn_on_bytes -> wb_secure_on_bytes -> SSL_read  -> wb_conn_plain_bytes
 *   flush    -> loop->io->send    = encrypt            <- SSL_write,    its bytes -> wire->send
 *
 * Downwards it is a back end itself (WbSecureLoop.ops, with its own send and drop in front of the
 * real one's); upwards conn.c hands on what the back end tells.
 *
 * Times: the handshake counts from the TCP connect to the handshake's end as the client sees it.
 * Latency counts from before the request is encrypted to when its last byte came, before that is
 * decrypted.
 *
 * A request counts as handed over (WbConn.unsent) when the back end took the last of its
 * ciphertext, so that an answer that comes before is still told from one that comes after.
 *
 * The end of a body that ends with the connection must be a close_notify; a bare EOF may be
 * somebody cutting it short and is a read error. Where the length is known, a bare EOF is just a
 * close.
 *
 * Memory: this layer's own is reserved in setup: for each connection a WbSecure and an output
 * buffer, untouched (so not in memory) beyond what was ever in it, for each thread two buffers for
 * plain bytes. What OpenSSL 3.0 allocates on its own, counted by tests/unit/engine_tls_test.c:
 *   - reading a record: nothing. Writing one: two (TLS 1.2) or four (1.3) pieces of 40 bytes, given
 *     back before SSL_write returns, so that malloc finds them in the thread's own cache. The two
 *     record buffers (17 KB each, touched as far as records are long) come with the first handshake
 *     and stay with the SSL object, which is why SSL_MODE_RELEASE_BUFFERS is off;
 *   - a connection's first handshake: the SSL object, made on the loop's own thread before t0 and
 *     kept for all reconnects (SSL_clear);
 *   - each handshake: about two thousand pieces for keys, certificates and the transcript, all
 *     given back but for the session. So reconnects do allocate within a run, which is small beside
 *     their key exchange.
 */
#ifndef WB_RUNNER_ENGINE_SECURE_H
#define WB_RUNNER_ENGINE_SECURE_H

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include "runner/engine/loop.h"

/* Plain bytes of one record at most. */
#define WB_SECURE_RECORD_BYTES 16384

/* Output buffer: a whole record, and what TLS says on its own while that is under way. */
#define WB_SECURE_OUT_BYTES 32768

/* Plain bytes told to a connection at once. */
#define WB_SECURE_PLAIN_BYTES (8 * WB_SECURE_RECORD_BYTES)

/* Handshakes under way at once in a thread while all connections are opened: each costs a server
 * 0.1 to 2 ms, and thousands at once would run into the timeout by queueing alone; far fewer would
 * make a distant server's take long. */
#define WB_SECURE_SHAKES 512

/* TLS of one connection. */
typedef struct {
    SSL *ssl;             /* NULL until the first handshake */
    SSL_SESSION *session; /* the newest one given, offered by the next handshake; or NULL */
    const char *in;       /* ciphertext that came and was not read yet (the back end's) */
    size_t in_len;
    char *out;     /* [WB_SECURE_OUT_BYTES] ciphertext to send */
    size_t out_at; /* handed over so far */
    size_t out_len;
    size_t plain;     /* request bytes within `out` */
    size_t plain_end; /* where the last of them is in `out` */
    int64_t begun_ns; /* when the TCP connection was there */
    bool live;        /* handshake done, nothing fatal since */
    bool busy;        /* a send of the back end is under way */
    bool pumping;     /* within pump() */
    bool blocked;     /* no request could be written; tried again after each read and send */
} WbSecure;

/* TLS of one thread. */
struct WbSecureLoop {
    WbIoOps ops;         /* stands for `wire` towards the connections */
    const WbIoOps *wire; /* the back end */
    WbSecure *all;       /* [conns_n] */
    BIO_METHOD *method;
    char *gather; /* [WB_SECURE_RECORD_BYTES] several requests become one record */
    char *plain;  /* [WB_SECURE_PLAIN_BYTES] */
    int64_t resumed;
    int64_t name_at_ns; /* when the first handshake was done; 0 none */
    char name[64];      /* what it agreed on */
    int64_t error_at_ns;
    char error[160]; /* the first failure in words */
};

/* ---- setup_secure.c: may allocate ---- */

/** wb_secure_memory: bytes that a thread with so many connections needs; 0 for plain HTTP. */
size_t wb_secure_memory(const WbLoad *load, int32_t connections);

/** wb_secure_init: put TLS between the loop's connections and its back end, loop->io, if the load
 * asks for it: loop->secure is then wb_secure_memory() zeroed bytes. @return 0 or -ENOMEM */
int wb_secure_init(WbLoop *loop);

/** wb_secure_clear: free all that is OpenSSL's, after the loop's end; takes a plain loop. */
void wb_secure_clear(WbLoop *loop);

/** wb_secure_prepare: an SSL object ready for a handshake: a new one, or the one there anew. It is
 * told whom to ask for (SNI, ALPN http/1.1), whom to verify, and the session to resume.
 * @return 0 or -ENOMEM */
int wb_secure_prepare(WbLoop *loop, WbSecure *s);

/** wb_secure_merge: tls, tls_resumed and tls_error of a result, out of n loops. */
void wb_secure_merge(WbLoadResult *result, WbLoop *const *loops, int n);

/* ---- secure.c: called by conn.c, and by OpenSSL ---- */

/** wb_secure_begin: the socket is connected: begin the handshake. Its end is told by
 * wb_conn_ready, or wb_conn_on_error while the connection is WB_CONN_SHAKING. */
void wb_secure_begin(WbLoop *loop, WbConn *c, int64_t now);

/** wb_secure_on_bytes, wb_secure_on_sent: what io.h says of wb_conn_on_bytes and wb_conn_on_sent.
 */
bool wb_secure_on_bytes(WbLoop *loop, WbConn *c, const char *bytes, size_t len, int64_t now);
void wb_secure_on_sent(WbLoop *loop, WbConn *c, int64_t sent, int64_t now);

/** wb_secure_ended: whether the EOF that was told is one that a body may end with: always without
 * TLS, else if the peer said close_notify. If not, that is kept as the failure's text. */
bool wb_secure_ended(WbLoop *loop, const WbConn *c, int64_t now);

/** wb_secure_send, wb_secure_drop: of WbSecureLoop.ops. */
void wb_secure_send(WbLoop *loop, WbConn *c, const struct iovec *iov, int iov_n, int64_t now);
void wb_secure_drop(WbLoop *loop, WbConn *c);

/** The BIO's: read from WbSecure.in, write to WbSecure.out. */
int wb_secure_bio_read(BIO *bio, char *to, size_t len, size_t *out_n);
int wb_secure_bio_write(BIO *bio, const char *from, size_t len, size_t *out_n);
long wb_secure_bio_ctrl(BIO *bio, int command, long number, void *pointer);

#endif
