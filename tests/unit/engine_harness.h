/*
 * For the tests that drive the engine: servers as children, a load with sane values, and the
 * identities that hold for every result.
 *
 * The servers are looked for in $WB_SUPPORT, else in tests/support beside the test's own folder.
 */
#ifndef WB_TESTS_UNIT_ENGINE_HARNESS_H
#define WB_TESTS_UNIT_ENGINE_HARNESS_H

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/engine/engine.h"

#define MS           INT64_C(1000000)
#define GET_TEXT     "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#define IS_TCP(port) ((port) > 0)

/* A server that runs as our child. */
typedef struct {
    GPid pid;
    int out; /* its stdout */
    int port;
} Server;

/* Of the support programs. `used`: optimised away, its text would count as lost memory. */
static __attribute__((used)) char *harness_dir;

static inline void harness_init(const char *argv0)
{
    g_autofree char *dir = g_path_get_dirname(argv0);
    const char *given = g_getenv("WB_SUPPORT");

    harness_dir = given ? g_strdup(given) : g_build_filename(dir, "..", "support", NULL);
    g_test_set_nonfatal_assertions();
}

static inline char *read_line(int fd)
{
    GString *line = g_string_new(NULL);
    char c;

    while (read(fd, &c, 1) == 1 && c != '\n')
        g_string_append_c(line, c);
    return g_string_free(line, FALSE);
}

/* In the child: end with the test, however that ends. */
static inline void die_with_parent(void *unused)
{
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

/* Start a support program; `arguments` are separated by spaces. */
static inline Server start_server(const char *program, const char *arguments)
{
    g_autofree char *path = g_build_filename(harness_dir, program, NULL);
    g_autofree char *command = g_strdup_printf("%s %s", path, arguments);
    g_auto(GStrv) argv = g_strsplit(command, " ", -1);
    g_autofree char *line = NULL;
    g_autoptr(GError) error = NULL;
    Server s = {0};

    if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, die_with_parent,
                                  NULL, &s.pid, NULL, &s.out, NULL, &error))
        g_error("cannot start '%s': %s", path, error->message);
    line = read_line(s.out);
    s.port = atoi(line);
    return s;
}

/* The "requests N" that the server prints when it is told to end; -1 if it prints none. */
static inline int64_t stop_server(Server *s)
{
    g_autofree char *line = NULL;
    int64_t requests = -1;

    kill(s->pid, SIGTERM);
    line = read_line(s->out);
    if (g_str_has_prefix(line, "requests "))
        requests = g_ascii_strtoll(line + 9, NULL, 10);
    waitpid(s->pid, NULL, 0);
    close(s->out);
    return requests;
}

static inline WbAddress tcp_address(int port)
{
    WbAddress a = {.len = sizeof(struct sockaddr_in)};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    memcpy(&a.addr, &in, sizeof in);
    return a;
}

static const WbRequest get_request = {.bytes = GET_TEXT, .len = sizeof GET_TEXT - 1};

/* 0.3 s, 4 connections, 1 thread, closed loop; `address` must outlive it. */
static inline WbLoad simple_load(const WbAddress *address)
{
    return (WbLoad){
        .threads = 1,
        .connections = 4,
        .duration_ns = 300 * MS,
        .timeout_ns = 2000 * MS,
        .slice_ns = 50 * MS,
        .addresses = address,
        .addresses_n = 1,
        .requests = &get_request,
        .requests_n = 1,
        .expect_length = -1,
        .io = WB_IO_EPOLL,
    };
}

static inline int64_t hist_sum(const WbHist *h)
{
    int64_t n = 0;

    for (int i = 0; i < WB_HIST_SIZE; i++)
        n += h->counts[i];
    return n;
}

/* What holds for every run, whatever the server did. */
static inline void assert_identities(const WbLoadResult *r)
{
    int64_t requests = 0, bytes = 0, status = 0, faults = 0, errors = 0;
    int64_t slice_errors[WB_ERRORS] = {0};

    for (size_t i = 0; i < r->slices_n; i++) {
        requests += r->slices[i].requests;
        bytes += r->slices[i].bytes;
        for (int k = 0; k < WB_ERRORS; k++)
            slice_errors[k] += r->slices[i].errors[k];
    }
    for (int i = 0; i < 6; i++)
        status += r->status_class[i];
    for (size_t i = 0; i < r->faults_n; i++) {
        faults += r->faults[i].count;
        g_assert_cmpint(r->faults[i].first_ns, <=, r->faults[i].last_ns);
        g_assert_cmpint(r->faults[i].last_ns, <=, r->elapsed_ns);
    }
    for (int k = 0; k < WB_ERRORS; k++)
        g_assert_cmpint(slice_errors[k], ==, r->errors[k]);
    errors = r->errors[WB_ERROR_CONNECT] + r->errors[WB_ERROR_READ] + r->errors[WB_ERROR_WRITE] +
             r->errors[WB_ERROR_TIMEOUT];
    g_assert_cmpint(r->sent, ==, r->requests + r->failed + r->in_flight);
    g_assert_cmpint(requests, ==, r->requests);
    g_assert_cmpint(bytes, ==, r->bytes);
    g_assert_cmpint(status, ==, r->requests);
    g_assert_cmpint(r->latency.count, ==, r->requests);
    g_assert_cmpint(hist_sum(&r->latency), ==, r->requests);
    g_assert_cmpint(faults, ==, errors);
    g_assert_cmpint(r->failed_fault.count, ==, errors > 0);
    g_assert_cmpint(r->connect.count, ==, r->connections_opened);
}

/* Run it and hold the result against the identities. */
static inline WbLoadResult *run_load(const WbLoad *load)
{
    WbLoadResult *r = NULL;
    int rc = wb_engine_run(load, NULL, NULL, NULL, &r);

    g_assert_cmpint(rc, ==, 0);
    if (rc != 0)
        g_error("wb_engine_run: %s", g_strerror(-rc));
    assert_identities(r);
    return r;
}

static inline int64_t fault_count(const WbLoadResult *r, WbPhase phase, int code)
{
    for (size_t i = 0; i < r->faults_n; i++)
        if (r->faults[i].phase == phase && r->faults[i].code == code)
            return r->faults[i].count;
    return 0;
}

#endif
