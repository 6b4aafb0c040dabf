/*
 * Listeners: who listens where, from /proc/net (tcp, tcp6, unix) against /proc/PID/fd. A plain
 * bind() cannot tell: it fails for a minute after a stop (TIME_WAIT), though the port is free.
 *
 * All calls speak of the network namespace of the calling thread.
 */
#ifndef WB_RUNNER_LISTENERS_H
#define WB_RUNNER_LISTENERS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/processes.h"
#include "runner/target.h"

typedef enum {
    WB_LISTENER_NOBODY,
    WB_LISTENER_OURS,
    WB_LISTENER_FOREIGN, /* at least one is not ours */
} WbListener;

/**
 * wb_listeners_find: the sockets that a connection to one of these addresses would reach.
 *
 * An exact address goes before a wildcard, as in the kernel.
 *
 * @param addresses  of WbAddress
 * @return           inodes (uint64_t), caller's
 */
GArray *wb_listeners_find(const GArray *addresses);

/**
 * wb_listeners_whose: whether all that listens at these addresses belongs to these processes.
 *
 * A socket that no visible process holds is ours if one of ours does not let us look at its
 * descriptors (it changed its user, and we are not root).
 *
 * @param ours       of WbProcess; NULL: nobody
 * @param out_other  FOREIGN: the first process that is not ours; pid 0: it cannot be seen
 */
WbListener wb_listeners_whose(const GArray *addresses, const GArray *ours,
                              WbServerProcess *out_other);

/** wb_listeners_are_local: at least one of these addresses is this host's, so that we can know. */
bool wb_listeners_are_local(const GArray *addresses);

/**
 * wb_listeners_free_port: a TCP port of 127.0.0.1 that nobody uses, not even a closing connection.
 *
 * It is chosen below the range from which the kernel takes the ports of outgoing connections, or
 * the load's own sockets could sit on it when the server is started again.
 *
 * @return 0: none was found
 */
int wb_listeners_free_port(void);

#endif
