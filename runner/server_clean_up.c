/*
 * Clean up: what a killed runner left. Nothing is known of it but the marks in the environments.
 *
 * Each process is dealt with as it is met, and one whose environment was read in vain is not read
 * again: a left-over may be a chain of processes that live for milliseconds each.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "runner/cgroup.h"
#include "runner/server_state.h"

#define TERM_US 2000000
#define KILL_US 5000000
#define REST_US 10000
#define LOOKS   50 /* at most in a row that find nothing, for one that can be believed */

typedef struct {
    const char *mark;
    int number;            /* signal of this look, 0 none */
    int found;             /* in this look */
    bool is_whole;         /* this look: nothing ended meanwhile */
    GHashTable *sessions;  /* numbers of what is left over */
    GHashTable *cgroups;   /* its folders */
    GHashTable *strangers; /* processes whose environment was read, and says nothing */
    GHashTable *dead;      /* zombies that were met */
    GHashTable *above;     /* pids: ourselves and who started us */
} LeftOvers;

/* The id is one of ours, and the runner that gave it is gone. */
static bool is_left_over(const char *id)
{
    WbProcess runner;
    int pid = 0;
    uint64_t start = 0;

    if (!id || sscanf(id, "%d-%" G_GUINT64_FORMAT "-", &pid, &start) != 2)
        return false;
    return !(wb_process_read(pid, &runner) && runner.seen.start_ticks == start &&
             wb_process_is_live(&runner));
}

/* By its environment; then its session and cgroup are left over with it. */
static bool is_marked(LeftOvers *l, const WbProcess *p)
{
    bool is_ending;
    g_auto(GStrv) env = wb_process_environ(p->seen.pid, &is_ending);
    char *folder;

    if (is_ending) {
        l->is_whole = false;
        return false;
    }
    if (!env || g_strcmp0(g_environ_getenv(env, WB_SESSION_SUITE), l->mark) != 0 ||
        !is_left_over(g_environ_getenv(env, WB_SESSION_SERVER))) {
        wb_process_set_add(l->strangers, &p->seen);
        return false;
    }
    g_hash_table_add(l->sessions, GINT_TO_POINTER(p->session));
    folder = wb_cgroup_of(p->seen.pid);
    if (folder)
        g_hash_table_add(l->cgroups, folder);
    return true;
}

static void meet(const WbProcess *p, void *data)
{
    LeftOvers *l = data;

    if (!wb_process_is_live(p)) {
        if (!wb_process_set_has(l->dead, &p->seen)) /* it may have left a child, not met */
            l->is_whole = false;
        wb_process_set_add(l->dead, &p->seen);
        return;
    }
    if (g_hash_table_contains(l->above, GINT_TO_POINTER(p->seen.pid)))
        return;
    if (!g_hash_table_contains(l->sessions, GINT_TO_POINTER(p->session)) &&
        (wb_process_set_has(l->strangers, &p->seen) || !is_marked(l, p)))
        return;
    l->found++;
    if (l->number)
        wb_process_signal(p->seen.pid, p->seen.start_ticks, l->number);
}

/* Those in a cgroup of what is left over, marked or not. */
static void meet_caged(LeftOvers *l)
{
    GHashTableIter iter;
    void *folder;

    g_hash_table_iter_init(&iter, l->cgroups);
    while (g_hash_table_iter_next(&iter, &folder, NULL)) {
        g_autoptr(GArray) pids = wb_cgroup_pids(folder);
        WbProcess p;

        l->found += (int)pids->len;
        if (l->number == SIGKILL)
            wb_cgroup_kill(folder);
        for (unsigned i = 0; i < pids->len; i++)
            if (l->number && wb_process_read(g_array_index(pids, int, i), &p))
                wb_process_signal(p.seen.pid, p.seen.start_ticks, l->number);
    }
}

static void look(LeftOvers *l, int number)
{
    l->number = number;
    l->found = 0;
    l->is_whole = true;
    if (!wb_process_each(meet, l))
        l->is_whole = false;
    meet_caged(l);
}

/* Politely, then not. */
static void end_all(LeftOvers *l)
{
    int64_t begin_us = g_get_monotonic_time(), age_us = 0;
    int number = SIGTERM;

    for (int empty = 0; empty < LOOKS && age_us < TERM_US + KILL_US;
         age_us = g_get_monotonic_time() - begin_us) {
        look(l, age_us > TERM_US ? SIGKILL : number);
        if (l->found == 0 && l->is_whole)
            return;
        empty = l->found == 0 ? empty + 1 : 0;
        if (l->found > 0) {
            number = 0; /* TERM once: a second may mean something else */
            g_usleep(REST_US);
        }
    }
}

static GHashTable *find_above(void)
{
    GHashTable *above = g_hash_table_new(NULL, NULL);
    WbProcess p;

    for (pid_t pid = getpid(); pid > 0 && wb_process_read(pid, &p); pid = p.parent)
        g_hash_table_add(above, GINT_TO_POINTER(pid));
    return above;
}

int wb_server_clean_up(const char *mark)
{
    g_autoptr(GHashTable) sessions = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) cgroups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) strangers = wb_process_set_new();
    g_autoptr(GHashTable) dead = wb_process_set_new();
    g_autoptr(GHashTable) above = find_above();
    LeftOvers l = {.mark = mark,
                   .sessions = sessions,
                   .cgroups = cgroups,
                   .strangers = strangers,
                   .dead = dead,
                   .above = above};

    end_all(&l);
    wb_cgroup_sweep(is_left_over);
    return (int)g_hash_table_size(sessions);
}
