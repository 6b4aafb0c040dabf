/*
 * Server: starts what is measured, knows when it is ready, watches it, stops it, and proves that
 * nothing of it is left.
 *
 * Every server gets a session of its own (setsid; a cgroup v2 below ours where we may make one, for
 * daemons that leave the session); the runner is a child subreaper. A process is known by pid and
 * start time. Counted is the whole session, never pid files, names or children alone.
 */
#ifndef WB_RUNNER_SERVER_H
#define WB_RUNNER_SERVER_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runner/suite.h"

#define WB_SERVER_ERROR (wb_server_error_quark())
GQuark wb_server_error_quark(void);
typedef enum {
    WB_SERVER_ERROR_START,     /* cannot be started: no such program, folder, user */
    WB_SERVER_ERROR_DIED,      /* ended before it was ready: exit status and last lines */
    WB_SERVER_ERROR_NOT_READY, /* not ready within its limit: what it answered instead */
    WB_SERVER_ERROR_PORT,      /* somebody else listens on its port */
    WB_SERVER_ERROR_STOP,      /* something of it is still alive, or still listens */
} WbServerError;

typedef struct WbServer WbServer;

/* One process of a session. */
typedef struct {
    pid_t pid;
    uint64_t start_ticks; /* field 22 of /proc/PID/stat: tells it from a later process */
    int64_t cpu_ns;       /* user + system, with waited-for children */
    int64_t memory_bytes; /* resident */
    char name[32];
} WbServerProcess;

/* Sums over a session at one moment. */
typedef struct {
    int64_t cpu_ns; /* since its start; never falls */
    int64_t memory_bytes;
    int processes;
} WbServerUse;

/**
 * wb_server_start: starts the server and waits until it is ready.
 *
 * Ready: the right status and body on the ready path, and the listening socket belongs to a process
 * of the session. Anything that answers but is not of the session is WB_SERVER_ERROR_PORT at once.
 *
 * @param spec  borrowed, must outlive the server; spec->start NULL: only the answer is checked
 * @param stop  set by a signal: ends the wait with WB_SERVER_ERROR_NOT_READY; NULL: never
 * @return      caller frees with wb_server_free (after wb_server_stop)
 */
WbServer *wb_server_start(const WbSuiteServer *spec, const atomic_bool *stop, GError **error);

/** wb_server_url: the URL with `{port}` replaced (borrowed). */
const char *wb_server_url(const WbServer *server);

/** wb_server_command: the command as it was started, for the record (borrowed; NULL: not ours). */
const char *wb_server_command(const WbServer *server);

/** wb_server_ready_ns: how long it took from start to ready. */
int64_t wb_server_ready_ns(const WbServer *server);

/** wb_server_processes: the live processes of the session now (of WbServerProcess, caller's). */
GArray *wb_server_processes(const WbServer *server);

/** wb_server_use: sums of the session now. Any thread may call it while the server is not freed. */
void wb_server_use(const WbServer *server, WbServerUse *out);

/** wb_server_is_alive: the leader lives. False: *out_end says how it ended ("exit status 1",
 * "signal 9 (Killed)"; caller frees), may be NULL. */
bool wb_server_is_alive(WbServer *server, char **out_end);

/** wb_server_output: the last `lines` lines of its output (caller frees); output is kept bounded
 * (the first 64 KiB and the last 64 KiB). */
char *wb_server_output(const WbServer *server, int lines);

/**
 * wb_server_drain: waits until the session is idle (< 0.02 s CPU in 0.3 s).
 *
 * @param within_ns      limit
 * @param out_ns         how long it took
 * @param out_cpu_ns     CPU that the session used meanwhile
 * @return               false: the limit passed and it is still busy
 */
bool wb_server_drain(WbServer *server, int64_t within_ns, int64_t *out_ns, int64_t *out_cpu_ns);

/**
 * wb_server_stop: the spec's signal to the leader; after its limit TERM, then KILL to the whole
 * session; then proof: nothing of it lives, nobody listens on its port.
 */
bool wb_server_stop(WbServer *server, GError **error);

/** wb_server_free: takes NULL; kills what is left of the session first. */
void wb_server_free(WbServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbServer, wb_server_free)

/**
 * wb_server_clean_up: ends servers that a killed runner left: every process whose environment holds
 * our mark for this database (WRKBOOK_SUITE=<mark>), known by pid and start time.
 *
 * @return how many sessions were ended
 */
int wb_server_clean_up(const char *mark);

/** wb_server_set_mark: the mark that servers started from now on carry. */
void wb_server_set_mark(const char *mark);

#endif
