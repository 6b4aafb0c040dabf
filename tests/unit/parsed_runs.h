/*
 * What the readers of foreign logs make of a text, gathered. A header of static functions: each
 * test program takes what it uses.
 */
#ifndef WB_TESTS_UNIT_PARSED_RUNS_H
#define WB_TESTS_UNIT_PARSED_RUNS_H

#include <glib.h>

#include "runner/import/parser.h"

typedef struct {
    GArray *runs;      /* of WbRun, texts in `text`, without details */
    GPtrArray *labels; /* of char *: "a=b c=d" of each run */
    GStringChunk *text;
    int unread; /* lines */
} Parsed;

static inline const char *parsed_keep(Parsed *parsed, const char *text)
{
    return text ? g_string_chunk_insert(parsed->text, text) : NULL;
}

static inline bool parsed_on_run(void *user_data, const WbRun *run, const WbLabels *labels,
                                 GError **error)
{
    Parsed *parsed = user_data;
    WbRun copy = *run;

    g_autoptr(GString) told = g_string_new(NULL);

    (void)error;
    for (size_t i = 0; labels && i < wb_labels_count(labels); i++)
        g_string_append_printf(told, "%s%s=%s", i ? " " : "", wb_labels_at(labels, i)->key,
                               wb_labels_at(labels, i)->value);
    g_ptr_array_add(parsed->labels, g_strdup(told->str));
    copy.url = parsed_keep(parsed, run->url);
    copy.command = parsed_keep(parsed, run->command);
    copy.started_at = parsed_keep(parsed, run->started_at);
    copy.details = NULL;
    g_array_append_val(parsed->runs, copy);
    return true;
}

static inline bool parsed_on_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    Parsed *parsed = user_data;

    (void)line;
    (void)error;
    parsed->unread++;
    return true;
}

/* By the parser that is chosen by content. */
static inline void parsed_init(Parsed *parsed, const char *bytes, size_t len)
{
    const WbSink sink = {parsed_on_run, NULL, parsed_on_unread, parsed};
    const WbParser *parser = wb_parser_for(bytes, len);
    g_autoptr(GError) error = NULL;

    parsed->runs = g_array_new(FALSE, FALSE, sizeof(WbRun));
    parsed->labels = g_ptr_array_new_with_free_func(g_free);
    parsed->text = g_string_chunk_new(256);
    parsed->unread = 0;
    if (parser)
        parser->parse(bytes, len, &sink, &error);
    g_assert_no_error(error);
}

static inline void parsed_clear(Parsed *parsed)
{
    g_array_unref(parsed->runs);
    g_ptr_array_unref(parsed->labels);
    g_string_chunk_free(parsed->text);
}

static inline const char *parsed_labels(const Parsed *parsed, guint i)
{
    return i < parsed->labels->len ? parsed->labels->pdata[i] : NULL;
}

static inline const WbRun *run_at(const Parsed *parsed, guint i)
{
    g_assert_cmpuint(i, <, parsed->runs->len);
    return &g_array_index(parsed->runs, WbRun, i);
}

#endif
