/* `wrkbook summary`: what the runs say, for people. */
#include "analyze/query.h"
#include "report/commands.h"
#include "report/output.h"
#include "report/summary_text.h"

static const char help[] =
    "Prints the facts, the tables, a line for each case, doubts in words and what to do next.\n"
    "The same figures for machines: wrkbook analyze summary.\n"
    "\n"
    "Examples:\n"
    "  wrkbook summary --db results.db\n"
    "  wrkbook summary --db results.db --where benchmark=hello --window 1s\n"
    "  wrkbook summary --db results.db --ascii -o summary.txt";

static bool write_summary(WbQuery *query, const char *path, const char *color,
                          WbSummaryTextOptions *options, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(WbGrid) grid = NULL;
    const WbSummaryOptions needs = {.no_latency = true};

    options->columns = wb_output_columns(path);
    if (!wb_output_color(color, path, &options->color, error) ||
        !wb_query_load(query, &needs, error) || !wb_query_load_findings(query, error))
        return false;
    grid = wb_query_first_grid(query, error);
    if (!grid)
        return false;
    wb_summary_text_append(query, grid, options, out);
    return wb_output_write(path, out, error);
}

int wb_report_cmd_summary(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- what the runs say");
    g_autofree char *path = NULL;
    g_autofree char *color = NULL;
    gboolean ascii = FALSE, outliers = FALSE;
    WbSummaryTextOptions options = {0};
    g_auto(WbQuery) query;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Write to a file, whole or not at all",
         "FILE"},
        {"ascii", 0, 0, G_OPTION_ARG_NONE, &ascii, "No signs beyond ASCII", NULL},
        {"outliers", 0, 0, G_OPTION_ARG_NONE, &outliers,
         "Also the figures without the runs that stand apart", NULL},
        {"color", 0, 0, G_OPTION_ARG_FILENAME, &color, "auto, always or never", "WHEN"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_query_init(&query);
    g_option_context_set_description(context, help);
    wb_query_add_options(&query, context, true);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error))
        return 2;
    options.ascii = ascii;
    options.outliers = outliers;
    return write_summary(&query, path, color, &options, error) ? 0 : 2;
}
