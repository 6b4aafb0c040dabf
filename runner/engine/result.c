/*
 * One result out of what the threads counted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner/engine/secure.h"
#include "runner/engine/setup.h"

static int64_t after(int64_t ns, int64_t t0_ns)
{
    return ns > t0_ns ? ns - t0_ns : 0; /* failed before t0, while connecting: at 0 */
}

static void merge_slices(WbLoadResult *r, const WbTally *t)
{
    size_t n = t->slices_n < r->slices_n ? t->slices_n : r->slices_n;

    for (size_t i = 0; i < n; i++) {
        const WbSlice *s = &t->slices[i];

        r->slices[i].requests += s->requests;
        r->slices[i].bytes += s->bytes;
        r->requests += s->requests;
        r->bytes += s->bytes;
        for (int k = 0; k < WB_ERRORS; k++) {
            r->slices[i].errors[k] += s->errors[k];
            r->errors[k] += s->errors[k];
        }
    }
}

static void merge_faults(WbLoadResult *r, const WbTally *t, int64_t t0_ns)
{
    for (size_t i = 0; i < t->faults_n; i++) {
        WbFault f = t->faults[i];

        f.first_ns = after(f.first_ns, t0_ns);
        f.last_ns = after(f.last_ns, t0_ns);
        wb_fault_add(r->faults, &r->faults_n, &f);
    }
    if (t->failure_taken) {
        WbFault f = t->failed_fault;

        f.first_ns = f.last_ns = after(f.first_ns, t0_ns);
        if (r->failed_fault.count == 0 || f.first_ns < r->failed_fault.first_ns) {
            r->failed_fault = f;
            r->failed_bytes = t->failed_bytes;
        }
    }
}

static void merge_loop(WbLoadResult *r, const WbLoop *loop, int64_t t0_ns, int64_t *head_at_ns)
{
    const WbTally *t = &loop->tally;

    merge_slices(r, t);
    merge_faults(r, t, t0_ns);
    r->sent += t->sent;
    r->failed += t->failed;
    r->in_flight += loop->in_flight_at_end;
    for (int i = 0; i < 6; i++)
        r->status_class[i] += t->status_class[i];
    wb_hist_merge(&r->latency, &t->latency);
    wb_hist_merge(&r->service, &t->service);
    wb_hist_merge(&r->send_lag, &t->send_lag);
    wb_hist_merge(&r->unfinished_age, &t->unfinished);
    wb_hist_merge(&r->connect, &t->connect);
    wb_hist_merge(&r->handshake, &t->handshake);
    r->planned += loop->planned;
    r->backlog_max += loop->pace.backlog_max;
    r->connections_opened += t->opened;
    r->connections_answered += loop->answered;
    r->reconnects += t->reconnects;
    r->closed_announced += t->closed_announced;
    if (t->head_taken && (*head_at_ns == 0 || t->head_at_ns < *head_at_ns)) {
        *head_at_ns = t->head_at_ns;
        r->head = t->head;
    }
    if (loop->timer_slack_ns > r->timer_slack_ns)
        r->timer_slack_ns = loop->timer_slack_ns;
}

static int64_t requests_of(const WbTally *t)
{
    int64_t n = 0;

    for (size_t i = 0; i < t->slices_n && t->slices + i <= t->slice; i++)
        n += t->slices[i].requests;
    return n;
}

static void fill_use(const WbEngine *e, WbLoadResult *r)
{
    for (int i = 0; i < e->threads; i++) {
        const WbLoop *loop = e->loops[i];
        WbThreadUse *use = &r->thread_use[i];

        use->connections = loop->conns_n;
        use->requests = requests_of(&loop->tally);
        if (!loop->counting)
            continue;
        use->cpu_user_ns = loop->cpu_user_ns;
        use->cpu_system_ns = loop->cpu_system_ns;
        if (r->elapsed_ns > 0)
            use->cpu_share =
                (double)(use->cpu_user_ns + use->cpu_system_ns) / (double)r->elapsed_ns;
    }
}

static void sort_faults(WbLoadResult *r)
{
    for (size_t i = 1; i < r->faults_n; i++) {
        WbFault f = r->faults[i];
        size_t k = i;

        for (; k > 0 && r->faults[k - 1].first_ns > f.first_ns; k--)
            r->faults[k] = r->faults[k - 1];
        r->faults[k] = f;
    }
}

int wb_result_merge(const WbEngine *e, WbLoadResult **out)
{
    int64_t t0_ns = e->shared.t0_ns;
    int64_t head_at_ns = 0;
    WbLoadResult *r = calloc(1, sizeof *r);

    if (!r)
        return -ENOMEM;
    r->started_realtime_ns = e->t0_realtime_ns;
    r->stopped = e->stopped;
    r->slice_ns = e->load->slice_ns;
    r->threads = e->threads;
    r->io = e->loops[0]->io->id;
    for (int i = 0; i < e->threads; i++)
        if (after(e->loops[i]->ended_ns, t0_ns) > r->elapsed_ns)
            r->elapsed_ns = e->loops[i]->ended_ns - t0_ns;
    r->slices_n = (size_t)((r->elapsed_ns + r->slice_ns - 1) / r->slice_ns);
    /* A thread that learned late of a stop, or an error before t0, has a slice to itself. */
    for (int i = 0; i < e->threads; i++) {
        const WbTally *t = &e->loops[i]->tally;

        if ((size_t)(t->slice - t->slices) >= r->slices_n)
            r->slices_n = (size_t)(t->slice - t->slices) + 1;
    }
    r->slices = calloc(r->slices_n, sizeof *r->slices);
    r->thread_use = calloc((size_t)r->threads, sizeof *r->thread_use);
    if (!r->slices || !r->thread_use) {
        wb_engine_result_free(r);
        return -ENOMEM;
    }
    for (int i = 0; i < e->threads; i++)
        merge_loop(r, e->loops[i], t0_ns, &head_at_ns);
    if (e->load->rate_per_s > 0)
        r->unfinished = r->planned - r->requests;
    wb_secure_merge(r, e->loops, e->threads);
    sort_faults(r);
    fill_use(e, r);
    *out = r;
    return 0;
}

void wb_engine_result_free(WbLoadResult *result)
{
    if (!result)
        return;
    free(result->slices);
    free(result->thread_use);
    free(result);
}
