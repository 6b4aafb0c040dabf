/*
 * Target: a URL as a user types it, made into what the engine needs: addresses and request bytes.
 */
#ifndef WB_RUNNER_TARGET_H
#define WB_RUNNER_TARGET_H

#include <glib.h>
#include <stdbool.h>

#include "runner/engine/engine.h"

#define WB_TARGET_ERROR (wb_target_error_quark())
GQuark wb_target_error_quark(void);
typedef enum {
    WB_TARGET_ERROR_URL,     /* not a URL that can be loaded */
    WB_TARGET_ERROR_RESOLVE, /* the name has no address */
    WB_TARGET_ERROR_HEADER,  /* a header that would break the request */
} WbTargetError;

typedef struct {
    char *url; /* as typed */
    bool tls;
    char *host;      /* without brackets; NULL for a Unix socket */
    char *port;      /* decimal */
    char *authority; /* value of the Host header */
    char *path;      /* with query, begins with '/' */
    char *unix_path; /* path of the socket, or NULL */
} WbTarget;

/**
 * wb_target_parse: http://HOST[:PORT][/PATH], https://..., or unix:/SOCKET[:/PATH].
 *
 * HOST may be a name, an IPv4 address or an IPv6 address in brackets. A URL without a scheme is
 * http. A fragment is dropped; a user part is refused.
 *
 * @return  caller frees with wb_target_free; NULL with WB_TARGET_ERROR_URL
 */
WbTarget *wb_target_parse(const char *url, GError **error);
void wb_target_free(WbTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbTarget, wb_target_free)

/**
 * wb_target_resolve: all addresses of the target, each once, in the resolver's order.
 *
 * @return  of WbAddress (caller's), never empty; NULL with WB_TARGET_ERROR_RESOLVE
 */
GArray *wb_target_resolve(const WbTarget *target, GError **error);

/**
 * wb_target_request: the bytes of one request.
 *
 * Host is added unless `headers` has one; Content-Length is added where there is a body.
 *
 * @param method   NULL: GET, or POST where there is a body
 * @param path     NULL: the target's own
 * @param headers  "Name: value" lines, NULL-terminated, may be NULL; a CR, LF or NUL in one, or
 *                 a missing colon, is WB_TARGET_ERROR_HEADER
 * @param body     may be NULL
 * @param close    adds "Connection: close"
 * @return         caller frees
 */
GBytes *wb_target_request(const WbTarget *target, const char *method, const char *path,
                          char *const *headers, GBytes *body, bool close, GError **error);

#endif
