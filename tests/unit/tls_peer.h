/*
 * A TLS server within the test's own process, one thread a connection, whose every step is the
 * test's to choose; and the certificates for it, made anew for each run of the test.
 */
#ifndef WB_TESTS_UNIT_TLS_PEER_H
#define WB_TESTS_UNIT_TLS_PEER_H

#include <glib.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdatomic.h>

#include "tests/unit/engine_harness.h"

#define HELLO      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define LARGE_BODY (1 << 20)

typedef struct {
    X509 *cert;
    EVP_PKEY *key;
} Identity;

typedef struct Peer Peer;

/* One connection, as its server's thread sees it. */
typedef struct {
    Peer *peer;
    SSL *ssl;
    int fd;
    size_t len;
    char bytes[4096]; /* [len] read and not yet used */
} Talk;

struct Peer {
    SSL_CTX *ctx;
    BIO_METHOD *wire;
    int fd;
    int port;
    void (*serve)(Talk *talk); /* after the handshake */
    void (*greet)(Talk *talk); /* instead of a handshake, if not NULL */
    bool dribble;              /* the wire gets a few bytes at a time */
    GThread *thread;
    GPtrArray *talks; /* of GThread; the accepting thread's */
    atomic_llong requests;
    atomic_int shaken, named, alpn, bad;
};

static _Thread_local bool is_peer; /* a thread of the server */

/* ---- certificates ---- */

static inline void add_extension(X509 *cert, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    g_assert_nonnull(extension);
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
}

/* issuer NULL: a CA of its own; end_s: seconds from now on that it is valid, negative: expired. */
static inline Identity new_identity(const char *name, const char *alt, const Identity *issuer,
                                    long end_s)
{
    static long serial;
    Identity id = {X509_new(), EVP_EC_gen("P-256")};
    X509_NAME *subject = X509_get_subject_name(id.cert);

    X509_set_version(id.cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(id.cert), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(id.cert), -1000000);
    X509_gmtime_adj(X509_getm_notAfter(id.cert), end_s);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(id.cert, issuer ? X509_get_subject_name(issuer->cert) : subject);
    X509_set_pubkey(id.cert, id.key);
    if (!issuer)
        add_extension(id.cert, NID_basic_constraints, "critical,CA:TRUE");
    if (alt)
        add_extension(id.cert, NID_subject_alt_name, alt);
    X509_sign(id.cert, issuer ? issuer->key : id.key, EVP_sha256());
    return id;
}

static inline void clear_identity(Identity *id)
{
    X509_free(id->cert);
    EVP_PKEY_free(id->key);
}

/* ---- the wire ---- */

static inline int wire_read(BIO *bio, char *to, size_t len, size_t *out)
{
    Talk *talk = BIO_get_data(bio);
    ssize_t n = recv(talk->fd, to, len, 0);

    *out = n > 0 ? (size_t)n : 0;
    return n > 0;
}

static inline int wire_write(BIO *bio, const char *from, size_t len, size_t *out)
{
    Talk *talk = BIO_get_data(bio);
    size_t at = 0;

    while (at < len) {
        size_t some = talk->peer->dribble && len < 4096 ? 1 + (at * 7 + len) % 5 : len - at;
        ssize_t n = send(talk->fd, from + at, MIN(some, len - at), MSG_NOSIGNAL);

        if (n <= 0)
            return 0;
        at += (size_t)n;
    }
    *out = at;
    return 1;
}

static inline long wire_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static inline BIO *wire_bio(Talk *talk)
{
    BIO *bio = BIO_new(talk->peer->wire);

    BIO_set_data(bio, talk);
    BIO_set_init(bio, 1);
    return bio;
}

/* ---- talking ---- */

static inline bool say(Talk *talk, const char *bytes, size_t len)
{
    return SSL_write(talk->ssl, bytes, (int)len) == (int)len;
}

static inline bool hear(Talk *talk)
{
    int n = SSL_read(talk->ssl, talk->bytes + talk->len, (int)(sizeof talk->bytes - talk->len));

    if (n <= 0)
        return false;
    talk->len += (size_t)n;
    return true;
}

static inline void drop_heard(Talk *talk, size_t n)
{
    talk->len -= n;
    memmove(talk->bytes, talk->bytes + n, talk->len);
}

/* Byte i of every body that is sent up. */
static inline char body_byte(size_t i)
{
    return (char)('a' + i * 7 % 23);
}

/* Read one request with its body; what does not belong to a body is counted as bad. */
static inline bool hear_request(Talk *talk)
{
    const char *end, *length;
    size_t body = 0, at = 0;
    int bad = 0;

    while (!(end = g_strstr_len(talk->bytes, (gssize)talk->len, "\r\n\r\n")))
        if (talk->len == sizeof talk->bytes || !hear(talk))
            return false;
    length = g_strstr_len(talk->bytes, end - talk->bytes, "Content-Length: ");
    if (length)
        body = (size_t)g_ascii_strtoull(length + 16, NULL, 10);
    drop_heard(talk, (size_t)(end + 4 - talk->bytes));
    while (at < body) {
        size_t n = MIN(talk->len, body - at);

        for (size_t i = 0; i < n; i++)
            bad += talk->bytes[i] != body_byte(at + i);
        drop_heard(talk, n);
        at += n;
        if (at < body && !hear(talk))
            return false;
    }
    talk->peer->bad += bad;
    talk->peer->requests++;
    return true;
}

/* ---- the server ---- */

static inline void *talk_thread(void *data)
{
    Talk *talk = data;
    Peer *peer = talk->peer;

    is_peer = true;
    if (peer->greet) {
        peer->greet(talk);
    } else {
        BIO *bio = wire_bio(talk);

        talk->ssl = SSL_new(peer->ctx);
        SSL_set_bio(talk->ssl, bio, bio);
        if (SSL_accept(talk->ssl) == 1) {
            const unsigned char *alpn;
            unsigned alpn_len;

            peer->shaken++;
            SSL_get0_alpn_selected(talk->ssl, &alpn, &alpn_len);
            peer->alpn += alpn_len == 8 && memcmp(alpn, "http/1.1", 8) == 0;
            peer->named += SSL_get_servername(talk->ssl, TLSEXT_NAMETYPE_host_name) != NULL;
            peer->serve(talk);
        }
        SSL_free(talk->ssl);
    }
    close(talk->fd);
    g_free(talk);
    return NULL;
}

static inline void *accept_thread(void *data)
{
    Peer *peer = data;
    int fd;

    while ((fd = accept(peer->fd, NULL, NULL)) >= 0) {
        Talk *talk = g_new0(Talk, 1);
        int one = 1;

        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        talk->peer = peer;
        talk->fd = fd;
        g_ptr_array_add(peer->talks, g_thread_new("talk", talk_thread, talk));
    }
    return NULL;
}

static inline int select_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                              const unsigned char *in, unsigned in_len, void *arg)
{
    (void)ssl, (void)arg;
    if (in_len < 9 || memcmp(in, "\x08http/1.1", 9) != 0)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = in + 1;
    *out_len = 8;
    return SSL_TLSEXT_ERR_OK;
}

static inline void peer_start(Peer *peer, const Identity *id, int version)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    socklen_t len = sizeof in;

    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(peer->fd, (struct sockaddr *)&in, sizeof in), ==, 0);
    listen(peer->fd, 128);
    getsockname(peer->fd, (struct sockaddr *)&in, &len);
    peer->port = ntohs(in.sin_port);
    peer->ctx = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(peer->ctx, version);
    SSL_CTX_set_max_proto_version(peer->ctx, version);
    SSL_CTX_use_certificate(peer->ctx, id->cert);
    SSL_CTX_use_PrivateKey(peer->ctx, id->key);
    SSL_CTX_set_alpn_select_cb(peer->ctx, select_alpn, NULL);
    SSL_CTX_set_session_id_context(peer->ctx, (const unsigned char *)"test", 4);
    peer->wire = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "wire");
    BIO_meth_set_read_ex(peer->wire, wire_read);
    BIO_meth_set_write_ex(peer->wire, wire_write);
    BIO_meth_set_ctrl(peer->wire, wire_ctrl);
    peer->talks = g_ptr_array_new();
    peer->thread = g_thread_new("accept", accept_thread, peer);
}

/* All clients must have closed, or the threads would not end. */
static inline void peer_stop(Peer *peer)
{
    shutdown(peer->fd, SHUT_RDWR);
    g_thread_join(peer->thread);
    close(peer->fd);
    for (guint i = 0; i < peer->talks->len; i++)
        g_thread_join(peer->talks->pdata[i]);
    g_ptr_array_unref(peer->talks);
    SSL_CTX_free(peer->ctx);
    BIO_meth_free(peer->wire);
}

/* ---- the client, and both together ---- */

static Identity ca, server_id; /* of localhost and 127.0.0.1 */

static inline void serve_hello(Talk *talk)
{
    while (hear_request(talk) && say(talk, HELLO, strlen(HELLO)))
        ;
}

typedef struct {
    Peer peer;
    WbAddress address;
    WbLoad load;
    SSL_CTX *ctx;
    WbLoadResult *r;
} Fixture;

static inline void begin(Fixture *f, WbIo io, const Identity *id, int version)
{
    peer_start(&f->peer, id, version);
    f->address = tcp_address(f->peer.port);
    f->ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(f->ctx, SSL_VERIFY_PEER, NULL);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(f->ctx), ca.cert);
    f->load = simple_load(&f->address);
    f->load.io = io;
    f->load.tls = f->ctx;
    f->load.tls_host = "127.0.0.1";
    /* Enough is enough, but on a slow machine all of it is waited for. */
    f->load.max_requests = 60;
    f->load.duration_ns = f->load.timeout_ns = 60000 * MS;
}

static inline void run(Fixture *f)
{
    f->r = run_load(&f->load);
    peer_stop(&f->peer);
    g_assert_cmpint(f->r->handshake.count, <=, f->r->connections_opened);
}

static inline void end(Fixture *f)
{
    wb_engine_result_free(f->r);
    SSL_CTX_free(f->ctx);
}

/* Nothing went wrong, and the server counted the same. */
static inline void assert_clean(const Fixture *f)
{
    for (size_t i = 0; i < f->r->faults_n; i++)
        g_test_message("phase %d, code %d: %" G_GINT64_FORMAT " times; TLS: %s",
                       (int)f->r->faults[i].phase, f->r->faults[i].code, f->r->faults[i].count,
                       f->r->tls_error);
    g_assert_cmpuint(f->r->faults_n, ==, 0);
    g_assert_cmpint(f->r->requests, ==, f->load.max_requests);
    g_assert_cmpint(f->r->sent, ==, f->r->requests);
    g_assert_cmpint(f->peer.requests, ==, f->r->sent);
    g_assert_cmpint(f->r->status_class[2], ==, f->r->requests);
    g_assert_cmpint(f->peer.bad, ==, 0);
    g_assert_cmpint(f->peer.alpn, ==, f->peer.shaken);
    g_assert_cmpstr(f->r->tls_error, ==, "");
}

/* Under valgrind (3.19) a thread that waits in io_uring_enter keeps all others from running, and
 * with them this server. */
static inline bool is_valgrind(void)
{
    const char *preload = g_getenv("LD_PRELOAD");

    return preload && strstr(preload, "/vgpreload");
}

static inline bool is_there(WbIo io)
{
    WbAddress a = tcp_address(1);
    WbLoad load = simple_load(&a);
    WbLoadResult *r = NULL;

    if (io == WB_IO_URING && is_valgrind())
        return false;
    load.io = io;
    load.duration_ns = MS;
    if (wb_engine_run(&load, NULL, NULL, NULL, &r) == -ENOTSUP)
        return false;
    wb_engine_result_free(r);
    return true;
}

typedef struct {
    const char *path;
    void (*test)(const void *io);
} TlsTest;

/* Each test on each back end that is to be had. */
static inline int run_tests(int argc, char **argv, const TlsTest *tests, size_t n)
{
    static const WbIo ios[] = {WB_IO_EPOLL, WB_IO_URING};
    int rc;

    g_test_init(&argc, &argv, NULL);
    harness_init(argv[0]);
    ca = new_identity("test CA", NULL, NULL, 10000);
    server_id = new_identity("server", "DNS:localhost,IP:127.0.0.1", &ca, 10000);
    for (size_t k = 0; k < G_N_ELEMENTS(ios); k++)
        for (size_t i = 0; is_there(ios[k]) && i < n; i++) {
            g_autofree char *path =
                g_strdup_printf("/tls/%s/%s", k == 0 ? "epoll" : "uring", tests[i].path);

            g_test_add_data_func(path, GINT_TO_POINTER(ios[k]), tests[i].test);
        }
    rc = g_test_run();
    clear_identity(&ca);
    clear_identity(&server_id);
    g_free(harness_dir);
    return rc;
}

#endif
