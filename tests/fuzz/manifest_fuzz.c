/*
 * The manifest on arbitrary bytes: a text is either refused, with a line within it, or gives labels
 * and fields that may be stored, for whatever path is asked.
 */
#include "runner/import/manifest.h"
#include "tests/fuzz/log_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "/m:LINE: ..." or a sentence about the file as a whole. */
static void check_refusal(const GError *error, const char *text, size_t size)
{
    gint64 line;
    gint64 lines = 1;

    must(error && g_utf8_validate(error->message, -1, NULL));
    if (!g_str_has_prefix(error->message, "/m:"))
        return;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n' || text[i] == '\r';
    line = g_ascii_strtoll(error->message + 3, NULL, 10);
    must(line >= 1 && line <= lines);
}

static void check_manifest(const WbManifest *manifest)
{
    static const char *const paths[] = {"/a.log", "/hello/a.log", "/hello/x/b.log", "/", ""};
    g_autoptr(GPtrArray) unused = wb_manifest_unused(manifest);

    for (guint i = 0; i < unused->len; i++)
        must(*(const char *)unused->pdata[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(WbLabels) labels = wb_labels_new();
        WbRun run;

        wb_run_init(&run);
        if (!wb_manifest_apply(manifest, paths[i], labels, &run))
            must(wb_labels_count(labels) == 0);
        check_labels(labels);
        check_fields(&run);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_malloc(size + 1);
    g_autoptr(WbManifest) manifest = NULL;
    g_autoptr(GError) error = NULL;

    memcpy(text, data, size);
    text[size] = '\0';
    manifest = wb_manifest_parse("/m", text, size, &error);
    if (manifest)
        check_manifest(manifest);
    else
        check_refusal(error, text, size);
    return 0;
}
