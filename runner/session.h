/*
 * Session: which processes are one server's. Counted is
 *   - who is in the leader's session,
 *   - who is in its cgroup, where it has one,
 *   - who carries its mark in the environment (a daemon that left the session),
 *   - who is a child of one of these, and who was counted before.
 * The runner is a child subreaper: what loses its parent becomes our child, and is reaped here, by
 * its own pid and never by waitpid(-1), which would steal other modules' children.
 *
 * Any thread may call; the calls wait for each other.
 */
#ifndef WB_RUNNER_SESSION_H
#define WB_RUNNER_SESSION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runner/processes.h"

/* Names in the environment of all that we start. */
#define WB_SESSION_SUITE  "WRKBOOK_SUITE"  /* the mark of wb_server_set_mark */
#define WB_SESSION_SERVER "WRKBOOK_SERVER" /* RUNNER_PID-RUNNER_START_TICKS-N: this one server */

typedef struct WbSession WbSession;

/**
 * wb_session_new: the session of a process that we have just started.
 *
 * @param leader  our child, which called setsid; it is never reaped here (its pid stays taken)
 * @param id      value of WRKBOOK_SERVER in its environment
 * @param cgroup  folder, or NULL
 */
WbSession *wb_session_new(pid_t leader, const char *id, const char *cgroup);
void wb_session_free(WbSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbSession, wb_session_free)

/** wb_session_live: its live processes now (of WbProcess, caller's); reaps orphans on the way. */
GArray *wb_session_live(WbSession *session);

/** wb_session_use: sums of all live processes. CPU never falls: what dead ones used is in it, as
 * far as it is known (always, with a cgroup; else what their parents or we waited for). */
void wb_session_use(WbSession *session, WbServerUse *out);

/** wb_session_signal: to all live processes. @return how many there were */
int wb_session_signal(WbSession *session, int signal_number);

/** wb_session_kill: KILL to all, again and again until none lives (new children may appear), at
 * most for limit_ns. @return how many are left */
int wb_session_kill(WbSession *session, int64_t limit_ns);

/** wb_session_describe: "12 (gunicorn), 13 (gunicorn)" (caller frees). */
char *wb_session_describe(const GArray *live);

#endif
