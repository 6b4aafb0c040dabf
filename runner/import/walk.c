/*
 * What lies in a folder is told by the folder itself where the file system does so (d_type), so
 * that a hundred thousand files cost no call each before they are opened.
 */
#include "runner/import/walk.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
    WbWalkFn each;
    void *user_data;
} Walk;

/* A name in a folder. */
typedef struct {
    char *name;
    unsigned char type; /* as in dirent */
} Entry;

static bool give(Walk *walk, const char *path, WbWalkState state, const char *why)
{
    const WbWalkFile file = {.path = path, .state = state, .why = why};

    return walk->each(walk->user_data, &file);
}

static int compare_names(const void *a, const void *b)
{
    const char *x = ((const Entry *)a)->name;
    const char *y = ((const Entry *)b)->name;
    int order = strverscmp(x, y);

    return order ? order : strcmp(x, y);
}

static void clear_entry(void *data)
{
    g_free(((Entry *)data)->name);
}

/* The names in a folder, sorted; NULL with errno set if it cannot be read. */
static GArray *sorted_names(const char *path)
{
    DIR *folder = opendir(path);
    GArray *entries;
    struct dirent *found;

    if (!folder)
        return NULL;
    entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(entries, clear_entry);
    while ((found = readdir(folder)))
        if (found->d_name[0] != '.') {
            const Entry entry = {g_strdup(found->d_name), found->d_type};

            g_array_append_val(entries, entry);
        }
    closedir(folder);
    g_array_sort(entries, compare_names);
    return entries;
}

static bool walk_folder(Walk *walk, const char *path);

static bool walk_link(Walk *walk, const char *path)
{
    struct stat target;

    if (stat(path, &target) != 0)
        return give(walk, path, WB_WALK_PASSED_OVER, "is a link to nothing");
    if (S_ISDIR(target.st_mode))
        return give(walk, path, WB_WALK_PASSED_OVER,
                    "is a link to a folder; name it itself to import it");
    return S_ISREG(target.st_mode) ? give(walk, path, WB_WALK_OK, NULL)
                                   : give(walk, path, WB_WALK_PASSED_OVER, "is no regular file");
}

/* One entry of a folder: its files in the first round, its folders in the second. */
static bool walk_entry(Walk *walk, const char *path, unsigned char type, bool folders)
{
    struct stat own;

    if (type == DT_UNKNOWN) {
        if (lstat(path, &own) != 0)
            return folders || give(walk, path, WB_WALK_FAILED, g_strerror(errno));
        type = (unsigned char)IFTODT(own.st_mode);
    }
    if (type == DT_DIR)
        return !folders || walk_folder(walk, path);
    if (folders)
        return true;
    if (type == DT_REG)
        return give(walk, path, WB_WALK_OK, NULL);
    return type == DT_LNK ? walk_link(walk, path)
                          : give(walk, path, WB_WALK_PASSED_OVER, "is no regular file");
}

static bool walk_folder(Walk *walk, const char *path)
{
    g_autoptr(GArray) entries = sorted_names(path);

    if (!entries)
        return give(walk, path, WB_WALK_FAILED, g_strerror(errno));
    for (int folders = 0; folders < 2; folders++)
        for (guint i = 0; i < entries->len; i++) {
            const Entry *entry = &g_array_index(entries, Entry, i);
            g_autofree char *name = NULL;

            if (folders && entry->type != DT_DIR && entry->type != DT_UNKNOWN)
                continue;
            name = g_build_filename(path, entry->name, NULL);
            if (!walk_entry(walk, name, entry->type, folders))
                return false;
        }
    return true;
}

bool wb_walk(const char *path, WbWalkFn each, void *user_data)
{
    Walk walk = {.each = each, .user_data = user_data};
    struct stat status;

    if (strcmp(path, WB_WALK_STDIN) == 0)
        return give(&walk, path, WB_WALK_OK, NULL);
    if (stat(path, &status) != 0)
        return give(&walk, path, WB_WALK_FAILED, g_strerror(errno));
    if (S_ISDIR(status.st_mode))
        return walk_folder(&walk, path);
    return S_ISREG(status.st_mode) ? give(&walk, path, WB_WALK_OK, NULL)
                                   : give(&walk, path, WB_WALK_PASSED_OVER, "is no regular file");
}
