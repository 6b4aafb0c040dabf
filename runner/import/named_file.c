#include "runner/import/named_file.h"

#include <string.h>

#include "runner/import/field_value.h"

WbNamedFile *wb_named_file_new(const char *path, const WbLabels *labels)
{
    WbNamedFile *file = g_new0(WbNamedFile, 1);

    file->path = g_strdup(path);
    file->labels = wb_labels_copy(labels);
    file->text = g_string_chunk_new(64);
    wb_run_init(&file->fields);
    return file;
}

void wb_named_file_free(WbNamedFile *file)
{
    if (!file)
        return;
    g_free(file->path);
    wb_labels_free(file->labels);
    g_string_chunk_free(file->text);
    g_free(file);
}

char *wb_named_file_unpacked(const char *path)
{
    static const char *const endings[] = {".gz", ".zst", ".zstd"};

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(path, endings[i]))
            return g_strndup(path, strlen(path) - strlen(endings[i]));
    return NULL;
}

static bool ask_manifest(WbNamedFile *file, const WbManifest *manifest, const char *unpacked)
{
    WbRun said;
    bool is_named;

    wb_run_init(&said);
    is_named = (unpacked && wb_manifest_apply(manifest, unpacked, file->labels, &said));
    is_named = wb_manifest_apply(manifest, file->path, file->labels, &said) || is_named;
    if (said.started_at)
        file->started_from = "manifest";
    wb_field_complete(&said, &file->fields);
    file->fields = said;
    return is_named;
}

bool wb_named_file_describe(WbNamedFile *file, const WbPathTemplate *labels_from,
                            const WbManifest *manifest, char **out_why)
{
    g_autofree char *unpacked = wb_named_file_unpacked(file->path);
    const char *const names[] = {file->path, unpacked};
    g_autoptr(GError) error = NULL;
    bool fits = false;

    for (size_t i = 0; labels_from && !fits && i < G_N_ELEMENTS(names) && names[i]; i++)
        if (!wb_path_template_match(labels_from, names[i], file->labels, &file->fields, file->text,
                                    &fits, &error)) {
            *out_why = g_strdup(error->message);
            return false;
        }
    if (file->fields.started_at)
        file->started_from = "path";
    if (manifest)
        fits = ask_manifest(file, manifest, unpacked) || fits;
    if (fits || (!labels_from && !manifest))
        return true;
    *out_why = g_strdup(labels_from ? "its path does not end as --labels-from says; not imported"
                                    : "the manifest does not name it; not imported");
    return false;
}
