/*
 * gnuplot: see gnuplot.h. Each process is served by a thread of its own: it writes the script, and
 * reads what comes until both pipes are closed.
 */
#include "report/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM         "gnuplot"
#define CPU_SECONDS     20
#define WALL_MS         60000
#define FILE_BYTES      (64L << 20)
#define MEMORY_BYTES    (1L << 30)
#define PICTURE_BYTES   (64U << 20)
#define COMPLAINT_BYTES 4096
#define OLDEST_MAJOR    5
#define OLDEST_MINOR    4

G_DEFINE_QUARK(wb - gnuplot - error - quark, wb_gnuplot_error)

/* One process while it runs. */
typedef struct {
    const char *script;
    char *const *arguments;
    GByteArray *picture, *complaint;
    pid_t pid;
    int in, out, err;
    GError *error;
} Job;

static void limit(__rlimit_resource_t what, rlim_t value)
{
    const struct rlimit both = {value, value};

    setrlimit(what, &both);
}

/* In the child: only what may be called between fork and exec. Descriptors close by themselves. */
static void become(char *const *arguments, char *const *environment, const char *path)
{
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_FSIZE, FILE_BYTES);
    limit(RLIMIT_AS, MEMORY_BYTES);
    limit(RLIMIT_NPROC, 0); /* no popen, where the user is not root */
    limit(RLIMIT_CORE, 0);
    signal(SIGPIPE, SIG_DFL);
    execve(path, arguments, environment);
    _exit(127);
}

static void set_missing(GError **error, const char *why)
{
    g_set_error(error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_MISSING,
                "charts are drawn by gnuplot 5.4 or later, and %s; install gnuplot (Debian: "
                "gnuplot-nox), or go without charts (--no-charts)",
                why);
}

static bool make_pipes(int pipes[3][2])
{
    for (int i = 0; i < 3; i++)
        pipes[i][0] = pipes[i][1] = -1;
    for (int i = 0; i < 3; i++)
        if (pipe2(pipes[i], O_CLOEXEC) != 0)
            return false;
    return true;
}

static void close_pipes(int pipes[3][2])
{
    for (int i = 0; i < 3; i++)
        for (int end = 0; end < 2; end++)
            if (pipes[i][end] >= 0)
                close(pipes[i][end]);
}

static bool start(Job *job)
{
    g_autofree char *path = g_find_program_in_path(PROGRAM);
    g_autofree char *search = g_strconcat("PATH=", g_getenv("PATH"), NULL);
    char *environment[] = {search, "LC_ALL=C.UTF-8", "HOME=/nonexistent", NULL};
    int pipes[3][2];

    if (!path) {
        set_missing(&job->error, "there is none in the PATH");
        return false;
    }
    if (!make_pipes(pipes) || (job->pid = fork()) < 0) {
        set_missing(&job->error, g_strerror(errno));
        close_pipes(pipes);
        return false;
    }
    if (job->pid == 0) {
        dup2(pipes[0][0], STDIN_FILENO);
        dup2(pipes[1][1], STDOUT_FILENO);
        dup2(pipes[2][1], STDERR_FILENO);
        become(job->arguments, environment, path);
    }
    close(pipes[0][0]);
    close(pipes[1][1]);
    close(pipes[2][1]);
    job->in = pipes[0][1];
    job->out = pipes[1][0];
    job->err = pipes[2][0];
    fcntl(job->in, F_SETFL, O_NONBLOCK);
    return true;
}

/* What comes from a pipe; false at its end. */
static bool take(int fd, GByteArray *into, size_t most)
{
    guint8 piece[65536];
    ssize_t n = read(fd, piece, sizeof piece);

    if (n > 0 && into->len < most)
        g_byte_array_append(into, piece, (guint)MIN((size_t)n, most - into->len));
    return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* A reader that is gone (EPIPE) is told by its status, not by this. */
static bool give(Job *job, size_t *done, size_t len)
{
    ssize_t n = write(job->in, job->script + *done, len - *done);

    if (n > 0)
        *done += (size_t)n;
    else if (n < 0 && errno != EINTR && errno != EAGAIN)
        return false;
    return *done < len;
}

static void close_one(struct pollfd *pipe)
{
    close(pipe->fd);
    pipe->fd = -1;
}

/* Serves all three pipes until gnuplot has closed its own. */
static void serve(Job *job)
{
    struct pollfd pipes[] = {{job->in, POLLOUT, 0}, {job->out, POLLIN, 0}, {job->err, POLLIN, 0}};
    size_t done = 0, len = strlen(job->script);
    gint64 until = g_get_monotonic_time() + WALL_MS * G_GINT64_CONSTANT(1000);

    while (pipes[1].fd >= 0 || pipes[2].fd >= 0) {
        gint64 left = (until - g_get_monotonic_time()) / 1000;

        if (left <= 0 || (poll(pipes, G_N_ELEMENTS(pipes), (int)left) < 0 && errno != EINTR)) {
            kill(job->pid, SIGKILL);
            break;
        }
        if (pipes[0].fd >= 0 && pipes[0].revents && !give(job, &done, len))
            close_one(&pipes[0]);
        if (pipes[1].fd >= 0 && pipes[1].revents && !take(job->out, job->picture, PICTURE_BYTES))
            close_one(&pipes[1]);
        if (pipes[2].fd >= 0 && pipes[2].revents &&
            !take(job->err, job->complaint, COMPLAINT_BYTES))
            close_one(&pipes[2]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(pipes); i++)
        if (pipes[i].fd >= 0)
            close(pipes[i].fd);
}

/* The first line that it complained with, without controls. */
static char *first_line(const GByteArray *complaint)
{
    g_autofree char *text =
        g_strndup(complaint->len ? (const char *)complaint->data : "", complaint->len);
    g_autofree char *valid = NULL;

    g_strstrip(text);
    text[strcspn(text, "\n")] = '\0';
    valid = g_utf8_make_valid(text, -1);
    for (char *at = valid; *at; at++)
        if (g_ascii_iscntrl(*at))
            *at = ' ';
    return g_steal_pointer(&valid);
}

static void judge(Job *job, int status)
{
    g_autofree char *line = first_line(job->complaint);
    const char *between = *line ? ": " : "";

    if (WIFSIGNALED(status))
        g_set_error(&job->error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_FAILED,
                    WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL
                        ? "gnuplot was stopped: it took too long or was killed%s%s"
                        : "gnuplot ended by a signal%s%s",
                    between, line);
    else if (WEXITSTATUS(status) == 127)
        set_missing(&job->error, "it cannot be started");
    else if (WEXITSTATUS(status) != 0)
        g_set_error(&job->error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_FAILED,
                    "gnuplot failed with status %d%s%s", WEXITSTATUS(status), between, line);
    else if (job->picture->len == 0)
        g_set_error(&job->error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_FAILED,
                    "gnuplot drew nothing%s%s", between, line);
}

static void run_job(gpointer data, gpointer user_data)
{
    Job *job = data;
    int status = 0;

    (void)user_data;
    if (!start(job))
        return;
    serve(job);
    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
        ;
    judge(job, status);
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void run_jobs(Job *jobs, size_t n)
{
    GThreadPool *pool = g_thread_pool_new(run_job, NULL, (gint)g_get_num_processors(), FALSE, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;

    /* A gnuplot that ends early must not end us. */
    sigaction(SIGPIPE, &ignore, &before);
    for (size_t i = 0; i < n; i++) {
        jobs[i].picture = g_byte_array_new();
        jobs[i].complaint = g_byte_array_new();
        g_thread_pool_push(pool, &jobs[i], NULL);
    }
    g_thread_pool_free(pool, FALSE, TRUE);
    sigaction(SIGPIPE, &before, NULL);
    for (size_t i = 0; i < n; i++)
        g_byte_array_unref(jobs[i].complaint);
}

bool wb_gnuplot_run(const char *const *scripts, size_t n, GBytes **out, GError **out_errors)
{
    static char *const arguments[] = {PROGRAM, "-d", "-", NULL};
    g_autofree Job *jobs = g_new0(Job, n);
    bool good = true;

    for (size_t i = 0; i < n; i++)
        jobs[i] = (Job){.script = scripts[i], .arguments = arguments};
    run_jobs(jobs, n);
    for (size_t i = 0; i < n; i++) {
        out_errors[i] = jobs[i].error;
        out[i] = NULL;
        if (jobs[i].error)
            g_byte_array_unref(jobs[i].picture);
        else
            out[i] = g_byte_array_free_to_bytes(jobs[i].picture);
        good = good && !jobs[i].error;
    }
    return good;
}

/* "gnuplot 5.4 patchlevel 4" */
static bool is_new_enough(const char *text)
{
    guint64 major, minor;
    char *end;

    if (!g_str_has_prefix(text, "gnuplot "))
        return false;
    major = g_ascii_strtoull(text + strlen("gnuplot "), &end, 10);
    minor = *end == '.' ? g_ascii_strtoull(end + 1, NULL, 10) : 0;
    return major > OLDEST_MAJOR || (major == OLDEST_MAJOR && minor >= OLDEST_MINOR);
}

bool wb_gnuplot_check(GError **error)
{
    static char *const arguments[] = {PROGRAM, "--version", NULL};
    Job job = {.script = "", .arguments = arguments};
    g_autofree char *version = NULL;

    run_jobs(&job, 1);
    version = first_line(job.picture);
    g_byte_array_unref(job.picture);
    if (job.error) {
        g_propagate_error(error, job.error);
        return false;
    }
    if (is_new_enough(version))
        return true;
    g_set_error(error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_OLD,
                "charts need gnuplot 5.4 or later, this one says '%s'; install a newer one, or go "
                "without charts (--no-charts)",
                version);
    return false;
}
