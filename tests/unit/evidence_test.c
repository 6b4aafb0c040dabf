/*
 * Evidence: what is sampled beside a run adds up to what the host's own clocks say, and counters
 * are differences, of the caller's network namespace. The server part has its own tests: here no
 * server is ours.
 */
#include <arpa/inet.h>
#include <glib.h>
#include <math.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/evidence.h"
#include "runner/kernel_counters.h"

#define S INT64_C(1000000000)

static void burn(int64_t us)
{
    int64_t end_us = g_get_monotonic_time() + us;

    while (g_get_monotonic_time() < end_us)
        ;
}

static int64_t counter(const GArray *counters, const char *name)
{
    for (guint i = 0; i < counters->len; i++)
        if (strcmp(g_array_index(counters, WbCounterRecord, i).name, name) == 0)
            return g_array_index(counters, WbCounterRecord, i).value;
    return WB_NONE;
}

static int64_t sum_of_client(const WbEvidence *evidence)
{
    const GArray *samples = wb_evidence_samples(evidence);
    int64_t sum = 0;

    for (guint i = 0; i < samples->len; i++)
        sum += g_array_index(samples, WbResourceRecord, i).client_cpu_ns;
    return sum;
}

static void test_seconds_are_sampled_and_add_up(void)
{
    g_autoptr(WbEvidence) evidence = wb_evidence_begin(NULL, 2 * S);
    clock_t begin = clock();
    const WbResourceRecord *first;
    double used;
    WbRun run;

    burn(2300000);
    wb_evidence_end(evidence);
    used = (double)(clock() - begin) / CLOCKS_PER_SEC;
    /* A busy host may wake the sampling thread late. */
    g_assert_cmpuint(wb_evidence_samples(evidence)->len, >=, 2);
    g_assert_cmpuint(wb_evidence_samples(evidence)->len, <=, 3);
    g_assert_cmpfloat_with_epsilon((double)sum_of_client(evidence) / 1e9, used, 0.1);
    first = &g_array_index(wb_evidence_samples(evidence), WbResourceRecord, 0);
    g_assert_cmpint(first->server_cpu_ns, ==, WB_NONE);
    g_assert_cmpint(first->foreign_cpu_ns, ==, WB_NONE);
    g_assert_true(isnan(first->pressure_cpu) ||
                  (first->pressure_cpu >= 0 && first->pressure_cpu <= 1));
    wb_run_init(&run);
    wb_evidence_fill(evidence, &run);
    g_assert_cmpint(run.server_cpu_ns, ==, WB_NONE);
    g_assert_true(isnan(run.foreign_cpu_share));
    g_assert_true(run.steal_share >= 0 && run.steal_share <= 1);
}

static void test_a_short_rest_goes_to_the_second_before(void)
{
    int64_t begin = g_get_monotonic_time();
    g_autoptr(WbEvidence) evidence = wb_evidence_begin(NULL, S);

    g_usleep(1030000);
    wb_evidence_end(evidence);
    wb_evidence_end(evidence); /* does nothing */
    if (g_get_monotonic_time() - begin < 1090000)
        g_assert_cmpuint(wb_evidence_samples(evidence)->len, ==, 1);
    else
        g_test_skip("the host is too busy to sleep 1.03 s");
}

/* wrk is our child, in our session: its CPU is the client's, while it lives and after. */
static void test_a_load_tool_is_the_client(void)
{
    g_autoptr(WbEvidence) evidence = wb_evidence_begin(NULL, 2 * S);
    pid_t child = fork();

    if (child == 0) {
        burn(1500000);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    wb_evidence_end(evidence);
    /* A busy host may give it less than it wanted, but not next to nothing. */
    g_assert_cmpint(sum_of_client(evidence), >, S / 10);
}

/* A child in a session of its own is a server, and none of the client. */
static void test_another_session_is_not_the_client(void)
{
    g_autoptr(WbEvidence) evidence = wb_evidence_begin(NULL, 2 * S);
    pid_t child = fork();

    if (child == 0) {
        setsid();
        burn(1300000);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    wb_evidence_end(evidence);
    g_assert_cmpint(sum_of_client(evidence), <, S / 10);
}

/* Connects once to a port where nobody listens. */
static void fail_to_connect(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address), <, 0);
    close(fd);
}

static void test_counters_are_differences(void)
{
    g_autoptr(WbEvidence) evidence = wb_evidence_begin(NULL, S);

    for (int i = 0; i < 5; i++)
        fail_to_connect();
    wb_evidence_end(evidence);
    g_assert_cmpint(counter(wb_evidence_counters(evidence), "AttemptFails"), >=, 5);
    g_assert_cmpint(counter(wb_evidence_counters(evidence), "ActiveOpens"), >=, 5);
    g_assert_cmpint(counter(wb_evidence_counters(evidence), "ListenOverflows"), >=, 0);
    g_assert_cmpint(counter(wb_evidence_counters(evidence), "OutRsts"), >=, 5);
    g_assert_cmpint(counter(wb_evidence_counters(evidence), "no such"), ==, WB_NONE);
}

/* Only the calling thread moves into the namespace, so that /proc/self would be the wrong one. */
static void *count_in_namespace(void *data)
{
    int64_t *out = data;
    WbKernelTcp before, after;
    g_autoptr(GArray) counters = g_array_new(FALSE, FALSE, sizeof(WbCounterRecord));

    *out = -1;
    if (unshare(CLONE_NEWNET) != 0)
        return NULL;
    wb_kernel_tcp_read(&before);
    wb_kernel_tcp_read(&after);
    wb_kernel_tcp_differences(&before, &after, counters);
    *out = before.values[0];
    for (guint i = 0; i < counters->len; i++)
        g_assert_cmpint(g_array_index(counters, WbCounterRecord, i).value, ==, 0);
    *out += counter(counters, "ActiveOpens");
    return NULL;
}

static void test_counters_are_of_the_callers_namespace(void)
{
    int64_t fresh = 0;
    GThread *thread = g_thread_new("namespace", count_in_namespace, &fresh);

    g_thread_join(thread);
    if (fresh == -1)
        g_test_skip("no right to make a network namespace");
    else
        g_assert_cmpint(fresh, ==, 0);
}

static void test_cpu_clocks_are_in_step(void)
{
    WbKernelCpu a, b;

    wb_kernel_cpu_read(&a);
    burn(300000);
    wb_kernel_cpu_read(&b);
    g_assert_cmpint(b.total_ns, >, a.total_ns);
    g_assert_cmpint(b.process_ns, >=, a.process_ns);
    g_assert_cmpint(b.total_ns - a.total_ns, >=, b.busy_ns - a.busy_ns);
    g_assert_cmpint(b.busy_ns, >=, b.process_ns);
    g_assert_cmpint(wb_kernel_ports(), >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/evidence/samples", test_seconds_are_sampled_and_add_up);
    g_test_add_func("/evidence/rest", test_a_short_rest_goes_to_the_second_before);
    g_test_add_func("/evidence/tool", test_a_load_tool_is_the_client);
    g_test_add_func("/evidence/session", test_another_session_is_not_the_client);
    g_test_add_func("/evidence/counters", test_counters_are_differences);
    g_test_add_func("/evidence/namespace", test_counters_are_of_the_callers_namespace);
    g_test_add_func("/evidence/cpu", test_cpu_clocks_are_in_step);
    return g_test_run();
}
