/*
 * `wrkbook analyze advise`: how many more runs, of which cases, at what cost, as the JSON document
 * "wrkbook/advise" or as TSV. Its list "repeat" is what `suite --cells` takes.
 */
#include <math.h>
#include <stdio.h>

#include "analyze/advise.h"
#include "analyze/commands.h"
#include "analyze/document.h"
#include "analyze/tsv.h"

#define DOCUMENT_VERSION  1
#define PRECISION_DEFAULT 0.02

static const char help[] =
    "Says of each case how many more runs bring the 95 % interval of its mean within --precision,\n"
    "and tell it apart from the neighbours in the order that it ties with, if they differ by what\n"
    "it seems; and how long these runs take. Cases with errors want a cure, not runs.\n"
    "\n"
    "Examples:\n"
    "  wrkbook analyze advise --db results.db --format tsv\n"
    "  wrkbook analyze advise --db results.db --precision 1% > more.json\n"
    "  wrkbook suite hello.json --db results.db --cells more.json";

static double total_s(const GArray *advices)
{
    double sum = 0;

    for (guint i = 0; i < advices->len; i++) {
        double missing_s = g_array_index(advices, WbAdvice, i).missing_s;

        sum += isnan(missing_s) ? 0 : missing_s;
    }
    return sum;
}

static void add_labels(WbDocument *out, const char *name, const WbLabels *labels)
{
    wb_document_begin(out, name);
    for (size_t l = 0; l < wb_labels_count(labels); l++)
        wb_document_add_text(out, wb_labels_at(labels, l)->key, wb_labels_at(labels, l)->value);
    wb_document_end(out);
}

static char *as_json(const WbRankTables *tables, const GArray *advices, double precision)
{
    WbDocument *out = wb_document_new();
    size_t n;
    const WbFigure *figures = wb_advice_figures(&n);

    wb_document_add_text(out, "document", "wrkbook/advise");
    wb_document_add_int(out, "version", DOCUMENT_VERSION);
    wb_document_add_real(out, "precision_share", precision);
    wb_document_add_real(out, "tie_margin_share", tables->tie_margin_share);
    wb_document_add_real(out, "missing_s", total_s(advices));
    wb_document_begin_list(out, "cases");
    for (guint i = 0; i < advices->len; i++) {
        const WbAdvice *advice = &g_array_index(advices, WbAdvice, i);

        wb_document_begin(out, NULL);
        add_labels(out, "labels", advice->of->of_case->labels);
        wb_document_add_figures(out, figures, n, advice, "");
        wb_document_end(out);
    }
    wb_document_end(out);
    wb_document_begin_list(out, "repeat");
    for (guint i = 0; i < advices->len; i++)
        if (g_array_index(advices, WbAdvice, i).runs_missing > 0)
            add_labels(out, NULL, g_array_index(advices, WbAdvice, i).of->of_case->labels);
    wb_document_end(out);
    return wb_document_finish(out);
}

static char *as_tsv(char **keys, const GArray *advices)
{
    GString *out = g_string_new(NULL);
    char buffer[WB_UNITS_DOUBLE_SIZE];
    size_t n;
    const WbFigure *figures = wb_advice_figures(&n);

    for (char **key = keys; *key; key++) {
        wb_tsv_append(out, *key);
        g_string_append_c(out, '\t');
    }
    for (size_t f = 0; f < n; f++)
        g_string_append_printf(out, "%s%c", figures[f].name, f + 1 < n ? '\t' : '\n');
    for (guint i = 0; i < advices->len; i++) {
        const WbAdvice *advice = &g_array_index(advices, WbAdvice, i);

        for (char **key = keys; *key; key++) {
            const char *value = wb_labels_get(advice->of->of_case->labels, *key);

            wb_tsv_append(out, value ? value : "");
            g_string_append_c(out, '\t');
        }
        for (size_t f = 0; f < n; f++)
            g_string_append_printf(out, "%s%c", wb_figure_text(&figures[f], advice, buffer),
                                   f + 1 < n ? '\t' : '\n');
    }
    return g_string_free(out, FALSE);
}

int wb_analyze_cmd_advise(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context =
        g_option_context_new("- how many more runs, of which cases, at what cost");
    g_autofree char *format = NULL;
    g_autofree char *precision_text = NULL;
    double precision = PRECISION_DEFAULT;
    g_autoptr(GArray) advices = NULL;
    g_auto(GStrv) keys = NULL;
    g_autofree char *text = NULL;
    g_auto(WbRankTables) tables;
    const GOptionEntry entries[] = {
        {"precision", 0, 0, G_OPTION_ARG_FILENAME, &precision_text,
         "Wanted half width of the mean's interval (default 2%)", "SHARE"},
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &format, "json (default) or tsv", "FORMAT"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_rank_tables_init(&tables);
    g_option_context_set_description(context, help);
    wb_rank_tables_add_options(&tables, context);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) || !wb_query_check_format(format, error))
        return 2;
    if (precision_text && !wb_units_parse_share(precision_text, &precision, error)) {
        g_prefix_error(error, "--precision: ");
        return 2;
    }
    if (!wb_rank_tables_load(&tables, error))
        return 2;
    advices = wb_advise(&tables, precision);
    keys = wb_query_label_keys(&tables.query, error);
    if (!keys)
        return 2;
    text = !g_strcmp0(format, "tsv") ? as_tsv(keys, advices) : as_json(&tables, advices, precision);
    fputs(text, stdout);
    return 0;
}
