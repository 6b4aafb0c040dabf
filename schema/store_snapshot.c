/*
 * A copy of a database that cannot be read without touching it, or what lies beside it.
 *
 * A reader of a file in WAL mode makes FILE-shm (and FILE-wal) where they are missing and cannot
 * take them away again: only a writer may. So it is with a copy of a killed campaign's FILE and
 * FILE-wal, or with FILE alone; in a folder without the right to write they cannot be read at all.
 * A writer killed while it changed the journal mode leaves a journal that only a writer rolls back.
 * In these cases all of it is copied into a folder of our own, made one plain file there, and read
 * from there. Rejected: SQLite's immutable=1, which passes over the runs in FILE-wal; taking
 * FILE-shm away afterwards, which somebody may have opened meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/store_private.h"

#define WAL_MODE_AT 18 /* byte of the file's head: 2 where readers need a WAL */
#define WAL_MODE    2

static bool exists_beside(const char *path, const char *suffix)
{
    g_autofree char *beside = g_strconcat(path, suffix, NULL);

    return g_file_test(beside, G_FILE_TEST_EXISTS);
}

/* Through the file that SQLite has open: to close one of our own would drop its locks. */
static bool is_in_wal_mode(sqlite3 *db)
{
    sqlite3_file *file = NULL;
    unsigned char mode = 0;

    return sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
           file && file->pMethods &&
           file->pMethods->xRead(file, &mode, 1, WAL_MODE_AT) == SQLITE_OK && mode == WAL_MODE;
}

bool wb_store_needs_snapshot(sqlite3 *db, const char *path)
{
    int code;

    if (is_in_wal_mode(db) && (!exists_beside(path, "-shm") || !exists_beside(path, "-wal")))
        return true;
    code = sqlite3_exec(db, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL);
    return code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY;
}

/* ---- copying -------------------------------------------------------------------------------- */

static bool send_all(int from, int to)
{
    ssize_t n;

    while ((n = sendfile(to, from, NULL, 1 << 30)) > 0)
        ;
    return n == 0;
}

/* A file that is not there is copied as well as it can be. */
static bool copy_beside(const char *path, const char *copy, const char *suffix)
{
    g_autofree char *source = g_strconcat(path, suffix, NULL);
    g_autofree char *target = g_strconcat(copy, suffix, NULL);
    int from = open(source, O_RDONLY | O_CLOEXEC), to;
    bool done;

    if (from < 0)
        return errno == ENOENT && *suffix;
    to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    done = to >= 0 && send_all(from, to);
    close(from);
    return to < 0 ? false : close(to) == 0 && done;
}

/* What tells that somebody wrote meanwhile. */
typedef struct {
    struct stat main, wal;
} State;

static void look_at(const char *path, State *out)
{
    g_autofree char *wal = g_strconcat(path, "-wal", NULL);

    memset(out, 0, sizeof *out);
    if (stat(path, &out->main) != 0 || stat(wal, &out->wal) != 0)
        return;
}

static bool is_same_state(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Rolls back or takes in what lies beside the copy. */
static bool make_plain(const char *copy)
{
    sqlite3 *db = NULL;
    bool done = sqlite3_open_v2(copy, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
                    SQLITE_OK &&
                sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK;

    sqlite3_close(db);
    return done;
}

char *wb_store_snapshot(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-journal"};
    g_autofree char *folder = g_dir_make_tmp("wrkbook-read-XXXXXX", NULL);
    g_autofree char *copy = folder ? g_build_filename(folder, "copy.db", NULL) : NULL;
    State before, after;
    bool done = copy != NULL;

    look_at(path, &before);
    for (size_t i = 0; done && i < G_N_ELEMENTS(suffixes); i++)
        done = copy_beside(path, copy, suffixes[i]);
    look_at(path, &after);
    if (done && is_same_state(&before.main, &after.main) &&
        is_same_state(&before.wal, &after.wal) && make_plain(copy))
        return g_steal_pointer(&copy);
    if (copy)
        wb_store_snapshot_remove(copy);
    return NULL;
}

void wb_store_snapshot_remove(const char *copy)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    g_autofree char *folder = g_path_get_dirname(copy);

    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *file = g_strconcat(copy, suffixes[i], NULL);

        g_unlink(file);
    }
    g_rmdir(folder);
}
