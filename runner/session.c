/*
 * Session: each look reads all of /proc once. A process's environment is looked at only once, and
 * only if it is younger than the leader; who was looked at is remembered by pid and start time.
 *
 * /proc is no snapshot: a process that forks and ends while we read can leave a child that we do
 * not see (its pid is lower than where we are, once pids have wrapped). So a look that finds nobody
 * is believed only if nothing ended and nobody vanished during it; measured: a chain of processes
 * of 10 ms each was overlooked once in some hundred looks.
 */
#include "runner/session.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "runner/cgroup.h"

#define LOOKS 50 /* at most, for one that can be believed */

struct WbSession {
    pthread_mutex_t lock; /* not GMutex: ThreadSanitizer cannot see that one */
    pid_t leader;
    uint64_t leader_start;
    char *id;
    char *cgroup;
    GHashTable *members;   /* pid -> start_ticks (guint64 *), as of the last look */
    GHashTable *dead;      /* of the members: zombies, as of the last look */
    GHashTable *strangers; /* pid -> start_ticks of those whose environment was looked at in vain */
    int64_t reaped_cpu_ns;
    int64_t zombie_cpu_ns; /* of the dead that nobody waited for yet, as of the last look */
    int64_t cpu_ns;        /* highest sum seen */
};

WbSession *wb_session_new(pid_t leader, const char *id, const char *cgroup)
{
    WbSession *s = g_new0(WbSession, 1);
    WbProcess p = {0};

    pthread_mutex_init(&s->lock, NULL);
    s->leader = leader;
    s->leader_start = wb_process_read(leader, &p) ? p.seen.start_ticks : 0;
    s->id = g_strdup(id);
    s->cgroup = g_strdup(cgroup);
    s->members = wb_process_set_new();
    s->dead = g_hash_table_new(NULL, NULL);
    s->strangers = wb_process_set_new();
    return s;
}

void wb_session_free(WbSession *session)
{
    if (!session)
        return;
    g_hash_table_unref(session->members);
    g_hash_table_unref(session->dead);
    g_hash_table_unref(session->strangers);
    g_free(session->cgroup);
    g_free(session->id);
    pthread_mutex_destroy(&session->lock);
    g_free(session);
}

static bool has_mark(WbSession *s, const WbServerProcess *p, bool *is_whole)
{
    bool is_ending;
    g_auto(GStrv) env = NULL;

    if (p->start_ticks < s->leader_start || wb_process_set_has(s->strangers, p))
        return false;
    env = wb_process_environ(p->pid, &is_ending);
    if (env && g_strcmp0(g_environ_getenv(env, WB_SESSION_SERVER), s->id) == 0)
        return true;
    if (is_ending)
        *is_whole = false;
    else
        wb_process_set_add(s->strangers, p);
    return false;
}

/* Who is in the cgroup; clears *is_whole if somebody is who is not in the list. */
static GHashTable *find_caged(const WbSession *s, const GArray *all, bool *is_whole)
{
    GHashTable *caged = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) pids = s->cgroup ? wb_cgroup_pids(s->cgroup) : NULL;
    unsigned listed = 0;

    for (unsigned i = 0; pids && i < pids->len; i++)
        g_hash_table_add(caged, GINT_TO_POINTER(g_array_index(pids, int, i)));
    for (unsigned i = 0; i < all->len; i++)
        if (g_hash_table_contains(caged,
                                  GINT_TO_POINTER(g_array_index(all, WbProcess, i).seen.pid)))
            listed++;
    if (listed < g_hash_table_size(caged))
        *is_whole = false;
    return caged;
}

/* Which of all processes are ours, with what their parents tell. */
static GHashTable *find_members(WbSession *s, const GArray *all, bool *is_whole)
{
    GHashTable *found = wb_process_set_new();
    g_autoptr(GHashTable) caged = find_caged(s, all, is_whole);
    bool is_more = true;
    pid_t self = getpid();

    for (unsigned i = 0; i < all->len; i++) {
        const WbProcess *p = &g_array_index(all, WbProcess, i);

        if (p->seen.pid != self &&
            (p->session == s->leader ||
             g_hash_table_contains(caged, GINT_TO_POINTER(p->seen.pid)) ||
             wb_process_set_has(s->members, &p->seen) || has_mark(s, &p->seen, is_whole)))
            wb_process_set_add(found, &p->seen);
    }
    while (is_more) {
        is_more = false;
        for (unsigned i = 0; i < all->len; i++) {
            const WbProcess *p = &g_array_index(all, WbProcess, i);

            if (g_hash_table_contains(found, GINT_TO_POINTER(p->parent)) &&
                !wb_process_set_has(found, &p->seen)) {
                wb_process_set_add(found, &p->seen);
                is_more = true;
            }
        }
    }
    return found;
}

/* A member that is a zombie: reaped if it is our child, but for the leader. */
static void bury(WbSession *s, const WbProcess *p, GHashTable *found, GHashTable *dead)
{
    int64_t cpu_ns = 0;

    if (p->parent == getpid() && p->seen.pid != s->leader &&
        wb_process_reap(p->seen.pid, &cpu_ns)) {
        s->reaped_cpu_ns += cpu_ns;
        g_hash_table_remove(found, GINT_TO_POINTER(p->seen.pid));
    } else {
        s->zombie_cpu_ns += p->seen.cpu_ns;
        g_hash_table_add(dead, GINT_TO_POINTER(p->seen.pid));
    }
}

/* Lock held. *out_is_whole: nothing ended and nobody vanished meanwhile. */
static GArray *look_once(WbSession *s, bool *out_is_whole)
{
    g_autoptr(GArray) all = wb_process_list(out_is_whole);
    GArray *live = g_array_new(FALSE, FALSE, sizeof(WbProcess));
    GHashTable *found = find_members(s, all, out_is_whole);
    GHashTable *dead = g_hash_table_new(NULL, NULL);

    s->zombie_cpu_ns = 0;
    for (unsigned i = 0; i < all->len; i++) {
        const WbProcess *p = &g_array_index(all, WbProcess, i);

        if (!wb_process_set_has(found, &p->seen))
            continue;
        if (wb_process_is_live(p)) {
            g_array_append_val(live, *p);
        } else {
            if (!g_hash_table_contains(s->dead, GINT_TO_POINTER(p->seen.pid)))
                *out_is_whole = false;
            bury(s, p, found, dead);
        }
    }
    g_hash_table_unref(s->members);
    g_hash_table_unref(s->dead);
    s->members = found;
    s->dead = dead;
    return live;
}

/* Lock held. */
static GArray *look(WbSession *s)
{
    for (int i = 1;; i++) {
        bool is_whole;
        GArray *live = look_once(s, &is_whole);

        if (live->len > 0 || is_whole || i == LOOKS)
            return live;
        g_array_unref(live);
    }
}

GArray *wb_session_live(WbSession *session)
{
    GArray *live;

    pthread_mutex_lock(&session->lock);
    live = look(session);
    pthread_mutex_unlock(&session->lock);
    return live;
}

void wb_session_use(WbSession *session, WbServerUse *out)
{
    g_autoptr(GArray) live = NULL;
    WbServerUse use = {0};
    int64_t exact_ns;

    pthread_mutex_lock(&session->lock);
    live = look(session);
    use.processes = (int)live->len;
    use.cpu_ns = session->reaped_cpu_ns + session->zombie_cpu_ns;
    for (unsigned i = 0; i < live->len; i++) {
        const WbProcess *p = &g_array_index(live, WbProcess, i);

        use.cpu_ns += p->seen.cpu_ns;
        use.memory_bytes += p->seen.memory_bytes;
    }
    exact_ns = session->cgroup ? wb_cgroup_cpu_ns(session->cgroup) : -1;
    if (exact_ns >= 0)
        use.cpu_ns = exact_ns;
    session->cpu_ns = MAX(session->cpu_ns, use.cpu_ns);
    use.cpu_ns = session->cpu_ns;
    pthread_mutex_unlock(&session->lock);
    *out = use;
}

int wb_session_signal(WbSession *session, int signal_number)
{
    g_autoptr(GArray) live = wb_session_live(session);

    for (unsigned i = 0; i < live->len; i++) {
        const WbServerProcess *p = &g_array_index(live, WbProcess, i).seen;

        wb_process_signal(p->pid, p->start_ticks, signal_number);
    }
    return (int)live->len;
}

int wb_session_kill(WbSession *session, int64_t limit_ns)
{
    int64_t end_us = g_get_monotonic_time() + limit_ns / 1000;
    int left;

    for (;;) {
        if (session->cgroup)
            wb_cgroup_kill(session->cgroup);
        wb_process_kill_session(session->leader);
        left = wb_session_signal(session, SIGKILL);
        if (left == 0 || g_get_monotonic_time() > end_us)
            return left;
        g_usleep(2000);
    }
}

char *wb_session_describe(const GArray *live)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < live->len && i < 8; i++) {
        const WbServerProcess *p = &g_array_index(live, WbProcess, i).seen;

        g_string_append_printf(text, "%s%d (%s)", i ? ", " : "", (int)p->pid, p->name);
    }
    if (live->len > 8)
        g_string_append_printf(text, " and %u more", live->len - 8);
    return g_string_free(text, FALSE);
}
