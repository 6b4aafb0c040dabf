/*
 * Servers that start, do not start, or start wrongly, and what is said of each; what is known of
 * one while it runs. How they end is in server_stop_test.c.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tests/unit/server_harness.h"

#include "runner/listeners.h"
#include "runner/server_net.h"

static void test_a_server_that_serves_is_ready(void)
{
    g_auto(TargetSpec) t = target_spec("serve", 0);
    WbServer *s = start_target(&t);
    g_autoptr(GArray) processes = NULL;
    g_autofree char *body = NULL;
    WbServerUse use;

    if (!s)
        return;
    g_assert_true(g_str_has_prefix(wb_server_url(s), "http://127.0.0.1:"));
    g_assert_null(strstr(wb_server_url(s), "{"));
    g_assert_nonnull(strstr(wb_server_command(s), "target serve "));
    g_assert_cmpint(wb_server_ready_ns(s), >, 0);
    g_assert_cmpint(wb_server_ready_ns(s), <, 5000 * MS);
    processes = wb_server_processes(s);
    g_assert_cmpint(processes->len, ==, 1);
    g_assert_cmpstr(g_array_index(processes, WbServerProcess, 0).name, ==, "scripted_target");
    wb_server_use(s, &use);
    g_assert_cmpint(use.processes, ==, 1);
    g_assert_cmpint(use.memory_bytes, >, 0);
    g_assert_true(wb_server_is_alive(s, NULL));
    body = ask_body(wb_server_url(s));
    g_assert_cmpstr(body, ==, "Hello World!");
    stop_target(s, "stopped by TERM to the leader in *");
}

/* Each way to fail has its own words. */
static void test_a_server_that_fails_says_why(void)
{
    static const struct {
        const char *mode;
        WbServerError code;
        const char *pattern;
    } cases[] = {
        {"never", WB_SERVER_ERROR_NOT_READY, "'*never*' is not ready within 1 s: nothing listens*"},
        {"deaf", WB_SERVER_ERROR_NOT_READY, "*it listens, but does not answer: *"},
        {"slow", WB_SERVER_ERROR_NOT_READY, "*it listens, but does not answer: *"},
        {"wrong-body", WB_SERVER_ERROR_NOT_READY,
         "*it answers with the body 'Goodbye' (7 bytes) instead of 'Hello World!' (12 bytes)*"},
        {"500", WB_SERVER_ERROR_NOT_READY, "*it answers with status 500 instead of 200*"},
        {"die-at-start", WB_SERVER_ERROR_DIED,
         "*ended before it was ready: exit status 3; its last output:\nreading the "
         "settings\ntarget: no such application: hello"},
        {"background", WB_SERVER_ERROR_DIED,
         "*went into the background (exit status 0) and left *(scripted_target)*daemon off*"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(TargetSpec) t = target_spec(cases[i].mode, 3000);
        g_autoptr(GError) error = NULL;

        t.spec.ready_within_ns = 1000 * MS;
        g_assert_null(wb_server_start(&t.spec, NULL, &error));
        g_assert_error(error, WB_SERVER_ERROR, (int)cases[i].code);
        if (error && !g_pattern_match_simple(cases[i].pattern, error->message))
            g_test_fail_printf("%s: '%s'", cases[i].mode, error->message);
        assert_nothing_left();
    }
}

static void test_a_death_at_start_is_told_at_once(void)
{
    g_auto(TargetSpec) t = target_spec("die-at-start", 0);
    g_autoptr(GError) error = NULL;
    int64_t begin_us = g_get_monotonic_time();

    t.spec.ready_within_ns = 20000 * MS;
    g_assert_null(wb_server_start(&t.spec, NULL, &error));
    g_assert_cmpint(g_get_monotonic_time() - begin_us, <, 2000000);
}

/* What can be known before the program runs. */
static void test_a_spec_that_cannot_be_started_says_why(void)
{
    static const struct {
        const char *program;
        const char *directory, *user, *pin;
        const char *pattern;
    } cases[] = {
        {"no-such-program", NULL, NULL, NULL,
         "cannot start 'no-such-program': no such program in*"},
        {"/no/such/program", NULL, NULL, NULL,
         "cannot start '/no/such/program': No such file or directory"},
        {"/etc/passwd", NULL, NULL, NULL, "cannot start '/etc/passwd': Permission denied"},
        {"true", "/no/such", NULL, NULL,
         "cannot start 'true': folder '/no/such': No such file or directory"},
        {"true", NULL, "no-such-user", NULL, "cannot run as 'no-such-user': no such user"},
        {"true", NULL, NULL, "1-0", "'1-0' is no list of CPUs: write 0 or 0-1,3"},
        {"true", NULL, NULL, "1,", "'1,' is no list of CPUs*"},
        {"true", NULL, NULL, "1000", "cannot start 'true': pin it to CPU 1000: Invalid argument"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(TargetSpec) t = target_spec("serve", 0);
        g_autoptr(GError) error = NULL;

        g_free(t.start[0]);
        t.start[0] = g_strdup(cases[i].program);
        t.spec.directory = (char *)cases[i].directory;
        t.spec.user = (char *)cases[i].user;
        t.spec.pin_server = (char *)cases[i].pin;
        g_assert_null(wb_server_start(&t.spec, NULL, &error));
        g_assert_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_START);
        if (error && !g_pattern_match_simple(cases[i].pattern, error->message))
            g_test_fail_printf("%s: '%s'", cases[i].program, error->message);
    }
    assert_nothing_left();
}

static void test_a_late_port_is_waited_for(void)
{
    g_auto(TargetSpec) t = target_spec("late", 300);
    WbServer *s = start_target(&t);

    if (!s)
        return;
    g_assert_cmpint(wb_server_ready_ns(s), >=, 300 * MS);
    stop_target(s, "stopped by TERM*");
}

static void test_an_interrupt_ends_the_wait(void)
{
    g_auto(TargetSpec) t = target_spec("never", 0);
    g_autoptr(GError) error = NULL;
    const atomic_bool stop = true;

    g_assert_null(wb_server_start(&t.spec, &stop, &error));
    g_assert_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_NOT_READY);
    g_assert_true(error && g_str_has_prefix(error->message, "interrupted while "));
    assert_nothing_left();
}

/* A left-over on the port would answer in place of the new server. */
static void test_somebody_on_the_port_is_named_before_the_start(void)
{
    g_auto(TargetSpec) first = target_spec("serve", 0);
    g_auto(TargetSpec) second = target_spec("serve", 0);
    WbServer *s = start_target(&first);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) processes = NULL;
    g_autofree char *url = NULL, *who = NULL;

    if (!s)
        return;
    url = g_strdup(wb_server_url(s));
    processes = wb_server_processes(s);
    who = g_strdup_printf("*: scripted_target (pid %d) listens on 127.0.0.1:* already; stop it*",
                          (int)g_array_index(processes, WbServerProcess, 0).pid);
    second.spec.url = url;
    g_assert_null(wb_server_start(&second.spec, NULL, &error));
    g_assert_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_PORT);
    if (error && !g_pattern_match_simple(who, error->message))
        g_test_fail_printf("'%s' is not like '%s'", error->message, who);
    g_assert_true(wb_server_is_alive(s, NULL));
    stop_target(s, "stopped by TERM*");
}

static int listen_on(int port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    in.sin_addr.s_addr = htonl(INADDR_ANY); /* a wildcard serves the address as well */
    g_assert_cmpint(bind(fd, (struct sockaddr *)&in, sizeof in), ==, 0);
    g_assert_cmpint(listen(fd, 1), ==, 0);
    return fd;
}

static void *listen_later(void *port)
{
    g_usleep(200000);
    return GINT_TO_POINTER(listen_on(GPOINTER_TO_INT(port)));
}

static void test_somebody_who_takes_the_port_during_the_start_is_named(void)
{
    g_auto(TargetSpec) t = target_spec("never", 0);
    g_autofree char *url = NULL, *who = g_strdup_printf("*(pid %d) listens on *", (int)getpid());
    g_autoptr(GError) error = NULL;
    int port = wb_listeners_free_port();
    GThread *thread;

    url = g_strdup_printf("http://127.0.0.1:%d/", port);
    t.spec.url = url;
    thread = g_thread_new("listen", listen_later, GINT_TO_POINTER(port));
    g_assert_null(wb_server_start(&t.spec, NULL, &error));
    close(GPOINTER_TO_INT(g_thread_join(thread)));
    g_assert_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_PORT);
    if (error && !g_pattern_match_simple(who, error->message))
        g_test_fail_printf("'%s' is not like '%s'", error->message, who);
    assert_nothing_left();
}

static void test_the_port_stands_in_command_environment_and_url(void)
{
    g_auto(TargetSpec) t = target_spec("env", 0);
    char *env[] = {(char *)"TARGET_BODY=it is {port}", NULL};
    g_autofree char *body = NULL, *wanted = NULL;
    WbServer *s;

    t.spec.env = env;
    t.spec.ready_body = NULL;
    s = start_target(&t);
    if (!s)
        return;
    body = ask_body(wb_server_url(s));
    wanted = g_strdup_printf("it is %d", atoi(strrchr(wb_server_url(s), ':') + 1));
    g_assert_cmpstr(body, ==, wanted);
    stop_target(s, "stopped*");
}

static void test_a_pinned_server_runs_there(void)
{
    g_auto(TargetSpec) t = target_spec("cpus", 0);
    g_autofree char *body = NULL;
    WbServer *s;

    t.spec.pin_server = (char *)"0";
    t.spec.ready_body = NULL;
    s = start_target(&t);
    if (!s)
        return;
    body = ask_body(wb_server_url(s));
    g_assert_cmpstr(body, ==, "0 ");
    stop_target(s, "stopped*");
}

static void test_a_server_runs_as_its_user(void)
{
    g_auto(TargetSpec) t = target_spec("user", 0);
    g_autofree char *body = NULL;
    g_autoptr(GError) error = NULL;
    WbServer *s;

    t.spec.user = (char *)"nobody";
    t.spec.ready_body = NULL;
    s = wb_server_start(&t.spec, NULL, &error);
    if (geteuid() != 0) {
        g_assert_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_START);
        return;
    }
    if (!s && strstr(error->message, "Permission denied")) {
        g_test_skip("nobody may not read this checkout");
        return;
    }
    g_assert_no_error(error);
    body = s ? ask_body(wb_server_url(s)) : NULL;
    g_assert_cmpstr(body, ==, "65534");
    stop_target(s, "stopped*");
}

/* Written faster than anybody could read, for ever: it serves on, and what is kept is bounded. */
static void test_a_flood_of_output_neither_blocks_nor_grows(void)
{
    g_auto(TargetSpec) t = target_spec("flood", 0);
    WbServer *s = start_target(&t);
    g_autofree char *all = NULL, *two = NULL, *body = NULL;

    if (!s)
        return;
    g_usleep(500000);
    body = ask_body(wb_server_url(s));
    g_assert_cmpstr(body, ==, "Hello World!");
    all = wb_server_output(s, 1000000);
    g_assert_cmpint(strlen(all), <=, 2 * 65536 + 100);
    g_assert_cmpint(strlen(all), >, 65536);
    g_assert_nonnull(strstr(all, " bytes of output left out]\n"));
    two = wb_server_output(s, 2);
    g_assert_cmpint(strlen(two), <, 200);
    stop_target(s, "stopped by TERM*");
}

static void test_a_server_that_runs_already_is_only_asked(void)
{
    g_auto(TargetSpec) t = target_spec("serve", 0);
    WbServer *ours = start_target(&t);
    WbSuiteServer spec = t.spec;
    g_autoptr(GError) error = NULL;
    g_autoptr(WbServer) s = NULL;
    g_autofree char *url = NULL;
    int64_t ns, cpu_ns;
    WbServerUse use;

    if (!ours)
        return;
    spec.start = NULL;
    spec.picks_port = false;
    url = g_strdup(wb_server_url(ours));
    spec.url = url;
    s = wb_server_start(&spec, NULL, &error);
    g_assert_no_error(error);
    if (s) {
        g_assert_null(wb_server_command(s));
        g_assert_true(wb_server_is_alive(s, NULL));
        wb_server_use(s, &use);
        g_assert_cmpint(use.processes, ==, 0);
        g_assert_true(wb_server_drain(s, 100 * MS, &ns, &cpu_ns));
        g_assert_true(ns == WB_NONE && cpu_ns == WB_NONE);
        g_assert_true(wb_server_stop(s, NULL));
    }
    g_assert_true(wb_server_is_alive(ours, NULL));
    stop_target(ours, "stopped*");
    spec.ready_within_ns = 100 * MS;
    g_assert_null(wb_server_start(&spec, NULL, &error));
    g_assert_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_NOT_READY);
    g_assert_true(error && strstr(error->message, "it cannot be asked: Connection refused"));
}

/* ---- Unix sockets: nginx, if it is there ------------------------------------------------------
 */

static void test_a_unix_socket_is_ready_when_it_is_ours(void)
{
    g_autofree char *nginx = g_find_program_in_path("nginx");
    g_autofree char *dir = g_dir_make_tmp("wrkbook-server-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "conf", NULL);
    g_autofree char *socket_path = g_build_filename(dir, "sock", NULL);
    g_autofree char *url = g_strconcat("unix:", socket_path, ":/", NULL);
    g_autofree char *words = g_strdup_printf(
        "daemon off;\nerror_log stderr;\npid %s/pid;\nevents {}\nhttp { access_log off;\n"
        "client_body_temp_path %s/a; proxy_temp_path %s/b; fastcgi_temp_path %s/c;\n"
        "uwsgi_temp_path %s/d; scgi_temp_path %s/e;\n"
        "server { listen unix:%s; location / { return 200 \"Hello World!\"; } } }\n",
        dir, dir, dir, dir, dir, dir, socket_path);
    char *argv[] = {(char *)"nginx", (char *)"-c", path, NULL};
    g_auto(TargetSpec) t = target_spec("serve", 0);
    g_autofree char *rm = g_strconcat("rm -r ", dir, NULL);
    WbServer *s;

    if (!nginx && !g_file_test("/usr/sbin/nginx", G_FILE_TEST_EXISTS)) {
        g_test_skip("no nginx");
        return;
    }
    argv[0] = nginx ? nginx : (char *)"/usr/sbin/nginx";
    g_assert_true(g_file_set_contents(path, words, -1, NULL));
    t.spec.start = argv;
    t.spec.url = url;
    t.spec.picks_port = false;
    s = start_target(&t);
    if (s) {
        g_autoptr(GArray) processes = wb_server_processes(s);

        g_assert_cmpint(processes->len, ==, 2); /* master and worker */
        stop_target(s, "stopped*");
    }
    g_assert_cmpint(system(rm), ==, 0);
}

/* ---- networks of their own --------------------------------------------------------------------
 */

static bool may_isolate(void)
{
    int net = wb_net_new(-1, NULL);

    if (net >= 0)
        close(net);
    else
        g_test_skip("no network namespaces here");
    return net >= 0;
}

static void *ask_on_another_thread(void *url)
{
    return ask_body(url);
}

typedef struct {
    const char *url;
    char *body;
} Question;

static void ask_inside(const atomic_bool *stop, void *data)
{
    Question *q = data;

    g_assert_false(atomic_load(stop));
    /* As the engine does: threads started inside are inside. */
    q->body = g_thread_join(g_thread_new("ask", ask_on_another_thread, (void *)q->url));
}

static char *ask_isolated(WbServer *s)
{
    Question q = {.url = wb_server_url(s)};
    g_autoptr(GError) error = NULL;

    g_assert_true(wb_server_run_load(s, NULL, ask_inside, &q, &error));
    g_assert_no_error(error);
    return q.body;
}

static void test_isolated_servers_have_the_same_port_and_somaxconn(void)
{
    g_auto(TargetSpec) t = target_spec("limits", 0);
    g_autofree char *inside = NULL, *inside_two = NULL, *outside = NULL;
    WbServer *s, *two;

    if (!may_isolate())
        return;
    t.spec.isolate_net = true;
    t.spec.somaxconn = 77;
    t.spec.ready_body = (char *)"77";
    t.spec.picks_port = false;
    t.spec.url = (char *)"http://127.0.0.1:8000/";
    g_free(t.start[2]);
    t.start[2] = g_strdup("8000");
    s = start_target(&t);
    t.spec.pin_client = (char *)"0";
    two = start_target(&t);
    if (s && two) {
        inside = ask_isolated(s);
        inside_two = ask_isolated(two);
        outside = ask_body(wb_server_url(s));
        g_assert_cmpstr(inside, ==, "77");
        g_assert_cmpstr(inside_two, ==, "77");
        g_assert_null(outside);
    }
    wb_server_free(two);
    stop_target(s, "stopped by TERM*");
}

/* In a child, as the way there leads into a user namespace for good. */
static void test_isolation_without_root_goes_through_a_user_namespace(void)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
            _exit(1);
        prctl(PR_SET_DUMPABLE, 1); /* or /proc/self is root's after setuid */
        _exit(wb_net_new(-1, NULL) >= 0 ? 0 : 77);
    }
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    if (WEXITSTATUS(status) == 77)
        g_test_skip("no user namespaces here");
    else
        g_assert_cmpint(status, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    harness_init(argv[0]);
    g_test_add_func("/server/ready/isolation-without-root",
                    test_isolation_without_root_goes_through_a_user_namespace);
    g_test_add_func("/server/ready/serves", test_a_server_that_serves_is_ready);
    g_test_add_func("/server/ready/fails", test_a_server_that_fails_says_why);
    g_test_add_func("/server/ready/at-once", test_a_death_at_start_is_told_at_once);
    g_test_add_func("/server/ready/spec", test_a_spec_that_cannot_be_started_says_why);
    g_test_add_func("/server/ready/late", test_a_late_port_is_waited_for);
    g_test_add_func("/server/ready/interrupt", test_an_interrupt_ends_the_wait);
    g_test_add_func("/server/port/taken", test_somebody_on_the_port_is_named_before_the_start);
    g_test_add_func("/server/port/taken-meanwhile",
                    test_somebody_who_takes_the_port_during_the_start_is_named);
    g_test_add_func("/server/port/replaced", test_the_port_stands_in_command_environment_and_url);
    g_test_add_func("/server/start/pin", test_a_pinned_server_runs_there);
    g_test_add_func("/server/start/user", test_a_server_runs_as_its_user);
    g_test_add_func("/server/output/flood", test_a_flood_of_output_neither_blocks_nor_grows);
    g_test_add_func("/server/ready/not-ours", test_a_server_that_runs_already_is_only_asked);
    g_test_add_func("/server/ready/unix", test_a_unix_socket_is_ready_when_it_is_ours);
    g_test_add_func("/server/net/isolated", test_isolated_servers_have_the_same_port_and_somaxconn);
    return g_test_run();
}
