/*
 * The engine's histogram against the oracle set of latencies, whose percentiles NumPy took from the
 * values themselves. All other sets: calc_test.c.
 */
#include <cjson/cJSON.h>
#include <glib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "schema/hist.h"

#define DIR "tests/data/oracle"

/* ---- one set -------------------------------------------------------------------------------- */

typedef struct {
    cJSON *json;
    GPtrArray *rows; /* of char **: cells of the CSV, without the header */
    char **header;
} Set;

static void set_init(Set *set, const char *id)
{
    g_autofree char *json_path = g_strdup_printf(DIR "/%s.json", id);
    g_autofree char *csv_path = g_strdup_printf(DIR "/%s.csv", id);
    g_autofree char *json = NULL;
    g_autofree char *csv = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(g_file_get_contents(json_path, &json, NULL, NULL));
    g_assert_true(g_file_get_contents(csv_path, &csv, NULL, NULL));
    set->json = cJSON_Parse(json);
    g_assert_nonnull(set->json);
    lines = g_strsplit(g_strchomp(csv), "\n", -1);
    set->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    set->header = g_strsplit(lines[0], ",", -1);
    for (char **line = lines + 1; *line; line++)
        g_ptr_array_add(set->rows, g_strsplit(*line, ",", -1));
}

static void set_clear(Set *set)
{
    cJSON_Delete(set->json);
    g_ptr_array_unref(set->rows);
    g_strfreev(set->header);
}

static const char *cell(const Set *set, size_t row, const char *column)
{
    char **cells = g_ptr_array_index(set->rows, row);

    for (size_t i = 0; set->header[i]; i++)
        if (!strcmp(set->header[i], column))
            return cells[i];
    g_assert_not_reached();
}

static double number(const Set *set, size_t row, const char *column)
{
    return g_ascii_strtod(cell(set, row, column), NULL);
}

/* ---- comparing ------------------------------------------------------------------------------ */

static double tolerance(const Set *set, const char *name, const char *which)
{
    const cJSON *all = cJSON_GetObjectItemCaseSensitive(set->json, "tolerance");
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(all, name);

    if (!own)
        own = cJSON_GetObjectItemCaseSensitive(all, "default");
    return cJSON_GetObjectItemCaseSensitive(own, which)->valuedouble;
}

static void check_real(const Set *set, const char *about, const char *name, const cJSON *wanted,
                       double got)
{
    double allowed;

    if (cJSON_IsNull(wanted)) {
        if (!isnan(got))
            g_test_message("%s %s: %.17g, wanted none", about, name, got);
        g_assert_true(isnan(got));
        return;
    }
    allowed =
        MAX(tolerance(set, name, "abs"), tolerance(set, name, "rel") * fabs(wanted->valuedouble));
    if (!(fabs(got - wanted->valuedouble) <= allowed))
        g_test_message("%s %s: %.17g, wanted %.17g", about, name, got, wanted->valuedouble);
    g_assert_true(fabs(got - wanted->valuedouble) <= allowed);
}

static const cJSON *expected_of(const Set *set)
{
    return cJSON_GetObjectItemCaseSensitive(set->json, "expected");
}

/* ---- kinds ---------------------------------------------------------------------------------- */

/* Our buckets are up to 1/128 wide: a percentile is the upper edge of the exact one's bucket. */
static void check_percentile(const cJSON *expected, const WbHist *hist, const char *name,
                             double share)
{
    int64_t exact = (int64_t)cJSON_GetObjectItemCaseSensitive(expected, name)->valuedouble * 1000;
    int64_t got = wb_hist_quantile_ns(hist, share);

    g_assert_cmpint(got, ==, MIN(wb_hist_upper(wb_hist_index(exact)), hist->max_ns));
    g_assert_cmpfloat((double)got, <=, (double)exact * (1 + 1.0 / WB_HIST_SUB));
}

static void test_hist(const void *id)
{
    const cJSON *expected;
    WbHist *hist = g_new0(WbHist, 1);
    Set set;

    set_init(&set, id);
    expected = expected_of(&set);
    hist->min_ns = INT64_MAX;
    for (size_t i = 0; i < set.rows->len; i++) {
        int64_t ns = (int64_t)number(&set, i, "value_us") * 1000;
        int64_t count = (int64_t)number(&set, i, "count");

        hist->counts[wb_hist_index(ns)] += count;
        hist->count += count;
        hist->sum_ns += ns * count;
        hist->min_ns = MIN(hist->min_ns, ns);
        hist->max_ns = MAX(hist->max_ns, ns);
    }
    g_assert_cmpint(hist->count, ==,
                    (int64_t)cJSON_GetObjectItemCaseSensitive(expected, "count")->valuedouble);
    check_real(&set, id, "mean_us", cJSON_GetObjectItemCaseSensitive(expected, "mean_us"),
               (double)hist->sum_ns / (double)hist->count / 1000);
    check_percentile(expected, hist, "p50_us", 0.5);
    check_percentile(expected, hist, "p75_us", 0.75);
    check_percentile(expected, hist, "p90_us", 0.9);
    check_percentile(expected, hist, "p99_us", 0.99);
    check_percentile(expected, hist, "p99.9_us", 0.999);
    check_percentile(expected, hist, "p99.99_us", 0.9999);
    check_percentile(expected, hist, "p100_us", 1);
    g_free(hist);
    set_clear(&set);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_data_func("/oracle/h01_latency", "h01_latency", test_hist);
    return g_test_run();
}
