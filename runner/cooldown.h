/*
 * Cool-down: waits between two runs until the host is quiet, with a limit.
 */
#ifndef WB_RUNNER_COOLDOWN_H
#define WB_RUNNER_COOLDOWN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * wb_cooldown_wait: returns once, over 300 ms, less than a tenth of the host's CPU was used and
 * less than half of the local ports wait to be free again.
 *
 * @param limit_ns  longest wait; 0: does not wait at all
 * @param stop      ends the wait; may be NULL
 * @return          false: still not quiet at the limit
 */
bool wb_cooldown_wait(int64_t limit_ns, const atomic_bool *stop);

#endif
