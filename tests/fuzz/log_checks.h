/*
 * What must hold of every record that a parser of logs makes, whatever the text is: lines within
 * it, no negative half width, no figure below 0, no text that is not UTF-8. A header of static
 * functions for the fuzz targets.
 */
#ifndef WB_TESTS_FUZZ_LOG_CHECKS_H
#define WB_TESTS_FUZZ_LOG_CHECKS_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/import/parser.h"

typedef struct {
    int64_t lines; /* in the text */
} Text;

static inline void must(bool holds)
{
    if (!holds)
        abort();
}

static inline void check_text(const char *text)
{
    must(!text || g_utf8_validate(text, -1, NULL));
}

static inline void check_field(const WbRun *run, const WbField *field)
{
    const void *member = (const char *)run + field->offset;
    const void *half = (const char *)run + field->half_offset;

    if (field->type == WB_FIELD_TEXT) {
        check_text(*(const char *const *)member);
    } else if (field->type == WB_FIELD_REAL) {
        double value = *(const double *)member;

        must(isnan(value) || (isfinite(value) && value >= 0));
        must(!field->half_offset || *(const double *)half >= 0);
    } else {
        int64_t value = *(const int64_t *)member;

        must(value == WB_NONE || value >= 0);
        must(!field->half_offset || *(const int64_t *)half >= 0);
    }
}

static inline void check_fields(const WbRun *run)
{
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    for (size_t i = 0; i < n; i++)
        check_field(run, &fields[i]);
}

static inline void check_labels(const WbLabels *labels)
{
    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        must(wb_labels_check_key(wb_labels_at(labels, i)->key, NULL));
        check_text(wb_labels_at(labels, i)->value);
    }
}

/* Slices and histogram hold the run's requests: wrk2's begins later, wrk's corrected one has more.
 */
static inline void check_details(const WbRun *run)
{
    const WbRunDetails *details = run->details;
    int64_t requests = 0;

    for (size_t i = 0; details && i < details->slices_n; i++)
        requests += details->slices[i].requests;
    must(!details || details->slices_n == 0 || requests == run->requests);
    for (size_t i = 0; details && i < details->hists_n; i++)
        must(run->requests == WB_NONE || details->hists[i].hist->count <= run->requests ||
             strcmp(details->hists[i].kind, "corrected latency") == 0);
}

static inline bool on_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    const Text *text = user_data;

    (void)error;
    if (labels)
        check_labels(labels);
    must(run->log_line >= 1 && run->log_line <= text->lines);
    must(run->tool && run->status);
    check_fields(run);
    check_details(run);
    return true;
}

static inline bool on_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    const Text *text = user_data;

    (void)error;
    must(line->line >= 1 && line->line <= text->lines);
    must(line->reason);
    check_text(line->text);
    return true;
}

/* Parses a text as the parser may get it; it must not refuse. */
static inline void check_parse(const WbParser *parser, const char *bytes, size_t size)
{
    Text text = {1};
    const WbSink sink = {on_run, NULL, on_unread, &text};
    g_autoptr(GError) error = NULL;

    for (size_t i = 0; i < size; i++)
        text.lines += bytes[i] == '\n';
    (void)parser->looks_like(bytes, size);
    must(parser->parse(bytes, size, &sink, &error));
    must(!error);
}

#endif
