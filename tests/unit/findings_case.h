/*
 * One run with all that can be stored beside it, healthy and quiet: what a log of wrk tells, what a
 * suite stores of a run by wrk, and of one by our own engine. Tests of findings change it.
 */
#ifndef WB_TESTS_UNIT_FINDINGS_CASE_H
#define WB_TESTS_UNIT_FINDINGS_CASE_H

#include <glib.h>
#include <string.h>

#include "schema/records.h"

#define S INT64_C(1000000000)

/* A run with all that can be stored beside it. */
typedef struct {
    WbRun run;
    WbCounterRecord counters[8];
    WbProbeRecord probes[2];
    WbProcessRecord processes[16];
    WbFaultRecord faults[4];
    WbThreadRecord thread;
    WbRunDetails details;
} Case;

static inline void add_counter(Case *c, const char *name, int64_t value)
{
    WbCounterRecord *counter = &c->counters[c->details.counters_n++];

    g_strlcpy(counter->name, name, sizeof counter->name);
    counter->value = value;
}

static inline void add_fault(Case *c, const char *phase, const char *error, int64_t count,
                             int64_t first_ns, int64_t last_ns)
{
    c->faults[c->details.faults_n++] = (WbFaultRecord){phase, error, count, first_ns, last_ns};
}

static inline void add_process(Case *c, const char *moment, int64_t pid)
{
    c->processes[c->details.processes_n++] = (WbProcessRecord){moment, pid, 1000 + pid, "gunicorn"};
}

/* A leader 10 and its workers before and after. */
static inline void set_workers(Case *c, const char *before, const char *after)
{
    const char *const moments[] = {"before", "after"};
    const char *const lists[] = {before, after};

    c->details.processes_n = 0;
    for (int m = 0; m < 2; m++) {
        g_auto(GStrv) pids = g_strsplit(lists[m], " ", -1);

        add_process(c, moments[m], 10);
        for (char **pid = pids; *pid; pid++)
            add_process(c, moments[m], g_ascii_strtoll(*pid, NULL, 10));
    }
}

static inline void set_requests(Case *c, int64_t requests, double mean_ms)
{
    c->run.requests = requests;
    c->run.requests_per_s = (double)requests * 1e9 / (double)c->run.elapsed_ns;
    c->run.latency_mean_ns = (int64_t)(mean_ms * 1e6);
    c->run.bytes = requests * 170;
    c->run.req_sec_mean_per_s = c->run.requests_per_s * 1.01;
}

/* What a log of wrk tells: no more. */
static inline void init_text(Case *c)
{
    *c = (Case){0};
    wb_run_init(&c->run);
    c->run.status = "complete";
    c->run.tool = "wrk";
    c->run.threads = 1;
    c->run.connections = 200;
    c->run.asked_duration_ns = 6 * S;
    c->run.elapsed_ns = 6 * S;
    c->run.errors_connect = c->run.errors_read = c->run.errors_write = c->run.errors_timeout = 0;
    c->run.errors_status = 0;
    c->run.latency_max_ns = S / 5;
    set_requests(c, 43722, 27);
    c->details.counters = c->counters;
    c->details.probes = c->probes;
    c->details.processes = c->processes;
    c->details.faults = c->faults;
    c->details.threads = &c->thread;
}

/* The same as a run of a suite, quiet and healthy, loaded by wrk. */
static inline void init_wrk(Case *c)
{
    init_text(c);
    c->run.timeout_ns = 2 * S;
    c->run.server_cpu_ns = 95 * S / 10;
    c->run.server_processes = 4;
    c->run.busy_before = 0;
    c->run.drained = 1;
    c->run.foreign_cpu_share = 0.011;
    c->run.steal_share = 0.004;
    for (int i = 0; i < 2; i++)
        c->probes[c->details.probes_n++] = (WbProbeRecord){.moment = i ? "after" : "before",
                                                           .status = 200,
                                                           .reply_bytes = 170,
                                                           .body_bytes = 12,
                                                           .body_sha256 = "aa",
                                                           .framing = "length",
                                                           .reused = 1,
                                                           .reply_ns = 1500000,
                                                           .close_ns = WB_NONE};
    set_workers(c, "11 12 13", "11 12 13");
    add_counter(c, "ListenOverflows", 0);
    add_counter(c, "TCPSynRetrans", 0);
    add_counter(c, "OutRsts", 7);
    add_counter(c, "AttemptFails", 0);
    add_counter(c, "ActiveOpens", 204);
}

/* The same by our own engine. */
static inline void init_native(Case *c)
{
    init_wrk(c);
    c->run.tool = "wrkbook";
    c->run.req_sec_mean_per_s = NAN;
    c->run.keepalive = 1;
    c->run.pipeline = 1;
    c->run.connections_answered = 200;
    c->run.connections_opened = 200;
    c->run.reconnects = 0;
    c->run.in_flight_mean = 198.5;
    c->run.client_cpu_share = 0.32;
    c->thread = (WbThreadRecord){200, c->run.requests, S, S};
    c->details.threads_n = 1;
}

static inline void set_counter(Case *c, const char *name, int64_t value)
{
    for (size_t i = 0; i < c->details.counters_n; i++)
        if (strcmp(c->counters[i].name, name) == 0)
            c->counters[i].value = value;
}

#endif
