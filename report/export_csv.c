/* Export: runs and slices as CSV (RFC 4180), foreign text guarded against spreadsheet formulas. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/clean.h"
#include "report/export.h"
#include "report/formats.h"

static void append_text(GString *out, const char *text)
{
    g_autofree char *cleaned = wb_clean_whole(text);

    wb_csv_append(out, cleaned, false);
}

/* Every label key of the set, in order of first appearance. */
static GPtrArray *label_keys(const WbRunSet *set)
{
    GPtrArray *keys = g_ptr_array_new();

    for (guint i = 0; i < set->cases->len; i++) {
        const WbLabels *labels = ((const WbCase *)g_ptr_array_index(set->cases, i))->labels;

        for (size_t l = 0; l < wb_labels_count(labels); l++) {
            char *key = wb_labels_at(labels, l)->key;

            if (!g_ptr_array_find_with_equal_func(keys, key, g_str_equal, NULL))
                g_ptr_array_add(keys, key);
        }
    }
    return keys;
}

static void append_keys(GString *out, const GPtrArray *keys)
{
    for (guint k = 0; k < keys->len; k++) {
        append_text(out, g_ptr_array_index(keys, k));
        g_string_append_c(out, ',');
    }
}

static void append_labels(GString *out, const WbRun *run, const GPtrArray *keys)
{
    for (guint k = 0; k < keys->len; k++) {
        const char *value = wb_labels_get(run->of_case->labels, g_ptr_array_index(keys, k));

        append_text(out, value ? value : "");
        g_string_append_c(out, ',');
    }
}

/* ---- runs ----------------------------------------------------------------------------------- */

/* What the view alone makes (findings, windows of slices) is no field of a loaded run. */
static bool is_column(const WbField *field)
{
    return field->in_facts && strcmp(field->name, "findings") != 0;
}

static void append_field(GString *out, const WbRun *run, const WbField *field)
{
    const void *member = (const char *)run + field->offset;
    char buffer[WB_UNITS_DOUBLE_SIZE];

    switch (field->type) {
    case WB_FIELD_INT:
        if (*(const int64_t *)member != WB_NONE)
            g_string_append_printf(out, "%" PRId64, *(const int64_t *)member);
        return;
    case WB_FIELD_REAL:
        g_string_append(out, wb_units_format_double(*(const double *)member, buffer));
        return;
    case WB_FIELD_TEXT:
        append_text(out, *(const char *const *)member);
        return;
    }
}

bool wb_export_runs(const WbExport *export, GString *out, GError **error)
{
    const WbRunSet *set = export->query->set;
    g_autoptr(GPtrArray) keys = label_keys(set);
    size_t n;
    const WbField *fields = wb_run_fields(&n);
    bool first = true;

    (void)error;
    append_keys(out, keys);
    for (size_t f = 0; f < n; f++) {
        if (!is_column(&fields[f]))
            continue;
        g_string_append_printf(out, "%s%s", first ? "" : ",", fields[f].name);
        first = false;
    }
    g_string_append(out, "\r\n");
    for (guint i = 0; i < set->runs->len; i++) {
        const WbRun *run = &g_array_index(set->runs, WbRun, i);

        append_labels(out, run, keys);
        first = true;
        for (size_t f = 0; f < n; f++) {
            if (!is_column(&fields[f]))
                continue;
            g_string_append(out, first ? "" : ",");
            append_field(out, run, &fields[f]);
            first = false;
        }
        g_string_append(out, "\r\n");
    }
    return true;
}

/* ---- slices --------------------------------------------------------------------------------- */

typedef struct {
    GString *out;
    GPtrArray *keys;
    GHashTable *runs; /* run_id -> WbRun */
} Slices;

static void append_slices(int64_t run_id, int64_t slice_ns, const WbSliceRecord *slices, size_t n,
                          void *user_data)
{
    Slices *to = user_data;
    const WbRun *run = g_hash_table_lookup(to->runs, &run_id);
    char buffer[WB_UNITS_DOUBLE_SIZE];

    for (size_t i = 0; run && i < n; i++) {
        const WbSliceRecord *s = &slices[i];

        append_labels(to->out, run, to->keys);
        g_string_append_printf(to->out,
                               "%" PRId64 ",%" PRId64 ",%zu,%s,%" PRId64 ",%" PRId64 ",%" PRId64
                               ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "\r\n",
                               run_id, run->run_no, i,
                               wb_units_format_double((double)i * (double)slice_ns / 1e9, buffer),
                               s->requests, s->bytes, s->errors_connect, s->errors_read,
                               s->errors_write, s->errors_timeout, s->errors_status);
    }
}

bool wb_export_slices(const WbExport *export, GString *out, GError **error)
{
    const WbRunSet *set = export->query->set;
    g_autoptr(GPtrArray) keys = label_keys(set);
    g_autoptr(GHashTable) runs = g_hash_table_new(g_int64_hash, g_int64_equal);
    Slices to = {.out = out, .keys = keys, .runs = runs};

    for (guint i = 0; i < set->runs->len; i++) {
        WbRun *run = &g_array_index(set->runs, WbRun, i);

        g_hash_table_insert(runs, &run->run_id, run);
    }
    append_keys(out, keys);
    g_string_append(out, "run_id,run_no,slice,begin_s,requests,bytes,errors_connect,errors_read,"
                         "errors_write,errors_timeout,errors_status\r\n");
    return wb_store_each_slices(export->query->store, append_slices, &to, error);
}
