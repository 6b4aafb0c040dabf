/*
 * One connection: connects, sends what the pace allows, has its responses scanned, and begins anew
 * after whatever goes wrong. It is driven by its back end (see io.h) and by its timer.
 *
 * What it counts:
 *   - each request that it hands to the back end is `sent`, and ends as exactly one of: request
 *     (whole response), failed (the connection was lost before), in flight (at the end);
 *   - each connection lost is one error, of one class; with pipelining it takes more than one
 * request with it. A peer that closes as announced, with nothing in flight, is no error.
 *   - a close (or reset) before any byte of a response, on a connection that had served before, is
 *     told as WB_PHASE_IDLE: the peer had closed behind its last response and it was the next
 *     request that found out.
 *
 * Reconnecting: at once after a first loss, then (as long as no whole response comes between) after
 * 10, 20, 40, 80 and 100 ms; a refused or failed connect waits from the first time. So no peer is
 * stormed, and one that comes back is found within 0.1 s.
 */
#ifndef WB_RUNNER_ENGINE_CONN_H
#define WB_RUNNER_ENGINE_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "runner/engine/io.h"
#include "runner/engine/response.h"

typedef enum {
    WB_CONN_WAITING, /* no socket; the timer opens one */
    WB_CONN_CONNECTING,
    WB_CONN_SHAKING, /* TLS handshake */
    WB_CONN_OPEN,
} WbConnState;

/* A request under way. */
typedef struct {
    int64_t sent_ns;
    int64_t due_ns; /* open rate only */
    uint32_t request;
} WbFlight;

struct WbConn {
    WbResponse response; /* to the oldest flight, while there is one */
    WbFlight *flights;   /* ring [loop->pipeline] */
    int fd;              /* -1 none */
    uint32_t gen;        /* rises with every drop: tells stale events */
    uint16_t first;      /* oldest flight */
    uint16_t in_flight;
    uint16_t unsent; /* youngest flights not wholly handed over */
    uint16_t partial_len;
    size_t out_bytes; /* of the first unsent one already handed over */
    WbConnState state;
    bool sending;     /* a send is under way in the back end */
    bool served;      /* this socket had a whole response */
    bool answered;    /* this connection had one, since counting began */
    bool idle;        /* in the list of idle ones (open rate) */
    bool settled;     /* the first connect is decided */
    bool tried;       /* ... or begun */
    bool again;       /* the back end's: this socket is not drained yet */
    uint8_t failures; /* in a row, since the last whole response */
    int32_t idle_next;
    uint32_t address;
    int64_t connect_ns; /* when this connect began */
};

/** wb_conn_open: make a socket and connect. */
void wb_conn_open(WbLoop *loop, WbConn *c);

/* Told by the back end; see io.h. `now` is read right after the system call or completion. */
void wb_conn_on_connect(WbLoop *loop, WbConn *c, int error, int64_t now);
bool wb_conn_on_bytes(WbLoop *loop, WbConn *c, const char *bytes, size_t len, int64_t now);
void wb_conn_on_eof(WbLoop *loop, WbConn *c, int64_t now);
void wb_conn_on_error(WbLoop *loop, WbConn *c, int error, int64_t now);
void wb_conn_on_sent(WbLoop *loop, WbConn *c, int64_t sent, int64_t now);
void wb_conn_resume(WbLoop *loop, WbConn *c, int64_t now);

/** wb_conn_refused: the connect or the handshake failed: counted, tried again after a while. */
void wb_conn_refused(WbLoop *loop, WbConn *c, int code, int64_t now);

/* Told by secure.c, which stands in between under TLS. */
void wb_conn_ready(WbLoop *loop, WbConn *c, int64_t now); /* the handshake is done */
bool wb_conn_plain_bytes(WbLoop *loop, WbConn *c, const char *bytes, size_t len, int64_t now);
void wb_conn_plain_sent(WbLoop *loop, WbConn *c, int64_t sent, int64_t now);

/** wb_conn_on_timer: its time on the wheel has come. */
void wb_conn_on_timer(WbLoop *loop, WbConn *c, int64_t now);

/** wb_conn_dispatch: open rate: give what is due to idle connections. */
void wb_conn_dispatch(WbLoop *loop);

/* Why a connection was lost. */
typedef struct {
    WbErrorClass class;
    WbPhase phase;
    int code;
    const char *bytes; /* [len] what came last and is not kept as partial yet */
    size_t len;
} WbLoss;

/** wb_conn_lose: count it, fail its flights, keep the evidence if it is the first, begin anew. */
void wb_conn_lose(WbLoop *loop, WbConn *c, const WbLoss *loss, int64_t now);

/** wb_conn_reopen: begin anew after delay_ns; 0: now, unless the load has not begun (then its begin
 * does it). */
void wb_conn_reopen(WbLoop *loop, WbConn *c, int64_t now, int64_t delay_ns);

/** wb_conn_count_open: at the end. @return how many requests of the run are in flight on it */
int64_t wb_conn_count_open(WbLoop *loop, const WbConn *c);

/** wb_conn_close: once nothing counts any more. */
void wb_conn_close(WbLoop *loop, WbConn *c);

#endif
