/*
 * Making and unmaking what TLS needs; see secure.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "runner/engine/secure.h"

/* Memory of one thread: this, then WbSecure, the two buffers and the output buffers. */
static size_t aligned(size_t bytes)
{
    return (bytes + 63) & ~(size_t)63;
}

size_t wb_secure_memory(const WbLoad *load, int32_t connections)
{
    size_t n = (size_t)connections;

    if (!load->tls)
        return 0;
    return aligned(sizeof(WbSecureLoop)) + aligned(n * sizeof(WbSecure)) + WB_SECURE_RECORD_BYTES +
           WB_SECURE_PLAIN_BYTES + n * WB_SECURE_OUT_BYTES;
}

/* Sessions are kept by the connections: the context tells of each and caches none. */
static int take_session(SSL *ssl, SSL_SESSION *session)
{
    WbSecure *s = SSL_get_app_data(ssl);

    SSL_SESSION_free(s->session);
    s->session = session;
    return 1;
}

static BIO_METHOD *new_method(void)
{
    BIO_METHOD *m = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "wrkbook connection");

    if (m && BIO_meth_set_read_ex(m, wb_secure_bio_read) &&
        BIO_meth_set_write_ex(m, wb_secure_bio_write) && BIO_meth_set_ctrl(m, wb_secure_bio_ctrl))
        return m;
    BIO_meth_free(m);
    return NULL;
}

int wb_secure_init(WbLoop *loop)
{
    size_t n = (size_t)loop->conns_n;
    WbSecureLoop *sl = loop->secure;
    char *at = (char *)sl;

    if (!sl)
        return 0;
    at += aligned(sizeof *sl);
    sl->all = (void *)at;
    at += aligned(n * sizeof *sl->all);
    sl->gather = at;
    at += WB_SECURE_RECORD_BYTES;
    sl->plain = at;
    at += WB_SECURE_PLAIN_BYTES;
    for (size_t i = 0; i < n; i++)
        sl->all[i].out = at + i * WB_SECURE_OUT_BYTES;
    sl->method = new_method();
    if (!sl->method)
        return -ENOMEM;
    sl->wire = loop->io;
    sl->ops = *sl->wire;
    sl->ops.send = wb_secure_send;
    sl->ops.drop = wb_secure_drop;
    loop->io = &sl->ops;
    SSL_CTX_set_session_cache_mode(loop->load->tls,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(loop->load->tls, take_session);
    return 0;
}

void wb_secure_clear(WbLoop *loop)
{
    WbSecureLoop *sl = loop->secure;

    if (!sl)
        return;
    for (int32_t i = 0; i < loop->conns_n; i++) {
        SSL_free(sl->all[i].ssl);
        SSL_SESSION_free(sl->all[i].session);
    }
    BIO_meth_free(sl->method);
}

/* SNI takes names only (RFC 6066, section 3); an address is verified as such. */
static bool name_peer(SSL *ssl, const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];

    if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

static SSL *new_ssl(WbLoop *loop, WbSecure *s)
{
    static const unsigned char alpn[] = "\x08http/1.1";
    SSL *ssl = SSL_new(loop->load->tls);
    BIO *bio;

    if (!ssl)
        return NULL;
    bio = BIO_new(loop->secure->method);
    if (!bio || !name_peer(ssl, loop->load->tls_host) ||
        SSL_set_alpn_protos(ssl, alpn, sizeof alpn - 1) != 0) {
        BIO_free(bio);
        SSL_free(ssl);
        return NULL;
    }
    BIO_set_data(bio, s);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_app_data(ssl, s);
    SSL_set_connect_state(ssl);
    SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_clear_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    return ssl;
}

int wb_secure_prepare(WbLoop *loop, WbSecure *s)
{
    /* SSL_clear refuses an object that was given up within a renegotiation. */
    if (s->ssl && SSL_clear(s->ssl) != 1) {
        SSL_free(s->ssl);
        s->ssl = NULL;
    }
    if (!s->ssl)
        s->ssl = new_ssl(loop, s);
    if (!s->ssl)
        return -ENOMEM;
    SSL_set_session(s->ssl, s->session);
    return 0;
}

/* Whether `at_ns` is the earliest so far; 0 is never. */
static bool is_first(int64_t at_ns, int64_t *first_ns)
{
    if (at_ns == 0 || (*first_ns != 0 && at_ns >= *first_ns))
        return false;
    *first_ns = at_ns;
    return true;
}

void wb_secure_merge(WbLoadResult *result, WbLoop *const *loops, int n)
{
    int64_t name_ns = 0;
    int64_t error_ns = 0;

    for (int i = 0; i < n; i++) {
        const WbSecureLoop *sl = loops[i]->secure;

        if (!sl)
            continue;
        result->tls_resumed += sl->resumed;
        if (is_first(sl->name_at_ns, &name_ns))
            memcpy(result->tls, sl->name, sizeof result->tls);
        if (is_first(sl->error_at_ns, &error_ns))
            memcpy(result->tls_error, sl->error, sizeof result->tls_error);
    }
}
