/* Export: InfluxDB line protocol, a line a complete run, with its begin as timestamp. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/clean.h"
#include "report/export.h"

/* In keys and tags `,` `=` and a blank are escaped; a backslash is itself, but not at an end. */
static void append_tag_text(GString *out, const char *text)
{
    g_autofree char *cleaned = wb_clean_whole(text);

    for (const char *at = cleaned; *at; at++) {
        if (strchr(",= ", *at))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
    if (g_str_has_suffix(cleaned, "\\"))
        g_string_append_c(out, '_');
}

static void append_tags(GString *out, const WbLabels *labels)
{
    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        const WbLabel *label = wb_labels_at(labels, i);

        if (!*label->value)
            continue; /* an empty tag is an error */
        g_string_append_c(out, ',');
        append_tag_text(out, label->key);
        g_string_append_c(out, '=');
        append_tag_text(out, label->value);
    }
}

/* The figures of a run: numbers of run_facts that are there; whole ones with an `i`. */
static void append_fields(GString *out, const WbRun *run)
{
    size_t n;
    const WbField *fields = wb_run_fields(&n);
    const char *between = " ";

    for (size_t i = 0; i < n; i++) {
        const void *member = (const char *)run + fields[i].offset;
        char buffer[WB_UNITS_DOUBLE_SIZE];

        if (!fields[i].in_facts || fields[i].type == WB_FIELD_TEXT ||
            !strcmp(fields[i].name, "run_id"))
            continue;
        if (fields[i].type == WB_FIELD_INT && *(const int64_t *)member != WB_NONE)
            g_string_append_printf(out, "%s%s=%" PRId64 "i", between, fields[i].name,
                                   *(const int64_t *)member);
        else if (fields[i].type == WB_FIELD_REAL && isfinite(*(const double *)member))
            g_string_append_printf(out, "%s%s=%s", between, fields[i].name,
                                   wb_units_format_double(*(const double *)member, buffer));
        else
            continue;
        between = ",";
    }
}

static void append_run(GString *out, const WbRun *run)
{
    double at_s;

    g_string_append(out, "wrkbook_run");
    append_tags(out, run->of_case->labels);
    append_fields(out, run);
    if (run->started_at && wb_units_parse_utc(run->started_at, &at_s))
        g_string_append_printf(out, " %" PRId64 "000", (int64_t)llround(at_s * 1e6));
    g_string_append_c(out, '\n');
}

bool wb_export_influx(const WbExport *export, WbOutput *out, GError **error)
{
    g_autoptr(WbRunReader) reader = wb_export_read_runs(export, 0, error);
    const WbRun *run = NULL;
    bool done = reader != NULL;

    while (done && (done = wb_export_next_run(export, reader, &run, error)) && run) {
        if (wb_export_is_complete(run))
            append_run(out->text, run);
        done = wb_output_pass(out, error);
    }
    return done;
}
