/*
 * Evidence: a thread that looks at the clock, /proc/stat, PSI, our own rusage and the server's
 * session each second. What a second used is the difference of two looks. Room for all samples is
 * made before the thread starts; if a load runs on past it, the last sample takes the rest.
 *
 * Foreign is what processes used (WbKernelCpu.process_ns) less the server and the client. Several
 * clocks of 10 ms steps are read one after the other, so a second's foreign time may come out a
 * little below 0: then it is 0.
 */
#include "runner/evidence.h"

#include <math.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner/kernel_counters.h"

#define SECOND_NS INT64_C(1000000000)
#define SHORT_NS  INT64_C(100000000) /* a rest below this is added to the second before */
#define SPARE     64                 /* seconds of room beyond the asked duration */
#define PRESSURES 3

/* All clocks at one moment; they only ever rise. */
typedef struct {
    int64_t at_ns;
    WbKernelCpu cpu;
    WbServerUse server;
    int64_t client_ns;
    int64_t pressure_ns[PRESSURES];
} Look;

struct WbEvidence {
    const WbServer *server; /* NULL: not ours */
    int caller_tid;         /* the thread that may start a load tool */
    int64_t children_ns;    /* of waited-for children, at the beginning */
    bool has_tool;          /* a child of ours was seen at work */
    Look first;
    Look last;
    WbKernelTcp tcp;
    GArray *samples; /* of WbResourceRecord */
    guint room;
    GArray *counters; /* of WbCounterRecord */
    GThread *thread;
    GMutex mutex;
    GCond cond;
    bool is_over; /* under the mutex */
};

/* ---- one look ------------------------------------------------------------------------------- */

static int64_t rusage_ns(int who)
{
    struct rusage use;

    if (getrusage(who, &use) != 0)
        return 0;
    return ((int64_t)use.ru_utime.tv_sec + use.ru_stime.tv_sec) * SECOND_NS +
           ((int64_t)use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1000;
}

/* The client is this process, and a load tool that it started. Time of waited-for children counts
 * only then: they may also be orphans of the server, which the session counts. */
static int64_t client_ns(WbEvidence *e)
{
    int64_t tool_ns = wb_kernel_children_cpu_ns(e->caller_tid);

    if (tool_ns > 0)
        e->has_tool = true;
    if (e->has_tool)
        tool_ns += rusage_ns(RUSAGE_CHILDREN) - e->children_ns;
    return rusage_ns(RUSAGE_SELF) + tool_ns;
}

static void look(WbEvidence *e, Look *out)
{
    static const char *const names[PRESSURES] = {"cpu", "memory", "io"};

    out->server = (WbServerUse){0};
    if (e->server)
        wb_server_use(e->server, &out->server);
    out->client_ns = client_ns(e);
    wb_kernel_cpu_read(&out->cpu);
    for (int i = 0; i < PRESSURES; i++)
        out->pressure_ns[i] = wb_kernel_pressure_ns(names[i]);
    out->at_ns = g_get_monotonic_time() * 1000;
}

/* ---- what happened between two looks -------------------------------------------------------- */

static int64_t risen(int64_t before, int64_t after)
{
    return before == WB_NONE || after == WB_NONE ? WB_NONE : MAX(after - before, 0);
}

static double share(int64_t before_ns, int64_t after_ns, int64_t width_ns)
{
    int64_t ns = risen(before_ns, after_ns);

    return ns == WB_NONE || width_ns <= 0 ? NAN : fmin((double)ns / (double)width_ns, 1);
}

static WbResourceRecord difference(const WbEvidence *e, const Look *a, const Look *b)
{
    int64_t width_ns = b->at_ns - a->at_ns;
    int64_t used_ns = risen(a->cpu.process_ns, b->cpu.process_ns);
    WbResourceRecord r = {
        .server_cpu_ns = WB_NONE,
        .server_memory_bytes = WB_NONE,
        .server_processes = WB_NONE,
        .client_cpu_ns = risen(a->client_ns, b->client_ns),
        .foreign_cpu_ns = WB_NONE,
        .steal_ns = risen(a->cpu.steal_ns, b->cpu.steal_ns),
        .pressure_cpu = share(a->pressure_ns[0], b->pressure_ns[0], width_ns),
        .pressure_memory = share(a->pressure_ns[1], b->pressure_ns[1], width_ns),
        .pressure_io = share(a->pressure_ns[2], b->pressure_ns[2], width_ns),
    };

    if (!e->server)
        return r;
    r.server_cpu_ns = risen(a->server.cpu_ns, b->server.cpu_ns);
    r.server_memory_bytes = b->server.memory_bytes;
    r.server_processes = b->server.processes;
    /* A server that is not ours cannot be told from the others. */
    if (used_ns != WB_NONE)
        r.foreign_cpu_ns = MAX(used_ns - r.server_cpu_ns - r.client_cpu_ns, 0);
    return r;
}

static int64_t sum(int64_t a, int64_t b)
{
    return a == WB_NONE ? b : b == WB_NONE ? a : a + b;
}

/* Adds to the last sample; pressure stays that of the longer part. */
static void add_to_last(GArray *samples, const WbResourceRecord *r)
{
    WbResourceRecord *last = &g_array_index(samples, WbResourceRecord, samples->len - 1);

    last->server_cpu_ns = sum(last->server_cpu_ns, r->server_cpu_ns);
    last->client_cpu_ns = sum(last->client_cpu_ns, r->client_cpu_ns);
    last->foreign_cpu_ns = sum(last->foreign_cpu_ns, r->foreign_cpu_ns);
    last->steal_ns = sum(last->steal_ns, r->steal_ns);
    last->server_memory_bytes = MAX(last->server_memory_bytes, r->server_memory_bytes);
    last->server_processes = MAX(last->server_processes, r->server_processes);
}

static void take_sample(WbEvidence *e)
{
    Look now;
    WbResourceRecord r;

    look(e, &now);
    r = difference(e, &e->last, &now);
    if (e->samples->len > 0 && (e->samples->len >= e->room || now.at_ns - e->last.at_ns < SHORT_NS))
        add_to_last(e->samples, &r);
    else
        g_array_append_val(e->samples, r); /* within the room: allocates nothing */
    e->last = now;
}

static void *sample_until_over(void *data)
{
    WbEvidence *e = data;
    int64_t next_us = e->first.at_ns / 1000;

    g_mutex_lock(&e->mutex);
    while (!e->is_over) {
        next_us += SECOND_NS / 1000;
        while (!e->is_over && g_cond_wait_until(&e->cond, &e->mutex, next_us))
            ;
        if (!e->is_over)
            take_sample(e);
    }
    g_mutex_unlock(&e->mutex);
    return NULL;
}

/* ---- the whole ------------------------------------------------------------------------------ */

WbEvidence *wb_evidence_begin(const WbServer *server, int64_t duration_ns)
{
    WbEvidence *e = g_new0(WbEvidence, 1);

    e->server = server && wb_server_command(server) ? server : NULL;
    e->caller_tid = (int)syscall(SYS_gettid);
    e->children_ns = rusage_ns(RUSAGE_CHILDREN);
    e->room = (guint)CLAMP(duration_ns / SECOND_NS, 0, 1000000) + SPARE;
    e->samples = g_array_sized_new(FALSE, FALSE, sizeof(WbResourceRecord), e->room);
    e->counters = g_array_sized_new(FALSE, FALSE, sizeof(WbCounterRecord), WB_KERNEL_TCP_MAX);
    g_mutex_init(&e->mutex);
    g_cond_init(&e->cond);
    /* The counters are those of the caller's network namespace, so the caller reads them. */
    wb_kernel_tcp_read(&e->tcp);
    look(e, &e->first);
    e->last = e->first;
    e->thread = g_thread_new("evidence", sample_until_over, e);
    return e;
}

void wb_evidence_end(WbEvidence *evidence)
{
    WbKernelTcp after;

    if (!evidence->thread)
        return;
    wb_kernel_tcp_read(&after);
    g_mutex_lock(&evidence->mutex);
    evidence->is_over = true;
    g_cond_signal(&evidence->cond);
    g_mutex_unlock(&evidence->mutex);
    g_thread_join(g_steal_pointer(&evidence->thread));
    take_sample(evidence);
    wb_kernel_tcp_differences(&evidence->tcp, &after, evidence->counters);
}

void wb_evidence_free(WbEvidence *evidence)
{
    if (!evidence)
        return;
    wb_evidence_end(evidence);
    g_array_unref(evidence->samples);
    g_array_unref(evidence->counters);
    g_mutex_clear(&evidence->mutex);
    g_cond_clear(&evidence->cond);
    g_free(evidence);
}

const GArray *wb_evidence_samples(const WbEvidence *evidence)
{
    return evidence->samples;
}

const GArray *wb_evidence_counters(const WbEvidence *evidence)
{
    return evidence->counters;
}

void wb_evidence_fill(const WbEvidence *evidence, WbRun *run)
{
    const Look *a = &evidence->first;
    const Look *b = &evidence->last;
    int64_t total_ns = risen(a->cpu.total_ns, b->cpu.total_ns);
    int64_t used_ns = risen(a->cpu.process_ns, b->cpu.process_ns);

    for (guint i = 0; i < evidence->samples->len; i++) {
        const WbResourceRecord *r = &g_array_index(evidence->samples, WbResourceRecord, i);

        run->server_cpu_ns = sum(run->server_cpu_ns, r->server_cpu_ns);
        run->server_memory_bytes = MAX(run->server_memory_bytes, r->server_memory_bytes);
        run->server_processes = MAX(run->server_processes, r->server_processes);
    }
    if (total_ns == WB_NONE || total_ns == 0)
        return;
    /* Of the whole run at once: seconds that were cut off at 0 would add up. */
    if (evidence->server)
        run->foreign_cpu_share =
            share(run->server_cpu_ns + b->client_ns - a->client_ns, used_ns, total_ns);
    run->steal_share = share(a->cpu.steal_ns, b->cpu.steal_ns, total_ns);
}
