/* Notes: see notes.h. */
#include "report/notes.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#define NAMES_SHOWN   4
#define STEADY_DOUBTS (WB_WARN_STEADY_PART | WB_WARN_STEADY_NONE | WB_WARN_STEADY_WHOLE)

static const struct {
    WbWarning bit;
    const char *sentence;
} sentences[] = {
    {WB_WARN_NO_COMPLETE_RUN, "no complete run, so no figure"},
    {WB_WARN_PARTIAL_RUNS, "runs cut short or failed are left out"},
    {WB_WARN_STATUS_ERRORS, "some answers were neither 2xx nor 3xx"},
    {WB_WARN_MIXED_DURATION, "runs of unlike duration (apart by more than 10 %)"},
    {WB_WARN_MIXED_LOAD,
     "runs of unlike load count together (threads, connections, rate or tool); part them, as by "
     "--cols connections"},
    {WB_WARN_RATE_DISAGREES, "printed rate and requests / time disagree; the rate is used"},
    {WB_WARN_PRINTED_MISMATCH, "the log's own figures contradict each other"},
    {WB_WARN_MODE_SPLIT, "results fall into groups: mean and median describe neither"},
    {WB_WARN_FIRST_RUN, "the first run stands apart (cold start?); it is counted"},
    {WB_WARN_OUTLIERS, "single runs stand apart; they are counted"},
    {WB_WARN_WARMUP, "a run begins slower than it goes on (warm-up); the whole run is counted"},
    {WB_WARN_UNSTEADY, "a run slows down or is disturbed on its way"},
    {WB_WARN_STEADY_PART,
     "rates and min - max are of the steady part of runs (--steady); errors and latencies of all"},
    {WB_WARN_STEADY_NONE, "a run that never becomes steady is left out (--steady)"},
    {WB_WARN_STEADY_WHOLE, "no steady part is known: whole runs are counted (--steady)"},
    {WB_WARN_UNIT_START, "one observation is a server start: the mean of its runs (--unit start)"},
    {WB_WARN_START_LEVEL,
     "runs of one server start are alike, those of another differ: count starts, not runs"},
    {WB_WARN_WINDOW_ESTIMATED, "min - max estimated from runs of another length"},
    {WB_WARN_PUBLISHED_WINDOW, "published min - max is of another window width, not shown"},
    {WB_WARN_PUBLISHED_TWICE, "published twice with different figures; the last one counts"},
    {WB_WARN_PUBLISHED_BESIDE, "published figures exist too; runs count"},
    {WB_WARN_LATENCY_KINDS, "latencies of unlike kinds cannot be summed"},
    {WB_WARN_FEW_ABOVE, "fewer than 10 answers above a percentile, not shown"},
    {WB_WARN_CLOSED_LOOP, "closed loop: stalls are under-represented in latencies"},
};

void wb_noted_init(WbNoted *noted)
{
    noted->names = g_ptr_array_new_with_free_func(g_free);
    noted->cases = g_ptr_array_new();
}

void wb_noted_clear(WbNoted *noted)
{
    g_ptr_array_unref(noted->names);
    g_ptr_array_unref(noted->cases);
}

void wb_noted_add(WbNoted *noted, char *name, const WbCaseSummary *of)
{
    g_ptr_array_add(noted->names, name);
    g_ptr_array_add(noted->cases, (gpointer)of);
}

uint32_t wb_notes_mask_counts(void)
{
    return WB_WARN_NO_COMPLETE_RUN | WB_WARN_PARTIAL_RUNS | WB_WARN_STATUS_ERRORS;
}

uint32_t wb_notes_mask_rate(void)
{
    return wb_notes_mask_counts() | WB_WARN_MIXED_DURATION | WB_WARN_MIXED_LOAD |
           WB_WARN_RATE_DISAGREES | WB_WARN_PRINTED_MISMATCH | WB_WARN_MODE_SPLIT |
           WB_WARN_FIRST_RUN | WB_WARN_UNIT_START | WB_WARN_PUBLISHED_TWICE | STEADY_DOUBTS;
}

uint32_t wb_notes_mask_range(void)
{
    return wb_notes_mask_counts() | WB_WARN_MIXED_LOAD | WB_WARN_WINDOW_ESTIMATED |
           WB_WARN_PUBLISHED_WINDOW | WB_WARN_PUBLISHED_TWICE | STEADY_DOUBTS;
}

uint32_t wb_notes_mask_latency(void)
{
    return wb_notes_mask_counts() | WB_WARN_MIXED_LOAD | WB_WARN_LATENCY_KINDS | WB_WARN_FEW_ABOVE |
           WB_WARN_CLOSED_LOOP;
}

void wb_notes_add_list(GPtrArray *notes, const char *sentence, const GPtrArray *names, size_t all)
{
    GString *note = g_string_new(sentence);

    if (names->len == 0) {
        g_string_free(note, TRUE);
        return;
    }
    for (size_t i = 0; names->len < all && i < MIN(names->len, NAMES_SHOWN); i++)
        g_string_append_printf(note, "%s%s", i ? ", " : ": ",
                               (const char *)g_ptr_array_index(names, i));
    if (names->len < all && names->len > NAMES_SHOWN)
        g_string_append_printf(note, " and %u more", names->len - NAMES_SHOWN);
    g_ptr_array_add(notes, g_string_free(note, FALSE));
}

void wb_notes_add_warnings(GPtrArray *notes, const WbNoted *noted, uint32_t mask)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++) {
        g_autoptr(GPtrArray) names = g_ptr_array_new();

        if (!(mask & (uint32_t)sentences[i].bit))
            continue;
        for (size_t c = 0; c < noted->cases->len; c++) {
            const WbCaseSummary *of = g_ptr_array_index(noted->cases, c);

            if (of->warnings & (uint32_t)sentences[i].bit)
                g_ptr_array_add(names, g_ptr_array_index(noted->names, c));
        }
        wb_notes_add_list(notes, sentences[i].sentence, names, noted->cases->len);
    }
}

/* Findings that are of no figure, or of latencies alone: under other figures they would be noise.
 * `wrkbook findings` tells all of them. */
static const struct {
    const char *finding;
    bool of_latency;
} narrow[] = {
    {"hard to stop", false},
    {"mean above the possible", true},
    {"latency above the timeout", true},
    {"latencies out of order", true},
};

static bool is_of_figures(const char *finding, uint32_t mask)
{
    for (size_t i = 0; i < G_N_ELEMENTS(narrow); i++)
        if (!strcmp(narrow[i].finding, finding))
            return narrow[i].of_latency && mask & WB_WARN_CLOSED_LOOP;
    return true;
}

void wb_notes_add_findings(GPtrArray *notes, const WbNoted *noted, const WbCaseFindings *findings,
                           uint32_t mask)
{
    g_autoptr(GPtrArray) all = wb_case_findings_names(findings);

    for (size_t i = 0; i < all->len; i++) {
        const char *finding = g_ptr_array_index(all, i);
        g_autofree char *sentence = g_strdup_printf("%s (see wrkbook findings)", finding);
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autoptr(GHashTable) cases = wb_case_findings_cases(findings, finding);

        for (size_t c = 0; is_of_figures(finding, mask) && c < noted->cases->len; c++) {
            const WbCaseSummary *of = g_ptr_array_index(noted->cases, c);

            if (g_hash_table_contains(cases, of->of_case))
                g_ptr_array_add(names, g_ptr_array_index(noted->names, c));
        }
        wb_notes_add_list(notes, sentence, names, noted->cases->len);
    }
}

void wb_notes_add_unequal(GPtrArray *notes, const WbNoted *noted)
{
    int64_t least = INT64_MAX, most = 0;

    for (size_t c = 0; c < noted->cases->len; c++) {
        const WbCaseSummary *of = g_ptr_array_index(noted->cases, c);

        if (of->runs_complete == 0)
            continue;
        least = MIN(least, of->runs_complete);
        most = MAX(most, of->runs_complete);
    }
    if (most > least)
        g_ptr_array_add(notes, g_strdup_printf("cells rest on %" PRId64 " to %" PRId64
                                               " runs: best-of-N grows with N, compare medians",
                                               least, most));
}
