/*
 * Cgroup: the mount is looked up in /proc/self/mounts (a hybrid host has it beside the old ones),
 * our own place in it in /proc/self/cgroup.
 */
#include "runner/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX         "wrkbook-"
#define REMOVE_TRIES   50
#define REMOVE_REST_US 2000

static bool is_forbidden;

void wb_cgroup_forbid(bool forbid)
{
    is_forbidden = forbid;
}

/* Where cgroup v2 is mounted, or NULL. */
static char *find_mount(void)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents("/proc/self/mounts", &text, NULL, NULL))
        return NULL;
    lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        g_auto(GStrv) words = g_strsplit(lines[i], " ", 4);

        if (g_strv_length(words) == 4 && strcmp(words[2], "cgroup2") == 0)
            return g_strcompress(words[1]); /* blanks are written as \040 there */
    }
    return NULL;
}

/* Folder of a process's cgroup v2, or NULL. */
static char *folder_of(const char *proc_file)
{
    g_autofree char *mount = find_mount();
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!mount || !g_file_get_contents(proc_file, &text, NULL, NULL))
        return NULL;
    lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i]; i++)
        if (g_str_has_prefix(lines[i], "0::/"))
            return g_build_filename(mount, lines[i] + strlen("0::"), NULL);
    return NULL;
}

char *wb_cgroup_make(const char *name)
{
    g_autofree char *ours = is_forbidden ? NULL : folder_of("/proc/self/cgroup");
    g_autofree char *leaf = g_strconcat(PREFIX, name, NULL);
    char *folder;

    if (!ours)
        return NULL;
    folder = g_build_filename(ours, leaf, NULL);
    if (mkdir(folder, 0755) == 0)
        return folder;
    g_free(folder);
    return NULL;
}

char *wb_cgroup_of(int pid)
{
    g_autofree char *file = g_strdup_printf("/proc/%d/cgroup", pid);
    char *folder = folder_of(file);
    const char *slash = folder ? strrchr(folder, '/') : NULL;

    if (slash && g_str_has_prefix(slash + 1, PREFIX))
        return folder;
    g_free(folder);
    return NULL;
}

void wb_cgroup_sweep(bool (*is_left_over)(const char *name))
{
    g_autofree char *ours = folder_of("/proc/self/cgroup");
    g_autoptr(GDir) dir = ours ? g_dir_open(ours, 0, NULL) : NULL;
    const char *leaf;

    while (dir && (leaf = g_dir_read_name(dir))) {
        g_autofree char *folder = g_build_filename(ours, leaf, NULL);

        if (g_str_has_prefix(leaf, PREFIX) && is_left_over(leaf + strlen(PREFIX)))
            wb_cgroup_remove(folder);
    }
}

static char *read_file(const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    char *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

GArray *wb_cgroup_pids(const char *folder)
{
    GArray *pids = g_array_new(FALSE, FALSE, sizeof(int));
    g_autofree char *text = read_file(folder, "cgroup.procs");
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);

    for (size_t i = 0; lines[i]; i++) {
        int pid = atoi(lines[i]);

        if (pid > 0)
            g_array_append_val(pids, pid);
    }
    return pids;
}

int64_t wb_cgroup_cpu_ns(const char *folder)
{
    g_autofree char *text = read_file(folder, "cpu.stat");
    const char *at = text ? strstr(text, "usage_usec ") : NULL;

    return at ? g_ascii_strtoll(at + strlen("usage_usec "), NULL, 10) * 1000 : -1;
}

bool wb_cgroup_kill(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "cgroup.kill", NULL);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, "1", 1) == 1;

    if (fd >= 0)
        close(fd);
    return done;
}

bool wb_cgroup_remove(const char *folder)
{
    /* The kernel may let go of a task a moment after it was reaped. */
    for (int i = 0; i < REMOVE_TRIES; i++) {
        if (rmdir(folder) == 0)
            return true;
        if (errno != EBUSY)
            return false;
        g_usleep(REMOVE_REST_US);
    }
    return false;
}
