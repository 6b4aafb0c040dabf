/*
 * The epoll back end: two system calls a request and a share of one epoll_pwait2.
 *
 * Each socket is registered once, edge-triggered, for both directions. A read shorter than the
 * buffer means drained (what comes later is a new edge), so that the second recv, which would only
 * say EAGAIN, is saved. Sends go out directly; one that would block waits for the EPOLLOUT edge.
 *
 * Waits are in ns (epoll_pwait2, Linux 5.11). Where that is missing, epoll_wait sleeps whole ms
 * short of the time and the rest is polled away: right, at the price of CPU.
 *
 * --coalesce: epoll cannot wait for several events. So it is asked a little later, as long as the
 * last time brought few: what comes meanwhile comes together.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner/engine/clock.h"
#include "runner/engine/conn.h"
#include "runner/engine/io.h"
#include "runner/engine/loop.h"

#define EVENTS_MAX 512

/* Most reads from one socket in a row: a peer that never stops sending must not starve others. */
#define READS_MAX 16

/* What --coalesce waits for. */
#define COALESCE_MOST 32
#define COALESCE_NS   INT64_C(100000)

#define GONE (EPOLLRDHUP | EPOLLHUP | EPOLLERR)

typedef struct {
    int fd;
    bool no_pwait2;
    int last_n;      /* events of the last wait */
    int32_t again_n; /* events whose socket was not drained yet */
    struct epoll_event events[EVENTS_MAX];
    struct epoll_event again[]; /* [2 * connections + EVENTS_MAX] */
} Epoll;

static size_t epoll_memory(const WbLoad *load, int32_t connections)
{
    (void)load;
    return sizeof(Epoll) + (2 * (size_t)connections + EVENTS_MAX) * sizeof(struct epoll_event);
}

static int epoll_open(WbLoop *loop)
{
    Epoll *e = loop->io_state;

    e->fd = epoll_create1(EPOLL_CLOEXEC);
    return e->fd < 0 ? -errno : 0;
}

static void epoll_close(WbLoop *loop)
{
    Epoll *e = loop->io_state;

    if (e->fd >= 0)
        close(e->fd);
}

static int epoll_watch(WbLoop *loop, WbConn *c)
{
    Epoll *e = loop->io_state;
    struct epoll_event ev = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.u64 = (uint64_t)c->gen << 32 | (uint32_t)(c - loop->conns),
    };

    return epoll_ctl(e->fd, EPOLL_CTL_ADD, c->fd, &ev) < 0 ? -errno : 0;
}

static void epoll_drop(WbLoop *loop, WbConn *c)
{
    (void)loop;
    close(c->fd); /* leaves the epoll set with its last descriptor */
}

/* The system calls without libc's wrappers: in a program with threads those are cancellation
 * points, which costs four locked instructions a request. */
static ssize_t plain_send(int fd, const struct iovec *iov)
{
    return syscall(SYS_sendto, fd, iov->iov_base, iov->iov_len, MSG_NOSIGNAL, NULL, 0);
}

static ssize_t plain_recv(int fd, void *buffer, size_t len)
{
    return syscall(SYS_recvfrom, fd, buffer, len, 0, NULL, NULL);
}

static void epoll_send(WbLoop *loop, WbConn *c, const struct iovec *iov, int iov_n, int64_t now)
{
    ssize_t n;

    do {
        if (iov_n == 1) {
            n = plain_send(c->fd, iov);
        } else {
            struct msghdr msg = {.msg_iov = (struct iovec *)(uintptr_t)iov,
                                 .msg_iovlen = (size_t)iov_n};

            n = sendmsg(c->fd, &msg, MSG_NOSIGNAL);
        }
    } while (n < 0 && errno == EINTR);
    if (n >= 0)
        wb_conn_on_sent(loop, c, n, now);
    else if (errno != EAGAIN && errno != EWOULDBLOCK)
        wb_conn_on_sent(loop, c, -errno, now);
    /* else: still under way; the EPOLLOUT edge tells it on */
}

/* Read until drained, tell what came, then let the connection send. */
static void receive(WbLoop *loop, WbConn *c, const struct epoll_event *ev)
{
    Epoll *e = loop->io_state;
    bool gone = (ev->events & GONE) != 0;
    int64_t now = 0;
    int reads;

    for (reads = 0; reads < READS_MAX; reads++) {
        ssize_t n = plain_recv(c->fd, loop->buffer, WB_LOOP_BUFFER_BYTES);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        now = wb_clock_now();
        if (n == 0) {
            wb_conn_on_eof(loop, c, now);
            return;
        }
        if (n < 0) {
            wb_conn_on_error(loop, c, errno, now);
            return;
        }
        if (!wb_conn_on_bytes(loop, c, loop->buffer, (size_t)n, now))
            return;
        if (n < WB_LOOP_BUFFER_BYTES && !gone)
            break;
    }
    if (reads == READS_MAX && !c->again) {
        c->again = true;
        e->again[e->again_n++] = *ev;
    }
    if (now > 0)
        wb_conn_resume(loop, c, now);
}

static void tell_connected(WbLoop *loop, WbConn *c, uint32_t events)
{
    int error = 0;
    socklen_t len = sizeof error;

    if (events & (EPOLLERR | EPOLLHUP)) {
        if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
            error = errno;
        else if (error == 0 && !(events & EPOLLOUT))
            error = ECONNRESET;
    }
    /* A reset, unlike a refusal, comes after the connection was made. */
    wb_conn_on_connect(loop, c, error == ECONNRESET ? 0 : error, wb_clock_now());
    if (error == ECONNRESET)
        wb_conn_on_error(loop, c, error, wb_clock_now());
}

static void handle(WbLoop *loop, const struct epoll_event *ev)
{
    WbConn *c = &loop->conns[(uint32_t)ev->data.u64];
    uint32_t gen = (uint32_t)(ev->data.u64 >> 32);

    bool connecting = c->state == WB_CONN_CONNECTING;

    if (c->gen != gen)
        return;
    if (connecting) {
        if (!(ev->events & (EPOLLOUT | EPOLLERR | EPOLLHUP)))
            return;
        tell_connected(loop, c, ev->events);
        if (c->gen != gen)
            return;
    } else if ((ev->events & EPOLLOUT) && c->sending) {
        wb_conn_on_sent(loop, c, 0, wb_clock_now());
        if (c->gen != gen)
            return;
    }
    if (ev->events & (EPOLLIN | GONE))
        receive(loop, c, ev);
    if (connecting && c->gen == gen)
        wb_conn_resume(loop, c, wb_clock_now());
}

static void handle_again(WbLoop *loop, const struct epoll_event *ev)
{
    WbConn *c = &loop->conns[(uint32_t)ev->data.u64];

    if (c->gen == (uint32_t)(ev->data.u64 >> 32)) {
        c->again = false;
        handle(loop, ev);
    }
}

/* The connections of the next events, on their way from memory while the kernel works for this
 * one: it leaves little else in the caches. */
static void look_ahead(const WbLoop *loop, const Epoll *e, int i, int n)
{
    if (i + 2 < n) {
        const char *c = (const void *)&loop->conns[(uint32_t)e->events[i + 2].data.u64];

        __builtin_prefetch(c, 1);
        __builtin_prefetch(c + 64, 1);
        __builtin_prefetch(c + 128, 1);
    }
    if (i + 1 < n)
        __builtin_prefetch(loop->conns[(uint32_t)e->events[i + 1].data.u64].flights, 1);
}

static int wait_events(Epoll *e, int64_t timeout_ns)
{
    if (!e->no_pwait2) {
        struct timespec ts = wb_clock_timespec(timeout_ns);
        int n = epoll_pwait2(e->fd, e->events, EVENTS_MAX, &ts, NULL);

        if (n >= 0 || (errno != ENOSYS && errno != EPERM))
            return n;
        e->no_pwait2 = true;
    }
    return epoll_wait(e->fd, e->events, EVENTS_MAX, (int)(timeout_ns / WB_MS_NS));
}

/* Let events gather. Returns how long the wait may still be. */
static int64_t coalesce(const WbLoop *loop, const Epoll *e, int64_t timeout_ns)
{
    int64_t nap = timeout_ns < COALESCE_NS ? timeout_ns : COALESCE_NS;
    struct timespec ts = wb_clock_timespec(nap);

    /* In a silence, or when all that can come has come, there is nothing to gather. */
    if (e->last_n <= 0 || e->last_n >= COALESCE_MOST || e->last_n >= loop->in_flight)
        return timeout_ns;
    clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL);
    return timeout_ns - nap;
}

static void epoll_wait_until(WbLoop *loop, int64_t now, int64_t until_ns)
{
    Epoll *e = loop->io_state;
    int32_t again_n = e->again_n;
    int64_t timeout_ns = again_n > 0 || until_ns <= now ? 0 : until_ns - now;
    int n;

    if (loop->load->coalesce && timeout_ns > 0)
        timeout_ns = coalesce(loop, e, timeout_ns);
    n = e->last_n = wait_events(e, timeout_ns);
    /* Those left over from the last time go first; they may be left over again, behind the n. */
    for (int32_t i = 0; i < again_n; i++) {
        struct epoll_event ev = e->again[i];

        handle_again(loop, &ev);
    }
    for (int i = 0; i < n; i++) {
        look_ahead(loop, e, i, n);
        handle(loop, &e->events[i]);
    }
    if (again_n > 0) {
        e->again_n -= again_n;
        memmove(e->again, e->again + again_n, (size_t)e->again_n * sizeof *e->again);
    }
}

const WbIoOps wb_io_epoll = {
    .id = WB_IO_EPOLL,
    .memory = epoll_memory,
    .open = epoll_open,
    .close = epoll_close,
    .watch = epoll_watch,
    .send = epoll_send,
    .drop = epoll_drop,
    .wait = epoll_wait_until,
};
