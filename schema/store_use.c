/*
 * Whether a database may be relied on as a whole: that nobody is writing it now, and that the pages
 * that hold its figures are sound. For readers that decide something (`compare`, its gate).
 *
 * SQLite's locks are POSIX record locks, and asking for one (F_GETLK) neither takes nor waits:
 *   FILE      bytes 0x40000000 and 0x40000001: a writer that is about to write (pending, reserved)
 *   FILE-shm  byte 128: everybody who has the file open in WAL mode, as a campaign has to its end
 * Source: sqlite.org/fileformat2 and sqlite.org/walformat. The holder in WAL mode may be a reader;
 * what it has open says so.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/store_private.h"

#define PENDING_BYTE 0x40000000
#define SHM_OPENED   128 /* UNIX_SHM_DMS */

/* The process that holds a lock in those bytes; 0: nobody, or nobody that can be seen. */
static pid_t find_holder(const char *path, off_t first, off_t bytes)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = first, .l_len = bytes};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool held;

    if (fd < 0)
        return 0;
    held = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(fd);
    /* a holder in another PID namespace has number 0 */
    return held ? MAX(lock.l_pid, 1) : 0;
}

/* "flags:\t0100002": octal, the last digit is the way of access. */
static bool is_for_writing(pid_t pid, const char *fd)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/fdinfo/%s", (int)pid, fd);
    g_autofree char *text = NULL;
    const char *flags;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return true;
    flags = strstr(text, "flags:\t");
    return !flags ||
           (g_ascii_strtoull(flags + strlen("flags:\t"), NULL, 8) & O_ACCMODE) != O_RDONLY;
}

/* Whether the process has the file open for writing; what cannot be seen counts as yes. */
static bool may_write(pid_t pid, const char *path)
{
    g_autofree char *folder = g_strdup_printf("/proc/%d/fd", (int)pid);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *fd;
    bool writes = false;

    if (!dir)
        return true;
    while (!writes && (fd = g_dir_read_name(dir))) {
        g_autofree char *link = g_build_filename(folder, fd, NULL);
        g_autofree char *target = g_file_read_link(link, NULL);

        writes = target && !strcmp(target, path) && is_for_writing(pid, fd);
    }
    g_dir_close(dir);
    return writes;
}

bool wb_store_check_unused(const char *path, GError **error)
{
    const char *given = path ? path : wb_store_default_path();
    char *real = realpath(given, NULL);
    g_autofree char *shm = real ? g_strconcat(real, "-shm", NULL) : NULL;
    pid_t pid = real ? find_holder(real, PENDING_BYTE, 2) : 0;

    if (real && !pid) {
        pid = find_holder(shm, SHM_OPENED, 1);
        if (pid && !may_write(pid, real))
            pid = 0;
    }
    free(real);
    if (!pid)
        return true;
    g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_BUSY,
                "'%s' is being written to by another program (process %d); wait until it has ended",
                given, (int)pid);
    return false;
}

bool wb_store_check_figures(WbStore *store, GError **error)
{
    static const char *const tables[] = {"campaigns", "cases", "case_labels", "runs", "published"};

    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *sql = g_strdup_printf("PRAGMA main.quick_check('%s')", tables[i]);
        g_autoptr(WbStatement) statement = wb_store_prepare(store, sql, error);
        const char *says;

        if (!statement)
            return false;
        if (sqlite3_step(statement) != SQLITE_ROW)
            return wb_store_set_error(store, error);
        says = (const char *)sqlite3_column_text(statement, 0);
        if (says && !strcmp(says, "ok"))
            continue;
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_DAMAGED,
                    "database '%s': the file is damaged (table %s); `sqlite3 FILE .recover` may "
                    "save what is left",
                    store->path, tables[i]);
        return false;
    }
    return true;
}
