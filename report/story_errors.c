/*
 * Story, errors of one benchmark: which cases have them, how many of which class, and the causes
 * that the evidence of the runs names.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/case_name.h"
#include "report/figure_text.h"
#include "report/story_parts.h"

#define NAMED 6

static const char *const heads[] = {"connect", "read",    "write",
                                    "timeout", "in runs", "of attempts"};
enum { RUNS = 4, SHARE };

static const WbCaseView *case_at(const WbStoryPart *part, size_t i)
{
    return part->part->cells[i];
}

static size_t cases_n(const WbStoryPart *part)
{
    return part->part->rows_n * part->part->cols_n;
}

static bool has_errors(const WbCaseView *view)
{
    return view && !g_strcmp0(view->of->split, WB_SPLIT_NAME_ERRORS);
}

static void fill_row(const WbErrorFigures *errors, WbTextCell *cells)
{
    double share = errors->of[WB_TALLY_ALL].rate;

    for (size_t c = WB_TALLY_CONNECT; c <= WB_TALLY_TIMEOUT; c++) {
        int64_t count = errors->of[c].count;

        cells[c].kind = WB_CELL_VALUE;
        wb_text_cell_set_number(
            &cells[c], count == WB_NONE ? g_strdup("?") : g_strdup_printf("%" PRId64, count),
            count == WB_NONE ? (double)NAN : (double)count);
    }
    cells[RUNS].kind = cells[SHARE].kind = WB_CELL_VALUE;
    wb_text_cell_set_number(
        &cells[RUNS],
        g_strdup_printf("%" PRId64 " of %" PRId64, errors->runs_with_errors, errors->runs),
        (double)errors->runs_with_errors);
    wb_text_cell_set_number(&cells[SHARE],
                            share > 0 && share < 0.0005 ? g_strdup("< 0.05 %")
                                                        : wb_figure_format_percent(share),
                            share);
}

/* "15 of 26 cases had socket errors: ...": whole rows by their name. */
static char *sentence(const WbTelling *t, const WbStoryPart *part)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    size_t measured = 0, with = 0;
    g_autofree char *list = NULL;

    for (size_t r = 0; r < part->part->rows_n; r++) {
        size_t row_measured = 0, row_with = 0;

        for (size_t c = 0; c < part->part->cols_n; c++) {
            const WbCaseView *view = case_at(part, r * part->part->cols_n + c);

            row_measured += view && view->of->split;
            row_with += has_errors(view);
        }
        measured += row_measured;
        with += row_with;
        if (row_with == row_measured && row_with > 1) {
            g_autofree char *row = wb_table_join(&t->story->grid->rows, part->part->rows[r]);

            g_ptr_array_add(names, g_strdup_printf("all %zu of %s", row_with, row));
            continue;
        }
        for (size_t c = 0; c < part->part->cols_n; c++) {
            const WbCaseView *view = case_at(part, r * part->part->cols_n + c);

            if (has_errors(view))
                g_ptr_array_add(names, wb_case_name(view->of->of_case->labels, part->name_keys));
        }
    }
    if (measured == 0)
        return NULL;
    if (with == 0)
        return g_strdup("No case had a socket error.");
    list = wb_story_join(names, NAMED);
    return g_strdup_printf("%zu of %zu cases had socket errors: %s.", with, measured, list);
}

static WbTextTable *errors_table(const WbStoryPart *part)
{
    WbTextTable *table = wb_text_table_new(g_strdup("Socket errors of all runs"), heads,
                                           G_N_ELEMENTS(heads), cases_n(part));

    for (size_t i = 0; i < cases_n(part); i++) {
        const WbCaseView *view = case_at(part, i);

        if (has_errors(view) && view->of->errors.runs_with_errors)
            fill_row(&view->of->errors,
                     wb_text_table_add_row(
                         table, wb_case_name(view->of->of_case->labels, part->name_keys)));
    }
    return table;
}

/* ---- causes --------------------------------------------------------------------------------- */

/* One cause, gathered over the cases of the part. */
typedef struct {
    const WbCaseFinding *first;
    GPtrArray *names; /* of char * */
    size_t runs;
} Cause;

static bool is_in(const WbStoryPart *part, const WbCase *of_case)
{
    for (size_t i = 0; i < cases_n(part); i++)
        if (case_at(part, i) && case_at(part, i)->of->of_case == of_case)
            return true;
    return false;
}

static Cause *cause_of(GArray *causes, const WbCaseFinding *item)
{
    Cause fresh = {.first = item};

    for (guint i = 0; i < causes->len; i++) {
        Cause *cause = &g_array_index(causes, Cause, i);

        if (!strcmp(cause->first->finding, item->finding))
            return cause;
    }
    fresh.names = g_ptr_array_new_with_free_func(g_free);
    g_array_append_val(causes, fresh);
    return &g_array_index(causes, Cause, causes->len - 1);
}

/* What most runs have first; equal ones by name. */
static gint by_runs(gconstpointer a, gconstpointer b)
{
    const Cause *x = a, *y = b;

    if (x->runs != y->runs)
        return x->runs < y->runs ? 1 : -1;
    return strcmp(x->first->finding, y->first->finding);
}

static char *cause_text(const Cause *cause)
{
    const WbRunFinding *run = &g_array_index(cause->first->runs, WbRunFinding, 0);
    g_autofree char *names = wb_story_join(cause->names, NAMED);

    return g_strdup_printf("%s (%zu run%s). In %s, run %" PRId64 ": %s To try: %s", names,
                           cause->runs, cause->runs == 1 ? "" : "s",
                           (const char *)g_ptr_array_index(cause->names, 0), run->run->run_no,
                           run->sentence, cause->first->advice);
}

static void tell_causes(WbTelling *t, const WbStoryPart *part)
{
    const WbCaseFindings *findings = t->story->query.findings;
    g_autoptr(GArray) causes = g_array_new(FALSE, FALSE, sizeof(Cause));
    GPtrArray *facts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < findings->items->len; i++) {
        const WbCaseFinding *item = g_ptr_array_index(findings->items, i);
        Cause *cause;

        if (!is_in(part, item->of_case))
            continue;
        cause = cause_of(causes, item);
        g_ptr_array_add(cause->names, wb_case_name(item->of_case->labels, part->name_keys));
        cause->runs += item->runs->len;
    }
    g_array_sort(causes, by_runs);
    for (guint i = 0; i < causes->len; i++) {
        Cause *cause = &g_array_index(causes, Cause, i);

        g_ptr_array_add(facts, g_strdup(cause->first->finding));
        g_ptr_array_add(facts, cause_text(cause));
        g_ptr_array_unref(cause->names);
    }
    if (facts->len)
        wb_paper_add_heading(t->paper, 2, "Findings");
    wb_paper_add_facts(t->paper, facts);
}

void wb_story_tell_errors(WbTelling *t, const WbStoryPart *part)
{
    g_autofree char *text = sentence(t, part);
    g_autofree char *name = g_strconcat("errors ", part->title, NULL);
    WbTextTable *table = errors_table(part);

    if (text)
        wb_paper_add_heading(t->paper, 2, "Errors");
    wb_paper_add_text(t->paper, text);
    if (table->stubs->len)
        wb_paper_add_table(t->paper, name, table);
    else
        wb_text_table_free(table);
    tell_causes(t, part);
}
