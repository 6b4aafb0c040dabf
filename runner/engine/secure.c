/*
 * Handshakes and records. Hot are wb_secure_on_bytes, wb_secure_send and wb_secure_on_sent.
 *
 * OpenSSL reads and writes through a BIO of our own, which copies out of the back end's receive
 * buffer and into the connection's output buffer: one copy less than BIO pairs or memory BIOs, and
 * nothing that grows. All that came is read at once (what is no whole record yet stays within
 * OpenSSL), so that the back end's buffer is free again on return.
 *
 * Output: one SSL_write's requests are under way at a time, and what TLS has to say on its own
 * before or behind them (a KeyUpdate is answered within SSL_read). The requests are told as sent
 * when their last byte is, not when all is: their answers may come before. WbConn.sending holds for
 * both, since it is what the back end looks at to go on with a send that had to wait.
 *
 * OpenSSL's error queue is empty whenever this file is left: an old entry would make SSL_get_error
 * tell a later want of bytes as a failure.
 */
#include "runner/engine/secure.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>

#include "runner/engine/clock.h"

static WbSecure *secure_of(const WbLoop *loop, const WbConn *c)
{
    return &loop->secure->all[c - loop->conns];
}

/* ---- the BIO ---- */

int wb_secure_bio_read(BIO *bio, char *to, size_t len, size_t *out_n)
{
    WbSecure *s = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    *out_n = 0;
    if (s->in_len == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    if (len > s->in_len)
        len = s->in_len;
    memcpy(to, s->in, len);
    s->in += len;
    s->in_len -= len;
    *out_n = len;
    return 1;
}

int wb_secure_bio_write(BIO *bio, const char *from, size_t len, size_t *out_n)
{
    WbSecure *s = BIO_get_data(bio);
    size_t room = WB_SECURE_OUT_BYTES - s->out_len;

    BIO_clear_retry_flags(bio);
    *out_n = 0;
    if (room == 0) {
        BIO_set_retry_write(bio);
        return -1;
    }
    if (len > room)
        len = room;
    memcpy(s->out + s->out_len, from, len);
    s->out_len += len;
    *out_n = len;
    return 1;
}

long wb_secure_bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

/* ---- failures ---- */

/* Keep the first failure's text; `more` may be NULL. */
static void note_text(WbLoop *loop, const char *text, const char *more, int64_t now)
{
    WbSecureLoop *sl = loop->secure;
    size_t room = sizeof sl->error - 1;
    size_t len = strnlen(text, room);

    if (sl->error_at_ns != 0)
        return;
    sl->error_at_ns = now;
    memcpy(sl->error, text, len);
    if (more)
        memcpy(sl->error + len, more, strnlen(more, room - len));
}

static void note_openssl(WbLoop *loop, const WbSecure *s, int64_t now)
{
    unsigned long error = ERR_peek_error();
    const char *reason = error ? ERR_reason_error_string(error) : NULL;

    if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
        ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED)
        note_text(loop, "the server's certificate is refused: ",
                  X509_verify_cert_error_string(SSL_get_verify_result(s->ssl)), now);
    else
        note_text(loop, reason ? reason : "OpenSSL gives no reason", NULL, now);
}

/* Why a call of OpenSSL did not succeed: 0 it waits for the peer or for room, else a WbCode. */
static int why(WbLoop *loop, const WbSecure *s, int rc, int64_t now)
{
    int code = WB_CODE_TLS;

    switch (SSL_get_error(s->ssl, rc)) {
    case SSL_ERROR_WANT_READ:
        return 0;
    case SSL_ERROR_WANT_WRITE:
        if (s->in_len == 0)
            return 0;
        note_text(loop, "the peer asks for more than there is room for", NULL, now);
        break;
    case SSL_ERROR_ZERO_RETURN:
        code = WB_CODE_EOF;
        break;
    default:
        note_openssl(loop, s, now);
        break;
    }
    ERR_clear_error();
    return code;
}

/* ---- output ---- */

/* Hand over what there is to send. Returns false if the connection was given up. */
static bool pump(WbLoop *loop, WbConn *c, WbSecure *s, int64_t now)
{
    uint32_t gen = c->gen;

    if (s->pumping)
        return true;
    s->pumping = true;
    while (s->out_len > 0 && !s->busy) {
        struct iovec iov = {s->out + s->out_at, s->out_len - s->out_at};

        s->busy = c->sending = true;
        loop->secure->wire->send(loop, c, &iov, 1, now);
        if (c->gen != gen)
            return false;
    }
    s->pumping = false;
    return true;
}

/* The bytes of up to one record: those of the first buffer, or of several in one. */
static const char *gather(WbLoop *loop, const struct iovec *iov, int iov_n, size_t *out_len)
{
    char *to = loop->secure->gather;
    size_t len = 0;

    if (iov_n == 1 || iov[0].iov_len >= WB_SECURE_RECORD_BYTES) {
        len = iov[0].iov_len;
        *out_len = len < WB_SECURE_RECORD_BYTES ? len : WB_SECURE_RECORD_BYTES;
        return iov[0].iov_base;
    }
    for (int i = 0; i < iov_n && len < WB_SECURE_RECORD_BYTES; i++) {
        size_t room = WB_SECURE_RECORD_BYTES - len;
        size_t n = iov[i].iov_len < room ? iov[i].iov_len : room;

        memcpy(to + len, iov[i].iov_base, n);
        len += n;
    }
    *out_len = len;
    return to;
}

void wb_secure_send(WbLoop *loop, WbConn *c, const struct iovec *iov, int iov_n, int64_t now)
{
    WbSecure *s = secure_of(loop, c);
    size_t written = 0;

    s->blocked = s->out_len > 0;
    if (!s->blocked) {
        size_t len;
        const char *bytes = gather(loop, iov, iov_n, &len);
        int rc = SSL_write_ex(s->ssl, bytes, len, &written);

        s->blocked = rc != 1;
        if (s->blocked && why(loop, s, rc, now) != 0) {
            s->live = false;
            wb_conn_plain_sent(loop, c, -EPROTO, now);
            return;
        }
    }
    s->plain = written;
    s->plain_end = s->out_len;
    pump(loop, c, s, now);
}

/* ---- handshake ---- */

static void note_name(WbSecureLoop *sl, const SSL *ssl, int64_t now)
{
    const char *parts[] = {SSL_get_version(ssl), " ", SSL_get_cipher_name(ssl)};
    size_t at = 0;

    sl->name_at_ns = now;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n = strnlen(parts[i], sizeof sl->name - 1 - at);

        memcpy(sl->name + at, parts[i], n);
        at += n;
    }
}

/* The connection is given up; a session that may be to blame is not offered again. */
static bool shake_failed(WbLoop *loop, WbConn *c, WbSecure *s, int code)
{
    SSL_SESSION_free(s->session);
    s->session = NULL;
    wb_conn_on_error(loop, c, code, wb_clock_now());
    return false;
}

/* Go on with the handshake as far as the bytes go. Returns false if the connection was given up. */
static bool shake(WbLoop *loop, WbConn *c, WbSecure *s, int64_t now)
{
    WbSecureLoop *sl = loop->secure;
    uint32_t gen = c->gen;
    int rc;

    while ((rc = SSL_do_handshake(s->ssl)) != 1) {
        bool full = SSL_want_write(s->ssl);
        int code = why(loop, s, rc, now);

        if (code != 0)
            return shake_failed(loop, c, s, code);
        if (!pump(loop, c, s, now))
            return false;
        if (!full || s->out_len > 0)
            return true;
    }
    if (!pump(loop, c, s, now))
        return false;
    ERR_clear_error();
    s->live = true;
    now = wb_clock_now();
    if (wb_loop_passed(loop, now)) {
        wb_conn_close(loop, c);
        return false;
    }
    wb_hist_add(&loop->tally.handshake, now - s->begun_ns);
    sl->resumed += SSL_session_reused(s->ssl);
    if (sl->name_at_ns == 0)
        note_name(sl, s->ssl, now);
    wb_conn_ready(loop, c, now);
    return c->gen == gen;
}

void wb_secure_begin(WbLoop *loop, WbConn *c, int64_t now)
{
    WbSecure *s = secure_of(loop, c);

    s->begun_ns = now;
    if (wb_secure_prepare(loop, s) != 0) {
        ERR_clear_error();
        wb_conn_on_error(loop, c, ENOMEM, now);
        return;
    }
    shake(loop, c, s, now);
}

/* The send that was under way failed. */
static void send_failed(WbLoop *loop, WbConn *c, WbSecure *s, int64_t error, int64_t now)
{
    s->live = false;
    s->out_at = s->out_len = 0;
    if (c->state == WB_CONN_SHAKING)
        shake_failed(loop, c, s, (int)-error);
    else
        wb_conn_plain_sent(loop, c, error, now);
}

void wb_secure_on_sent(WbLoop *loop, WbConn *c, int64_t sent, int64_t now)
{
    WbSecure *s = secure_of(loop, c);
    uint32_t gen = c->gen;
    bool all;

    s->busy = false;
    if (sent < 0) {
        send_failed(loop, c, s, sent, now);
        return;
    }
    s->out_at += (size_t)sent;
    all = s->out_at == s->out_len;
    if (c->state == WB_CONN_OPEN && (all || (s->plain > 0 && s->out_at >= s->plain_end))) {
        size_t plain = s->plain;

        s->plain = 0;
        if (all)
            s->out_at = s->out_len = 0;
        wb_conn_plain_sent(loop, c, (int64_t)plain, now);
    } else if (all) {
        s->out_at = s->out_len = 0;
        c->sending = false;
        /* Waited for room. Nobody else resumes a connection after a send. */
        if (!s->pumping && shake(loop, c, s, now))
            wb_conn_resume(loop, c, now);
        return;
    }
    if (c->gen == gen)
        pump(loop, c, s, now);
}

/* ---- input ---- */

/* Decrypt until the buffer is full or no whole record is left. @return of the last SSL_read */
static int decrypt(WbSecure *s, char *plain, size_t *out_len)
{
    size_t n;
    int rc;

    *out_len = 0;
    do {
        rc = SSL_read_ex(s->ssl, plain + *out_len, WB_SECURE_PLAIN_BYTES - *out_len, &n);
        if (rc != 1)
            break;
        *out_len += n;
    } while ((s->in_len > 0 || SSL_pending(s->ssl) > 0) && *out_len < WB_SECURE_PLAIN_BYTES);
    return rc;
}

/* A failure or a close_notify. Returns false, as the connection was given up. */
static bool read_ended(WbLoop *loop, WbConn *c, WbSecure *s, int code, int64_t now)
{
    if (code == WB_CODE_EOF) {
        wb_conn_on_eof(loop, c, now);
        return false;
    }
    s->live = false;
    wb_conn_on_error(loop, c, code, now);
    return false;
}

static bool read_records(WbLoop *loop, WbConn *c, WbSecure *s, int64_t now)
{
    uint32_t gen = c->gen;

    while (s->in_len > 0 || SSL_pending(s->ssl) > 0) {
        size_t len;
        int rc = decrypt(s, loop->secure->plain, &len);
        int code = rc == 1 ? 0 : why(loop, s, rc, now);

        if (len > 0 && !wb_conn_plain_bytes(loop, c, loop->secure->plain, len, now))
            return false;
        if (code != 0)
            return read_ended(loop, c, s, code, now);
    }
    if (!pump(loop, c, s, now))
        return false;
    /* A send may have waited for these bytes (a renegotiation). */
    if (s->blocked && !s->busy) {
        c->sending = s->blocked = false;
        wb_conn_plain_sent(loop, c, 0, now);
    }
    return c->gen == gen;
}

bool wb_secure_on_bytes(WbLoop *loop, WbConn *c, const char *bytes, size_t len, int64_t now)
{
    WbSecure *s = secure_of(loop, c);

    s->in = bytes;
    s->in_len = len;
    if (c->state == WB_CONN_SHAKING) {
        if (len >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
            note_text(loop, "the server speaks plain HTTP", NULL, now);
        if (!shake(loop, c, s, now))
            return false;
        if (c->state != WB_CONN_OPEN)
            return true;
    }
    return read_records(loop, c, s, now);
}

bool wb_secure_ended(WbLoop *loop, const WbConn *c, int64_t now)
{
    if (!loop->secure || (SSL_get_shutdown(secure_of(loop, c)->ssl) & SSL_RECEIVED_SHUTDOWN))
        return true;
    note_text(loop, "closed without close_notify: the body may have been cut short", NULL, now);
    return false;
}

/* ---- the end ---- */

/* A last alert (close_notify, or why a handshake was refused) goes out if it can at once; the
 * connection is closed in any case. Shut down or not: sessions stay resumable. */
void wb_secure_drop(WbLoop *loop, WbConn *c)
{
    WbSecure *s = secure_of(loop, c);

    if (s->ssl) {
        if (s->live && !(SSL_get_shutdown(s->ssl) & SSL_RECEIVED_SHUTDOWN))
            SSL_shutdown(s->ssl);
        if (s->out_at < s->out_len && !s->busy)
            send(c->fd, s->out + s->out_at, s->out_len - s->out_at, MSG_NOSIGNAL | MSG_DONTWAIT);
        SSL_set_shutdown(s->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        ERR_clear_error();
    }
    s->in_len = s->out_at = s->out_len = s->plain = 0;
    s->live = s->busy = s->pumping = s->blocked = false;
    loop->secure->wire->drop(loop, c);
}
