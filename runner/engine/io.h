/*
 * The back end of a loop: how sockets are watched, read and written. Small on purpose, so that
 * epoll (readiness) and io_uring (completion) both fit behind it and connections know neither.
 *
 * A back end owns nothing of HTTP. It is told to watch, send and drop; from within `wait` (and, for
 * a send that is done at once, from within `send`) it tells the connection what happened:
 *
 *   wb_conn_on_connect   the socket is connected (wb_conn_resume follows), or why not
 *   wb_conn_on_bytes     bytes came, in a buffer that is the back end's again on return
 *   wb_conn_on_eof       the peer closed
 *   wb_conn_on_error     receiving failed
 *   wb_conn_on_sent      so many bytes of the last send are gone (0: try again now), or -errno
 *   wb_conn_resume       everything that had come was told: the connection may send again
 *
 * Bytes, and an EOF known to follow them, are told before wb_conn_resume: a connection that the
 * peer has closed is not sent another request. After any of the calls the connection may have been
 * dropped and opened anew (`gen` differs then); what was under way for the old socket must no
 * longer be told. After the end (loop->over) it is told as before: answers in flight are waited
 * for.
 */
#ifndef WB_RUNNER_ENGINE_IO_H
#define WB_RUNNER_ENGINE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "runner/engine/engine.h"

typedef struct WbConn WbConn;
typedef struct WbLoop WbLoop;

/* Most buffers in one send. */
#define WB_IO_IOV_MAX 64

typedef struct {
    WbIo id;

    /** memory: bytes of loop->io_state for a thread with so many connections. */
    size_t (*memory)(const WbLoad *load, int32_t connections);

    /** open: make ready, on the loop's own thread. @return 0 or a negative errno */
    int (*open)(WbLoop *loop);

    /** close: undo open; takes a loop whose open failed. Sockets are dropped before. */
    void (*close)(WbLoop *loop);

    /** watch: a non-blocking socket, c->fd, is connecting or connected: tell wb_conn_on_connect.
     * @return 0 or a negative errno (then nothing is watched) */
    int (*watch)(WbLoop *loop, WbConn *c);

    /** send: hand over bytes, which stay unchanged while the load runs; the array is borrowed for
     * the call only. One send at a time is under way on a connection: until wb_conn_on_sent. */
    void (*send)(WbLoop *loop, WbConn *c, const struct iovec *iov, int iov_n, int64_t now);

    /** drop: forget and close c->fd; unread bytes are lost. */
    void (*drop)(WbLoop *loop, WbConn *c);

    /** wait: sleep until something happens or the clock shows `until_ns`, and tell all of it. */
    void (*wait)(WbLoop *loop, int64_t now, int64_t until_ns);
} WbIoOps;

/* Readiness by epoll: always there. */
extern const WbIoOps wb_io_epoll;

#endif
