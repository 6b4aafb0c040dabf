/*
 * Processes: /proc as structs. A process is a pid and its start time (field 22 of /proc/PID/stat):
 * a pid alone may be another process a moment later. Nothing here asks by name or pid file.
 */
#ifndef WB_RUNNER_PROCESSES_H
#define WB_RUNNER_PROCESSES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runner/server.h"

typedef struct {
    WbServerProcess seen;
    pid_t parent;
    pid_t session;
    char state; /* as in /proc: 'R' 'S' 'Z' ... */
} WbProcess;

/** wb_process_read: one process, or thread group; false: there is none with this pid. */
bool wb_process_read(pid_t pid, WbProcess *out);

/** wb_process_is_live: not a zombie and not vanishing. A zombie holds no memory, port or CPU. */
bool wb_process_is_live(const WbProcess *process);

/**
 * wb_process_each: calls fn for each process of /proc as it is met, zombies too.
 *
 * @return  false: a process vanished between its listing and its reading, and may have left a child
 *          that fn was not called for
 */
bool wb_process_each(void (*fn)(const WbProcess *process, void *data), void *data);

/** wb_process_list: the same as a list (of WbProcess, caller's); out_is_whole may be NULL. */
GArray *wb_process_list(bool *out_is_whole);

/** wb_process_set_new: a set of processes, by pid and start time (g_hash_table_unref). */
GHashTable *wb_process_set_new(void);
void wb_process_set_add(GHashTable *set, const WbServerProcess *process);
bool wb_process_set_has(GHashTable *set, const WbServerProcess *process);

/**
 * wb_process_environ: the environment that the process was started with, for g_environ_getenv. All
 * at once: between two reads a process may be gone.
 *
 * @param out_is_ending  there is none because the process has ended, or has let go of its memory
 *                       and will be a zombie in a moment; may be NULL
 * @return               caller frees with g_strfreev; NULL: not ours to read (another user's), none
 *                       (a thread of the kernel), or ending
 */
char **wb_process_environ(pid_t pid, bool *out_is_ending);

/** wb_process_signal: sends it only if the pid still is that process (by pidfd). */
bool wb_process_signal(pid_t pid, uint64_t start_ticks, int signal_number);

/** wb_process_kill_session: KILL to each process of the session as it is met: one that lives for
 * milliseconds would be gone by the time that a list was read. */
void wb_process_kill_session(pid_t session);

/** wb_process_reap: waits for this one child, if it has ended; out_cpu_ns may be NULL. */
bool wb_process_reap(pid_t pid, int64_t *out_cpu_ns);

#endif
