/*
 * TLS: whom to trust and who we are. Modes, sessions and names are the engine's: it sets them on
 * each connection.
 */
#include "runner/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
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

/* The first entry of OpenSSL's queue is the cause, the others are who handed it on. */
static const char *reason_of(unsigned long cause)
{
    static const struct {
        int reason;
        const char *text;
    } clearer[] = {
        {PEM_R_NO_START_LINE, "it holds none in PEM form"},
        {ERR_R_UNSUPPORTED, "it holds none in PEM form"},
        {PEM_R_BAD_PASSWORD_READ, "it is encrypted; decrypt it first (openssl pkey)"},
        {ERR_R_INTERRUPTED_OR_CANCELLED, "it is encrypted; decrypt it first (openssl pkey)"},
    };
    const char *reason = cause ? ERR_reason_error_string(cause) : NULL;
    int code = ERR_GET_REASON(cause);

    if (ERR_SYSTEM_ERROR(cause))
        return g_strerror(code);
    for (size_t i = 0; i < G_N_ELEMENTS(clearer); i++)
        if (clearer[i].reason == code &&
            (ERR_GET_LIB(cause) == ERR_LIB_PEM || (code & ERR_RFLAG_COMMON)))
            return clearer[i].text;
    return reason ? reason : "OpenSSL gives no reason";
}

static bool fail(WbTlsError code, const char *what, const char *file, GError **error)
{
    g_set_error(error, WB_TLS_ERROR, (int)code, "%s%s%s%s: %s", what, file ? " '" : "",
                file ? file : "", file ? "'" : "", reason_of(ERR_peek_error()));
    ERR_clear_error();
    return false;
}

/* A load runs unattended: nobody is there to be asked for a password. */
static int no_password(char *buffer, int size, int writing, void *user_data)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)user_data;
    return -1;
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
    SSL_CTX_set_default_passwd_cb(tls->context, no_password);
    SSL_CTX_set_verify(tls->context, insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
    if ((!insecure && !trust(tls->context, cacert, error)) ||
        (cert && !use_certificate(tls->context, cert, key, error)))
        return NULL;
    return g_steal_pointer(&tls);
}
