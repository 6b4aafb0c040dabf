/*
 * Compare view, the table: one line a case and metric that changed, the most important first. What
 * is the same for a whole case (it is gone, it cannot be compared) takes one line, not one a
 * metric.
 */
#include <math.h>
#include <string.h>

#include "analyze/compare_document.h"
#include "report/compare_view.h"
#include "report/notes.h"

/* The word comes early: a narrow terminal shows the last columns below the others. */
static const char *const heads[] = {"metric", "says", "old", "new", "change", "p", "why"};
#define WHY 6 /* words; only where a row has any */

/* The row that stands for its case where all metrics would say the same. */
static bool is_first_judged(const WbComparison *comparison, const WbCompareRow *row)
{
    const WbCompareRow *first = wb_comparison_row(comparison, 0);

    for (; row > first && (row - 1)->match == row->match; row--)
        if ((row - 1)->judged)
            return false;
    return true;
}

bool wb_compare_is_shown(const WbCompareReport *report, const WbCompareRow *row)
{
    bool whole_case = row->match->unlike != WB_UNLIKE_NONE &&
                      row->match->unlike != WB_UNLIKE_ERRORS_APPEARED &&
                      row->match->unlike != WB_UNLIKE_ERRORS_GONE;

    if (!row->judged && (whole_case || !g_strcmp0(row->reason, WB_REASON_NO_ERRORS)))
        return false;
    if (row->judged && row->match->unlike != WB_UNLIKE_NONE &&
        !is_first_judged(report->comparison, row))
        return false;
    return report->all || wb_word_is_change(row->word);
}

static char *p_text(const WbCompareRow *row)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    double p = row->judged ? row->judged->p_adj : (double)NAN;

    if (isnan(p))
        return g_strdup("");
    if (p < 0.001)
        return g_strdup("< 0.001");
    g_ascii_formatd(digits, sizeof digits, p < 0.1 ? "%.3f" : "%.2f", p);
    return g_strdup(digits);
}

/* Cases that are compared although they have errors: on both sides, or because --allow said so. */
static const char *errors_mark(const WbCompareRow *row)
{
    bool old = row->match->errors_a.with_errors > 0;
    bool new = row->match->errors_b.with_errors > 0;

    if (!row->judged || row->match->unlike != WB_UNLIKE_NONE)
        return "";
    return old && new ? "errors on both" : new ? "errors in new" : old ? "errors in old" : "";
}

/* "errors on both; connections 50 -> 20" */
static char *why_text(const WbCompareRow *row)
{
    g_autofree char *why = wb_compare_why(row);
    const char *marked = errors_mark(row);

    return g_strconcat(marked, *marked && *why ? "; " : "", why, NULL);
}

/* Without its last cell where no row needs one. */
static void fill_row(const WbCompareReport *report, const WbCompareRow *row, size_t columns,
                     WbTextCell *cells)
{
    char *texts[] = {g_strdup(row->metric->name),           g_strdup(wb_word_text(row->word)),
                     wb_compare_figure(report, row, false), wb_compare_figure(report, row, true),
                     wb_compare_change(row, report->ascii), p_text(row),
                     columns > WHY ? why_text(row) : NULL};

    for (size_t c = 0; c < columns; c++)
        cells[c] = (WbTextCell){.text = texts[c], .kind = WB_CELL_VALUE};
    /* colour besides the word: red for what is worse, bold for what is better */
    if (row->word == WB_WORD_BROKEN || row->word == WB_WORD_SLOWER)
        cells[1].kind = cells[4].kind = WB_CELL_ERRORS;
    else if (row->word == WB_WORD_FASTER || row->word == WB_WORD_FIXED)
        cells[1].best = cells[4].best = true;
}

static bool any_needs_why(const GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        g_autofree char *why = why_text(g_ptr_array_index(rows, i));

        if (*why)
            return true;
    }
    return false;
}

/* ---- notes ---------------------------------------------------------------------------------- */

/* "gunicorn/flask (4.1 %)": what those runs would have shown, where that is the question. */
static char *named(const WbCompareRow *row, const char *name)
{
    g_autofree char *least = NULL;

    if (row->word != WB_WORD_CANNOT_TELL || !(row->judged->figures.mde_ratio > 1))
        return g_strdup(name);
    least = wb_compare_percent(row->judged->figures.mde_ratio, true);
    return g_strdup_printf("%s (%s %%)", name, least + 1);
}

static void add_named(WbTextTable *table, const WbCompareReport *report, WbWord word,
                      const char *sentence)
{
    const WbComparison *comparison = report->comparison;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < comparison->rows->len; i++) {
        const WbCompareRow *row = wb_comparison_row(comparison, i);
        g_autofree char *name = NULL;

        if (row->word != word || !is_first_judged(comparison, row) || !row->judged)
            continue;
        name = wb_compare_case_name(report, row->match);
        g_ptr_array_add(names, named(row, name));
    }
    wb_notes_add_list(table->notes, sentence, names, G_MAXSIZE);
}

static bool has_latency(const WbComparison *comparison)
{
    for (guint i = 0; i < comparison->rows->len; i++) {
        const WbCompareRow *row = wb_comparison_row(comparison, i);

        if (row->judged && wb_compare_metric_is_latency(row->metric) && row->match->a &&
            row->match->a->complete_n && isnan(row->match->a->complete[0]->rate_per_s))
            return true;
    }
    return false;
}

static void add_notes(WbTextTable *table, const WbCompareReport *report)
{
    const WbComparison *comparison = report->comparison;
    size_t repeat = wb_compare_cells_count(comparison);
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    if (!report->all && comparison->by_metric->len) {
        const WbMetricComparison *of = g_ptr_array_index(comparison->by_metric, 0);
        g_autofree char *first =
            g_strdup_printf("cannot tell about %s, with the smallest change that these runs would "
                            "show (--all says more)",
                            of->metric->name);

        add_named(table, report, WB_WORD_CANNOT_TELL, first);
        add_named(table, report, WB_WORD_TOO_FEW_RUNS,
                  "too few runs to judge (4 a side are the least, 6 to recommend)");
        add_named(table, report, WB_WORD_NOT_COMPARABLE, "not comparable (--all says why)");
    }
    for (guint i = 0; i < comparison->by_metric->len; i++) {
        const WbMetricComparison *of = g_ptr_array_index(comparison->by_metric, i);

        if (of->together.runs_to_show_one != WB_NONE)
            g_ptr_array_add(table->notes,
                            g_strdup_printf("%s: with so many cases %" G_GINT64_FORMAT
                                            " runs a side are needed "
                                            "to show one that changed",
                                            of->metric->name, of->together.runs_to_show_one));
    }
    if (repeat > 0)
        g_ptr_array_add(
            table->notes,
            g_strdup_printf("worth another run: %zu case%s, broken, slower or not told; "
                            "--format cells lists %s for suite --cells",
                            repeat, repeat == 1 ? "" : "s", repeat == 1 ? "it" : "them"));
    if (has_latency(comparison))
        g_ptr_array_add(table->notes,
                        g_strdup("closed loop: stalls are under-represented in latencies"));
    g_ascii_formatd(digits, sizeof digits, "%.3g", 100 * comparison->min_effect_share);
    g_ptr_array_add(
        table->notes,
        g_strdup_printf("change: new / old, median of all pairs of runs, with its 95 %% "
                        "interval; p: %sover the cases of a metric%s; less than %s %% is "
                        "no difference",
                        comparison->adjust == WB_ADJUST_NONE ? "not adjusted " : "adjusted ",
                        comparison->adjust == WB_ADJUST_HOLM ? " (Holm)" : "", digits));
}

WbTextTable *wb_compare_table(const WbCompareReport *report)
{
    g_autoptr(GPtrArray) order = NULL;
    g_autoptr(GPtrArray) shown = g_ptr_array_new();
    WbTextTable *table;
    size_t columns = WHY;

    if (report->history)
        return wb_history_table(report);
    order = wb_comparison_order(report->comparison);
    for (guint i = 0; i < order->len; i++)
        if (wb_compare_is_shown(report, g_ptr_array_index(order, i)))
            g_ptr_array_add(shown, g_ptr_array_index(order, i));
    if (any_needs_why(shown))
        columns++;
    table = wb_text_table_new(g_strdup(""), heads, columns, shown->len);
    table->words_from = columns > WHY ? WHY : 0;
    for (guint i = 0; i < shown->len; i++) {
        const WbCompareRow *row = g_ptr_array_index(shown, i);

        fill_row(report, row, columns,
                 wb_text_table_add_row(table, wb_compare_case_name(report, row->match)));
    }
    add_notes(table, report);
    return table;
}
