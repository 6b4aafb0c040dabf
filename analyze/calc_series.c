/* calc steady, calc drift, calc starts: runs and windows in the order of time. */
#include <math.h>

#include "analyze/calc.h"
#include "analyze/drift.h"
#include "analyze/starts.h"
#include "analyze/steady.h"

/* ---- steady ------------------------------------------------------------------------------- */

enum { STEADY_RUN, STEADY_WINDOW, STEADY_REQUESTS };
static const WbCalcColumn steady_columns[] = {
    {"run", false, false}, {"window", true, true}, {"requests", true, false}, {NULL, false, false}};
static const char *const steady_set[] = {"half_width", NULL};

static void add_steady(const WbSteadyFigures *figures, WbDocument *out)
{
    wb_document_add_text(out, "steady_class", figures->steady_class);
    wb_document_add_int(out, "steady_start", figures->steady_start);
    if (!figures->segments) {
        wb_document_add_null(out, "segments");
        return;
    }
    wb_document_begin_list(out, "segments");
    for (guint i = 0; i < figures->segments->len; i++) {
        const WbSteadySegment *segment = &g_array_index(figures->segments, WbSteadySegment, i);

        wb_document_begin(out, NULL);
        wb_document_add_int(out, "start", segment->start);
        wb_document_add_int(out, "length", segment->length);
        wb_document_add_real(out, "median", segment->median);
        wb_document_end(out);
    }
    wb_document_end(out);
}

static bool calc_steady(const WbCalcInput *input, WbDocument *out, GError **error)
{
    g_autoptr(GPtrArray) groups = wb_calc_groups(input, STEADY_RUN);
    double half;

    if (!wb_calc_number(input, "half_width", WB_STEADY_COUNTS_HALF, 0, 1e300, &half, error))
        return false;
    wb_document_begin(out, "runs");
    for (guint g = 0; g < groups->len; g++) {
        const WbCalcGroup *group = groups->pdata[g];
        g_autofree double *y = wb_calc_values(input, STEADY_REQUESTS, group);
        WbSteadyFigures figures;

        wb_steady_describe(y, group->rows->len, half, &figures);
        wb_document_begin(out, group->name);
        add_steady(&figures, out);
        wb_document_end(out);
        wb_steady_clear(&figures);
    }
    wb_document_end(out);
    return true;
}

/* ---- drift -------------------------------------------------------------------------------- */

enum { DRIFT_START_S, DRIFT_CASE, DRIFT_RPS };
static const WbCalcColumn drift_columns[] = {
    {"start_s", true, false}, {"case", false, false}, {"rps", true, false}, {NULL, false, false}};
static const char *const no_set[] = {NULL};

static int compare_starts(const void *a, const void *b)
{
    const WbDriftRun *x = a, *y = b;

    return (x->start_s > y->start_s) - (x->start_s < y->start_s);
}

/* All runs in order of start (of WbDriftRun); cases by number of their group. */
static GArray *runs_in_order(const WbCalcInput *input, const GPtrArray *groups)
{
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(WbDriftRun));

    for (guint g = 0; g < groups->len; g++) {
        const WbCalcGroup *group = groups->pdata[g];

        for (guint i = 0; i < group->rows->len; i++) {
            size_t row = g_array_index(group->rows, size_t, i);
            WbDriftRun run = {input->numbers[DRIFT_START_S][row], input->numbers[DRIFT_RPS][row],
                              g};

            g_array_append_val(runs, run);
        }
    }
    g_array_sort(runs, compare_starts);
    return runs;
}

static void add_drift_case(const GArray *runs, size_t of_case, const char *name, WbDocument *out)
{
    g_autofree double *starts = g_new(double, runs->len + 1);
    g_autofree double *values = g_new(double, runs->len + 1);
    WbDriftCase figures;
    size_t n = 0, names_n;
    const WbFigure *names = wb_drift_case_figures(&names_n);

    for (guint i = 0; i < runs->len; i++) {
        const WbDriftRun *run = &g_array_index(runs, WbDriftRun, i);

        if (run->of_case != of_case)
            continue;
        starts[n] = run->start_s;
        values[n++] = run->value;
    }
    wb_drift_case(starts, values, n, &figures);
    wb_document_begin(out, name);
    wb_document_add_figures(out, names, names_n, &figures, "");
    wb_document_end(out);
}

static bool check_positive(const WbCalcInput *input, GError **error)
{
    for (size_t row = 0; row < input->rows; row++)
        if (!(input->numbers[DRIFT_RPS][row] > 0)) {
            g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE,
                        "column 'rps' must be above 0 for its logarithm");
            return false;
        }
    return true;
}

static bool calc_drift(const WbCalcInput *input, WbDocument *out, GError **error)
{
    g_autoptr(GPtrArray) groups = wb_calc_groups(input, DRIFT_CASE);
    g_autoptr(GArray) runs = runs_in_order(input, groups);
    WbDriftCampaign campaign;
    WbSteadyFigures levels;
    size_t n;
    const WbFigure *names = wb_drift_campaign_figures(&n);

    if (!check_positive(input, error))
        return false;
    wb_document_begin(out, "cases");
    for (guint g = 0; g < groups->len; g++)
        add_drift_case(runs, g, ((const WbCalcGroup *)groups->pdata[g])->name, out);
    wb_document_end(out);
    wb_drift_campaign((const WbDriftRun *)(const void *)runs->data, runs->len, groups->len,
                      &campaign, &levels);
    wb_document_begin(out, "campaign");
    wb_document_add_figures(out, names, n, &campaign, "");
    add_steady(&levels, out);
    wb_document_end(out);
    wb_steady_clear(&levels);
    return true;
}

/* ---- starts ------------------------------------------------------------------------------- */

enum { STARTS_START, STARTS_RUN, STARTS_VALUE };
static const WbCalcColumn starts_columns[] = {
    {"start", true, false}, {"run", true, true}, {"value", true, false}, {NULL, false, false}};
static const char *const starts_set[] = {"cost_ratio", NULL};

static bool calc_starts(const WbCalcInput *input, WbDocument *out, GError **error)
{
    g_autofree int64_t *start = g_new(int64_t, input->rows + 1);
    WbStartsFigures figures;
    double cost;
    size_t n;
    const WbFigure *names = wb_starts_figures(&n);

    if (!wb_calc_number(input, "cost_ratio", 1, 0, 1e9, &cost, error))
        return false;
    for (size_t row = 0; row < input->rows; row++)
        start[row] = (int64_t)input->numbers[STARTS_START][row];
    wb_starts_describe(start, input->numbers[STARTS_VALUE], input->rows, cost, &figures);
    wb_document_add_figures(out, names, n, &figures, "");
    return true;
}

const WbCalcKind wb_calc_steady = {"steady",
                                   "windows of runs: change points, class (run, requests)",
                                   steady_columns, steady_set, calc_steady};
const WbCalcKind wb_calc_drift = {
    "drift", "runs of a campaign: trend a case and in all (start_s, case, rps)", drift_columns,
    no_set, calc_drift};
const WbCalcKind wb_calc_starts = {"starts", "server starts as a level of variance (start, value)",
                                   starts_columns, starts_set, calc_starts};
