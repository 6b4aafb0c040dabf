/*
 * Wire: non-blocking sockets with poll(2). TLS goes through memory: OpenSSL's own socket writes
 * raise SIGPIPE, which a library has no business to.
 */
#include "runner/wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runner/tls.h"

#define LOOK_US 50000 /* how often *stop is looked at */

G_DEFINE_QUARK(wb_wire_error, wb_wire_error)

struct WbWire {
    int fd;
    int64_t limit_ns;
    const atomic_bool *stop;
    WbTls *tls;
    SSL *ssl;
};

void wb_wire_free(WbWire *wire)
{
    if (!wire)
        return;
    SSL_free(wire->ssl);
    wb_tls_free(wire->tls);
    if (wire->fd >= 0)
        close(wire->fd);
    g_free(wire);
}

void wb_wire_set_limit(WbWire *wire, int64_t limit_ns)
{
    wire->limit_ns = limit_ns;
}

static int64_t deadline_us(const WbWire *w)
{
    return g_get_monotonic_time() + w->limit_ns / 1000;
}

/* "2 s", "50 ms" */
static void set_timeout(const WbWire *w, const char *what, GError **error)
{
    double s = (double)w->limit_ns / 1e9;

    g_set_error(error, WB_WIRE_ERROR, WB_WIRE_ERROR_TIMEOUT, "%s within %g %s", what,
                s >= 1 ? s : s * 1000, s >= 1 ? "s" : "ms");
}

/* Waits until the socket can be read or written. */
static bool await(const WbWire *w, short events, int64_t until_us, const char *what, GError **error)
{
    struct pollfd fd = {w->fd, events, 0};

    for (;;) {
        int64_t left_us = until_us - g_get_monotonic_time();
        int ms = (int)((CLAMP(left_us, 0, LOOK_US) + 999) / 1000);

        if (poll(&fd, 1, ms) > 0)
            return true;
        if (w->stop && atomic_load(w->stop)) {
            g_set_error(error, WB_WIRE_ERROR, WB_WIRE_ERROR_STOPPED, "interrupted");
            return false;
        }
        if (left_us <= 0) {
            set_timeout(w, what, error);
            return false;
        }
    }
}

static bool fail(int why, WbWireError code, GError **error)
{
    g_set_error(error, WB_WIRE_ERROR, (int)code, "%s", g_strerror(why));
    return false;
}

static bool connect_to(WbWire *w, const WbAddress *address, int64_t until_us, GError **error)
{
    const struct sockaddr *addr = (const struct sockaddr *)(const void *)&address->addr;
    const int on = 1;
    int why = 0;
    socklen_t len = sizeof why;

    if (w->fd >= 0)
        close(w->fd);
    w->fd = socket(addr->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (w->fd < 0)
        return fail(errno, WB_WIRE_ERROR_CONNECT, error);
    if (addr->sa_family != AF_UNIX)
        setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(w->fd, addr, address->len) == 0)
        return true;
    if (errno != EINPROGRESS)
        return fail(errno, WB_WIRE_ERROR_CONNECT, error);
    if (!await(w, POLLOUT, until_us, "no connection", error))
        return false;
    if (getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &why, &len) == 0 && why == 0)
        return true;
    return fail(why, WB_WIRE_ERROR_CONNECT, error);
}

/* ---- plain bytes ----------------------------------------------------------------------------- */

static bool send_all(WbWire *w, const char *bytes, size_t len, int64_t until_us, GError **error)
{
    while (len > 0) {
        ssize_t n = send(w->fd, bytes, len, MSG_NOSIGNAL);

        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        } else if (errno != EAGAIN && errno != EINTR) {
            return fail(errno, WB_WIRE_ERROR_BROKEN, error);
        } else if (!await(w, POLLOUT, until_us, "the request could not be sent", error)) {
            return false;
        }
    }
    return true;
}

static ssize_t receive_some(WbWire *w, char *bytes, size_t size, int64_t until_us, GError **error)
{
    for (;;) {
        ssize_t n = recv(w->fd, bytes, size, 0);

        if (n >= 0)
            return n;
        if (errno != EAGAIN && errno != EINTR) {
            fail(errno, WB_WIRE_ERROR_BROKEN, error);
            return -1;
        }
        if (!await(w, POLLIN, until_us, "no answer", error))
            return -1;
    }
}

/* ---- TLS: OpenSSL's two memory ends are carried to and from the socket ------------------------
 */

static bool carry_out(WbWire *w, int64_t until_us, GError **error)
{
    char bytes[16384];
    int n;

    while ((n = BIO_read(SSL_get_wbio(w->ssl), bytes, sizeof bytes)) > 0)
        if (!send_all(w, bytes, (size_t)n, until_us, error))
            return false;
    return true;
}

/* More bytes from the peer for OpenSSL. 0: the peer closed. */
static ssize_t carry_in(WbWire *w, int64_t until_us, GError **error)
{
    char bytes[16384];
    ssize_t n = receive_some(w, bytes, sizeof bytes, until_us, error);

    if (n > 0)
        BIO_write(SSL_get_rbio(w->ssl), bytes, (int)n);
    return n;
}

static bool fail_tls(WbWireError code, GError **error)
{
    unsigned long cause = ERR_get_error();
    const char *reason = cause ? ERR_reason_error_string(cause) : NULL;

    ERR_clear_error();
    g_set_error(error, WB_WIRE_ERROR, (int)code, "TLS: %s", reason ? reason : "it failed");
    return false;
}

static bool handshake(WbWire *w, const char *host, int64_t until_us, GError **error)
{
    w->tls = wb_tls_new(NULL, NULL, NULL, true, error);
    w->ssl = w->tls ? SSL_new(wb_tls_context(w->tls)) : NULL;
    if (!w->ssl)
        return w->tls ? fail_tls(WB_WIRE_ERROR_CONNECT, error) : false;
    SSL_set_bio(w->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(w->ssl);
    if (host && !g_hostname_is_ip_address(host))
        SSL_set_tlsext_host_name(w->ssl, host);
    for (;;) {
        int rc = SSL_do_handshake(w->ssl);
        int what = SSL_get_error(w->ssl, rc);
        ssize_t n;

        if (!carry_out(w, until_us, error))
            return false;
        if (rc == 1)
            return true;
        if (what != SSL_ERROR_WANT_READ)
            return fail_tls(WB_WIRE_ERROR_CONNECT, error);
        n = carry_in(w, until_us, error);
        if (n == 0)
            g_set_error(error, WB_WIRE_ERROR, WB_WIRE_ERROR_CONNECT,
                        "TLS: closed during the handshake");
        if (n <= 0)
            return false;
    }
}

static ssize_t receive_tls(WbWire *w, char *bytes, size_t size, int64_t until_us, GError **error)
{
    for (;;) {
        int got = SSL_read(w->ssl, bytes, (int)MIN(size, 1 << 20));
        int what = SSL_get_error(w->ssl, got);
        ssize_t n;

        if (!carry_out(w, until_us, error))
            return -1;
        if (got > 0)
            return got;
        if (what == SSL_ERROR_ZERO_RETURN)
            return 0;
        if (what != SSL_ERROR_WANT_READ) {
            fail_tls(WB_WIRE_ERROR_BROKEN, error);
            return -1;
        }
        n = carry_in(w, until_us, error);
        if (n <= 0)
            return n;
    }
}

/* ---- what callers see -------------------------------------------------------------------------
 */

WbWire *wb_wire_open(const WbTarget *target, int64_t limit_ns, const atomic_bool *stop,
                     GError **error)
{
    g_autoptr(GArray) addresses = wb_target_resolve(target, error);
    g_autoptr(WbWire) w = g_new0(WbWire, 1);
    int64_t until_us;

    w->fd = -1;
    w->limit_ns = limit_ns;
    w->stop = stop;
    until_us = deadline_us(w);
    for (unsigned i = 0; addresses && i < addresses->len; i++) {
        bool is_last = i + 1 == addresses->len;

        if (connect_to(w, &g_array_index(addresses, WbAddress, i), until_us,
                       is_last ? error : NULL)) {
            if (target->tls && !handshake(w, target->host, until_us, error))
                return NULL;
            return g_steal_pointer(&w);
        }
    }
    return NULL;
}

bool wb_wire_send(WbWire *wire, GBytes *bytes, GError **error)
{
    size_t len;
    const char *data = g_bytes_get_data(bytes, &len);
    int64_t until_us = deadline_us(wire);

    if (!wire->ssl)
        return send_all(wire, data, len, until_us, error);
    if (len > INT_MAX || SSL_write(wire->ssl, data, (int)len) != (int)len)
        return fail_tls(WB_WIRE_ERROR_BROKEN, error);
    return carry_out(wire, until_us, error);
}

ssize_t wb_wire_receive(WbWire *wire, char *bytes, size_t size, GError **error)
{
    int64_t until_us = deadline_us(wire);

    return wire->ssl ? receive_tls(wire, bytes, size, until_us, error)
                     : receive_some(wire, bytes, size, until_us, error);
}
