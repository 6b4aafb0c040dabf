/*
 * scripted_target: a server that behaves in one scripted way, for the tests of starting and
 * stopping.
 *
 *   scripted_target MODE PORT [MS]
 *
 * It listens on 127.0.0.1:PORT and answers "Hello World!". It ends by itself after a minute, with
 * all its children, whatever a test forgot.
 *
 * Modes:
 *   serve           serves
 *   never           lives, listens never
 *   deaf            listens, answers never
 *   late            listens after MS
 *   die-at-start    complains on stderr, exit status 3
 *   die-later       serves, and ends with exit status 9 after MS
 *   crash           serves, and aborts after MS
 *   background      forks a daemon that serves, and ends with exit status 0
 *   daemon          serves, and has a daemon that left its session, busy-free
 *   hidden-daemon   the same, the daemon with an empty environment
 *   chatty-daemon   the same, the daemon writing output and ignoring TERM
 *   ignore-term     serves, ignores TERM and INT
 *   int-only        ignores TERM, ends on INT
 *   orphan          a child serves; the leader alone ends on TERM
 *   stubborn        the same, and the child ignores TERM
 *   respawn         a child that ignores TERM and makes its successor every 10 ms; serves
 *   wrong-body      serves "Goodbye"
 *   500             serves with status 500
 *   slow            answers after MS
 *   flood           serves, and writes output without end
 *   works-on        each request leaves MS of CPU to be done after its answer
 *   env             serves the value of the variable TARGET_BODY
 *   cpus            serves the list of CPUs it may run on
 *   user            serves its user's number
 *   limits          serves somaxconn of its network
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LIFETIME_S  60
#define CONNECTIONS 256

static const char *mode;
static const char *self;
static int port, ms;
static const char *status = "200 OK";
static char body[256] = "Hello World!";
static int64_t owed_ns; /* of work */

static bool is(const char *name)
{
    return strcmp(mode, name) == 0;
}

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void sleep_ms(int64_t n)
{
    struct timespec ts = {n / 1000, (n % 1000) * 1000000};

    while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
        ;
}

static int open_listener(void)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&in, sizeof in) < 0 || listen(fd, 512) < 0) {
        perror("target: cannot listen");
        exit(4);
    }
    return fd;
}

static void answer(int fd)
{
    char text[1024];
    int n;

    if (is("slow"))
        sleep_ms(ms);
    n = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status,
                 strlen(body), body);
    send(fd, text, (size_t)n, MSG_NOSIGNAL);
    if (is("works-on"))
        owed_ns += (int64_t)ms * 1000000;
}

/* True: the connection goes on. A request comes in one piece from our own clients. */
static bool receive(int fd)
{
    char text[4096];
    ssize_t n = recv(fd, text, sizeof text, 0);

    if (n <= 0)
        return false;
    answer(fd);
    return true;
}

static void work(void)
{
    int64_t end = now_ns() + 5000000;

    while (now_ns() < end)
        ;
    owed_ns -= 5000000;
}

static void pester(void)
{
    static const char line[] =
        "a line of output that nobody ever wanted to read, and no end of it\n";

    for (int i = 0; i < 100; i++)
        if (write(1, line, sizeof line - 1) < 0)
            return;
}

static void serve(int listener)
{
    struct pollfd fds[CONNECTIONS] = {{listener, POLLIN, 0}};
    nfds_t n = 1;
    int64_t end = now_ns() + (int64_t)ms * 1000000;

    for (;;) {
        bool is_busy = owed_ns > 0 || is("flood");

        poll(fds, n, is_busy ? 0 : 10);
        if (owed_ns > 0)
            work();
        if (is("flood"))
            pester();
        if (is("die-later") && now_ns() >= end)
            exit(9);
        if (is("crash") && now_ns() >= end)
            abort();
        for (nfds_t i = n; i-- > 1;)
            if (fds[i].revents && !receive(fds[i].fd)) {
                close(fds[i].fd);
                fds[i] = fds[--n];
            }
        if (fds[0].revents && n < CONNECTIONS) {
            int fd = accept(listener, NULL, NULL);

            if (fd >= 0)
                fds[n++] = (struct pollfd){fd, POLLIN, 0};
        }
    }
}

static void sleep_for_ever(void)
{
    for (;;)
        pause();
}

/* A child with a lifetime of its own. */
static pid_t make_child(void)
{
    pid_t pid = fork();

    if (pid == 0)
        alarm(LIFETIME_S);
    return pid;
}

/* What a daemon does: a child of a child, in a session of its own. */
static bool become_daemon(void)
{
    if (make_child() > 0)
        return false;
    setsid();
    if (make_child() > 0)
        _exit(0);
    return true;
}

static void lead_daemon(void)
{
    if (!become_daemon())
        return;
    if (is("hidden-daemon")) {
        char *const argv[] = {(char *)"scripted_target", (char *)"never", (char *)"0", NULL};
        char *const env[] = {NULL};

        execve(self, argv, env);
        _exit(5);
    }
    if (is("chatty-daemon"))
        signal(SIGTERM, SIG_IGN);
    for (;;) {
        if (is("chatty-daemon"))
            pester();
        sleep_ms(50);
    }
}

/* Each lives 10 ms and leaves a successor. */
static void respawn(void)
{
    int64_t end = now_ns() + (int64_t)LIFETIME_S * 1000000000;

    if (make_child() > 0)
        return;
    signal(SIGTERM, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    while (now_ns() < end) {
        sleep_ms(10);
        if (fork() > 0)
            _exit(0);
    }
    _exit(0);
}

static void read_first_line(const char *path)
{
    FILE *f = fopen(path, "r");

    if (!f || !fgets(body, sizeof body, f))
        snprintf(body, sizeof body, "unknown");
    body[strcspn(body, "\n")] = '\0';
    if (f)
        fclose(f);
}

static void list_cpus(void)
{
    cpu_set_t cpus;
    size_t at = 0;

    sched_getaffinity(0, sizeof cpus, &cpus);
    body[0] = '\0';
    for (size_t i = 0; i < CPU_SETSIZE && at < sizeof body - 8; i++)
        if (CPU_ISSET(i, &cpus))
            at += (size_t)snprintf(body + at, sizeof body - at, "%zu ", i);
}

static void choose_body(void)
{
    if (is("wrong-body"))
        snprintf(body, sizeof body, "Goodbye");
    if (is("500"))
        status = "500 Internal Server Error";
    if (is("env"))
        snprintf(body, sizeof body, "%s", getenv("TARGET_BODY") ? getenv("TARGET_BODY") : "none");
    if (is("cpus"))
        list_cpus();
    if (is("user"))
        snprintf(body, sizeof body, "%d", (int)getuid());
    if (is("limits"))
        read_first_line("/proc/sys/net/core/somaxconn");
}

/* What the mode does before it listens; some never come back. */
static void begin(void)
{
    if (is("never"))
        sleep_for_ever();
    if (is("die-at-start")) {
        fprintf(stderr, "reading the settings\ntarget: no such application: hello\n");
        exit(3);
    }
    if (is("late"))
        sleep_ms(ms);
    if (is("ignore-term") || is("int-only"))
        signal(SIGTERM, SIG_IGN);
    if (is("ignore-term"))
        signal(SIGINT, SIG_IGN);
    if (is("background") && !become_daemon())
        exit(0);
    if (is("daemon") || is("hidden-daemon") || is("chatty-daemon"))
        lead_daemon();
    if (is("respawn"))
        respawn();
    if ((is("orphan") || is("stubborn"))) {
        if (make_child() > 0)
            sleep_for_ever();
        if (is("stubborn"))
            signal(SIGTERM, SIG_IGN);
    }
}

int main(int argc, char **argv)
{
    static char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    int listener;

    if (argc < 3 || n <= 0)
        return 2;
    self = path;
    mode = argv[1];
    port = atoi(argv[2]);
    ms = argc > 3 ? atoi(argv[3]) : 0;
    alarm(LIFETIME_S);
    begin();
    choose_body();
    listener = open_listener();
    if (is("deaf"))
        sleep_for_ever();
    serve(listener);
}
