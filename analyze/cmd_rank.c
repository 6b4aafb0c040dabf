/* `wrkbook analyze rank`: cases in order, for machines. */
#include <stdio.h>

#include "analyze/commands.h"
#include "analyze/rank_document.h"

static const char help[] =
    "Orders the cases of each benchmark by their median rate, or by the median of a latency of\n"
    "each run (--metric p99; lower is better), and says which are neck and neck:\n"
    "two cases share a letter unless a test of their runs, corrected for so many tests, tells "
    "them\n"
    "apart and their ratio is beyond --tie-margin. Cases with errors come last, without rank.\n"
    "\n"
    "Examples:\n"
    "  wrkbook analyze rank --db results.db\n"
    "  wrkbook analyze rank --db results.db --score --weight data=2 | jq .scores\n"
    "  wrkbook analyze rank --db results.db --metric p99 --where latency_kind=raw\n"
    "  wrkbook analyze rank --db results.db --where server=gunicorn --tie-margin 2% --format tsv\n"
    "  wrkbook analyze rank --db results.db | jq '.tables[].cases[] | [.rank, .letters, .labels]'";

int wb_analyze_cmd_rank(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context =
        g_option_context_new("- cases in order, and which are neck and neck");
    g_auto(WbRankTables) tables;
    g_autoptr(GArray) scores = NULL;
    g_autofree char *format = NULL;
    g_autofree char *text = NULL;
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &format, "json (default) or tsv", "FORMAT"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_rank_tables_init(&tables);
    g_option_context_set_description(context, help);
    wb_rank_tables_add_options(&tables, context);
    wb_rank_tables_add_order_options(&tables, context);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) || !wb_query_check_format(format, error) ||
        !wb_rank_tables_load(&tables, error))
        return 2;
    if (tables.score && !(scores = wb_rank_scores(&tables, tables.weights, error)))
        return 2;
    text = !g_strcmp0(format, "tsv") ? wb_rank_tsv(&tables) : wb_rank_json(&tables, scores);
    fputs(text, stdout);
    return 0;
}
