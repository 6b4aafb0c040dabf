/*
 * Server state: what the files server*.c share. Nobody else includes it.
 */
#ifndef WB_RUNNER_SERVER_STATE_H
#define WB_RUNNER_SERVER_STATE_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runner/listeners.h"
#include "runner/server.h"
#include "runner/server_output.h"
#include "runner/session.h"
#include "runner/target.h"

struct WbServer {
    const WbSuiteServer *spec;
    const atomic_bool *stop;
    char *url;
    char *command; /* NULL: not ours; so are session, output */
    WbTarget *target;
    GArray *addresses; /* of the target, as seen from its network */
    bool is_local;     /* its addresses are this host's: the listener can be looked up */
    int net;           /* -1: ours */
    char *id;
    char *cgroup; /* folder, or NULL */
    pid_t leader;
    int leader_fd; /* pidfd, or -1 */
    WbSession *session;
    WbOutput *output;
    char *autogroup;
    int64_t ready_ns;
    bool is_stopped; /* and the leader reaped */
    char *end;       /* how the leader ended, once reaped */
    char *stop_note;
    bool stop_forced;
};

/** wb_server_place: "127.0.0.1:8000" or the path of the socket (caller frees). */
char *wb_server_place(const WbServer *server);

/** wb_server_other: "nginx (pid 12)", or words for who cannot be seen (caller frees). */
char *wb_server_other(const WbServerProcess *other);

/** wb_server_wait_ready: polls until ready (see wb_server_start). In the server's network. */
bool wb_server_wait_ready(WbServer *server, GError **error);

/** wb_server_end: KILL to all that is left, and reap the leader. @return how many are left */
int wb_server_end(WbServer *server);

/** wb_server_is_stop_set: of the flag given at the start. */
bool wb_server_is_stop_set(const WbServer *server);

#endif
