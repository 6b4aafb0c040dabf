/*
 * The state machine of a connection; what it counts and when it reconnects is told in conn.h.
 *
 * This file opens, closes and watches the time; conn_exchange.c sends and receives.
 */
#include "runner/engine/conn.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "runner/engine/clock.h"
#include "runner/engine/loop.h"
#include "runner/engine/secure.h"

#define BACKOFF_NS           (10 * WB_MS_NS)
#define BACKOFF_MAX_NS       (100 * WB_MS_NS)
#define BACKOFF_NO_SOCKET_NS (1000 * WB_MS_NS) /* out of files: nothing changes soon */

/* ---- opening and closing ---- */

static void settle(WbLoop *loop, WbConn *c)
{
    if (!c->settled) {
        c->settled = true;
        loop->unsettled--;
    }
}

static void close_socket(WbLoop *loop, WbConn *c)
{
    if (c->fd >= 0)
        loop->io->drop(loop, c);
    c->fd = -1;
    c->gen++;
    c->first = c->in_flight = c->unsent = 0;
    c->out_bytes = 0;
    c->sending = c->served = c->again = false;
    c->state = WB_CONN_WAITING;
}

void wb_conn_reopen(WbLoop *loop, WbConn *c, int64_t now, int64_t delay_ns)
{
    close_socket(loop, c);
    if (delay_ns == 0 && loop->running)
        wb_conn_open(loop, c);
    else
        wb_wheel_set(&loop->wheel, wb_conn_number(loop, c), now + delay_ns);
}

static int64_t backoff_ns(unsigned failures)
{
    int64_t ns = failures == 0 ? 0 : BACKOFF_NS << (failures < 8 ? failures - 1 : 7);

    return ns < BACKOFF_MAX_NS ? ns : BACKOFF_MAX_NS;
}

static void note_failure(WbConn *c)
{
    if (c->failures < UINT8_MAX)
        c->failures++;
}

void wb_conn_refused(WbLoop *loop, WbConn *c, int code, int64_t now)
{
    bool no_socket = code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
    WbPhase phase = c->state == WB_CONN_SHAKING ? WB_PHASE_HANDSHAKE : WB_PHASE_CONNECT;

    wb_tally_fault(&loop->tally, WB_ERROR_CONNECT, phase, code, now);
    settle(loop, c);
    note_failure(c);
    c->connect_ns = 0;
    c->address = (uint32_t)((c->address + 1) % loop->load->addresses_n);
    wb_conn_reopen(loop, c, now, no_socket ? BACKOFF_NO_SOCKET_NS : backoff_ns(c->failures));
}

/* Start a connect on a fresh socket. 0 under way or done, else errno. */
static int start_connect(WbLoop *loop, WbConn *c)
{
    const WbAddress *a = &loop->load->addresses[c->address];
    int family = a->addr.ss_family;
    int one = 1;
    int rc;

    c->fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) {
        loop->socket_error = errno;
        return errno;
    }
    loop->socket_made = true;
    if (family != AF_UNIX)
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    rc = connect(c->fd, (const struct sockaddr *)&a->addr, a->len);
    if (rc < 0 && errno != EINPROGRESS && errno != EINTR)
        return errno;
    return -loop->io->watch(loop, c);
}

void wb_conn_open(WbLoop *loop, WbConn *c)
{
    int64_t now = wb_clock_now();
    bool again = c->connect_ns > 0;
    int error;

    if (!again) {
        c->connect_ns = now;
        if (c->tried)
            loop->tally.reconnects++;
        c->tried = true;
    }
    error = start_connect(loop, c);
    if (error == 0) {
        c->state = WB_CONN_CONNECTING;
        wb_wheel_set(&loop->wheel, wb_conn_number(loop, c), c->connect_ns + loop->load->timeout_ns);
    } else if (error == EAGAIN && now - c->connect_ns < loop->load->timeout_ns) {
        /* A Unix socket whose backlog is full says so instead of waiting: wait here. */
        close_socket(loop, c);
        wb_wheel_set(&loop->wheel, wb_conn_number(loop, c), now + WB_MS_NS);
    } else {
        wb_conn_refused(loop, c, error, now);
    }
}

void wb_conn_on_connect(WbLoop *loop, WbConn *c, int error, int64_t now)
{
    if (wb_loop_passed(loop, now)) {
        wb_conn_close(loop, c);
        return;
    }
    if (error != 0) {
        wb_conn_refused(loop, c, error, now);
        return;
    }
    wb_hist_add(&loop->tally.connect, now - c->connect_ns);
    loop->tally.opened++;
    c->connect_ns = 0;
    if (!loop->secure) {
        wb_conn_ready(loop, c, now);
        return;
    }
    c->state = WB_CONN_SHAKING;
    wb_wheel_set(&loop->wheel, wb_conn_number(loop, c), now + loop->load->timeout_ns);
    wb_secure_begin(loop, c, now);
}

void wb_conn_ready(WbLoop *loop, WbConn *c, int64_t now)
{
    c->state = WB_CONN_OPEN;
    settle(loop, c);
    wb_wheel_set(&loop->wheel, wb_conn_number(loop, c), now + loop->load->timeout_ns);
}

/* ---- losing a connection ---- */

/* The flights of a connection that is given up will never be answered. */
static void fail_flights(WbLoop *loop, WbConn *c, int64_t now)
{
    for (unsigned i = 0; i < c->in_flight; i++) {
        const WbFlight *f = wb_conn_flight(loop, c, i);

        if (f->sent_ns < loop->tally.from_ns)
            continue;
        loop->tally.failed++;
        if (loop->open_rate)
            wb_hist_add(&loop->tally.unfinished, now - f->due_ns);
    }
    loop->in_flight -= c->in_flight;
    loop->last_done_ns = now;
}

void wb_conn_lose(WbLoop *loop, WbConn *c, const WbLoss *loss, int64_t now)
{
    WbTally *t = &loop->tally;

    if (wb_tally_fault(t, loss->class, loss->phase, loss->code, now)) {
        if (c->in_flight > 0)
            wb_sample_add(&t->failed_bytes, loop->partials[wb_conn_number(loop, c)],
                          c->partial_len);
        wb_sample_add(&t->failed_bytes, loss->bytes, loss->len);
    }
    fail_flights(loop, c, now);
    note_failure(c);
    wb_conn_reopen(loop, c, now, backoff_ns(c->failures - 1u));
}

/* ---- time ---- */

void wb_conn_on_timer(WbLoop *loop, WbConn *c, int64_t now)
{
    int64_t timeout = loop->load->timeout_ns;
    int64_t deadline =
        now + timeout; /* of an idle one: no request can be due for an answer before */

    switch (c->state) {
    case WB_CONN_WAITING:
        if (loop->running || c->connect_ns > 0)
            wb_conn_open(loop, c);
        else
            wb_wheel_set(&loop->wheel, wb_conn_number(loop, c), now + loop->wheel.tick_ns);
        return;
    case WB_CONN_CONNECTING:
    case WB_CONN_SHAKING:
        wb_conn_refused(loop, c, WB_CODE_TIMEOUT, now);
        return;
    case WB_CONN_OPEN:
        if (c->in_flight > 0) {
            WbPhase phase =
                c->unsent >= c->in_flight ? WB_PHASE_SEND : wb_response_phase(&c->response);

            deadline = c->flights[c->first].sent_ns + timeout;
            if (now >= deadline) {
                wb_conn_lose(loop, c, &(WbLoss){WB_ERROR_TIMEOUT, phase, WB_CODE_TIMEOUT, NULL, 0},
                             now);
                return;
            }
        }
        wb_wheel_set(&loop->wheel, wb_conn_number(loop, c), deadline);
        return;
    }
}

/* ---- the end ---- */

void wb_conn_close(WbLoop *loop, WbConn *c)
{
    loop->in_flight -= c->in_flight;
    close_socket(loop, c);
}
