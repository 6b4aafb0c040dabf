/*
 * The probe against servers of every behaviour: what it saw of each, in one table; and against
 * nginx, plain, over TLS and on a Unix socket.
 */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/server_harness.h"

#include "runner/listeners.h"
#include "runner/probe.h"

#define HELLO_SHA256 "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define LIMIT        (300 * MS)

static char *faultserver;

static void die_with_parent(void *data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Starts a support program that prints its port. */
static GPid start_fault(const char *behaviour, int *out_port)
{
    char *argv[] = {faultserver, (char *)behaviour, NULL};
    g_autoptr(GError) error = NULL;
    char line[32] = {0};
    GPid pid = 0;
    int out = -1;

    if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, die_with_parent,
                                  NULL, &pid, NULL, &out, NULL, &error))
        g_error("cannot start '%s': %s", faultserver, error->message);
    for (size_t i = 0; i + 1 < sizeof line && read(out, line + i, 1) == 1 && line[i] != '\n'; i++)
        ;
    close(out);
    *out_port = atoi(line);
    return pid;
}

static void end_fault(GPid pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    g_spawn_close_pid(pid);
}

static WbProbeRecord probe_url(const char *url)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(WbTarget) target = wb_target_parse(url, &error);
    WbProbeRecord r = {.moment = "before"};

    g_assert_no_error(error);
    wb_probe_run(target, NULL, LIMIT, &r);
    g_assert_cmpstr(r.moment, ==, "before");
    return r;
}

typedef struct {
    const char *behaviour;
    int64_t status, reply_bytes, body_bytes;
    const char *framing;
    int announced_close, reused;
    bool closes;
    const char *failure; /* pattern */
} Case;

static const Case cases[] = {
    {"keepalive", 200, 43, 5, "length", 0, 1, false, ""},
    {"eof", 200, 50, 5, "eof", 1, 0, true, ""},
    {"close", 200, 62, 5, "length", 1, 0, true, ""},
    {"http10", 200, 43, 5, "length", 1, 0, true, ""},
    {"silent-close", 200, 67, 5, "length", 0, 0, true, ""},
    {"reset-reply", 200, 43, 5, "length", 0, 0, true, ""},
    {"404", 404, 49, 4, "length", 0, 1, false, ""},
    {"500", 500, 44, 4, "length", 0, 1, false, ""},
    {"204", 204, 27, 0, "none", 0, 1, false, ""},
    {"drip", 200, 43, 5, "length", 0, 1, false, ""},
    {"chunked", 200, -1, 5, "chunked", 0, 1, false, ""},
    {"continue", 200, -1, 5, "length", 0, 1, false, ""},
    {"large", 200, -1, 1048576, "length", 0, 1, false, ""},
    {"unasked", 200, 43, 5, "length", 0, -1, false, "*sent bytes that no request asked for"},
    {"never", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false, "no answer within 300 ms"},
    {"refuse", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false, "no connection: Connection refused"},
    {"reset", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false, "*Connection reset by peer"},
    {"garbage", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false, "the reply is no HTTP/1"},
    {"cut-head", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false, "closed within the head of the reply"},
    {"truncated", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false,
     "closed within the body of the reply"},
    {"cut-chunk", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false,
     "closed within the body of the reply"},
    {"bad-chunk", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false, "a chunk size that is no number"},
    {"two-lengths", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false, "two Content-Lengths that differ"},
    {"huge-head", WB_NONE, WB_NONE, WB_NONE, "", 0, 0, false, "head of more than 65536 bytes"},
};

static void check(const Case *c, const WbProbeRecord *r)
{
    g_assert_cmpint(r->status, ==, c->status);
    g_assert_cmpint(r->body_bytes, ==, c->body_bytes);
    if (c->reply_bytes != -1)
        g_assert_cmpint(r->reply_bytes, ==, c->reply_bytes);
    g_assert_cmpstr(r->framing, ==, c->framing);
    g_assert_cmpint(r->announced_close, ==, c->announced_close);
    if (c->reused >= 0)
        g_assert_cmpint(r->reused, ==, c->reused);
    g_assert_cmpint(r->close_ns != WB_NONE, ==, c->closes);
    g_assert_true(!c->closes || (r->close_ns >= 0 && r->close_ns <= LIMIT));
    g_assert_cmpint(r->reply_ns != WB_NONE, ==, c->status != WB_NONE);
    if (c->body_bytes == 5)
        g_assert_cmpstr(r->body_sha256, ==, HELLO_SHA256);
    if (!g_pattern_match_simple(c->failure, r->failure))
        g_test_fail_printf("%s: '%s' is not like '%s'", c->behaviour, r->failure, c->failure);
}

static void test_probe_of_each_behaviour(const void *data)
{
    const Case *c = data;
    int port;
    GPid pid = start_fault(c->behaviour, &port);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/", port);
    WbProbeRecord r = probe_url(url);

    check(c, &r);
    end_fault(pid);
}

/* ---- nginx ------------------------------------------------------------------------------------
 */

static const char config[] =
    "daemon off;\nerror_log stderr;\npid %s/pid;\nevents {}\nhttp { access_log off;\n"
    "client_body_temp_path %s/a; proxy_temp_path %s/b; fastcgi_temp_path %s/c;\n"
    "uwsgi_temp_path %s/d; scgi_temp_path %s/e;\n"
    "server { listen 127.0.0.1:%d; listen 127.0.0.1:%d ssl; listen unix:%s/sock;\n"
    "ssl_certificate %s/cert; ssl_certificate_key %s/key;\n"
    "location / { return 200 hello; } } }\n";

static bool run_quietly(const char *command)
{
    int status = -1;

    return g_spawn_command_line_sync(command, NULL, NULL, &status, NULL) && status == 0;
}

static bool make_folder(const char *dir, int plain, int tls)
{
    g_autofree char *words =
        g_strdup_printf(config, dir, dir, dir, dir, dir, dir, plain, tls, dir, dir, dir);
    g_autofree char *path = g_build_filename(dir, "conf", NULL);
    g_autofree char *command = g_strdup_printf("openssl req -x509 -newkey ec -pkeyopt "
                                               "ec_paramgen_curve:prime256v1 -nodes -days 1 -subj "
                                               "/CN=a -keyout %s/key -out %s/cert",
                                               dir, dir);

    return g_file_set_contents(path, words, -1, NULL) && run_quietly(command);
}

static void test_probe_of_nginx(void)
{
    static const Case kept = {"nginx", 200, -1, 5, "length", 0, 1, false, ""};
    g_autofree char *nginx = g_file_test("/usr/sbin/nginx", G_FILE_TEST_EXISTS)
                                 ? g_strdup("/usr/sbin/nginx")
                                 : g_find_program_in_path("nginx");
    g_autofree char *dir = g_dir_make_tmp("wrkbook-probe-XXXXXX", NULL);
    g_autofree char *conf = g_build_filename(dir, "conf", NULL);
    g_autofree char *rm = g_strconcat("rm -r ", dir, NULL);
    int plain = wb_listeners_free_port(), tls = wb_listeners_free_port();
    g_autofree char *url = g_strdup_printf("https://127.0.0.1:%d/", tls);
    char *urls[] = {g_strdup_printf("http://127.0.0.1:%d/", plain),
                    g_strdup_printf("https://localhost:%d/", tls),
                    g_strdup_printf("unix:%s/sock", dir)};
    char *argv[] = {nginx, (char *)"-c", conf, NULL};
    g_auto(TargetSpec) t = target_spec("serve", 0);
    WbServer *s = NULL;

    if (!nginx)
        g_test_skip("no nginx");
    else if (!make_folder(dir, plain, tls))
        g_test_skip("no openssl");
    else {
        t.spec.start = argv;
        t.spec.url = url; /* ready over TLS */
        t.spec.ready_body = (char *)"hello";
        t.spec.picks_port = false;
        s = start_target(&t);
    }
    for (size_t i = 0; s && i < G_N_ELEMENTS(urls); i++) {
        WbProbeRecord r = probe_url(urls[i]);

        check(&kept, &r);
    }
    if (s)
        stop_target(s, "stopped*");
    for (size_t i = 0; i < G_N_ELEMENTS(urls); i++)
        g_free(urls[i]);
    run_quietly(rm);
}

static void test_probe_of_plain_over_tls_says_so(void)
{
    int port;
    GPid pid = start_fault("keepalive", &port);
    g_autofree char *url = g_strdup_printf("https://127.0.0.1:%d/", port);
    WbProbeRecord r = probe_url(url);

    g_assert_true(g_str_has_prefix(r.failure, "no connection: "));
    g_assert_cmpint(r.status, ==, WB_NONE);
    end_fault(pid);
}

static void test_probe_of_a_missing_socket_says_so(void)
{
    WbProbeRecord r = probe_url("unix:/no/such/socket");

    g_assert_cmpstr(r.failure, ==, "no connection: No such file or directory");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    harness_init(argv[0]);
    faultserver = harness_support(argv[0], "faultserver");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/probe/fault/", cases[i].behaviour, NULL);

        g_test_add_data_func(path, &cases[i], test_probe_of_each_behaviour);
    }
    g_test_add_func("/probe/nginx", test_probe_of_nginx);
    g_test_add_func("/probe/plain-over-tls", test_probe_of_plain_over_tls_says_so);
    g_test_add_func("/probe/no-socket", test_probe_of_a_missing_socket_says_so);
    return g_test_run();
}
