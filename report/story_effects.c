/* Story, what mattered: which share of the variation each label has, and where it made less of a
 * difference. */
#include <math.h>

#include "analyze/effects.h"
#include "report/clean.h"
#include "report/figure_text.h"
#include "report/story_parts.h"

/* "server"; NULL: no label lies there. */
static char *factor_name(const WbGrid *grid, size_t factor)
{
    const WbAxis *axis = factor == WB_FACTOR_ROW ? &grid->rows : &grid->cols;

    return axis->keys[0] ? g_strjoinv(" and ", axis->keys) : NULL;
}

static char *times(double factor)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    return g_strdup(g_ascii_formatd(digits, sizeof digits, factor < 10 ? "%.2f" : "%.1f", factor));
}

/* "74 % of the variation in hello belongs to the server, 12 % to the framework, ..." */
static char *share_sentence(const WbGrid *grid, const WbEffectsTable *table)
{
    const WbTwoWayFigures *f = &table->figures;
    g_autofree char *name = wb_table_name(grid, table->part);
    g_autofree char *row = factor_name(grid, WB_FACTOR_ROW);
    g_autofree char *col = factor_name(grid, WB_FACTOR_COL);
    g_autofree char *row_share = wb_figure_format_percent(f->factor[WB_FACTOR_ROW].share);
    g_autofree char *col_share = wb_figure_format_percent(f->factor[WB_FACTOR_COL].share);
    g_autofree char *both = wb_figure_format_percent(f->share_interaction);
    g_autofree char *noise = wb_figure_format_percent(f->share_residual);
    g_autofree char *row_times = times(f->factor[WB_FACTOR_ROW].spread);
    g_autofree char *col_times = times(f->factor[WB_FACTOR_COL].spread);
    GString *text;

    if (!row || !col || isnan(f->factor[WB_FACTOR_ROW].share) ||
        isnan(f->factor[WB_FACTOR_COL].share))
        return NULL;
    text = g_string_new(NULL);
    g_string_append_printf(text,
                           "%s%sof the variation between the rates %s belongs to the %s, %s to the "
                           "%s",
                           *name ? name : "", *name ? ": " : "", row_share, row, col_share, col);
    if (!isnan(f->share_interaction))
        g_string_append_printf(text, ", %s to both together", both);
    if (!isnan(f->share_residual))
        g_string_append_printf(text, ", %s to noise", noise);
    g_string_append_printf(text,
                           ". From the slowest to the fastest the %s makes a factor of %s, the %s "
                           "one of %s.",
                           row, row_times, col, col_times);
    return g_string_free(text, FALSE);
}

static char *pair_sentence(const WbGrid *grid, const WbEffects *effects, const WbEffectsPair *pair)
{
    size_t less = (size_t)pair->less_in, more = 1 - less;
    g_autofree char *factor = factor_name(grid, pair->factor);
    g_autofree char *less_name =
        wb_table_name(grid, wb_effects_at(effects, pair->tables[less])->part);
    g_autofree char *more_name =
        wb_table_name(grid, wb_effects_at(effects, pair->tables[more])->part);
    g_autofree char *less_times = times(pair->spread[less]);
    g_autofree char *more_times = times(pair->spread[more]);

    if (!factor)
        return NULL;
    return g_strdup_printf("The %s made less of a difference in %s (a factor of %s) than in %s "
                           "(%s), on the %zu cases that both have.",
                           factor, less_name, less_times, more_name, more_times, pair->cells_n);
}

void wb_story_tell_effects(WbTelling *t)
{
    const WbGrid *grid = t->story->grid;
    g_autoptr(WbEffects) effects = wb_effects_new(grid);
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < effects->tables->len; i++) {
        char *text = share_sentence(grid, wb_effects_at(effects, i));

        if (text)
            g_ptr_array_add(list, text);
    }
    for (guint i = 0; i < effects->pairs->len; i++) {
        const WbEffectsPair *pair = &g_array_index(effects->pairs, WbEffectsPair, i);
        char *text = pair->less_in >= 0 ? pair_sentence(grid, effects, pair) : NULL;

        if (text)
            g_ptr_array_add(list, text);
    }
    if (list->len)
        wb_paper_add_heading(t->paper, 1, "What made the difference");
    wb_paper_add_list(t->paper, list);
}
