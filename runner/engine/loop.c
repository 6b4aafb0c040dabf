/*
 * One thread: connect, wait for the word, load until the end, leave the counts behind.
 *
 * The end is a time, not an event: what completes at or after it is in flight, so that all threads
 * count over exactly the same span however late each of them notices.
 */
#include "runner/engine/loop.h"

#include <sys/resource.h>

#include "runner/engine/clock.h"
#include "runner/engine/secure.h"

/* Sockets opened before events are looked at: a peer with a short backlog is not run over. */
#define CONNECT_BATCH 64

/* Of waiting for what is in flight at the end. */
#define DRAIN_MOST_NS    (500 * WB_MS_NS)
#define DRAIN_SILENCE_NS (50 * WB_MS_NS)

static int64_t timeval_ns(const struct timeval *tv)
{
    return (int64_t)tv->tv_sec * WB_S_NS + (int64_t)tv->tv_usec * 1000;
}

/* CPU time since the values that are there. */
static void take_cpu(WbLoop *loop)
{
    struct rusage use;

    getrusage(RUSAGE_THREAD, &use);
    loop->cpu_user_ns = timeval_ns(&use.ru_utime) - loop->cpu_user_ns;
    loop->cpu_system_ns = timeval_ns(&use.ru_stime) - loop->cpu_system_ns;
}

static void begin_counting(WbLoop *loop)
{
    bool warmed = loop->shared->t0_ns > loop->shared->start_ns;

    loop->counting = true;
    wb_tally_begin(&loop->tally, loop->shared->t0_ns, warmed);
    wb_pace_begin(&loop->pace, loop->shared->t0_ns, true);
    if (warmed)
        for (int32_t i = 0; i < loop->conns_n; i++)
            loop->conns[i].answered = false;
    loop->cpu_user_ns = loop->cpu_system_ns = 0;
    take_cpu(loop);
}

/* From here on nothing counts. */
static void end_counting(WbLoop *loop, int64_t ended_ns)
{
    loop->over = true;
    loop->ended_ns = ended_ns;
    for (int32_t i = 0; i < loop->conns_n; i++) {
        loop->answered += loop->conns[i].answered;
        loop->in_flight_at_end += wb_conn_count_open(loop, &loop->conns[i]);
    }
    if (!loop->counting)
        return;
    take_cpu(loop);
    if (!loop->open_rate)
        return;
    loop->planned = wb_pace_due_count(&loop->pace, ended_ns);
    for (int64_t j = wb_pace_taken(&loop->pace); j < loop->planned; j++)
        wb_hist_add(&loop->tally.unfinished, ended_ns - wb_pace_due_ns(&loop->pace, j));
}

void wb_loop_edge(WbLoop *loop, int64_t now)
{
    int64_t next = loop->shared->t0_ns;

    if (loop->over)
        return;
    if (now >= loop->end_ns) {
        end_counting(loop, loop->end_ns);
        return;
    }
    if (!loop->counting && now >= next)
        begin_counting(loop);
    if (loop->counting) {
        wb_tally_advance(&loop->tally, now);
        next = loop->tally.slice_end_ns;
    }
    loop->edge_ns = next < loop->end_ns ? next : loop->end_ns;
}

static void run_timers(WbLoop *loop, int64_t now)
{
    int32_t id;

    if (now < wb_wheel_next_ns(&loop->wheel))
        return;
    wb_wheel_turn(&loop->wheel, now);
    while (!loop->over && (id = wb_wheel_pop(&loop->wheel)) >= 0)
        wb_conn_on_timer(loop, &loop->conns[id], now);
}

/* Look at events until no more than `most` of the connects that were begun are undecided. */
static void settle_connects(WbLoop *loop, int32_t not_begun, int32_t most)
{
    while (loop->unsettled - not_begun > most && !atomic_load(&loop->shared->abort)) {
        int64_t now = wb_clock_now();

        run_timers(loop, now);
        loop->io->wait(loop, now, wb_wheel_next_ns(&loop->wheel));
    }
}

/* The load's file limit and the peer decide how many get through: failures are counted, not fatal.
 */
void wb_loop_connect(WbLoop *loop)
{
    int64_t now = wb_clock_now();

    loop->unsettled = loop->conns_n;
    for (int32_t i = 0; i < loop->conns_n; i++) {
        wb_conn_open(loop, &loop->conns[i]);
        if (i % CONNECT_BATCH == CONNECT_BATCH - 1)
            loop->io->wait(loop, now, now);
        if (loop->secure)
            settle_connects(loop, loop->conns_n - 1 - i, WB_SECURE_SHAKES);
    }
    settle_connects(loop, 0, 0);
}

static bool all_done(const WbLoop *loop)
{
    return loop->counting && loop->pace.left == 0 && loop->in_flight == 0;
}

static int64_t next_wake(const WbLoop *loop)
{
    int64_t until = wb_wheel_next_ns(&loop->wheel);

    if (loop->edge_ns < until)
        until = loop->edge_ns;
    if (loop->open_rate && loop->idle_first >= 0 && loop->pace.left > 0 &&
        loop->pace.next_due_ns < until)
        until = loop->pace.next_due_ns;
    return until;
}

static void begin_load(WbLoop *loop, int64_t now)
{
    loop->running = true;
    loop->edge_ns = now;
    wb_pace_begin(&loop->pace, loop->shared->start_ns, false);
    if (wb_loop_passed(loop, now))
        return;
    for (int32_t i = 0; i < loop->conns_n && !wb_loop_passed(loop, now); i++) {
        if (loop->conns[i].state == WB_CONN_WAITING && loop->conns[i].failures < 2 &&
            loop->conns[i].settled)
            wb_wheel_set(&loop->wheel, i, now);
        wb_conn_resume(loop, &loop->conns[i], now);
        now = wb_clock_now();
    }
}

static void run_to_end(WbLoop *loop)
{
    WbShared *shared = loop->shared;
    int64_t now = wb_clock_now();

    while (now < shared->start_ns) {
        loop->io->wait(loop, now, shared->start_ns);
        now = wb_clock_now();
    }
    loop->end_ns = atomic_load_explicit(&shared->end_ns, memory_order_relaxed);
    begin_load(loop, now);
    for (;;) {
        now = wb_clock_now();
        loop->end_ns = atomic_load_explicit(&shared->end_ns, memory_order_relaxed);
        if (loop->edge_ns > loop->end_ns)
            loop->edge_ns = loop->end_ns;
        if (wb_loop_passed(loop, now))
            break;
        if (all_done(loop)) {
            end_counting(loop, loop->last_done_ns >= shared->t0_ns ? loop->last_done_ns + 1
                                                                   : shared->t0_ns);
            break;
        }
        run_timers(loop, now);
        if (loop->open_rate && wb_pace_ready(&loop->pace, now))
            wb_conn_dispatch(loop);
        if (!loop->over)
            loop->io->wait(loop, now, next_wake(loop));
    }
}

/* What is in flight now was answered too late to count, but is waited for, so that the server is
 * not cut off in the middle: it has then seen and counted all that was sent, and has no work left
 * over when the next run begins. A server that says nothing for a while is not waited for. */
static void drain(WbLoop *loop)
{
    int64_t now = wb_clock_now();
    int64_t last = now + DRAIN_MOST_NS;

    loop->heard_ns = now;
    while (loop->in_flight > 0 && now < last && now < loop->heard_ns + DRAIN_SILENCE_NS) {
        int64_t until = loop->heard_ns + DRAIN_SILENCE_NS;

        loop->io->wait(loop, now, until < last ? until : last);
        now = wb_clock_now();
    }
}

void wb_loop_load(WbLoop *loop)
{
    run_to_end(loop);
    drain(loop);
    for (int32_t i = 0; i < loop->conns_n; i++)
        wb_conn_close(loop, &loop->conns[i]);
}
