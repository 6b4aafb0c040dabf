/*
 * Server: starts what is measured, knows when it is ready, watches it, stops it, and proves that
 * nothing of it is left.
 *
 * Every server gets a session of its own (setsid; a cgroup v2 below ours where we may make one, for
 * daemons that leave the session); the runner is a child subreaper. A process is known by pid and
 * start time. Counted is the whole session, never pid files, names or children alone.
 *
 * setsid gives a server a scheduling autogroup of its own, where the kernel has them: `nice` then
 * does nothing against other sessions, and servers share CPU with the load by halves, not by
 * processes.
 *
 * The server gets its stop signal when the *thread* that started it ends (PR_SET_PDEATHSIG), so
 * that a killed runner leaves little behind: call wb_server_start on a thread that stays.
 *
 * Unless said otherwise a server's functions may be called from any thread.
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
    int64_t cpu_ns;       /* since its start, of those that are gone, too; never falls */
    int64_t memory_bytes; /* resident; shared pages count for each */
    int processes;        /* live ones */
} WbServerUse;

/**
 * wb_server_start: starts the server and waits until it is ready.
 *
 * Ready: the right status and body on the ready path, and the listening socket belongs to a process
 * of the session. Anything that listens there but is not of the session is WB_SERVER_ERROR_PORT at
 * once, and so is, before the start, anything at all. A leader that ends before is
 * WB_SERVER_ERROR_DIED at once, one that went into the background included: what is loaded must be
 * known by its leader.
 *
 * With spec->isolate_net the server is alone in a network namespace: only what runs within
 * wb_server_run_load can reach it. Without root the first such start must come before the runner
 * starts any thread (see server_net.h).
 *
 * @param spec  borrowed, must outlive the server; spec->start NULL: only the answer is checked
 * @param stop  set by a signal: ends the wait with WB_SERVER_ERROR_NOT_READY, and later that of
 *              wb_server_drain; must outlive the server; NULL: never
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

/** wb_server_use: sums of the session now; all 0 for a server that is not ours. Any thread may call
 * it while the server is not freed. */
void wb_server_use(const WbServer *server, WbServerUse *out);

/** wb_server_autogroup: as /proc/PID/autogroup of the leader at its start ("/autogroup-74 nice 0",
 * borrowed); NULL: the kernel has none. */
const char *wb_server_autogroup(const WbServer *server);

/** wb_server_is_alive: the leader lives (true for one that is not ours). False: *out_end says how
 * it ended ("exit status 1", "signal 9 (Killed)"; caller frees), may be NULL. */
bool wb_server_is_alive(WbServer *server, char **out_end);

/** wb_server_output: the last `lines` lines of its output (caller frees); output is kept bounded
 * (the first 64 KiB and the last 64 KiB). */
char *wb_server_output(const WbServer *server, int lines);

/* The load on a server. `stop` becomes true when the load must end. */
typedef void (*WbServerLoadFn)(const atomic_bool *stop, void *data);

/**
 * wb_server_run_load: calls load(stop, data) where it belongs, and waits for it.
 *
 * It runs on a thread of its own: in the server's network if that is isolated, on the CPUs of
 * spec->pin_client if they are given. Threads and programs that it starts (wb_engine_run's, wrk)
 * inherit both. Probes, and what reads the TCP counters (/proc/thread-self/net/..., never
 * /proc/net), belong inside as well.
 *
 * `stop` becomes true when *interrupt does, and as soon as the leader of the server ends: a load
 * on a dead server is a storm of connects. wb_server_is_alive tells which it was.
 *
 * @param interrupt  may be NULL
 * @return           false with WB_SERVER_ERROR_START: it cannot be entered or pinned; load was not
 *                   called
 */
bool wb_server_run_load(WbServer *server, const atomic_bool *interrupt, WbServerLoadFn load,
                        void *data, GError **error);

/**
 * wb_server_drain: waits until the session is idle (< 0.02 s CPU in 0.3 s).
 *
 * @param within_ns      limit
 * @param out_ns         when the 0.3 s began: how long it was busy; WB_NONE: not our server
 * @param out_cpu_ns     CPU that the session used meanwhile; WB_NONE as well
 * @return               false: the limit passed and it is still busy (or *stop was set)
 */
bool wb_server_drain(WbServer *server, int64_t within_ns, int64_t *out_ns, int64_t *out_cpu_ns);

/**
 * wb_server_stop: the spec's signal to the leader; after its limit TERM, then KILL to the whole
 * session; then proof: nothing of it lives, nobody listens on its port.
 *
 * The limit is cut to 2 s after the leader's end: whoever is left then waits for a signal of its
 * own. Only the thread that started it may call. A server that is not ours is left alone.
 *
 * @return  false with WB_SERVER_ERROR_STOP: who is left
 */
bool wb_server_stop(WbServer *server, GError **error);

/** wb_server_stop_note: what the stop took ("stopped by TERM to the leader in 0.31 s", "2 processes
 * of it took KILL after 10.2 s: 12 (uwsgi), 13 (uwsgi)"; borrowed); NULL before. */
const char *wb_server_stop_note(const WbServer *server);

/** wb_server_stop_forced: whether its own signal did not end all of its processes. */
bool wb_server_stop_forced(const WbServer *server);

/** wb_server_free: takes NULL; kills what is left of the session first. */
void wb_server_free(WbServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbServer, wb_server_free)

/**
 * wb_server_clean_up: ends servers that a killed runner left: every process whose environment holds
 * our mark for this database (WRKBOOK_SUITE=<mark>), known by pid and start time, with the rest of
 * its session and cgroup. TERM, after 2 s KILL. Servers of a runner that lives are left alone.
 *
 * @return how many sessions were ended
 */
int wb_server_clean_up(const char *mark);

/** wb_server_set_mark: the mark that servers started from now on carry. */
void wb_server_set_mark(const char *mark);

#endif
