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
 *   work            each request takes MS of CPU before its answer
 *   narrow          accepts one connection every MS, from a queue that holds nine
 *   few-files       may open 12 files, and complains about more
 *   worker-dies     two workers of 4 connections each; one is killed after 500 answers
 *   worker-timeout  the same, with the words that gunicorn's master has for it
 *   recycle         both end after 500 answers each, and announce it on each connection
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
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIFETIME_S  60
#define CONNECTIONS 256

#define WORKERS            2
#define WORKER_CONNECTIONS 4
#define WORKER_ANSWERS     500

static const char *mode;
static const char *self;
static int port, ms;
static const char *status = "200 OK";
static char body[256] = "Hello World!";
static int64_t owed_ns;                 /* of work */
static nfds_t places = CONNECTIONS - 1; /* open at once */
static int answers_left = -1;           /* of a worker; negative: no limit */

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
    if (bind(fd, (struct sockaddr *)&in, sizeof in) < 0 || listen(fd, is("narrow") ? 8 : 512) < 0) {
        perror("target: cannot listen");
        exit(4);
    }
    return fd;
}

/* Of this thread's own CPU time, which others on its core do not make longer or shorter. */
static void burn(int64_t ns)
{
    struct timespec t;
    int64_t end;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    end = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec + ns;
    do
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    while ((int64_t)t.tv_sec * 1000000000 + t.tv_nsec < end);
}

/* A worker that is not to be replaced quietly ends here. */
static void count_answer(void)
{
    if (answers_left <= 0 || --answers_left > 0 || is("recycle"))
        return;
    if (is("worker-timeout"))
        fprintf(stderr, "[CRITICAL] WORKER TIMEOUT (pid:%d)\n", (int)getpid());
    raise(SIGKILL);
}

/* True: the connection goes on. */
static bool answer(int fd)
{
    bool is_last = answers_left == 0;
    char text[1024];
    int n;

    if (is("slow"))
        sleep_ms(ms);
    if (is("work"))
        burn((int64_t)ms * 1000000);
    n = snprintf(text, sizeof text, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%s", status,
                 is_last ? "Connection: close\r\n" : "", strlen(body), body);
    send(fd, text, (size_t)n, MSG_NOSIGNAL);
    if (is("works-on"))
        owed_ns += (int64_t)ms * 1000000;
    count_answer();
    return !is_last;
}

/* True: the connection goes on. A request comes in one piece from our own clients. */
static bool receive(int fd)
{
    char text[4096];
    ssize_t n = recv(fd, text, sizeof text, 0);

    return n > 0 && answer(fd);
}

static void work(void)
{
    burn(5000000);
    owed_ns -= 5000000;
}

static void take_connection(int listener, struct pollfd *fds, nfds_t *n)
{
    int fd = accept(listener, NULL, NULL);

    if (fd >= 0)
        fds[(*n)++] = (struct pollfd){fd, POLLIN, 0};
    else if (is("few-files"))
        perror("target: accept");
    if (is("narrow") || fd < 0)
        sleep_ms(fd < 0 ? 10 : ms);
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

        fds[0].events = n <= places && answers_left != 0 ? POLLIN : 0;
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
        if (answers_left == 0 && n == 1)
            exit(0); /* recycle: the last connection has gone */
        if (fds[0].revents)
            take_connection(listener, fds, &n);
    }
}

/* A child with a lifetime of its own. */
static pid_t make_child(void)
{
    pid_t pid = fork();

    if (pid == 0)
        alarm(LIFETIME_S);
    return pid;
}

static void be_worker(int listener, int answers)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    fcntl(listener, F_SETFL, O_NONBLOCK); /* another worker may be first */
    places = WORKER_CONNECTIONS;
    answers_left = answers;
    serve(listener);
}

/* Those that the first two workers make room for have no limit. */
static void lead_workers(int listener)
{
    for (int i = 0; i < WORKERS; i++)
        if (make_child() == 0)
            be_worker(listener, i == 0 || is("recycle") ? WORKER_ANSWERS : -1);
    for (;;)
        if (wait(NULL) > 0 && make_child() == 0)
            be_worker(listener, -1);
}

static void sleep_for_ever(void)
{
    for (;;)
        pause();
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
    if (is("few-files"))
        setrlimit(RLIMIT_NOFILE, &(struct rlimit){12, 12});
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
    if (is("worker-dies") || is("worker-timeout") || is("recycle"))
        lead_workers(listener);
    serve(listener);
}
