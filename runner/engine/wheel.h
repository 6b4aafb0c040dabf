/*
 * A coarse timer wheel: for each of `n` numbered things at most one time at which to look at it.
 *
 * Timers are meant to be lazy: a connection is not moved at every request; when its time comes it
 * is asked for its real deadline and put back. A timer is never early, and late by at most a tick
 * plus the time until the wheel is looked at. Setting and removing is O(1), without allocation.
 */
#ifndef WB_RUNNER_ENGINE_WHEEL_H
#define WB_RUNNER_ENGINE_WHEEL_H

#include <stddef.h>
#include <stdint.h>

#define WB_WHEEL_SLOTS 512

typedef struct {
    int64_t at_ns;
    int32_t next; /* -1: last */
    int32_t prev; /* -1: first */
    int32_t list; /* 0 .. WB_WHEEL_SLOTS: slot or list of the due; -1: not set */
} WbTimer;

typedef struct {
    WbTimer *timers;                   /* [n], borrowed */
    int32_t first[WB_WHEEL_SLOTS + 1]; /* the last one is the list of the due */
    int64_t tick_ns;
    int64_t done; /* number of the last tick that was looked at */
} WbWheel;

/** wb_wheel_init: @param timers [n] room for the timers, borrowed  @param tick_ns > 0 */
void wb_wheel_init(WbWheel *w, WbTimer *timers, size_t n, int64_t tick_ns, int64_t now);

/** wb_wheel_set: look at `id` at or soon after `at_ns`, and no longer at its time before. */
void wb_wheel_set(WbWheel *w, int32_t id, int64_t at_ns);

/** wb_wheel_next_ns: when the wheel should be looked at again. */
static inline int64_t wb_wheel_next_ns(const WbWheel *w)
{
    return (w->done + 1) * w->tick_ns;
}

/** wb_wheel_turn: move on to `now`. Then take what is due with wb_wheel_pop. */
void wb_wheel_turn(WbWheel *w, int64_t now);

/** wb_wheel_pop: one that is due, no longer set; -1 none. It may be set again at once. */
int32_t wb_wheel_pop(WbWheel *w);

#endif
