#include "runner/import/wrk_heading.h"

#include <glib.h>
#include <string.h>

#define NAME_MAX_BYTES 200

/* Behind the word, if the line has it here. */
static const char *after(const char *p, const char *end, const char *word)
{
    size_t len = strlen(word);

    return (size_t)(end - p) > len && memcmp(p, word, len) == 0 ? p + len : NULL;
}

/* A name is one word up to the end of the line. */
static char *name_of(const char *p, const char *end)
{
    while (end > p && g_ascii_isspace(end[-1]))
        end--;
    if (p == end || end - p > NAME_MAX_BYTES || memchr(p, ' ', (size_t)(end - p)))
        return NULL;
    return g_utf8_make_valid(p, end - p);
}

static WbLabels *labels_of(const char *name, const char *key, const char *value)
{
    WbLabels *labels = wb_labels_new();

    wb_labels_set(labels, "framework", name);
    wb_labels_set(labels, key, value);
    return labels;
}

WbLabels *wb_wrk_heading_labels(const char *line, const char *line_end)
{
    static const struct {
        const char *word, *key, *value; /* value NULL: the number behind the word */
    } headings[] = {{"Running Primer ", "phase", "primer"},
                    {"Running Warmup ", "phase", "warmup"},
                    {"Concurrency: ", "concurrency", NULL},
                    {"Queries: ", "queries", NULL}};
    const char *p = line;

    while (p < line_end && *p == ' ')
        p++;
    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++) {
        const char *at = after(p, line_end, headings[i].word), *number = at;
        g_autofree char *name = NULL, *value = g_strdup(headings[i].value);

        if (!at)
            continue;
        if (!value) {
            while (at < line_end && g_ascii_isdigit(*at))
                at++;
            value = g_strndup(number, (gsize)(at - number));
            at = after(at, line_end, " for ");
        }
        name = at && *value ? name_of(at, line_end) : NULL;
        return name ? labels_of(name, headings[i].key, value) : NULL;
    }
    return NULL;
}

char *wb_wrk_heading_started(const char *line, const char *line_end)
{
    const char *p = after(line, line_end, "STARTTIME ");
    g_autoptr(GDateTime) time = NULL;
    int64_t s = 0;

    while (p && p < line_end && g_ascii_isdigit(*p) && s < INT64_C(100000000000))
        s = s * 10 + (*p++ - '0');
    if (!p || s < 1000000000 || (p < line_end && !g_ascii_isspace(*p)))
        return NULL;
    time = g_date_time_new_from_unix_utc(s);
    return time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}
