/*
 * The suite parser on arbitrary bytes: a text is either refused, each problem with a place within
 * the text, or gives a suite whose plan holds every run once and can be told.
 */
#include <stdlib.h>
#include <string.h>

#include "runner/suite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* "s:LINE:COLUMN: words" on each line; a column of a line is at most one past its bytes. */
static void check_problems(const char *message, const char *text, size_t size)
{
    g_auto(GStrv) told = g_strsplit(message, "\n", -1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = g_strv_length(lines);

    must(told[0] && g_strv_length(told) <= 20);
    for (guint i = 0; told[i]; i++) {
        char *end = NULL;
        guint64 line;
        guint64 column;

        must(g_str_has_prefix(told[i], "s:"));
        line = g_ascii_strtoull(told[i] + 2, &end, 10);
        must(*end == ':' && line >= 1);
        column = g_ascii_strtoull(end + 1, &end, 10);
        must(g_str_has_prefix(end, ": ") && end[2] && column >= 1);
        if (n > 0 && strlen(text) == size) /* a NUL byte cuts the lines, not the file */
            must(line <= n && column <= strlen(lines[line - 1]) + 1);
        else
            must(line <= size + 1 && column <= size + 1);
    }
}

static void check_suite(const WbSuite *suite)
{
    g_autoptr(GArray) steps = wb_suite_steps(suite);
    g_autofree char *plan = wb_suite_plan_text(suite);
    g_autofree char *words = NULL;
    int64_t planned = 0;

    must(suite->cells->len > 0 && g_str_has_prefix(plan, "plan 1\n"));
    for (guint i = 0; i < suite->cells->len; i++) {
        const WbSuiteCell *cell = suite->cells->pdata[i];

        must(cell->server.url && cell->server.directory);
        must(!cell->server.start || cell->server.start[0]);
        must(cell->load.runs_min >= 1 && cell->load.runs_min <= cell->load.runs_max);
        must(cell->load.connections >= cell->load.threads);
        planned += cell->load.runs_max;
    }
    must(steps->len == planned);
    if (planned < 100000) {
        words = wb_suite_describe(suite);
        must(g_utf8_validate(words, -1, NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_malloc(size + 1);
    g_autoptr(WbSuite) suite = NULL;
    g_autoptr(GError) error = NULL;

    memcpy(text, data, size);
    text[size] = '\0';
    suite = wb_suite_parse("s", text, size, &error);
    must(!suite == (error != NULL));
    if (suite)
        check_suite(suite);
    else
        check_problems(error->message, text, size);
    return 0;
}
