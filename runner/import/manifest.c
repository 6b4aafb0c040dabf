/*
 * Entries lie in a table by their absolute path. A file asks for itself and for each folder above
 * it, the outermost first, so that the nearer one has the last word.
 */
#include "runner/import/manifest.h"

#include <cJSON.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "runner/import/csv_reader.h"
#include "runner/import/field_value.h"
#include "runner/json_place.h"

G_DEFINE_QUARK(wb_manifest_error, wb_manifest_error)

#define BYTES_MAX (64 << 20)

/* What is said of one path. */
typedef struct {
    const char *written; /* the path, as written */
    WbLabels *labels;
    WbRun fields;
    int was_used; /* atomic */
} Entry;

struct WbManifest {
    char *path;          /* as the user named it */
    char *absolute;      /* the same */
    char *folder;        /* of it */
    GHashTable *by_path; /* absolute path -> Entry */
    GPtrArray *entries;  /* of Entry, in their order; owned */
    GStringChunk *text;
};

static void free_entry(void *data)
{
    Entry *entry = data;

    wb_labels_free(entry->labels);
    g_free(entry);
}

void wb_manifest_free(WbManifest *manifest)
{
    if (!manifest)
        return;
    g_hash_table_unref(manifest->by_path);
    g_ptr_array_unref(manifest->entries);
    g_string_chunk_free(manifest->text);
    g_free(manifest->path);
    g_free(manifest->absolute);
    g_free(manifest->folder);
    g_free(manifest);
}

static WbManifest *manifest_new(const char *path)
{
    WbManifest *manifest = g_new0(WbManifest, 1);

    manifest->path = g_strdup(path);
    manifest->absolute = g_canonicalize_filename(path, NULL);
    manifest->folder = g_path_get_dirname(manifest->absolute);
    manifest->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    manifest->entries = g_ptr_array_new_with_free_func(free_entry);
    manifest->text = g_string_chunk_new(4096);
    return manifest;
}

/* ---- what it says --------------------------------------------------------------------------- */

/* A new entry; NULL: the path cannot be one. */
static Entry *add_entry(WbManifest *manifest, const char *written, GError **error)
{
    g_autofree char *absolute = NULL;
    Entry *entry;

    if (!*written) {
        g_set_error_literal(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_TEXT, "a path is blank");
        return NULL;
    }
    absolute = g_canonicalize_filename(written, manifest->folder);
    if (g_hash_table_contains(manifest->by_path, absolute)) {
        g_set_error(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_TEXT,
                    "'%s' is named twice; write all that is known of it in one place", written);
        return NULL;
    }
    entry = g_new0(Entry, 1);
    entry->written = g_string_chunk_insert(manifest->text, written);
    entry->labels = wb_labels_new();
    wb_run_init(&entry->fields);
    g_ptr_array_add(manifest->entries, entry);
    g_hash_table_insert(manifest->by_path, g_steal_pointer(&absolute), entry);
    return entry;
}

/* A label, or a field of runs. */
static bool set_value(WbManifest *manifest, Entry *entry, const char *name, const char *value,
                      GError **error)
{
    const WbField *field = wb_field_find_settable(name);
    g_autofree char *label = NULL;

    if (field) {
        if (wb_field_set_text(&entry->fields, field, g_string_chunk_insert(manifest->text, value),
                              error))
            return true;
        g_prefix_error(error, "'%s': ", name);
        return false;
    }
    if (wb_run_field_find(name)) {
        g_set_error(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_TEXT,
                    "'%s' is a field that the database makes itself; remove it", name);
        return false;
    }
    label = g_strdup_printf("%s=%s", name, value);
    return wb_labels_parse(entry->labels, label, error);
}

/* ---- CSV ------------------------------------------------------------------------------------ */

static GPtrArray *header_of(const WbCsvReader *reader, size_t *out_path, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    *out_path = SIZE_MAX;
    for (size_t i = 0; i < wb_csv_reader_count(reader); i++) {
        const char *name = wb_csv_reader_cell(reader, i);

        if (strcmp(name, "path") == 0)
            *out_path = i;
        g_ptr_array_add(names, g_strdup(name));
    }
    if (*out_path != SIZE_MAX)
        return g_steal_pointer(&names);
    g_set_error_literal(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_TEXT,
                        "no column 'path'; a manifest is JSON, or CSV with that column");
    return NULL;
}

static bool read_row(WbManifest *manifest, const WbCsvReader *reader, const GPtrArray *names,
                     size_t path, GError **error)
{
    size_t n = wb_csv_reader_count(reader);
    Entry *entry;

    if (n > names->len || n <= path) {
        g_set_error(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_TEXT, "%zu cells under %u columns",
                    n, names->len);
        return false;
    }
    entry = add_entry(manifest, wb_csv_reader_cell(reader, path), error);
    for (size_t i = 0; entry && i < n; i++) {
        const char *cell = wb_csv_reader_cell(reader, i);

        if (i != path && *cell && !set_value(manifest, entry, names->pdata[i], cell, error))
            return false;
    }
    return entry != NULL;
}

static bool read_csv(WbManifest *manifest, const char *text, size_t len, GError **error)
{
    g_autoptr(GPtrArray) names = NULL;
    g_autoptr(GError) why = NULL;
    WbCsvReader reader;
    size_t path = 0;
    bool has_row = true;
    bool ok;

    wb_csv_reader_init(&reader, text, len);
    while (!why && has_row) {
        if (!wb_csv_reader_next(&reader, &has_row, &why)) {
            g_propagate_prefixed_error(error, g_steal_pointer(&why), "%s:", manifest->path);
            wb_csv_reader_clear(&reader);
            return false;
        }
        if (!names)
            names = header_of(&reader, &path, &why);
        else if (has_row)
            read_row(manifest, &reader, names, path, &why);
    }
    ok = !why;
    if (!ok)
        g_propagate_prefixed_error(error, g_steal_pointer(&why), "%s:%" G_GINT64_FORMAT ": ",
                                   manifest->path, reader.line);
    wb_csv_reader_clear(&reader);
    return ok;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

typedef cJSON Json;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, cJSON_Delete)

/* The value as text, in `buffer` if it is a number; NULL: it is neither. */
static const char *text_of(const cJSON *value, char *buffer, size_t size)
{
    if (cJSON_IsString(value))
        return value->valuestring;
    if (!cJSON_IsNumber(value))
        return NULL;
    g_ascii_formatd(buffer, (int)size, "%.15g", value->valuedouble);
    if (g_ascii_strtod(buffer, NULL) != value->valuedouble)
        g_ascii_formatd(buffer, (int)size, "%.17g", value->valuedouble);
    return buffer;
}

/* The object of one path; *nth counts the values as wb_json_place_value does. */
static bool read_object(WbManifest *manifest, const cJSON *object, size_t *nth, GError **error)
{
    Entry *entry;
    const cJSON *value;

    if (!cJSON_IsObject(object)) {
        g_set_error(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_TEXT,
                    "'%s' has no object; write it as in {\"a.log\": {\"server\": \"gunicorn\"}}",
                    object->string ? object->string : "");
        return false;
    }
    entry = add_entry(manifest, object->string, error);
    if (!entry)
        return false;
    cJSON_ArrayForEach(value, object)
    {
        char number[40];
        const char *text = text_of(value, number, sizeof number);

        ++*nth;
        if (!text) {
            g_set_error(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_TEXT,
                        "'%s': write a text or a number", value->string);
            return false;
        }
        if (!set_value(manifest, entry, value->string, text, error))
            return false;
    }
    return true;
}

static bool fail_json(const WbManifest *manifest, WbJsonPlace place, const char *what,
                      GError **error)
{
    g_set_error(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_TEXT, "%s:%d:%d: %s", manifest->path,
                place.line, place.column, what);
    return false;
}

static bool read_json(WbManifest *manifest, const char *text, GError **error)
{
    const char *end = text;
    const char *what;
    g_autoptr(Json) root = cJSON_ParseWithOpts(text, &end, true);
    WbJsonPlace place = {1, 1};
    const cJSON *object;
    size_t nth = 0;

    if (!root) {
        end = wb_json_place_syntax(text, end, &what);
        return fail_json(manifest, wb_json_place_at(text, (size_t)(end - text)), what, error);
    }
    cJSON_ArrayForEach(object, root)
    {
        g_autoptr(GError) why = NULL;

        nth++;
        if (!read_object(manifest, object, &nth, &why)) {
            wb_json_place_key(text, nth, &place);
            return fail_json(manifest, place, why->message, error);
        }
    }
    return true;
}

/* ---- the file ------------------------------------------------------------------------------- */

static bool read_text(WbManifest *manifest, const char *text, size_t len, GError **error)
{
    const char *bad;
    const char *begin = text;

    if (len > BYTES_MAX || !g_utf8_validate(text, (gssize)len, &bad)) {
        g_set_error(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_FILE, "manifest '%s': %s",
                    manifest->path, len > BYTES_MAX ? "is larger than 64 MiB" : "is no UTF-8 text");
        return false;
    }
    if (g_str_has_prefix(begin, "\xef\xbb\xbf"))
        begin += 3;
    begin += strspn(begin, " \t\r\n");
    return *begin == '{' ? read_json(manifest, text, error) : read_csv(manifest, text, len, error);
}

WbManifest *wb_manifest_parse(const char *path, const char *text, size_t len, GError **error)
{
    g_autoptr(WbManifest) manifest = manifest_new(path);

    return read_text(manifest, text, len, error) ? g_steal_pointer(&manifest) : NULL;
}

WbManifest *wb_manifest_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) why = NULL;
    gsize len;

    if (g_access(path, R_OK) != 0 || !g_file_get_contents(path, &text, &len, &why)) {
        g_set_error(error, WB_MANIFEST_ERROR, WB_MANIFEST_ERROR_FILE,
                    "cannot read manifest '%s': %s", path, why ? why->message : g_strerror(errno));
        return NULL;
    }
    return wb_manifest_parse(path, text, len, error);
}

/* ---- asking --------------------------------------------------------------------------------- */

bool wb_manifest_is_file(const WbManifest *manifest, const char *path)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);

    return strcmp(absolute, manifest->absolute) == 0;
}

/* What the entry says wins over what is there. */
static void merge(Entry *entry, WbLabels *labels, WbRun *run)
{
    WbRun fields = entry->fields;

    g_atomic_int_set(&entry->was_used, 1);
    wb_labels_merge(labels, entry->labels);
    wb_field_complete(&fields, run);
    *run = fields;
}

bool wb_manifest_apply(const WbManifest *manifest, const char *path, WbLabels *labels, WbRun *run)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    bool is_named = false;
    char *p = absolute;

    while (*p) {
        char cut;
        Entry *entry;

        p += 1 + strcspn(p + 1, "/");
        cut = *p;
        *p = '\0';
        entry = g_hash_table_lookup(manifest->by_path, absolute);
        *p = cut;
        if (entry)
            merge(entry, labels, run);
        is_named = is_named || entry;
    }
    return is_named;
}

GPtrArray *wb_manifest_unused(const WbManifest *manifest)
{
    GPtrArray *unused = g_ptr_array_new();

    for (guint i = 0; i < manifest->entries->len; i++) {
        Entry *entry = manifest->entries->pdata[i];

        if (!g_atomic_int_get(&entry->was_used))
            g_ptr_array_add(unused, (char *)(uintptr_t)entry->written);
    }
    return unused;
}
