#include "runner/import/field_value.h"

#include <string.h>

#include "runner/import/printable.h"
#include "schema/units.h"

G_DEFINE_QUARK(wb_field_value_error, wb_field_value_error)

const WbField *wb_field_find_settable(const char *name)
{
    const WbField *field = wb_run_field_find(name);

    return field && field->stored && field->in_facts ? field : NULL;
}

bool wb_field_is_missing(const WbRun *run, const WbField *field)
{
    const void *member = (const char *)run + field->offset;

    switch (field->type) {
    case WB_FIELD_INT:
        return *(const int64_t *)member == WB_NONE;
    case WB_FIELD_REAL:
        return isnan(*(const double *)member);
    default:
        return *(const char *const *)member == NULL;
    }
}

void wb_field_complete(WbRun *run, const WbRun *more)
{
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    for (size_t i = 0; i < n; i++) {
        const WbField *field = &fields[i];
        char *to = (char *)run;
        const char *from = (const char *)more;
        size_t size = field->type == WB_FIELD_TEXT   ? sizeof(char *)
                      : field->type == WB_FIELD_REAL ? sizeof(double)
                                                     : sizeof(int64_t);

        if (wb_field_is_missing(more, field) || !wb_field_is_missing(run, field))
            continue;
        memcpy(to + field->offset, from + field->offset, size);
        if (field->half_offset)
            memcpy(to + field->half_offset, from + field->half_offset, size);
    }
}

static bool fail(GError **error, const char *text, const char *remedy)
{
    g_autofree char *shown = wb_printable(text, 80);

    g_set_error(error, WB_FIELD_VALUE_ERROR, WB_FIELD_VALUE_ERROR_TEXT, "'%s' is no %s", shown,
                remedy);
    return false;
}

/* Fields that hold one of a few words. */
static const struct {
    const char *field;
    const char *words[4];
    const char *remedy;
} vocabularies[] = {
    {"status",
     {"complete", "partial", "failed"},
     "status: write complete, partial or failed, or leave it out"},
    {"latency_kind",
     {"raw", "corrected by wrk", "from due time"},
     "latency_kind: write raw, 'corrected by wrk' or 'from due time'"},
};

/* "2018-06-05T12:00:00Z", with or without a part of a second. */
static bool is_instant(const char *text)
{
    g_autoptr(GDateTime) time = NULL;

    if (!g_str_has_suffix(text, "Z"))
        return false;
    time = g_date_time_new_from_iso8601(text, NULL);
    return time != NULL;
}

static bool set_word(const char **member, const char *name, const char *text, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(vocabularies); i++) {
        if (strcmp(vocabularies[i].field, name) != 0)
            continue;
        for (size_t w = 0; vocabularies[i].words[w]; w++)
            if (strcmp(vocabularies[i].words[w], text) == 0) {
                *member = vocabularies[i].words[w];
                return true;
            }
        return fail(error, text, vocabularies[i].remedy);
    }
    if (strcmp(name, "started_at") == 0 && !is_instant(text))
        return fail(error, text, "start time: write it in UTC, as in 2018-06-05T12:00:00Z");
    *member = text;
    return true;
}

const char *wb_field_parse_split(const char *text)
{
    return strcmp(text, "errors") == 0      ? "errors"
           : strcmp(text, "no errors") == 0 ? "no errors"
                                            : NULL;
}

/* All digits: exact in the base unit. */
static bool scan_digits(const char *text, int64_t *out)
{
    char *end;
    guint64 value;

    if (strspn(text, "0123456789") != strlen(text))
        return false;
    value = g_ascii_strtoull(text, &end, 10);
    if (value > INT64_MAX || strlen(text) > 19)
        return false;
    *out = (int64_t)value;
    return true;
}

static bool set_int(const WbField *field, int64_t *member, int64_t *half_member, const char *text,
                    GError **error)
{
    const char *end = text + strlen(text);
    const char *to = NULL;
    int64_t value = 0;
    int64_t half = 0;

    if (scan_digits(text, &value))
        to = end;
    else if (field->unit == WB_UNIT_NS && *text != '-')
        to = wb_units_scan_time(text, end, &value, &half);
    else if (field->unit == WB_UNIT_BYTES && *text != '-')
        to = wb_units_scan_bytes(text, end, &value, &half);
    if (to != end && field->unit == WB_UNIT_NS)
        return fail(error, text, "time: write whole nanoseconds, or a unit as in 11.18ms or 10s");
    if (to != end && field->unit == WB_UNIT_BYTES)
        return fail(error, text, "size: write whole bytes, or a unit as in 1.25MB");
    if (to != end)
        return fail(error, text, "whole number from 0 on: write all its digits and no separators");
    *member = value;
    /* A setting such as 10s is meant exactly; only a measured figure was rounded. */
    if (half_member)
        *half_member = strcmp(field->name, "asked_duration_ns") == 0 ? 0 : half;
    return true;
}

static bool set_real(const WbField *field, double *member, double *half_member, const char *text,
                     GError **error)
{
    const char *end = text + strlen(text);
    double half = 0;
    double value = 0;

    if (wb_units_scan_count(text, end, &value, &half) != end) {
        char *to;

        value = g_ascii_strtod(text, &to); /* 1.9e4, as programs write it */
        half = 0;
        if (to != end)
            return fail(error, text, "number: write digits, as in 1437.38 or 19.34k");
    }
    if (!isfinite(value) || value < 0 || (field->unit == WB_UNIT_SHARE && value > 1))
        return fail(error, text,
                    field->unit == WB_UNIT_SHARE ? "share: write a number from 0 to 1"
                                                 : "number from 0 on");
    *member = value;
    if (half_member)
        *half_member = half;
    return true;
}

bool wb_field_set_text(WbRun *run, const WbField *field, const char *text, GError **error)
{
    char *base = (char *)run;
    void *member = base + field->offset;
    void *half = field->half_offset ? base + field->half_offset : NULL;

    switch (field->type) {
    case WB_FIELD_INT:
        return set_int(field, member, half, text, error);
    case WB_FIELD_REAL:
        return set_real(field, member, half, text, error);
    default:
        return set_word(member, field->name, text, error);
    }
}
