/* calc compare, calc paired: two databases, A (old) and B (new), case by case. */
#include <math.h>
#include <string.h>

#include "analyze/calc.h"
#include "analyze/compare.h"

enum { DB, CASE, RUN, VALUE };
static const WbCalcColumn columns[] = {{"db", false, false},
                                       {"case", false, false},
                                       {"run", true, true},
                                       {"value", true, false},
                                       {NULL, false, false}};
static const char *const set_compare[] = {"half_width_a", "half_width_b", "delta", "better", NULL};
static const char *const set_paired[] = {"delta", "better", NULL};

/* ---- sides -------------------------------------------------------------------------------- */

/* The values of one side of a case, in the order of the file; paired: of their rounds. */
static GArray *side_of(const WbCalcInput *input, const WbCalcGroup *group, const char *db)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < group->rows->len; i++) {
        size_t row = g_array_index(group->rows, size_t, i);

        if (!strcmp(input->texts[DB][row], db))
            g_array_append_val(values, input->numbers[VALUE][row]);
    }
    return values;
}

static bool check_dbs(const WbCalcInput *input, GError **error)
{
    for (size_t row = 0; row < input->rows; row++)
        if (strcmp(input->texts[DB][row], "A") != 0 && strcmp(input->texts[DB][row], "B") != 0) {
            g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE,
                        "column 'db' takes A (old) and B (new), not '%.40s'",
                        input->texts[DB][row]);
            return false;
        }
    return true;
}

typedef struct {
    GPtrArray *groups;
    GPtrArray *a, *b; /* of GArray, by group */
} Sides;

static void sides_init(Sides *sides, const WbCalcInput *input)
{
    sides->groups = wb_calc_groups(input, CASE);
    sides->a = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    sides->b = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (guint i = 0; i < sides->groups->len; i++) {
        g_ptr_array_add(sides->a, side_of(input, sides->groups->pdata[i], "A"));
        g_ptr_array_add(sides->b, side_of(input, sides->groups->pdata[i], "B"));
    }
}

static void sides_clear(Sides *sides)
{
    g_ptr_array_unref(sides->groups);
    g_ptr_array_unref(sides->a);
    g_ptr_array_unref(sides->b);
}

static WbTwoSamples samples_of(const Sides *sides, guint i)
{
    const GArray *a = sides->a->pdata[i], *b = sides->b->pdata[i];

    return (WbTwoSamples){.a = (const double *)(const void *)a->data,
                          .a_n = a->len,
                          .b = (const double *)(const void *)b->data,
                          .b_n = b->len};
}

static const char *case_name(const Sides *sides, guint i)
{
    return ((const WbCalcGroup *)sides->groups->pdata[i])->name;
}

/* ---- compare ------------------------------------------------------------------------------ */

static void add_case(WbDocument *out, const char *name, const WbComparedCase *c)
{
    size_t n;
    const WbFigure *figures = wb_two_samples_figures(&n);

    wb_document_begin(out, name);
    if (c->samples.a_n > 0 && c->samples.b_n > 0) {
        wb_document_add_figures(out, figures, n, &c->figures, "");
        wb_document_add_real(out, "p_adj", c->p_adj);
        wb_document_add_real(out, "p_adj_holm", c->p_adj_holm);
    }
    wb_document_add_text(out, "verdict", c->verdict);
    wb_document_add_text(out, "verdict_reason", c->verdict_reason);
    wb_document_end(out);
}

static void calc_all(const Sides *sides, const WbCompareOptions *options, const double half[2],
                     WbDocument *out)
{
    guint cases_n = sides->groups->len;
    g_autofree WbComparedCase *cases = g_new0(WbComparedCase, cases_n + 1);
    WbCompareTogether together;
    size_t n;
    const WbFigure *figures = wb_compare_figures(&n);

    for (guint i = 0; i < cases_n; i++) {
        cases[i].samples = samples_of(sides, i);
        cases[i].samples.a_half = half[0];
        cases[i].samples.b_half = half[1];
        cases[i].verdict_reason = cases[i].samples.b_n == 0   ? WB_REASON_ONLY_IN_A
                                  : cases[i].samples.a_n == 0 ? WB_REASON_ONLY_IN_B
                                                              : NULL;
    }
    wb_compare_judge(cases, cases_n, options, &together);
    wb_document_begin(out, "cases");
    for (guint i = 0; i < cases_n; i++)
        add_case(out, case_name(sides, i), &cases[i]);
    wb_document_end(out);
    wb_document_add_figures(out, figures, n, &together, "");
}

static bool calc_compare(const WbCalcInput *input, WbDocument *out, GError **error)
{
    WbCompareOptions options = {.bootstrap = true};
    double half[2];
    Sides sides;

    if (!wb_calc_number(input, "half_width_a", 0, 0, 1e300, &half[0], error) ||
        !wb_calc_number(input, "half_width_b", 0, 0, 1e300, &half[1], error) ||
        !wb_calc_number(input, "delta", WB_MIN_EFFECT_DEFAULT, 0, 1e6, &options.min_effect,
                        error) ||
        !wb_calc_direction(input, &options.lower_is_better, error) || !check_dbs(input, error))
        return false;
    sides_init(&sides, input);
    calc_all(&sides, &options, half, out);
    sides_clear(&sides);
    return true;
}

/* ---- paired ------------------------------------------------------------------------------- */

static bool check_pairs(const Sides *sides, GError **error)
{
    for (guint i = 0; i < sides->groups->len; i++) {
        WbTwoSamples s = samples_of(sides, i);
        bool positive = s.a_n == s.b_n;

        for (size_t at = 0; positive && at < s.a_n; at++)
            positive = s.a[at] > 0 && s.b[at] > 0;
        if (positive)
            continue;
        g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE,
                    "case '%.60s' needs as many values of A as of B, all above 0, for pairs",
                    case_name(sides, i));
        return false;
    }
    return true;
}

static void add_pairs(WbDocument *out, const char *name, WbTwoSamples samples,
                      WbTwoSamplesSpace *space)
{
    WbTwoSamplesOptions options = WB_TWO_SAMPLES_OPTIONS_DEFAULT;
    WbTwoSamplesFigures paired, unpaired;
    size_t n;
    const WbFigure *figures = wb_two_samples_figures(&n);

    wb_two_samples_describe(&samples, &options, space, &unpaired);
    samples.paired = true;
    wb_two_samples_describe(&samples, &options, space, &paired);
    wb_document_begin(out, name);
    wb_document_add_figures(out, figures, n, &paired, "");
    wb_document_add_real(out, "unpaired_p", unpaired.p);
    wb_document_end(out);
}

static bool calc_paired(const WbCalcInput *input, WbDocument *out, GError **error)
{
    g_autoptr(WbTwoSamplesSpace) space = wb_two_samples_space_new();
    Sides sides;
    bool ok;

    if (!check_dbs(input, error))
        return false;
    sides_init(&sides, input);
    ok = check_pairs(&sides, error);
    if (ok) {
        wb_document_begin(out, "cases");
        for (guint i = 0; i < sides.groups->len; i++)
            add_pairs(out, case_name(&sides, i), samples_of(&sides, i), space);
        wb_document_end(out);
    }
    sides_clear(&sides);
    return ok;
}

const WbCalcKind wb_calc_compare = {
    "compare", "two databases A and B: test, ratio, interval, verdict (db, case, value)", columns,
    set_compare, calc_compare};
const WbCalcKind wb_calc_paired = {
    "paired", "the same for rounds of one interleaved campaign (db, case, value)", columns,
    set_paired, calc_paired};
