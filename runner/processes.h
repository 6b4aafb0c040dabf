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
 * wb_process_list: all of /proc, zombies too.
 *
 * @param out_is_whole  false: a process vanished between its listing and its reading, and may have
 *                      left a child that is in no list; may be NULL
 * @return              of WbProcess, caller's
 */
GArray *wb_process_list(bool *out_is_whole);

/**
 * wb_process_environ: the environment that the process was started with, for g_environ_getenv. All
 * at once: between two reads a process may be gone.
 *
 * @return caller frees with g_strfreev; NULL: not ours to read (another user's), or a zombie
 */
char **wb_process_environ(pid_t pid);

/** wb_process_signal: sends it only if the pid still is that process (by pidfd). */
bool wb_process_signal(pid_t pid, uint64_t start_ticks, int signal_number);

/** wb_process_kill_sessions: KILL to each process of these sessions (a set of their numbers) as it
 * is met: one that lives for milliseconds would be gone by the time that a list was read. */
void wb_process_kill_sessions(GHashTable *sessions);

/** wb_process_reap: waits for this one child, if it has ended; out_cpu_ns may be NULL. */
bool wb_process_reap(pid_t pid, int64_t *out_cpu_ns);

#endif
