/*
 * Guessing on arbitrary paths, one a line: a proposal is a template that can be used and shown, and
 * that fits at least one of the paths.
 */
#include <stdlib.h>
#include <string.h>

#include "runner/import/guess.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Paths as a walk over a folder gives them: none is blank, none ends with '/'. */
static GPtrArray *paths_of(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    for (char **line = lines; *line; line++)
        if (**line && !g_str_has_suffix(*line, "/"))
            g_ptr_array_add(paths, g_strdup(*line));
    return paths;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) paths = paths_of(data, size);
    g_autofree char *guessed = wb_guess_template(paths);
    g_autoptr(WbPathTemplate) template = NULL;
    g_autofree char *told = NULL;
    bool fits = false;

    if (!guessed)
        return 0;
    template = wb_path_template_new(guessed, NULL);
    must(template && g_utf8_validate(guessed, -1, NULL));
    for (guint i = 0; i < paths->len && !fits; i++) {
        g_autoptr(GPtrArray) values = wb_path_template_take(template, paths->pdata[i]);

        fits = values != NULL;
    }
    must(fits);
    told = wb_guess_describe(template, paths);
    must(g_utf8_validate(told, -1, NULL));
    return 0;
}
