/*
 * Server: the parts put together. The order of a start is
 *   network -> port -> nobody listens there -> fork and execute -> ready,
 * and whatever fails takes back all before it. The leader stays a zombie until the end of the
 * stop: so its pid, which is the session's number, cannot be given to another process meanwhile.
 */
#include "runner/server.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/cgroup.h"
#include "runner/server_exec.h"
#include "runner/server_net.h"
#include "runner/server_state.h"

#define LOOK_MS 20 /* how often an interrupt is looked for */

G_DEFINE_QUARK(wb_server_error, wb_server_error)

static char *suite_mark;

void wb_server_set_mark(const char *mark)
{
    g_free(suite_mark);
    suite_mark = g_strdup(mark);
}

/* ---- a server before it starts -------------------------------------------------------------- */

static char *replace_port(const char *text, int port)
{
    g_autofree char *number = g_strdup_printf("%d", port);
    g_autoptr(GString) out = g_string_new(text);

    g_string_replace(out, "{port}", number, 0);
    return g_strdup(out->str);
}

static char **replace_ports(char *const *texts, int port)
{
    g_autoptr(GPtrArray) out = g_ptr_array_new();

    for (size_t i = 0; texts && texts[i]; i++)
        g_ptr_array_add(out, replace_port(texts[i], port));
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_steal(out, NULL);
}

/* As a shell would take it; quoted only where it must be. */
static char *join_command(char *const *argv)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; argv[i]; i++) {
        static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789_-./:=,@+%";
        bool is_plain = *argv[i] && argv[i][strspn(argv[i], plain)] == '\0';
        g_autofree char *word = is_plain ? g_strdup(argv[i]) : g_shell_quote(argv[i]);

        g_string_append_printf(out, "%s%s", i ? " " : "", word);
    }
    return g_string_free(out, FALSE);
}

/* RUNNER_PID-RUNNER_START_TICKS-N: what WRKBOOK_SERVER holds. */
static char *make_id(void)
{
    static atomic_int number;
    WbProcess self = {0};

    wb_process_read(getpid(), &self);
    return g_strdup_printf("%d-%" PRIu64 "-%d", (int)getpid(), self.seen.start_ticks,
                           atomic_fetch_add(&number, 1) + 1);
}

char *wb_server_place(const WbServer *server)
{
    const WbTarget *t = server->target;

    if (t->unix_path)
        return g_strdup(t->unix_path);
    return g_strdup_printf(strchr(t->host, ':') ? "[%s]:%s" : "%s:%s", t->host, t->port);
}

char *wb_server_other(const WbServerProcess *other)
{
    return other->pid > 0 ? g_strdup_printf("%s (pid %d)", other->name, (int)other->pid)
                          : g_strdup("a process that cannot be seen (another user's, or another "
                                     "container's)");
}

bool wb_server_is_stop_set(const WbServer *server)
{
    return server->stop && atomic_load(server->stop);
}

/* ---- steps of a start that look at the network: within the server's -------------------------- */

typedef struct {
    WbServer *server;
    int port;
    bool ok;
    GError **error;
} Step;

static void pick_port(void *data)
{
    Step *step = data;

    step->port = wb_listeners_free_port();
    step->ok = step->port > 0;
    if (!step->ok)
        g_set_error(step->error, WB_SERVER_ERROR, WB_SERVER_ERROR_START,
                    "cannot choose a port: no free one was found");
}

static void check_port(void *data)
{
    Step *step = data;
    WbServer *s = step->server;
    WbServerProcess other = {0};

    s->addresses = wb_target_resolve(s->target, step->error);
    if (!s->addresses)
        return;
    s->is_local = s->spec->start && wb_listeners_are_local(s->addresses);
    if (s->is_local && wb_listeners_whose(s->addresses, NULL, &other) != WB_LISTENER_NOBODY) {
        g_autofree char *place = wb_server_place(s);
        g_autofree char *who = wb_server_other(&other);

        g_set_error(step->error, WB_SERVER_ERROR, WB_SERVER_ERROR_PORT,
                    "cannot start '%s': %s listens on %s already; stop it, or use \"{port}\"",
                    s->spec->start[0], who, place);
        return;
    }
    step->ok = true;
}

static void wait_ready(void *data)
{
    Step *step = data;

    step->ok = wb_server_wait_ready(step->server, step->error);
}

static bool run_step(WbServer *s, void (*fn)(void *), int *out_port, GError **error)
{
    Step step = {.server = s, .error = error};

    if (!wb_net_run(s->net, fn, &step, error))
        return false;
    if (out_port)
        *out_port = step.port;
    return step.ok;
}

/* ---- the start --------------------------------------------------------------------------------
 */

static char **make_env(const WbServer *s, int port)
{
    char **env = replace_ports(s->spec->env, port);
    unsigned n = g_strv_length(env);

    env = g_renew(char *, env, n + 3);
    env[n] = g_strconcat(WB_SESSION_SUITE "=", suite_mark ? suite_mark : "", NULL);
    env[n + 1] = g_strconcat(WB_SESSION_SERVER "=", s->id, NULL);
    env[n + 2] = NULL;
    return env;
}

static int open_cgroup(WbServer *s)
{
    g_autofree char *file = NULL;

    s->cgroup = wb_cgroup_make(s->id);
    if (!s->cgroup)
        return -1;
    file = g_build_filename(s->cgroup, "cgroup.procs", NULL);
    return open(file, O_WRONLY | O_CLOEXEC);
}

static void note_autogroup(WbServer *s)
{
    g_autofree char *file = g_strdup_printf("/proc/%d/autogroup", (int)s->leader);

    if (g_file_get_contents(file, &s->autogroup, NULL, NULL))
        g_strchomp(s->autogroup);
}

static bool launch(WbServer *s, char *const *argv, int port, GError **error)
{
    g_auto(WbLaunch) l = {0};
    g_auto(GStrv) env = make_env(s, port);
    bool is_in_cgroup = false;

    if (!wb_launch_prepare(&l, s->spec, argv, env, error))
        return false;
    s->output = wb_output_new();
    if (!s->output) {
        g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_START,
                    "cannot start '%s': keep its output: %s", argv[0], g_strerror(errno));
        return false;
    }
    l.output = wb_output_write_end(s->output);
    l.net = s->net;
    l.cgroup = open_cgroup(s);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    s->leader = wb_launch_start(&l, &is_in_cgroup, error);
    wb_output_close_write_end(s->output);
    if (l.cgroup >= 0)
        close(l.cgroup);
    if (s->cgroup && !is_in_cgroup) { /* forbidden, or not started */
        wb_cgroup_remove(s->cgroup);
        g_clear_pointer(&s->cgroup, g_free);
    }
    if (s->leader < 0)
        return false;
    s->leader_fd = pidfd_open(s->leader, 0);
    s->session = wb_session_new(s->leader, s->id, s->cgroup);
    note_autogroup(s);
    return true;
}

/* Network, port, URL; for one that is not ours the URL alone. */
static bool prepare(WbServer *s, int *out_port, GError **error)
{
    if (s->spec->isolate_net && !s->spec->start) {
        g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_START,
                    "cannot isolate the network of a server that runs already: leave \"isolate\" "
                    "out, or give \"start\"");
        return false;
    }
    if (s->spec->isolate_net) {
        s->net = wb_net_new(s->spec->somaxconn, error);
        if (s->net < 0)
            return false;
    }
    if (s->spec->picks_port && !run_step(s, pick_port, out_port, error))
        return false;
    s->url = replace_port(s->spec->url, *out_port);
    s->target = wb_target_parse(s->url, error);
    return s->target && run_step(s, check_port, NULL, error);
}

WbServer *wb_server_start(const WbSuiteServer *spec, const atomic_bool *stop, GError **error)
{
    g_autoptr(WbServer) s = g_new0(WbServer, 1);
    int64_t begin_us = g_get_monotonic_time();
    int port = 0;

    s->spec = spec;
    s->stop = stop;
    s->net = s->leader_fd = -1;
    s->leader = -1;
    if (!prepare(s, &port, error))
        return NULL;
    if (spec->start) {
        g_auto(GStrv) argv = replace_ports(spec->start, port);

        s->id = make_id();
        s->command = join_command(argv);
        begin_us = g_get_monotonic_time();
        if (!launch(s, argv, port, error))
            return NULL;
    }
    if (!run_step(s, wait_ready, NULL, error))
        return NULL;
    s->ready_ns = (g_get_monotonic_time() - begin_us) * 1000;
    return g_steal_pointer(&s);
}

void wb_server_free(WbServer *server)
{
    if (!server)
        return;
    if (server->session && !server->is_stopped)
        wb_server_end(server);
    wb_output_free(server->output);
    wb_session_free(server->session);
    if (server->cgroup)
        wb_cgroup_remove(server->cgroup);
    if (server->leader_fd >= 0)
        close(server->leader_fd);
    if (server->net >= 0)
        close(server->net);
    if (server->addresses)
        g_array_unref(server->addresses);
    wb_target_free(server->target);
    g_free(server->autogroup);
    g_free(server->stop_note);
    g_free(server->end);
    g_free(server->cgroup);
    g_free(server->id);
    g_free(server->command);
    g_free(server->url);
    g_free(server);
}

/* ---- what is known of it -----------------------------------------------------------------------
 */

const char *wb_server_url(const WbServer *server)
{
    return server->url;
}

const char *wb_server_command(const WbServer *server)
{
    return server->command;
}

int64_t wb_server_ready_ns(const WbServer *server)
{
    return server->ready_ns;
}

const char *wb_server_autogroup(const WbServer *server)
{
    return server->autogroup;
}

GArray *wb_server_processes(const WbServer *server)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(WbServerProcess));
    g_autoptr(GArray) live = server->session ? wb_session_live(server->session) : NULL;

    for (unsigned i = 0; live && i < live->len; i++)
        g_array_append_val(out, g_array_index(live, WbProcess, i).seen);
    return out;
}

void wb_server_use(const WbServer *server, WbServerUse *out)
{
    *out = (WbServerUse){0};
    if (server->session)
        wb_session_use(server->session, out);
}

static char *describe_end(const siginfo_t *info)
{
    const char *name;

    if (info->si_code == CLD_EXITED)
        return g_strdup_printf("exit status %d", info->si_status);
    name = sigdescr_np(info->si_status);
    return g_strdup_printf("signal %d (%s)", info->si_status, name ? name : "unknown");
}

bool wb_server_is_alive(WbServer *server, char **out_end)
{
    siginfo_t info = {0};

    if (!server->session)
        return true;
    if (!server->is_stopped) {
        int rc = waitid(P_PID, (id_t)server->leader, &info, WEXITED | WNOHANG | WNOWAIT);

        if (rc == 0 && info.si_pid == 0)
            return true;
        if (out_end)
            *out_end = rc == 0 ? describe_end(&info) : g_strdup("ended, how is not known");
    } else if (out_end) {
        *out_end = g_strdup(server->end ? server->end : "ended, how is not known");
    }
    return false;
}

char *wb_server_output(const WbServer *server, int lines)
{
    return server->output ? wb_output_lines(server->output, lines) : g_strdup("");
}

/* ---- the load ----------------------------------------------------------------------------------
 */

typedef struct {
    const WbServer *server;
    WbServerLoadFn load;
    void *data;
    atomic_bool stop;
    int done; /* eventfd */
    GError *error;
} Loading;

static bool pin_client(const char *list, GError **error)
{
    cpu_set_t cpus;

    if (!list)
        return true;
    if (!wb_launch_parse_cpus(list, &cpus, error))
        return false;
    if (sched_setaffinity(0, sizeof cpus, &cpus) == 0)
        return true;
    g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_START,
                "cannot pin the client to CPU %s: %s", list, g_strerror(errno));
    return false;
}

static void *load_thread(void *data)
{
    const uint64_t one = 1;
    Loading *l = data;
    int rc = l->server->net >= 0 ? wb_net_enter(l->server->net) : 0;

    if (rc < 0)
        g_set_error(&l->error, WB_SERVER_ERROR, WB_SERVER_ERROR_START,
                    "cannot enter the server's network: %s", g_strerror(-rc));
    else if (pin_client(l->server->spec->pin_client, &l->error))
        l->load(&l->stop, l->data);
    while (write(l->done, &one, sizeof one) < 0 && errno == EINTR)
        ;
    return NULL;
}

/* Until the load is done, hand on what ends it early. */
static void watch_load(Loading *l, const atomic_bool *interrupt)
{
    struct pollfd fds[] = {{l->done, POLLIN, 0}, {l->server->leader_fd, POLLIN, 0}};

    for (;;) {
        poll(fds, 2, interrupt ? LOOK_MS : -1);
        if (fds[0].revents)
            return;
        if (fds[1].revents) {
            atomic_store(&l->stop, true);
            fds[1].fd = -1;
            fds[1].revents = 0;
        }
        if (interrupt && atomic_load(interrupt))
            atomic_store(&l->stop, true);
    }
}

bool wb_server_run_load(WbServer *server, const atomic_bool *interrupt, WbServerLoadFn load,
                        void *data, GError **error)
{
    Loading l = {.server = server, .load = load, .data = data};
    GThread *thread;

    l.done = eventfd(0, EFD_CLOEXEC);
    thread = l.done >= 0 ? g_thread_try_new("load", load_thread, &l, NULL) : NULL;
    if (!thread) {
        g_set_error(error, WB_SERVER_ERROR, WB_SERVER_ERROR_START, "cannot start a thread: %s",
                    g_strerror(errno));
    } else {
        watch_load(&l, interrupt);
        g_thread_join(thread);
    }
    if (l.done >= 0)
        close(l.done);
    if (l.error)
        g_propagate_error(error, l.error);
    return thread && !l.error;
}
