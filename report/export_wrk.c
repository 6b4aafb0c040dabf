/*
 * Export: wrk's own text, a block a run that has one: native, with a result. Above each, a line
 * that begins with `#` says which run it is; its labels are escaped as in a URL, so that none of
 * them can look like a line of wrk's.
 */
#include "report/clean.h"
#include "report/export.h"
#include "schema/wrk_output.h"

static void append_heading(GString *out, const WbExport *export, const WbRun *run)
{
    g_string_append(out, "#");
    for (guint k = 0; k < export->all_keys->len; k++) {
        const char *key = g_ptr_array_index(export->all_keys, k);
        const char *value = wb_labels_get(run->of_case->labels, key);
        g_autofree char *cleaned = wb_clean(value ? value : "");
        g_autofree char *escaped = g_uri_escape_string(cleaned, NULL, TRUE);

        g_string_append_printf(out, " %s=%s,", key, escaped);
    }
    g_string_append_printf(out, " run %" G_GINT64_FORMAT, run->run_no);
    if (run->started_at)
        g_string_append_printf(out, ", %s", run->started_at);
    g_string_append_c(out, '\n');
}

static bool has_text(const WbRun *run)
{
    return run->log_id == WB_NONE && run->details->slices_n && run->requests != WB_NONE &&
           run->elapsed_ns > 0 && run->threads > 0;
}

static bool append_run(GString *out, const WbExport *export, const WbRun *run, bool *any,
                       GError **error)
{
    g_autofree WbHist *latency = g_new(WbHist, 1);
    const WbRunDetails *details = run->details;
    bool has_hist;

    if (!wb_export_load_hist(export, run, latency, &has_hist, error))
        return false;
    if (!has_hist)
        return true;
    append_heading(out, export, run);
    wb_wrk_output_append(out, run, latency, details->slice_ns, details->slices, details->slices_n);
    *any = true;
    return true;
}

bool wb_export_wrk(const WbExport *export, WbOutput *out, GError **error)
{
    g_autoptr(WbRunReader) reader = wb_export_read_runs(export, WB_RUN_SLICES, error);
    const WbRun *run = NULL;
    bool done = reader != NULL, any = false;

    while (done && (done = wb_export_next_run(export, reader, &run, error)) && run)
        done = !has_text(run) ||
               (append_run(out->text, export, run, &any, error) && wb_output_pass(out, error));
    if (done && !any)
        g_set_error(error, WB_EXPORT_ERROR, WB_EXPORT_ERROR_NATIVE,
                    "'%s' holds no run that wrkbook made itself%s: wrkbook logs prints what was "
                    "imported",
                    wb_store_path(export->query->store),
                    export->query->where ? " and that fits --where" : "");
    return done && any;
}
