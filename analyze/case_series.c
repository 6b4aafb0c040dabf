/* Case series: see case_series.h. */
#include "analyze/case_series.h"

#include <math.h>
#include <string.h>

#include "schema/units.h"

#define FIGURE(kind, member)                                                                       \
    {                                                                                              \
#member, WB_FIGURE_##kind, false, offsetof(WbCaseSteady, member)                           \
    }

static const WbFigure figures[] = {
    FIGURE(WORD, steady_class),   FIGURE(INT, steady_flat),      FIGURE(INT, steady_warmup),
    FIGURE(INT, steady_slowdown), FIGURE(INT, steady_disturbed), FIGURE(INT, steady_none),
    FIGURE(INT, steady_unknown),
};

const WbFigure *wb_case_steady_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

/* ---- steady ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t count;
} classes[] = {
    {WB_STEADY_FLAT, offsetof(WbCaseSteady, steady_flat)},
    {WB_STEADY_WARMUP, offsetof(WbCaseSteady, steady_warmup)},
    {WB_STEADY_SLOWDOWN, offsetof(WbCaseSteady, steady_slowdown)},
    {WB_STEADY_DISTURBED, offsetof(WbCaseSteady, steady_disturbed)},
    {WB_STEADY_NONE, offsetof(WbCaseSteady, steady_none)},
    {WB_STEADY_UNKNOWN, offsetof(WbCaseSteady, steady_unknown)},
};

static void count_class(WbCaseSteady *steady, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
        if (!strcmp(classes[i].name, name))
            ++*(int64_t *)(void *)((char *)steady + classes[i].count);
    steady->steady_class =
        !steady->steady_class || !strcmp(steady->steady_class, name) ? name : WB_STEADY_MIXED;
}

const char *wb_case_steady_add(WbCaseSteady *steady, const WbSliceRecord *slices, size_t n,
                               int64_t slice_ns, size_t *out_start)
{
    double y[WB_STEADY_MOST_STEPS];
    WbSteadyFigures described;
    const char *name;
    size_t step, steps;

    if (out_start)
        *out_start = 0;
    if (slice_ns <= 0 || n == 0)
        return WB_STEADY_UNKNOWN;
    step = (size_t)wb_steady_step_slices(slice_ns, (int64_t)n);
    steps = MIN(n / step, G_N_ELEMENTS(y));
    for (size_t s = 0; s < steps; s++) {
        y[s] = 0;
        for (size_t i = s * step; i < (s + 1) * step; i++)
            y[s] += (double)slices[i].requests;
    }
    wb_steady_describe(y, steps, WB_STEADY_COUNTS_HALF, &described);
    count_class(steady, name = described.steady_class);
    if (out_start && described.steady_start != WB_NONE)
        *out_start = (size_t)described.steady_start * step;
    wb_steady_clear(&described);
    return name;
}

/* ---- in order of start -------------------------------------------------------------------- */

/* A run with what the series need of it. */
typedef struct {
    double start_s;
    double value;
    size_t of_case;
    const WbRun *run;
} Timed;

bool wb_case_series_has_start(const WbRun *run)
{
    return run->started_at && g_strcmp0(run->started_from, "file") != 0;
}

static int compare_starts(const void *a, const void *b)
{
    const Timed *x = a, *y = b;

    if (x->start_s != y->start_s)
        return x->start_s < y->start_s ? -1 : 1;
    return (x->run->run_id > y->run->run_id) - (x->run->run_id < y->run->run_id);
}

static bool is_sorted(const GArray *timed)
{
    for (guint i = 1; i < timed->len; i++)
        if (compare_starts(&g_array_index(timed, Timed, i - 1), &g_array_index(timed, Timed, i)) >
            0)
            return false;
    return true;
}

static void sort_by_start(GArray *timed)
{
    if (!is_sorted(timed))
        g_array_sort(timed, compare_starts);
}

static void add_timed(GArray *timed, const WbRun *run, double value, size_t of_case)
{
    Timed one = {.value = value, .of_case = of_case, .run = run};

    if (value > 0 && isfinite(value) && wb_case_series_has_start(run) &&
        wb_units_parse_utc(run->started_at, &one.start_s))
        g_array_append_val(timed, one);
}

static void describe_drift(GArray *timed, WbDriftCase *out)
{
    g_autofree double *starts = g_new(double, timed->len + 1);
    g_autofree double *values = g_new(double, timed->len + 1);

    sort_by_start(timed);
    for (guint i = 0; i < timed->len; i++) {
        starts[i] = g_array_index(timed, Timed, i).start_s;
        values[i] = g_array_index(timed, Timed, i).value;
    }
    wb_drift_case(starts, values, timed->len, out);
}

int64_t *wb_case_series_starts(const WbRun *const *runs, size_t n)
{
    g_autoptr(GHashTable) campaigns = NULL; /* uuid -> its place, from 0 */
    int64_t *out = g_new(int64_t, n + 1);

    for (size_t i = 0; i < n; i++) {
        const char *campaign = runs[i]->campaign ? runs[i]->campaign : "";
        gpointer place;

        out[i] = runs[i]->server_start;
        if (out[i] == WB_NONE)
            continue;
        if (!campaigns)
            campaigns = g_hash_table_new(g_str_hash, g_str_equal);
        if (!g_hash_table_lookup_extended(campaigns, campaign, NULL, &place)) {
            place = GSIZE_TO_POINTER(g_hash_table_size(campaigns));
            g_hash_table_insert(campaigns, (gpointer)campaign, place);
        }
        out[i] += (int64_t)GPOINTER_TO_SIZE(place) << 32;
    }
    return out;
}

void wb_case_series_describe(const WbRun *const *runs, const double *values, size_t n,
                             WbDriftCase *out_drift, WbStartsFigures *out_starts)
{
    g_autoptr(GArray) timed = g_array_sized_new(FALSE, FALSE, sizeof(Timed), (guint)n);
    g_autofree int64_t *start = wb_case_series_starts(runs, n);
    g_autofree double *started = g_new(double, n + 1);
    size_t started_n = 0;

    for (size_t i = 0; i < n; i++) {
        add_timed(timed, runs[i], values[i], 0);
        if (start[i] == WB_NONE || isnan(values[i]))
            continue;
        start[started_n] = start[i];
        started[started_n++] = values[i];
    }
    describe_drift(timed, out_drift);
    wb_starts_describe(start, started, started_n, 1, out_starts);
}

/* ---- campaigns ---------------------------------------------------------------------------- */

static void clear_series(void *data)
{
    WbCampaignSeries *series = data;

    wb_steady_clear(&series->levels);
    g_clear_pointer(&series->level_starts, g_ptr_array_unref);
}

/* Numbers the cases of a campaign by themselves: it may have few of many. */
static size_t number_of(GHashTable *numbers, size_t of_case)
{
    gpointer key = GSIZE_TO_POINTER(of_case), number;

    if (!g_hash_table_lookup_extended(numbers, key, NULL, &number)) {
        number = GSIZE_TO_POINTER(g_hash_table_size(numbers));
        g_hash_table_insert(numbers, key, number);
    }
    return GPOINTER_TO_SIZE(number);
}

static void describe_campaign(GArray *timed, WbCampaignSeries *out)
{
    g_autofree WbDriftRun *runs = g_new(WbDriftRun, timed->len);
    g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);

    sort_by_start(timed);
    for (guint i = 0; i < timed->len; i++) {
        const Timed *one = &g_array_index(timed, Timed, i);

        runs[i] = (WbDriftRun){one->start_s, one->value, number_of(numbers, one->of_case)};
    }
    out->runs = timed->len;
    wb_drift_campaign(runs, timed->len, g_hash_table_size(numbers), &out->drift, &out->levels);
    out->level_starts = g_ptr_array_new();
    for (guint i = 0; out->levels.segments && i < out->levels.segments->len; i++) {
        size_t at = (size_t)g_array_index(out->levels.segments, WbSteadySegment, i).start;

        if (timed->len > WB_DRIFT_MOST)
            at = at * (timed->len - 1) / (WB_DRIFT_MOST - 1);
        g_ptr_array_add(out->level_starts,
                        (gpointer)g_array_index(timed, Timed, at).run->started_at);
    }
}

GArray *wb_campaign_series(const WbRun *const *runs, const double *values, const size_t *of_case,
                           size_t n)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(WbCampaignSeries));
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    const char *last = NULL;
    GArray *timed = NULL;

    g_array_set_clear_func(out, clear_series);
    for (size_t i = 0; i < n; i++) {
        const char *campaign = runs[i]->campaign;

        if (!campaign)
            continue;
        if (!timed || g_strcmp0(last, campaign) != 0)
            timed = g_hash_table_lookup(known, last = campaign);
        if (!timed) {
            timed = g_array_new(FALSE, FALSE, sizeof(Timed));
            g_ptr_array_add(lists, timed);
            g_hash_table_insert(known, (gpointer)campaign, timed);
        }
        add_timed(timed, runs[i], values[i], of_case[i]);
    }
    for (guint i = 0; i < lists->len; i++) {
        WbCampaignSeries series = {0};

        timed = lists->pdata[i];
        if (timed->len == 0)
            continue;
        series.campaign = g_array_index(timed, Timed, 0).run->campaign;
        describe_campaign(timed, &series);
        g_array_append_val(out, series);
    }
    return out;
}
