/*
 * Server exec: the child tells over a close-on-exec pipe what it could not do. An end of file there
 * is the sign that the program runs.
 */
#include "runner/server_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/server.h"
#include "runner/server_net.h"

/* What the child does, in this order. */
typedef enum {
    STEP_CGROUP, /* told with error 0 when done; may fail */
    STEP_SESSION,
    STEP_INPUT,
    STEP_OUTPUT,
    STEP_NET,
    STEP_PIN,
    STEP_USER,
    STEP_DIRECTORY,
    STEP_EXECUTE,
} Step;

typedef struct {
    Step step;
    int error;
} Told;

static bool fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool fail(GError **error, const char *format, ...)
{
    va_list words;

    va_start(words, format);
    if (error)
        *error = g_error_new_valist(WB_SERVER_ERROR, WB_SERVER_ERROR_START, format, words);
    va_end(words);
    return false;
}

/* A number within [0, CPU_SETSIZE) at *at, moved behind it. */
static bool read_cpu(const char **at, int *out)
{
    char *end;
    unsigned long n;

    if (!g_ascii_isdigit(**at))
        return false;
    n = strtoul(*at, &end, 10);
    *at = end;
    *out = (int)n;
    return n < CPU_SETSIZE;
}

bool wb_launch_parse_cpus(const char *list, cpu_set_t *out, GError **error)
{
    const char *at = list;
    cpu_set_t cpus;
    int first, last;

    CPU_ZERO(&cpus);
    for (;;) {
        if (!read_cpu(&at, &first))
            break;
        last = first;
        if (*at == '-' && (at++, !read_cpu(&at, &last) || last < first))
            break;
        for (int i = first; i <= last; i++)
            CPU_SET((size_t)i, &cpus);
        if (*at == '\0') {
            *out = cpus;
            return true;
        }
        if (*at++ != ',')
            break;
    }
    return fail(error, "'%s' is no list of CPUs: write 0 or 0-1,3", list);
}

static bool find_user(WbLaunch *l, const char *name, GError **error)
{
    const struct passwd *user = getpwnam(name);
    int n = 0;

    if (!user)
        return fail(error, "cannot run as '%s': no such user", name);
    if (user->pw_uid == geteuid())
        return true;
    if (geteuid() != 0)
        return fail(error,
                    "cannot run as '%s': only root may change the user; run the suite as root, or "
                    "leave \"user\" out",
                    name);
    l->changes_user = true;
    l->uid = user->pw_uid;
    l->gid = user->pw_gid;
    getgrouplist(name, user->pw_gid, NULL, &n);
    l->groups = g_new0(gid_t, (size_t)MAX(n, 1));
    l->groups_n = getgrouplist(name, user->pw_gid, l->groups, &n);
    l->env = g_environ_setenv(l->env, "HOME", user->pw_dir, TRUE);
    l->env = g_environ_setenv(l->env, "USER", name, TRUE);
    l->env = g_environ_setenv(l->env, "LOGNAME", name, TRUE);
    return true;
}

static bool is_program(const char *directory, const char *path)
{
    g_autofree char *full =
        g_path_is_absolute(path) || !directory ? NULL : g_build_filename(directory, path, NULL);

    return g_file_test(full ? full : path, G_FILE_TEST_IS_REGULAR) &&
           g_file_test(full ? full : path, G_FILE_TEST_IS_EXECUTABLE);
}

/* By the PATH that the server gets, which a suite may set to a virtual environment's. */
static bool find_program(WbLaunch *l, GError **error)
{
    const char *name = l->argv[0];
    const char *path = g_environ_getenv(l->env, "PATH");
    g_auto(GStrv) folders = g_strsplit(path ? path : "/usr/local/bin:/usr/bin:/bin", ":", -1);

    if (strchr(name, '/')) {
        l->program = g_strdup(name);
        return true; /* execve says best what is wrong with it */
    }
    for (size_t i = 0; folders[i]; i++) {
        g_autofree char *candidate = g_build_filename(*folders[i] ? folders[i] : ".", name, NULL);

        if (is_program(l->directory, candidate)) {
            l->program = g_steal_pointer(&candidate);
            return true;
        }
    }
    return fail(error, "cannot start '%s': no such program in PATH (%s)", name, path ? path : "");
}

static char **set_all(char **env, char *const *assignments)
{
    for (size_t i = 0; assignments && assignments[i]; i++) {
        const char *equal = strchr(assignments[i], '=');
        g_autofree char *name =
            equal ? g_strndup(assignments[i], (size_t)(equal - assignments[i])) : NULL;

        if (name && *name)
            env = g_environ_setenv(env, name, equal + 1, TRUE);
    }
    return env;
}

bool wb_launch_prepare(WbLaunch *launch, const WbSuiteServer *spec, char *const *argv,
                       char *const *extra, GError **error)
{
    *launch = (WbLaunch){.net = -1, .cgroup = -1, .output = -1};
    launch->directory = spec->directory;
    launch->user = spec->user;
    launch->pin = spec->pin_server;
    launch->end_signal = spec->stop_signal ? spec->stop_signal : SIGTERM;
    launch->argv = g_strdupv((char **)argv);
    launch->env = g_get_environ();
    if (!launch->argv[0] || !*launch->argv[0])
        return fail(error, "cannot start a server: its command is empty");
    if (spec->user && !find_user(launch, spec->user, error))
        return false;
    launch->env = set_all(launch->env, extra);
    if (spec->pin_server && !wb_launch_parse_cpus(spec->pin_server, &launch->cpus, error))
        return false;
    return find_program(launch, error);
}

void wb_launch_clear(WbLaunch *launch)
{
    g_free(launch->program);
    g_strfreev(launch->argv);
    g_strfreev(launch->env);
    g_free(launch->groups);
}

/* ---- in the child: nothing but system calls ------------------------------------------------ */

static void tell(int pipe_end, Step step, int error)
{
    const Told told = {step, error};

    if (write(pipe_end, &told, sizeof told) != (ssize_t)sizeof told && error)
        _exit(127);
}

/* Signals as a program expects them, whatever the runner does with its own. */
static void reset_signals(void)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t none;

    for (int i = 1; i < NSIG; i++)
        sigaction(i, &plain, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool change_user(const WbLaunch *l)
{
    return !l->changes_user || (setgroups((size_t)l->groups_n, l->groups) == 0 &&
                                setgid(l->gid) == 0 && setuid(l->uid) == 0);
}

static bool redirect_input(void)
{
    int fd = open("/dev/null", O_RDONLY);

    if (fd > 0 && dup2(fd, 0) < 0)
        return false;
    if (fd > 0)
        close(fd);
    return fd >= 0;
}

/* Each step in turn; the first that fails. */
static Step run_steps(const WbLaunch *l, int pipe_end, pid_t parent)
{
    if (l->cgroup >= 0 && write(l->cgroup, "0", 1) == 1)
        tell(pipe_end, STEP_CGROUP, 0);
    if (setsid() < 0)
        return STEP_SESSION;
    if (!redirect_input())
        return STEP_INPUT;
    if (dup2(l->output, 1) < 0 || dup2(l->output, 2) < 0)
        return STEP_OUTPUT;
    if (l->net >= 0 && wb_net_enter(l->net) < 0)
        return STEP_NET;
    if (l->pin && sched_setaffinity(0, sizeof l->cpus, &l->cpus) < 0)
        return STEP_PIN;
    if (!change_user(l))
        return STEP_USER;
    if (l->directory && chdir(l->directory) < 0)
        return STEP_DIRECTORY;
    prctl(PR_SET_PDEATHSIG, l->end_signal); /* after setuid, which clears it */
    if (getppid() != parent)
        _exit(127);
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC); /* whatever a library left open */
    execve(l->program, l->argv, l->env);
    return STEP_EXECUTE;
}

/* ---- in the parent -------------------------------------------------------------------------- */

static bool explain(const WbLaunch *l, const Told *told, GError **error)
{
    const char *why = g_strerror(told->error);

    switch (told->step) {
    case STEP_DIRECTORY:
        return fail(error, "cannot start '%s': folder '%s': %s", l->argv[0], l->directory, why);
    case STEP_USER:
        return fail(error, "cannot start '%s': become user '%s': %s", l->argv[0], l->user, why);
    case STEP_PIN:
        return fail(error, "cannot start '%s': pin it to CPU %s: %s", l->argv[0], l->pin, why);
    case STEP_NET:
        return fail(error, "cannot start '%s': enter its network: %s", l->argv[0], why);
    case STEP_EXECUTE:
        return fail(error, "cannot start '%s': %s", l->program, why);
    default:
        return fail(error, "cannot start '%s': prepare it: %s", l->argv[0], why);
    }
}

/* What the child says next; false: it executed the program. */
static bool hear(int pipe_end, Told *out)
{
    ssize_t n;

    do
        n = read(pipe_end, out, sizeof *out);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof *out;
}

pid_t wb_launch_start(const WbLaunch *launch, bool *out_in_cgroup, GError **error)
{
    Told told;
    int ends[2];
    pid_t pid, self = getpid();

    *out_in_cgroup = false;
    if (pipe2(ends, O_CLOEXEC) < 0) {
        fail(error, "cannot start '%s': %s", launch->argv[0], g_strerror(errno));
        return -1;
    }
    pid = fork();
    if (pid == 0) {
        Step step;

        reset_signals();
        step = run_steps(launch, ends[1], self);
        tell(ends[1], step, errno);
        _exit(127);
    }
    if (pid < 0)
        fail(error, "cannot start '%s': %s", launch->argv[0], g_strerror(errno));
    close(ends[1]);
    while (pid > 0 && hear(ends[0], &told)) {
        if (told.step == STEP_CGROUP) {
            *out_in_cgroup = true;
            continue;
        }
        explain(launch, &told, error);
        waitpid(pid, NULL, 0);
        pid = -1;
    }
    close(ends[0]);
    return pid;
}
