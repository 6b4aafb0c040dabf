/*
 * Processes: /proc/PID/stat is read with one read(2) and parsed behind its last ')': the name in
 * front may itself hold blanks and brackets.
 */
#include "runner/processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Text of a small /proc file; false if it cannot be read. */
static bool read_small(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return false;
    n = read(fd, text, size - 1);
    close(fd);
    if (n <= 0)
        return false;
    text[n] = '\0';
    return true;
}

static void copy_name(char *name, size_t size, const char *from, const char *end)
{
    size_t n = MIN((size_t)(end - from), size - 1);

    for (size_t i = 0; i < n; i++)
        name[i] = g_ascii_isprint(from[i]) ? from[i] : '?';
    name[n] = '\0';
}

bool wb_process_read(pid_t pid, WbProcess *out)
{
    char path[64], text[1024];
    const char *name, *end;
    uint64_t user, system_, start;
    int64_t child_user, child_system, pages;
    int64_t tick_ns = 1000000000 / sysconf(_SC_CLK_TCK);
    WbProcess p = {.seen.pid = pid};

    g_snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (!read_small(path, text, sizeof text))
        return false;
    name = strchr(text, '(');
    end = strrchr(text, ')');
    if (!name || !end || end < name)
        return false;
    if (sscanf(end + 1,
               " %c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64 " %" SCNd64
               " %" SCNd64 " %*d %*d %*d %*d %" SCNu64 " %*u %" SCNd64,
               &p.state, &p.parent, &p.session, &user, &system_, &child_user, &child_system, &start,
               &pages) != 9)
        return false;
    copy_name(p.seen.name, sizeof p.seen.name, name + 1, end);
    p.seen.start_ticks = start;
    p.seen.cpu_ns = ((int64_t)(user + system_) + child_user + child_system) * tick_ns;
    p.seen.memory_bytes = pages * sysconf(_SC_PAGESIZE);
    *out = p;
    return true;
}

bool wb_process_is_live(const WbProcess *process)
{
    return !strchr("ZXx", process->state);
}

GArray *wb_process_list(bool *out_is_whole)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(WbProcess));
    DIR *dir = opendir("/proc");
    const struct dirent *entry;
    bool is_whole = dir != NULL;

    while (dir && (entry = readdir(dir))) {
        WbProcess p;
        long pid = strtol(entry->d_name, NULL, 10);

        if (pid > 0 && wb_process_read((pid_t)pid, &p))
            g_array_append_val(list, p);
        else if (pid > 0)
            is_whole = false;
    }
    if (dir)
        closedir(dir);
    if (out_is_whole)
        *out_is_whole = is_whole;
    return list;
}

char **wb_process_environ(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/environ", (int)pid);
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) env = g_ptr_array_new();
    size_t len = 0;

    if (!g_file_get_contents(path, &text, &len, NULL) || len == 0)
        return NULL;
    for (const char *at = text; at < text + len; at += strlen(at) + 1)
        g_ptr_array_add(env, g_strdup(at));
    g_ptr_array_add(env, NULL);
    return (char **)g_ptr_array_steal(env, NULL);
}

bool wb_process_signal(pid_t pid, uint64_t start_ticks, int signal_number)
{
    int fd = pidfd_open(pid, 0);
    bool is_old_kernel = fd < 0 && errno == ENOSYS;
    WbProcess p;
    bool sent = false;

    /* The pidfd is held first: if the start time is right now, it is the right process for good. */
    if ((fd >= 0 || is_old_kernel) && wb_process_read(pid, &p) && p.seen.start_ticks == start_ticks)
        sent = is_old_kernel ? kill(pid, signal_number) == 0
                             : pidfd_send_signal(fd, signal_number, NULL, 0) == 0;
    if (fd >= 0)
        close(fd);
    return sent;
}

void wb_process_kill_sessions(GHashTable *sessions)
{
    DIR *dir = opendir("/proc");
    const struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        WbProcess p;
        long pid = strtol(entry->d_name, NULL, 10);

        if (pid > 0 && wb_process_read((pid_t)pid, &p) && wb_process_is_live(&p) &&
            g_hash_table_contains(sessions, GINT_TO_POINTER(p.session)))
            wb_process_signal(p.seen.pid, p.seen.start_ticks, SIGKILL);
    }
    if (dir)
        closedir(dir);
}

bool wb_process_reap(pid_t pid, int64_t *out_cpu_ns)
{
    struct rusage use;
    int status;

    if (wait4(pid, &status, WNOHANG, &use) != pid)
        return false;
    if (out_cpu_ns)
        *out_cpu_ns = ((int64_t)use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000000 +
                      ((int64_t)use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1000;
    return true;
}
