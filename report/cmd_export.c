/* `wrkbook export`: runs and cases in the formats of other programs. */
#include "report/case_name.h"
#include "report/commands.h"
#include "report/export.h"
#include "report/output.h"

static const char examples[] =
    "\n"
    "Examples:\n"
    "  wrkbook export --format gobench --db results.db -o results.txt\n"
    "    benchstat -row /server -col /framework results.txt\n"
    "  wrkbook export --format hgrm --db results.db --where server=nginx -o nginx.hgrm\n"
    "  wrkbook export --format openmetrics --db results.db -o wrkbook.prom\n"
    "  wrkbook export --format runs --db results.db | duckdb -c \"SELECT * FROM "
    "read_csv('/dev/stdin')\"";

static char *describe(void)
{
    GString *text = g_string_new("Formats:\n");

    wb_choices_append_help(wb_export_formats(), text);
    g_string_append(text, examples);
    return g_string_free(text, FALSE);
}

/* What a first pass over the runs tells. */
typedef struct {
    GHashTable *complete, *with_errors; /* sets of numbers of cases: with such runs */
} Splits;

/* The numbers of cases that --where split=... leaves out: those without a complete run too. */
static GHashTable *other_split(const GPtrArray *cases, const Splits *splits, WbSplit only)
{
    GHashTable *out = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (guint i = 0; i < cases->len; i++) {
        const WbCase *of_case = g_ptr_array_index(cases, i);
        bool has_errors = g_hash_table_contains(splits->with_errors, &of_case->id);

        if (!g_hash_table_contains(splits->complete, &of_case->id) ||
            has_errors != (only == WB_SPLIT_ERRORS))
            g_hash_table_add(out, (gpointer)&of_case->id);
    }
    return out;
}

/* Every label key, in order of first appearance. */
static GPtrArray *label_keys(const GPtrArray *cases)
{
    GPtrArray *keys = g_ptr_array_new();

    for (guint i = 0; i < cases->len; i++) {
        const WbLabels *labels = ((const WbCase *)g_ptr_array_index(cases, i))->labels;

        for (size_t l = 0; l < wb_labels_count(labels); l++) {
            char *key = wb_labels_at(labels, l)->key;

            if (!g_ptr_array_find_with_equal_func(keys, key, g_str_equal, NULL))
                g_ptr_array_add(keys, key);
        }
    }
    return keys;
}

static GPtrArray *name_keys(const GPtrArray *cases)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new();

    for (guint i = 0; i < cases->len; i++)
        g_ptr_array_add(labels, ((const WbCase *)g_ptr_array_index(cases, i))->labels);
    return wb_case_name_keys(labels, NULL, NULL);
}

static bool has_runs(const WbQuery *query, bool any, GError **error)
{
    if (!any)
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_EMPTY, "'%s' holds no run%s to export",
                    wb_store_path(query->store), query->where ? " that fits --where" : "");
    return any;
}

static bool write_named(WbExport *export, const GPtrArray *cases, WbExportFn render, WbOutput *out,
                        GError **error)
{
    g_autoptr(GPtrArray) keys = name_keys(cases);
    g_autoptr(GPtrArray) all_keys = label_keys(cases);

    export->keys = keys;
    export->all_keys = all_keys;
    return render(export, out, error);
}

static bool write_cases(WbExport *export, WbQuery *query, WbExportFn render, WbOutput *out,
                        GError **error)
{
    const WbSummaryOptions needs = {.no_windows = true, .no_series = true};
    size_t first = 0;

    return wb_query_load(query, &needs, error) &&
           has_runs(query, wb_export_next_case(export, &first) != NULL, error) &&
           write_named(export, query->set->cases, render, out, error);
}

static bool look_at_runs(WbRunReader *reader, const Splits *splits, GError **error)
{
    const WbRun *run;

    for (;;) {
        if (!wb_run_reader_next(reader, &run, error))
            return false;
        if (!run)
            return true;
        if (!wb_export_is_complete(run))
            continue;
        g_hash_table_add(splits->complete, (gpointer)&run->of_case->id);
        if (wb_run_has_socket_errors(run))
            g_hash_table_add(splits->with_errors, (gpointer)&run->of_case->id);
    }
}

/* A first pass, for what the first row needs: which cases there are, and which have errors. */
static bool write_runs(WbExport *export, WbQuery *query, WbExportFn render, WbOutput *out,
                       GError **error)
{
    static const char *const needed[] = {"status",       "errors_connect", "errors_read",
                                         "errors_write", "errors_timeout", NULL};
    g_autoptr(WbRunReader) reader = NULL;
    g_autoptr(GHashTable) complete = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GHashTable) with_errors = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GHashTable) left_out = NULL;
    g_autoptr(GPtrArray) cases = NULL;
    const Splits splits = {complete, with_errors};

    if (!wb_query_open(query, NULL, error) ||
        !(reader = wb_run_reader_new(query->store, query->filter, needed, 0, error)) ||
        !look_at_runs(reader, &splits, error))
        return false;
    cases = wb_run_reader_cases(reader);
    if (query->only != WB_SPLIT_ANY)
        left_out = other_split(cases, &splits, query->only);
    if (!has_runs(query, cases->len > (left_out ? g_hash_table_size(left_out) : 0), error))
        return false;
    export->left_out = left_out;
    return write_named(export, cases, render, out, error);
}

static bool write_export(WbQuery *query, const char *format_name, const char *path, GError **error)
{
    const WbExportFormat *format =
        wb_choice_named(wb_export_formats(), "--format", format_name, error);
    WbExport export = {.query = query};
    g_autoptr(WbOutput) out = format ? wb_output_open(path, error) : NULL;

    return out &&
           (format->of_runs ? write_runs : write_cases)(&export, query, format->render, out,
                                                        error) &&
           wb_output_close(out, error);
}

int wb_report_cmd_export(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- in formats of other programs");
    g_autofree char *description = describe();
    g_autofree char *path = NULL;
    g_autofree char *format = NULL;
    g_auto(WbQuery) query;
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &format, "One of those below", "FORMAT"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Write to a file, whole or not at all",
         "FILE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_query_init(&query);
    g_option_context_set_description(context, description);
    wb_query_add_options(&query, context, false);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) || !write_export(&query, format, path, error))
        return 2;
    return 0;
}
