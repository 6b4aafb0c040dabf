/* Summary text: see summary_text.h. */
#include "report/summary_text.h"

#include <math.h>
#include <string.h>

#include "report/campaign_notes.h"
#include "report/case_lines.h"
#include "report/figure_text.h"
#include "report/notes.h"
#include "report/text.h"

/* ---- what to do next ------------------------------------------------------------------------ */

/* Cases that a piece of advice is about. */
static GPtrArray *pick(const WbNoted *noted, bool (*is)(const WbCaseSummary *))
{
    GPtrArray *names = g_ptr_array_new();

    for (size_t i = 0; i < noted->cases->len; i++)
        if (is(g_ptr_array_index(noted->cases, i)))
            g_ptr_array_add(names, g_ptr_array_index(noted->names, i));
    return names;
}

static bool is_short(const WbCaseSummary *of)
{
    return of->warnings & WB_WARN_FEW_RUNS;
}

static bool is_unsteady(const WbCaseSummary *of)
{
    return strcmp(of->rate.stability, WB_STABILITY_NOISY) == 0 ||
           strcmp(of->rate.stability, WB_STABILITY_WILD) == 0;
}

static bool has_errors(const WbCaseSummary *of)
{
    return !g_strcmp0(of->split, WB_SPLIT_NAME_ERRORS);
}

static const struct {
    bool (*is)(const WbCaseSummary *);
    const char *advice;
} advices[] = {
    {is_short, "repeat until each case has 5 runs (better 6), for an interval of the median"},
    {is_unsteady, "look for what varies, or make more runs: results are noisy"},
    {has_errors, "see cases with errors in a table of their own (wrkbook table --split errors)"},
};

static void append_section(GString *out, const char *title, const GPtrArray *sentences)
{
    if (sentences->len == 0)
        return;
    g_string_append_printf(out, "\n%s\n", title);
    for (size_t i = 0; i < sentences->len; i++)
        g_string_append_printf(out, "* %s\n", (const char *)g_ptr_array_index(sentences, i));
}

static void append_notes(const WbQuery *query, const WbNoted *noted, GString *out)
{
    const uint32_t all = wb_notes_mask_rate() | wb_notes_mask_range() | WB_WARN_OUTLIERS |
                         WB_WARN_PUBLISHED_BESIDE | WB_WARN_WARMUP | WB_WARN_UNSTEADY |
                         WB_WARN_START_LEVEL;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) next = g_ptr_array_new_with_free_func(g_free);

    wb_notes_add_warnings(notes, noted, all);
    wb_notes_add_findings(notes, noted, query->findings, all);
    wb_notes_add_unequal(notes, noted);
    wb_campaign_notes_add(notes, query->summary);
    append_section(out, "Notes", notes);
    for (size_t i = 0; i < G_N_ELEMENTS(advices); i++) {
        g_autoptr(GPtrArray) names = pick(noted, advices[i].is);

        wb_notes_add_list(next, advices[i].advice, names, noted->cases->len);
    }
    g_ptr_array_add(next,
                    g_strdup("wrkbook table --format md -o results.md writes the table for an "
                             "article"));
    append_section(out, "Next", next);
}

/* ---- outliers ------------------------------------------------------------------------------- */

/* "gunicorn/flask: without run 4: median 9.98k -> 10.01k, mean ..., cv 6.3 % -> 0.8 %" */
static char *outlier_line(const char *name, const WbSampleFigures *rate)
{
    WbScale scale = wb_scale_make(WB_UNIT_PER_S, fmin(rate->median, rate->mean), false);
    const double figures[] = {rate->median, rate->median_without_outliers, rate->mean,
                              rate->mean_without_outliers};
    g_autofree char *cv = wb_figure_format_percent(rate->cv);
    g_autofree char *rest_cv = wb_figure_format_percent(rate->cv_without_outliers);
    g_autoptr(GString) line = g_string_new(name);
    char *texts[G_N_ELEMENTS(figures)];

    g_string_append_printf(line, ": without run%s", rate->outliers_n > 1 ? "s" : "");
    for (int64_t i = 0; i < MIN(rate->outliers_n, WB_OUTLIERS_LISTED); i++)
        g_string_append_printf(line, "%s %" G_GINT64_FORMAT, i ? "," : "", rate->outliers[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
        texts[i] = wb_figure_format(&scale, figures[i], rate->half);
    g_string_append_printf(line, ": median %s -> %s, mean %s -> %s, cv %s -> %s", texts[0],
                           texts[1], texts[2], texts[3], cv, rest_cv);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    return g_strdup(line->str);
}

static void append_outliers(const WbNoted *noted, GString *out)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < noted->cases->len; i++) {
        const WbCaseSummary *of = g_ptr_array_index(noted->cases, i);

        if (of->rate.outliers_n > 0)
            g_ptr_array_add(lines, outlier_line(g_ptr_array_index(noted->names, i), &of->rate));
    }
    if (lines->len == 0)
        g_ptr_array_add(lines, g_strdup("no run stands apart"));
    append_section(out, "Outliers (they are counted everywhere else)", lines);
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* The table of a part: best figures, or min - max where nobody published a rate. */
static void append_table(const WbQuery *query, const WbGrid *grid, const WbGridTable *part,
                         const WbSummaryTextOptions *options, GString *out)
{
    const WbTableStyle style = {.ascii = options->ascii};
    const char *measure = wb_case_lines_has_best(part) ? "best" : "range";
    WbTextTable *table =
        wb_table_of_part(query->summary, grid, part, wb_measure_find(measure), &style);

    if (!table)
        return;
    g_string_append_printf(out, "\n%s%s", table->caption, *table->caption ? "\n" : "");
    if (grid->cols.keys[0]) {
        g_string_append_c(out, '\n');
        wb_text_append_table(table, options->color, options->columns, out);
    }
    wb_text_table_free(table);
}

/* The lines of one split, if it has any. Cases with errors have lines of their own, where their
 * figures may be shown. */
static void append_lines(const WbGrid *grid, const WbGridTable *part, WbSplit split,
                         const WbSummaryTextOptions *options, WbNoted *noted, GString *out)
{
    WbTextTable *table = wb_case_lines_table(grid, part, split, options->ascii, noted);

    if (table->stubs->len && !wb_case_lines_repeat(part)) {
        g_string_append_printf(out, "\n%s\n\n", table->caption);
        wb_text_append_table(table, options->color, options->columns, out);
    }
    wb_text_table_free(table);
}

void wb_summary_text_append(const WbQuery *query, const WbGrid *grid,
                            const WbSummaryTextOptions *options, GString *out)
{
    g_autofree char *units = wb_case_lines_units(query->summary->window_ns);
    g_autoptr(GPtrArray) facts = wb_summary_facts(query->set, query->summary);
    WbNoted noted;

    wb_noted_init(&noted);
    for (guint i = 0; i + 1 < facts->len; i += 2)
        g_string_append_printf(out, "%s:  %s\n", (const char *)g_ptr_array_index(facts, i),
                               (const char *)g_ptr_array_index(facts, i + 1));
    for (size_t p = 0; p < grid->parts->len; p++) {
        const WbGridTable *part = g_ptr_array_index(grid->parts, p);

        append_table(query, grid, part, options, out);
        if (part->split != WB_SPLIT_ERRORS)
            append_lines(grid, part, WB_SPLIT_NO_ERRORS, options, &noted, out);
        if (part->split != WB_SPLIT_NO_ERRORS)
            append_lines(grid, part, WB_SPLIT_ERRORS, options, &noted, out);
    }
    g_string_append_printf(out, "\n%s\n", units);
    if (options->outliers)
        append_outliers(&noted, out);
    append_notes(query, &noted, out);
    wb_noted_clear(&noted);
}
