/*
 * Server exec: from a suite's words to a running process. All that can be looked up is looked up
 * before fork (program, user, groups, CPUs, environment); the child only makes system calls.
 */
#ifndef WB_RUNNER_SERVER_EXEC_H
#define WB_RUNNER_SERVER_EXEC_H

#include <glib.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

#include "runner/suite.h"

typedef struct {
    char *program; /* path to execute */
    char **argv;
    char **env;
    const char *directory; /* borrowed, may be NULL */
    const char *user;      /* borrowed, for messages */
    const char *pin;       /* borrowed, for messages */
    bool changes_user;
    uid_t uid;
    gid_t gid;
    gid_t *groups;
    int groups_n;
    cpu_set_t cpus;
    int end_signal; /* to the server if the thread that started it ends */
    int output;     /* descriptors, borrowed: stdout and stderr */
    int net;        /* namespace to enter, -1 none */
    int cgroup;     /* cgroup.procs, -1 none */
} WbLaunch;

/**
 * wb_launch_prepare: looks everything up.
 *
 * @param argv   command with `{port}` replaced (copied)
 * @param extra  "NAME=value" beside the inherited ones: the spec's with `{port}` replaced, and our
 *               marks (NULL-terminated); spec->env is not read
 * @return       false with WB_SERVER_ERROR_START: what is missing, and the remedy
 */
bool wb_launch_prepare(WbLaunch *launch, const WbSuiteServer *spec, char *const *argv,
                       char *const *extra, GError **error);
void wb_launch_clear(WbLaunch *launch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbLaunch, wb_launch_clear)

/**
 * wb_launch_start: forks and executes; returns once the program runs or could not.
 *
 * @param out_in_cgroup  it could be put into the cgroup
 * @return               pid, a child of ours in a session of its own; -1 with
 *                       WB_SERVER_ERROR_START
 */
pid_t wb_launch_start(const WbLaunch *launch, bool *out_in_cgroup, GError **error);

/** wb_launch_parse_cpus: "0" or "0-1,3"; false with WB_SERVER_ERROR_START. */
bool wb_launch_parse_cpus(const char *list, cpu_set_t *out, GError **error);

#endif
