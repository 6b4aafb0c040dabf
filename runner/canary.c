/*
 * Canary: the server is a forked child, so that client and server are two processes as in a run. It
 * dies with its parent, and is ended by its pid.
 */
#include "runner/canary.h"

#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/engine/engine.h"

#define CONNECTIONS 4
#define DURATION_NS INT64_C(300000000)

/* Answers whatever comes in one piece; the load is ours, and sends one small request at a time. */
static void serve(int listener)
{
    static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    struct pollfd polls[CONNECTIONS + 1] = {{.fd = listener, .events = POLLIN}};
    char bytes[1024];
    nfds_t n = 1;

    for (;;) {
        if (poll(polls, n, -1) < 0 && errno != EINTR)
            return;
        for (nfds_t i = 1; i < n; i++)
            if (polls[i].revents && read(polls[i].fd, bytes, sizeof bytes) > 0 &&
                send(polls[i].fd, reply, sizeof reply - 1, MSG_NOSIGNAL) < 0)
                return;
        if ((polls[0].revents & POLLIN) && n < CONNECTIONS + 1) {
            int fd = accept(listener, NULL, NULL);

            if (fd >= 0)
                polls[n++] = (struct pollfd){.fd = fd, .events = POLLIN};
        }
    }
}

static int listen_on_loopback(struct sockaddr_in *out_address)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && bind(fd, (struct sockaddr *)(void *)&address, len) == 0 &&
        listen(fd, CONNECTIONS) == 0 &&
        getsockname(fd, (struct sockaddr *)(void *)&address, &len) == 0) {
        *out_address = address;
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static pid_t start_server(int listener)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent)
            serve(listener);
        _exit(0);
    }
    return pid;
}

double wb_canary_rate(void)
{
    static const char bytes[] = "GET / HTTP/1.1\r\nHost: canary\r\n\r\n";
    const WbRequest request = {.bytes = bytes, .len = sizeof bytes - 1};
    struct sockaddr_in bound;
    WbAddress address = {.len = sizeof bound};
    WbLoad load = {.threads = 1,
                   .connections = CONNECTIONS,
                   .duration_ns = DURATION_NS,
                   .timeout_ns = INT64_C(1000000000),
                   .slice_ns = DURATION_NS,
                   .expect_length = -1,
                   .io = WB_IO_EPOLL,
                   .addresses = &address,
                   .addresses_n = 1,
                   .requests = &request,
                   .requests_n = 1};
    int listener = listen_on_loopback(&bound);
    WbLoadResult *result = NULL;
    double rate = NAN;
    pid_t pid;

    if (listener < 0)
        return NAN;
    memcpy(&address.addr, &bound, sizeof bound);
    pid = start_server(listener);
    close(listener);
    if (pid < 0)
        return NAN;
    if (wb_engine_run(&load, NULL, NULL, NULL, &result) == 0 && result->elapsed_ns > 0)
        rate = (double)result->requests * 1e9 / (double)result->elapsed_ns;
    wb_engine_result_free(result);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return rate;
}
