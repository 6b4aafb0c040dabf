/*
 * What stands around the loops: the caller's thread, and the one result made of theirs.
 */
#ifndef WB_RUNNER_ENGINE_SETUP_H
#define WB_RUNNER_ENGINE_SETUP_H

#include "runner/engine/loop.h"

/* All of one load. */
typedef struct {
    const WbLoad *load;
    WbShared shared;
    int threads; /* that run */
    WbLoop **loops;
    bool stopped;
    int64_t t0_realtime_ns;
} WbEngine;

/**
 * wb_setup_watch: the caller's thread from the loops' start to their end: gives the word when all
 * are connected, then waits, looks at *stop and calls `progress`.
 * @return 0, or a negative errno if the load could not begin (the loops end all the same)
 */
int wb_setup_watch(WbEngine *engine, const atomic_bool *stop, WbProgressFn progress,
                   void *user_data);

/**
 * wb_setup_choose_io: the back end for what was asked for.
 * @param note  [size] set to what was tried and refused, and why; "" if nothing was
 * @return      NULL if it is not to be had
 */
const WbIoOps *wb_setup_choose_io(WbIo asked, char *note, size_t size);

/** wb_setup_refuse_uring: set `note` [size] to why io_uring is not used: `error` is an errno. */
void wb_setup_refuse_uring(int error, char *note, size_t size);

/** wb_setup_thread: start routine of a thread; `arg` is its WbLoop. */
void *wb_setup_thread(void *arg);

/** wb_result_merge: after the join. @return 0 or -ENOMEM; the result is the caller's */
int wb_result_merge(const WbEngine *engine, WbLoadResult **out);

#endif
