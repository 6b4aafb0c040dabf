/*
 * The caller's thread while the loops run. It sleeps on a semaphore, so that the end of the last
 * loop wakes it at once; it wakes in between only for *stop (every 10 ms) and for progress.
 */
#include <errno.h>
#include <string.h>

#include "runner/engine/clock.h"
#include "runner/engine/setup.h"

/* How long after t0 is set the loops start: time for all of them to wake up. */
#define START_DELAY_NS (WB_MS_NS / 2)

/* A stop ends all loops at one time, far enough ahead for each of them to learn of it. */
#define STOP_DELAY_NS (2 * WB_LOOP_TICK_NS)

/* Progress is taken a little after a slice's end, when the loops have published it. */
#define PROGRESS_DELAY_NS (15 * WB_MS_NS)
#define PROGRESS_LEAST_NS (100 * WB_MS_NS)

static bool is_set(const atomic_bool *stop)
{
    return stop && atomic_load_explicit(stop, memory_order_relaxed);
}

/* Returns true if the semaphore was taken before `until_ns`. */
static bool take(sem_t *sem, int64_t until_ns)
{
    struct timespec ts = wb_clock_timespec(until_ns);

    return sem_clockwait(sem, CLOCK_MONOTONIC, &ts) == 0;
}

/* Wait until the first connects of all loops are decided. */
static void await_connects(WbEngine *e, const atomic_bool *stop)
{
    while (atomic_load(&e->shared.ready_n) < e->threads) {
        take(&e->shared.ready, wb_clock_now() + WB_LOOP_TICK_NS);
        if (is_set(stop)) {
            e->stopped = true;
            atomic_store(&e->shared.abort, true);
        }
    }
}

/* Why the load cannot begin; 0 if it can. */
static int find_error(const WbEngine *e)
{
    bool socket_made = false;
    int socket_error = 0;

    for (int i = 0; i < e->threads; i++) {
        if (e->loops[i]->error != 0)
            return e->loops[i]->error;
        socket_made |= e->loops[i]->socket_made;
        if (e->loops[i]->socket_error != 0)
            socket_error = e->loops[i]->socket_error;
    }
    if (socket_made || e->stopped)
        return 0;
    return socket_error == ENFILE ? -EMFILE : -socket_error;
}

static void give_the_word(WbEngine *e, int error)
{
    struct timespec wall;
    int64_t now = wb_clock_now();
    WbShared *s = &e->shared;

    clock_gettime(CLOCK_REALTIME, &wall);
    s->start_ns = now + START_DELAY_NS;
    s->t0_ns = s->start_ns + e->load->warmup_ns;
    if (error != 0 || e->stopped)
        s->t0_ns = s->start_ns;
    e->t0_realtime_ns = (int64_t)wall.tv_sec * WB_S_NS + wall.tv_nsec + (s->t0_ns - now);
    atomic_store(&s->end_ns, error != 0 || e->stopped ? s->t0_ns : s->t0_ns + e->load->duration_ns);
    for (int i = 0; i < e->threads; i++)
        sem_post(&s->go);
}

static int64_t p99_so_far(const WbEngine *e, WbHist *scratch)
{
    memset(scratch, 0, sizeof *scratch);
    for (int t = 0; t < e->threads; t++) {
        const WbHist *h = &e->loops[t]->tally.latency;

        for (int i = 0; i < WB_HIST_SIZE; i++) {
            int64_t n = __atomic_load_n(&h->counts[i], __ATOMIC_RELAXED);

            scratch->counts[i] += n;
            scratch->count += n;
        }
    }
    scratch->max_ns = INT64_MAX;
    return scratch->count > 0 ? wb_hist_quantile_ns(scratch, 0.99) : 0;
}

static void tell_progress(const WbEngine *e, int64_t now, WbProgressFn progress, void *user_data)
{
    static _Thread_local WbHist scratch; /* too large for a small stack */
    WbProgress p = {.elapsed_ns = now - e->shared.t0_ns};

    p.warming = p.elapsed_ns < 0;
    for (int i = 0; i < e->threads; i++) {
        const WbSeen *seen = &e->loops[i]->tally.seen;

        p.requests += atomic_load_explicit(&seen->requests, memory_order_relaxed);
        p.bytes += atomic_load_explicit(&seen->bytes, memory_order_relaxed);
        p.errors += atomic_load_explicit(&seen->errors, memory_order_relaxed);
        p.slice_requests += atomic_load_explicit(&seen->slice_requests, memory_order_relaxed);
    }
    if (!p.warming)
        p.p99_ns = p99_so_far(e, &scratch);
    progress(&p, user_data);
}

static void stop_now(WbEngine *e)
{
    int64_t end = wb_clock_now() + STOP_DELAY_NS;

    if (e->stopped || end >= atomic_load(&e->shared.end_ns))
        return;
    e->stopped = true;
    /* Stopped within the warm-up: the run is empty, not negative. */
    atomic_store(&e->shared.end_ns, end > e->shared.t0_ns ? end : e->shared.start_ns);
}

static void await_end(WbEngine *e, const atomic_bool *stop, WbProgressFn progress, void *user_data)
{
    int64_t every = e->load->slice_ns > PROGRESS_LEAST_NS ? e->load->slice_ns : PROGRESS_LEAST_NS;
    int64_t tell = e->shared.start_ns + every + PROGRESS_DELAY_NS;

    for (int done = 0; done < e->threads;) {
        int64_t now = wb_clock_now();
        int64_t until = stop ? now + WB_LOOP_TICK_NS : INT64_MAX;

        if (progress && now >= tell) {
            tell_progress(e, now, progress, user_data);
            while (tell <= now)
                tell += every;
        }
        if (progress && tell < until)
            until = tell;
        if (take(&e->shared.done, until))
            done++;
        else if (is_set(stop))
            stop_now(e);
    }
}

int wb_setup_watch(WbEngine *e, const atomic_bool *stop, WbProgressFn progress, void *user_data)
{
    int error;

    await_connects(e, stop);
    error = find_error(e);
    give_the_word(e, error);
    await_end(e, stop, progress, user_data);
    return error;
}
