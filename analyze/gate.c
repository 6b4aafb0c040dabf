/* Gate: see gate.h. */
#include "analyze/gate.h"

#include <math.h>
#include <string.h>

#include "analyze/stats.h"
#include "schema/units.h"

G_DEFINE_QUARK(wb - gate - error - quark, wb_gate_error)

#define LEARNED_QUANTILE 0.95

void wb_gate_init(WbGate *gate)
{
    *gate = (WbGate){.limits = g_array_new(FALSE, FALSE, sizeof(WbGateLimit))};
}

void wb_gate_clear(WbGate *gate)
{
    g_strfreev(gate->texts);
    g_array_unref(gate->limits);
}

bool wb_gate_is_set(const WbGate *gate)
{
    return gate->automatic || gate->limits->len > 0;
}

/* ---- options -------------------------------------------------------------------------------- */

static bool refuse(const char *text, const char *why, GError **error)
{
    g_set_error(error, WB_GATE_ERROR, WB_GATE_ERROR_OPTION,
                "--gate '%s': %s; write 5%%, rate:-5%%, p99:+10%%, errors:+0 or auto", text, why);
    return false;
}

static WbGateLimit *limit_of(const WbGate *gate, const WbCompareMetric *metric)
{
    for (guint i = 0; i < gate->limits->len; i++)
        if (g_array_index(gate->limits, WbGateLimit, i).metric == metric)
            return &g_array_index(gate->limits, WbGateLimit, i);
    return NULL;
}

/* The later one of two limits on a metric counts. */
static void set_limit(WbGate *gate, const WbCompareMetric *metric, double share)
{
    WbGateLimit *known = limit_of(gate, metric);
    WbGateLimit limit = {metric, share};

    if (known)
        *known = limit;
    else
        g_array_append_val(gate->limits, limit);
}

bool wb_gate_parse(WbGate *gate, const char *text, GError **error)
{
    const char *colon = strchr(text, ':');
    g_autofree char *name = colon ? g_strndup(text, (size_t)(colon - text)) : g_strdup("rate");
    const WbCompareMetric *metric = wb_compare_metric_find(name);
    const char *amount = colon ? colon + 1 : text;
    double share;

    if (!strcmp(text, "auto")) {
        gate->automatic = true;
        return true;
    }
    if (!metric)
        return refuse(text, "no such metric", error);
    if (*amount == '+' || *amount == '-') {
        if ((*amount == '+') != metric->lower_is_better)
            return refuse(
                text, metric->lower_is_better ? "worse is more of it: +" : "worse is less of it: -",
                error);
        amount++;
    }
    if (*amount == '+' || !wb_units_parse_share(amount, &share, NULL) ||
        (share > 0 && !strchr(amount, '%') && share >= 1))
        return refuse(text, "no share", error);
    if (share == 0 && metric->field)
        return refuse(text, "a limit of 0 is for errors", error);
    set_limit(gate, metric, share);
    return true;
}

/* ---- learning ------------------------------------------------------------------------------- */

/* The median of a metric over the runs of one campaign; NaN: it has none. */
static double campaign_median(const WbCompareMetric *metric, const WbCaseSummary *of,
                              const char *campaign)
{
    g_autofree double *values = g_new(double, of->complete_n + 1);
    size_t n = 0;
    double half;

    for (size_t i = 0; i < of->complete_n; i++) {
        if (strcmp(of->complete[i]->campaign, campaign) != 0)
            continue;
        values[n] = wb_compare_metric_value(metric, of->complete[i], &half);
        n += values[n] > 0;
    }
    wb_stats_sort(values, n);
    return wb_stats_median(values, n);
}

/* abs(ln ratio) of every two campaigns of a case. */
static void add_changes(const WbSide *side, const WbCaseSummary *of, const WbCompareMetric *metric,
                        GArray *changes)
{
    size_t n = side->campaigns->len;
    g_autofree double *medians = g_new(double, n + 1);

    for (size_t i = 0; i < n; i++)
        medians[i] =
            campaign_median(metric, of, g_array_index(side->campaigns, WbCampaignRecord, i).uuid);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double change = fabs(log(medians[j] / medians[i]));

            if (isfinite(change))
                g_array_append_val(changes, change);
        }
}

static bool learn(WbGate *gate, const WbComparison *comparison, GError **error)
{
    const WbSide *old = comparison->old;
    double least = log1p(comparison->min_effect_share);

    for (guint m = 0; m < comparison->metrics->len; m++) {
        const WbCompareMetric *metric = g_ptr_array_index(comparison->metrics, m);
        g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(double));
        double limit;

        /* what somebody set himself stays */
        if (!metric->field || limit_of(gate, metric))
            continue;
        for (size_t i = 0; i < old->summary->cases->len; i++)
            add_changes(old, wb_summary_at(old->summary, i), metric, changes);
        if (changes->len == 0)
            continue;
        wb_stats_sort((double *)(void *)changes->data, changes->len);
        limit = wb_stats_quantile((const double *)(void *)changes->data, changes->len,
                                  LEARNED_QUANTILE);
        gate->learned_from = MAX(gate->learned_from, changes->len);
        set_limit(gate, metric, expm1(MAX(limit, least)));
    }
    if (gate->learned_from > 0)
        return true;
    g_set_error(
        error, WB_GATE_ERROR, WB_GATE_ERROR_CAMPAIGNS,
        "--gate auto learns from campaigns that were repeated without a change, and the old "
        "side has no case in two of them; run its suite again, or give a limit");
    return false;
}

/* ---- judging -------------------------------------------------------------------------------- */

static bool is_shown(const WbCompareRow *row)
{
    return !strcmp(row->verdict, WB_VERDICT_FASTER) || !strcmp(row->verdict, WB_VERDICT_SLOWER) ||
           !g_strcmp0(row->reason, WB_REASON_BELOW_MIN_EFFECT);
}

/* Effect and the end of its interval that speaks against the new side, above 0: worse. Where there
 * is no ratio (a value of 0), the shift against the old median stands in. */
static void worsening(const WbCompareRow *row, double *out_effect, double *out_bad_end)
{
    const WbTwoSamplesFigures *f = &row->judged->figures;
    double sign = row->metric->lower_is_better ? 1 : -1;
    double lo = log(f->ratio_lo), hi = log(f->ratio_hi);

    *out_effect = sign * log(f->ratio);
    if (isnan(f->ratio)) {
        double scale = fabs(f->median_a);

        *out_effect = sign * f->shift / scale;
        lo = f->shift_lo / scale;
        hi = f->shift_hi / scale;
    }
    *out_bad_end = sign > 0 ? hi : -lo;
}

static WbGated gate_judged(const WbCompareRow *row, double limit)
{
    double effect, bad_end;

    worsening(row, &effect, &bad_end);
    if (is_shown(row))
        return effect >= limit ? WB_GATED_WORSE : WB_GATED_PASS;
    if (!strcmp(row->verdict, WB_VERDICT_NO_DIFFERENCE))
        return WB_GATED_PASS;
    return bad_end < limit ? WB_GATED_PASS : WB_GATED_CANNOT_TELL; /* NaN: no interval */
}

/* Errors on both sides, or allowed ones. */
static WbGated gate_errors(const WbCompareRow *row, const WbGateLimit *limit)
{
    if (!limit)
        return WB_GATED_NOT;
    if (g_strcmp0(row->reason, WB_REASON_ERRORS_IN_BOTH) != 0)
        return g_strcmp0(row->reason, WB_REASON_ERRORS_APPEARED) ? WB_GATED_PASS : WB_GATED_WORSE;
    if (isnan(row->error_rate_a) || isnan(row->error_rate_b))
        return WB_GATED_CANNOT_TELL;
    return row->error_rate_b - row->error_rate_a > limit->share ? WB_GATED_WORSE : WB_GATED_PASS;
}

static WbGated gate_row(const WbGate *gate, const WbCompareRow *row)
{
    const WbGateLimit *limit = limit_of(gate, row->metric);

    if (row->word == WB_WORD_ADDED)
        return WB_GATED_NOT;
    if (row->match->unlike == WB_UNLIKE_ERRORS_APPEARED)
        return WB_GATED_WORSE;
    if (!strcmp(row->verdict, WB_VERDICT_NOT_COMPARABLE))
        return limit ? WB_GATED_NOT_COMPARABLE : WB_GATED_NOT;
    if (!row->judged)
        return gate_errors(row, limit);
    return limit ? gate_judged(row, log1p(limit->share)) : WB_GATED_NOT;
}

static void judge(WbGate *gate, WbComparison *comparison)
{
    bool any[WB_GATED_NOT_COMPARABLE + 1] = {false};

    for (guint i = 0; i < comparison->rows->len; i++) {
        WbCompareRow *row = &g_array_index(comparison->rows, WbCompareRow, i);

        row->gated = gate_row(gate, row);
        any[row->gated] = true;
    }
    gate->status = any[WB_GATED_WORSE]            ? WB_GATE_WORSE
                   : any[WB_GATED_NOT_COMPARABLE] ? WB_GATE_NOT_COMPARABLE
                   : any[WB_GATED_CANNOT_TELL]    ? WB_GATE_CANNOT_TELL
                   : any[WB_GATED_PASS]           ? WB_GATE_PASS
                                                  : WB_GATE_NOT_COMPARABLE;
}

/* ---- the way from options to a status ------------------------------------------------------- */

void wb_gate_add_options(WbGate *gate, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"gate", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &gate->texts,
         "Exit with 1 where a case is worse by that or has new errors: 5%, rate:-5%, p99:+10%, "
         "errors:+0, auto; repeatable",
         "LIMIT"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_add_main_entries(context, entries, NULL);
}

const WbGateLimit *wb_gate_limit(const WbGate *gate, const WbCompareMetric *metric)
{
    return limit_of(gate, metric);
}

/* A metric that only the gate names is compared as well. */
static void extend_metrics(const WbGate *gate, WbComparison *comparison)
{
    g_autoptr(GString) names =
        g_string_new(comparison->metric ? comparison->metric : WB_COMPARE_METRICS_DEFAULT);

    for (guint i = 0; i < gate->limits->len; i++)
        g_string_append_printf(names, ",%s",
                               g_array_index(gate->limits, WbGateLimit, i).metric->name);
    g_free(comparison->metric);
    comparison->metric = g_strdup(names->str);
}

/* Reads --gate, so that the comparison knows the metrics that it asks for. */
static bool read_limits(WbGate *gate, WbComparison *comparison, GError **error)
{
    for (size_t i = 0; gate->texts && gate->texts[i]; i++)
        if (!wb_gate_parse(gate, gate->texts[i], error))
            return false;
    extend_metrics(gate, comparison);
    return true;
}

static bool judge_loaded(WbGate *gate, WbComparison *comparison, GError **error)
{
    if (!wb_gate_is_set(gate))
        return true;
    if (gate->automatic && !learn(gate, comparison, error))
        return false;
    judge(gate, comparison);
    return true;
}

bool wb_gate_load(WbGate *gate, WbComparison *comparison, GError **error)
{
    return read_limits(gate, comparison, error) && wb_comparison_load(comparison, error) &&
           judge_loaded(gate, comparison, error);
}

bool wb_gate_load_history(WbGate *gate, WbHistory *history, GError **error)
{
    return read_limits(gate, history->base, error) && wb_history_load(history, error) &&
           judge_loaded(gate, wb_history_step(history, wb_history_sides(history) - 2), error);
}
