/*
 * Ready: a look every 20 ms. "Somebody listens" is looked up first, as it disturbs nobody; the
 * question is asked only when all that listens is ours. A server that listens before it can answer,
 * or whose left-over answers in its place, is therefore never taken for ready.
 */
#include <inttypes.h>
#include <string.h>

#include "runner/reply.h"
#include "runner/server_state.h"
#include "runner/wire.h"

#define LOOK_US      20000
#define ANSWER_NS    INT64_C(5000000000) /* longest wait for one answer; then it is asked anew */
#define OUTPUT_LINES 10
#define SHOWN_BYTES  60 /* of a body in a message */

/* Text of a body for a message: short, on one line. */
static char *show(const char *bytes, size_t len)
{
    g_autofree char *valid = g_utf8_make_valid(bytes, (gssize)MIN(len, SHOWN_BYTES));
    g_autofree char *escaped = g_strescape(valid, "\"");
    g_auto(GStrv) parts = g_strsplit(escaped, "\\\"", -1);
    g_autofree char *plain = g_strjoinv("\"", parts);

    return g_strdup_printf("'%s'%s (%zu bytes)", plain, len > SHOWN_BYTES ? "..." : "", len);
}

/* NULL: it is as the spec wants it; else what is wrong with it. */
static char *judge(const WbSuiteServer *spec, const WbReply *reply)
{
    g_autofree char *wanted = NULL, *got = NULL;
    size_t len = spec->ready_body ? strlen(spec->ready_body) : 0;

    if (reply->status != spec->ready_status)
        return g_strdup_printf("it answers with status %d instead of %d", reply->status,
                               spec->ready_status);
    if (!spec->ready_body || (reply->body_bytes == (int64_t)len && reply->body->len == len &&
                              memcmp(reply->body->data, spec->ready_body, len) == 0))
        return NULL;
    wanted = show(spec->ready_body, len);
    got = show((const char *)reply->body->data, reply->body->len);
    return g_strdup_printf("it answers with the body %s instead of %s", got, wanted);
}

/* NULL: it answers as it should. */
static char *ask(const WbServer *s, int64_t limit_ns)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) rest = g_byte_array_new();
    g_auto(WbReply) reply = {0};
    g_autoptr(WbWire) wire = NULL;
    g_autoptr(GBytes) request =
        wb_target_request(s->target, NULL, s->spec->ready_path, NULL, NULL, true, &error);

    if (request)
        wire = wb_wire_open(s->target, limit_ns, s->stop, &error);
    if (!wire)
        return g_strdup_printf("it cannot be asked: %s", error->message);
    if (!wb_wire_send(wire, request, &error) ||
        !wb_reply_read(wire, rest, g_get_monotonic_time() + limit_ns / 1000, &reply, &error))
        return g_strdup_printf("it listens, but does not answer: %s", error->message);
    return judge(s->spec, &reply);
}

static void add_output(const WbServer *s, GError **error)
{
    g_autofree char *lines = wb_server_output(s, OUTPUT_LINES);
    g_autofree char *old = NULL;

    if (!error || !*error || !*lines)
        return;
    old = (*error)->message;
    (*error)->message = g_strdup_printf("%s; its last output:\n%s", old, lines);
}

static bool fail_died(WbServer *s, const char *end, GError **error)
{
    g_autoptr(GArray) live = wb_session_live(s->session);
    g_autofree char *left = wb_session_describe(live);

    if (live->len > 0 && strcmp(end, "exit status 0") == 0)
        g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_DIED,
                    "'%s' went into the background (%s) and left %s: start it so that it stays in "
                    "the foreground (an option such as --no-daemon or 'daemon off;')",
                    s->command, end, left);
    else
        g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_DIED,
                    "'%s' ended before it was ready: %s", s->command, end);
    add_output(s, error);
    return false;
}

static bool fail_port(const WbServer *s, const WbServerProcess *other, GError **error)
{
    g_autofree char *place = wb_server_place(s);
    g_autofree char *who = wb_server_other(other);

    g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_PORT,
                "%s listens on %s, which is not a process of '%s'", who, place, s->command);
    add_output(s, error);
    return false;
}

static bool fail_not_ready(const WbServer *s, const char *why, GError **error)
{
    double s_within = (double)s->spec->ready_within_ns / 1e9;

    if (wb_server_is_stop_set(s))
        g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_NOT_READY,
                    "interrupted while '%s' was not ready yet", s->command ? s->command : s->url);
    else
        g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_NOT_READY,
                    "'%s' is not ready within %g s: %s", s->command ? s->command : s->url, s_within,
                    why);
    add_output(s, error);
    return false;
}

static WbListener look_at_port(const WbServer *s, WbServerProcess *out_other)
{
    g_autoptr(GArray) inodes = wb_listeners_find(s->addresses);
    g_autoptr(GArray) live = NULL;

    if (inodes->len == 0) /* the usual case; /proc is not read for nothing */
        return WB_LISTENER_NOBODY;
    live = wb_session_live(s->session);
    return wb_listeners_whose(s->addresses, live, out_other);
}

bool wb_server_wait_ready(WbServer *server, GError **error)
{
    int64_t end_us = g_get_monotonic_time() + server->spec->ready_within_ns / 1000;
    g_autofree char *why = NULL;
    int foreign_looks = 0; /* in a row: a process may be so young that it was not counted yet */

    for (;;) {
        g_autofree char *end = NULL;
        WbServerProcess other = {0};
        WbListener whose = server->is_local ? look_at_port(server, &other) : WB_LISTENER_OURS;
        int64_t left_us = end_us - g_get_monotonic_time();

        g_free(g_steal_pointer(&why));
        if (!wb_server_is_alive(server, &end))
            return fail_died(server, end, error);
        foreign_looks = whose == WB_LISTENER_FOREIGN ? foreign_looks + 1 : 0;
        if (foreign_looks > 1)
            return fail_port(server, &other, error);
        if (whose == WB_LISTENER_OURS)
            why = ask(server, MIN(ANSWER_NS, MAX(left_us, LOOK_US) * 1000));
        else
            why = g_strdup("nothing listens on its port");
        if (!why && wb_server_is_alive(server, NULL))
            return true;
        if (wb_server_is_stop_set(server) || g_get_monotonic_time() >= end_us)
            return fail_not_ready(server, why, error);
        g_usleep(LOOK_US);
    }
}
