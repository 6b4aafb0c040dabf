/*
 * The oracle sets of tests/data/oracle: figures worked out with R and SciPy (the calls are named
 * in each set), against ours. Every name in `expected` that our tables of figures know is
 * compared; a set whose names are all unknown fails.
 */
#include <cjson/cJSON.h>
#include <glib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analyze/error_rates.h"
#include "analyze/stats.h"
#include "analyze/summary.h"
#include "analyze/windows.h"
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

static void check_figure(const Set *set, const char *about, const WbFigure *figure,
                         const void *base, const cJSON *wanted)
{
    const char *at = (const char *)base + figure->offset;

    switch (figure->type) {
    case WB_FIGURE_REAL:
        check_real(set, about, figure->name, wanted, *(const double *)at);
        break;
    case WB_FIGURE_INT:
        g_assert_cmpint(*(const int64_t *)at, ==,
                        cJSON_IsNull(wanted) ? WB_NONE : (int64_t)wanted->valuedouble);
        break;
    case WB_FIGURE_BOOL:
        g_assert_cmpint(*(const bool *)at, ==, cJSON_IsTrue(wanted));
        break;
    case WB_FIGURE_WORD:
        g_assert_cmpstr(*(const char *const *)at, ==, cJSON_GetStringValue(wanted));
        break;
    }
}

/* Compares every expected name that the table knows; returns how many. */
static int check_figures(const Set *set, const char *about, const cJSON *expected,
                         const WbFigure *figures, size_t n, const void *base)
{
    int checked = 0;

    for (size_t i = 0; i < n; i++) {
        const cJSON *wanted = cJSON_GetObjectItemCaseSensitive(expected, figures[i].name);

        if (!wanted)
            continue;
        check_figure(set, about, &figures[i], base, wanted);
        checked++;
    }
    return checked;
}

static const cJSON *expected_of(const Set *set)
{
    return cJSON_GetObjectItemCaseSensitive(set->json, "expected");
}

/* ---- kinds ---------------------------------------------------------------------------------- */

/* The runs of a case of an errors set, as a summary takes them. */
static void fill_errors(const Set *set, const char *name, WbRunSet *runs)
{
    const cJSON *tool = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(set->json, "params"), "tool");
    WbCase *of_case = g_ptr_array_index(runs->cases, 0);

    for (size_t i = 0; i < set->rows->len; i++) {
        WbRun run;

        if (strcmp(cell(set, i, "case"), name) != 0)
            continue;
        wb_run_init(&run);
        run.of_case = of_case;
        run.status = "complete";
        run.tool = tool ? tool->valuestring : "wrkbook";
        run.run_no = (int64_t)number(set, i, "run");
        run.requests = (int64_t)number(set, i, "requests");
        run.elapsed_ns = (int64_t)round(number(set, i, "duration_s") * 1e9);
        run.errors_connect = (int64_t)number(set, i, "errors_connect");
        run.errors_read = (int64_t)number(set, i, "errors_read");
        run.errors_write = (int64_t)number(set, i, "errors_write");
        run.errors_timeout = (int64_t)number(set, i, "errors_timeout");
        run.errors_status = (int64_t)number(set, i, "errors_status");
        g_array_append_val(runs->runs, run);
    }
}

static void free_case(void *data)
{
    WbCase *of_case = data;

    wb_labels_free(of_case->labels);
    g_free(of_case);
}

static WbRunSet *run_set_new(void)
{
    WbRunSet *set = g_new0(WbRunSet, 1);
    WbCase *of_case = g_new0(WbCase, 1);

    of_case->labels = wb_labels_new();
    set->cases = g_ptr_array_new_with_free_func(free_case);
    g_ptr_array_add(set->cases, of_case);
    set->runs = g_array_new(FALSE, FALSE, sizeof(WbRun));
    set->published = g_array_new(FALSE, FALSE, sizeof(WbPublished));
    set->text = g_string_chunk_new(64);
    return set;
}

static void test_errors(const void *id)
{
    const cJSON *cases;
    Set set;

    set_init(&set, id);
    cases = cJSON_GetObjectItemCaseSensitive(expected_of(&set), "cases");
    for (const cJSON *wanted = cases->child; wanted; wanted = wanted->next) {
        g_autoptr(WbRunSet) runs = run_set_new();
        g_autoptr(WbSummary) summary = NULL;
        const WbCaseSummary *of;
        size_t n;
        const WbFigure *figures = wb_error_figures(&n);

        fill_errors(&set, wanted->string, runs);
        summary = wb_summary_new(NULL, runs, NULL, NULL);
        of = wb_summary_at(summary, 0);
        g_assert_cmpint(check_figures(&set, wanted->string, wanted, figures, n, &of->errors), >=,
                        30);
        figures = wb_summary_figures(&n);
        g_assert_cmpint(check_figures(&set, wanted->string, wanted, figures, n, of), >=, 4);
        check_real(&set, wanted->string, "best", cJSON_GetObjectItemCaseSensitive(wanted, "best"),
                   of->rate.best);
    }
    set_clear(&set);
}

/* A run with its windows; a row without a window is a run that has none. */
static void add_window_rows(const Set *set, const char *name, WbWindows *windows)
{
    for (size_t i = 0; i < set->rows->len;) {
        const char *run = cell(set, i, "run");
        size_t whole = 0, first = i;
        WbRun plain;

        if (strcmp(cell(set, i, "case"), name) != 0) {
            i++;
            continue;
        }
        for (; i < set->rows->len && !strcmp(cell(set, i, "run"), run) &&
               !strcmp(cell(set, i, "case"), name);
             i++) {
            int64_t length = (int64_t)round(number(set, i, "length_s") * 1e9);

            if (!*cell(set, i, "window") || !wb_windows_is_whole(length, windows->width_ns))
                continue;
            wb_windows_add(windows, length, number(set, i, "requests"));
            whole++;
        }
        if (whole)
            continue;
        wb_run_init(&plain);
        plain.requests = (int64_t)number(set, first, "run_requests");
        plain.elapsed_ns = (int64_t)round(number(set, first, "duration_s") * 1e9);
        wb_windows_add_run(windows, &plain);
    }
}

static void test_windows(const void *id)
{
    const cJSON *cases;
    Set set;

    set_init(&set, id);
    cases = cJSON_GetObjectItemCaseSensitive(expected_of(&set), "cases");
    for (const cJSON *wanted = cases->child; wanted; wanted = wanted->next) {
        WbWindowFigures got;
        WbWindows windows;
        size_t n;
        const WbFigure *figures = wb_window_figures(&n);

        wb_windows_init(&windows, WB_WINDOW_DEFAULT_NS);
        add_window_rows(&set, wanted->string, &windows);
        wb_windows_describe(&windows, &got);
        g_assert_cmpint(check_figures(&set, wanted->string, wanted, figures, n, &got), ==, 6);
        wb_windows_clear(&windows);
    }
    set_clear(&set);
}

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
    static const struct {
        const char *id;
        void (*test)(const void *id);
    } sets[] = {
        {"e01_split", test_errors},
        {"e02_native", test_errors},
        {"w01_minmax", test_windows},
        {"h01_latency", test_hist},
    };

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
        g_autofree char *path = g_strdup_printf("/oracle/%s", sets[i].id);

        g_test_add_data_func(path, sets[i].id, sets[i].test);
    }
    return g_test_run();
}
