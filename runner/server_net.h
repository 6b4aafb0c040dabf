/*
 * Server net: a network namespace for one server and the load on it: TCP counters that are theirs
 * alone, no clash of ports, somaxconn as a suite says, nothing changed on the host.
 *
 * A namespace belongs to a thread. Whoever works in it does so on a thread of its own, which ends
 * afterwards: to come back is not allowed to those who got in through a user namespace.
 */
#ifndef WB_RUNNER_SERVER_NET_H
#define WB_RUNNER_SERVER_NET_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * wb_net_new: a fresh namespace with `lo` up.
 *
 * As root at once; else through a user namespace, which the whole runner then enters for good,
 * with the same user and group. The kernel lets only a program of one thread do that, so the first
 * call must come before any thread is started.
 *
 * @param somaxconn  net.core.somaxconn there; < 0: as it is
 * @return           a descriptor (caller closes); -1 with WB_SERVER_ERROR_START and the remedy
 */
int wb_net_new(int64_t somaxconn, GError **error);

/**
 * wb_net_run: calls fn(data) inside and waits for it.
 *
 * @param net  -1: on the caller's thread, where we are
 * @return     false with WB_SERVER_ERROR_START: it cannot be entered; fn was not called
 */
bool wb_net_run(int net, void (*fn)(void *data), void *data, GError **error);

/** wb_net_enter: the calling thread, for good. 0 or a negative errno. */
int wb_net_enter(int net);

#endif
