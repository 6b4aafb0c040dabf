/*
 * Suite text: a file's bytes, checked to be text, by way of the draft into a suite.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "runner/json_place.h"
#include "runner/suite_draft.h"

G_DEFINE_QUARK(wb_suite_error, wb_suite_error)

bool wb_suite_refuse_at(const char *path, const char *text, const char *at, const char *what,
                        GError **error)
{
    WbJsonPlace place = wb_json_place_at(text, (size_t)(at - text));

    g_set_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_FILE, "%s:%d:%d: %s", path, place.line,
                place.column, what);
    return false;
}

/* "\u0000" in a string would cut it short in C. */
static const char *find_nul(const char *text)
{
    for (const char *p = text; (p = strchr(p, '\\')) && p[1]; p += 2)
        if (strncmp(p, "\\u0000", 6) == 0)
            return p;
    return NULL;
}

static bool check_bytes(const char *path, const char *text, size_t len, GError **error)
{
    const char *end;

    if (len > WB_SUITE_MAX_FILE_BYTES) {
        g_set_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_FILE,
                    "%s:1:1: too large a suite file; at most 4 MiB are read", path);
        return false;
    }
    if (!g_utf8_validate(text, (gssize)len, &end))
        return wb_suite_refuse_at(path, text, end, "this is no UTF-8 text; save the file as UTF-8",
                                  error);
    end = find_nul(text);
    return !end ||
           wb_suite_refuse_at(path, text, end, "a NUL cannot stand in a text; remove it", error);
}

static void apply_suite_settings(WbSuite *suite, const WbSuiteDraft *draft,
                                 WbSuiteProblems *problems)
{
    int64_t bytes = 0;
    WbDraftApply apply = {.problems = problems, .expanded_bytes = &bytes};

    suite->seed_drawn = true;
    for (guint i = 0; i < draft->suite->settings->len; i++) {
        const WbDraftSetting *setting = &g_array_index(draft->suite->settings, WbDraftSetting, i);

        if (!(setting->key->flags & WB_KEY_OF_SUITE))
            continue;
        wb_draft_setting_apply(setting, &apply, suite);
        if (setting->key->offset == offsetof(WbSuite, seed))
            suite->seed_drawn = false;
    }
    if (suite->seed_drawn)
        suite->seed = g_random_int();
    if (!suite->name) {
        g_autofree char *base = g_path_get_basename(suite->path);
        char *dot = strrchr(base, '.');

        suite->name = dot && dot > base ? g_strndup(base, (size_t)(dot - base)) : g_strdup(base);
    }
}

static WbSuite *suite_new(const char *path, const char *text)
{
    WbSuite *suite = g_new0(WbSuite, 1);

    suite->path = g_strdup(path);
    suite->text = g_strdup(text);
    suite->cooldown_ns = INT64_C(10000000000);
    suite->cells = g_ptr_array_new_with_free_func((GDestroyNotify)wb_suite_cell_free);
    suite->skips = g_ptr_array_new_with_free_func((GDestroyNotify)wb_suite_skip_free);
    return suite;
}

WbSuite *wb_suite_parse(const char *path, const char *text, size_t len, GError **error)
{
    g_autoptr(WbSuiteProblems) problems = wb_suite_problems_new(path, text);
    g_autoptr(WbSuiteDraft) draft = NULL;
    g_autoptr(WbSuite) suite = NULL;
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);

    if (!check_bytes(path, text, len, error) ||
        !(draft = wb_suite_draft_read(path, text, problems, error)))
        return NULL;
    suite = suite_new(path, text);
    apply_suite_settings(suite, draft, problems);
    if (wb_suite_problems_count(problems) == 0)
        wb_suite_expand(suite, draft, folder, problems);
    return wb_suite_problems_report(problems, error) ? g_steal_pointer(&suite) : NULL;
}

static bool refuse_read(const char *path, int code, GError **error)
{
    g_set_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_READ, "cannot read the suite '%s': %s", path,
                g_strerror(code));
    return false;
}

/* At most a byte more than is taken, so that not even /dev/zero is read for long. */
static bool read_bytes(const char *path, GByteArray *bytes, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t buffer[65536];
    ssize_t n = 0;

    if (fd < 0)
        return refuse_read(path, errno, error);
    while (bytes->len <= WB_SUITE_MAX_FILE_BYTES && (n = read(fd, buffer, sizeof buffer)) > 0)
        g_byte_array_append(bytes, buffer, (guint)n);
    if (n < 0)
        refuse_read(path, errno, error);
    close(fd);
    return n >= 0;
}

WbSuite *wb_suite_load(const char *path, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    size_t len;

    if (!read_bytes(path, bytes, error))
        return NULL;
    len = bytes->len;
    g_byte_array_append(bytes, (const uint8_t *)"", 1);
    return wb_suite_parse(path, (const char *)bytes->data, len, error);
}

void wb_suite_skip_free(WbSuiteSkip *skip)
{
    if (!skip)
        return;
    wb_labels_free(skip->labels);
    g_free(skip->because);
    g_free(skip);
}

void wb_suite_free(WbSuite *suite)
{
    if (!suite)
        return;
    g_free(suite->path);
    g_free(suite->text);
    g_free(suite->name);
    g_ptr_array_unref(suite->cells);
    g_ptr_array_unref(suite->skips);
    g_free(suite);
}
