/*
 * TLS: an OpenSSL context as a user asks for it; the engine makes its connections from it.
 */
#ifndef WB_RUNNER_TLS_H
#define WB_RUNNER_TLS_H

#include <glib.h>
#include <stdbool.h>

#define WB_TLS_ERROR (wb_tls_error_quark())
GQuark wb_tls_error_quark(void);
typedef enum {
    WB_TLS_ERROR_FILE,  /* a certificate or key that cannot be read or used */
    WB_TLS_ERROR_SETUP, /* OpenSSL refuses */
} WbTlsError;

typedef struct WbTls WbTls;
struct ssl_ctx_st;

/**
 * wb_tls_new: a client context that verifies the server, unless told not to.
 *
 * @param cacert    PEM file of trusted certificates, NULL: the system's
 * @param cert,key  PEM files of a client certificate and its key, NULL: none; key NULL: in cert
 * @param insecure  do not verify the server's certificate
 * @return          caller frees with wb_tls_free
 */
WbTls *wb_tls_new(const char *cacert, const char *cert, const char *key, bool insecure,
                  GError **error);
void wb_tls_free(WbTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbTls, wb_tls_free)

/** wb_tls_context: for WbLoad.tls (borrowed). */
struct ssl_ctx_st *wb_tls_context(const WbTls *tls);

#endif
