/*
 * The ring of the io_uring back end: its memory, and how it is made and unmade.
 */
#ifndef WB_RUNNER_ENGINE_IO_URING_RING_H
#define WB_RUNNER_ENGINE_IO_URING_RING_H

#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "runner/engine/engine.h"

/* Submissions that can be queued; they are submitted long before, see io_uring.c. */
#define WB_URING_SQ_ENTRIES 256

/* Buffers to receive into. One is taken from when the kernel fills it to when its completion was
 * told, so that few are enough; with too few a receive ends with ENOBUFS and is armed again. Not a
 * multiple of a page: their first lines must not all fall into one set of the cache. */
#define WB_URING_BUFFER_BYTES (16384 + 64)
#define WB_URING_BUFFERS_MAX  256
#define WB_URING_BUFFERS_MIN  16

/* What the kernel has, or is about to get, of one connection's present socket. */
typedef struct {
    uint32_t queued; /* number of its last submission: not submitted yet if the kernel's is less */
    bool polls;      /* waits for the connect */
    bool receives;
    bool sends;
} WbUringConn;

/* Back end state of one thread; the arrays lie behind it in the same memory. */
typedef struct {
    struct io_uring ring;
    bool open;
    bool quick; /* small sends are told at once, see io_uring.c */
    bool busy;  /* the last wait brought something */
    int iov_max;
    unsigned armed;      /* requests that will have a last completion */
    unsigned buffers_n;  /* a power of two */
    WbUringConn *conns;  /* [connections] */
    struct msghdr *msgs; /* [connections] of sends of several buffers; unused if iov_max is 1 */
    struct iovec *iovs;  /* [connections * iov_max] */
    struct io_uring_buf_ring *buffer_ring; /* on a page of its own */
    char *buffers;                         /* [buffers_n * WB_URING_BUFFER_BYTES] */
} WbUring;

/** wb_uring_memory: bytes of a WbUring and its arrays. */
size_t wb_uring_memory(const WbLoad *load, int32_t connections);

/** wb_uring_make: a ring for that many connections, by the thread that will submit to it.
 * @param u  zeroed, wb_uring_memory() bytes  @return 0 or a negative errno, as wb_uring_probe */
int wb_uring_make(WbUring *u, const WbLoad *load, int32_t connections);

/** wb_uring_unmake: takes one that could not be made. Requests that are left are cancelled. */
void wb_uring_unmake(WbUring *u);

/** wb_uring_buffer: buffer number `id`. */
static inline char *wb_uring_buffer(const WbUring *u, unsigned id)
{
    return u->buffers + (size_t)id * WB_URING_BUFFER_BYTES;
}

/** wb_uring_give_buffer: the kernel may fill buffer `id` (again). */
static inline void wb_uring_give_buffer(WbUring *u, unsigned id)
{
    io_uring_buf_ring_add(u->buffer_ring, wb_uring_buffer(u, id), WB_URING_BUFFER_BYTES,
                          (unsigned short)id, io_uring_buf_ring_mask(u->buffers_n), 0);
    io_uring_buf_ring_advance(u->buffer_ring, 1);
}

#endif
