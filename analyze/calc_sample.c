/* calc sample: the runs of one case. */
#include <stdint.h>

#include "analyze/calc.h"
#include "analyze/sample.h"

enum { RUN, VALUE };
static const WbCalcColumn columns[] = {
    {"run", true, true}, {"value", true, false}, {NULL, false, false}};
static const char *const set[] = {"half_width", "k", "better", NULL};

static void add_outliers(WbDocument *out, const WbSampleFigures *figures)
{
    wb_document_begin_list(out, "outliers");
    for (int64_t i = 0; i < MIN(figures->outliers_n, WB_OUTLIERS_LISTED); i++)
        wb_document_add_int(out, NULL, figures->outliers[i]);
    wb_document_end(out);
}

static bool calc(const WbCalcInput *input, WbDocument *out, GError **error)
{
    g_autoptr(WbSampleSpace) space = wb_sample_space_new();
    WbSampleOptions options = WB_SAMPLE_OPTIONS_DEFAULT;
    WbSample sample = {.values = input->numbers[VALUE], .n = input->rows};
    WbSampleFigures figures;
    double k;
    size_t n;
    const WbFigure *names = wb_sample_figures(&n);

    if (!wb_calc_number(input, "half_width", 0, 0, 1e300, &sample.half, error) ||
        !wb_calc_number(input, "k", (double)input->rows, 1, 1e9, &k, error) ||
        !wb_calc_direction(input, &sample.lower_is_better, error))
        return false;
    options.best_k = (size_t)k;
    options.bootstrap = true;
    wb_sample_describe(&sample, &options, space, &figures);
    wb_document_add_figures(out, names, n, &figures, "");
    add_outliers(out, &figures);
    wb_sample_figures_clear(&figures);
    return true;
}

const WbCalcKind wb_calc_sample = {
    "sample", "one case: centre, spread, intervals, outliers, stability (value)", columns, set,
    calc};
