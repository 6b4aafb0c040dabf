/*
 * A comparison for GitHub: annotations in a workflow's log, and the JSON that the action
 * github-action-benchmark keeps a history of. The action takes one direction a file, so there are
 * two of them; both hold the new side's figures, which is what it appends.
 */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "report/clean.h"
#include "report/compare_formats.h"

/* ---- annotations ---------------------------------------------------------------------------- */

/* GitHub reads %25 %0D %0A back in a message, and %3A %2C in a property besides. */
static void append_escaped(GString *out, const char *text, bool property)
{
    for (; *text; text++) {
        if (*text == '%' || *text == '\r' || *text == '\n' ||
            (property && (*text == ':' || *text == ',')))
            g_string_append_printf(out, "%%%02X", (unsigned)*text);
        else
            g_string_append_c(out, *text);
    }
}

static const char *level_of(const WbCompareReport *report, const WbCompareRow *row)
{
    bool gated = report->gate && wb_gate_is_set(report->gate);

    if (row->gated == WB_GATED_WORSE || (!gated && row->word <= WB_WORD_SLOWER))
        return "error";
    if (row->word == WB_WORD_FASTER || row->word == WB_WORD_FIXED || row->word == WB_WORD_ADDED)
        return "notice";
    return "warning";
}

static void append_annotation(const WbCompareReport *report, const WbCompareRow *row, GString *out)
{
    g_autofree char *name = wb_compare_case_name(report, row->match);
    g_autofree char *sentence = wb_compare_sentence(report, row);
    g_autofree char *title =
        g_strdup_printf("%s %s %s", name, row->metric->name, wb_word_text(row->word));
    g_autofree char *message = g_strdup_printf("%s %s %s", name, row->metric->name, sentence);

    g_string_append_printf(out, "::%s title=", level_of(report, row));
    append_escaped(out, title, true);
    g_string_append(out, "::");
    append_escaped(out, message, false);
    g_string_append_c(out, '\n');
}

void wb_compare_render_annotations(const WbCompareReport *report, GString *out)
{
    g_autoptr(GPtrArray) order = wb_comparison_order(report->comparison);
    g_autofree char *headline = wb_compare_headline(report->comparison);
    g_autofree char *gate = wb_compare_gate_text(report->gate);
    WbCompareReport whole = *report;

    whole.all = true;
    /* GitHub shows the first ten of each level: the most important ones come first */
    for (guint i = 0; i < order->len; i++) {
        const WbCompareRow *row = g_ptr_array_index(order, i);

        if (wb_compare_is_shown(report, row) ||
            (row->gated > WB_GATED_WORSE && wb_compare_is_shown(&whole, row)))
            append_annotation(report, row, out);
    }
    g_string_append(out, "::notice title=wrkbook compare::");
    append_escaped(out, headline, false);
    if (gate) {
        g_string_append(out, "; ");
        append_escaped(out, gate, false);
    }
    g_string_append_c(out, '\n');
}

/* ---- github-action-benchmark ---------------------------------------------------------------- */

static const char *unit_name(const WbCompareMetric *metric)
{
    return !metric->field ? "errors" : wb_compare_metric_is_latency(metric) ? "ns" : "requests/s";
}

static cJSON *number(double value)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    return cJSON_CreateRaw(wb_units_format_double(value, buffer));
}

static cJSON *entry(const WbCompareReport *report, const WbCompareRow *row, double value)
{
    cJSON *object = cJSON_CreateObject();
    g_autofree char *class = wb_compare_case_name(report, row->match);
    g_autofree char *name = g_strdup_printf("%s %s", class, row->metric->name);
    g_autofree char *old = wb_compare_figure(report, row, false);
    g_autofree char *change = wb_compare_change(row, report->ascii);
    g_autofree char *extra = NULL;

    cJSON_AddStringToObject(object, "name", name);
    cJSON_AddStringToObject(object, "unit", unit_name(row->metric));
    cJSON_AddItemToObject(object, "value", number(value));
    extra = g_strdup_printf("%s\nold: %s\nchange: %s", wb_word_text(row->word),
                            *old ? old : "nothing", *change ? change : "-");
    if (row->judged && row->judged->samples.b_n > 1) {
        g_autofree char *range = g_strdup_printf("%zu runs", row->judged->samples.b_n);

        cJSON_AddStringToObject(object, "range", range);
    }
    cJSON_AddStringToObject(object, "extra", extra);
    return object;
}

static void render_action(const WbCompareReport *report, bool smaller, GString *out)
{
    cJSON *list = cJSON_CreateArray();
    char *text;

    for (guint i = 0; i < report->comparison->rows->len; i++) {
        const WbCompareRow *row = wb_comparison_row(report->comparison, i);
        double value = row->judged ? row->judged->figures.median_b
                       : row->match->b && row->match->errors_b.errors != WB_NONE
                           ? (double)row->match->errors_b.errors
                           : (double)NAN;

        if (row->metric->lower_is_better == smaller && !isnan(value))
            cJSON_AddItemToArray(list, entry(report, row, value));
    }
    text = cJSON_Print(list);
    cJSON_Delete(list);
    g_string_append_printf(out, "%s\n", text);
    cJSON_free(text);
}

void wb_compare_render_action_bigger(const WbCompareReport *report, GString *out)
{
    render_action(report, false, out);
}

void wb_compare_render_action_smaller(const WbCompareReport *report, GString *out)
{
    render_action(report, true, out);
}
