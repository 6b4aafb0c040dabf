/*
 * The CSV parser on arbitrary bytes: a text is either refused with a line within it, or gives
 * records that may be stored; the second parse gives as many as the first.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/import/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    int64_t lines;
    int64_t last;
    int records;
} Text;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_line(Text *text, int64_t line)
{
    must(line > text->last && line <= text->lines);
    text->last = line;
    text->records++;
}

static bool on_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    (void)error;
    check_line(user_data, run->log_line);
    must(labels && run->status);
    must(isnan(run->requests_per_s) || run->requests_per_s >= 0);
    for (size_t i = 0; i < wb_labels_count(labels); i++)
        must(wb_labels_check_key(wb_labels_at(labels, i)->key, NULL) &&
             g_utf8_validate(wb_labels_at(labels, i)->value, -1, NULL));
    return true;
}

static bool on_published(void *user_data, const WbPublished *published, const WbLabels *labels,
                         GError **error)
{
    bool has_figure = !isnan(published->requests_per_s) || !isnan(published->window_min);

    (void)error;
    check_line(user_data, published->log_line);
    must(labels != NULL);
    must(has_figure == (published->state == WB_STATE_OK));
    must(isnan(published->window_min) == isnan(published->window_max));
    must(isnan(published->window_min) || published->window_min <= published->window_max);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    int records = -1;

    (void)wb_parser_csv.looks_like(bytes, size);
    for (int round = 0; round < 2; round++) {
        Text text = {.lines = 1};
        const WbSink sink = {on_run, on_published, NULL, &text};
        g_autoptr(GError) error = NULL;

        for (size_t i = 0; i < size; i++)
            text.lines += bytes[i] == '\n' || bytes[i] == '\r';
        if (!wb_parser_csv.parse(bytes, size, &sink, &error)) {
            must(error && error->domain == WB_PARSER_ERROR);
            must(g_ascii_strtoll(error->message, NULL, 10) <= text.lines);
        }
        must(records < 0 || records == text.records);
        records = text.records;
    }
    return 0;
}
