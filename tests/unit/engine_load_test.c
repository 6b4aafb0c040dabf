/*
 * The engine against a server that misbehaves on order (tests/support/faultserver.c): each
 * behaviour must show in the class that DESIGN.md section 4 gives it, and never as a silent zero.
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/resource.h>

#include "tests/unit/engine_harness.h"

/* What a class of counters must be. */
typedef enum { NONE, SOME, ANY } Want;

typedef struct {
    const char *behaviour; /* and options of the faultserver */
    int64_t duration_ms;   /* 0: 300 */
    int64_t timeout_ms;    /* 0: 2000 */
    Want requests, connect, read, write, timeout, status;
    WbPhase phase; /* of a fault that must be there, if code is not 0 */
    int code;
    int status_class; /* that all requests have; 0: 2 */
} Case;

static const Case cases[] = {
    {"keepalive", 0, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"eof", 0, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"close", 0, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"http10", 0, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"silent-close", 0, 0, SOME, NONE, SOME, ANY, NONE, NONE, WB_PHASE_IDLE,
     WB_CODE_CLOSED_SILENTLY, 2},
    {"truncated", 0, 0, NONE, NONE, SOME, NONE, NONE, NONE, WB_PHASE_BODY, WB_CODE_EOF, 2},
    {"cut-head", 0, 0, NONE, NONE, SOME, NONE, NONE, NONE, WB_PHASE_HEAD, WB_CODE_EOF, 2},
    {"cut-chunk", 0, 0, NONE, NONE, SOME, NONE, NONE, NONE, WB_PHASE_BODY, WB_CODE_EOF, 2},
    {"404", 0, 0, SOME, NONE, NONE, NONE, NONE, SOME, 0, 0, 4},
    {"500", 0, 0, SOME, NONE, NONE, NONE, NONE, SOME, 0, 0, 5},
    {"never", 300, 100, NONE, NONE, NONE, NONE, SOME, NONE, WB_PHASE_WAIT, WB_CODE_TIMEOUT, 2},
    {"late --ms 250", 600, 100, NONE, NONE, NONE, NONE, SOME, NONE, WB_PHASE_WAIT, WB_CODE_TIMEOUT,
     2},
    {"late --ms 100", 350, 300, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"refuse", 0, 0, NONE, SOME, NONE, NONE, NONE, NONE, WB_PHASE_CONNECT, ECONNREFUSED, 2},
    {"reset", 0, 0, NONE, ANY, SOME, ANY, NONE, NONE, 0, 0, 2},
    {"reset-reply", 0, 0, SOME, NONE, SOME, ANY, NONE, NONE, WB_PHASE_IDLE, ECONNRESET, 2},
    {"reset-body", 0, 0, NONE, NONE, SOME, NONE, NONE, NONE, WB_PHASE_BODY, ECONNRESET, 2},
    {"garbage", 0, 0, NONE, NONE, SOME, NONE, NONE, NONE, WB_PHASE_HEAD, WB_CODE_BAD_HEAD, 2},
    {"bad-chunk", 0, 0, NONE, NONE, SOME, NONE, NONE, NONE, WB_PHASE_BODY, WB_CODE_BAD_CHUNK, 2},
    {"two-lengths", 0, 0, NONE, NONE, SOME, NONE, NONE, NONE, WB_PHASE_HEAD, WB_CODE_BAD_HEAD, 2},
    {"unasked", 0, 0, SOME, NONE, SOME, NONE, NONE, NONE, WB_PHASE_IDLE, WB_CODE_UNASKED, 2},
    {"drip", 500, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"huge-head", 0, 0, NONE, NONE, SOME, NONE, NONE, NONE, WB_PHASE_HEAD, WB_CODE_HEAD_TOO_LARGE,
     2},
    {"chunked", 0, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"continue", 0, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"204", 0, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"die --ms 200", 500, 0, SOME, SOME, SOME, ANY, NONE, NONE, WB_PHASE_CONNECT, ECONNREFUSED, 2},
    {"half", 400, 150, SOME, NONE, NONE, NONE, SOME, NONE, WB_PHASE_WAIT, WB_CODE_TIMEOUT, 2},
    {"stall --ms 150", 500, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
    {"stall --ms 200", 600, 100, SOME, NONE, NONE, NONE, SOME, NONE, WB_PHASE_WAIT, WB_CODE_TIMEOUT,
     2},
    {"once-in-ten", 0, 0, SOME, NONE, SOME, ANY, NONE, NONE, WB_PHASE_IDLE, WB_CODE_CLOSED_SILENTLY,
     2},
    {"large", 0, 0, SOME, NONE, NONE, NONE, NONE, NONE, 0, 0, 2},
};

static void assert_want(const char *what, Want want, int64_t got)
{
    if ((want == NONE && got != 0) || (want == SOME && got == 0)) {
        g_test_message("%s: %" PRId64 ", wanted %s", what, got, want == NONE ? "none" : "some");
        g_test_fail();
    }
}

static void test_behaviour_shows_in_its_class(const void *data)
{
    const Case *k = data;
    Server s = start_server("faultserver", k->behaviour);
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.duration_ns = (k->duration_ms ? k->duration_ms : 300) * MS;
    load.timeout_ns = (k->timeout_ms ? k->timeout_ms : 2000) * MS;
    r = run_load(&load);
    stop_server(&s);
    assert_want("requests", k->requests, r->requests);
    assert_want("connect errors", k->connect, r->errors[WB_ERROR_CONNECT]);
    assert_want("read errors", k->read, r->errors[WB_ERROR_READ]);
    assert_want("write errors", k->write, r->errors[WB_ERROR_WRITE]);
    assert_want("timeouts", k->timeout, r->errors[WB_ERROR_TIMEOUT]);
    assert_want("status errors", k->status, r->errors[WB_ERROR_STATUS]);
    g_assert_cmpint(r->status_class[k->status_class], ==, r->requests);
    if (k->code)
        assert_want("fault", SOME, fault_count(r, k->phase, k->code));
    g_assert_cmpint(r->elapsed_ns, ==, load.duration_ns);
    if (k->requests == SOME && k->status == NONE)
        g_assert_true(memcmp(r->head.bytes, "HTTP/1.", 7) == 0);
    wb_engine_result_free(r);
}

static void test_hung_server_makes_every_request_a_timeout(void)
{
    Server s = start_server("faultserver", "never");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.duration_ns = 450 * MS;
    load.timeout_ns = 100 * MS;
    r = run_load(&load);
    g_assert_cmpint(r->requests, ==, 0);
    g_assert_cmpint(r->errors[WB_ERROR_TIMEOUT], ==, r->failed);
    g_assert_cmpint(r->failed, >=, 4 * 3);
    g_assert_cmpint(r->connections_answered, ==, 0);
    wb_engine_result_free(r);
    stop_server(&s);
}

static void test_starved_connections_show_in_answered(void)
{
    Server s = start_server("faultserver", "half");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.connections = 10;
    r = run_load(&load); /* within the timeout: nothing is wrong but for this */
    g_assert_cmpint(r->connections_answered, ==, 5);
    g_assert_cmpint(r->in_flight, ==, 10);
    wb_engine_result_free(r);
    stop_server(&s);
}

static void test_announced_closes_are_counted_and_no_error(void)
{
    Server s = start_server("faultserver", "close");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r = run_load(&load);

    g_assert_cmpuint(r->faults_n, ==, 0);
    g_assert_cmpint(r->closed_announced, ==, r->requests);
    g_assert_cmpint(r->reconnects, >=, r->requests - 4);
    g_assert_cmpint(r->connections_answered, ==, 4);
    wb_engine_result_free(r);
    stop_server(&s);
}

static void test_refused_connects_are_retried_without_a_storm(void)
{
    Server s = start_server("faultserver", "refuse");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.duration_ns = 600 * MS;
    r = run_load(&load);
    g_assert_cmpint(r->sent, ==, 0);
    g_assert_cmpint(r->errors[WB_ERROR_CONNECT], >=, 4 * 5);
    g_assert_cmpint(r->errors[WB_ERROR_CONNECT], <=, 4 * 12);
    wb_engine_result_free(r);
    stop_server(&s);
}

static void test_failing_exchange_is_kept_as_evidence(void)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    Server s = start_server("faultserver", "truncated");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r = run_load(&load);

    g_assert_cmpuint(r->failed_bytes.len, ==, sizeof text - 1);
    g_assert_true(memcmp(r->failed_bytes.bytes, text, sizeof text - 1) == 0);
    g_assert_cmpint(r->failed_fault.phase, ==, WB_PHASE_BODY);
    g_assert_cmpint(r->failed_fault.code, ==, WB_CODE_EOF);
    wb_engine_result_free(r);
    stop_server(&s);
}

/* Every response that the server wrote is a request, or lost with a connection; the requests that
 * it read are at most what we say we sent. */
static void test_count_equals_the_servers_own(void)
{
    static const char *const behaviours[] = {"keepalive", "close", "eof", "chunked", "large"};

    for (size_t i = 0; i < G_N_ELEMENTS(behaviours); i++) {
        Server s = start_server("faultserver", behaviours[i]);
        WbAddress a = tcp_address(s.port);
        WbLoad load = simple_load(&a);
        WbLoadResult *r;

        load.threads = 3; /* more than cores, and 10 is not a multiple of it */
        load.connections = 10;
        r = run_load(&load);
        g_usleep(50000);
        g_assert_cmpint(stop_server(&s), ==, r->sent);
        wb_engine_result_free(r);
    }
}

/* In a child, as a hard limit cannot be raised again. */
static void test_file_limit_makes_connect_errors(void)
{
    struct rlimit limit = {20, 20};
    WbLoadResult *r;
    WbAddress a;
    WbLoad load;
    Server s;

    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_passed();
        return;
    }
    s = start_server("faultserver", "keepalive");
    a = tcp_address(s.port);
    load = simple_load(&a);
    setrlimit(RLIMIT_NOFILE, &limit);
    load.connections = 50;
    r = run_load(&load);
    g_assert_cmpint(r->errors[WB_ERROR_CONNECT], >=, 30);
    g_assert_cmpint(fault_count(r, WB_PHASE_CONNECT, EMFILE), ==, r->errors[WB_ERROR_CONNECT]);
    g_assert_cmpint(r->requests, >, 0);
    g_assert_cmpint(r->connections_answered, <, 20);
    wb_engine_result_free(r);
    stop_server(&s);
}

static void test_bad_fields_are_refused(void)
{
    WbAddress a = tcp_address(1);
    WbLoad bad[8];
    WbLoadResult *r = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        bad[i] = simple_load(&a);
    bad[0].threads = 0;
    bad[1].connections = 0;
    bad[2].duration_ns = 0;
    bad[3].timeout_ns = 0;
    bad[4].slice_ns = 0;
    bad[5].requests_n = 0;
    bad[6].addresses_n = 0;
    bad[7].rate_per_s = -1;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_cmpint(wb_engine_run(&bad[i], NULL, NULL, NULL, &r), ==, -EINVAL);
    g_assert_null(r);
}

static void *set_later(void *stop)
{
    g_usleep(200000);
    atomic_store((atomic_bool *)stop, true);
    return NULL;
}

static void test_stop_leaves_a_partial_result(void)
{
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    atomic_bool stop = false;
    WbLoadResult *r = NULL;
    GThread *thread = g_thread_new("stop", set_later, &stop);

    load.duration_ns = 10000 * MS;
    load.threads = 2;
    g_assert_cmpint(wb_engine_run(&load, &stop, NULL, NULL, &r), ==, 0);
    g_thread_join(thread);
    assert_identities(r);
    g_assert_true(r->stopped);
    g_assert_cmpint(r->elapsed_ns, >, 100 * MS);
    g_assert_cmpint(r->elapsed_ns, <, 600 * MS);
    g_assert_cmpint(stop_server(&s), ==, r->sent);
    wb_engine_result_free(r);
}

static void count_progress(const WbProgress *p, void *user_data)
{
    WbProgress *last = user_data;

    g_assert_cmpint(p->requests, >=, last->requests);
    g_assert_cmpint(p->elapsed_ns, >=, last->elapsed_ns + 50 * MS);
    *last = *p;
}

static void test_progress_is_told_while_it_runs(void)
{
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbProgress last = {.elapsed_ns = -1000 * MS};
    WbLoadResult *r = NULL;

    load.duration_ns = 500 * MS;
    load.slice_ns = 100 * MS;
    load.threads = 2;
    g_assert_cmpint(wb_engine_run(&load, NULL, count_progress, &last, &r), ==, 0);
    assert_identities(r);
    g_assert_cmpint(last.requests, >, 0);
    g_assert_cmpint(last.requests, <=, r->requests);
    g_assert_cmpint(last.slice_requests, >, 0);
    g_assert_cmpint(last.p99_ns, >, 0);
    wb_engine_result_free(r);
    stop_server(&s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    harness_init(argv[0]);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/engine/fault/%s", cases[i].behaviour);

        g_test_add_data_func(g_strdelimit(path, " ", '_'), &cases[i],
                             test_behaviour_shows_in_its_class);
    }
    g_test_add_func("/engine/timeout/every-request",
                    test_hung_server_makes_every_request_a_timeout);
    g_test_add_func("/engine/answered/starved", test_starved_connections_show_in_answered);
    g_test_add_func("/engine/close/announced", test_announced_closes_are_counted_and_no_error);
    g_test_add_func("/engine/connect/refused", test_refused_connects_are_retried_without_a_storm);
    g_test_add_func("/engine/connect/file-limit", test_file_limit_makes_connect_errors);
    g_test_add_func("/engine/evidence", test_failing_exchange_is_kept_as_evidence);
    g_test_add_func("/engine/count/server", test_count_equals_the_servers_own);
    g_test_add_func("/engine/fields", test_bad_fields_are_refused);
    g_test_add_func("/engine/stop", test_stop_leaves_a_partial_result);
    g_test_add_func("/engine/progress", test_progress_is_told_while_it_runs);
    return g_test_run();
}
