/*
 * faultserver: an HTTP server that misbehaves on order, one thread a connection.
 *
 *   faultserver BEHAVIOUR [--port N] [--ms N]
 *
 * Prints "PORT\n" once it is there and lives until it is killed (`die` ends by itself, after --ms).
 * On SIGTERM it prints "requests N connections M\n": requests that it read whole.
 *
 * Behaviours (`faultserver list` prints them):
 *   keepalive      200 with Content-Length, connection kept
 *   eof            HTTP/1.1 200 without a length: the body ends with the connection
 *   close          200 with Connection: close, and closes
 *   http10         HTTP/1.0 200 with a length, and closes
 *   silent-close   promises keep-alive, closes behind the response
 *   truncated      half of the promised body, then closes
 *   cut-head       half of a head, then closes
 *   cut-chunk      ends within a chunk
 *   404            404 with a length, kept
 *   500            500 with a length, kept
 *   never          reads, never answers
 *   late           answers after --ms (default 300)
 *   refuse         a port that nobody listens at
 *   reset          resets right after accept
 *   reset-reply    resets behind the response
 *   reset-body     resets within the body
 *   garbage        bytes that are no HTTP
 *   bad-chunk      a chunk size that is no number
 *   two-lengths    two Content-Lengths that differ
 *   unasked        a second response that nobody asked for
 *   drip           one byte at a time
 *   huge-head      a head of 1 MiB
 *   chunked        chunks, extensions and trailers, kept
 *   continue       100 and 103 before the 200, kept
 *   204            no body, kept
 *   die            serves, then exits after --ms (default 1200)
 *   half           every second connection is never served
 *   stall          serves, but nothing between --ms (default 500) and twice that
 *   once-in-ten    every tenth response of a connection is followed by a silent close
 *   status         the status that the path names (/404), 4 bytes of body, none to HEAD
 *   large          a body of 1 MiB, kept
 *   early          answers 413 before it has read the body, and closes
 */
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define OK(rest) "HTTP/1.1 200 OK\r\n" rest

typedef enum {
    SEND,  /* the text, then on */
    CLOSE, /* the text, then close */
    RESET, /* the text, then reset */
    OTHER, /* has its own code in serve() */
} Kind;

typedef struct {
    const char *name;
    Kind kind;
    const char *text;
    int ms; /* default of --ms */
} Behaviour;

static const Behaviour behaviours[] = {
    {"keepalive", SEND, OK("Content-Length: 5\r\n\r\nhello"), 0},
    {"eof", CLOSE, OK("Content-Type: text/plain\r\n\r\nhello"), 0},
    {"close", CLOSE, OK("Content-Length: 5\r\nConnection: close\r\n\r\nhello"), 0},
    {"http10", CLOSE, "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 0},
    {"silent-close", CLOSE, OK("Connection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"), 0},
    {"truncated", CLOSE, OK("Content-Length: 10\r\n\r\nhello"), 0},
    {"cut-head", CLOSE, OK("Content-Len"), 0},
    {"cut-chunk", CLOSE, OK("Transfer-Encoding: chunked\r\n\r\na\r\nhello"), 0},
    {"404", SEND, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope", 0},
    {"500", SEND, "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops", 0},
    {"never", OTHER, "", 0},
    {"late", OTHER, OK("Content-Length: 5\r\n\r\nhello"), 300},
    {"refuse", OTHER, "", 0},
    {"reset", RESET, "", 0},
    {"reset-reply", RESET, OK("Content-Length: 5\r\n\r\nhello"), 0},
    {"reset-body", RESET, OK("Content-Length: 10\r\n\r\nhello"), 0},
    {"garbage", SEND, "\x16\x03\x01 what is this? \xff\xfe\r\n\r\n", 0},
    {"bad-chunk", SEND, OK("Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"), 0},
    {"two-lengths", SEND, OK("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), 0},
    {"unasked", SEND, OK("Content-Length: 5\r\n\r\nhello") OK("Content-Length: 5\r\n\r\nhello"), 0},
    {"drip", OTHER, OK("Content-Length: 5\r\n\r\nhello"), 0},
    {"huge-head", OTHER, "", 0},
    {"chunked", SEND,
     OK("Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\n"
        "X-Sum: 1\r\n\r\n"),
     0},
    {"continue", SEND,
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" OK(
         "Content-Length: 5\r\n\r\nhello"),
     0},
    {"204", SEND, "HTTP/1.1 204 No Content\r\n\r\n", 0},
    {"die", SEND, OK("Content-Length: 5\r\n\r\nhello"), 1200},
    {"half", OTHER, OK("Content-Length: 5\r\n\r\nhello"), 0},
    {"stall", OTHER, OK("Content-Length: 5\r\n\r\nhello"), 500},
    {"once-in-ten", OTHER, OK("Content-Length: 5\r\n\r\nhello"), 0},
    {"status", OTHER, "", 0},
    {"large", OTHER, OK("Content-Length: 1048576\r\n\r\n"), 0},
    {"early", OTHER, "HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmore",
     0},
};

static const Behaviour *behaviour;
static int ms;
static struct timespec born;
static atomic_llong requests, connections;
static const char x_64k[65536];

typedef struct {
    int fd;
    long long number; /* of the connection */
    char method;      /* first letter of the last request's */
    int path;         /* number that its path is */
    char buffer[16384];
    size_t filled;
} Peer;

static int64_t age_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - born.tv_sec) * 1000 + (now.tv_nsec - born.tv_nsec) / 1000000;
}

static void sleep_ms(int64_t n)
{
    struct timespec ts = {n / 1000, (n % 1000) * 1000000};

    while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
        ;
}

static bool put(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* Body length that a request's head announces. */
static size_t body_length(const char *head, size_t len)
{
    const char *at = memmem(head, len, "Content-Length: ", 16);

    return at ? strtoul(at + 16, NULL, 10) : 0;
}

/* Read one request, head and body; false at the end of the connection. */
static bool read_request(Peer *p)
{
    for (;;) {
        const char *end = memmem(p->buffer, p->filled, "\r\n\r\n", 4);
        ssize_t n;

        if (end) {
            size_t head = (size_t)(end + 4 - p->buffer);
            size_t total = head + body_length(p->buffer, head);

            if (p->filled >= total) {
                const char *path = memchr(p->buffer, '/', head);

                p->method = p->buffer[0];
                p->path = path ? atoi(path + 1) : 0;
                memmove(p->buffer, p->buffer + total, p->filled - total);
                p->filled -= total;
                atomic_fetch_add(&requests, 1);
                return true;
            }
            if (behaviour->text && strcmp(behaviour->name, "early") == 0)
                return true;
        }
        n = recv(p->fd, p->buffer + p->filled, sizeof p->buffer - p->filled, 0);
        if (n <= 0)
            return false;
        p->filled += (size_t)n;
    }
}

static void reset(int fd)
{
    struct linger now = {1, 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static bool is(const char *name)
{
    return strcmp(behaviour->name, name) == 0;
}

static bool drip(int fd, const char *text)
{
    for (; *text; text++) {
        if (!put(fd, text, 1))
            return false;
        sleep_ms(1);
    }
    return true;
}

static bool put_huge_head(int fd)
{
    static const char line[] = "X-Filler: 0123456789012345678901234567890123456789012345678901\r\n";

    if (!put(fd, OK(""), 17))
        return false;
    for (int i = 0; i < 16384; i++)
        if (!put(fd, line, 64))
            return false;
    return put(fd, "Content-Length: 0\r\n\r\n", 21);
}

static bool put_status(const Peer *p)
{
    char text[128];
    int n = snprintf(text, sizeof text, "HTTP/1.1 %d Asked\r\nContent-Length: 4\r\n\r\n%s", p->path,
                     p->method == 'H' ? "" : "body");

    return put(p->fd, text, (size_t)n);
}

/* One answer of the behaviours that are more than a text. False: close. */
static bool answer_other(Peer *p, long long nth)
{
    const char *text = behaviour->text;

    if (is("never") || (is("half") && p->number % 2 == 1)) {
        while (recv(p->fd, p->buffer, sizeof p->buffer, 0) > 0)
            ;
        return false;
    }
    if (is("late"))
        sleep_ms(ms);
    if (is("stall") && age_ms() >= ms && age_ms() < 2 * (int64_t)ms)
        sleep_ms(2 * (int64_t)ms - age_ms());
    if (is("status"))
        return put_status(p);
    if (is("drip"))
        return drip(p->fd, text);
    if (is("huge-head"))
        return put_huge_head(p->fd);
    if (!put(p->fd, text, strlen(text)))
        return false;
    for (int i = 0; is("large") && i < 16; i++)
        if (!put(p->fd, x_64k, sizeof x_64k))
            return false;
    return !is("early") && !(is("once-in-ten") && nth % 10 == 0);
}

static void *serve(void *arg)
{
    Peer *p = arg;
    Kind kind = behaviour->kind;

    if (kind == RESET && behaviour->text[0] == '\0') {
        reset(p->fd);
    } else {
        for (long long nth = 1; read_request(p); nth++) {
            if (kind == OTHER) {
                if (!answer_other(p, nth))
                    break;
                continue;
            }
            if (!put(p->fd, behaviour->text, strlen(behaviour->text)) || kind == CLOSE)
                break;
            if (kind == RESET) {
                sleep_ms(5); /* or the reset may overtake the bytes */
                reset(p->fd);
                break;
            }
        }
    }
    close(p->fd);
    free(p);
    return NULL;
}

static void accept_forever(int listener)
{
    pthread_attr_t attr;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 65536);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        Peer *p = fd < 0 ? NULL : calloc(1, sizeof *p);
        int one = 1;
        pthread_t thread;

        if (!p)
            continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        p->fd = fd;
        p->number = atomic_fetch_add(&connections, 1);
        if (pthread_create(&thread, &attr, serve, p) != 0) {
            close(fd);
            free(p);
        }
    }
}

static void *end_by_signal(void *arg)
{
    int got;

    sigwait(arg, &got);
    printf("requests %lld connections %lld\n", atomic_load(&requests), atomic_load(&connections));
    fflush(stdout);
    _exit(0);
}

static void *end_by_time(void *arg)
{
    (void)arg;
    sleep_ms(ms);
    _exit(0);
}

static int bind_port(int port)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t len = sizeof addr;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&addr, len) < 0 || (!is("refuse") && listen(fd, 1024) < 0) ||
        getsockname(fd, (struct sockaddr *)&addr, &len) < 0) {
        perror("faultserver");
        exit(2);
    }
    printf("%d\n", ntohs(addr.sin_port));
    fflush(stdout);
    return fd;
}

static bool find_behaviour(const char *name)
{
    for (size_t i = 0; i < sizeof behaviours / sizeof *behaviours; i++) {
        if (strcmp(name, "list") == 0)
            printf("%s\n", behaviours[i].name);
        else if (strcmp(name, behaviours[i].name) == 0)
            behaviour = &behaviours[i];
    }
    return behaviour != NULL;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},
        {"ms", required_argument, NULL, 'm'},
        {NULL, 0, NULL, 0},
    };
    static sigset_t signals;
    pthread_t thread;
    int port = 0, listener;
    int opt;

    if (argc < 2 || !find_behaviour(argv[1]))
        return argc == 2 && strcmp(argv[1], "list") == 0 ? 0 : 2;
    ms = behaviour->ms;
    while ((opt = getopt_long(argc - 1, argv + 1, "", options, NULL)) >= 0) {
        if (opt == 'p')
            port = atoi(optarg);
        else if (opt == 'm')
            ms = atoi(optarg);
        else
            return 2;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    clock_gettime(CLOCK_MONOTONIC, &born);
    listener = bind_port(port);
    pthread_create(&thread, NULL, end_by_signal, &signals);
    if (is("die"))
        pthread_create(&thread, NULL, end_by_time, NULL);
    if (is("refuse"))
        for (;;)
            pause();
    accept_forever(listener);
}
