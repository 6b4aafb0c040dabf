/*
 * The engine's two back ends against each other: the same server, the same load, the same result.
 * And what happens where io_uring is not to be had, or not in full.
 *
 * Rings are refused here in two ways: by a seccomp filter, as in containers (in a child, as it
 * cannot be taken back), and by standing in front of liburing's function.
 */
#include <dlfcn.h>
#include <errno.h>
#include <liburing.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "tests/unit/engine_harness.h"
#include "tests/unit/slow_reader.h"

#define RINGS_ALL G_MAXINT

static unsigned refused_flags; /* a ring with any of them is refused with EINVAL */
static atomic_int rings_left = RINGS_ALL;
static bool has_uring;

/* In front of liburing's. */
int io_uring_queue_init_params(unsigned entries, struct io_uring *ring, struct io_uring_params *p)
{
    int (*real)(unsigned, struct io_uring *, struct io_uring_params *);

    *(void **)&real = dlsym(RTLD_NEXT, "io_uring_queue_init_params");
    if (p->flags & refused_flags)
        return -EINVAL;
    if (atomic_fetch_sub(&rings_left, 1) <= 0)
        return -ENOMEM;
    return real(entries, ring, p);
}

/* Both back ends, or only the one that there is: then the test says so and is skipped. */
static bool both_there(void)
{
    if (!has_uring)
        g_test_skip("io_uring cannot be used on this host");
    return has_uring;
}

static WbLoadResult *run_on(WbIo io, const WbLoad *load)
{
    WbLoad l = *load;
    WbLoadResult *r;

    l.io = io;
    r = run_load(&l);
    g_assert_cmpint(r->io, ==, io);
    g_assert_cmpint(r->io_note[0] != '\0', ==, io == WB_IO_URING && refused_flags != 0);
    return r;
}

/* ---- scripted faults ---- */

/* Counters that depend on which comes first, the close or the next request. */
typedef enum {
    EXACT, /* all counts are equal */
    KINDS, /* the same ones are zero */
    RACY,  /* ... but read and write errors are taken together, and may be told as either */
    ONCE,  /* ... and it happens once: whether a request was under way then is chance */
} Match;

typedef struct {
    const char *behaviour; /* and options of the faultserver */
    Match match;
    int64_t max_requests; /* 0: by time */
    int64_t timeout_ms;   /* 0: 2000 */
} Case;

static const Case cases[] = {
    {"keepalive", EXACT, 400, 0},    {"eof", EXACT, 100, 0},
    {"close", EXACT, 100, 0},        {"http10", EXACT, 100, 0},
    {"silent-close", RACY, 0, 0},    {"truncated", EXACT, 16, 0},
    {"cut-head", EXACT, 16, 0},      {"cut-chunk", EXACT, 16, 0},
    {"404", EXACT, 100, 0},          {"500", EXACT, 100, 0},
    {"never", EXACT, 8, 60},         {"late --ms 250", EXACT, 8, 60},
    {"late --ms 50", EXACT, 12, 0},  {"refuse", KINDS, 0, 0},
    {"reset", RACY, 0, 0},           {"reset-reply", RACY, 0, 0},
    {"reset-body", EXACT, 16, 0},    {"garbage", EXACT, 16, 0},
    {"bad-chunk", EXACT, 16, 0},     {"two-lengths", EXACT, 16, 0},
    {"unasked", KINDS, 0, 0},        {"drip", EXACT, 8, 0},
    {"huge-head", KINDS, 16, 0},     {"chunked", EXACT, 100, 0},
    {"continue", EXACT, 100, 0},     {"204", EXACT, 100, 0},
    {"die --ms 100", ONCE, 0, 0},    {"half", EXACT, 4, 150},
    {"stall --ms 100", KINDS, 0, 0}, {"stall --ms 150", KINDS, 0, 60},
    {"once-in-ten", RACY, 0, 0},     {"large", EXACT, 40, 0},
    {"early", KINDS, 0, 0},
};

static WbLoadResult *run_case(const Case *k, WbIo io)
{
    Server s = start_server("faultserver", k->behaviour);
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.duration_ns = (k->max_requests > 0 ? 5000 : 350) * MS;
    load.max_requests = k->max_requests;
    load.timeout_ns = (k->timeout_ms > 0 ? k->timeout_ms : 2000) * MS;
    r = run_on(io, &load);
    stop_server(&s);
    return r;
}

static void assert_same(const char *what, Match match, int64_t epoll, int64_t uring)
{
    if (match == EXACT ? epoll != uring : (epoll > 0) != (uring > 0)) {
        g_test_message("%s: %" PRId64 " by epoll, %" PRId64 " by io_uring", what, epoll, uring);
        g_test_fail();
    }
}

/* Each kind of failure that one saw, the other saw, too. */
static void assert_same_faults(Match match, const WbLoadResult *a, const WbLoadResult *b)
{
    for (size_t i = 0; i < a->faults_n; i++) {
        const WbFault *f = &a->faults[i];
        g_autofree char *what = g_strdup_printf("phase %d, code %d", (int)f->phase, f->code);

        assert_same(what, match, f->count, fault_count(b, f->phase, f->code));
    }
}

static void assert_same_classes(Match match, const WbLoadResult *a, const WbLoadResult *b)
{
    static const char *const names[] = {"connect", "read", "write", "timeout", "status", "expect"};

    for (int i = 0; i < WB_ERRORS; i++)
        if (match < RACY || (i != WB_ERROR_READ && i != WB_ERROR_WRITE))
            assert_same(names[i], match, a->errors[i], b->errors[i]);
    assert_same("read and write", match, a->errors[WB_ERROR_READ] + a->errors[WB_ERROR_WRITE],
                b->errors[WB_ERROR_READ] + b->errors[WB_ERROR_WRITE]);
    for (int i = 0; i < 6; i++)
        assert_same("status class", match, a->status_class[i], b->status_class[i]);
}

static void assert_case_is_the_same(const Case *k)
{
    WbLoadResult *a = run_case(k, WB_IO_EPOLL);
    WbLoadResult *b = run_case(k, WB_IO_URING);

    assert_same("requests", k->match, a->requests, b->requests);
    if (k->match != ONCE)
        assert_same("failed", k->match, a->failed, b->failed);
    assert_same("bytes", k->match, a->bytes, b->bytes);
    assert_same("closed as announced", k->match, a->closed_announced, b->closed_announced);
    assert_same("answered", k->match, a->connections_answered, b->connections_answered);
    assert_same_classes(k->match, a, b);
    if (k->match < RACY) {
        assert_same_faults(k->match, a, b);
        assert_same_faults(k->match, b, a);
    }
    g_assert_cmpuint(a->head.len, ==, b->head.len);
    if (k->max_requests > 0)
        g_assert_cmpint(b->sent, ==, k->max_requests);
    else
        g_assert_cmpint(b->elapsed_ns, ==, a->elapsed_ns);
    if (k->match == EXACT)
        g_assert_cmpuint(a->failed_bytes.len, ==, b->failed_bytes.len);
    wb_engine_result_free(a);
    wb_engine_result_free(b);
}

static void test_fault_is_the_same_on_both(const void *data)
{
    if (both_there())
        assert_case_is_the_same(data);
}

/* ---- counts ---- */

static void assert_server_count(WbIo io, int threads, int pipeline, double rate_per_s)
{
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r;

    load.connections = 200;
    load.threads = threads;
    load.pipeline = pipeline;
    load.rate_per_s = rate_per_s;
    r = run_on(io, &load);
    g_assert_cmpuint(r->faults_n, ==, 0);
    g_assert_cmpint(r->requests, >, 0);
    g_assert_cmpint(r->elapsed_ns, ==, load.duration_ns);
    g_assert_cmpint(r->connections_opened, ==, 200);
    g_assert_cmpint(r->reconnects, ==, 0);
    if (rate_per_s > 0)
        g_assert_cmpint(r->planned, ==, (int64_t)(rate_per_s * 0.3));
    g_usleep(50000);
    g_assert_cmpint(stop_server(&s), ==, r->requests + r->in_flight);
    wb_engine_result_free(r);
}

static void test_count_is_the_servers_own_on_both(void)
{
    for (WbIo io = WB_IO_EPOLL; io <= (has_uring ? WB_IO_URING : WB_IO_EPOLL); io++)
        for (int threads = 1; threads <= 4; threads *= 2) {
            assert_server_count(io, threads, 1, 0);
            assert_server_count(io, threads, 16, 0);
            assert_server_count(io, threads, 100, 0); /* beyond WB_IO_IOV_MAX */
            assert_server_count(io, threads, 1, 10000);
        }
    both_there();
}

static void test_no_keepalive_is_the_same_on_both(void)
{
    Server s = start_server("faultserver", "keepalive");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);

    load.no_keepalive = true;
    load.duration_ns = 5000 * MS;
    load.max_requests = 300;
    for (WbIo io = WB_IO_EPOLL; io <= WB_IO_URING && both_there(); io++) {
        WbLoadResult *r = run_on(io, &load);

        g_assert_cmpint(r->requests, ==, 300);
        g_assert_cmpuint(r->faults_n, ==, 0);
        g_assert_cmpint(r->connections_opened, >=, 300);
        g_assert_cmpint(r->connections_opened, <=, 304);
        wb_engine_result_free(r);
    }
    stop_server(&s);
}

/* More at once than there are buffers to receive into. */
static void test_many_large_responses_come_whole(void)
{
    Server s = start_server("faultserver", "large");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);

    load.connections = 24;
    load.duration_ns = 5000 * MS;
    load.max_requests = 120;
    load.expect_length = 1048576;
    for (WbIo io = WB_IO_EPOLL; io <= WB_IO_URING && both_there(); io++) {
        WbLoadResult *r = run_on(io, &load);

        g_assert_cmpint(r->requests, ==, 120);
        g_assert_cmpuint(r->faults_n, ==, 0);
        g_assert_cmpint(r->errors[WB_ERROR_EXPECT], ==, 0);
        g_assert_cmpint(r->bytes, >, 120 * INT64_C(1048576));
        wb_engine_result_free(r);
    }
    stop_server(&s);
}

static void assert_sent_in_parts(WbIo io, size_t body, int pipeline)
{
    g_autoptr(GString) text = g_string_new("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ");
    g_autofree char *filler = g_strnfill(body, 'x');
    WbAddress a;
    WbRequest request;
    WbLoad load = simple_load(&a);
    WbLoadResult *r;
    SlowReader slow;

    g_string_append_printf(text, "%zu\r\n\r\n%s", body, filler);
    request = (WbRequest){.bytes = text->str, .len = text->len};
    a = tcp_address(slow_reader_start(&slow, text->len));
    load.connections = 1;
    load.requests = &request;
    load.pipeline = pipeline;
    load.duration_ns = 10000 * MS;
    load.timeout_ns = 10000 * MS;
    load.max_requests = 2 * pipeline;
    r = run_on(io, &load);
    g_assert_cmpint(r->requests, ==, load.max_requests);
    g_assert_cmpuint(r->faults_n, ==, 0);
    wb_engine_result_free(r);
    g_assert_cmpint(slow_reader_stop(&slow), ==, load.max_requests);
}

static void test_requests_sent_in_parts_arrive_whole(void)
{
    for (WbIo io = WB_IO_EPOLL; io <= WB_IO_URING && both_there(); io++) {
        assert_sent_in_parts(io, 8 << 20, 1);
        assert_sent_in_parts(io, 100000, 100);
        assert_sent_in_parts(io, 1000, 1000);
    }
}

/* ---- rings refused ---- */

static WbLoadResult *run_refused(WbIo io, int *out_rc)
{
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    WbLoadResult *r = NULL;

    load.io = io;
    load.threads = 2;
    *out_rc = wb_engine_run(&load, NULL, NULL, NULL, &r);
    if (r) {
        assert_identities(r);
        g_assert_cmpint(r->requests, >, 0);
        g_assert_cmpuint(r->faults_n, ==, 0);
        g_assert_cmpint(stop_server(&s), ==, r->sent);
    } else {
        stop_server(&s);
    }
    return r;
}

static void assert_epoll_and_note(const char *word)
{
    int rc;
    WbLoadResult *r = run_refused(WB_IO_AUTO, &rc);

    g_assert_cmpint(rc, ==, 0);
    g_assert_nonnull(r);
    if (!r)
        return;
    g_assert_cmpint(r->io, ==, WB_IO_EPOLL);
    g_assert_true(g_str_has_prefix(r->io_note, "io_uring: "));
    g_assert_nonnull(strstr(r->io_note, word));
    wb_engine_result_free(r);
}

static void refuse_system_call(int error)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {G_N_ELEMENTS(code), code};

    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    g_assert_cmpint(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), ==, 0);
}

static void test_seccomp_leaves_epoll_and_says_why(const void *data)
{
    int error = GPOINTER_TO_INT(data);
    int rc;

    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_passed();
        return;
    }
    refuse_system_call(error);
    assert_epoll_and_note(strerrordesc_np(error));
    g_assert_null(run_refused(WB_IO_URING, &rc));
    g_assert_cmpint(rc, ==, -ENOTSUP);
}

/* The ring that is tried can be had, those of the threads cannot. */
static void test_ring_refused_to_a_thread_leaves_epoll(void)
{
    int rc;

    if (!both_there())
        return;
    for (int n = 0; n <= 2; n++) {
        rings_left = n;
        assert_epoll_and_note(g_strerror(ENOMEM));
    }
    rings_left = 2;
    g_assert_null(run_refused(WB_IO_URING, &rc));
    g_assert_cmpint(rc, ==, -ENOMEM);
    rings_left = RINGS_ALL;
}

static void test_lesser_ring_gives_the_same(const void *data)
{
    WbLoadResult *r;
    int rc;

    if (!both_there())
        return;
    refused_flags = GPOINTER_TO_UINT(data);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        if (cases[i].match == EXACT && cases[i].timeout_ms == 0 && cases[i].max_requests >= 40)
            assert_case_is_the_same(&cases[i]);
    r = run_refused(WB_IO_AUTO, &rc);
    refused_flags = 0;
    g_assert_cmpint(rc, ==, 0);
    if (!r)
        return;
    g_assert_cmpint(r->io, ==, WB_IO_URING);
    g_assert_true(g_str_has_prefix(r->io_note, "io_uring without DEFER_TASKRUN"));
    wb_engine_result_free(r);
}

static int count_files(void)
{
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    int n = 0;

    while (g_dir_read_name(dir))
        n++;
    return n;
}

static void test_no_file_stays_open(void)
{
    Server s = start_server("faultserver", "once-in-ten");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    int before = count_files();

    for (WbIo io = WB_IO_EPOLL; io <= WB_IO_URING && both_there(); io++)
        wb_engine_result_free(run_on(io, &load));
    g_assert_cmpint(count_files(), ==, before);
    stop_server(&s);
}

static void test_coalescing_is_done_and_said(void)
{
    Server s = start_server("responder", "");
    WbAddress a = tcp_address(s.port);
    WbLoad load = simple_load(&a);
    int64_t sent = 0;
    WbLoadResult *r;

    load.connections = 50;
    for (WbIo io = WB_IO_EPOLL; io <= WB_IO_URING && (io == WB_IO_EPOLL || both_there()); io++) {
        load.coalesce = false;
        r = run_on(io, &load);
        g_assert_false(r->coalesced);
        sent += r->sent;
        wb_engine_result_free(r);
        load.coalesce = true;
        r = run_on(io, &load);
        g_assert_true(r->coalesced);
        g_assert_cmpint(r->requests, >, 0);
        sent += r->sent;
        wb_engine_result_free(r);
    }
    g_assert_cmpint(stop_server(&s), ==, sent);
    load.rate_per_s = 1000; /* would be late by design */
    g_assert_cmpint(wb_engine_run(&load, NULL, NULL, NULL, &r), ==, -EINVAL);
}

int main(int argc, char **argv)
{
    struct io_uring ring;

    g_test_init(&argc, &argv, NULL);
    harness_init(argv[0]);
    has_uring = io_uring_queue_init(8, &ring, IORING_SETUP_SINGLE_ISSUER) == 0;
    if (has_uring)
        io_uring_queue_exit(&ring);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/backends/fault/%s", cases[i].behaviour);

        g_test_add_data_func(g_strdelimit(path, " ", '_'), &cases[i],
                             test_fault_is_the_same_on_both);
    }
    g_test_add_func("/backends/count/server", test_count_is_the_servers_own_on_both);
    g_test_add_func("/backends/no-keepalive", test_no_keepalive_is_the_same_on_both);
    g_test_add_func("/backends/large/responses", test_many_large_responses_come_whole);
    g_test_add_func("/backends/large/requests", test_requests_sent_in_parts_arrive_whole);
    g_test_add_func("/backends/files", test_no_file_stays_open);
    g_test_add_func("/backends/coalesce", test_coalescing_is_done_and_said);
    g_test_add_data_func("/backends/refused/eperm", GINT_TO_POINTER(EPERM),
                         test_seccomp_leaves_epoll_and_says_why);
    g_test_add_data_func("/backends/refused/enosys", GINT_TO_POINTER(ENOSYS),
                         test_seccomp_leaves_epoll_and_says_why);
    g_test_add_func("/backends/refused/to-a-thread", test_ring_refused_to_a_thread_leaves_epoll);
    g_test_add_data_func("/backends/lesser/coop", GUINT_TO_POINTER(IORING_SETUP_DEFER_TASKRUN),
                         test_lesser_ring_gives_the_same);
    g_test_add_data_func("/backends/lesser/plain",
                         GUINT_TO_POINTER(IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_COOP_TASKRUN),
                         test_lesser_ring_gives_the_same);
    return g_test_run();
}
