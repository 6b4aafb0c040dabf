/*
 * The io_uring back end: one system call for a batch of requests and responses.
 *
 * Each socket is polled once, for its connect. Then a receive is armed that stays so (multishot)
 * and fills buffers of a ring that we provide. Sends are queued, and submitted with the wait or
 * when SUBMIT_EVERY of them have come together, so that a server need not wait for its next
 * request until all other responses of the batch are looked at.
 *
 * Sends: where requests are small and one at a time is under way on a connection ("quick"), the
 * socket's buffer is empty whenever one is sent, so it takes the whole of it. Such a send is told
 * at once, like one of the epoll back end, and completes visibly only if it fails. It saves a
 * completion per request and, more, the wake-up that each of them were. All others (larger ones,
 * pipelined, TLS, whose bytes must stay until they are gone) are told when they complete.
 *
 * A completion carries connection and generation; one of a socket that is gone is not told, only
 * its buffer is given back. A submission names its socket by number: it must have reached the
 * kernel before that number is free for another socket. So `drop` submits first if it must. Then
 * it closes, which frees the number, and cancels: a request that the kernel still has holds the
 * socket open. Its end comes within the next submit.
 *
 * What comes together is told together: of two completions of one receive in a row, or while the
 * kernel says that there is more to read, the connection resumes after the last, as it would be
 * sent another request although its peer is known to have closed.
 */
#include "runner/engine/io_uring.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "runner/engine/clock.h"
#include "runner/engine/conn.h"
#include "runner/engine/io_uring_ring.h"
#include "runner/engine/loop.h"

/* About what one wait brings (recent kernels work off 20 receives at a time). Every 16 was not
 * measurably better or worse. */
#define SUBMIT_EVERY 32

/* Largest send that is "quick": far below the least that a socket buffers. */
#define QUICK_BYTES 2048

/* What --coalesce waits for. */
#define COALESCE_MOST 32
#define COALESCE_NS   INT64_C(100000)

/* How long close waits for the last completions. */
#define CLOSE_NS (100 * WB_MS_NS)

_Static_assert(WB_LOAD_MAX_CONNECTIONS < 1 << 24, "a connection's number has 24 bits");

/* user_data: generation (32 bits), connection (24, see WB_LOAD_MAX_CONNECTIONS), kind (8). */
typedef enum {
    KIND_OTHER,
    KIND_POLL,
    KIND_RECEIVE,
    KIND_SEND,
    KIND_QUICK, /* completes only if it fails */
} Kind;

static uint64_t tag_of(const WbLoop *loop, const WbConn *c, Kind kind)
{
    return (uint64_t)c->gen << 32 | (uint64_t)(uint32_t)(c - loop->conns) << 8 | (uint64_t)kind;
}

static WbUringConn *state_of(const WbLoop *loop, const WbConn *c)
{
    const WbUring *u = loop->io_state;

    return &u->conns[c - loop->conns];
}

/* ---- submitting ---- */

static unsigned queued(const WbUring *u)
{
    return u->ring.sq.sqe_tail - io_uring_smp_load_acquire(u->ring.sq.khead);
}

/* NULL: the kernel takes no more (out of memory). */
static struct io_uring_sqe *new_sqe(WbUring *u)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&u->ring);

    if (!sqe) {
        io_uring_submit(&u->ring);
        sqe = io_uring_get_sqe(&u->ring);
    }
    return sqe;
}

/* Finish a submission of this connection. */
static void tag(WbLoop *loop, WbConn *c, struct io_uring_sqe *sqe, Kind kind)
{
    WbUring *u = loop->io_state;

    io_uring_sqe_set_data64(sqe, tag_of(loop, c, kind));
    state_of(loop, c)->queued = u->ring.sq.sqe_tail;
}

static bool is_submitted(const WbUring *u, const WbUringConn *s)
{
    return (int32_t)(s->queued - io_uring_smp_load_acquire(u->ring.sq.khead)) <= 0;
}

static void submit_batch(WbUring *u)
{
    if (queued(u) >= SUBMIT_EVERY)
        io_uring_submit(&u->ring);
}

/* Returns false if it could not be queued. */
static bool poll_connect(WbLoop *loop, WbConn *c)
{
    WbUring *u = loop->io_state;
    struct io_uring_sqe *sqe = new_sqe(u);

    if (!sqe)
        return false;
    io_uring_prep_poll_add(sqe, c->fd, POLLOUT | POLLIN | POLLRDHUP);
    tag(loop, c, sqe, KIND_POLL);
    state_of(loop, c)->polls = true;
    u->armed++;
    return true;
}

static bool receive(WbLoop *loop, WbConn *c)
{
    WbUring *u = loop->io_state;
    struct io_uring_sqe *sqe = new_sqe(u);

    if (!sqe)
        return false;
    io_uring_prep_recv_multishot(sqe, c->fd, NULL, 0, 0);
    sqe->ioprio |= IORING_RECVSEND_POLL_FIRST;
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = 0;
    tag(loop, c, sqe, KIND_RECEIVE);
    state_of(loop, c)->receives = true;
    u->armed++;
    return true;
}

/* Copy as many buffers as there is room for, to where they stay until the send completes. */
static void prepare_message(WbLoop *loop, WbConn *c, struct io_uring_sqe *sqe,
                            const struct iovec *iov, int iov_n)
{
    WbUring *u = loop->io_state;
    size_t at = (size_t)(c - loop->conns);
    struct msghdr *msg = &u->msgs[at];

    if (iov_n > u->iov_max)
        iov_n = u->iov_max;
    msg->msg_iov = u->iovs + at * (size_t)u->iov_max;
    msg->msg_iovlen = (size_t)iov_n;
    memcpy(msg->msg_iov, iov, (size_t)iov_n * sizeof *iov);
    io_uring_prep_sendmsg(sqe, c->fd, msg, MSG_NOSIGNAL);
}

static void uring_send(WbLoop *loop, WbConn *c, const struct iovec *iov, int iov_n, int64_t now)
{
    WbUring *u = loop->io_state;
    struct io_uring_sqe *sqe = new_sqe(u);

    if (!sqe) {
        wb_conn_on_sent(loop, c, -ENOBUFS, now);
        return;
    }
    if (u->quick && iov_n == 1 && iov->iov_len <= QUICK_BYTES) {
        size_t len = iov->iov_len;

        io_uring_prep_send(sqe, c->fd, iov->iov_base, len, MSG_NOSIGNAL | MSG_WAITALL);
        sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
        tag(loop, c, sqe, KIND_QUICK);
        submit_batch(u);
        wb_conn_on_sent(loop, c, (int64_t)len, now);
        return;
    }
    if (iov_n == 1 || u->iov_max == 1)
        io_uring_prep_send(sqe, c->fd, iov->iov_base, iov->iov_len, MSG_NOSIGNAL);
    else
        prepare_message(loop, c, sqe, iov, iov_n);
    tag(loop, c, sqe, KIND_SEND);
    state_of(loop, c)->sends = true;
    u->armed++;
    submit_batch(u);
}

/* ---- dropping ---- */

/* The kernel would not take what is queued of this connection: it must never do. */
static void withdraw(WbLoop *loop, const WbConn *c)
{
    WbUring *u = loop->io_state;
    struct io_uring_sq *sq = &u->ring.sq;

    for (unsigned i = io_uring_smp_load_acquire(sq->khead); i != sq->sqe_tail; i++) {
        struct io_uring_sqe *sqe = &sq->sqes[i & sq->ring_mask];

        if ((sqe->user_data | UINT8_MAX) != (tag_of(loop, c, KIND_OTHER) | UINT8_MAX))
            continue;
        u->armed -= (sqe->user_data & UINT8_MAX) != KIND_QUICK;
        io_uring_prep_nop(sqe);
        io_uring_sqe_set_data64(sqe, KIND_OTHER);
    }
}

static void cancel(WbLoop *loop, const WbConn *c, Kind kind)
{
    struct io_uring_sqe *sqe = new_sqe(loop->io_state);

    if (!sqe)
        return; /* the socket lives until the ring is closed: it is not told any more */
    io_uring_prep_cancel64(sqe, tag_of(loop, c, kind), 0);
    sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
    io_uring_sqe_set_data64(sqe, KIND_OTHER);
}

static void uring_drop(WbLoop *loop, WbConn *c)
{
    WbUring *u = loop->io_state;
    WbUringConn *s = state_of(loop, c);

    if (!is_submitted(u, s))
        io_uring_submit(&u->ring);
    if (!is_submitted(u, s))
        withdraw(loop, c);
    close(c->fd);
    if (s->polls)
        cancel(loop, c, KIND_POLL);
    if (s->receives)
        cancel(loop, c, KIND_RECEIVE);
    if (s->sends)
        cancel(loop, c, KIND_SEND);
    s->polls = s->receives = s->sends = false;
}

/* ---- completions ---- */

/* How the connect ended: 0 or errno; ECONNRESET: well, but it was reset since. */
static int connect_error(const WbConn *c, const struct io_uring_cqe *cqe)
{
    int error = 0;
    socklen_t len = sizeof error;

    if (cqe->res < 0)
        return -cqe->res;
    if (!(cqe->res & (POLLERR | POLLHUP)))
        return 0;
    if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        return errno;
    return error == 0 && !(cqe->res & POLLOUT) ? ECONNRESET : error;
}

static void on_poll(WbLoop *loop, WbConn *c, const struct io_uring_cqe *cqe)
{
    uint32_t gen = c->gen;
    int error = connect_error(c, cqe);

    state_of(loop, c)->polls = false;
    wb_conn_on_connect(loop, c, error == ECONNRESET ? 0 : error, wb_clock_now());
    if (c->gen != gen)
        return;
    if (error == 0 && !receive(loop, c))
        error = ENOBUFS;
    if (error != 0)
        wb_conn_on_error(loop, c, error, wb_clock_now());
    else if (!(cqe->res & (POLLIN | POLLRDHUP))) /* else the receive has something to tell first */
        wb_conn_resume(loop, c, wb_clock_now());
}

/* The receive only has to be armed again: mostly, all buffers were in use. */
static bool is_pause(int res)
{
    return res == -ENOBUFS || res == -EAGAIN || res == -EINTR;
}

/* `follows`: the next completion tells more of this receive. */
static void on_receive(WbLoop *loop, WbConn *c, const struct io_uring_cqe *cqe, bool follows)
{
    const WbUring *u = loop->io_state;
    WbUringConn *s = state_of(loop, c);
    int64_t now = wb_clock_now();
    int error = 0;

    s->receives = (cqe->flags & IORING_CQE_F_MORE) != 0;
    if (cqe->res > 0) {
        const char *bytes = wb_uring_buffer(u, cqe->flags >> IORING_CQE_BUFFER_SHIFT);

        if (!wb_conn_on_bytes(loop, c, bytes, (size_t)cqe->res, now))
            return;
    } else if (cqe->res == 0) {
        wb_conn_on_eof(loop, c, now);
        return;
    } else if (!is_pause(cqe->res)) {
        error = -cqe->res;
    }
    if (error == 0 && !s->receives && !receive(loop, c))
        error = ENOBUFS;
    if (error != 0)
        wb_conn_on_error(loop, c, error, now);
    else if (cqe->res > 0 && !follows && !(cqe->flags & IORING_CQE_F_SOCK_NONEMPTY))
        wb_conn_resume(loop, c, now);
}

static void on_send(WbLoop *loop, WbConn *c, const struct io_uring_cqe *cqe)
{
    state_of(loop, c)->sends = false;
    wb_conn_on_sent(loop, c, cqe->res == -EAGAIN || cqe->res == -EINTR ? 0 : cqe->res,
                    wb_clock_now());
}

static void tell(WbLoop *loop, const struct io_uring_cqe *cqe, bool follows)
{
    WbConn *c = &loop->conns[(uint32_t)cqe->user_data >> 8];

    if (c->gen != (uint32_t)(cqe->user_data >> 32))
        return;
    switch ((Kind)(cqe->user_data & UINT8_MAX)) {
    case KIND_POLL:
        on_poll(loop, c, cqe);
        break;
    case KIND_RECEIVE:
        on_receive(loop, c, cqe, follows);
        break;
    case KIND_SEND:
        on_send(loop, c, cqe);
        break;
    case KIND_QUICK: /* was told; if it was cut short, the receive says why */
        if (cqe->res < 0)
            wb_conn_on_sent(loop, c, cqe->res, wb_clock_now());
        break;
    case KIND_OTHER:
        break;
    }
}

/* All completions that are there now. Returns how many. */
static unsigned reap(WbLoop *loop)
{
    WbUring *u = loop->io_state;
    struct io_uring_cq *cq = &u->ring.cq;
    unsigned head = *cq->khead;
    unsigned tail = io_uring_smp_load_acquire(cq->ktail);
    unsigned n = tail - head;

    while (head != tail) {
        struct io_uring_cqe cqe = cq->cqes[head++ & cq->ring_mask];
        unsigned kind = (unsigned)(cqe.user_data & UINT8_MAX);
        const struct io_uring_cqe *next = &cq->cqes[head & cq->ring_mask];
        bool follows = head != tail && next->user_data == cqe.user_data && !is_pause(next->res);

        io_uring_smp_store_release(cq->khead, head);
        if (kind != KIND_OTHER && kind != KIND_QUICK && !(cqe.flags & IORING_CQE_F_MORE))
            u->armed--;
        if (kind != KIND_OTHER)
            tell(loop, &cqe, follows);
        if (cqe.flags & IORING_CQE_F_BUFFER)
            wb_uring_give_buffer(u, cqe.flags >> IORING_CQE_BUFFER_SHIFT);
    }
    return n;
}

/* Submit what is queued and sleep until `want` completions are there. */
static void enter(WbUring *u, unsigned want, int64_t timeout_ns)
{
    struct __kernel_timespec ts = {.tv_sec = timeout_ns / WB_S_NS, .tv_nsec = timeout_ns % WB_S_NS};
    struct io_uring_cqe *cqe;

    if (timeout_ns <= 0)
        io_uring_submit_and_get_events(&u->ring);
    else
        io_uring_submit_and_wait_timeout(&u->ring, &cqe, want, &ts, NULL);
}

static void uring_wait(WbLoop *loop, int64_t now, int64_t until_ns)
{
    WbUring *u = loop->io_state;
    int64_t timeout_ns = until_ns - now;
    unsigned want = 1;

    /* In a silence it must not wake every 100 us: only what follows on something is gathered. */
    if (loop->load->coalesce && u->busy) {
        want = loop->in_flight < COALESCE_MOST ? (unsigned)loop->in_flight : COALESCE_MOST;
        want = want > 0 ? want : 1;
        timeout_ns = timeout_ns < COALESCE_NS ? timeout_ns : COALESCE_NS;
    }
    enter(u, want, timeout_ns);
    u->busy = reap(loop) > 0;
}

/* ---- opening and closing ---- */

static int uring_open(WbLoop *loop)
{
    WbUring *u = loop->io_state;

    u->quick = !loop->load->tls && loop->load->pipeline <= 1;
    return wb_uring_make(u, loop->load, loop->conns_n);
}

/* Sockets were dropped, but live until their cancelled requests have come back. */
static void uring_close(WbLoop *loop)
{
    WbUring *u = loop->io_state;
    int64_t now = wb_clock_now();
    int64_t until_ns = now + CLOSE_NS;

    while (u->open && u->armed > 0 && now < until_ns) {
        enter(u, 1, until_ns - now);
        reap(loop);
        now = wb_clock_now();
    }
    wb_uring_unmake(u);
}

static int uring_watch(WbLoop *loop, WbConn *c)
{
    return poll_connect(loop, c) ? 0 : -ENOBUFS;
}

const WbIoOps wb_io_uring = {
    .id = WB_IO_URING,
    .memory = wb_uring_memory,
    .open = uring_open,
    .close = uring_close,
    .watch = uring_watch,
    .send = uring_send,
    .drop = uring_drop,
    .wait = uring_wait,
};
