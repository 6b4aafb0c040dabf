/* Rank tables: see rank_tables.h. */
#include "analyze/rank_tables.h"

#include <math.h>
#include <string.h>

#include "schema/units.h"

void wb_rank_tables_init(WbRankTables *tables)
{
    *tables = (WbRankTables){.tie_margin_share = WB_RANK_TIE_MARGIN};
    wb_query_init(&tables->query);
}

static void free_table(void *data)
{
    WbRankTable *table = data;

    for (size_t i = 0; table->ranking && i < table->ranking->n; i++)
        wb_sample_figures_clear(&table->figures[i]);
    g_free(table->figures);
    g_free(table->cases);
    g_free(table->rows);
    g_free(table->views);
    wb_ranking_free(table->ranking);
    g_free(table);
}

void wb_rank_tables_clear(WbRankTables *tables)
{
    g_clear_pointer(&tables->list, g_ptr_array_unref);
    g_clear_pointer(&tables->room, g_ptr_array_unref);
    wb_grid_free(tables->grid);
    g_free(tables->tie_margin);
    g_free(tables->adjust_text);
    g_free(tables->pairs);
    g_free(tables->metric_name);
    g_strfreev(tables->weights);
    wb_query_clear(&tables->query);
}

void wb_rank_tables_add_options(WbRankTables *tables, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"tables", 0, 0, G_OPTION_ARG_FILENAME, &tables->query.tables,
         "Labels that make tables (default benchmark)", "KEY[,KEY]"},
        {"split", 0, 0, G_OPTION_ARG_FILENAME, &tables->query.split,
         "One table of cases with errors, one of those without", "errors"},
        {"tie-margin", 0, 0, G_OPTION_ARG_FILENAME, &tables->tie_margin,
         "Cases nearer than that are neck and neck, whatever a test says (default 5%)", "SHARE"},
        {"pairs", 0, 0, G_OPTION_ARG_FILENAME, &tables->pairs,
         "Compare round by round: auto (default: cases of one interleaved campaign) or never",
         "WHEN"},
        {"adjust", 0, 0, G_OPTION_ARG_FILENAME, &tables->adjust_text,
         "Correction of p for so many pairs: bh (default), holm or none", "METHOD"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_query_add_options(&tables->query, context, false);
    g_option_context_add_main_entries(context, entries, NULL);
}

void wb_rank_tables_add_order_options(WbRankTables *tables, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"metric", 0, 0, G_OPTION_ARG_FILENAME, &tables->metric_name,
         "Order by rate (default), p50, p75, p90, p95, p99, p999, latency_mean or latency_max of "
         "each "
         "run",
         "NAME"},
        {"score", 0, 0, G_OPTION_ARG_NONE, &tables->score,
         "Also one number over all tables: 100 for what is the best in each", NULL},
        {"weight", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &tables->weights,
         "Weight of a table in the score (default 1); repeatable", "BENCHMARK=NUMBER"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_add_main_entries(context, entries, NULL);
}

/* One metric that a run has a figure of; `errors` is judged by no test of samples. */
static bool read_metric(WbRankTables *tables, GError **error)
{
    const char *name = tables->metric_name ? tables->metric_name : "rate";

    tables->metric = wb_compare_metric_find(name);
    if (tables->metric && tables->metric->field)
        return true;
    g_set_error(
        error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
        "--metric takes rate, p50, p75, p90, p95, p99, p999, latency_mean or latency_max, not "
        "'%s'",
        name);
    return false;
}

static bool read_options(WbRankTables *tables, GError **error)
{
    if (!read_metric(tables, error) ||
        !wb_adjust_parse(tables->adjust_text, &tables->adjust, error))
        return false;
    if (tables->tie_margin &&
        !wb_units_parse_share(tables->tie_margin, &tables->tie_margin_share, error)) {
        g_prefix_error(error, "--tie-margin: ");
        return false;
    }
    if (tables->pairs && strcmp(tables->pairs, "auto") != 0 &&
        strcmp(tables->pairs, "never") != 0) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--pairs takes auto or never, not '%s'", tables->pairs);
        return false;
    }
    return true;
}

/* ---- layout --------------------------------------------------------------------------------- */

/* All labels that make no table are the rows, so that each case has a row of its own. */
static WbGrid *lay_out(const WbQuery *query, GError **error)
{
    g_auto(GStrv) keys = wb_query_label_keys(query, error);
    g_autoptr(GStrvBuilder) rest = g_strv_builder_new();
    g_auto(GStrv) tables = NULL;
    g_auto(GStrv) rows = NULL;
    g_autofree char *row_list = NULL;
    WbQuery laid = *query; /* borrows everything */

    if (!keys)
        return NULL;
    tables = g_strsplit(query->tables ? query->tables : "benchmark", ",", -1);
    for (char **key = keys; *key; key++)
        if (!g_strv_contains((const char *const *)tables, *key))
            g_strv_builder_add(rest, *key);
    rows = g_strv_builder_end(rest);
    row_list = g_strjoinv(",", *rows ? rows : keys);
    laid.rows = row_list;
    laid.cols = "";
    if (!*rows)
        laid.tables = "";
    return wb_query_grid(&laid, error);
}

/* ---- rounds --------------------------------------------------------------------------------- */

/* Number of the one interleaved campaign that all runs of a case are of; 0: there is none. */
static int64_t campaign_of(const WbCaseSummary *of, GHashTable *interleaved)
{
    const char *campaign = of->complete_n ? of->complete[0]->campaign : NULL;

    if (!campaign)
        return 0;
    for (size_t i = 0; i < of->complete_n; i++)
        if (strcmp(of->complete[i]->campaign, campaign) != 0 || of->complete[i]->round == WB_NONE)
            return 0;
    return GPOINTER_TO_INT(g_hash_table_lookup(interleaved, campaign));
}

/* The campaign stands in the upper half, so that rounds of two campaigns never meet. */
static int64_t *rounds_of(const WbCaseSummary *of, size_t values_n, GHashTable *interleaved)
{
    int64_t campaign = values_n == of->complete_n ? campaign_of(of, interleaved) : 0;
    int64_t *rounds;

    if (campaign == 0)
        return NULL;
    rounds = g_new(int64_t, of->complete_n);
    for (size_t i = 0; i < of->complete_n; i++)
        rounds[i] = campaign << 32 | of->complete[i]->round;
    return rounds;
}

/* uuid -> number, of the campaigns that went round by round. */
static GHashTable *load_interleaved(const WbRankTables *tables, WbStore *store, GStringChunk *text,
                                    GError **error)
{
    g_autoptr(GArray) campaigns = wb_store_load_campaigns(store, text, error);
    GHashTable *out;

    if (!campaigns)
        return NULL;
    out = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; g_strcmp0(tables->pairs, "never") != 0 && i < campaigns->len; i++) {
        const WbCampaignRecord *record = &g_array_index(campaigns, WbCampaignRecord, i);

        if (!g_strcmp0(record->run_order, "interleaved"))
            g_hash_table_insert(out, (void *)record->uuid, GINT_TO_POINTER((int)record->id));
    }
    return out;
}

/* ---- tables --------------------------------------------------------------------------------- */

static char *name_of(const WbGrid *grid, const WbGridTable *part, size_t row)
{
    return g_strjoinv(" ", g_ptr_array_index(grid->rows.items, part->rows[row]));
}

static bool is_rate(const WbRankTables *tables)
{
    return !wb_compare_metric_is_latency(tables->metric);
}

/* The metric of each complete run that has it, and the largest half width among them. */
static double *values_of(const WbCompareMetric *metric, const WbCaseSummary *of, size_t *out_n,
                         double *out_half)
{
    double *values = g_new(double, of->complete_n + 1);

    *out_n = 0;
    *out_half = 0;
    for (size_t i = 0; i < of->complete_n; i++) {
        double half = 0, value = wb_compare_metric_value(metric, of->complete[i], &half);

        if (isnan(value))
            continue;
        values[(*out_n)++] = value;
        *out_half = fmax(*out_half, half);
    }
    return values;
}

static WbRankCase case_of(WbRankTables *tables, const WbCaseView *view, char *name,
                          GHashTable *interleaved)
{
    WbRankCase out = {.name = name};
    int64_t *rounds;

    if (!is_rate(tables)) {
        double *values = values_of(tables->metric, view->of, &out.n, &out.half);

        g_ptr_array_add(tables->room, values);
        out.values = values;
    } else if (view->from_runs) {
        out.values = view->of->values;
        out.n = view->of->values_n;
        out.half = view->of->rate.half;
    } else if (view->rate) {
        out.values = &view->rate->requests_per_s;
        out.n = 1;
        out.half = view->rate->requests_per_s_half;
    }
    g_ptr_array_add(tables->room, rounds = rounds_of(view->of, out.n, interleaved));
    out.rounds = rounds;
    out.no_rank = !g_strcmp0(view->of->split, WB_SPLIT_NAME_ERRORS);
    return out;
}

static bool is_unequal(const WbRankTable *table)
{
    for (size_t i = 1; i < table->ranking->ranked_n; i++)
        if (table->cases[table->ranking->order[i]].n != table->cases[table->ranking->order[0]].n)
            return true;
    return false;
}

/* A latency counted from when a request was due says another thing than one from when it was
 * sent: no order holds both. */
static bool check_kinds(const WbRankTable *table, size_t n, GError **error)
{
    const char *kind = NULL;
    bool any = false;

    for (size_t i = 0; i < n; i++)
        for (size_t r = 0; table->cases[i].n && r < table->views[i]->of->complete_n; r++) {
            const WbRun *run = table->views[i]->of->complete[r];

            if (any && g_strcmp0(run->latency_kind, kind) != 0) {
                g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                            "latencies of unlike kinds in one table ('%s', '%s') have no order: "
                            "choose by --where latency_kind=...",
                            kind ? kind : "unknown",
                            run->latency_kind ? run->latency_kind : "unknown");
                return false;
            }
            kind = run->latency_kind;
            any = true;
        }
    return true;
}

/* What is declared not to exist, or shown elsewhere, is in no order. */
static size_t gather_cases(WbRankTables *tables, WbRankTable *table, GHashTable *interleaved)
{
    const WbGridTable *part = table->part;
    size_t n = 0;

    for (size_t r = 0; r < part->rows_n; r++)
        for (size_t c = 0; c < part->cols_n; c++) {
            const WbCaseView *view = wb_grid_view(part, r, c);
            char *name;

            if (!view || view->state == WB_STATE_NA || view->state == WB_STATE_BLANK)
                continue;
            name = name_of(tables->grid, part, r);
            g_ptr_array_add(tables->room, name);
            table->views[n] = view;
            table->rows[n] = part->rows[r];
            table->cases[n++] = case_of(tables, view, name, interleaved);
        }
    return n;
}

static void describe_cases(WbRankTable *table, size_t n, const WbRankOptions *options)
{
    g_autoptr(WbSampleSpace) space = wb_sample_space_new();

    for (size_t i = 0; i < n; i++) {
        const WbRankCase *of = &table->cases[i];
        const WbSample sample = {.values = of->values,
                                 .n = of->n,
                                 .half = of->half,
                                 .lower_is_better = options->lower_is_better};

        wb_sample_describe(&sample, &WB_SAMPLE_OPTIONS_DEFAULT, space, &table->figures[i]);
    }
}

static bool add_table(WbRankTables *tables, const WbGridTable *part, GHashTable *interleaved,
                      GError **error)
{
    WbRankTable *table = g_new0(WbRankTable, 1);
    const WbRankOptions options = {tables->tie_margin_share, tables->metric->lower_is_better,
                                   tables->adjust};
    size_t most = part->rows_n * part->cols_n + 1, n;

    g_ptr_array_add(tables->list, table);
    table->part = part;
    if (part->rows_n > WB_RANK_CASES_MOST) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "%" G_GSIZE_FORMAT " cases in one table; rank compares every two of them, and "
                    "takes %d: choose some by --where, or make tables by --tables",
                    part->rows_n, WB_RANK_CASES_MOST);
        return false;
    }
    table->views = g_new(const WbCaseView *, most);
    table->rows = g_new(size_t, most);
    table->cases = g_new0(WbRankCase, most);
    table->figures = g_new0(WbSampleFigures, most);
    n = gather_cases(tables, table, interleaved);
    if (!is_rate(tables) && !check_kinds(table, n, error))
        return false;
    table->ranking = wb_rank(table->cases, n, &options);
    describe_cases(table, n, &options);
    table->unequal_runs = is_unequal(table);
    return true;
}

bool wb_rank_tables_rank(WbRankTables *tables, const WbQuery *query, GError **error)
{
    g_autoptr(GStringChunk) text = g_string_chunk_new(256);
    g_autoptr(GHashTable) interleaved = NULL;

    if (!read_options(tables, error))
        return false;
    tables->grid = lay_out(query, error);
    interleaved = tables->grid ? load_interleaved(tables, query->store, text, error) : NULL;
    if (!interleaved)
        return false;
    tables->list = g_ptr_array_new_with_free_func(free_table);
    tables->room = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < tables->grid->parts->len; i++)
        if (!add_table(tables, g_ptr_array_index(tables->grid->parts, i), interleaved, error))
            return false;
    return true;
}

bool wb_rank_tables_load(WbRankTables *tables, GError **error)
{
    const WbSummaryOptions needs = {.no_windows = true, .no_latency = true, .no_series = true};

    return wb_query_load(&tables->query, &needs, error) &&
           wb_rank_tables_rank(tables, &tables->query, error);
}

const WbRankTable *wb_rank_table_at(const WbRankTables *tables, size_t i)
{
    return g_ptr_array_index(tables->list, i);
}
