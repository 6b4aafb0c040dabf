/*
 * A server of one connection, in a thread of the test, that reads slowly into a small buffer: what
 * is sent to it must be sent in parts.
 */
#ifndef WB_TESTS_UNIT_SLOW_READER_H
#define WB_TESTS_UNIT_SLOW_READER_H

#include <glib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/engine_harness.h"

/* Each request begins with a P, where the one before it ended, and is answered when its last byte,
 * an x, has come. */
typedef struct {
    int listener;
    size_t request_len;
    int requests; /* that came whole */
    GThread *thread;
} SlowReader;

static inline void *read_slowly(void *data)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    SlowReader *slow = data;
    int fd = accept(slow->listener, NULL, NULL);
    g_autofree char *buffer = g_malloc(65536);
    size_t at = 0; /* in the present request */
    ssize_t n;

    while ((n = read(fd, buffer, 65536)) > 0) {
        for (ssize_t i = 0; i < n;) {
            size_t rest = MIN(slow->request_len - at, (size_t)(n - i));

            g_assert_true(at > 0 || buffer[i] == 'P');
            at += rest;
            i += (ssize_t)rest;
            if (at < slow->request_len)
                break;
            g_assert_cmpint(buffer[i - 1], ==, 'x');
            g_assert_cmpint(write(fd, answer, sizeof answer - 1), ==, sizeof answer - 1);
            slow->requests++;
            at = 0;
        }
        if (n > 32768)
            g_usleep(100);
    }
    close(fd);
    return NULL;
}

/* Returns its port. */
static inline int slow_reader_start(SlowReader *slow, size_t request_len)
{
    WbAddress a = tcp_address(0);
    socklen_t len = sizeof a.addr;
    int small = 4096;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&a.addr, a.len), ==, 0);
    g_assert_cmpint(listen(fd, 1), ==, 0);
    getsockname(fd, (struct sockaddr *)&a.addr, &len);
    *slow = (SlowReader){.listener = fd, .request_len = request_len};
    slow->thread = g_thread_new("slow", read_slowly, slow);
    return ntohs(((struct sockaddr_in *)&a.addr)->sin_port);
}

/* Wait until its peer has closed. Returns how many requests came. */
static inline int slow_reader_stop(SlowReader *slow)
{
    g_thread_join(slow->thread);
    close(slow->listener);
    return slow->requests;
}

#endif
