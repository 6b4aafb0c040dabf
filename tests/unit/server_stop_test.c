/*
 * How servers end: while they are loaded, when they are stopped however they resist, and when
 * their runner was killed. Each way with and without a cgroup.
 */
#include <errno.h>
#include <sys/wait.h>

#include "tests/unit/server_harness.h"

/* ---- the load ---------------------------------------------------------------------------------
 */

/* Ends when it is told to; how long that took. */
static void load_until_stopped(const atomic_bool *stop, void *out_us)
{
    int64_t begin_us = g_get_monotonic_time();

    while (!atomic_load(stop) && g_get_monotonic_time() - begin_us < 5000000)
        g_usleep(1000);
    *(int64_t *)out_us = g_get_monotonic_time() - begin_us;
}

static void test_a_death_under_load_ends_the_load(void)
{
    static const struct {
        const char *mode, *end;
    } cases[] = {{"die-later", "exit status 9"}, {"crash", "signal 6 (Aborted)"}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(TargetSpec) t = target_spec(cases[i].mode, 1500);
        g_autofree char *end = NULL;
        int64_t us = 0;
        WbServer *s = start_target(&t);

        if (!s)
            continue;
        g_assert_true(wb_server_run_load(s, NULL, load_until_stopped, &us, NULL));
        g_assert_cmpint(us, <, 3000000);
        g_assert_false(wb_server_is_alive(s, &end));
        g_assert_cmpstr(end, ==, cases[i].end);
        stop_target(s, "had ended before it was stopped");
    }
}

static void *set_later(void *flag)
{
    g_usleep(100000);
    atomic_store((atomic_bool *)flag, true);
    return NULL;
}

static void test_an_interrupt_ends_the_load(void)
{
    g_auto(TargetSpec) t = target_spec("serve", 0);
    WbServer *s = start_target(&t);
    atomic_bool interrupt = false;
    GThread *thread;
    int64_t us = 0;

    if (!s)
        return;
    thread = g_thread_new("set", set_later, &interrupt);
    g_assert_true(wb_server_run_load(s, &interrupt, load_until_stopped, &us, NULL));
    g_thread_join(thread);
    g_assert_cmpint(us, <, 1000000);
    g_assert_true(wb_server_is_alive(s, NULL));
    stop_target(s, "stopped by TERM*");
}

/* ---- stop -------------------------------------------------------------------------------------
 */

typedef struct {
    const char *mode;
    int signal_number;
    unsigned processes; /* 0: it varies */
    const char *note;
} StopCase;

static const StopCase stop_cases[] = {
    {"serve", SIGTERM, 1, "stopped by TERM to the leader in 0.*"},
    {"serve", SIGKILL, 1, "stopped by KILL to the leader in 0.*"},
    {"int-only", SIGINT, 1, "stopped by INT to the leader in 0.*"},
    {"int-only", SIGTERM, 1,
     "1 of its processes took KILL after TERM and TERM: *(scripted_target); *"},
    {"ignore-term", SIGTERM, 1, "1 of its processes took KILL after TERM and TERM: * s"},
    {"orphan", SIGTERM, 2, "1 of its processes took TERM after TERM to the leader: *"},
    {"stubborn", SIGQUIT, 2, "1 of its processes took KILL after QUIT and TERM: *"},
    {"daemon", SIGTERM, 2, "1 of its processes took TERM after TERM to the leader: *"},
    {"chatty-daemon", SIGTERM, 2, "1 of its processes took KILL after TERM and TERM: *"},
    {"respawn", SIGTERM, 0, "* of its processes took KILL after TERM and TERM: *"},
};
#define HARD_CASES 5 /* of these, from this one on more than the leader must be found */

static void stop_one(const StopCase *c)
{
    g_auto(TargetSpec) t = target_spec(c->mode, 0);
    WbServer *s;
    WbServerUse use;

    t.spec.stop_signal = c->signal_number;
    s = start_target(&t);
    if (!s)
        return;
    wb_server_use(s, &use);
    if (c->processes)
        g_assert_cmpint(use.processes, ==, c->processes);
    stop_target(s, c->note);
}

static void test_a_stop_goes_as_far_as_it_must(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(stop_cases); i++)
        stop_one(&stop_cases[i]);
}

static void test_a_stop_without_a_cgroup_goes_as_far(void)
{
    wb_cgroup_forbid(true);
    for (size_t i = HARD_CASES; i < G_N_ELEMENTS(stop_cases); i++)
        stop_one(&stop_cases[i]);
    wb_cgroup_forbid(false);
}

/* Neither its session nor its environment tells whose it is. */
static void test_a_daemon_without_our_mark_is_caught_by_the_cgroup(void)
{
    g_auto(TargetSpec) t = target_spec("hidden-daemon", 0);
    g_autofree char *folder = wb_cgroup_make("test");
    WbServer *s;
    g_autoptr(GArray) processes = NULL;

    if (!folder) {
        g_test_skip("no cgroup v2 to write to");
        return;
    }
    wb_cgroup_remove(folder);
    s = start_target(&t);
    if (!s)
        return;
    g_usleep(50000);
    processes = wb_server_processes(s);
    g_assert_cmpint(processes->len, ==, 2);
    stop_target(s, "1 of its processes took TERM*");
    for (unsigned i = 0; i < processes->len; i++)
        g_assert_false(is_live_pid(g_array_index(processes, WbServerProcess, i).pid));
}

static void test_a_freed_server_is_gone(void)
{
    g_auto(TargetSpec) t = target_spec("stubborn", 0);

    wb_server_free(start_target(&t));
    assert_nothing_left();
    wb_server_free(NULL);
}

/* Orphans that end become our children; left as zombies they would fill the table. */
static void test_orphans_are_reaped_and_other_children_are_not(void)
{
    g_auto(TargetSpec) t = target_spec("daemon", 0);
    WbServer *s = start_target(&t);
    g_autoptr(GArray) processes = NULL;
    pid_t other = fork();
    WbProcess p;
    int status;

    if (other == 0)
        _exit(5);
    if (!s)
        return;
    processes = wb_server_processes(s);
    stop_target(s, "*");
    for (unsigned i = 0; i < processes->len; i++)
        g_assert_false(wb_process_read(g_array_index(processes, WbServerProcess, i).pid, &p));
    g_assert_cmpint(waitpid(other, &status, 0), ==, other);
    g_assert_cmpint(WEXITSTATUS(status), ==, 5);
}

/* ---- drain ------------------------------------------------------------------------------------
 */

static void test_a_drain_waits_for_work_that_is_left(void)
{
    g_auto(TargetSpec) t = target_spec("works-on", 40);
    int64_t ns = 0, cpu_ns = 0;
    WbServer *s = start_target(&t);

    if (!s)
        return;
    for (int i = 0; i < 20; i++)
        g_free(ask_body(wb_server_url(s)));
    g_assert_false(wb_server_drain(s, 100 * MS, &ns, &cpu_ns));
    g_assert_cmpint(ns, >=, 100 * MS);
    g_assert_true(wb_server_drain(s, 20000 * MS, &ns, &cpu_ns));
    g_assert_cmpint(ns, >, 50 * MS);
    g_assert_cmpint(cpu_ns, >, 50 * MS);
    g_assert_true(wb_server_drain(s, 20000 * MS, &ns, &cpu_ns));
    g_assert_cmpint(ns, <, 300 * MS); /* idle at once */
    g_assert_cmpint(cpu_ns, <, 20 * MS);
    stop_target(s, "stopped*");
}

/* By /proc alone, in ticks of 10 ms; and CPU of those that are gone does not vanish. */
static void test_cpu_without_a_cgroup_is_counted(void)
{
    g_auto(TargetSpec) t = target_spec("works-on", 200);
    int64_t ns = 0, cpu_ns = 0;
    WbServerUse before, after;
    WbServer *s;

    wb_cgroup_forbid(true);
    s = start_target(&t);
    wb_cgroup_forbid(false);
    if (!s)
        return;
    g_free(ask_body(wb_server_url(s)));
    g_assert_true(wb_server_drain(s, 20000 * MS, &ns, &cpu_ns));
    wb_server_use(s, &before);
    g_assert_cmpint(before.cpu_ns, >=, 200 * MS);
    g_assert_true(wb_server_stop(s, NULL));
    wb_server_use(s, &after);
    g_assert_cmpint(after.cpu_ns, >=, before.cpu_ns);
    stop_target(s, "stopped*");
}

/* ---- clean up ---------------------------------------------------------------------------------
 */

/* A runner that starts a server and is then killed. @return its pid, or -1 */
static pid_t start_runner(const char *mode, const char *mark, bool with_cgroup)
{
    int ends[2];
    char byte;
    pid_t pid;

    g_assert_cmpint(pipe(ends), ==, 0);
    pid = fork();
    if (pid == 0) {
        g_auto(TargetSpec) t = target_spec(mode, 0);
        WbServer *s;

        wb_server_set_mark(mark);
        wb_cgroup_forbid(!with_cgroup);
        s = wb_server_start(&t.spec, NULL, NULL);
        if (write(ends[1], s ? "1" : "0", 1) == 1)
            sleep(30);
        _exit(1);
    }
    close(ends[1]);
    while (read(ends[0], &byte, 1) < 0 && errno == EINTR)
        ;
    close(ends[0]);
    g_assert_cmpint(byte, ==, '1');
    return pid;
}

static void test_what_a_killed_runner_left_is_ended(void)
{
    /* "serve" ends by itself: it gets its stop signal as its parent dies. */
    static const struct {
        const char *mode;
        bool has_cgroup;
        int live;
    } cases[] = {{"ignore-term", true, 1}, {"stubborn", false, 1}, {"daemon", true, 1},
                 {"daemon", false, 1},     {"respawn", true, 1},   {"respawn", false, 1},
                 {"serve", true, 0}};
    g_autofree char *mark = g_strconcat(harness_mark, "-killed", NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        pid_t pid = start_runner(cases[i].mode, mark, cases[i].has_cgroup);

        g_assert_cmpint(count_marked(mark, 0), >, 0);
        g_assert_cmpint(wb_server_clean_up(mark), ==, 0); /* its runner lives */
        kill(pid, SIGKILL);
        g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
        g_usleep(100000);
        g_assert_cmpint(wb_server_clean_up("another mark"), ==, 0);
        g_assert_cmpint(wb_server_clean_up(mark), ==, cases[i].live);
        g_assert_cmpint(count_marked(mark, SIGKILL), ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    harness_init(argv[0]);
    g_test_add_func("/server/load/death", test_a_death_under_load_ends_the_load);
    g_test_add_func("/server/load/interrupt", test_an_interrupt_ends_the_load);
    g_test_add_func("/server/stop/far", test_a_stop_goes_as_far_as_it_must);
    g_test_add_func("/server/stop/far-without-cgroup", test_a_stop_without_a_cgroup_goes_as_far);
    g_test_add_func("/server/stop/hidden-daemon",
                    test_a_daemon_without_our_mark_is_caught_by_the_cgroup);
    g_test_add_func("/server/stop/free", test_a_freed_server_is_gone);
    g_test_add_func("/server/stop/reap", test_orphans_are_reaped_and_other_children_are_not);
    g_test_add_func("/server/drain/work", test_a_drain_waits_for_work_that_is_left);
    g_test_add_func("/server/drain/proc", test_cpu_without_a_cgroup_is_counted);
    g_test_add_func("/server/clean-up/killed", test_what_a_killed_runner_left_is_ended);
    return g_test_run();
}
