/* Summary text: the facts at its top, read from the runs' own records. */
#include <inttypes.h>
#include <math.h>

#include "report/clean.h"
#include "report/summary_text.h"

#define LISTED 3 /* distinct tools or loads that are named */

/* Distinct texts in order of first appearance. */
typedef struct {
    GPtrArray *list;
    GHashTable *seen;
} Distinct;

static void distinct_init(Distinct *d)
{
    d->list = g_ptr_array_new_with_free_func(g_free);
    d->seen = g_hash_table_new(g_str_hash, g_str_equal);
}

static void distinct_add(Distinct *d, char *text)
{
    if (g_hash_table_contains(d->seen, text)) {
        g_free(text);
        return;
    }
    g_ptr_array_add(d->list, text);
    g_hash_table_add(d->seen, text);
}

/* "wrk 4.1.0; wrk2 and 2 more" */
static void distinct_add_fact(Distinct *d, const char *term, GPtrArray *facts)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; i < MIN(d->list->len, LISTED); i++)
        g_string_append_printf(text, "%s%s", i ? "; " : "",
                               (const char *)g_ptr_array_index(d->list, i));
    if (d->list->len > LISTED)
        g_string_append_printf(text, " and %u more", d->list->len - LISTED);
    if (d->list->len) {
        g_ptr_array_add(facts, g_strdup(term));
        g_ptr_array_add(facts, g_strdup(text->str));
    }
    g_ptr_array_unref(d->list);
    g_hash_table_destroy(d->seen);
}

static char *tool_of(const WbRun *run)
{
    g_autofree char *text = NULL;

    if (!run->tool)
        return g_strdup("unknown tool");
    text = g_strdup_printf("%s%s%s", run->tool, run->tool_version ? " " : "",
                           run->tool_version ? run->tool_version : "");
    return wb_clean(text);
}

static void append_count(GString *out, int64_t count, const char *what)
{
    if (count != WB_NONE)
        g_string_append_printf(out, "%s%" PRId64 " %s%s", out->len ? ", " : "", count, what,
                               count == 1 ? "" : "s");
}

static char *load_of(const WbRun *run)
{
    GString *text = g_string_new(NULL);
    char buffer[WB_UNITS_DOUBLE_SIZE];

    append_count(text, run->threads, "thread");
    append_count(text, run->connections, "connection");
    if (run->asked_duration_ns != WB_NONE)
        g_string_append_printf(
            text, "%s%s s", text->len ? ", " : "",
            wb_units_format_double((double)run->asked_duration_ns / 1e9, buffer));
    if (!isnan(run->rate_per_s))
        g_string_append_printf(text, "%s%s requests/s asked for", text->len ? ", " : "",
                               wb_units_format_double(run->rate_per_s, buffer));
    if (text->len == 0)
        g_string_append(text, "not told");
    return g_string_free(text, FALSE);
}

static char *runs_text(const WbRunSet *set, const WbSummary *summary)
{
    GString *text = g_string_new(NULL);
    int64_t partial = 0, failed = 0;
    size_t figures = 0, cases = 0;

    for (size_t i = 0; i < summary->cases->len; i++) {
        cases += wb_summary_at(summary, i)->runs > 0;
        partial += wb_summary_at(summary, i)->runs_partial;
        failed += wb_summary_at(summary, i)->runs_failed;
    }
    for (size_t i = 0; i < set->published->len; i++)
        figures += g_array_index(set->published, WbPublished, i).state == WB_STATE_OK;
    if (cases == 0)
        g_string_append(text, "none");
    else
        g_string_append_printf(text, "%u in %zu case%s", set->runs->len, cases,
                               cases == 1 ? "" : "s");
    if (partial)
        g_string_append_printf(text, ", %" PRId64 " of them cut short", partial);
    if (failed)
        g_string_append_printf(text, ", %" PRId64 " failed", failed);
    if (figures)
        g_string_append_printf(text, "; %zu published figure%s, number of runs unknown", figures,
                               figures == 1 ? "" : "s");
    return g_string_free(text, FALSE);
}

GPtrArray *wb_summary_facts(const WbRunSet *set, const WbSummary *summary)
{
    GPtrArray *facts = g_ptr_array_new_with_free_func(g_free);
    Distinct tools, loads;

    distinct_init(&tools);
    distinct_init(&loads);
    for (size_t i = 0; i < set->runs->len; i++) {
        const WbRun *run = &g_array_index(set->runs, WbRun, i);

        distinct_add(&tools, tool_of(run));
        distinct_add(&loads, load_of(run));
    }
    g_ptr_array_add(facts, g_strdup("Runs"));
    g_ptr_array_add(facts, runs_text(set, summary));
    distinct_add_fact(&tools, "Tool", facts);
    distinct_add_fact(&loads, "Load", facts);
    return facts;
}
