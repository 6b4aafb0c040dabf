/* calc hist: percentiles of the sum of several histograms. */
#include <math.h>
#include <stdint.h>

#include "analyze/calc.h"
#include "analyze/select.h"

enum { RUN, VALUE_US, COUNT };
static const WbCalcColumn columns[] = {
    {"run", false, false}, {"value_us", true, false}, {"count", true, false}, {NULL, false, false}};
static const char *const set[] = {NULL};

/* One value of a histogram, and how often it was seen. */
typedef struct {
    double value, count;
} Bar;

static int compare_bars(const void *a, const void *b)
{
    const Bar *x = a, *y = b;

    return (x->value > y->value) - (x->value < y->value);
}

/* Of Bar, sorted by value. */
static GArray *bars_of(const WbCalcInput *input, const WbCalcGroup *group)
{
    size_t n = group ? group->rows->len : input->rows;
    GArray *bars = g_array_new(FALSE, FALSE, sizeof(Bar));

    for (size_t i = 0; i < n; i++) {
        size_t row = group ? g_array_index(group->rows, size_t, i) : i;
        Bar bar = {input->numbers[VALUE_US][row], input->numbers[COUNT][row]};

        g_array_append_val(bars, bar);
    }
    g_array_sort(bars, compare_bars);
    return bars;
}

static double count_of(const GArray *bars)
{
    double count = 0;

    for (guint i = 0; i < bars->len; i++)
        count += g_array_index(bars, Bar, i).count;
    return count;
}

/* The value where the running count reaches max(1, floor(p N / 100 + 0.5)). */
static double percentile(const GArray *bars, double p)
{
    double needed = fmax(1, floor(p / 100 * count_of(bars) + 0.5)), seen = 0;

    for (guint i = 0; i < bars->len; i++) {
        const Bar *bar = &g_array_index(bars, Bar, i);

        seen += bar->count;
        if (seen >= needed)
            return bar->value;
    }
    return NAN;
}

static double mean(const GArray *bars)
{
    long double sum = 0;

    for (guint i = 0; i < bars->len; i++) {
        const Bar *bar = &g_array_index(bars, Bar, i);

        sum += (long double)bar->value * bar->count;
    }
    return (double)(sum / count_of(bars));
}

static void add_runs(const WbCalcInput *input, WbDocument *out)
{
    g_autoptr(GPtrArray) groups = wb_calc_groups(input, RUN);
    g_autofree double *p99 = g_new(double, groups->len + 1);

    wb_document_begin(out, "per_run_p99_us");
    for (guint g = 0; g < groups->len; g++) {
        const WbCalcGroup *group = groups->pdata[g];
        g_autoptr(GArray) bars = bars_of(input, group);

        p99[g] = percentile(bars, 99);
        wb_document_add_real(out, group->name, p99[g]);
    }
    wb_document_end(out);
    wb_document_add_real(out, "p99_us_runs_median", wb_select_quantile(p99, groups->len, 0.5));
}

static bool check_counts(const WbCalcInput *input, GError **error)
{
    for (size_t row = 0; row < input->rows; row++)
        if (input->numbers[COUNT][row] < 0) {
            g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE,
                        "column 'count' holds a count below 0");
            return false;
        }
    return true;
}

static bool calc(const WbCalcInput *input, WbDocument *out, GError **error)
{
    static const struct {
        const char *name;
        double p;
    } shares[] = {{"p0_us", 0},   {"p50_us", 50},     {"p75_us", 75},       {"p90_us", 90},
                  {"p99_us", 99}, {"p99.9_us", 99.9}, {"p99.99_us", 99.99}, {"p100_us", 100}};
    g_autoptr(GArray) all = bars_of(input, NULL);

    if (!check_counts(input, error))
        return false;
    wb_document_add_real(out, "count", count_of(all));
    wb_document_add_real(out, "mean_us", mean(all));
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
        wb_document_add_real(out, shares[i].name, percentile(all, shares[i].p));
    add_runs(input, out);
    return true;
}

const WbCalcKind wb_calc_hist = {"hist", "percentiles of summed histograms (run, value_us, count)",
                                 columns, set, calc};
