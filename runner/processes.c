/*
 * Processes: /proc/PID/stat is read with one read(2) and parsed behind its last ')': the name in
 * front may itself hold blanks and brackets.
 *
 * The listing is taken in small pieces, each read before the next is asked for. The kernel lists by
 * rising pid from where we are, and children mostly have a higher pid than their parent: so even a
 * chain of processes that live for milliseconds is met. readdir(3) takes it all at once; on a busy
 * host that was 0.3 s old when its end was read, and the chain was overlooked fifty times in a row.
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

#define LISTED_BYTES 512 /* of the listing at a time: about 16 processes */

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

/* The numbers in one piece of the listing. False: a process vanished meanwhile. */
static bool meet_all(const char *entries, ssize_t len, void (*fn)(const WbProcess *, void *),
                     void *data)
{
    bool is_whole = true;

    for (ssize_t at = 0; at < len;) {
        const struct dirent64 *entry = (const struct dirent64 *)(const void *)(entries + at);
        long pid = strtol(entry->d_name, NULL, 10);
        WbProcess p;

        if (pid > 0 && wb_process_read((pid_t)pid, &p))
            fn(&p, data);
        else if (pid > 0)
            is_whole = false;
        at += entry->d_reclen;
    }
    return is_whole;
}

bool wb_process_each(void (*fn)(const WbProcess *process, void *data), void *data)
{
    _Alignas(struct dirent64) char entries[LISTED_BYTES];
    int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_whole = fd >= 0;
    ssize_t n;

    while (fd >= 0 && (n = getdents64(fd, entries, sizeof entries)) > 0)
        if (!meet_all(entries, n, fn, data))
            is_whole = false;
    if (fd >= 0)
        close(fd);
    return is_whole;
}

static void append(const WbProcess *process, void *list)
{
    g_array_append_vals(list, process, 1);
}

GArray *wb_process_list(bool *out_is_whole)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(WbProcess));
    bool is_whole = wb_process_each(append, list);

    if (out_is_whole)
        *out_is_whole = is_whole;
    return list;
}

GHashTable *wb_process_set_new(void)
{
    return g_hash_table_new_full(NULL, NULL, NULL, g_free);
}

void wb_process_set_add(GHashTable *set, const WbServerProcess *process)
{
    g_hash_table_insert(set, GINT_TO_POINTER(process->pid),
                        g_memdup2(&process->start_ticks, sizeof process->start_ticks));
}

bool wb_process_set_has(GHashTable *set, const WbServerProcess *process)
{
    const uint64_t *start = g_hash_table_lookup(set, GINT_TO_POINTER(process->pid));

    return start && *start == process->start_ticks;
}

static bool is_ending(pid_t pid)
{
    const pid_t kernel = 2; /* parent of the kernel's threads, which have no memory either */
    WbProcess p;

    if (!wb_process_read(pid, &p) || !wb_process_is_live(&p))
        return true;
    return p.seen.memory_bytes == 0 && p.parent != kernel && pid != kernel;
}

char **wb_process_environ(pid_t pid, bool *out_is_ending)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/environ", (int)pid);
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) env = g_ptr_array_new();
    size_t len = 0;

    if (out_is_ending)
        *out_is_ending = false;
    if (!g_file_get_contents(path, &text, &len, NULL) || len == 0) {
        if (out_is_ending)
            *out_is_ending = is_ending(pid);
        return NULL;
    }
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

static void kill_member(const WbProcess *process, void *session)
{
    if (process->session == *(const pid_t *)session && wb_process_is_live(process))
        wb_process_signal(process->seen.pid, process->seen.start_ticks, SIGKILL);
}

void wb_process_kill_session(pid_t session)
{
    wb_process_each(kill_member, &session);
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
