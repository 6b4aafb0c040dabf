/*
 * Due times are worked out from the number each time, never added up: no drift, however long.
 */
#include "runner/engine/pace.h"

void wb_pace_init(WbPace *p, const WbLoad *load, int thread)
{
    int64_t threads = load->threads;

    *p = (WbPace){
        .first = (uint64_t)thread,
        .step = (uint64_t)threads,
        .requests_n = load->requests_n,
        .seed = load->seed,
        .shuffle = load->shuffle,
        .gap_ns = load->rate_per_s > 0 ? 1e9 / load->rate_per_s : 0,
        .share = load->max_requests > 0
                     ? load->max_requests / threads + (thread < load->max_requests % threads)
                     : INT64_MAX,
    };
}

int64_t wb_pace_due_ns(const WbPace *p, int64_t j)
{
    return p->t0_ns + (int64_t)((double)(p->first + (uint64_t)j * p->step) * p->gap_ns);
}

void wb_pace_begin(WbPace *p, int64_t t0_ns, bool limited)
{
    p->t0_ns = t0_ns;
    p->k = p->first;
    p->at = p->k % p->requests_n;
    p->left = limited ? p->share : INT64_MAX;
    p->backlog_max = 0;
    p->next_due_ns = p->gap_ns > 0 ? wb_pace_due_ns(p, 0) : INT64_MIN;
}

/* splitmix64 (Steele, Lea & Flood 2014): a good hash of one number, so that a draw needs no state.
 */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint32_t wb_pace_take(WbPace *p, int64_t *out_due_ns)
{
    uint64_t index = p->at;

    if (p->shuffle)
        index = mix(p->seed ^ mix(p->k)) % p->requests_n;
    p->k += p->step;
    p->at += p->step;
    if (p->at >= p->requests_n)
        p->at %= p->requests_n;
    p->left--;
    if (p->gap_ns > 0) {
        *out_due_ns = p->next_due_ns;
        p->next_due_ns = wb_pace_due_ns(p, wb_pace_taken(p));
    }
    return (uint32_t)index;
}

int64_t wb_pace_due_count(const WbPace *p, int64_t end_ns)
{
    int64_t j;

    if (end_ns <= p->t0_ns)
        return 0;
    /* The estimate is off by one at most, by rounding; the due times themselves decide. */
    j = (int64_t)(((double)(end_ns - p->t0_ns) / p->gap_ns - (double)p->first) / (double)p->step);
    if (j < 0)
        j = 0;
    while (j > 0 && wb_pace_due_ns(p, j - 1) >= end_ns)
        j--;
    while (wb_pace_due_ns(p, j) < end_ns)
        j++;
    return j < p->share ? j : p->share;
}

void wb_pace_backlog(WbPace *p, int64_t now)
{
    int64_t waiting = wb_pace_due_count(p, now + 1) - wb_pace_taken(p);

    if (waiting > p->backlog_max)
        p->backlog_max = waiting;
}
