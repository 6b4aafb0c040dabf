/*
 * The engine over TLS, against a server of the test's own: records cut and joined in every way,
 * key updates, sessions, ends clean and not; on each back end.
 */
#include "tests/unit/engine_harness.h"
#include "tests/unit/tls_peer.h"

/* ---- what servers do ---- */

static void serve_byte_records(Talk *talk)
{
    while (hear_request(talk))
        for (size_t i = 0; i < strlen(HELLO); i++)
            if (!say(talk, HELLO + i, 1))
                return;
}

/* All answers in one record, but for the end of the last. */
static void serve_joined(Talk *talk)
{
    static const char five[] = HELLO HELLO HELLO HELLO HELLO;

    while (hear_request(talk)) {
        size_t len = strlen(HELLO);

        while (talk->len > 0 && len < sizeof five - 1 && hear_request(talk))
            len += strlen(HELLO);
        if (!say(talk, five, len - 20) || !say(talk, five + len - 20, 20))
            return;
    }
}

static void serve_large(Talk *talk)
{
    g_autofree char *body = g_malloc(LARGE_BODY);
    g_autofree char *head =
        g_strdup_printf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", LARGE_BODY);

    for (size_t i = 0; i < LARGE_BODY; i++)
        body[i] = body_byte(i);
    while (hear_request(talk) && say(talk, head, strlen(head)) && say(talk, body, LARGE_BODY))
        ;
}

static void serve_eof(Talk *talk)
{
    static const char text[] = "HTTP/1.1 200 OK\r\n\r\nhello";

    if (hear_request(talk) && say(talk, text, sizeof text - 1))
        SSL_shutdown(talk->ssl);
}

static void serve_cut_eof(Talk *talk)
{
    static const char text[] = "HTTP/1.1 200 OK\r\n\r\nhel";

    if (hear_request(talk))
        say(talk, text, sizeof text - 1);
}

static void serve_bare_close(Talk *talk)
{
    if (hear_request(talk))
        say(talk, HELLO, strlen(HELLO));
}

static void serve_five(Talk *talk)
{
    static const char last[] =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";

    for (int i = 0; i < 4; i++)
        if (!hear_request(talk) || !say(talk, HELLO, strlen(HELLO)))
            return;
    if (hear_request(talk) && say(talk, last, sizeof last - 1))
        SSL_shutdown(talk->ssl);
}

/* New keys on both sides with every answer. */
static void serve_key_update(Talk *talk)
{
    while (hear_request(talk) && SSL_key_update(talk->ssl, SSL_KEY_UPDATE_REQUESTED) == 1 &&
           SSL_do_handshake(talk->ssl) == 1 && say(talk, HELLO, strlen(HELLO)))
        ;
}

/* TLS 1.2: a new handshake behind every answer, with a request perhaps under way. */
static void serve_renegotiation(Talk *talk)
{
    while (hear_request(talk) && say(talk, HELLO, strlen(HELLO)))
        if (SSL_renegotiate(talk->ssl) != 1 || SSL_do_handshake(talk->ssl) != 1)
            return;
}

/* Gone while the client is in the middle of the new handshake. */
static void serve_half_renegotiation(Talk *talk)
{
    if (hear_request(talk) && say(talk, HELLO, strlen(HELLO)) && SSL_renegotiate(talk->ssl) == 1)
        SSL_do_handshake(talk->ssl);
}

static void serve_noise(Talk *talk)
{
    static const char noise[] = "\x17\x03\x03\x00\x20 this was not encrypted by anyone!!";

    if (hear_request(talk))
        send(talk->fd, noise, sizeof noise - 1, MSG_NOSIGNAL);
    while (recv(talk->fd, talk->bytes, sizeof talk->bytes, 0) > 0)
        ;
}

/* ---- good servers ---- */

typedef struct {
    const char *name;
    void (*serve)(Talk *talk);
    int version;
    int pipeline;
    bool dribble;
    int requests; /* 0: 200 */
} Good;

static const Good goods[] = {
    {"tls1.3", serve_hello, TLS1_3_VERSION, 1, false},
    {"tls1.2", serve_hello, TLS1_2_VERSION, 1, false},
    {"pipeline", serve_hello, TLS1_3_VERSION, 100, false},
    {"byte-records", serve_byte_records, TLS1_3_VERSION, 1, false},
    {"byte-records-pipeline", serve_byte_records, TLS1_2_VERSION, 7, false},
    {"joined", serve_joined, TLS1_3_VERSION, 5, false},
    {"joined-cut", serve_joined, TLS1_2_VERSION, 5, true},
    {"cut", serve_hello, TLS1_3_VERSION, 1, true},
    {"large", serve_large, TLS1_3_VERSION, 1, false, 20},
    {"large-pipeline", serve_large, TLS1_2_VERSION, 3, false, 20},
    {"key-update", serve_key_update, TLS1_3_VERSION, 1, false},
    {"key-update-pipeline", serve_key_update, TLS1_3_VERSION, 8, false},
    {"renegotiation", serve_renegotiation, TLS1_2_VERSION, 1, false, 60},
};

static void check_good(WbIo io, const Good *good)
{
    Fixture f = {.peer = {.serve = good->serve, .dribble = good->dribble}};

    begin(&f, io, &server_id, good->version);
    f.load.pipeline = good->pipeline;
    f.load.threads = 3; /* more than cores, and 10 is not a multiple of it */
    f.load.connections = 10;
    f.load.max_requests = good->requests ? good->requests : 200;
    g_test_message("%s", good->name);
    run(&f);
    g_assert_cmpint(f.r->handshake.count, ==, 10);
    g_assert_cmpint(f.r->connect.count, ==, 10);
    g_assert_cmpint(f.r->tls_resumed, ==, 0);
    g_assert_true(g_str_has_prefix(f.r->tls, good->version == TLS1_3_VERSION ? "TLSv1.3 TLS_AES_"
                                                                             : "TLSv1.2 ECDHE-"));
    assert_clean(&f);
    g_assert_cmpint(f.peer.named, ==, 0); /* an address is not sent as a name */
    end(&f);
}

static void test_good_servers_give_exact_counts(const void *io)
{
    for (size_t i = 0; i < G_N_ELEMENTS(goods); i++)
        check_good(GPOINTER_TO_INT(io), &goods[i]);
}

static void test_large_bodies_are_sent_whole(const void *io)
{
    Fixture f = {.peer = {.serve = serve_hello}};
    g_autoptr(GString) text = g_string_new(NULL);
    WbRequest requests[2] = {{0}, get_request};

    g_string_printf(text, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", LARGE_BODY);
    for (size_t i = 0; i < LARGE_BODY; i++)
        g_string_append_c(text, body_byte(i));
    requests[0] = (WbRequest){.bytes = text->str, .len = text->len};
    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    f.load.requests = requests;
    f.load.requests_n = 2;
    f.load.pipeline = 2;
    f.load.max_requests = 20;
    run(&f);
    assert_clean(&f);
    end(&f);
}

static void test_names_are_asked_for_and_verified(const void *io)
{
    Fixture f = {.peer = {.serve = serve_hello}};

    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    f.load.tls_host = "localhost";
    run(&f);
    assert_clean(&f);
    g_assert_cmpint(f.peer.named, ==, f.peer.shaken);
    end(&f);
}

static void test_open_rate_and_new_connections_work(const void *io)
{
    Fixture f = {.peer = {.serve = serve_hello}};
    Fixture g = {.peer = {.serve = serve_hello}};

    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    f.load.rate_per_s = 500;
    run(&f);
    assert_clean(&f);
    g_assert_cmpint(f.r->planned, ==, 60);
    end(&f);
    begin(&g, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    g.load.no_keepalive = true;
    run(&g);
    assert_clean(&g);
    g_assert_cmpint(g.r->handshake.count, >=, g.r->requests);
    g_assert_cmpint(g.r->tls_resumed, ==, g.r->handshake.count - 4);
    end(&g);
}

static void check_resumption(WbIo io, int version)
{
    Fixture f = {.peer = {.serve = serve_five}};

    begin(&f, io, &server_id, version);
    run(&f);
    assert_clean(&f);
    g_assert_cmpint(f.r->closed_announced, >, 0);
    g_assert_cmpint(f.r->handshake.count, >, 4);
    g_assert_cmpint(f.r->tls_resumed, ==, f.r->handshake.count - 4);
    end(&f);
}

static void test_reconnects_resume_their_session(const void *io)
{
    check_resumption(GPOINTER_TO_INT(io), TLS1_3_VERSION);
    check_resumption(GPOINTER_TO_INT(io), TLS1_2_VERSION);
}

/* ---- ends ---- */

static void test_close_notify_ends_a_body(const void *io)
{
    Fixture f = {.peer = {.serve = serve_eof}};

    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    run(&f);
    assert_clean(&f);
    end(&f);
}

static void test_bare_eof_ends_no_body(const void *io)
{
    Fixture f = {.peer = {.serve = serve_cut_eof}};

    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    f.load.max_requests = 20;
    run(&f);
    g_assert_cmpint(f.r->requests, ==, 0);
    g_assert_cmpint(f.r->errors[WB_ERROR_READ], >, 0);
    g_assert_cmpint(fault_count(f.r, WB_PHASE_BODY, WB_CODE_EOF), ==, f.r->errors[WB_ERROR_READ]);
    g_assert_nonnull(strstr(f.r->tls_error, "close_notify"));
    end(&f);
}

static void test_bare_eof_behind_a_whole_response_is_a_close(const void *io)
{
    Fixture f = {.peer = {.serve = serve_bare_close}};

    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    f.load.max_requests = 20;
    run(&f);
    g_assert_cmpint(f.r->requests, >, 0);
    g_assert_cmpint(f.r->errors[WB_ERROR_CONNECT], ==, 0);
    g_assert_cmpint(fault_count(f.r, WB_PHASE_IDLE, WB_CODE_CLOSED_SILENTLY), >, 0);
    g_assert_cmpstr(f.r->tls_error, ==, "");
    end(&f);
}

static void test_end_within_a_renegotiation_is_a_close(const void *io)
{
    Fixture f = {.peer = {.serve = serve_half_renegotiation}};

    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_2_VERSION);
    f.load.max_requests = 20;
    run(&f);
    g_assert_cmpint(f.r->requests, >, 4);
    g_assert_cmpint(f.r->errors[WB_ERROR_CONNECT], ==, 0);
    g_assert_cmpint(f.r->errors[WB_ERROR_READ] + f.r->errors[WB_ERROR_WRITE], >, 0);
    end(&f);
}

static void test_noise_is_a_read_error(const void *io)
{
    Fixture f = {.peer = {.serve = serve_noise}};

    begin(&f, GPOINTER_TO_INT(io), &server_id, TLS1_3_VERSION);
    f.load.max_requests = 20;
    run(&f);
    g_assert_cmpint(f.r->requests, ==, 0);
    g_assert_cmpint(fault_count(f.r, WB_PHASE_WAIT, WB_CODE_TLS), ==, f.r->errors[WB_ERROR_READ]);
    g_assert_cmpint(f.r->errors[WB_ERROR_READ], >, 0);
    g_assert_cmpstr(f.r->tls_error, ==, "decryption failed or bad record mac");
    end(&f);
}

/* ---- what OpenSSL allocates ---- */

static atomic_llong allocations; /* outside of the server's threads */

static void *count_malloc(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    allocations += !is_peer;
    return malloc(size);
}

static void *count_realloc(void *old, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    allocations += !is_peer;
    return realloc(old, size);
}

static void plain_free(void *memory, const char *file, int line)
{
    (void)file, (void)line;
    free(memory);
}

/* OpenSSL 3.0 takes two (TLS 1.2) or four (1.3) pieces of 40 bytes for a record that it writes,
 * and gives them back at once. What comes on top is of the handshakes: a number for each, whatever
 * the number of requests. */
static int64_t allocations_beside_records(WbIo io, int version, int64_t requests)
{
    int64_t a_record = version == TLS1_3_VERSION ? 4 : 2;
    Fixture f = {.peer = {.serve = serve_hello}};
    int64_t beside;

    begin(&f, io, &server_id, version);
    f.load.max_requests = requests;
    allocations = 0;
    run(&f);
    beside = allocations - a_record * (requests + 4); /* each says close_notify, too */
    assert_clean(&f);
    g_test_message("%s: %" G_GINT64_FORMAT " allocations beside those of records", f.r->tls,
                   beside);
    end(&f);
    return beside;
}

static void test_records_are_read_without_allocation(const void *data)
{
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    WbIo io = GPOINTER_TO_INT(data);

    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        int64_t few, many;

        allocations_beside_records(io, versions[i], 10); /* what OpenSSL makes once */
        few = allocations_beside_records(io, versions[i], 10);
        many = allocations_beside_records(io, versions[i], 300);

        g_assert_cmpint(ABS(many - few), <, 100);
    }
}

/* ---- all of it ---- */

static const TlsTest tests[] = {
    {"good", test_good_servers_give_exact_counts},
    {"upload", test_large_bodies_are_sent_whole},
    {"name", test_names_are_asked_for_and_verified},
    {"pace", test_open_rate_and_new_connections_work},
    {"resume", test_reconnects_resume_their_session},
    {"end/close-notify", test_close_notify_ends_a_body},
    {"end/cut", test_bare_eof_ends_no_body},
    {"end/bare", test_bare_eof_behind_a_whole_response_is_a_close},
    {"end/renegotiation", test_end_within_a_renegotiation_is_a_close},
    {"end/noise", test_noise_is_a_read_error},
    {"allocations", test_records_are_read_without_allocation},
};

int main(int argc, char **argv)
{
    CRYPTO_set_mem_functions(count_malloc, count_realloc, plain_free);
    return run_tests(argc, argv, tests, G_N_ELEMENTS(tests));
}
