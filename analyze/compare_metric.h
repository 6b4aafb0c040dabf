/*
 * Compare metric: the figures of a run that `compare` judges and `rank` orders by: one value a run,
 * from the field of that name. `errors` is none of them: it is counted, and judged by rules of its
 * own.
 */
#ifndef WB_ANALYZE_COMPARE_METRIC_H
#define WB_ANALYZE_COMPARE_METRIC_H

#include <glib.h>
#include <stdbool.h>

#include "schema/records.h"

typedef struct {
    const char *name;  /* for --metric, --gate and tables: "rate", "p99", "errors" */
    const char *field; /* of a run, with unit: "requests_per_s"; NULL: errors */
    const char *title;
    bool lower_is_better;
    double share; /* of the answers that lie below it, for percentiles; else 0 */
} WbCompareMetric;

#define WB_COMPARE_METRICS_DEFAULT "errors,rate,p50,p99"

/** wb_compare_metrics: all of them (static). */
const WbCompareMetric *wb_compare_metrics(size_t *out_n);

/** wb_compare_metric_find: by name, or NULL. */
const WbCompareMetric *wb_compare_metric_find(const char *name);

/** wb_compare_metric_unit: of its values; WB_UNIT_COUNT for errors. */
WbUnit wb_compare_metric_unit(const WbCompareMetric *metric);

/** wb_compare_metric_is_latency: its kinds must agree (see WbMatch.unlike_latency). */
bool wb_compare_metric_is_latency(const WbCompareMetric *metric);

/**
 * wb_compare_metric_value: what a run says; NaN: nothing, or too few answers lie above the
 * percentile to speak of it.
 *
 * @param out_half  half width of its rounding
 */
double wb_compare_metric_value(const WbCompareMetric *metric, const WbRun *run, double *out_half);

#define WB_COMPARE_METRIC_ERROR (wb_compare_metric_error_quark())
GQuark wb_compare_metric_error_quark(void);
typedef enum {
    WB_COMPARE_METRIC_ERROR_NAME,
} WbCompareMetricError;

/** wb_compare_metrics_parse: "rate,p99" -> of const WbCompareMetric * (caller's), none twice. */
GPtrArray *wb_compare_metrics_parse(const char *text, GError **error);

#endif
