/*
 * wrk engine: argv is built word by word, so that no URL or header meets a shell.
 */
#include "runner/wrk_engine.h"

#include <string.h>

#include "runner/import/parser.h"

G_DEFINE_QUARK(wb_wrk_engine_error, wb_wrk_engine_error)

static GPtrArray *build_argv(const WbSuiteLoad *load, const char *url)
{
    GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
    double seconds = (double)load->duration_ns / 1e9;

    g_ptr_array_add(argv, g_strdup("wrk"));
    g_ptr_array_add(argv, g_strdup_printf("-t%d", load->threads));
    g_ptr_array_add(argv, g_strdup_printf("-c%d", load->connections));
    /* wrk takes whole seconds only. */
    g_ptr_array_add(argv, g_strdup_printf("-d%.0fs", seconds < 1 ? 1 : seconds));
    g_ptr_array_add(argv, g_strdup("--latency"));
    g_ptr_array_add(argv, g_strdup("--timeout"));
    g_ptr_array_add(argv, g_strdup_printf("%.0fs", (double)load->timeout_ns / 1e9));
    for (size_t i = 0; load->headers && load->headers[i]; i++) {
        g_ptr_array_add(argv, g_strdup("-H"));
        g_ptr_array_add(argv, g_strdup(load->headers[i]));
    }
    g_ptr_array_add(argv, g_strdup(url));
    g_ptr_array_add(argv, NULL);
    return argv;
}

/* What the reader's sink fills. */
typedef struct {
    WbRun *run;
    GPtrArray *texts;
    bool found;
} Found;

static const char *keep(GPtrArray *texts, const char *text)
{
    if (!text)
        return NULL;
    g_ptr_array_add(texts, g_strdup(text));
    return g_ptr_array_index(texts, texts->len - 1);
}

static bool take_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    Found *found = user_data;
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    (void)labels;
    (void)error;
    if (found->found)
        return true;
    *found->run = *run;
    for (size_t i = 0; i < n; i++)
        if (fields[i].type == WB_FIELD_TEXT) {
            void *member = (char *)found->run + fields[i].offset;

            *(const char **)member = keep(found->texts, *(const char *const *)member);
        }
    found->found = true;
    return true;
}

static bool ignore_published(void *user_data, const WbPublished *published, const WbLabels *labels,
                             GError **error)
{
    (void)user_data;
    (void)published;
    (void)labels;
    (void)error;
    return true;
}

static bool ignore_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    (void)user_data;
    (void)line;
    (void)error;
    return true;
}

bool wb_wrk_engine_run(const WbSuiteLoad *load, const char *url, WbRun *run, GPtrArray *texts,
                       char **out_text, GError **error)
{
    g_autoptr(GPtrArray) argv = build_argv(load, url);
    g_autofree char *words = NULL;
    Found found = {run, texts, false};
    const WbSink sink = {take_run, ignore_published, ignore_unread, &found};
    int status;

    wb_run_init(run);
    if (!g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, out_text,
                      &words, &status, error)) {
        g_prefix_error(error, "wrk cannot be started (apt-get install wrk): ");
        return false;
    }
    if (!g_spawn_check_wait_status(status, NULL)) {
        g_set_error(error, WB_WRK_ENGINE_ERROR, WB_WRK_ENGINE_ERROR_RUN, "wrk failed: %.300s",
                    g_strstrip(words));
        return false;
    }
    if (!wb_parser_wrk.parse(*out_text, strlen(*out_text), &sink, error))
        return false;
    if (!found.found) {
        g_set_error(error, WB_WRK_ENGINE_ERROR, WB_WRK_ENGINE_ERROR_TEXT,
                    "wrk's output holds no run");
        return false;
    }
    g_ptr_array_add(texts, g_strjoinv(" ", (char **)argv->pdata));
    run->command = g_ptr_array_index(texts, texts->len - 1);
    run->timeout_ns = load->timeout_ns;
    return true;
}
