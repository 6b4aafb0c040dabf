/*
 * Which request is next, and when may it go?
 *
 * Requests of a run are numbered k = 0, 1, 2, ... over all threads; thread i of T has the numbers
 * i, i + T, i + 2T, ..., so that no thread needs another one to know what to send. Number k sends
 * requests[k % n], or the one that a hash of (seed, k) draws: the same mix on any number of
 * threads.
 *
 * Closed loop: the next number may always go, as long as max_requests allows. Open rate: number k
 * is due at t0 + k / rate. What is due but was not taken yet is the backlog: the numbers between
 * the next one to send and the next one to come due, so it needs no memory however long it grows.
 */
#ifndef WB_RUNNER_ENGINE_PACE_H
#define WB_RUNNER_ENGINE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "runner/engine/engine.h"

typedef struct {
    int64_t next_due_ns; /* of the next number to send; closed loop: always past (INT64_MIN) */
    int64_t left;        /* numbers that this thread may still send */
    uint64_t k;          /* the next number to send */
    uint64_t at;         /* k % requests_n */

    uint64_t first; /* thread number */
    uint64_t step;  /* threads */
    uint64_t requests_n;
    uint64_t seed;
    int64_t share; /* of max_requests; INT64_MAX no limit */
    int64_t t0_ns;
    double gap_ns; /* between two numbers; 0 closed loop */
    int64_t backlog_max;
    bool shuffle;
} WbPace;

/** wb_pace_init: for thread `thread` of load->threads. wb_pace_begin must follow. */
void wb_pace_init(WbPace *p, const WbLoad *load, int thread);

/** wb_pace_begin: start again from number 0 (or this thread's first), due from t0_ns on.
 * @param limited  max_requests counts (it does not in a warm-up) */
void wb_pace_begin(WbPace *p, int64_t t0_ns, bool limited);

/** wb_pace_ready: whether a request may go now. */
static inline bool wb_pace_ready(const WbPace *p, int64_t now)
{
    return p->next_due_ns <= now && p->left > 0;
}

/**
 * wb_pace_take: take the next number; wb_pace_ready must hold.
 * @param out_due_ns  set to its due time (closed loop: untouched)
 * @return            index into requests
 */
uint32_t wb_pace_take(WbPace *p, int64_t *out_due_ns);

/** wb_pace_due_count: how many numbers of this thread are due before `end_ns` (open rate only). */
int64_t wb_pace_due_count(const WbPace *p, int64_t end_ns);

/** wb_pace_backlog: note how many are due by `now` and still wait (open rate only). */
void wb_pace_backlog(WbPace *p, int64_t now);

/** wb_pace_taken: how many numbers were taken since wb_pace_begin. */
static inline int64_t wb_pace_taken(const WbPace *p)
{
    return (int64_t)((p->k - p->first) / p->step);
}

/** wb_pace_due_ns: when the thread's own j-th number (0, 1, ...) is due (open rate only). */
int64_t wb_pace_due_ns(const WbPace *p, int64_t j);

#endif
