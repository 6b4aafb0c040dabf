/*
 * The engine's clock: monotonic ns, read through the vDSO (no system call).
 */
#ifndef WB_RUNNER_ENGINE_CLOCK_H
#define WB_RUNNER_ENGINE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define WB_MS_NS INT64_C(1000000)
#define WB_S_NS  INT64_C(1000000000)

/** wb_clock_now: CLOCK_MONOTONIC in ns. */
static inline int64_t wb_clock_now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * WB_S_NS + ts.tv_nsec;
}

/** wb_clock_timespec: a span or an instant in ns (>= 0) as the system calls want it. */
static inline struct timespec wb_clock_timespec(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / WB_S_NS, .tv_nsec = (long)(ns % WB_S_NS)};
}

#endif
