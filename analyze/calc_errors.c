/* calc errors: the runs of cases with their error counts. */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "analyze/calc.h"
#include "analyze/fisher.h"
#include "analyze/summary.h"

enum { CASE, RUN, DURATION_S, REQUESTS, CONNECT, READ, WRITE, TIMEOUT, STATUS };
static const WbCalcColumn columns[] = {
    {"case", false, false},         {"run", true, true},
    {"duration_s", true, false},    {"requests", true, false},
    {"errors_connect", true, true}, {"errors_read", true, true},
    {"errors_write", true, true},   {"errors_timeout", true, true},
    {"errors_status", true, true},  {NULL, false, false}};
static const char *const set[] = {"tool", "pairs", NULL};

static int64_t count_at(const WbCalcInput *input, size_t column, size_t row)
{
    const double *numbers = input->numbers[column];

    return !numbers || isnan(numbers[row]) ? WB_NONE : (int64_t)numbers[row];
}

/* The cases and their runs as a store would give them; nothing in it is owned but the arrays. */
typedef struct {
    WbRunSet set;
    GArray *cases; /* of WbCase */
} Runs;

static void runs_init(Runs *runs, const WbCalcInput *input, const GPtrArray *groups)
{
    const char *tool = wb_calc_word(input, "tool");

    runs->cases = g_array_sized_new(FALSE, TRUE, sizeof(WbCase), groups->len);
    g_array_set_size(runs->cases, groups->len);
    runs->set = (WbRunSet){.cases = g_ptr_array_new(),
                           .runs = g_array_new(FALSE, FALSE, sizeof(WbRun)),
                           .published = g_array_new(FALSE, FALSE, sizeof(WbPublished))};
    for (guint g = 0; g < groups->len; g++) {
        const WbCalcGroup *group = groups->pdata[g];
        WbCase *of_case = &g_array_index(runs->cases, WbCase, g);

        g_ptr_array_add(runs->set.cases, of_case);
        for (guint i = 0; i < group->rows->len; i++) {
            size_t row = g_array_index(group->rows, size_t, i);
            WbRun run;

            wb_run_init(&run);
            run.of_case = of_case;
            run.status = "complete";
            run.tool = tool ? tool : "wrkbook";
            run.run_no = (int64_t)i + 1;
            run.requests = count_at(input, REQUESTS, row);
            run.elapsed_ns = (int64_t)round(input->numbers[DURATION_S][row] * 1e9);
            run.errors_connect = count_at(input, CONNECT, row);
            run.errors_read = count_at(input, READ, row);
            run.errors_write = count_at(input, WRITE, row);
            run.errors_timeout = count_at(input, TIMEOUT, row);
            run.errors_status = count_at(input, STATUS, row);
            g_array_append_val(runs->set.runs, run);
        }
    }
}

static void runs_clear(Runs *runs)
{
    g_ptr_array_unref(runs->set.cases);
    g_array_unref(runs->set.runs);
    g_array_unref(runs->set.published);
    g_array_unref(runs->cases);
}

static void add_case(const char *name, const WbCaseSummary *of, WbDocument *out)
{
    size_t n;
    const WbFigure *figures;

    wb_document_begin(out, name);
    wb_document_add_int(out, "runs", of->errors.runs);
    wb_document_add_text(out, "split", of->split);
    figures = wb_error_figures(&n);
    wb_document_add_figures(out, figures, n, &of->errors, "");
    wb_document_add_real(out, "best", of->rate.best);
    wb_document_add_real(out, "best_clean", of->best_clean);
    wb_document_add_real(out, "median_clean", of->median_clean);
    wb_document_add_real(out, "pooled", of->pooled);
    wb_document_end(out);
}

/* ---- pairs -------------------------------------------------------------------------------- */

static const WbCaseSummary *find_case(const GPtrArray *groups, const WbSummary *summary,
                                      const cJSON *name)
{
    for (guint i = 0; cJSON_IsString(name) && i < groups->len; i++)
        if (!strcmp(((const WbCalcGroup *)groups->pdata[i])->name, name->valuestring))
            return wb_summary_at(summary, i);
    return NULL;
}

static bool add_pair(const cJSON *pair, const GPtrArray *groups, const WbSummary *summary,
                     WbDocument *out)
{
    const cJSON *a_name = cJSON_GetArrayItem(pair, 0), *b_name = cJSON_GetArrayItem(pair, 1);
    const WbCaseSummary *a = find_case(groups, summary, a_name);
    const WbCaseSummary *b = find_case(groups, summary, b_name);
    g_autofree char *name = NULL;

    if (!a || !b)
        return false;
    name = g_strconcat(a_name->valuestring, "|", b_name->valuestring, NULL);
    wb_document_begin(out, name);
    wb_document_add_real(out, "errors_p",
                         wb_fisher_p(a->errors.runs_with_errors, a->errors.runs,
                                     b->errors.runs_with_errors, b->errors.runs));
    wb_document_end(out);
    return true;
}

/* --set pairs='[["old", "new"]]': which cases to test against each other. */
static bool add_pairs(const WbCalcInput *input, const GPtrArray *groups, const WbSummary *summary,
                      WbDocument *out, GError **error)
{
    const char *text = wb_calc_word(input, "pairs");
    cJSON *pairs = text ? cJSON_Parse(text) : NULL;
    bool ok = !text || cJSON_IsArray(pairs);
    const cJSON *pair;

    wb_document_begin(out, "pairs");
    cJSON_ArrayForEach(pair, pairs)
    {
        ok = ok && add_pair(pair, groups, summary, out);
    }
    wb_document_end(out);
    cJSON_Delete(pairs);
    if (!ok)
        g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_USE,
                    "--set pairs: takes pairs of cases of the file, as in [[\"old\", \"new\"]]");
    return ok;
}

static bool calc(const WbCalcInput *input, WbDocument *out, GError **error)
{
    g_autoptr(GPtrArray) groups = wb_calc_groups(input, CASE);
    g_autoptr(WbSummary) summary = NULL;
    Runs runs;
    bool ok;

    runs_init(&runs, input, groups);
    summary = wb_summary_new(NULL, &runs.set, NULL, error);
    wb_document_begin(out, "cases");
    for (guint i = 0; i < groups->len; i++)
        add_case(((const WbCalcGroup *)groups->pdata[i])->name, wb_summary_at(summary, i), out);
    wb_document_end(out);
    ok = add_pairs(input, groups, summary, out, error);
    runs_clear(&runs);
    return ok;
}

const WbCalcKind wb_calc_errors = {
    "errors",
    "runs with error counts: split, rates, intervals (case, duration_s, requests, errors_*)",
    columns, set, calc};
