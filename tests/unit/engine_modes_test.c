/*
 * The engine's ways of loading, each against a server that plays along: pipelining, no keep-alive,
 * a fixed count, a warm-up, several requests, expectations, kinds of addresses, open rate.
 */
#include <errno.h>

#include "tests/unit/engine_harness.h"

static void test_pipelined_requests_are_each_counted(void)
{
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);

    for (int depth = 2; depth <= 128; depth *= 8) {
        WbLoadResult *r;

        load.pipeline = depth;
        r = run_load(&load);
        g_assert_cmpint(r->failed, ==, 0);
        g_assert_cmpuint(r->faults_n, ==, 0);
        g_assert_cmpint(r->in_flight, <=, 4 * depth);
        g_assert_cmpint(r->requests, >, 100 * depth);
        wb_engine_result_free(r);
    }
    stop_server(&s);
}

static void test_pipelined_count_equals_the_servers_own(void)
{
    Server s = start_server("responder", "--body-size 3000");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.pipeline = 16;
    load.threads = 2;
    load.connections = 21;
    r = run_load(&load);
    g_usleep(50000);
    g_assert_cmpint(stop_server(&s), ==, r->sent);
    wb_engine_result_free(r);
}

/* What was sent behind a response that closes is lost, and one error tells of it. */
static void test_pipelined_requests_behind_a_close_fail(void)
{
    Server s = start_server("faultserver", "close");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.pipeline = 4;
    r = run_load(&load);
    g_assert_cmpint(r->requests, >, 0);
    g_assert_cmpint(r->failed, >, r->requests);
    g_assert_cmpint(r->errors[WB_ERROR_READ], >, 0);
    wb_engine_result_free(r);
    stop_server(&s);
}

static void test_no_keepalive_opens_a_connection_for_each(void)
{
    Server s = start_server("faultserver", "keepalive");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.no_keepalive = true;
    r = run_load(&load);
    g_assert_cmpuint(r->faults_n, ==, 0);
    g_assert_cmpint(r->connections_opened, >=, r->requests);
    g_assert_cmpint(r->connections_opened, <=, r->requests + 4);
    g_assert_cmpint(r->closed_announced, ==, 0);
    wb_engine_result_free(r);
    stop_server(&s);
}

static void test_fixed_count_is_sent_exactly(void)
{
    static const int64_t counts[] = {1, 7, 1000, 1001};
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    int64_t all = 0;

    load.duration_ns = 10000 * MS;
    load.threads = 3;
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        for (load.pipeline = 1; load.pipeline <= 16; load.pipeline += 15) {
            WbLoadResult *r;

            load.max_requests = counts[i];
            r = run_load(&load);
            g_assert_cmpint(r->sent, ==, counts[i]);
            g_assert_cmpint(r->requests, ==, counts[i]);
            g_assert_cmpint(r->elapsed_ns, <, 2000 * MS);
            g_assert_cmpint(r->elapsed_ns, >=, r->latency.max_ns);
            g_assert_false(r->stopped);
            all += counts[i];
            wb_engine_result_free(r);
        }
    }
    g_assert_cmpint(stop_server(&s), ==, all);
}

/* The warm-up's requests reach the server and nobody's figures. */
static void test_warmup_is_not_counted(void)
{
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;
    int64_t seen;

    load.warmup_ns = 300 * MS;
    load.pipeline = 4;
    r = run_load(&load);
    seen = stop_server(&s);
    g_assert_cmpint(r->elapsed_ns, ==, 300 * MS);
    g_assert_cmpuint(r->slices_n, ==, 6);
    g_assert_cmpint(r->requests, >, 0);
    g_assert_cmpint(seen, >, r->sent + r->sent / 4);
    g_assert_cmpint(r->connections_opened, ==, 4);
    g_assert_cmpint(r->connections_answered, ==, 4);
    wb_engine_result_free(r);
}

static const WbRequest mixed[] = {
    {.bytes = "GET /200 HTTP/1.1\r\n\r\n", .len = 21},
    {.bytes = "HEAD /404 HTTP/1.1\r\n\r\n", .len = 22, .is_head = true},
    {.bytes = "POST /503 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", .len = 44},
};

static void test_several_requests_are_sent_in_order(void)
{
    Server s = start_server("faultserver", "status");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);

    load.requests = mixed;
    load.requests_n = G_N_ELEMENTS(mixed);
    load.max_requests = 3 * 50 + 1;
    load.duration_ns = 5000 * MS;
    for (load.threads = 1; load.threads <= 2; load.threads++) {
        WbLoadResult *r = run_load(&load);

        g_assert_cmpint(r->status_class[2], ==, 51);
        g_assert_cmpint(r->status_class[4], ==, 50);
        g_assert_cmpint(r->status_class[5], ==, 50);
        g_assert_cmpint(r->errors[WB_ERROR_STATUS], ==, 100);
        wb_engine_result_free(r);
    }
    load.pipeline = 8;
    load.threads = 1;
    load.shuffle = true;
    for (int i = 0; i < 2; i++) {
        WbLoadResult *r = run_load(&load);
        static int64_t first;

        if (i == 0)
            first = r->status_class[2];
        g_assert_cmpint(r->requests, ==, 151);
        g_assert_cmpint(r->status_class[2], ==, first);
        wb_engine_result_free(r);
    }
    stop_server(&s);
}

static void test_unexpected_responses_are_a_class_of_their_own(void)
{
    Server s = start_server("faultserver", "chunked"); /* "hello" */
    WbAddress a = tcp_address(s.port);
    const WbLoad plain = simple_load(&a);
    WbLoad loads[8];

    for (size_t i = 0; i < G_N_ELEMENTS(loads); i++) {
        loads[i] = plain;
        loads[i].duration_ns = 100 * MS;
    }
    loads[0].expect_status = 200; /* the first four are met, the others not */
    loads[1].expect_length = 5;
    loads[2].expect_body = "hello";
    loads[2].expect_body_len = 5;
    loads[4].expect_status = 201;
    loads[5].expect_length = 0;
    loads[6].expect_body = "hellO";
    loads[6].expect_body_len = 5;
    loads[7].expect_body = "hello!";
    loads[7].expect_body_len = 6;
    for (size_t i = 0; i < G_N_ELEMENTS(loads); i++) {
        WbLoadResult *r = run_load(&loads[i]);

        g_assert_cmpint(r->requests, >, 0);
        g_assert_cmpint(r->errors[WB_ERROR_EXPECT], ==, i < 4 ? 0 : r->requests);
        wb_engine_result_free(r);
    }
    stop_server(&s);
}

static void test_addresses_are_used_in_turn(void)
{
    Server one = start_server("responder", "");
    Server two = start_server("responder", "");
    WbAddress a[2] = {tcp_address(one.port), tcp_address(two.port)};
    WbLoad load = simple_load(a);
    WbLoadResult *r;
    int64_t n, m;

    load.addresses_n = 2;
    r = run_load(&load);
    n = stop_server(&one);
    m = stop_server(&two);
    g_assert_cmpint(n, >, 0);
    g_assert_cmpint(m, >, 0);
    g_assert_cmpint(n + m, ==, r->sent);
    wb_engine_result_free(r);
}

/* "localhost" is often two addresses of which one is not served: it must be found, and be told. */
static void test_refusing_address_is_left_for_the_next(void)
{
    Server dead = start_server("faultserver", "refuse");
    Server alive = start_server("responder", "");
    WbAddress a[2] = {tcp_address(dead.port), tcp_address(alive.port)};
    WbLoad load = simple_load(a);
    WbLoadResult *r;

    load.addresses_n = 2;
    r = run_load(&load);
    g_assert_cmpint(r->errors[WB_ERROR_CONNECT], ==, 2);
    g_assert_cmpint(r->connections_answered, ==, 4);
    wb_engine_result_free(r);
    stop_server(&dead);
    stop_server(&alive);
}

static void test_ipv6_address_is_loaded(void)
{
    Server s = start_server("responder", "--inet6");
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)s.port)};
    WbAddress a = {.len = sizeof in6};
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    if (s.port == 0) {
        g_test_skip("no IPv6 on this host");
        stop_server(&s);
        return;
    }
    in6.sin6_addr = in6addr_loopback;
    memcpy(&a.addr, &in6, sizeof in6);
    r = run_load(&load);
    g_assert_cmpint(r->requests, >, 100);
    g_assert_cmpint(stop_server(&s), ==, r->sent);
    wb_engine_result_free(r);
}

static void test_unix_socket_is_loaded(void)
{
    g_autofree char *dir = g_dir_make_tmp("wrkbook-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "s", NULL);
    g_autofree char *arguments = g_strdup_printf("--unix %s", path);
    Server s = start_server("responder", arguments);
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    WbAddress a = {.len = sizeof un};
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    g_strlcpy(un.sun_path, path, sizeof un.sun_path);
    memcpy(&a.addr, &un, sizeof un);
    r = run_load(&load);
    g_assert_cmpint(r->requests, >, 100);
    g_assert_cmpuint(r->faults_n, ==, 0);
    g_assert_cmpint(stop_server(&s), ==, r->sent);
    wb_engine_result_free(r);
    unlink(path);
    rmdir(dir);
}

static void assert_open_rate_identities(const WbLoadResult *r)
{
    g_assert_cmpint(r->unfinished, ==, r->planned - r->requests);
    g_assert_cmpint(r->unfinished_age.count, ==, r->unfinished);
    g_assert_cmpint(r->send_lag.count, ==, r->sent);
    g_assert_cmpint(r->service.count, ==, r->requests);
    g_assert_cmpint(r->planned, >=, r->sent);
}

static void test_open_rate_sends_what_is_planned(void)
{
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);

    load.rate_per_s = 3000;
    load.duration_ns = 500 * MS;
    load.connections = 20;
    for (load.threads = 1; load.threads <= 3; load.threads++) {
        WbLoadResult *r = run_load(&load);

        assert_open_rate_identities(r);
        g_assert_cmpint(r->planned, ==, 1500);
        /* The last one is due 1/3 ms before the end; a busy host may be later than that. */
        g_assert_cmpint(r->sent, >=, 1480);
        g_assert_cmpint(r->latency.sum_ns, >=, r->service.sum_ns);
        wb_engine_result_free(r);
    }
    stop_server(&s);
}

/* A server that answers each request after 100 ms, 2 connections, 100 a second: 20 a second can be
 * served, and the queue that builds up must show in the response time, not in the service time. */
static void test_open_rate_backlog_shows_in_response_time(void)
{
    Server s = start_server("faultserver", "late --ms 100");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.rate_per_s = 100;
    load.connections = 2;
    load.duration_ns = 1000 * MS;
    r = run_load(&load);
    assert_open_rate_identities(r);
    g_assert_cmpint(r->planned, ==, 100);
    g_assert_cmpint(r->sent, >=, 16);
    g_assert_cmpint(r->sent, <=, 20);
    g_assert_cmpint(r->backlog_max, >=, 75);
    g_assert_cmpint(r->service.max_ns, <, 200 * MS);
    g_assert_cmpint(r->latency.max_ns, >, 600 * MS);
    g_assert_cmpint(r->unfinished_age.max_ns, >, 600 * MS);
    wb_engine_result_free(r);

    load.latency_from = WB_LATENCY_FROM_SENT;
    r = run_load(&load);
    assert_open_rate_identities(r);
    g_assert_cmpint(r->latency.max_ns, <, 200 * MS);
    wb_engine_result_free(r);
    stop_server(&s);
}

static void test_open_rate_on_a_hung_server_is_unfinished(void)
{
    Server s = start_server("faultserver", "never");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.rate_per_s = 200;
    load.timeout_ns = 100 * MS;
    load.duration_ns = 500 * MS;
    r = run_load(&load);
    assert_open_rate_identities(r);
    g_assert_cmpint(r->requests, ==, 0);
    g_assert_cmpint(r->planned, ==, 100);
    g_assert_cmpint(r->unfinished, ==, 100);
    g_assert_cmpint(r->errors[WB_ERROR_TIMEOUT], >=, 12);
    wb_engine_result_free(r);
    stop_server(&s);
}

static void test_open_rate_with_count_and_pipeline(void)
{
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.rate_per_s = 5000;
    load.connections = 1;
    load.pipeline = 8;
    load.max_requests = 500;
    load.duration_ns = 3000 * MS;
    load.warmup_ns = 100 * MS;
    r = run_load(&load);
    assert_open_rate_identities(r);
    g_assert_cmpint(r->planned, ==, 500);
    g_assert_cmpint(r->requests, ==, 500);
    g_assert_cmpint(r->elapsed_ns, >=, 99 * MS);
    g_assert_cmpint(r->elapsed_ns, <, 1000 * MS);
    wb_engine_result_free(r);
    stop_server(&s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    harness_init(argv[0]);
    g_test_add_func("/engine/pipeline/counted", test_pipelined_requests_are_each_counted);
    g_test_add_func("/engine/pipeline/server", test_pipelined_count_equals_the_servers_own);
    g_test_add_func("/engine/pipeline/close", test_pipelined_requests_behind_a_close_fail);
    g_test_add_func("/engine/no-keepalive", test_no_keepalive_opens_a_connection_for_each);
    g_test_add_func("/engine/count", test_fixed_count_is_sent_exactly);
    g_test_add_func("/engine/warmup", test_warmup_is_not_counted);
    g_test_add_func("/engine/requests", test_several_requests_are_sent_in_order);
    g_test_add_func("/engine/expect", test_unexpected_responses_are_a_class_of_their_own);
    g_test_add_func("/engine/address/turn", test_addresses_are_used_in_turn);
    g_test_add_func("/engine/address/refused", test_refusing_address_is_left_for_the_next);
    g_test_add_func("/engine/address/ipv6", test_ipv6_address_is_loaded);
    g_test_add_func("/engine/address/unix", test_unix_socket_is_loaded);
    g_test_add_func("/engine/open/planned", test_open_rate_sends_what_is_planned);
    g_test_add_func("/engine/open/backlog", test_open_rate_backlog_shows_in_response_time);
    g_test_add_func("/engine/open/hung", test_open_rate_on_a_hung_server_is_unfinished);
    g_test_add_func("/engine/open/count", test_open_rate_with_count_and_pipeline);
    return g_test_run();
}
