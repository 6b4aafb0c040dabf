/*
 * `wrkbook analyze compare`: two databases, case by case, as the JSON document "wrkbook/compare" or
 * as TSV with one row a case and metric (compare_document.h).
 */
#include <stdio.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/compare_document.h"
#include "analyze/query.h"
#include "analyze/tsv.h"

static const char help[] =
    "Prints what changed between two databases, how sure that is, and what cannot be compared.\n"
    "Databases are only read. Exit status with --gate: 0 pass, 1 worse, 3 cannot tell (too few\n"
    "runs), 4 not comparable; without: 0. 2: a database cannot be read.\n"
    "More than two databases are a series, the document wrkbook/series.\n"
    "\n"
    "Examples:\n"
    "  wrkbook analyze compare old.db new.db\n"
    "  wrkbook analyze compare old.db new.db --format tsv | cut -f 1-5\n"
    "  wrkbook analyze compare old.db new.db | jq '.rows[] | select(.verdict == \"slower\")'";

static void write_field(void *user_data, const char *text, bool foreign)
{
    GString *out = user_data;

    (void)foreign;
    wb_tsv_append(out, text);
    g_string_append_c(out, '\t');
}

static void end_row(void *user_data)
{
    GString *out = user_data;

    out->str[out->len - 1] = '\n';
}

/* Of a series, if one was loaded. */
static void write_document(const WbComparison *comparison, const WbHistory *history,
                           const WbGate *gate, bool as_json, GString *out)
{
    const WbFieldWriter writer = {write_field, end_row, out};
    bool is_series = history->steps->len > 0;

    if (as_json && is_series)
        wb_history_json(history, gate, out);
    else if (as_json)
        wb_compare_json(comparison, gate, out);
    else if (is_series)
        wb_history_each_field(history, &writer);
    else
        wb_compare_each_field(comparison, &writer);
}

int wb_analyze_cmd_compare(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- what changed between databases");
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *format = NULL;
    g_auto(WbComparison) comparison;
    g_auto(WbHistory) history;
    g_auto(WbGate) gate;
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &format, "json (default) or tsv", "FORMAT"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_comparison_init(&comparison);
    wb_history_init(&history, &comparison);
    wb_gate_init(&gate);
    g_option_context_set_description(context, help);
    wb_comparison_add_options(&comparison, context);
    wb_gate_add_options(&gate, context);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return 2;
    if (format && strcmp(format, "json") != 0 && strcmp(format, "tsv") != 0) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--format takes json or tsv, not '%s'", format);
        return 2;
    }
    if (wb_history_is_asked(&comparison) ? !wb_gate_load_history(&gate, &history, error)
                                         : !wb_gate_load(&gate, &comparison, error))
        return 2;
    write_document(&comparison, &history, &gate, !format || !strcmp(format, "json"), out);
    fwrite(out->str, 1, out->len, stdout);
    return gate.status;
}
