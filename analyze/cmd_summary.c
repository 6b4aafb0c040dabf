/*
 * `wrkbook analyze summary`: every figure of every case for machines, as the JSON document
 * "wrkbook/summary" or as TSV with one row a case. Both walk the same tables of names
 * (figures.h), so they cannot differ. What each name means stands in STATISTICS.
 */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/query.h"
#include "analyze/steering.h"
#include "analyze/tsv.h"
#include "schema/units.h"

#define DOCUMENT_VERSION 1

static const char help[] =
    "Prints every figure of every case: centre, spread, intervals, stability, min - max per\n"
    "window, errors with rates, latency, and the warnings about them. Names carry units.\n"
    "\n"
    "Examples:\n"
    "  wrkbook analyze summary --db results.db\n"
    "  wrkbook analyze summary --db results.db --where server=gunicorn,meinheld --format tsv\n"
    "  wrkbook analyze summary --db results.db --steady\n"
    "  wrkbook analyze summary --db results.db --window 1s | jq '.cases[] | .window_min'";

/* One part of a case: where its struct lies in WbCaseSummary, its names, and its metric. */
typedef struct {
    const WbFigure *(*figures)(size_t *out_n);
    size_t offset;
    WbUnit unit;
} Part;

static const Part parts[] = {
    {wb_summary_figures, 0, WB_UNIT_PER_S},
    {wb_sample_figures, offsetof(WbCaseSummary, rate), WB_UNIT_PER_S},
    {wb_window_figures, offsetof(WbCaseSummary, window), WB_UNIT_NONE},
    {wb_error_figures, offsetof(WbCaseSummary, errors), WB_UNIT_NONE},
    {wb_latency_figures, offsetof(WbCaseSummary, latency), WB_UNIT_NS},
    {wb_case_steady_figures, offsetof(WbCaseSummary, steady), WB_UNIT_NONE},
    {wb_drift_case_figures, offsetof(WbCaseSummary, drift), WB_UNIT_NONE},
    {wb_starts_figures, offsetof(WbCaseSummary, starts), WB_UNIT_NONE},
};

/* `runs` of the sample are the complete ones with a rate; the case's own `runs` are all. */
static bool is_shadowed(const Part *part, const WbFigure *figure)
{
    return part->figures == wb_sample_figures && !strcmp(figure->name, "runs");
}

static char *name_of(const Part *part, const WbFigure *figure)
{
    return g_strconcat(figure->name, figure->has_unit ? wb_figure_suffix(part->unit) : "", NULL);
}

/* ---- JSON --------------------------------------------------------------------------------- */

/* Numbers go in as text: cJSON's own are doubles, printed with 15 or 17 digits. */
static void add_figure(cJSON *object, const char *name, const WbFigure *figure, const void *base)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];
    const char *text = wb_figure_text(figure, base, buffer);

    if (!*text)
        cJSON_AddNullToObject(object, name);
    else if (figure->type == WB_FIGURE_WORD)
        cJSON_AddStringToObject(object, name, text);
    else
        cJSON_AddRawToObject(object, name, text);
}

static cJSON *outliers_json(const WbSampleFigures *rate)
{
    cJSON *list = cJSON_CreateArray();

    for (int64_t i = 0; i < MIN(rate->outliers_n, WB_OUTLIERS_LISTED); i++) {
        char buffer[24];

        g_snprintf(buffer, sizeof buffer, "%" G_GINT64_FORMAT, rate->outliers[i]);
        cJSON_AddItemToArray(list, cJSON_CreateRaw(buffer));
    }
    return list;
}

static void add_real(cJSON *object, const char *name, double value)
{
    const WbFigure figure = {name, WB_FIGURE_REAL, false, 0};

    add_figure(object, name, &figure, &value);
}

static cJSON *published_json(const WbCaseSummary *of)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < of->published_n; i++) {
        const WbPublished *p = of->published[i];
        const WbFigure window = {"window_ns", WB_FIGURE_INT, false,
                                 offsetof(WbPublished, window_ns)};
        cJSON *one = cJSON_CreateObject();

        cJSON_AddStringToObject(one, "state", wb_state_name(p->state));
        if (wb_published_split(p))
            cJSON_AddStringToObject(one, "split", wb_published_split(p));
        else
            cJSON_AddNullToObject(one, "split");
        if (p->because)
            cJSON_AddStringToObject(one, "because", p->because);
        add_real(one, "requests_per_s", p->requests_per_s);
        add_real(one, "half_per_s", p->requests_per_s_half);
        add_figure(one, "window_ns", &window, p);
        add_real(one, "window_min", p->window_min);
        add_real(one, "window_max", p->window_max);
        if (isnan(p->window_min) || isnan(p->window_max))
            cJSON_AddNullToObject(one, "stability_range");
        else
            cJSON_AddStringToObject(one, "stability_range",
                                    wb_sample_range_stability(p->window_min, p->window_max));
        cJSON_AddItemToArray(list, one);
    }
    return list;
}

static cJSON *warnings_json(const WbCaseSummary *of)
{
    size_t n;
    const WbWarningInfo *all = wb_warnings(&n);
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < n; i++) {
        cJSON *one;

        if (!(of->warnings & (uint32_t)all[i].bit))
            continue;
        one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "warning", all[i].name);
        cJSON_AddStringToObject(one, "about", all[i].about);
        cJSON_AddItemToArray(list, one);
    }
    return list;
}

static cJSON *case_json(const WbCaseSummary *of)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *labels = cJSON_AddObjectToObject(object, "labels");

    for (size_t i = 0; i < wb_labels_count(of->of_case->labels); i++) {
        const WbLabel *label = wb_labels_at(of->of_case->labels, i);

        cJSON_AddStringToObject(labels, label->key, label->value);
    }
    for (size_t p = 0; p < G_N_ELEMENTS(parts); p++) {
        size_t n;
        const WbFigure *figures = parts[p].figures(&n);

        for (size_t i = 0; i < n; i++) {
            g_autofree char *name = name_of(&parts[p], &figures[i]);

            if (!is_shadowed(&parts[p], &figures[i]))
                add_figure(object, name, &figures[i], (const char *)of + parts[p].offset);
        }
    }
    cJSON_AddItemToObject(object, "outliers", outliers_json(&of->rate));
    cJSON_AddItemToObject(object, "published", published_json(of));
    cJSON_AddItemToObject(object, "warnings", warnings_json(of));
    return object;
}

static cJSON *levels_json(const WbCampaignSeries *of)
{
    cJSON *list = cJSON_CreateArray();

    for (guint i = 0; of->levels.segments && i < of->levels.segments->len; i++) {
        const WbSteadySegment *segment = &g_array_index(of->levels.segments, WbSteadySegment, i);
        cJSON *one = cJSON_CreateObject();

        cJSON_AddNumberToObject(one, "first_run", (double)segment->start);
        cJSON_AddStringToObject(one, "started_at", g_ptr_array_index(of->level_starts, i));
        add_real(one, "ratio", segment->median);
        cJSON_AddItemToArray(list, one);
    }
    return list;
}

static cJSON *campaigns_json(const WbSummary *summary)
{
    cJSON *list = cJSON_CreateArray();
    size_t n;
    const WbFigure *figures = wb_drift_campaign_figures(&n);

    for (guint c = 0; c < summary->campaigns->len; c++) {
        const WbCampaignSeries *of = &g_array_index(summary->campaigns, WbCampaignSeries, c);
        cJSON *one = cJSON_CreateObject();

        cJSON_AddStringToObject(one, "campaign", of->campaign);
        cJSON_AddNumberToObject(one, "runs", (double)of->runs);
        for (size_t i = 0; i < n; i++)
            add_figure(one, figures[i].name, &figures[i], &of->drift);
        cJSON_AddItemToObject(one, "levels", levels_json(of));
        cJSON_AddItemToArray(list, one);
    }
    return list;
}

static bool is_asked(const WbQuery *query, const WbCaseSummary *of)
{
    WbCaseView view;

    return wb_case_view(of, query->only, &view);
}

static void print_json(const WbQuery *query, GString *out)
{
    const WbSummary *summary = query->summary;
    const WbFigure window = {"window_ns", WB_FIGURE_INT, false, offsetof(WbSummary, window_ns)};
    cJSON *document = cJSON_CreateObject();
    cJSON *cases;
    char *text;

    cJSON_AddStringToObject(document, "document", "wrkbook/summary");
    cJSON_AddNumberToObject(document, "version", DOCUMENT_VERSION);
    cJSON_AddStringToObject(document, "metric", "requests_per_s");
    add_figure(document, "window_ns", &window, summary);
    cJSON_AddBoolToObject(document, "steady", summary->steady);
    cJSON_AddStringToObject(document, "unit", summary->unit_start ? "start" : "run");
    cJSON_AddBoolToObject(document, "unequal_runs", summary->runs_least != summary->runs_most);
    cases = cJSON_AddArrayToObject(document, "cases");
    for (size_t i = 0; i < summary->cases->len; i++)
        if (is_asked(query, wb_summary_at(summary, i)))
            cJSON_AddItemToArray(cases, case_json(wb_summary_at(summary, i)));
    cJSON_AddItemToObject(document, "campaigns", campaigns_json(summary));
    text = cJSON_Print(document);
    cJSON_Delete(document);
    wb_json_append(out, text);
    cJSON_free(text);
}

/* ---- TSV ---------------------------------------------------------------------------------- */

static void append_field(GString *out, const char *text)
{
    wb_tsv_append(out, text);
    g_string_append_c(out, '\t');
}

static void end_row(GString *out)
{
    out->str[out->len - 1] = '\n';
}

static void tsv_case(const WbCaseSummary *of, char **keys, GString *out)
{
    size_t warnings_n;
    const WbWarningInfo *warnings = wb_warnings(&warnings_n);
    g_autoptr(GString) names = g_string_new(NULL);

    for (char **key = keys; *key; key++) {
        const char *value = wb_labels_get(of->of_case->labels, *key);

        append_field(out, value ? value : "");
    }
    for (size_t p = 0; p < G_N_ELEMENTS(parts); p++) {
        char buffer[WB_UNITS_DOUBLE_SIZE];
        size_t n;
        const WbFigure *figures = parts[p].figures(&n);

        for (size_t i = 0; i < n; i++)
            if (!is_shadowed(&parts[p], &figures[i]))
                append_field(
                    out, wb_figure_text(&figures[i], (const char *)of + parts[p].offset, buffer));
    }
    for (size_t i = 0; i < warnings_n; i++)
        if (of->warnings & (uint32_t)warnings[i].bit)
            g_string_append_printf(names, "%s%s", names->len ? "," : "", warnings[i].name);
    append_field(out, names->str);
    end_row(out);
}

static bool print_tsv(const WbQuery *query, GString *out, GError **error)
{
    g_auto(GStrv) keys = wb_store_label_keys(query->store, error);

    if (!keys)
        return false;
    for (char **key = keys; *key; key++)
        append_field(out, *key);
    for (size_t p = 0; p < G_N_ELEMENTS(parts); p++) {
        size_t n;
        const WbFigure *figures = parts[p].figures(&n);

        for (size_t i = 0; i < n; i++) {
            g_autofree char *name = name_of(&parts[p], &figures[i]);

            if (!is_shadowed(&parts[p], &figures[i]))
                append_field(out, name);
        }
    }
    append_field(out, "warnings");
    end_row(out);
    for (size_t i = 0; i < query->summary->cases->len; i++)
        if (is_asked(query, wb_summary_at(query->summary, i)))
            tsv_case(wb_summary_at(query->summary, i), keys, out);
    return true;
}

int wb_analyze_cmd_summary(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- every figure of every case");
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *format = NULL;
    g_autofree char *precision = NULL;
    gboolean bootstrap = FALSE;
    WbSummaryOptions options = {0};
    g_auto(WbQuery) query;
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &format, "json (default) or tsv", "FORMAT"},
        {"precision", 0, 0, G_OPTION_ARG_FILENAME, &precision,
         "For runs_needed: wanted half width of the mean's interval (default 2%)", "SHARE"},
        {"bootstrap", 0, 0, G_OPTION_ARG_NONE, &bootstrap,
         "Also BCa intervals of mean and cv, from 20 runs on", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_query_init(&query);
    g_option_context_set_description(context, help);
    wb_query_add_options(&query, context, false);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) || !wb_query_check_format(format, error))
        return 2;
    if (precision && !wb_units_parse_share(precision, &options.precision, error)) {
        g_prefix_error(error, "--precision: ");
        return 2;
    }
    options.bootstrap = bootstrap;
    query.figures_only = true;
    if (!wb_query_load(&query, &options, error))
        return 2;
    if (!format || !strcmp(format, "json"))
        print_json(&query, out);
    else if (!print_tsv(&query, out, error))
        return 2;
    fwrite(out->str, 1, out->len, stdout);
    return 0;
}
