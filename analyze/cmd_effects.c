/*
 * `wrkbook analyze effects`: which label mattered, for machines, as the JSON document
 * "wrkbook/effects" or as TSV with one row a factor and one a level.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/document.h"
#include "analyze/effects.h"
#include "analyze/query.h"
#include "analyze/tsv.h"

#define DOCUMENT_VERSION 1

static const char help[] =
    "Of each table (benchmark): which share of the variation of the rates belongs to the rows\n"
    "(servers), to the columns (frameworks), to both together (interaction) and to noise, with F\n"
    "tests; by what factor each server and each framework is above or below the others; and of\n"
    "every two tables, in which of them a factor made less of a difference.\n"
    "Any labels may be laid out, and cells may be missing.\n"
    "\n"
    "Examples:\n"
    "  wrkbook analyze effects --db results.db\n"
    "  wrkbook analyze effects --db results.db --rows server --cols connections\n"
    "  wrkbook analyze effects --db results.db | jq '.less[]'";

static const WbAxis *axis_of(const WbGrid *grid, size_t factor)
{
    return factor == WB_FACTOR_ROW ? &grid->rows : &grid->cols;
}

/* What a factor is called: its key, or its keys: "server", "server_version". NULL: no label lies
 * there. */
static char *factor_name(const WbGrid *grid, size_t factor)
{
    const WbAxis *axis = axis_of(grid, factor);

    return axis->keys[0] ? g_strjoinv("_", axis->keys) : NULL;
}

static size_t item_of(const WbGridTable *part, size_t factor, size_t level)
{
    return factor == WB_FACTOR_ROW ? part->rows[level] : part->cols[level];
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void add_labels(WbDocument *out, const char *name, const WbAxis *axis, size_t item)
{
    wb_document_begin(out, name);
    for (size_t k = 0; axis->keys[k]; k++)
        wb_document_add_text(out, axis->keys[k], wb_grid_item(axis, item, k));
    wb_document_end(out);
}

static void add_levels(WbDocument *out, const WbGrid *grid, const WbEffectsTable *table,
                       size_t factor, const char *key)
{
    const WbTwoWayFactor *figures = &table->figures.factor[factor];
    g_autofree char *name = g_strconcat("levels_", key, NULL);

    wb_document_begin_list(out, name);
    for (size_t l = 0; l < figures->levels_n; l++) {
        if (isnan(figures->effect[l]))
            continue;
        wb_document_begin(out, NULL);
        add_labels(out, "labels", axis_of(grid, factor), item_of(table->part, factor, l));
        wb_document_add_real(out, "effect", figures->effect[l]);
        wb_document_add_real(out, "mp", figures->mp[l]);
        wb_document_end(out);
    }
    wb_document_end(out);
}

static void add_factor(WbDocument *out, const WbGrid *grid, const WbEffectsTable *table,
                       size_t factor)
{
    g_autofree char *key = factor_name(grid, factor);
    size_t n;
    const WbFigure *figures = wb_two_way_factor_figures(&n);

    if (!key)
        return;
    for (size_t i = 0; i < n; i++) {
        g_autofree char *name = g_strconcat(figures[i].name, "_", key, NULL);
        const char *base = (const char *)&table->figures.factor[factor];

        wb_document_add_real(out, name, *(const double *)(base + figures[i].offset));
    }
    add_levels(out, grid, table, factor, key);
}

static void add_left_out(WbDocument *out, const WbEffectsTable *table)
{
    wb_document_begin_list(out, "left_out");
    for (guint i = 0; i < table->left_out->len; i++) {
        const WbEffectsLeftOut *left = &g_array_index(table->left_out, WbEffectsLeftOut, i);
        const WbLabels *labels =
            wb_grid_view(table->part, left->row, left->col)->of->of_case->labels;

        wb_document_begin(out, NULL);
        wb_document_begin(out, "labels");
        for (size_t l = 0; l < wb_labels_count(labels); l++)
            wb_document_add_text(out, wb_labels_at(labels, l)->key, wb_labels_at(labels, l)->value);
        wb_document_end(out);
        wb_document_add_text(out, "because", left->why);
        wb_document_end(out);
    }
    wb_document_end(out);
}

static void add_table(WbDocument *out, const WbGrid *grid, const WbEffectsTable *table)
{
    size_t n;
    const WbFigure *figures = wb_two_way_figures(&n);

    wb_document_begin(out, NULL);
    add_labels(out, "table", &grid->tables, table->part->table);
    wb_document_add_text(out, "split", wb_split_name(table->part->split));
    wb_document_add_figures(out, figures, n, &table->figures, wb_figure_suffix(WB_UNIT_PER_S));
    for (size_t f = 0; f < WB_FACTORS; f++)
        add_factor(out, grid, table, f);
    wb_document_add_int(out, "published_cells", (int64_t)table->published_n);
    wb_document_add_bool(out, "too_many_levels", table->too_many_levels);
    add_left_out(out, table);
    wb_document_end(out);
}

static void add_side(WbDocument *out, const WbGrid *grid, const WbEffects *effects,
                     const WbEffectsPair *pair, size_t side)
{
    const WbGridTable *part = wb_effects_at(effects, pair->tables[side])->part;

    wb_document_begin(out, NULL);
    add_labels(out, "table", &grid->tables, part->table);
    wb_document_add_text(out, "split", wb_split_name(part->split));
    wb_document_add_real(out, "spread", pair->spread[side]);
    wb_document_add_bool(out, "less", pair->less_in == (int)side);
    wb_document_end(out);
}

static void add_pair(WbDocument *out, const WbGrid *grid, const WbEffects *effects,
                     const WbEffectsPair *pair)
{
    g_autofree char *key = factor_name(grid, pair->factor);

    wb_document_begin(out, NULL);
    wb_document_add_text(out, "factor", key);
    wb_document_add_int(out, "common_cells", (int64_t)pair->cells_n);
    wb_document_begin_list(out, "in");
    for (size_t side = 0; side < 2; side++)
        add_side(out, grid, effects, pair, side);
    wb_document_end(out);
    wb_document_end(out);
}

static char *as_json(const WbGrid *grid, const WbEffects *effects)
{
    WbDocument *out = wb_document_new();

    wb_document_add_text(out, "document", "wrkbook/effects");
    wb_document_add_int(out, "version", DOCUMENT_VERSION);
    wb_document_add_text(out, "metric", "requests_per_s");
    wb_document_begin_list(out, "tables");
    for (guint i = 0; i < effects->tables->len; i++)
        add_table(out, grid, wb_effects_at(effects, i));
    wb_document_end(out);
    wb_document_begin_list(out, "less");
    for (guint i = 0; i < effects->pairs->len; i++)
        add_pair(out, grid, effects, &g_array_index(effects->pairs, WbEffectsPair, i));
    wb_document_end(out);
    return wb_document_finish(out);
}

/* ---- TSV ------------------------------------------------------------------------------------ */

static void add_real(GString *out, double value)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    g_string_append_printf(out, "\t%s", wb_units_format_double(value, buffer));
}

/* The fields that every row begins with. */
static void begin_row(const WbGrid *grid, const WbEffectsTable *table, const char *factor,
                      const char *level, GString *out)
{
    const char *split = wb_split_name(table->part->split);

    for (size_t k = 0; grid->tables.keys[k]; k++) {
        wb_tsv_append(out, wb_grid_item(&grid->tables, table->part->table, k));
        g_string_append_c(out, '\t');
    }
    g_string_append_printf(out, "%s\t", split ? split : "");
    wb_tsv_append(out, factor);
    g_string_append_c(out, '\t');
    wb_tsv_append(out, level);
}

static void add_row(const double *values, size_t n, GString *out)
{
    for (size_t i = 0; i < n; i++)
        add_real(out, values[i]);
    g_string_append_c(out, '\n');
}

static void add_factor_rows(const WbGrid *grid, const WbEffectsTable *table, size_t factor,
                            GString *out)
{
    const WbTwoWayFactor *of = &table->figures.factor[factor];
    const double values[] = {of->share, of->f, of->p, of->spread, NAN, NAN};
    g_autofree char *key = factor_name(grid, factor);

    if (!key)
        return;
    begin_row(grid, table, key, "", out);
    add_row(values, G_N_ELEMENTS(values), out);
    for (size_t l = 0; l < of->levels_n; l++) {
        const double level[] = {NAN, NAN, NAN, NAN, of->effect[l], of->mp[l]};
        const GPtrArray *items = axis_of(grid, factor)->items;
        g_autofree char *name = NULL;

        if (isnan(of->effect[l]))
            continue;
        name = g_strjoinv(" ", g_ptr_array_index(items, item_of(table->part, factor, l)));
        begin_row(grid, table, key, name, out);
        add_row(level, G_N_ELEMENTS(level), out);
    }
}

static char *as_tsv(const WbGrid *grid, const WbEffects *effects)
{
    GString *out = g_string_new(NULL);

    for (size_t k = 0; grid->tables.keys[k]; k++) {
        wb_tsv_append(out, grid->tables.keys[k]);
        g_string_append_c(out, '\t');
    }
    g_string_append(out, "split\tfactor\tlevel\tshare\tf\tp\tspread\teffect\tmp\n");
    for (guint i = 0; i < effects->tables->len; i++) {
        const WbEffectsTable *table = wb_effects_at(effects, i);
        const WbTwoWayFigures *f = &table->figures;
        const double both[] = {
            f->share_interaction, f->f_interaction, f->p_interaction, NAN, NAN, NAN};
        const double rest[] = {f->share_residual, NAN, NAN, NAN, NAN, NAN};

        for (size_t factor = 0; factor < WB_FACTORS; factor++)
            add_factor_rows(grid, table, factor, out);
        begin_row(grid, table, "interaction", "", out);
        add_row(both, G_N_ELEMENTS(both), out);
        begin_row(grid, table, "residual", "", out);
        add_row(rest, G_N_ELEMENTS(rest), out);
    }
    return g_string_free(out, FALSE);
}

int wb_analyze_cmd_effects(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- which label mattered");
    const WbSummaryOptions needs = {.no_windows = true, .no_latency = true, .no_series = true};
    g_auto(WbQuery) query;
    g_autoptr(WbGrid) grid = NULL;
    g_autoptr(WbEffects) effects = NULL;
    g_autofree char *format = NULL;
    g_autofree char *text = NULL;
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &format, "json (default) or tsv", "FORMAT"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_query_init(&query);
    g_option_context_set_description(context, help);
    wb_query_add_options(&query, context, true);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) || !wb_query_check_format(format, error) ||
        !wb_query_load(&query, &needs, error))
        return 2;
    grid = wb_query_grid(&query, error);
    if (!grid)
        return 2;
    effects = wb_effects_new(grid);
    text = !g_strcmp0(format, "tsv") ? as_tsv(grid, effects) : as_json(grid, effects);
    fputs(text, stdout);
    return 0;
}
