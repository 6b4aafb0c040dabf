/*
 * History view: a series of databases as people read it: a row a case and metric, its median in
 * each, the last against the first, and at which of them it changed.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/case_name.h"
#include "report/clean.h"
#include "report/compare_view.h"

#define SIDES_SHOWN 8 /* of a longer series: the first, and the last of them */

/* The sides that have a column. */
static size_t columns_of(const WbHistory *history)
{
    return MIN(wb_history_sides(history), SIDES_SHOWN);
}

static size_t side_of_column(const WbHistory *history, size_t column)
{
    return column == 0 ? 0 : wb_history_sides(history) - columns_of(history) + column;
}

static char *name_of(const WbHistory *history, size_t side)
{
    return wb_clean(wb_sides_at(&history->base->sides, side)->name);
}

/* ---- cells ---------------------------------------------------------------------------------- */

/* What a side says of its errors: the row of the step that ends or begins there knows. */
static char *errors_at(const WbHistory *history, const WbHistoryRow *row, size_t side)
{
    bool is_new = side > 0 && row->steps[side - 1];
    const WbCompareRow *step = is_new                                 ? row->steps[side - 1]
                               : side + 1 < wb_history_sides(history) ? row->steps[side]
                                                                      : NULL;

    if (!step)
        return g_strdup("");
    return wb_compare_errors_text(is_new ? step->match->b : step->match->a,
                                  is_new ? &step->match->errors_b : &step->match->errors_a);
}

static char *figure_at(const WbHistory *history, const WbHistoryRow *row, const WbScale *scale,
                       size_t side)
{
    if (!row->medians)
        return errors_at(history, row, side);
    if (isnan(row->medians[side]))
        return g_strdup("");
    return wb_figure_format(scale, row->medians[side], row->halves[side]);
}

static void append_part(GString *text, const char *part)
{
    g_string_append_printf(text, "%s%s", text->len ? ", " : "", part);
}

/* "slower at v3 (-8.2 %)" for each step that changed something. */
static void append_steps(const WbCompareReport *report, const WbHistoryRow *row, GString *text)
{
    for (size_t i = 0; i + 1 < wb_history_sides(report->history); i++) {
        const WbCompareRow *step = row->steps[i];
        g_autofree char *name = NULL, *size = NULL, *part = NULL;

        WbWord word = step ? wb_history_word(report->history, step) : WB_WORD_SAME;

        if (!wb_word_is_change(word) || word == WB_WORD_ERRORS)
            continue;
        name = name_of(report->history, i + 1);
        if (step->judged && step->size > 0)
            size = wb_compare_percent(step->judged->figures.ratio, report->ascii);
        part = g_strdup_printf("%s at %s%s%s%s", wb_word_text(word), name, size ? " (" : "",
                               size ? size : "", size ? " %)" : "");
        append_part(text, part);
    }
}

static char *says(const WbCompareReport *report, const WbHistoryRow *row)
{
    g_autoptr(GString) text = g_string_new(NULL);

    append_steps(report, row, text);
    if (text->len == 0 && row->whole && wb_word_is_change(row->whole->word))
        g_string_append_printf(text, "%s over the series, at no single step",
                               wb_word_text(row->whole->word));
    if (wb_history_has_trend(report->history, row)) {
        g_autofree char *slope = wb_compare_percent(1 + row->slope, report->ascii);
        char p[G_ASCII_DTOSTR_BUF_SIZE];
        g_autofree char *part = NULL;

        g_ascii_formatd(p, sizeof p, "%.3f", row->trend_p_adj);
        part = g_strdup_printf("trend %s %% a step (p %s)", slope, p);
        append_part(text, part);
    }
    if (text->len == 0)
        g_string_append(text, wb_word_text(row->word));
    return g_strdup(text->str);
}

/* ---- the table ------------------------------------------------------------------------------ */

/* Rows that would say of a whole case what its first metric says already. */
static bool is_shown(const WbCompareReport *report, const WbHistoryRow *row)
{
    bool has_errors = false;

    if (!report->all && !wb_history_is_change(report->history, row))
        return false;
    if (row->medians)
        return true;
    for (size_t i = 0; i + 1 < wb_history_sides(report->history); i++)
        has_errors |= row->steps[i] && (row->steps[i]->match->errors_a.with_errors ||
                                        row->steps[i]->match->errors_b.with_errors);
    return has_errors;
}

static WbScale scale_of(const WbHistory *history, const WbCompareMetric *metric)
{
    size_t sides = wb_history_sides(history);
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < history->rows->len; i++) {
        const WbHistoryRow *row = &g_array_index(history->rows, WbHistoryRow, i);

        if (row->metric == metric && row->medians)
            g_array_append_vals(values, row->medians, (guint)sides);
    }
    return wb_compare_scale(metric, (const double *)(void *)values->data, values->len);
}

static void fill_row(const WbCompareReport *report, const WbHistoryRow *row, WbTextCell *cells)
{
    const WbHistory *history = report->history;
    WbScale scale = scale_of(history, row->metric);
    size_t shown = columns_of(history);

    cells[0].text = g_strdup(row->metric->name);
    for (size_t c = 0; c < shown; c++)
        cells[1 + c].text = figure_at(history, row, &scale, side_of_column(history, c));
    cells[1 + shown].text =
        row->whole ? wb_compare_change(row->whole, report->ascii) : g_strdup("");
    cells[2 + shown].text = says(report, row);
    for (size_t c = 0; c < shown + 3; c++)
        cells[c].kind = WB_CELL_VALUE;
    if (row->word == WB_WORD_BROKEN || row->word == WB_WORD_SLOWER)
        cells[1 + shown].kind = cells[2 + shown].kind = WB_CELL_ERRORS;
    else if (row->word == WB_WORD_FASTER || row->word == WB_WORD_FIXED)
        cells[1 + shown].best = cells[2 + shown].best = true;
}

static void add_notes(WbTextTable *table, const WbCompareReport *report)
{
    const WbHistory *history = report->history;
    size_t sides = wb_history_sides(history);
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    if (sides < 5)
        g_ptr_array_add(table->notes, g_strdup("a trend can be shown from 5 databases on"));
    if (sides > SIDES_SHOWN)
        g_ptr_array_add(table->notes, g_strdup_printf("%zu databases have no column; --format csv "
                                                      "has all steps",
                                                      sides - SIDES_SHOWN));
    g_ascii_formatd(digits, sizeof digits, "%.3g", 100 * history->base->min_effect_share);
    g_ptr_array_add(
        table->notes,
        g_strdup_printf("change: the last / the first, with its 95 %% interval; each step is "
                        "tested against the one before, p adjusted over all steps and cases; less "
                        "than %s %% is no difference",
                        digits));
}

WbTextTable *wb_history_table(const WbCompareReport *report)
{
    const WbHistory *history = report->history;
    g_autoptr(GPtrArray) order = wb_history_order(history);
    g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func(g_free);
    WbTextTable *table;

    g_ptr_array_add(heads, g_strdup("metric"));
    for (size_t c = 0; c < columns_of(history); c++)
        g_ptr_array_add(heads, name_of(history, side_of_column(history, c)));
    g_ptr_array_add(heads, g_strdup("change"));
    g_ptr_array_add(heads, g_strdup("says"));
    table =
        wb_text_table_new(g_strdup(""), (const char *const *)heads->pdata, heads->len, order->len);
    table->words_from = heads->len - 1;
    for (guint i = 0; i < order->len; i++) {
        const WbHistoryRow *row = g_ptr_array_index(order, i);

        if (is_shown(report, row))
            fill_row(report, row,
                     wb_text_table_add_row(table, wb_case_name(row->labels, report->name_keys)));
    }
    add_notes(table, report);
    return table;
}

/* ---- above the table ------------------------------------------------------------------------ */

GPtrArray *wb_history_head(const WbCompareReport *report)
{
    const WbHistory *history = report->history;
    GPtrArray *head = g_ptr_array_new_with_free_func(g_free);
    char *gate = wb_compare_gate_text(report->gate);
    size_t sides = wb_history_sides(history);

    g_ptr_array_add(head, g_strdup_printf("%zu of %zu cases changed over %zu databases",
                                          wb_history_changed(history), history->cases_n, sides));
    if (gate) {
        g_ptr_array_add(head, g_strconcat(gate, ", of the last step", NULL));
        g_free(gate);
    }
    for (size_t i = 0; i < sides; i++) {
        g_autofree char *name = name_of(history, i);

        g_ptr_array_add(head, wb_compare_side_line(wb_sides_at(&history->base->sides, i), name));
    }
    if (*report->shared)
        g_ptr_array_add(head, g_strdup_printf("all have: %s", report->shared));
    for (size_t i = 0; i + 1 < sides; i++) {
        g_autofree char *from = name_of(history, i), *to = name_of(history, i + 1);
        g_autofree char *lead = g_strdup_printf("%s -> %s ", from, to);

        wb_compare_add_differences(head, wb_history_step(history, i), lead);
    }
    return head;
}
