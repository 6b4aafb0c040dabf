/*
 * The load engine: all that other folders see of it.
 *
 * A caller resolves names, builds the request bytes and (for https) a TLS context, fills a WbLoad
 * and calls wb_engine_run, which blocks until the load is over. The engine neither allocates,
 * locks, logs nor prints between the first request and the last; whatever goes wrong on a
 * connection is data in the result, never an error of the call.
 *
 * What is counted (DESIGN.md section 4):
 *   - a request is one response received whole, whatever its status;
 *   - sent = requests + failed + in_flight, exactly;
 *   - the slices' requests sum to `requests`, and so does the histogram;
 *   - a request is sent when it is handed to the kernel at or after t0; what completes at or after
 * the end is in flight. Requests sent in a warm-up are not counted whenever they complete;
 *   - errors (connect, read, write) are connections lost: with pipelining one takes several
 * requests with it, while a connection lost between two requests fails none. Errors before t0,
 * without a warm-up, are in the first slice.
 *
 * Open rate: a request that got no whole response is in no latency histogram, or the histogram's
 * count were not `requests`. It is in `unfinished_age` instead: from its due time to the end (never
 * sent, or in flight) or to the failure of its connection. Its response time is at least that. A
 * quantile that must not flatter a hung server is read from both: rank the values of `latency` and
 * of `unfinished_age` as one sample, and where the rank falls on one of the latter say ">=".
 */
#ifndef WB_RUNNER_ENGINE_ENGINE_H
#define WB_RUNNER_ENGINE_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "schema/hist.h"

/* Limits that wb_engine_run refuses to pass (-EINVAL). */
#define WB_LOAD_MAX_THREADS     1024
#define WB_LOAD_MAX_CONNECTIONS 1000000
#define WB_LOAD_MAX_PIPELINE    1024
#define WB_LOAD_MAX_SLICES      10000000
#define WB_LOAD_MAX_RATE        1e7

/* Sizes of what is kept as evidence; never more, so that memory is known before the run. */
#define WB_SAMPLE_BYTES 2048 /* of a response head, of a failing exchange */
#define WB_FAULTS_MAX   64   /* distinct (phase, code) pairs; later ones add to the last entry */

typedef enum {
    WB_IO_AUTO, /* io_uring where it can be set up, else epoll */
    WB_IO_EPOLL,
    WB_IO_URING,
} WbIo;

/* From which moment a latency counts in open rate. Closed loop: always from the send. */
typedef enum {
    WB_LATENCY_FROM_DUE,
    WB_LATENCY_FROM_SENT,
} WbLatencyFrom;

/* Where a failure happened. */
typedef enum {
    WB_PHASE_CONNECT,
    WB_PHASE_HANDSHAKE, /* TLS; counted in WB_ERROR_CONNECT */
    WB_PHASE_SEND,
    WB_PHASE_WAIT, /* request sent, no byte of the response yet */
    WB_PHASE_HEAD, /* within the response's head */
    WB_PHASE_BODY,
    WB_PHASE_IDLE, /* closed unannounced between a whole response and the next request */
    WB_PHASES,
} WbPhase;

/* Error classes of a run. STATUS and EXPECT are subsets of `requests`; the first four are not. */
typedef enum {
    WB_ERROR_CONNECT,
    WB_ERROR_READ,
    WB_ERROR_WRITE,
    WB_ERROR_TIMEOUT,
    WB_ERROR_STATUS, /* whole responses with a status other than 2xx and 3xx */
    WB_ERROR_EXPECT, /* whole responses that were not as expect_* asks */
    WB_ERRORS,
} WbErrorClass;

/* Codes of WbFault beside errno values: what the peer's bytes did. All are negative. */
typedef enum {
    WB_CODE_EOF = -1,             /* the peer closed before the response was whole */
    WB_CODE_CLOSED_SILENTLY = -2, /* closed after a whole response that did not announce it */
    WB_CODE_BAD_HEAD = -3,        /* not HTTP/1.x, or a field that cannot be read */
    WB_CODE_HEAD_TOO_LARGE = -4,
    WB_CODE_BAD_CHUNK = -5,
    WB_CODE_UNASKED = -6, /* bytes after the response that no request asked for */
    WB_CODE_TIMEOUT = -7,
    WB_CODE_TLS = -8,
} WbCode;

typedef struct {
    struct sockaddr_storage addr;
    socklen_t len;
} WbAddress;

/* One request as it goes on the wire (all borrowed, unchanged while the load runs). */
typedef struct {
    const char *bytes; /* head and body */
    size_t len;
    bool is_head;         /* method HEAD: the response has no body whatever its head says */
    bool expect_continue; /* head carries Expect: 100-continue (100 responses are skipped anyway) */
} WbRequest;

struct ssl_ctx_st; /* OpenSSL's SSL_CTX */

/* What to load and how. Zero every field that is not used. */
typedef struct {
    int threads;          /* 1 .. WB_LOAD_MAX_THREADS */
    int connections;      /* in all, >= threads; spread evenly, the remainder too */
    int64_t duration_ns;  /* > 0; with max_requests the longest it may take */
    int64_t warmup_ns;    /* loaded but not counted before t0; 0 none */
    int64_t max_requests; /* stop after so many are sent; 0 no limit */
    int64_t timeout_ns;   /* > 0: from the send (open rate: from the send, too) to the last byte */
    int64_t slice_ns;     /* > 0, counters are kept per slice */
    double rate_per_s;    /* open rate over all threads; 0 closed loop */
    WbLatencyFrom latency_from;
    int pipeline;      /* requests in flight on a connection; 0 and 1 are the same */
    bool no_keepalive; /* close after each response, open anew; not with pipeline > 1 */
    bool coalesce;     /* wait for up to 32 completions or 100 us; stored; not in open rate */
    WbIo io;

    const WbAddress *addresses; /* used in turn by the connections, never empty */
    size_t addresses_n;
    const WbRequest *requests; /* sent in order, then again from the first; never empty */
    size_t requests_n;
    bool shuffle; /* instead of in order: each pick drawn by `seed` */
    uint64_t seed;

    struct ssl_ctx_st *tls; /* NULL for plain HTTP (borrowed) */
    const char *tls_host;   /* name for SNI and verification (borrowed); NULL with tls NULL */

    int expect_status;       /* 0: any */
    int64_t expect_length;   /* body bytes; -1: any (0 asks for an empty body) */
    const char *expect_body; /* exact body (borrowed); NULL: any */
    size_t expect_body_len;
} WbLoad;

/* Counters of one slice: everything that completed or failed within its slice_ns. */
typedef struct {
    int64_t requests;
    int64_t bytes; /* received, heads included, as wrk counts */
    int64_t errors[WB_ERRORS];
} WbSlice;

/* One kind of failure: how often, when first and last (ns after t0). */
typedef struct {
    WbPhase phase;
    int code; /* errno if positive, WbCode if negative */
    int64_t count;
    int64_t first_ns;
    int64_t last_ns;
} WbFault;

/* What one thread used. */
typedef struct {
    int connections;
    int64_t requests;
    int64_t cpu_user_ns; /* between t0 and the end */
    int64_t cpu_system_ns;
    double cpu_share; /* (user + system) / elapsed, 0..1 */
} WbThreadUse;

/* Bytes kept as evidence, cut at WB_SAMPLE_BYTES; not NUL-terminated text. */
typedef struct {
    size_t len;
    char bytes[WB_SAMPLE_BYTES];
} WbSample;

typedef struct {
    int64_t started_realtime_ns; /* t0 on the wall clock, ns since 1970 */
    int64_t elapsed_ns;          /* t0 to the end, monotonic */
    bool stopped;                /* ended early by *stop: the run is partial */

    int64_t sent;
    int64_t requests;
    int64_t failed;    /* sent, and ended by an error before the response was whole */
    int64_t in_flight; /* sent, and open at the end */
    int64_t bytes;
    int64_t errors[WB_ERRORS];
    int64_t status_class[6]; /* [1] 1xx .. [5] 5xx final responses; [0] any other */

    int64_t slice_ns;
    size_t slices_n; /* ceil(asked or measured time / slice_ns); empty ones are there too */
    WbSlice *slices;

    WbHist latency;        /* closed loop: send to last byte. Open rate: as latency_from says */
    WbHist service;        /* open rate only: send to last byte */
    WbHist send_lag;       /* open rate only: due to send */
    WbHist unfinished_age; /* open rate only: how old each of `unfinished` was, see there */
    WbHist connect;        /* time of each successful connect() */
    WbHist handshake;      /* time of each successful TLS handshake */

    int64_t planned;     /* open rate: requests that came due */
    int64_t unfinished;  /* open rate: planned - requests: no whole response came for them */
    int64_t backlog_max; /* open rate: most requests due but not sent at one moment (the sum of
                            each thread's most: not less than the true one) */

    int64_t connections_opened;   /* successful connects, first ones and again */
    int64_t connections_answered; /* of the asked connections: got at least one whole response */
    int64_t reconnects;           /* connects tried after the first of each connection */
    int64_t closed_announced;     /* connections that the peer closed as it had announced */
    int64_t tls_resumed;          /* handshakes that resumed a session */
    char tls[64];                 /* protocol and cipher of the first handshake; "" without */
    char tls_error[160];          /* the first TLS failure in words; "" none */

    size_t faults_n;
    WbFault faults[WB_FAULTS_MAX];
    WbSample head;         /* first whole response's head */
    WbSample failed_bytes; /* what had come of the first failing exchange */
    WbFault failed_fault;  /* that failure; count 0: none */

    int threads;
    WbThreadUse *thread_use; /* [threads] */
    WbIo io;                 /* the back end used */
    char io_note[160];       /* why another one was not; "" if none was tried and refused */
    bool coalesced;
    int64_t timer_slack_ns;
} WbLoadResult;

/* What is known while the load runs: taken at slice ends, from all threads. */
typedef struct {
    int64_t elapsed_ns;
    int64_t requests;
    int64_t bytes;
    int64_t errors;         /* connect + read + write + timeout */
    int64_t slice_requests; /* of the last whole slice */
    int64_t p99_ns;         /* of the run so far; 0 if unknown */
    bool warming;           /* still in the warm-up */
} WbProgress;

/* Called on the caller's thread about every slice_ns (never more often than 100 ms). */
typedef void (*WbProgressFn)(const WbProgress *progress, void *user_data);

/**
 * wb_engine_run: load a server until the time is over, the count is reached or *stop is set.
 *
 * @param load      what to do (borrowed); checked before anything is opened
 * @param stop      polled about every 10 ms; a signal handler may set it; NULL: never
 * @param progress  may be NULL
 * @param user_data handed to `progress`
 * @param out       set to a new result, the caller's (wb_engine_result_free); untouched on error
 * @return          0, or a negative errno when the load could not be begun: -EINVAL (a field out
 *                  of range), -ENOMEM, -EMFILE (not even one socket), -EAGAIN (no thread),
 *                  -ENOTSUP (io WB_IO_URING asked for and not to be had)
 *
 * A server that refuses every connection is no error: the result says so in its counters.
 */
int wb_engine_run(const WbLoad *load, const atomic_bool *stop, WbProgressFn progress,
                  void *user_data, WbLoadResult **out);

/** wb_engine_result_free: takes NULL. */
void wb_engine_result_free(WbLoadResult *result);

#endif
