/*
 * One thread's life, and all that it owns.
 *
 *   connect all  ->  tell the caller, wait for its word  ->  start  ->  t0 (counting)  ->  end
 *
 * start and t0 differ by the warm-up. Nothing in here is touched by another thread while it runs,
 * but for WbShared and what tally.h says.
 */
#ifndef WB_RUNNER_ENGINE_LOOP_H
#define WB_RUNNER_ENGINE_LOOP_H

#include <semaphore.h>
#include <stdatomic.h>

#include "runner/engine/conn.h"
#include "runner/engine/engine.h"
#include "runner/engine/head_memo.h"
#include "runner/engine/io.h"
#include "runner/engine/pace.h"
#include "runner/engine/tally.h"
#include "runner/engine/wheel.h"

/* How often a thread looks at the end that a stop may have brought nearer. */
#define WB_LOOP_TICK_NS INT64_C(10000000)

#define WB_LOOP_BUFFER_BYTES (128 * 1024)

/* Heads remembered: one for each request of a load, or for every so many. */
#define WB_LOOP_MEMOS 16

/* Longest row of the same request. */
#define WB_LOOP_BATCH_BYTES 65536

/* What the caller's thread and the loops tell each other; not used from request to request. */
typedef struct {
    atomic_int ready_n;     /* loops whose connects are decided */
    sem_t ready;            /* posted by each of them then */
    sem_t go;               /* posted for each loop once the times below are set */
    sem_t done;             /* posted by each loop that is at its end */
    atomic_bool abort;      /* give up connecting */
    int64_t start_ns;       /* set before `go` */
    int64_t t0_ns;          /* set before `go` */
    _Atomic int64_t end_ns; /* may be brought nearer by a stop */
} WbShared;

typedef struct WbSecureLoop WbSecureLoop; /* see secure.h */

struct WbLoop {
    _Alignas(64) const WbIoOps *io;
    void *io_state;
    const WbLoad *load;
    char *buffer;         /* [WB_LOOP_BUFFER_BYTES] to receive into */
    WbSecureLoop *secure; /* TLS; NULL without */
    WbConn *conns;
    int32_t conns_n;
    uint16_t pipeline; /* >= 1 */
    bool running;      /* between start and end */
    bool counting;     /* between t0 and end */
    bool over;         /* nothing counts any more */
    bool open_rate;
    bool checks; /* some expect_* is asked for */
    bool dispatching;
    int64_t edge_ns; /* the next moment at which one of these changes, or a slice ends */
    int64_t end_ns;
    int64_t in_flight;    /* over all connections, warm-up's included */
    int64_t heard_ns;     /* once it is over: when bytes came last */
    int64_t last_done_ns; /* once all was sent: the last answer or failure */
    WbBodyCheck body;
    const WbBodyCheck *check; /* &body or NULL */
    const char *batch;        /* if there is but one request: [batch_n] of it in a row; else NULL */
    size_t batch_n;
    WbHeadMemo *memos;                 /* [WB_LOOP_MEMOS] */
    char (*partials)[WB_SAMPLE_BYTES]; /* [conns_n] what came of unfinished responses */
    int32_t idle_first;
    int32_t idle_last;
    int32_t unsettled; /* connections whose first connect is not decided */
    WbPace pace;
    WbTally tally;
    WbWheel wheel;

    WbShared *shared;
    size_t memory_bytes; /* of the mapping that begins with this loop */
    int error;           /* negative errno: the loop could not begin */
    bool socket_made;    /* at least one socket() succeeded */
    int socket_error;    /* errno of the last socket() that failed */
    int timer_slack_ns;
    int64_t ended_ns;
    int64_t in_flight_at_end;
    int64_t answered;
    int64_t planned;
    int64_t cpu_user_ns; /* at t0; from t0 to the end afterwards */
    int64_t cpu_system_ns;
};

/** wb_loop_connect: decide each connection's first connect, one way or the other: the file limit
 * and the peer say how many get through, failures are counted. Ends early on shared->abort. */
void wb_loop_connect(WbLoop *loop);

/** wb_loop_load: from shared->start_ns to the end; leaves all sockets closed and all counts final.
 */
void wb_loop_load(WbLoop *loop);

/** wb_loop_edge: `now` has reached edge_ns: begin counting, close slices, or end. */
void wb_loop_edge(WbLoop *loop, int64_t now);

/** wb_loop_passed: note the time; @return true once the end has come: nothing counts any more. */
static inline bool wb_loop_passed(WbLoop *loop, int64_t now)
{
    if (now >= loop->edge_ns)
        wb_loop_edge(loop, now);
    return loop->over;
}

/** wb_conn_number: its index in loop->conns, the name of its timer. */
static inline int32_t wb_conn_number(const WbLoop *loop, const WbConn *c)
{
    return (int32_t)(c - loop->conns);
}

/** wb_conn_flight: its i-th oldest request under way; i == in_flight: room for the next. */
static inline WbFlight *wb_conn_flight(const WbLoop *loop, const WbConn *c, unsigned i)
{
    unsigned at = c->first + i;

    return &c->flights[at < loop->pipeline ? at : at - loop->pipeline];
}

#endif
