/*
 * Suite draft: making and freeing.
 */
#include "runner/suite_draft.h"

#include <signal.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)

static void clear_text(void *data)
{
    WbDraftText *text = data;

    g_free(text->name);
    g_free(text->text);
}

GArray *wb_draft_texts_new(void)
{
    GArray *texts = g_array_new(FALSE, FALSE, sizeof(WbDraftText));

    g_array_set_clear_func(texts, clear_text);
    return texts;
}

void wb_draft_texts_add(GArray *texts, const char *name, const char *text, int place)
{
    WbDraftText entry = {g_strdup(name), g_strdup(text), place};

    g_array_append_val(texts, entry);
}

const WbDraftText *wb_draft_texts_find(const GArray *texts, const char *name)
{
    for (guint i = 0; i < texts->len; i++) {
        const WbDraftText *text = &g_array_index(texts, WbDraftText, i);

        if (strcmp(text->name, name) == 0)
            return text;
    }
    return NULL;
}

bool wb_draft_setting_has_template(const WbDraftSetting *setting)
{
    if (setting->key->flags & WB_KEY_OF_SUITE)
        return false;
    for (guint i = 0; setting->texts && i < setting->texts->len; i++)
        if (strchr(g_array_index(setting->texts, WbDraftText, i).text, '{'))
            return true;
    return false;
}

static void clear_setting(void *setting)
{
    g_clear_pointer(&((WbDraftSetting *)setting)->texts, g_array_unref);
}

static void free_axis(void *data)
{
    WbDraftAxis *axis = data;

    g_free(axis->key);
    g_array_unref(axis->values);
    g_free(axis);
}

static void free_skip(void *data)
{
    WbDraftSkip *skip = data;

    g_array_unref(skip->labels);
    g_free(skip->because);
    g_free(skip);
}

WbDraftScope *wb_draft_scope_new(int place)
{
    WbDraftScope *scope = g_new0(WbDraftScope, 1);

    scope->place = place;
    scope->settings = g_array_new(FALSE, FALSE, sizeof(WbDraftSetting));
    g_array_set_clear_func(scope->settings, clear_setting);
    scope->labels = wb_draft_texts_new();
    scope->axes = g_ptr_array_new_with_free_func(free_axis);
    scope->skips = g_ptr_array_new_with_free_func(free_skip);
    return scope;
}

static void free_scope(void *data)
{
    WbDraftScope *scope = data;

    g_array_unref(scope->settings);
    g_array_unref(scope->labels);
    g_ptr_array_unref(scope->axes);
    g_ptr_array_unref(scope->skips);
    g_free(scope);
}

WbSuiteDraft *wb_suite_draft_new(void)
{
    WbSuiteDraft *draft = g_new0(WbSuiteDraft, 1);

    draft->suite = wb_draft_scope_new(0);
    draft->targets = g_ptr_array_new_with_free_func(free_scope);
    return draft;
}

void wb_suite_draft_free(WbSuiteDraft *draft)
{
    if (!draft)
        return;
    free_scope(draft->suite);
    g_ptr_array_unref(draft->targets);
    g_free(draft);
}

/* The defaults of suite.h. */
WbSuiteCell *wb_suite_cell_new(void)
{
    WbSuiteCell *cell = g_new0(WbSuiteCell, 1);

    cell->labels = wb_labels_new();
    cell->load = (WbSuiteLoad){.threads = 1,
                               .connections = 10,
                               .pipeline = 1,
                               .duration_ns = 10 * SECOND_NS,
                               .timeout_ns = 2 * SECOND_NS,
                               .slice_ns = SECOND_NS / 10,
                               .runs_min = 5,
                               .runs_max = 5};
    cell->server = (WbSuiteServer){.ready_status = 200,
                                   .ready_within_ns = 20 * SECOND_NS,
                                   .stop_signal = SIGTERM,
                                   .stop_within_ns = 10 * SECOND_NS,
                                   .drain_within_ns = 20 * SECOND_NS,
                                   .somaxconn = WB_NONE};
    return cell;
}

static void clear_server(WbSuiteServer *server)
{
    g_strfreev(server->start);
    g_strfreev(server->env);
    g_free(server->directory);
    g_free(server->user);
    g_free(server->url);
    g_free(server->ready_body);
    g_free(server->ready_path);
    g_strfreev(server->version);
    g_free(server->pin_server);
    g_free(server->pin_client);
}

void wb_suite_cell_free(WbSuiteCell *cell)
{
    if (!cell)
        return;
    wb_labels_free(cell->labels);
    clear_server(&cell->server);
    g_free(cell->load.method);
    g_free(cell->load.body);
    g_strfreev(cell->load.headers);
    g_free(cell);
}
