/*
 * What a connection does while it is open: requests out, responses in.
 *
 * Hot are wb_conn_on_bytes and wb_conn_resume: once a response each, with one system call (the
 * send) between them.
 */
#include <errno.h>
#include <string.h>

#include "runner/engine/clock.h"
#include "runner/engine/conn.h"
#include "runner/engine/loop.h"
#include "runner/engine/secure.h"

static void begin_response(WbLoop *loop, WbConn *c)
{
    uint32_t request = c->flights[c->first].request;

    wb_response_begin(&c->response, loop->load->requests[request].is_head);
    c->partial_len = 0;
}

/* A connection that the peer ended or spoiled. */
static void lose_read(WbLoop *loop, WbConn *c, WbPhase phase, int code, const char *bytes,
                      size_t len, int64_t now)
{
    wb_conn_lose(loop, c, &(WbLoss){WB_ERROR_READ, phase, code, bytes, len}, now);
}

/* ---- responses ---- */

static bool is_expected(const WbLoad *load, const WbResponse *r)
{
    if (load->expect_status != 0 && r->status != load->expect_status)
        return false;
    if (r->is_head)
        return true;
    if (load->expect_length >= 0 && r->body_bytes != load->expect_length)
        return false;
    return !load->expect_body ||
           (!r->body_differs && r->body_bytes == (int64_t)load->expect_body_len);
}

static void take_head_sample(WbLoop *loop, WbConn *c, const char *bytes, size_t len, int64_t now)
{
    WbTally *t = &loop->tally;
    size_t head = (size_t)c->response.head_bytes;

    t->head_taken = true;
    t->head_at_ns = now;
    t->head.len = 0;
    wb_sample_add(&t->head, loop->partials[wb_conn_number(loop, c)], c->partial_len);
    wb_sample_add(&t->head, bytes, len);
    if (t->head.len > head)
        t->head.len = head;
}

static void pop_flight(WbLoop *loop, WbConn *c)
{
    c->first = c->first + 1u < loop->pipeline ? (uint16_t)(c->first + 1u) : 0;
    c->in_flight--;
    loop->in_flight--;
    if (c->in_flight > 0)
        begin_response(loop, c);
}

/* The oldest flight has its whole response, which ends with these bytes. */
static void complete(WbLoop *loop, WbConn *c, const char *bytes, size_t len, int64_t now)
{
    WbTally *t = &loop->tally;
    const WbFlight *f = &c->flights[c->first];

    if (f->sent_ns >= t->from_ns) {
        bool from_due = loop->open_rate && loop->load->latency_from == WB_LATENCY_FROM_DUE;

        wb_tally_response(t, from_due ? f->due_ns : f->sent_ns, f->sent_ns, now,
                          c->response.status);
        if (loop->checks && !is_expected(loop->load, &c->response))
            t->slice->errors[WB_ERROR_EXPECT]++;
        c->answered = true;
    }
    if (!t->head_taken)
        take_head_sample(loop, c, bytes, len, now);
    c->served = true;
    c->failures = 0;
    loop->last_done_ns = now;
    pop_flight(loop, c);
}

/* The response was the last one of this connection, as it said or as we want it. */
static void end_connection(WbLoop *loop, WbConn *c, bool announced, int64_t now)
{
    loop->tally.closed_announced += announced;
    if (c->in_flight > 0) /* pipelined behind it: will not be answered */
        lose_read(loop, c, WB_PHASE_WAIT, WB_CODE_EOF, NULL, 0, now);
    else
        wb_conn_reopen(loop, c, now, 0);
}

/* Keep the begin of an unfinished response as evidence, while evidence is still wanted. */
static void keep_partial(WbLoop *loop, WbConn *c, const char *bytes, size_t len)
{
    size_t room = WB_SAMPLE_BYTES - (size_t)c->partial_len;

    if (loop->tally.failure_taken && loop->tally.head_taken)
        return;
    if (len > room)
        len = room;
    memcpy(loop->partials[wb_conn_number(loop, c)] + c->partial_len, bytes, len);
    c->partial_len = (uint16_t)(c->partial_len + len);
}

/* After the end: an answer is read to its end, and not counted. */
static bool drain_bytes(WbLoop *loop, WbConn *c, const char *bytes, size_t len, int64_t now)
{
    loop->heard_ns = now;
    while (len > 0 && c->in_flight > 0) {
        size_t used;
        int verdict = wb_response_feed(&c->response, NULL, bytes, len, &used);

        if (verdict == 0)
            return true;
        if (verdict < 0 || !wb_response_keeps(&c->response)) {
            wb_conn_close(loop, c);
            return false;
        }
        pop_flight(loop, c);
        bytes += used;
        len -= used;
    }
    return true;
}

bool wb_conn_on_bytes(WbLoop *loop, WbConn *c, const char *bytes, size_t len, int64_t now)
{
    return loop->secure ? wb_secure_on_bytes(loop, c, bytes, len, now)
                        : wb_conn_plain_bytes(loop, c, bytes, len, now);
}

/* Where the head that answers the oldest request is remembered. */
static WbHeadMemo *memo_of(WbLoop *loop, const WbConn *c)
{
    return &loop->memos[c->flights[c->first].request % WB_LOOP_MEMOS];
}

/* Returns false if the connection was given up. */
bool wb_conn_plain_bytes(WbLoop *loop, WbConn *c, const char *bytes, size_t len, int64_t now)
{
    if (wb_loop_passed(loop, now))
        return drain_bytes(loop, c, bytes, len, now);
    loop->tally.slice->bytes += (int64_t)len;
    while (len > 0) {
        bool early, keeps;
        size_t used;
        int verdict;

        if (c->in_flight == 0) {
            if (wb_response_is_blank(bytes, len))
                return true;
            lose_read(loop, c, WB_PHASE_IDLE, WB_CODE_UNASKED, bytes, len, now);
            return false;
        }
        verdict = wb_head_memo_feed(memo_of(loop, c), &c->response, loop->check, bytes, len, &used);
        if (verdict == 0) {
            keep_partial(loop, c, bytes, len);
            return true;
        }
        if (verdict < 0) {
            WbPhase phase = c->response.head_done ? WB_PHASE_BODY : WB_PHASE_HEAD;

            lose_read(loop, c, phase, verdict, bytes, len, now);
            return false;
        }
        /* Answered before the request was wholly sent: what is left of it must not follow. */
        early = c->unsent >= c->in_flight;
        keeps = wb_response_keeps(&c->response);
        complete(loop, c, bytes, used, now);
        if (!keeps || early || loop->load->no_keepalive) {
            end_connection(loop, c, !keeps, now);
            return false;
        }
        bytes += used;
        len -= used;
    }
    return true;
}

/* Where a connection stands, for the error that ends it. */
static WbPhase phase_of(const WbConn *c)
{
    WbPhase phase;

    if (c->in_flight == 0)
        return WB_PHASE_IDLE;
    if (c->unsent >= c->in_flight)
        return WB_PHASE_SEND;
    phase = wb_response_phase(&c->response);
    return phase == WB_PHASE_WAIT && c->served ? WB_PHASE_IDLE : phase;
}

void wb_conn_on_eof(WbLoop *loop, WbConn *c, int64_t now)
{
    WbPhase phase = phase_of(c);

    if (wb_loop_passed(loop, now)) {
        wb_conn_close(loop, c);
        return;
    }
    if (c->state == WB_CONN_SHAKING) {
        wb_conn_refused(loop, c, WB_CODE_EOF, now);
        return;
    }
    if (c->in_flight > 0 && wb_response_end(&c->response) == 1 && wb_secure_ended(loop, c, now)) {
        complete(loop, c, NULL, 0, now);
        end_connection(loop, c, true, now);
        return;
    }
    lose_read(loop, c, phase,
              phase == WB_PHASE_IDLE && c->served ? WB_CODE_CLOSED_SILENTLY : WB_CODE_EOF, NULL, 0,
              now);
}

void wb_conn_on_error(WbLoop *loop, WbConn *c, int error, int64_t now)
{
    if (wb_loop_passed(loop, now))
        wb_conn_close(loop, c);
    else if (c->state == WB_CONN_SHAKING)
        wb_conn_refused(loop, c, error, now);
    else
        lose_read(loop, c, phase_of(c), error, NULL, 0, now);
}

/* ---- requests ---- */

/* What is unsent, as far as there is room. */
static int gather(const WbLoop *loop, const WbConn *c, struct iovec *iov)
{
    const WbRequest *requests = loop->load->requests;
    int n = 0;

    for (unsigned i = (unsigned)c->in_flight - c->unsent; i < c->in_flight; i++) {
        const WbRequest *r = &requests[wb_conn_flight(loop, c, i)->request];
        size_t skip = n == 0 ? c->out_bytes : 0;

        iov[n++] = (struct iovec){(char *)(uintptr_t)r->bytes + skip, r->len - skip};
        if (n == WB_IO_IOV_MAX)
            break;
    }
    return n;
}

static void flush(WbLoop *loop, WbConn *c, int64_t now)
{
    struct iovec iov[WB_IO_IOV_MAX];
    int n = 1;

    if (c->unsent == 0 || c->sending)
        return;
    if (loop->batch) {
        size_t count = c->unsent < loop->batch_n ? c->unsent : loop->batch_n;

        iov[0].iov_base = (char *)(uintptr_t)loop->batch + c->out_bytes;
        iov[0].iov_len = count * loop->load->requests[0].len - c->out_bytes;
    } else {
        n = gather(loop, c, iov);
    }
    c->sending = true;
    loop->io->send(loop, c, iov, n, now);
}

void wb_conn_on_sent(WbLoop *loop, WbConn *c, int64_t sent, int64_t now)
{
    if (loop->secure)
        wb_secure_on_sent(loop, c, sent, now);
    else
        wb_conn_plain_sent(loop, c, sent, now);
}

void wb_conn_plain_sent(WbLoop *loop, WbConn *c, int64_t sent, int64_t now)
{
    c->sending = false;
    if (sent < 0) {
        now = wb_clock_now();
        if (wb_loop_passed(loop, now))
            wb_conn_close(loop, c);
        else
            wb_conn_lose(loop, c, &(WbLoss){WB_ERROR_WRITE, WB_PHASE_SEND, (int)-sent, NULL, 0},
                         now);
        return;
    }
    c->out_bytes += (size_t)sent;
    while (c->unsent > 0) {
        unsigned i = (unsigned)c->in_flight - c->unsent;
        size_t len = loop->batch ? loop->load->requests[0].len
                                 : loop->load->requests[wb_conn_flight(loop, c, i)->request].len;

        if (c->out_bytes < len)
            break;
        c->out_bytes -= len;
        c->unsent--;
    }
    if (c->unsent > 0)
        flush(loop, c, now);
}

/* Take the next request; the caller flushes. */
static void queue_request(WbLoop *loop, WbConn *c, int64_t now)
{
    WbFlight *f = wb_conn_flight(loop, c, c->in_flight);

    f->sent_ns = now;
    f->request = wb_pace_take(&loop->pace, &f->due_ns);
    c->unsent++;
    if (c->in_flight++ == 0)
        begin_response(loop, c);
    loop->in_flight++;
    loop->tally.sent++;
    if (loop->open_rate)
        wb_hist_add(&loop->tally.send_lag, now - f->due_ns);
}

static void push_idle(WbLoop *loop, WbConn *c)
{
    if (c->idle || c->in_flight >= loop->pipeline)
        return;
    c->idle = true;
    c->idle_next = -1;
    if (loop->idle_last >= 0)
        loop->conns[loop->idle_last].idle_next = wb_conn_number(loop, c);
    else
        loop->idle_first = wb_conn_number(loop, c);
    loop->idle_last = wb_conn_number(loop, c);
}

/* The one that has been idle longest, so that all take part. Lost ones are skipped here. */
static WbConn *pop_idle(WbLoop *loop)
{
    while (loop->idle_first >= 0) {
        WbConn *c = &loop->conns[loop->idle_first];

        loop->idle_first = c->idle_next;
        if (loop->idle_first < 0)
            loop->idle_last = -1;
        c->idle = false;
        if (c->state == WB_CONN_OPEN && c->in_flight < loop->pipeline)
            return c;
    }
    return NULL;
}

void wb_conn_dispatch(WbLoop *loop)
{
    int64_t now = wb_clock_now();

    /* A send may fail, its connection be opened anew at once, and end up here again. */
    if (loop->dispatching)
        return;
    loop->dispatching = true;
    while (!wb_loop_passed(loop, now) && wb_pace_ready(&loop->pace, now)) {
        WbConn *c = pop_idle(loop);

        if (!c) {
            wb_pace_backlog(&loop->pace, now);
            break;
        }
        queue_request(loop, c, now);
        flush(loop, c, now);
        if (c->state == WB_CONN_OPEN)
            push_idle(loop, c);
        now = wb_clock_now();
    }
    loop->dispatching = false;
}

void wb_conn_resume(WbLoop *loop, WbConn *c, int64_t now)
{
    if (!loop->running || loop->over || c->state != WB_CONN_OPEN)
        return;
    if (loop->open_rate) {
        push_idle(loop, c);
        if (wb_pace_ready(&loop->pace, now))
            wb_conn_dispatch(loop);
        return;
    }
    while (c->in_flight < loop->pipeline && wb_pace_ready(&loop->pace, now))
        queue_request(loop, c, now);
    flush(loop, c, now);
}

int64_t wb_conn_count_open(WbLoop *loop, const WbConn *c)
{
    int64_t open = 0;

    for (unsigned i = 0; i < c->in_flight; i++) {
        const WbFlight *f = wb_conn_flight(loop, c, i);

        if (f->sent_ns < loop->tally.from_ns)
            continue;
        open++;
        if (loop->open_rate)
            wb_hist_add(&loop->tally.unfinished, loop->ended_ns - f->due_ns);
    }
    return open;
}
