/* Export: runs, slices and samples as CSV (RFC 4180), foreign text guarded against spreadsheet
 * formulas. */
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

/* What the view alone makes is no field of a run that is read. */
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

/* The run's windows as run_facts has them, but of the width and the part of the run that were asked
 * for. */
static void set_windows(WbRun *run, const WbSummaryOptions *wanted)
{
    const WbRunDetails *details = run->details;
    WbCaseSteady steady = {0};
    WbWindowFigures figures;
    WbWindows windows;
    size_t start = 0;
    bool has_part = true;

    wb_windows_init(&windows, wanted->window_ns ? wanted->window_ns : WB_WINDOW_DEFAULT_NS);
    windows.skip_ns = wanted->skip_ns;
    if (wanted->steady && details->slices_n) {
        has_part = strcmp(wb_case_steady_add(&steady, details->slices, details->slices_n,
                                             details->slice_ns, &start),
                          WB_STEADY_NONE) != 0;
        windows.skip_ns = MAX(windows.skip_ns, (int64_t)start * details->slice_ns);
    }
    if (has_part && wb_windows_add_slices(&windows, details->slices, details->slices_n,
                                          details->slice_ns, run->elapsed_ns) == 0)
        wb_windows_add_run(&windows, run);
    wb_windows_describe(&windows, &figures);
    run->window_ns = figures.windows ? windows.width_ns : WB_NONE;
    run->windows = figures.windows ? figures.windows : WB_NONE;
    run->window_min = figures.window_min;
    run->window_max = figures.window_max;
    wb_windows_clear(&windows);
}

static void append_run(GString *out, const WbExport *export, const WbRun *run)
{
    WbRun shown = *run;
    size_t n;
    const WbField *fields = wb_run_fields(&n);
    const char *between = "";

    set_windows(&shown, &export->query->wanted);
    append_labels(out, run, export->all_keys);
    for (size_t f = 0; f < n; f++) {
        if (!is_column(&fields[f]))
            continue;
        g_string_append(out, between);
        append_field(out, &shown, &fields[f]);
        between = ",";
    }
    g_string_append(out, "\r\n");
}

bool wb_export_runs(const WbExport *export, WbOutput *out, GError **error)
{
    g_autoptr(WbRunReader) reader = wb_export_read_runs(export, WB_RUN_SLICES, error);
    size_t n;
    const WbField *fields = wb_run_fields(&n);
    const char *between = "";
    const WbRun *run = NULL;
    bool done = reader != NULL;

    append_keys(out->text, export->all_keys);
    for (size_t f = 0; f < n; f++) {
        if (!is_column(&fields[f]))
            continue;
        g_string_append_printf(out->text, "%s%s", between, fields[f].name);
        between = ",";
    }
    g_string_append(out->text, "\r\n");
    while (done && (done = wb_export_next_run(export, reader, &run, error)) && run) {
        append_run(out->text, export, run);
        done = wb_output_pass(out, error);
    }
    return done;
}

/* ---- slices --------------------------------------------------------------------------------- */

static void append_slices(GString *out, const WbExport *export, const WbRun *run)
{
    const WbRunDetails *details = run->details;
    char buffer[WB_UNITS_DOUBLE_SIZE];

    for (size_t i = 0; i < details->slices_n; i++) {
        const WbSliceRecord *s = &details->slices[i];

        append_labels(out, run, export->all_keys);
        g_string_append_printf(
            out,
            "%" PRId64 ",%" PRId64 ",%zu,%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64
            ",%" PRId64 ",%" PRId64 ",%" PRId64 "\r\n",
            run->run_id, run->run_no, i,
            wb_units_format_double((double)i * (double)details->slice_ns / 1e9, buffer),
            s->requests, s->bytes, s->errors_connect, s->errors_read, s->errors_write,
            s->errors_timeout, s->errors_status);
    }
}

bool wb_export_slices(const WbExport *export, WbOutput *out, GError **error)
{
    g_autoptr(WbRunReader) reader = wb_export_read_runs(export, WB_RUN_SLICES, error);
    const WbRun *run = NULL;
    bool done = reader != NULL;

    append_keys(out->text, export->all_keys);
    g_string_append(out->text, "run_id,run_no,slice,begin_s,requests,bytes,errors_connect,"
                               "errors_read,errors_write,errors_timeout,errors_status\r\n");
    while (done && (done = wb_export_next_run(export, reader, &run, error)) && run) {
        append_slices(out->text, export, run);
        done = wb_output_pass(out, error);
    }
    return done;
}

/* ---- samples -------------------------------------------------------------------------------- */

static void append_count(GString *out, int64_t count)
{
    g_string_append_c(out, ',');
    if (count != WB_NONE)
        g_string_append_printf(out, "%" PRId64, count);
}

static void append_share(GString *out, double share)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    g_string_append_printf(out, ",%s", wb_units_format_double(share, buffer));
}

static void append_samples(GString *out, const WbExport *export, const WbRun *run)
{
    for (size_t i = 0; i < run->details->resources_n; i++) {
        const WbResourceRecord *r = &run->details->resources[i];
        const int64_t counts[] = {r->server_cpu_ns, r->server_memory_bytes, r->server_processes,
                                  r->client_cpu_ns, r->foreign_cpu_ns,      r->steal_ns};
        const double shares[] = {r->pressure_cpu, r->pressure_memory, r->pressure_io};

        append_labels(out, run, export->all_keys);
        g_string_append_printf(out, "%" PRId64 ",%" PRId64 ",%zu", run->run_id, run->run_no, i);
        for (size_t c = 0; c < G_N_ELEMENTS(counts); c++)
            append_count(out, counts[c]);
        for (size_t s = 0; s < G_N_ELEMENTS(shares); s++)
            append_share(out, shares[s]);
        g_string_append(out, "\r\n");
    }
}

bool wb_export_samples(const WbExport *export, WbOutput *out, GError **error)
{
    g_autoptr(WbRunReader) reader = wb_export_read_runs(export, WB_RUN_RESOURCES, error);
    const WbRun *run = NULL;
    bool done = reader != NULL;

    append_keys(out->text, export->all_keys);
    g_string_append(out->text,
                    "run_id,run_no,second,server_cpu_ns,server_memory_bytes,server_processes,"
                    "client_cpu_ns,foreign_cpu_ns,steal_ns,pressure_cpu_share,"
                    "pressure_memory_share,pressure_io_share\r\n");
    while (done && (done = wb_export_next_run(export, reader, &run, error)) && run) {
        append_samples(out->text, export, run);
        done = wb_output_pass(out, error);
    }
    return done;
}
