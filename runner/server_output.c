/*
 * Output: a pipe of 1 MiB is emptied without blocking, by the thread as by whoever asks, so that
 * the words of a server that has just died are there when they are asked for.
 */
#include "runner/server_output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PART_BYTES 65536
#define PIPE_BYTES (1 << 20)
#define REST_US    5000 /* between two looks while output comes */

struct WbOutput {
    pthread_mutex_t lock; /* not GMutex: ThreadSanitizer cannot see that one */
    int read_end;
    int write_end;
    int quit; /* eventfd */
    GThread *thread;
    int64_t bytes; /* written by the server in all */
    char first[PART_BYTES];
    char last[PART_BYTES]; /* ring; byte i of the output is at i % PART_BYTES, from PART_BYTES on */
};

/* Lock held. */
static void keep(WbOutput *o, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len;) {
        bool is_first = o->bytes < PART_BYTES;
        size_t at = (size_t)(o->bytes % PART_BYTES);
        size_t n = MIN(len - i, PART_BYTES - at);

        memcpy((is_first ? o->first : o->last) + at, bytes + i, n);
        o->bytes += (int64_t)n;
        i += n;
    }
}

typedef enum {
    QUIET, /* the pipe is empty */
    FULL,  /* there may be more */
    ENDED,
} Pumped;

/* Takes what is in the pipe, but no more than it can hold: a flood does not keep us for ever. */
static Pumped pump(WbOutput *o)
{
    static const size_t most = PIPE_BYTES;
    char bytes[16384];
    size_t taken = 0;
    ssize_t n = 0;
    int why;

    pthread_mutex_lock(&o->lock);
    while (taken < most && (n = read(o->read_end, bytes, sizeof bytes)) > 0) {
        keep(o, bytes, (size_t)n);
        taken += (size_t)n;
    }
    why = errno;
    pthread_mutex_unlock(&o->lock);
    if (taken >= most)
        return FULL;
    return n == 0 || (why != EAGAIN && why != EINTR) ? ENDED : QUIET;
}

static void *read_all(void *data)
{
    WbOutput *o = data;
    struct pollfd fds[] = {{o->quit, POLLIN, 0}, {o->read_end, POLLIN, 0}};

    for (;;) {
        Pumped pumped;

        fds[0].revents = 0;
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return NULL;
        pumped = pump(o);
        if (pumped == ENDED || (fds[0].revents & POLLIN))
            return NULL;
        if (pumped == QUIET)
            poll(fds, 1, REST_US / 1000);
    }
}

WbOutput *wb_output_new(void)
{
    g_autoptr(WbOutput) o = g_new0(WbOutput, 1);
    int ends[2];

    pthread_mutex_init(&o->lock, NULL);
    o->read_end = o->write_end = -1;
    o->quit = eventfd(0, EFD_CLOEXEC);
    if (o->quit < 0 || pipe2(ends, O_CLOEXEC) < 0)
        return NULL;
    o->read_end = ends[0];
    o->write_end = ends[1];
    fcntl(o->read_end, F_SETPIPE_SZ, PIPE_BYTES); /* or stays as it is: a bound for users */
    fcntl(o->read_end, F_SETFL, O_NONBLOCK);      /* of our end only; the server's blocks */
    o->thread = g_thread_try_new("output", read_all, o, NULL);
    if (!o->thread) {
        errno = EAGAIN;
        return NULL;
    }
    return g_steal_pointer(&o);
}

void wb_output_free(WbOutput *output)
{
    const uint64_t one = 1;
    int error = errno;

    if (!output)
        return;
    wb_output_close_write_end(output);
    if (output->thread && write(output->quit, &one, sizeof one) == (ssize_t)sizeof one)
        g_thread_join(output->thread);
    if (output->read_end >= 0)
        close(output->read_end);
    if (output->quit >= 0)
        close(output->quit);
    pthread_mutex_destroy(&output->lock);
    g_free(output);
    errno = error;
}

int wb_output_write_end(const WbOutput *output)
{
    return output->write_end;
}

void wb_output_close_write_end(WbOutput *output)
{
    if (output->write_end >= 0)
        close(output->write_end);
    output->write_end = -1;
}

int64_t wb_output_bytes(WbOutput *output)
{
    int64_t bytes;

    pump(output);
    pthread_mutex_lock(&output->lock);
    bytes = output->bytes;
    pthread_mutex_unlock(&output->lock);
    return bytes;
}

/* Lock held. All that is kept, with a line for what is not. */
static GString *join(const WbOutput *o)
{
    GString *text = g_string_new(NULL);
    int64_t late = o->bytes - PART_BYTES; /* bytes behind the first part */

    g_string_append_len(text, o->first, (gssize)MIN(o->bytes, PART_BYTES));
    if (late > PART_BYTES) {
        size_t at = (size_t)(o->bytes % PART_BYTES);

        g_string_append_printf(text, "\n[%" PRId64 " bytes of output left out]\n",
                               late - PART_BYTES);
        g_string_append_len(text, o->last + at, (gssize)(PART_BYTES - at));
        g_string_append_len(text, o->last, (gssize)at);
    } else if (late > 0) {
        g_string_append_len(text, o->last, (gssize)late);
    }
    return text;
}

char *wb_output_lines(WbOutput *output, int lines)
{
    GString *text;
    size_t from;
    char *valid;

    pump(output);
    pthread_mutex_lock(&output->lock);
    text = join(output);
    pthread_mutex_unlock(&output->lock);
    while (text->len > 0 && strchr("\r\n", text->str[text->len - 1]))
        g_string_truncate(text, text->len - 1);
    from = text->len;
    while (from > 0 && (text->str[from - 1] != '\n' || --lines > 0))
        from--;
    valid = g_utf8_make_valid(text->str + from, (gssize)(text->len - from));
    g_string_free(text, TRUE);
    for (char *c = valid; *c; c++)
        if (g_ascii_iscntrl(*c) && *c != '\n' && *c != '\t')
            *c = *c == '\r' ? ' ' : '?';
    return valid;
}
