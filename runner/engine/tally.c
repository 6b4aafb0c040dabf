/*
 * Counting. See tally.h; nothing here allocates or calls the kernel.
 */
#include "runner/engine/tally.h"

#include <assert.h>
#include <string.h>

static void hist_reset(WbHist *hist)
{
    for (int i = 0; i < WB_HIST_SIZE; i++)
        if (hist->counts[i])
            __atomic_store_n(&hist->counts[i], 0, __ATOMIC_RELAXED);
    hist->count = hist->min_ns = hist->max_ns = hist->sum_ns = 0;
    hist->sum_squares_ns2 = 0;
}

void wb_hist_merge(WbHist *to, const WbHist *from)
{
    if (from->count == 0)
        return;
    if (to->count == 0 || from->min_ns < to->min_ns)
        to->min_ns = from->min_ns;
    if (from->max_ns > to->max_ns)
        to->max_ns = from->max_ns;
    to->count += from->count;
    to->sum_ns += from->sum_ns;
    to->sum_squares_ns2 += from->sum_squares_ns2;
    for (int i = 0; i < WB_HIST_SIZE; i++)
        to->counts[i] += from->counts[i];
}

void wb_tally_begin(WbTally *t, int64_t from_ns, bool reset)
{
    t->from_ns = from_ns;
    t->slice_end_ns = from_ns + t->slice_ns;
    if (!reset)
        return;
    memset(t->slices, 0, sizeof *t->slices * (size_t)(t->slice - t->slices + 1));
    t->slice = t->slices;
    t->sent = t->failed = 0;
    memset(t->status_class, 0, sizeof t->status_class);
    t->failure_taken = false;
    t->before_requests = t->before_bytes = t->before_errors = 0;
    t->faults_n = 0;
    memset(&t->failed_fault, 0, sizeof t->failed_fault);
    t->failed_bytes.len = 0;
    hist_reset(&t->latency);
    hist_reset(&t->service);
    hist_reset(&t->send_lag);
    hist_reset(&t->unfinished);
}

void wb_tally_advance(WbTally *t, int64_t now)
{
    int64_t last = 0;

    if (now < t->slice_end_ns)
        return;
    while (now >= t->slice_end_ns && t->slice + 1 < t->slices + t->slices_n) {
        const WbSlice *s = t->slice++;

        last = s->requests;
        t->before_requests += s->requests;
        t->before_bytes += s->bytes;
        t->before_errors += s->errors[WB_ERROR_CONNECT] + s->errors[WB_ERROR_READ] +
                            s->errors[WB_ERROR_WRITE] + s->errors[WB_ERROR_TIMEOUT];
        t->slice_end_ns += t->slice_ns;
    }
    if (now >= t->slice_end_ns)
        t->slice_end_ns = INT64_MAX; /* the last slice takes all that is left */
    atomic_store_explicit(&t->seen.requests, t->before_requests, memory_order_relaxed);
    atomic_store_explicit(&t->seen.bytes, t->before_bytes, memory_order_relaxed);
    atomic_store_explicit(&t->seen.errors, t->before_errors, memory_order_relaxed);
    atomic_store_explicit(&t->seen.slice_requests, last, memory_order_relaxed);
}

void wb_tally_response(WbTally *t, int64_t since_ns, int64_t sent_ns, int64_t now, int status)
{
    int class = status / 100;

    assert(now >= sent_ns);
    t->slice->requests++;
    t->status_class[class >= 1 && class <= 5 ? class : 0]++;
    if (class != 2 && class != 3)
        t->slice->errors[WB_ERROR_STATUS]++;
    wb_hist_add(&t->latency, now - since_ns);
    if (t->keeps_service)
        wb_hist_add(&t->service, now - sent_ns);
}

void wb_fault_add(WbFault *faults, size_t *faults_n, const WbFault *fault)
{
    WbFault *f = faults;
    WbFault *end = faults + *faults_n;

    while (f < end && (f->phase != fault->phase || f->code != fault->code))
        f++;
    if (f == end) {
        if (*faults_n < WB_FAULTS_MAX) {
            *f = *fault;
            ++*faults_n;
            return;
        }
        f--; /* full: lumped with the last kind */
    }
    f->count += fault->count;
    if (fault->first_ns < f->first_ns)
        f->first_ns = fault->first_ns;
    if (fault->last_ns > f->last_ns)
        f->last_ns = fault->last_ns;
}

bool wb_tally_fault(WbTally *t, WbErrorClass class, WbPhase phase, int code, int64_t now)
{
    WbFault fault = {.phase = phase, .code = code, .count = 1, .first_ns = now, .last_ns = now};

    t->slice->errors[class]++;
    wb_fault_add(t->faults, &t->faults_n, &fault);
    if (t->failure_taken)
        return false;
    t->failure_taken = true;
    t->failed_fault = fault;
    return true;
}

void wb_sample_add(WbSample *sample, const char *bytes, size_t len)
{
    size_t room = sizeof sample->bytes - sample->len;

    if (len > room)
        len = room;
    if (len > 0)
        memcpy(sample->bytes + sample->len, bytes, len);
    sample->len += len;
}
