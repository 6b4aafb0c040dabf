/*
 * Wire: one connection for questions outside a load (readiness, probe): plain or TLS, TCP or Unix,
 * each step within a limit. Speed does not matter here, and nothing is shared with the engine, so
 * that what the engine gets wrong is seen from outside.
 */
#ifndef WB_RUNNER_WIRE_H
#define WB_RUNNER_WIRE_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runner/target.h"

#define WB_WIRE_ERROR (wb_wire_error_quark())
GQuark wb_wire_error_quark(void);
typedef enum {
    WB_WIRE_ERROR_CONNECT, /* no connection, or no TLS on it */
    WB_WIRE_ERROR_TIMEOUT, /* nothing within the limit */
    WB_WIRE_ERROR_BROKEN,  /* reset, or the like */
    WB_WIRE_ERROR_STOPPED, /* *stop was set */
} WbWireError;

typedef struct WbWire WbWire;

/**
 * wb_wire_open: connects to the first of the target's addresses that takes it.
 *
 * @param limit_ns  for this and for each further step on it
 * @param stop      polled every 50 ms; NULL: never
 * @return          caller frees; NULL with WB_WIRE_ERROR or WB_TARGET_ERROR_RESOLVE. A server
 *                  certificate is not verified.
 */
WbWire *wb_wire_open(const WbTarget *target, int64_t limit_ns, const atomic_bool *stop,
                     GError **error);
void wb_wire_free(WbWire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbWire, wb_wire_free)

/** wb_wire_set_limit: of the steps from now on. */
void wb_wire_set_limit(WbWire *wire, int64_t limit_ns);

/** wb_wire_send: all of it. */
bool wb_wire_send(WbWire *wire, GBytes *bytes, GError **error);

/** wb_wire_receive: what comes next, at least a byte. @return 0: the peer closed; -1: error */
ssize_t wb_wire_receive(WbWire *wire, char *bytes, size_t size, GError **error);

#endif
