/*
 * demo_server PARENT_PID: the servers that `wrkbook demo` measures.
 *
 * One process and one thread listen on ports of 127.0.0.1 that the kernel chooses, one a "server",
 * and print a line `NAME PORT` for each. The paths /plain, /json and /page are the "frameworks":
 * answering them takes 8, 20 and 45 us of work, so that the figures have an order that can be
 * known beforehand. The servers differ in what an article would find: one is steady, one speeds up
 * and slows down, one closes every connection after its reply without having announced it.
 *
 * It ends when its parent does (PARENT_PID guards against one that has ended already), on SIGTERM,
 * and after ten minutes in any case.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LIFETIME_S  600
#define CONNECTIONS 1024 /* descriptors above are closed at once */
#define HEAD_BYTES  2048 /* of a request; a longer one is closed */
#define MOOD_NS     INT64_C(120000000)

typedef struct {
    const char *name;
    bool moody;  /* its work takes 0.7 to 2.2 times as long, anew every MOOD_NS */
    bool hangup; /* closes after each reply, unannounced */
} Server;

static const Server servers[] = {
    {.name = "steady"},
    {.name = "moody", .moody = true},
    {.name = "hangup", .hangup = true},
};
#define SERVERS (sizeof servers / sizeof servers[0])

typedef struct {
    const char *path;
    int64_t work_ns;
    size_t body_bytes;
} Framework;

static const Framework frameworks[] = {
    {"/plain", 8000, 12},
    {"/json", 20000, 180},
    {"/page", 45000, 2400},
};
#define FRAMEWORKS (sizeof frameworks / sizeof frameworks[0])

typedef struct {
    const Server *server; /* NULL: not open */
    size_t len;
    char head[HEAD_BYTES];
} Connection;

static Connection connections[CONNECTIONS];
static const Server *listens[CONNECTIONS]; /* by descriptor; NULL: no listening socket */
static char replies[FRAMEWORKS][4096];
static size_t reply_lens[FRAMEWORKS];
static const char not_found[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* How much slower the moody server is now, in percent. The same row of moods every time. */
static int64_t mood_percent(int64_t now)
{
    static uint64_t state = 88172645463325252U;
    static int64_t until, percent;

    if (now >= until) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        percent = 70 + (int64_t)(state % 151);
        until = now + MOOD_NS;
    }
    return percent;
}

static void work(const Server *server, int64_t ns)
{
    int64_t now = now_ns();
    int64_t end = now + (server->moody ? ns * mood_percent(now) / 100 : ns);

    while (now_ns() < end)
        ;
}

static void write_replies(void)
{
    for (size_t i = 0; i < FRAMEWORKS; i++) {
        size_t body = frameworks[i].body_bytes;
        int head =
            snprintf(replies[i], sizeof replies[i],
                     "HTTP/1.1 200 OK\r\nServer: wrkbook-demo\r\nContent-Type: text/plain\r\n"
                     "Content-Length: %zu\r\n\r\n",
                     body);

        memset(replies[i] + head, 'x', body);
        reply_lens[i] = (size_t)head + body;
    }
}

static void drop(int fd)
{
    connections[fd].server = NULL;
    close(fd);
}

/* Answers the request at the start of the connection's head; false: the connection is closed. */
static bool answer(int fd, Connection *c)
{
    const char *reply = not_found;
    size_t len = sizeof not_found - 1;

    for (size_t i = 0; i < FRAMEWORKS; i++) {
        size_t n = strlen(frameworks[i].path);

        if (c->len > 5 + n && !memcmp(c->head, "GET ", 4) &&
            !memcmp(c->head + 4, frameworks[i].path, n) && c->head[4 + n] == ' ') {
            work(c->server, frameworks[i].work_ns);
            reply = replies[i];
            len = reply_lens[i];
        }
    }
    if (send(fd, reply, len, MSG_NOSIGNAL) != (ssize_t)len || c->server->hangup) {
        drop(fd);
        return false;
    }
    return true;
}

static void receive(int fd)
{
    Connection *c = &connections[fd];
    ssize_t n = recv(fd, c->head + c->len, sizeof c->head - c->len, 0);

    if (n <= 0) {
        drop(fd);
        return;
    }
    c->len += (size_t)n;
    for (;;) {
        const char *end = memmem(c->head, c->len, "\r\n\r\n", 4);
        size_t used;

        if (!end)
            break;
        if (!answer(fd, c))
            return;
        used = (size_t)(end - c->head) + 4;
        c->len -= used;
        memmove(c->head, c->head + used, c->len);
    }
    if (c->len == sizeof c->head)
        drop(fd);
}

static void watch(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        drop(fd);
}

static void accept_all(int epoll, int fd)
{
    const int on = 1;
    int peer;

    while ((peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (peer >= CONNECTIONS) {
            close(peer);
            continue;
        }
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections[peer].server = listens[fd];
        connections[peer].len = 0;
        watch(epoll, peer);
    }
}

static bool open_server(int epoll, const Server *server)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof addr;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0 || fd >= CONNECTIONS || bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 ||
        listen(fd, CONNECTIONS) < 0 || getsockname(fd, (struct sockaddr *)&addr, &len) < 0)
        return false;
    listens[fd] = server;
    watch(epoll, fd);
    return printf("%s %d\n", server->name, ntohs(addr.sin_port)) > 0;
}

int main(int argc, char **argv)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (argc != 2 || getppid() != (pid_t)strtol(argv[1], NULL, 10)) {
        fputs("usage: demo_server PARENT_PID\n", stderr);
        return 2;
    }
    alarm(LIFETIME_S);
    write_replies();
    for (size_t i = 0; i < SERVERS; i++)
        if (!open_server(epoll, &servers[i])) {
            perror("demo_server: cannot listen on 127.0.0.1");
            return 2;
        }
    if (fflush(stdout) != 0)
        return 2;
    for (;;) {
        struct epoll_event events[64];
        int n = epoll_wait(epoll, events, 64, -1);

        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;

            if (listens[fd])
                accept_all(epoll, fd);
            else if (connections[fd].server)
                receive(fd);
        }
    }
}
