/*
 * TLS: sessions are kept by the engine's connections, so the context caches none of its own.
 */
#include "runner/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

G_DEFINE_QUARK(wb_tls_error, wb_tls_error)

struct WbTls {
    SSL_CTX *context;
};

void wb_tls_free(WbTls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->context);
    g_free(tls);
}

struct ssl_ctx_st *wb_tls_context(const WbTls *tls)
{
    return tls->context;
}

static bool fail(WbTlsError code, const char *what, const char *file, GError **error)
{
    unsigned long cause = ERR_peek_last_error();
    const char *reason = cause ? ERR_reason_error_string(cause) : NULL;

    g_set_error(error, WB_TLS_ERROR, (int)code, "%s%s%s%s: %s", what, file ? " '" : "",
                file ? file : "", file ? "'" : "", reason ? reason : "OpenSSL gives no reason");
    ERR_clear_error();
    return false;
}

static bool trust(SSL_CTX *context, const char *cacert, GError **error)
{
    if (cacert ? SSL_CTX_load_verify_locations(context, cacert, NULL) == 1
               : SSL_CTX_set_default_verify_paths(context) == 1)
        return true;
    return fail(WB_TLS_ERROR_FILE, "cannot read the trusted certificates", cacert, error);
}

static bool use_certificate(SSL_CTX *context, const char *cert, const char *key, GError **error)
{
    if (SSL_CTX_use_certificate_chain_file(context, cert) != 1)
        return fail(WB_TLS_ERROR_FILE, "cannot read the client certificate", cert, error);
    if (SSL_CTX_use_PrivateKey_file(context, key ? key : cert, SSL_FILETYPE_PEM) != 1)
        return fail(WB_TLS_ERROR_FILE, "cannot use the client's key", key ? key : cert, error);
    return true;
}

WbTls *wb_tls_new(const char *cacert, const char *cert, const char *key, bool insecure,
                  GError **error)
{
    g_autoptr(WbTls) tls = g_new0(WbTls, 1);

    tls->context = SSL_CTX_new(TLS_client_method());
    if (!tls->context) {
        fail(WB_TLS_ERROR_SETUP, "OpenSSL cannot be set up", NULL, error);
        return NULL;
    }
    SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_session_cache_mode(tls->context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_mode(tls->context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(tls->context, insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
    if ((!insecure && !trust(tls->context, cacert, error)) ||
        (cert && !use_certificate(tls->context, cert, key, error)))
        return NULL;
    return g_steal_pointer(&tls);
}
