/*
 * For the tests of servers: specs of the scripted target (tests/support/scripted_target.c),
 * questions to a server, and the check that nothing is left alive. Whatever a failing test leaves
 * is killed by harness_end_all, and ends by itself after a minute.
 */
#ifndef WB_TESTS_UNIT_SERVER_HARNESS_H
#define WB_TESTS_UNIT_SERVER_HARNESS_H

#include <glib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "runner/cgroup.h"
#include "runner/processes.h"
#include "runner/reply.h"
#include "runner/server.h"
#include "runner/session.h"
#include "runner/wire.h"

#define MS INT64_C(1000000)

static char *harness_target; /* path of the program */
static char *harness_mark;

static inline char *harness_support(const char *argv0, const char *program)
{
    g_autofree char *dir = g_path_get_dirname(argv0);
    g_autofree char *path = NULL;
    const char *given = g_getenv("WB_SUPPORT");

    path = given ? g_build_filename(given, program, NULL)
                 : g_build_filename(dir, "..", "support", program, NULL);
    return g_canonicalize_filename(path, NULL);
}

static inline void harness_init(const char *argv0)
{
    harness_target = harness_support(argv0, "scripted_target");
    harness_mark = g_strdup_printf("server-test-%d", (int)getpid());
    wb_server_set_mark(harness_mark);
    g_test_set_nonfatal_assertions();
}

/* A spec that owns its strings. */
typedef struct {
    WbSuiteServer spec;
    char **start;
    char *ms;
    char *env[4];
} TargetSpec;

static inline void target_spec_clear(TargetSpec *t)
{
    g_strfreev(t->start);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TargetSpec, target_spec_clear)

static inline TargetSpec target_spec(const char *mode, int ms)
{
    g_autofree char *number = g_strdup_printf("%d", ms);
    const char *const argv[] = {harness_target, mode, "{port}", number, NULL};
    TargetSpec t = {.start = g_strdupv((char **)argv)};

    t.spec = (WbSuiteServer){
        .start = t.start,
        .url = (char *)"http://127.0.0.1:{port}/",
        .ready_status = 200,
        .ready_body = (char *)"Hello World!",
        .ready_within_ns = 5000 * MS,
        .stop_signal = SIGTERM,
        .stop_within_ns = 300 * MS,
        .drain_within_ns = 5000 * MS,
        .somaxconn = WB_NONE,
        .picks_port = true,
    };
    return t;
}

/* Starts, and says so if it does not. */
static inline WbServer *start_target(const TargetSpec *t)
{
    g_autoptr(GError) error = NULL;
    WbServer *server = wb_server_start(&t->spec, NULL, &error);

    g_assert_no_error(error);
    return server;
}

/* Body that a URL answers with; NULL: no answer. */
static inline char *ask_body(const char *url)
{
    g_autoptr(WbTarget) target = wb_target_parse(url, NULL);
    g_autoptr(WbWire) wire = wb_wire_open(target, 2000 * MS, NULL, NULL);
    g_autoptr(GBytes) request = wb_target_request(target, NULL, NULL, NULL, NULL, false, NULL);
    g_autoptr(GByteArray) rest = g_byte_array_new();
    g_auto(WbReply) reply = {0};

    if (!wire || !wb_wire_send(wire, request, NULL) ||
        !wb_reply_read(wire, rest, g_get_monotonic_time() + 2000000, &reply, NULL))
        return NULL;
    return g_strndup((const char *)reply.body->data, reply.body->len);
}

static inline bool is_live_pid(pid_t pid)
{
    WbProcess p;

    return wb_process_read(pid, &p) && wb_process_is_live(&p);
}

/* Live processes with a mark; each gets the signal, if it is not 0. */
static inline int count_marked(const char *mark, int signal_number)
{
    g_autoptr(GArray) all = wb_process_list(NULL);
    int n = 0;

    for (unsigned i = 0; i < all->len; i++) {
        const WbProcess *p = &g_array_index(all, WbProcess, i);
        g_auto(GStrv) env = wb_process_environ(p->seen.pid, NULL);

        if (!wb_process_is_live(p) || !env || p->seen.pid == getpid() ||
            g_strcmp0(g_environ_getenv(env, WB_SESSION_SUITE), mark) != 0)
            continue;
        n++;
        if (signal_number == 0)
            g_test_message("left: %d (%s) state %c session %d parent %d", (int)p->seen.pid,
                           p->seen.name, p->state, (int)p->session, (int)p->parent);
        if (signal_number)
            kill(p->seen.pid, signal_number);
    }
    return n;
}

/* Nothing of ours lives; if something does it is a failure, and it is killed. */
static inline void assert_nothing_left(void)
{
    g_assert_cmpint(count_marked(harness_mark, 0), ==, 0);
    for (int i = 0; i < 5; i++) /* in a row: one look may miss a child that is just being made */
        if (count_marked(harness_mark, SIGKILL) > 0)
            i = -1;
}

/* Stops, holds the note against a pattern, and frees. */
static inline void stop_target(WbServer *server, const char *note_pattern)
{
    g_autoptr(GError) error = NULL;

    if (!server)
        return;
    g_assert_true(wb_server_stop(server, &error));
    g_assert_no_error(error);
    if (!g_pattern_match_simple(note_pattern, wb_server_stop_note(server)))
        g_test_fail_printf("note '%s' is not like '%s'", wb_server_stop_note(server), note_pattern);
    g_assert_false(wb_server_is_alive(server, NULL));
    wb_server_free(server);
    assert_nothing_left();
}

#endif
