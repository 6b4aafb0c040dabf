/*
 * responder: a very fast HTTP server for benches and counts. Every request (whatever ends with an
 * empty line and has no body) gets the same reply; all requests of one read are answered by one
 * write, so that pipelining pays. One thread, epoll, edge-triggered.
 *
 *   responder [--port N] [--unix PATH] [--body-size N] [--inet6]
 *
 * Prints "PORT\n" (or the path) once it listens. On SIGUSR1 it prints "requests N connections M\n",
 * and the same at its end by SIGTERM or SIGINT.
 */
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FILES_MAX 65536
#define BATCH     64 /* replies in one write */

typedef struct {
    unsigned seen; /* bytes of the empty line "\r\n\r\n" that were matched */
    size_t owed;   /* bytes of replies still to be written */
} Peer;

static Peer peers[FILES_MAX];
static char *replies; /* BATCH times the reply */
static size_t reply_len;
static long long requests, connections;

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void make_replies(size_t body_size)
{
    char head[128];
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 200 OK\r\nServer: responder\r\nContent-Type: text/plain\r\n"
                     "Content-Length: %zu\r\n\r\n",
                     body_size);

    reply_len = (size_t)n + body_size;
    replies = malloc(reply_len * BATCH);
    if (!replies)
        die("malloc");
    for (int i = 0; i < BATCH; i++) {
        memcpy(replies + (size_t)i * reply_len, head, (size_t)n);
        memset(replies + (size_t)i * reply_len + n, 'x', body_size);
    }
}

static int listen_at(int port, bool inet6, const char *path)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    struct sockaddr *addr = inet6 ? (void *)&in6 : (void *)&in;
    socklen_t len = inet6 ? sizeof in6 : sizeof in;
    int one = 1;
    int fd;

    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in6.sin6_addr = in6addr_loopback;
    if (path) {
        snprintf(un.sun_path, sizeof un.sun_path, "%s", path);
        addr = (void *)&un;
        len = sizeof un;
    }
    fd = socket(addr->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, addr, len) < 0 || listen(fd, 4096) < 0)
        die("bind");
    if (path) {
        printf("%s\n", path);
    } else {
        if (getsockname(fd, addr, &len) < 0)
            die("getsockname");
        printf("%d\n", ntohs(inet6 ? in6.sin6_port : in.sin_port));
    }
    fflush(stdout);
    return fd;
}

static void accept_all(int set, int listener)
{
    int one = 1;
    int fd;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = fd};

        if (fd >= FILES_MAX) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        peers[fd] = (Peer){0};
        connections++;
        epoll_ctl(set, EPOLL_CTL_ADD, fd, &ev);
    }
}

/* How many requests end in these bytes. */
static size_t count_ends(Peer *peer, const char *bytes, size_t len)
{
    const char *p = bytes, *end = bytes + len;
    size_t n = 0;

    /* The common case: each buffer holds whole requests. */
    while (p < end) {
        if (peer->seen == 0) {
            p = memchr(p, '\r', (size_t)(end - p));
            if (!p)
                break;
        }
        if (*p == "\r\n\r\n"[peer->seen])
            peer->seen++;
        else
            peer->seen = *p == '\r';
        p++;
        if (peer->seen == 4) {
            peer->seen = 0;
            n++;
        }
    }
    return n;
}

/* False if the peer is gone. */
static bool write_owed(int fd, Peer *peer)
{
    while (peer->owed > 0) {
        size_t at = (reply_len - peer->owed % reply_len) % reply_len;
        size_t most = reply_len * BATCH - at;
        ssize_t n = send(fd, replies + at, peer->owed < most ? peer->owed : most, MSG_NOSIGNAL);

        if (n < 0)
            return errno == EAGAIN;
        peer->owed -= (size_t)n;
    }
    return true;
}

static void serve(int fd, uint32_t events)
{
    static char buffer[65536];
    Peer *peer = &peers[fd];
    ssize_t n = 1;

    while (events & ~(uint32_t)EPOLLOUT) {
        size_t ends;

        n = recv(fd, buffer, sizeof buffer, 0);
        if (n <= 0)
            break;
        ends = count_ends(peer, buffer, (size_t)n);
        requests += (long long)ends;
        peer->owed += ends * reply_len;
        if (n < (ssize_t)sizeof buffer && !(events & (EPOLLHUP | EPOLLERR)))
            break;
    }
    if (n == 0 || (n < 0 && errno != EAGAIN) || !write_owed(fd, peer))
        close(fd);
}

static void report(void)
{
    printf("requests %lld connections %lld\n", requests, connections);
    fflush(stdout);
}

static int watch_signals(int set)
{
    struct epoll_event ev = {.events = EPOLLIN};
    sigset_t mask;

    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    ev.data.fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    epoll_ctl(set, EPOLL_CTL_ADD, ev.data.fd, &ev);
    return ev.data.fd;
}

static void run(int listener)
{
    struct epoll_event events[512];
    struct epoll_event ev = {.events = EPOLLIN | EPOLLET, .data.fd = listener};
    int set = epoll_create1(EPOLL_CLOEXEC);
    int signals = watch_signals(set);

    epoll_ctl(set, EPOLL_CTL_ADD, listener, &ev);
    for (;;) {
        int n = epoll_wait(set, events, 512, -1);

        for (int i = 0; i < n; i++) {
            struct signalfd_siginfo info;

            if (events[i].data.fd == listener) {
                accept_all(set, listener);
            } else if (events[i].data.fd != signals) {
                serve(events[i].data.fd, events[i].events);
            } else if (read(signals, &info, sizeof info) == sizeof info) {
                report();
                if (info.ssi_signo != SIGUSR1)
                    return;
            }
        }
    }
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},
        {"body-size", required_argument, NULL, 'b'},
        {"unix", required_argument, NULL, 'u'},
        {"inet6", no_argument, NULL, '6'},
        {NULL, 0, NULL, 0},
    };
    struct rlimit limit = {0};
    const char *path = NULL;
    size_t body_size = 12;
    bool inet6 = false;
    int port = 0;
    int opt;

    while ((opt = getopt_long(argc, argv, "", options, NULL)) >= 0) {
        if (opt == 'p')
            port = atoi(optarg);
        else if (opt == 'b')
            body_size = strtoul(optarg, NULL, 10);
        else if (opt == 'u')
            path = optarg;
        else if (opt == '6')
            inet6 = true;
        else
            return 2;
    }
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    make_replies(body_size);
    run(listen_at(port, inet6, path));
    return 0;
}
