/*
 * Stop and drain. A stop goes from polite to final and says how far it had to go; what
 * it proves at the end it looks up anew: no live process, nobody who listens.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "runner/server_net.h"
#include "runner/server_state.h"

#define LOOK_US      10000
#define ORPHANS_NS   INT64_C(2000000000) /* for those left when the leader has gone */
#define TERM_NS      INT64_C(2000000000)
#define KILL_NS      INT64_C(5000000000)
#define PORT_US      1000000 /* a socket may close a moment after its process */
#define LOOKS        50      /* at most, for one that can be believed */
#define IDLE_CPU_NS  INT64_C(20000000)
#define IDLE_WINDOW  6 /* looks */
#define IDLE_LOOK_US 50000

/* ---- drain ------------------------------------------------------------------------------------
 */

bool wb_server_drain(WbServer *server, int64_t within_ns, int64_t *out_ns, int64_t *out_cpu_ns)
{
    int64_t cpu_ns[IDLE_WINDOW + 1], at_us[IDLE_WINDOW + 1]; /* rings */
    int64_t begin_us = g_get_monotonic_time();
    WbServerUse use;
    int64_t first_cpu_ns;
    bool is_idle = false;

    *out_ns = *out_cpu_ns = WB_NONE;
    if (!server->session)
        return true;
    wb_server_use(server, &use);
    first_cpu_ns = use.cpu_ns;
    *out_ns = 0;
    for (int i = 0;; i++) {
        int now = i % (IDLE_WINDOW + 1);
        int old = (i + 1) % (IDLE_WINDOW + 1);

        cpu_ns[now] = use.cpu_ns;
        at_us[now] = g_get_monotonic_time();
        *out_ns = (at_us[now] - begin_us) * 1000;
        if (i >= IDLE_WINDOW && cpu_ns[now] - cpu_ns[old] < IDLE_CPU_NS) {
            *out_ns = (at_us[old] - begin_us) * 1000;
            is_idle = true;
        }
        if (is_idle || *out_ns >= within_ns || wb_server_is_stop_set(server))
            break;
        if (use.processes == 0) {
            is_idle = true;
            break;
        }
        g_usleep(IDLE_LOOK_US);
        wb_server_use(server, &use);
    }
    *out_cpu_ns = use.cpu_ns - first_cpu_ns;
    return is_idle;
}

/* ---- stop -------------------------------------------------------------------------------------
 */

static double since(int64_t begin_us)
{
    return (double)(g_get_monotonic_time() - begin_us) / 1e6;
}

static unsigned count_live(const WbServer *s)
{
    g_autoptr(GArray) live = wb_session_live(s->session);

    return live->len;
}

/* Until nothing lives; not longer than ORPHANS_NS after the leader's end. */
static bool wait_gone(WbServer *s, int64_t limit_ns, bool watches_leader)
{
    int64_t end_us = g_get_monotonic_time() + limit_ns / 1000;
    bool had_leader = true;

    for (;;) {
        int64_t now_us = g_get_monotonic_time();

        if (count_live(s) == 0)
            return true;
        if (watches_leader && had_leader && !wb_server_is_alive(s, NULL)) {
            had_leader = false;
            end_us = MIN(end_us, now_us + ORPHANS_NS / 1000);
        }
        if (now_us >= end_us)
            return false;
        g_usleep(LOOK_US);
    }
}

static void reap_leader(WbServer *s)
{
    char *end = NULL;

    for (int i = 0; i < 100 && wb_server_is_alive(s, &end); i++)
        g_usleep(LOOK_US); /* it is dead, but its threads may still be going */
    if (end && wb_process_reap(s->leader, NULL))
        s->is_stopped = true;
    s->end = end;
}

int wb_server_end(WbServer *server)
{
    int left = wb_session_kill(server->session, KILL_NS);

    if (left == 0)
        reap_leader(server);
    return left;
}

static const char *signal_name(int number)
{
    const char *name = sigabbrev_np(number);

    return name ? name : "its signal";
}

/* From polite to final; the note says how far it went. True: nothing lives. */
static bool end_all(WbServer *s)
{
    int stop_signal = s->spec->stop_signal ? s->spec->stop_signal : SIGTERM;
    int64_t begin_us = g_get_monotonic_time();
    g_autoptr(GArray) left = NULL;
    g_autofree char *who = NULL;
    bool had_leader = wb_server_is_alive(s, NULL);

    if (had_leader)
        kill(s->leader, stop_signal); /* our child, not reaped: the pid is its own */
    if (wait_gone(s, s->spec->stop_within_ns, true)) {
        s->stop_note = had_leader ? g_strdup_printf("stopped by %s to the leader in %.2f s",
                                                    signal_name(stop_signal), since(begin_us))
                                  : g_strdup("had ended before it was stopped");
        return true;
    }
    s->stop_forced = true;
    left = wb_session_live(s->session);
    who = wb_session_describe(left);
    wb_session_signal(s->session, SIGTERM);
    if (wait_gone(s, TERM_NS, false)) {
        s->stop_note = g_strdup_printf("%u of its processes took TERM after %s to the leader: %s; "
                                       "stopped in %.2f s",
                                       left->len, signal_name(stop_signal), who, since(begin_us));
        return true;
    }
    g_array_unref(left);
    left = wb_session_live(s->session);
    g_free(who);
    who = wb_session_describe(left);
    if (wb_session_kill(s->session, KILL_NS) > 0)
        return false;
    s->stop_note =
        g_strdup_printf("%u of its processes took KILL after %s and TERM: %s; stopped in "
                        "%.2f s",
                        left->len, signal_name(stop_signal), who, since(begin_us));
    return true;
}

typedef struct {
    WbServer *server;
    WbListener whose;
    WbServerProcess other;
} Port;

static void look_at_port(void *data)
{
    Port *port = data;
    int64_t end_us = g_get_monotonic_time() + PORT_US;

    do {
        port->whose = wb_listeners_whose(port->server->addresses, NULL, &port->other);
        if (port->whose == WB_LISTENER_NOBODY)
            return;
        g_usleep(LOOK_US);
    } while (g_get_monotonic_time() < end_us);
}

static bool prove_port_free(WbServer *s, GError **error)
{
    Port port = {.server = s};
    g_autofree char *place = wb_server_place(s);
    g_autofree char *who = NULL;

    if (!s->is_local)
        return true;
    if (!wb_net_run(s->net, look_at_port, &port, error))
        return false;
    if (port.whose == WB_LISTENER_NOBODY)
        return true;
    who = wb_server_other(&port.other);
    g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_STOP,
                "'%s' was stopped, but %s still listens on %s: stop it by hand", s->command, who,
                place);
    return false;
}

bool wb_server_stop(WbServer *server, GError **error)
{
    g_autoptr(GArray) left = NULL;
    g_autofree char *who = NULL;

    if (!server->session || server->is_stopped)
        return true;
    if (end_all(server)) {
        reap_leader(server);
        return prove_port_free(server, error);
    }
    left = wb_session_live(server->session);
    who = wb_session_describe(left);
    server->stop_note = g_strdup_printf("%u of its processes outlive KILL: %s", left->len, who);
    g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_STOP, "'%s' cannot be stopped: %s",
                server->command, server->stop_note);
    return false;
}

const char *wb_server_stop_note(const WbServer *server)
{
    return server->stop_note;
}

bool wb_server_stop_forced(const WbServer *server)
{
    return server->stop_forced;
}
