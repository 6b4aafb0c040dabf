/*
 * Files are read whole and once, not mapped: a log that is still being written or cut would end a
 * reader of a mapping with SIGBUS. The buffer is kept from file to file.
 */
#include "runner/import/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    WbWalkFn each;
    void *user_data;
    char *buffer;
    size_t size;
} Walk;

static bool give(Walk *walk, const char *path, WbWalkState state, const char *why)
{
    const WbWalkFile file = {.path = path, .state = state, .why = why};

    return walk->each(walk->user_data, &file);
}

/* First bytes of what people have lying beside their logs. */
static const struct {
    const char *bytes;
    size_t len;
    const char *why;
} kinds[] = {
    {"\xff\xfe", 2, "is UTF-16 text; convert it: iconv -f UTF-16 -t UTF-8"},
    {"\xfe\xff", 2, "is UTF-16 text; convert it: iconv -f UTF-16 -t UTF-8"},
    {"\x1f\x8b", 2, "is packed with gzip; unpack it first"},
    {"\x28\xb5\x2f\xfd", 4, "is packed with zstd; unpack it first"},
    {"SQLite format 3", 15, "is a database; see wrkbook merge"},
};

/* Why the bytes are no text, or NULL. */
static const char *not_text(const char *bytes, size_t len)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (len >= kinds[i].len && memcmp(bytes, kinds[i].bytes, kinds[i].len) == 0)
            return kinds[i].why;
    return len > 0 && memchr(bytes, '\0', len) ? "is no text (it holds zero bytes)" : NULL;
}

/* Reads to the end, which may have moved since the size was asked; 0 or an errno. */
static int read_all(Walk *walk, int fd, int64_t expected, size_t *out_len)
{
    size_t len = 0;

    for (;;) {
        ssize_t n;

        if (walk->size < (size_t)expected + 1 || len == walk->size) {
            walk->size = MAX((size_t)expected + 1, 2 * len);
            walk->buffer = g_realloc(walk->buffer, walk->size);
        }
        n = read(fd, walk->buffer + len, walk->size - len);
        if (n == 0)
            break;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        len += (size_t)n;
        if (len > (size_t)WB_WALK_BYTES_MAX)
            return EFBIG;
    }
    *out_len = len;
    return 0;
}

static bool read_open(Walk *walk, const char *path, int fd)
{
    struct stat status;
    size_t len = 0;
    int code = fstat(fd, &status) == 0 ? 0 : errno;
    const char *why;

    if (code == 0 && !S_ISREG(status.st_mode))
        return give(walk, path, WB_WALK_PASSED_OVER, "is no regular file");
    if (code == 0)
        code =
            status.st_size > WB_WALK_BYTES_MAX ? EFBIG : read_all(walk, fd, status.st_size, &len);
    if (code == EFBIG)
        return give(walk, path, WB_WALK_FAILED, "is larger than 1 GiB; split it");
    if (code != 0)
        return give(walk, path, WB_WALK_FAILED, g_strerror(code));
    why = not_text(walk->buffer, len);
    if (why)
        return give(walk, path, WB_WALK_PASSED_OVER, why);
    return walk->each(walk->user_data,
                      &(WbWalkFile){.path = path,
                                    .bytes = walk->buffer,
                                    .len = len,
                                    .modified_us = status.st_mtim.tv_sec * INT64_C(1000000) +
                                                   status.st_mtim.tv_nsec / 1000});
}

static bool walk_file(Walk *walk, const char *path)
{
    /* Not blocking, so that a pipe without a writer does not hold us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool goes_on;

    if (fd < 0)
        return give(walk, path, WB_WALK_FAILED, g_strerror(errno));
    goes_on = read_open(walk, path, fd);
    close(fd);
    return goes_on;
}

static int compare_names(const void *a, const void *b)
{
    const char *x = *(const char *const *)a;
    const char *y = *(const char *const *)b;
    int order = strverscmp(x, y);

    return order ? order : strcmp(x, y);
}

/* The names in a folder, sorted; NULL with errno set if it cannot be read. */
static GPtrArray *sorted_names(const char *path)
{
    GDir *dir;
    GPtrArray *names;
    const char *name;

    errno = 0;
    dir = g_dir_open(path, 0, NULL);
    if (!dir)
        return NULL;
    names = g_ptr_array_new_with_free_func(g_free);
    while ((name = g_dir_read_name(dir)))
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    g_ptr_array_sort(names, compare_names);
    return names;
}

static bool walk_folder(Walk *walk, const char *path);

/* One entry of a folder: its files in the first round, its folders in the second. */
static bool walk_entry(Walk *walk, const char *path, bool folders)
{
    struct stat own;
    struct stat target;

    if (lstat(path, &own) != 0)
        return folders || give(walk, path, WB_WALK_FAILED, g_strerror(errno));
    if (S_ISDIR(own.st_mode))
        return !folders || walk_folder(walk, path);
    if (folders)
        return true;
    if (S_ISREG(own.st_mode))
        return walk_file(walk, path);
    if (!S_ISLNK(own.st_mode))
        return give(walk, path, WB_WALK_PASSED_OVER, "is no regular file");
    if (stat(path, &target) != 0)
        return give(walk, path, WB_WALK_PASSED_OVER, "is a link to nothing");
    if (S_ISDIR(target.st_mode))
        return give(walk, path, WB_WALK_PASSED_OVER,
                    "is a link to a folder; name it itself to import it");
    return S_ISREG(target.st_mode) ? walk_file(walk, path)
                                   : give(walk, path, WB_WALK_PASSED_OVER, "is no regular file");
}

static bool walk_folder(Walk *walk, const char *path)
{
    g_autoptr(GPtrArray) names = sorted_names(path);

    if (!names)
        return give(walk, path, WB_WALK_FAILED, g_strerror(errno));
    for (int folders = 0; folders < 2; folders++)
        for (guint i = 0; i < names->len; i++) {
            g_autofree char *entry = g_build_filename(path, names->pdata[i], NULL);

            if (!walk_entry(walk, entry, folders))
                return false;
        }
    return true;
}

bool wb_walk(const char *path, WbWalkFn each, void *user_data)
{
    Walk walk = {.each = each, .user_data = user_data};
    struct stat status;
    bool goes_on;

    if (stat(path, &status) != 0)
        goes_on = give(&walk, path, WB_WALK_FAILED, g_strerror(errno));
    else if (S_ISDIR(status.st_mode))
        goes_on = walk_folder(&walk, path);
    else if (S_ISREG(status.st_mode))
        goes_on = walk_file(&walk, path);
    else
        goes_on = give(&walk, path, WB_WALK_PASSED_OVER, "is no regular file");
    g_free(walk.buffer);
    return goes_on;
}
