/*
 * One lock for all: it is taken once a part, which is some hundred lines of text. The writer is
 * woken only if it waits for that very text.
 */
#include "runner/import/read_ahead.h"

#define PARTS_MAX   4 /* of a text, read and not taken */
#define THREADS_MAX 8

/* A text on its way. The members behind `ahead` are guarded by its lock. */
typedef struct {
    void *text;
    WbReadAhead *ahead;
    GQueue parts; /* of WbPart */
    bool is_long;
    bool is_awaited; /* the writer waits for its next part */
} Job;

struct WbReadAhead {
    WbReadFn read;
    void *user_data;
    GThreadPool *pool;
    GQueue jobs;          /* of Job, oldest first; the writer's own */
    GAsyncQueue *readers; /* that no thread uses now */
    GMutex lock;
    GCond came; /* a part of the text that is waited for */
    GCond room; /* for one more part of some text */
    bool is_stopped;
};

/* Puts a part into its job's queue; false: nobody wants it. */
static bool put_part(void *user_data, WbPart *part, bool is_long)
{
    Job *job = user_data;
    WbReadAhead *ahead = job->ahead;
    bool goes_on;

    g_mutex_lock(&ahead->lock);
    while (job->parts.length >= PARTS_MAX && !ahead->is_stopped)
        g_cond_wait(&ahead->room, &ahead->lock);
    goes_on = !ahead->is_stopped;
    if (goes_on) {
        job->is_long = is_long;
        g_queue_push_tail(&job->parts, part);
        if (job->is_awaited)
            g_cond_signal(&ahead->came);
    }
    g_mutex_unlock(&ahead->lock);
    if (!goes_on)
        wb_part_free(part);
    return goes_on;
}

static void read_job(void *data, void *user_data)
{
    Job *job = data;
    WbReadAhead *ahead = user_data;
    WbReader *reader = g_async_queue_try_pop(ahead->readers);
    bool is_stopped;

    if (!reader)
        reader = wb_reader_new();
    g_mutex_lock(&ahead->lock);
    is_stopped = ahead->is_stopped;
    g_mutex_unlock(&ahead->lock);
    if (!is_stopped)
        ahead->read(ahead->user_data, job->text, reader, put_part, job);
    g_async_queue_push(ahead->readers, reader);
}

WbReadAhead *wb_read_ahead_new(WbReadFn read, void *user_data)
{
    WbReadAhead *ahead = g_new0(WbReadAhead, 1);
    int threads = MIN((int)g_get_num_processors(), THREADS_MAX);

    ahead->read = read;
    ahead->user_data = user_data;
    g_queue_init(&ahead->jobs);
    g_mutex_init(&ahead->lock);
    g_cond_init(&ahead->came);
    g_cond_init(&ahead->room);
    ahead->readers = g_async_queue_new_full((GDestroyNotify)wb_reader_free);
    ahead->pool = g_thread_pool_new(read_job, ahead, threads, FALSE, NULL);
    return ahead;
}

void wb_read_ahead_stop(WbReadAhead *ahead)
{
    g_mutex_lock(&ahead->lock);
    ahead->is_stopped = true;
    g_cond_broadcast(&ahead->room);
    g_mutex_unlock(&ahead->lock);
    if (ahead->pool)
        g_thread_pool_free(ahead->pool, FALSE, TRUE);
    ahead->pool = NULL;
}

void wb_read_ahead_free(WbReadAhead *ahead)
{
    if (!ahead)
        return;
    wb_read_ahead_stop(ahead);
    g_async_queue_unref(ahead->readers);
    g_mutex_clear(&ahead->lock);
    g_cond_clear(&ahead->came);
    g_cond_clear(&ahead->room);
    g_free(ahead);
}

void wb_read_ahead_push(WbReadAhead *ahead, void *text)
{
    Job *job = g_new0(Job, 1);

    job->text = text;
    job->ahead = ahead;
    g_queue_init(&job->parts);
    g_queue_push_tail(&ahead->jobs, job);
    g_thread_pool_push(ahead->pool, job, NULL);
}

unsigned wb_read_ahead_count(const WbReadAhead *ahead)
{
    return ahead->jobs.length;
}

void *wb_read_ahead_text(const WbReadAhead *ahead)
{
    return ((const Job *)ahead->jobs.head->data)->text;
}

WbPart *wb_read_ahead_part(WbReadAhead *ahead, bool *out_is_long)
{
    Job *job = g_queue_peek_head(&ahead->jobs);
    WbPart *part;

    g_mutex_lock(&ahead->lock);
    job->is_awaited = true;
    while (g_queue_is_empty(&job->parts))
        g_cond_wait(&ahead->came, &ahead->lock);
    job->is_awaited = false;
    if (job->parts.length == PARTS_MAX)
        g_cond_broadcast(&ahead->room);
    part = g_queue_pop_head(&job->parts);
    *out_is_long = job->is_long;
    g_mutex_unlock(&ahead->lock);
    return part;
}

void *wb_read_ahead_pop(WbReadAhead *ahead)
{
    Job *job = g_queue_pop_head(&ahead->jobs);
    void *text;

    if (!job)
        return NULL;
    text = job->text;
    g_queue_clear_full(&job->parts, (GDestroyNotify)wb_part_free);
    g_free(job);
    return text;
}
