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

static GPtrArray *name_keys(const WbQuery *query)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new();

    for (size_t i = 0; i < query->summary->cases->len; i++)
        g_ptr_array_add(labels, wb_summary_at(query->summary, i)->of_case->labels);
    return wb_case_name_keys(labels, NULL, NULL);
}

static bool write_export(WbQuery *query, const char *format_name, const char *path, GError **error)
{
    const WbExportFormat *format =
        wb_choice_named(wb_export_formats(), "--format", format_name, error);
    const WbSummaryOptions needs = {.no_windows = true, .no_series = true};
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GPtrArray) keys = NULL;
    WbExport export = {.query = query};

    if (!format || !wb_query_load(query, &needs, error))
        return false;
    if (query->set->runs->len == 0) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_EMPTY, "'%s' holds no run%s to export",
                    wb_store_path(query->store), query->where ? " that fits --where" : "");
        return false;
    }
    keys = name_keys(query);
    export.keys = keys;
    return format->render(&export, out, error) && wb_output_write(path, out, error);
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
