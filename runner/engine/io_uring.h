/*
 * The io_uring back end, as far as setup needs to know it.
 */
#ifndef WB_RUNNER_ENGINE_IO_URING_H
#define WB_RUNNER_ENGINE_IO_URING_H

#include "runner/engine/io.h"

/* Completion by io_uring (Linux 6.0 or later): use it only after wb_uring_probe said so. */
extern const WbIoOps wb_io_uring;

/**
 * wb_uring_probe: whether a ring with all that the back end needs can be had here and now. Makes
 * one and gives it back.
 *
 * @param out_lacks  set to what it has to do without ("DEFER_TASKRUN", ...), NULL: nothing; a
 *                   constant
 * @param out_why    set to the errno that took it away
 * @return           0 or a negative errno: -ENOSYS (no io_uring, or one too old), -EPERM (seccomp,
 *                   kernel.io_uring_disabled), -ENOMEM, -EMFILE, ...
 */
int wb_uring_probe(const char **out_lacks, int *out_why);

#endif
