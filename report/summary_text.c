/* Summary text: see summary_text.h. */
#include "report/summary_text.h"

#include <string.h>

#include "report/campaign_notes.h"
#include "report/case_lines.h"
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
    append_notes(query, &noted, out);
    wb_noted_clear(&noted);
}
