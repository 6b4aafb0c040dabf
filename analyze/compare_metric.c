/* Compare metric: see compare_metric.h. */
#include "analyze/compare_metric.h"

#include <math.h>
#include <string.h>

#include "analyze/latency.h"

G_DEFINE_QUARK(wb - compare - metric - error - quark, wb_compare_metric_error)

static const WbCompareMetric metrics[] = {
    {"errors", NULL, "socket errors and answers outside 2xx/3xx", true, 0},
    {"rate", "requests_per_s", "requests/s", false, 0},
    {"p50", "latency_p50_ns", "latency, 50 % of the answers", true, 0.5},
    {"p75", "latency_p75_ns", "latency, 75 % of the answers", true, 0.75},
    {"p90", "latency_p90_ns", "latency, 90 % of the answers", true, 0.9},
    {"p95", "latency_p95_ns", "latency, 95 % of the answers", true, 0.95},
    {"p99", "latency_p99_ns", "latency, 99 % of the answers", true, 0.99},
    {"p999", "latency_p999_ns", "latency, 99.9 % of the answers", true, 0.999},
    {"latency_mean", "latency_mean_ns", "mean latency", true, 0},
    {"latency_max", "latency_max_ns", "longest latency", true, 0},
};

const WbCompareMetric *wb_compare_metrics(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(metrics);
    return metrics;
}

const WbCompareMetric *wb_compare_metric_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
        if (!strcmp(metrics[i].name, name))
            return &metrics[i];
    return NULL;
}

WbUnit wb_compare_metric_unit(const WbCompareMetric *metric)
{
    return metric->field ? wb_run_field_find(metric->field)->unit : WB_UNIT_COUNT;
}

bool wb_compare_metric_is_latency(const WbCompareMetric *metric)
{
    return wb_compare_metric_unit(metric) == WB_UNIT_NS;
}

double wb_compare_metric_value(const WbCompareMetric *metric, const WbRun *run, double *out_half)
{
    const WbField *field = wb_run_field_find(metric->field);
    const void *at = (const char *)run + field->offset;
    const void *half = (const char *)run + field->half_offset;

    if (field->type == WB_FIELD_REAL) {
        *out_half = field->half_offset ? *(const double *)half : 0;
        return *(const double *)at;
    }
    if (*(const int64_t *)at == WB_NONE ||
        (metric->share > 0 && run->requests != WB_NONE &&
         (1 - metric->share) * (double)run->requests < WB_LATENCY_LEAST_ABOVE))
        return NAN;
    *out_half = field->half_offset ? (double)*(const int64_t *)half : 0;
    return (double)*(const int64_t *)at;
}

GPtrArray *wb_compare_metrics_parse(const char *text, GError **error)
{
    g_auto(GStrv) names = g_strsplit(text, ",", -1);
    g_autoptr(GPtrArray) list = g_ptr_array_new();

    for (char **name = names; *name; name++) {
        const WbCompareMetric *metric = wb_compare_metric_find(g_strstrip(*name));
        g_autoptr(GString) known = g_string_new(NULL);

        if (metric) {
            if (!g_ptr_array_find(list, metric, NULL))
                g_ptr_array_add(list, (gpointer)metric);
            continue;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
            g_string_append_printf(known, " %s", metrics[i].name);
        g_set_error(error, WB_COMPARE_METRIC_ERROR, WB_COMPARE_METRIC_ERROR_NAME,
                    "no metric '%s'; there are:%s", *name, known->str);
        return NULL;
    }
    if (list->len == 0)
        g_set_error(error, WB_COMPARE_METRIC_ERROR, WB_COMPARE_METRIC_ERROR_NAME,
                    "--metric is empty");
    return list->len ? g_steal_pointer(&list) : NULL;
}
