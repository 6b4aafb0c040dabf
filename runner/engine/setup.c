/*
 * wb_engine_run: checks, memory, threads. All memory of a load is reserved here, in one mapping a
 * thread; pages are taken as they are first touched, so that generous bounds cost nothing.
 */
#include "runner/engine/setup.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "runner/engine/clock.h"
#include "runner/engine/io_uring.h"
#include "runner/engine/secure.h"

/* Ticks of the timer wheel: fine enough for the timeout, at most LOOP_TICK. */
#define TICK_LEAST_NS WB_MS_NS

static bool is_valid(const WbLoad *l)
{
    if (l->threads < 1 || l->threads > WB_LOAD_MAX_THREADS)
        return false;
    if (l->connections < l->threads || l->connections > WB_LOAD_MAX_CONNECTIONS)
        return false;
    if (l->duration_ns <= 0 || l->timeout_ns <= 0 || l->slice_ns <= 0 || l->warmup_ns < 0)
        return false;
    if (l->duration_ns / l->slice_ns >= WB_LOAD_MAX_SLICES)
        return false;
    if (l->pipeline < 0 || l->pipeline > WB_LOAD_MAX_PIPELINE)
        return false;
    if (l->coalesce && l->rate_per_s > 0)
        return false;
    if ((l->no_keepalive && l->pipeline > 1) || (l->tls && !l->tls_host))
        return false;
    if (l->max_requests < 0 || !(l->rate_per_s >= 0 && l->rate_per_s <= WB_LOAD_MAX_RATE))
        return false;
    if (!l->addresses || l->addresses_n == 0 || !l->requests || l->requests_n == 0 ||
        l->requests_n > UINT32_MAX || l->addresses_n > UINT32_MAX)
        return false;
    for (size_t i = 0; i < l->requests_n; i++)
        if (!l->requests[i].bytes || l->requests[i].len == 0)
            return false;
    return true;
}

/* Room for n items, on their own cache lines; returns its offset. */
static size_t reserve(size_t *total, size_t n, size_t size)
{
    size_t at = *total;

    *total = (at + n * size + 63) & ~(size_t)63;
    return at;
}

/* How many requests make a row for pipelining, if all are the same. */
static size_t batch_of(const WbLoad *load)
{
    size_t n = load->pipeline > 1 ? (size_t)load->pipeline : 1;
    size_t most = WB_LOOP_BATCH_BYTES / load->requests[0].len;

    return n <= most ? n : most > 1 ? most : 1;
}

static const char *fill_batch(const WbLoad *load, char *batch, size_t *out_n)
{
    const WbRequest *request = &load->requests[0];

    *out_n = batch_of(load);
    for (size_t i = 0; i < *out_n; i++)
        memcpy(batch + i * request->len, request->bytes, request->len);
    return batch;
}

static WbLoop *new_loop(WbEngine *e, int thread, const WbIoOps *io)
{
    const WbLoad *load = e->load;
    size_t pipeline = load->pipeline > 1 ? (size_t)load->pipeline : 1;
    int32_t n = load->connections / load->threads + (thread < load->connections % load->threads);
    size_t conns_n = (size_t)n;
    size_t slices_n = (size_t)(load->duration_ns / load->slice_ns) + 2;
    size_t total = 0;
    size_t loop_at = reserve(&total, 1, sizeof(WbLoop));
    size_t conns_at = reserve(&total, conns_n, sizeof(WbConn));
    size_t flights_at = reserve(&total, conns_n * pipeline, sizeof(WbFlight));
    size_t timers_at = reserve(&total, conns_n, sizeof(WbTimer));
    size_t io_at = reserve(&total, 1, io->memory(load, n));
    size_t secure_at = reserve(&total, 1, wb_secure_memory(load, n));
    size_t slices_at = reserve(&total, slices_n, sizeof(WbSlice));
    size_t buffer_at = reserve(&total, 1, WB_LOOP_BUFFER_BYTES);
    size_t memos_at = reserve(&total, WB_LOOP_MEMOS, sizeof(WbHeadMemo));
    size_t batch_at = reserve(&total, batch_of(load), load->requests[0].len);
    size_t partials_at = reserve(&total, conns_n, WB_SAMPLE_BYTES);
    char *memory = mmap(NULL, total, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    WbLoop *loop = (void *)(memory + loop_at);

    if (memory == MAP_FAILED)
        return NULL;
    loop->memory_bytes = total;
    loop->io = io;
    loop->io_state = memory + io_at;
    loop->load = load;
    loop->secure = load->tls ? (void *)(memory + secure_at) : NULL;
    loop->buffer = memory + buffer_at;
    loop->memos = (void *)(memory + memos_at);
    if (load->requests_n == 1)
        loop->batch = fill_batch(load, memory + batch_at, &loop->batch_n);
    loop->conns = (void *)(memory + conns_at);
    loop->conns_n = n;
    loop->pipeline = (uint16_t)pipeline;
    loop->partials = (void *)(memory + partials_at);
    loop->tally.slices = loop->tally.slice = (void *)(memory + slices_at);
    loop->tally.slices_n = slices_n;
    for (size_t i = 0; i < conns_n; i++) {
        loop->conns[i].fd = -1;
        loop->conns[i].flights = (WbFlight *)(void *)(memory + flights_at) + i * pipeline;
    }
    wb_wheel_init(&loop->wheel, (void *)(memory + timers_at), conns_n,
                  load->timeout_ns / 8 < TICK_LEAST_NS     ? TICK_LEAST_NS
                  : load->timeout_ns / 8 > WB_LOOP_TICK_NS ? WB_LOOP_TICK_NS
                                                           : load->timeout_ns / 8,
                  wb_clock_now());
    return loop;
}

static void init_loop(WbEngine *e, WbLoop *loop, int thread, int32_t base)
{
    const WbLoad *load = e->load;

    loop->shared = &e->shared;
    loop->open_rate = load->rate_per_s > 0;
    loop->checks = load->expect_status != 0 || load->expect_length >= 0 || load->expect_body;
    if (load->expect_body) {
        loop->body = (WbBodyCheck){load->expect_body, load->expect_body_len};
        loop->check = &loop->body;
    }
    loop->edge_ns = loop->end_ns = INT64_MAX;
    loop->idle_first = loop->idle_last = -1;
    loop->tally.slice_ns = load->slice_ns;
    loop->tally.slice_end_ns = INT64_MAX;
    loop->tally.keeps_service = loop->open_rate;
    for (int32_t i = 0; i < loop->conns_n; i++)
        loop->conns[i].address = (uint32_t)((size_t)(base + i) % load->addresses_n);
    wb_pace_init(&loop->pace, load, thread);
}

static int make_loops(WbEngine *e, const WbIoOps *io)
{
    int32_t base = 0;

    e->loops = calloc((size_t)e->load->threads, sizeof(WbLoop *));
    if (!e->loops)
        return -ENOMEM;
    for (int i = 0; i < e->load->threads; i++) {
        e->loops[i] = new_loop(e, i, io);
        if (!e->loops[i] || wb_secure_init(e->loops[i]) != 0)
            return -ENOMEM;
        init_loop(e, e->loops[i], i, base);
        base += e->loops[i]->conns_n;
    }
    return 0;
}

static void free_loops(WbEngine *e)
{
    for (int i = 0; e->loops && i < e->load->threads; i++)
        if (e->loops[i]) {
            wb_secure_clear(e->loops[i]);
            munmap(e->loops[i], e->loops[i]->memory_bytes);
        }
    free(e->loops);
}

/* Connections are files: take all that we may have. */
static void raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* The back end is opened here: a ring belongs to the thread that submits to it. */
void *wb_setup_thread(void *arg)
{
    WbLoop *loop = arg;

    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    loop->timer_slack_ns = prctl(PR_GET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL);
    loop->error = loop->io->open(loop);
    if (loop->error == 0)
        wb_loop_connect(loop);
    atomic_fetch_add(&loop->shared->ready_n, 1);
    sem_post(&loop->shared->ready);
    while (sem_wait(&loop->shared->go) < 0 && errno == EINTR)
        ;
    if (loop->error == 0)
        wb_loop_load(loop);
    loop->io->close(loop);
    sem_post(&loop->shared->done);
    return NULL;
}

/* Signals are the caller's: the loops are born with all of them blocked. */
static int start_threads(WbEngine *e, pthread_t *threads)
{
    sigset_t all, before;
    int rc = 0;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (e->threads < e->load->threads && rc == 0) {
        rc = pthread_create(&threads[e->threads], NULL, wb_setup_thread, e->loops[e->threads]);
        e->threads += rc == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0 ? 0 : -EAGAIN;
}

static int run_threads(WbEngine *e, const atomic_bool *stop, WbProgressFn progress, void *user_data)
{
    pthread_t *threads = calloc((size_t)e->load->threads, sizeof *threads);
    atomic_bool give_up = true;
    int rc, watched;

    if (!threads)
        return -ENOMEM;
    rc = start_threads(e, threads);
    watched = wb_setup_watch(e, rc == 0 ? stop : &give_up, rc == 0 ? progress : NULL, user_data);
    for (int i = 0; i < e->threads; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    return rc != 0 ? rc : watched;
}

static int run_with(const WbIoOps *io, const WbLoad *load, const atomic_bool *stop,
                    WbProgressFn progress, void *user_data, WbLoadResult **out)
{
    WbEngine e = {.load = load};
    int rc;

    sem_init(&e.shared.ready, 0, 0);
    sem_init(&e.shared.go, 0, 0);
    sem_init(&e.shared.done, 0, 0);
    rc = make_loops(&e, io);
    if (rc == 0)
        rc = run_threads(&e, stop, progress, user_data);
    if (rc == 0)
        rc = wb_result_merge(&e, out);
    free_loops(&e);
    sem_destroy(&e.shared.ready);
    sem_destroy(&e.shared.go);
    sem_destroy(&e.shared.done);
    return rc;
}

int wb_engine_run(const WbLoad *load, const atomic_bool *stop, WbProgressFn progress,
                  void *user_data, WbLoadResult **out)
{
    char note[sizeof(*out)->io_note];
    const WbIoOps *io;
    int rc;

    if (!is_valid(load))
        return -EINVAL;
    raise_file_limit();
    io = wb_setup_choose_io(load->io, note, sizeof note);
    if (!io)
        return -ENOTSUP;
    rc = run_with(io, load, stop, progress, user_data, out);
    /* A ring for each thread may be more than the one that was tried could tell. */
    if (rc != 0 && load->io == WB_IO_AUTO && io != &wb_io_epoll) {
        wb_setup_refuse_uring(-rc, note, sizeof note);
        io = &wb_io_epoll;
        rc = run_with(io, load, stop, progress, user_data, out);
    }
    if (rc == 0) {
        memcpy((*out)->io_note, note, sizeof note);
        (*out)->coalesced = load->coalesce;
    }
    return rc;
}
