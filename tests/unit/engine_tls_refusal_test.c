/*
 * Whom the engine refuses over TLS, who refuses it, and that the reason is told: certificates,
 * handshakes that fail in every way; on each back end.
 */
#include <errno.h>

#include "tests/unit/tls_peer.h"

static void greet_nothing(Talk *talk)
{
    while (recv(talk->fd, talk->bytes, sizeof talk->bytes, 0) > 0)
        ;
}

static void greet_eof(Talk *talk)
{
    recv(talk->fd, talk->bytes, sizeof talk->bytes, 0);
}

static void greet_reset(Talk *talk)
{
    struct linger linger = {1, 0};

    recv(talk->fd, talk->bytes, 1, 0);
    setsockopt(talk->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static void greet_http(Talk *talk)
{
    static const char text[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

    recv(talk->fd, talk->bytes, sizeof talk->bytes, 0);
    send(talk->fd, text, sizeof text - 1, MSG_NOSIGNAL);
}

/* Not one request, and the reason in words. */
static void assert_refused(const Fixture *f, int code, const char *text)
{
    g_assert_cmpint(f->r->sent, ==, 0);
    g_assert_cmpint(f->r->errors[WB_ERROR_CONNECT], >=, 4);
    g_assert_cmpint(fault_count(f->r, WB_PHASE_HANDSHAKE, code), ==,
                    f->r->errors[WB_ERROR_CONNECT]);
    g_assert_cmpint(f->r->handshake.count, ==, 0);
    g_assert_cmpstr(f->r->tls, ==, "");
    g_assert_cmpstr(f->r->tls_error, ==, text);
}

#define REFUSED "the server's certificate is refused: "

static void check_certificate(WbIo io, const Identity *id, const char *host, const char *text)
{
    Fixture f = {.peer = {.serve = serve_hello}};
    Fixture g = {.peer = {.serve = serve_hello}};

    begin(&f, io, id, TLS1_3_VERSION);
    f.load.tls_host = host;
    f.load.duration_ns = 50 * MS;
    run(&f);
    assert_refused(&f, WB_CODE_TLS, text);
    end(&f);
    begin(&g, io, id, TLS1_3_VERSION); /* what --insecure does */
    g.load.tls_host = host;
    SSL_CTX_set_verify(g.ctx, SSL_VERIFY_NONE, NULL);
    run(&g);
    assert_clean(&g);
    end(&g);
}

static void test_bad_certificates_are_refused_with_the_reason(const void *data)
{
    const char *here = "IP:127.0.0.1";
    const char *there = "DNS:elsewhere.example,IP:192.0.2.1";
    WbIo io = GPOINTER_TO_INT(data);
    Identity other_ca = new_identity("other CA", NULL, NULL, 10000);
    Identity foreign = new_identity("foreign", here, &other_ca, 10000);
    Identity expired = new_identity("expired", here, &ca, -1000);
    Identity elsewhere = new_identity("elsewhere", there, &ca, 10000);
    Identity alone = new_identity("alone", here, NULL, 10000);

    check_certificate(io, &foreign, "127.0.0.1", REFUSED "unable to get local issuer certificate");
    check_certificate(io, &expired, "127.0.0.1", REFUSED "certificate has expired");
    check_certificate(io, &elsewhere, "localhost", REFUSED "hostname mismatch");
    check_certificate(io, &elsewhere, "127.0.0.1", REFUSED "IP address mismatch");
    check_certificate(io, &alone, "127.0.0.1", REFUSED "self-signed certificate");
    clear_identity(&alone);
    clear_identity(&elsewhere);
    clear_identity(&expired);
    clear_identity(&foreign);
    clear_identity(&other_ca);
}

static void test_failed_handshakes_are_never_silent(const void *io)
{
    static const struct {
        void (*greet)(Talk *talk);
        int code;
        const char *text;
    } cases[] = {
        {greet_nothing, WB_CODE_TIMEOUT, ""},
        {greet_eof, WB_CODE_EOF, ""},
        {greet_reset, ECONNRESET, ""},
        {greet_http, WB_CODE_TLS, "the server speaks plain HTTP"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fixture f = {.peer = {.greet = cases[i].greet}};

        begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
        f.load.duration_ns = 50 * MS;
        if (cases[i].code == WB_CODE_TIMEOUT)
            f.load.timeout_ns = 300 * MS;
        run(&f);
        assert_refused(&f, cases[i].code, cases[i].text);
        end(&f);
    }
}

/* With TLS 1.3 the refusal comes when the client's handshake is over already. */
static void check_client(WbIo io, int version, const Identity *id)
{
    Fixture f = {.peer = {.serve = serve_hello}};

    begin(&f, io, &server_id, version);
    SSL_CTX_set_verify(f.peer.ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(f.peer.ctx), ca.cert);
    if (id) {
        SSL_CTX_use_certificate(f.ctx, id->cert);
        SSL_CTX_use_PrivateKey(f.ctx, id->key);
    }
    f.load.duration_ns = id ? f.load.duration_ns : 1000 * MS; /* time for the alert to come */
    run(&f);
    if (id) {
        assert_clean(&f);
    } else if (version == TLS1_3_VERSION) {
        g_assert_cmpint(f.r->requests, ==, 0);
        g_assert_cmpint(f.r->errors[WB_ERROR_READ], >, 0);
        g_assert_cmpstr(f.r->tls_error, ==, "tlsv13 alert certificate required");
    } else {
        assert_refused(&f, WB_CODE_TLS, "sslv3 alert handshake failure");
    }
    end(&f);
}

static void test_client_certificate_is_shown(const void *data)
{
    Identity id = new_identity("client", NULL, &ca, 10000);
    WbIo io = GPOINTER_TO_INT(data);

    check_client(io, TLS1_2_VERSION, NULL);
    check_client(io, TLS1_2_VERSION, &id);
    check_client(io, TLS1_3_VERSION, NULL);
    check_client(io, TLS1_3_VERSION, &id);
    clear_identity(&id);
}

static void *stop_soon(void *stop)
{
    g_usleep(100000);
    atomic_store((atomic_bool *)stop, true);
    return NULL;
}

static void test_stop_ends_hanging_handshakes(const void *io)
{
    Fixture f = {.peer = {.greet = greet_nothing}};
    atomic_bool stop = false;
    int64_t began = g_get_monotonic_time();
    GThread *thread;

    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    f.load.connections = 1000; /* more than shake at once */
    thread = g_thread_new("stop", stop_soon, &stop);
    g_assert_cmpint(wb_engine_run(&f.load, &stop, NULL, NULL, &f.r), ==, 0);
    g_thread_join(thread);
    peer_stop(&f.peer);
    g_assert_cmpint(g_get_monotonic_time() - began, <, 20000000);
    g_assert_true(f.r->stopped);
    g_assert_cmpint(f.r->sent, ==, 0);
    end(&f);
}

static void test_a_host_is_needed(const void *io)
{
    Fixture f = {.peer = {.serve = serve_hello}};

    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    f.load.tls_host = NULL;
    g_assert_cmpint(wb_engine_run(&f.load, NULL, NULL, NULL, &f.r), ==, -EINVAL);
    peer_stop(&f.peer);
    end(&f);
}

static const TlsTest tests[] = {
    {"refused/certificate", test_bad_certificates_are_refused_with_the_reason},
    {"refused/handshake", test_failed_handshakes_are_never_silent},
    {"refused/client", test_client_certificate_is_shown},
    {"refused/stop", test_stop_ends_hanging_handshakes},
    {"refused/no-host", test_a_host_is_needed},
};

int main(int argc, char **argv)
{
    return run_tests(argc, argv, tests, G_N_ELEMENTS(tests));
}
