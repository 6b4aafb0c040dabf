/*
 * Export: the JSON of three tools that keep or plot figures of a case: hyperfine, Bencher and
 * github-action-benchmark. Medians of complete runs, with their interval where there is one.
 */
#include <cjson/cJSON.h>
#include <math.h>

#include "report/case_name.h"
#include "report/clean.h"
#include "report/export.h"

#define REQUESTS 1000 /* hyperfine times a command: so many requests are its command */

static cJSON *number(double value)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    if (!isfinite(value))
        return cJSON_CreateNull();
    return cJSON_CreateRaw(wb_units_format_double(value, buffer));
}

/* Half of the median's interval; NaN where too few runs allow one. */
static double half_width(const WbCaseSummary *of)
{
    return of->rate.median_ci_conf >= WB_MEDIAN_CONF_SHOWN
               ? (of->rate.median_ci_hi - of->rate.median_ci_lo) / 2
               : (double)NAN;
}

static void finish(cJSON *document, WbOutput *out)
{
    char *text = cJSON_Print(document);

    cJSON_Delete(document);
    g_string_append_printf(out->text, "%s\n", text);
    cJSON_free(text);
}

/* ---- hyperfine ------------------------------------------------------------------------------ */

static double seconds(double per_s)
{
    return REQUESTS / per_s;
}

static cJSON *hyperfine_case(const WbExport *export, const WbCaseSummary *of)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *times = cJSON_CreateArray();
    cJSON *parameters = cJSON_CreateObject();
    cJSON *codes = cJSON_CreateArray();
    g_autofree char *name = wb_case_name(of->of_case->labels, export->keys);
    g_autofree char *command = g_strdup_printf("%d requests: %s", REQUESTS, name);
    g_autofree double *values = g_new(double, of->values_n);
    WbSampleSpace *space = wb_sample_space_new();
    WbSampleFigures figures;
    WbSample sample = {.values = values, .n = of->values_n, .lower_is_better = true};

    for (size_t i = 0; i < of->values_n; i++) {
        values[i] = seconds(of->values[i]);
        cJSON_AddItemToArray(times, number(values[i]));
        cJSON_AddItemToArray(codes, cJSON_CreateNumber(0));
    }
    wb_sample_describe(&sample, &WB_SAMPLE_OPTIONS_DEFAULT, space, &figures);
    cJSON_AddStringToObject(object, "command", command);
    cJSON_AddItemToObject(object, "mean", number(figures.mean));
    cJSON_AddItemToObject(object, "stddev", number(figures.stdev));
    cJSON_AddItemToObject(object, "median", number(figures.median));
    cJSON_AddItemToObject(object, "user", number(0));
    cJSON_AddItemToObject(object, "system", number(0));
    cJSON_AddItemToObject(object, "min", number(figures.best));
    cJSON_AddItemToObject(object, "max", number(figures.worst));
    cJSON_AddItemToObject(object, "times", times);
    cJSON_AddItemToObject(object, "exit_codes", codes);
    /* what all cases share is no parameter: plot_parametrized.py takes one alone */
    for (guint k = 0; k < export->keys->len; k++) {
        const char *key = g_ptr_array_index(export->keys, k);
        const char *value = wb_labels_get(of->of_case->labels, key);
        g_autofree char *cleaned = wb_clean(value ? value : "-");

        cJSON_AddStringToObject(parameters, key, cleaned);
    }
    cJSON_AddItemToObject(object, "parameters", parameters);
    wb_sample_figures_clear(&figures);
    wb_sample_space_free(space);
    return object;
}

bool wb_export_hyperfine(const WbExport *export, WbOutput *out, GError **error)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *results = cJSON_AddArrayToObject(document, "results");
    const WbCaseSummary *of;

    (void)error;
    for (size_t i = 0; (of = wb_export_next_complete(export, &i));)
        if (of->values_n)
            cJSON_AddItemToArray(results, hyperfine_case(export, of));
    finish(document, out);
    return true;
}

/* ---- Bencher -------------------------------------------------------------------------------- */

static void add_measure(cJSON *to, const char *measure, double value, double lo, double hi)
{
    cJSON *object;

    if (!isfinite(value))
        return;
    object = cJSON_AddObjectToObject(to, measure);
    cJSON_AddItemToObject(object, "value", number(value));
    if (isfinite(lo) && isfinite(hi)) {
        cJSON_AddItemToObject(object, "lower_value", number(lo));
        cJSON_AddItemToObject(object, "upper_value", number(hi));
    }
}

bool wb_export_bencher(const WbExport *export, WbOutput *out, GError **error)
{
    cJSON *document = cJSON_CreateObject();
    const WbCaseSummary *of;

    (void)error;
    for (size_t i = 0; (of = wb_export_next_complete(export, &i));) {
        g_autofree char *name = wb_case_name(of->of_case->labels, export->keys);
        cJSON *object = cJSON_AddObjectToObject(document, name);

        if (isnan(half_width(of)))
            add_measure(object, "throughput", of->rate.median, NAN, NAN);
        else
            add_measure(object, "throughput", of->rate.median, of->rate.median_ci_lo,
                        of->rate.median_ci_hi);
        add_measure(object, "latency", of->latency.ns[WB_LATENCY_P50], NAN, NAN);
        add_measure(object, "latency-p99", of->latency.ns[WB_LATENCY_P99], NAN, NAN);
        if (of->errors.of[WB_TALLY_ALL].count != WB_NONE)
            add_measure(object, "errors", (double)of->errors.of[WB_TALLY_ALL].count, NAN, NAN);
    }
    finish(document, out);
    return true;
}

/* ---- github-action-benchmark ---------------------------------------------------------------- */

/* `half` becomes the range, which the tool draws as a band where it is a number behind a sign. */
static void add_entry(cJSON *list, const char *name, const char *what, const char *unit,
                      double value, double half, const WbCaseSummary *of)
{
    g_autofree char *full = g_strdup_printf("%s %s", name, what);
    g_autofree char *extra =
        g_strdup_printf("%zu run%s", of->complete_n, of->complete_n == 1 ? "" : "s");
    char digits[WB_UNITS_DOUBLE_SIZE];
    cJSON *object;

    if (!isfinite(value))
        return;
    object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", full);
    cJSON_AddStringToObject(object, "unit", unit);
    cJSON_AddItemToObject(object, "value", number(value));
    if (!isnan(half)) {
        g_autofree char *range = g_strconcat("\u00b1 ", wb_units_format_double(half, digits), NULL);

        cJSON_AddStringToObject(object, "range", range);
    }
    cJSON_AddStringToObject(object, "extra", extra);
    cJSON_AddItemToArray(list, object);
}

static bool export_action(const WbExport *export, bool smaller, WbOutput *out)
{
    cJSON *list = cJSON_CreateArray();
    const WbCaseSummary *of;

    for (size_t i = 0; (of = wb_export_next_complete(export, &i));) {
        g_autofree char *name = wb_case_name(of->of_case->labels, export->keys);

        if (!smaller) {
            add_entry(list, name, "rate", "requests/s", of->rate.median, half_width(of), of);
            continue;
        }
        add_entry(list, name, "p50", "ns", of->latency.ns[WB_LATENCY_P50], NAN, of);
        add_entry(list, name, "p99", "ns", of->latency.ns[WB_LATENCY_P99], NAN, of);
        if (of->errors.of[WB_TALLY_ALL].count != WB_NONE)
            add_entry(list, name, "errors", "errors", (double)of->errors.of[WB_TALLY_ALL].count,
                      NAN, of);
    }
    finish(list, out);
    return true;
}

bool wb_export_action_bigger(const WbExport *export, WbOutput *out, GError **error)
{
    (void)error;
    return export_action(export, false, out);
}

bool wb_export_action_smaller(const WbExport *export, WbOutput *out, GError **error)
{
    (void)error;
    return export_action(export, true, out);
}
