/*
 * spend: run a command on one core and say what it used.
 *
 *   spend CORE FILE COMMAND...
 *
 * Writes one line to FILE, "user_us system_us max_rss_kb wall_us", from wait4: of the command and
 * its threads, from its first instruction to its end. It is small and forks right away, since a
 * command's peak memory is at least that of the program which it was forked from. Exits as the
 * command does; 127 if it cannot be run.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static long long in_us(const struct timeval *tv)
{
    return (long long)tv->tv_sec * 1000000 + tv->tv_usec;
}

static void pin(int core)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(core, &set);
    if (sched_setaffinity(0, sizeof set, &set) < 0)
        perror("spend: sched_setaffinity");
}

int main(int argc, char **argv)
{
    long long begun = now_us();
    struct rusage use;
    int status;
    FILE *file;
    pid_t pid;

    if (argc < 4)
        return 2;
    pin(atoi(argv[1]));
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execvp(argv[3], argv + 3);
        perror(argv[3]);
        _exit(127);
    }
    while (pid < 0 || wait4(pid, &status, 0, &use) < 0)
        if (pid < 0 || errno != EINTR)
            return 127;
    file = fopen(argv[2], "w");
    if (!file)
        return 2;
    fprintf(file, "%lld %lld %ld %lld\n", in_us(&use.ru_utime), in_us(&use.ru_stime), use.ru_maxrss,
            now_us() - begun);
    fclose(file);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
