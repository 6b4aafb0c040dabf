/*
 * Cgroup: a cgroup v2 of its own for one server, where we may make one. It holds what leaves the
 * session, counts CPU exactly (also of processes that are gone), and is killed in one stroke. No
 * controller is turned on, so that nothing about scheduling or memory changes. Where it cannot be
 * had everything works without, by session, parent and mark.
 */
#ifndef WB_RUNNER_CGROUP_H
#define WB_RUNNER_CGROUP_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** wb_cgroup_make: a new one below ours. @return its folder (caller frees), NULL: not allowed. */
char *wb_cgroup_make(const char *name);

/** wb_cgroup_of: the folder of a process's cgroup if a wb_cgroup_make made it (caller frees), else
 * NULL. */
char *wb_cgroup_of(int pid);

/** wb_cgroup_pids: of int, caller's; empty if the folder is gone. Zombies are not in it. */
GArray *wb_cgroup_pids(const char *folder);

/** wb_cgroup_cpu_ns: CPU of all that ever was in it; -1: not known. */
int64_t wb_cgroup_cpu_ns(const char *folder);

/** wb_cgroup_kill: KILL to all in it at once; false on a kernel before 5.14. */
bool wb_cgroup_kill(const char *folder);

/** wb_cgroup_remove: takes the folder away, within 0.1 s; false: something is still in it. */
bool wb_cgroup_remove(const char *folder);

/** wb_cgroup_sweep: takes away the empty folders below ours whose name is_left_over says so of. */
void wb_cgroup_sweep(bool (*is_left_over)(const char *name));

/** wb_cgroup_forbid: make none from now on, or again (for tests of the way without). */
void wb_cgroup_forbid(bool forbid);

#endif
