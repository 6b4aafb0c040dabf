/* Case findings: see case_findings.h. */
#include "analyze/case_findings.h"

#include <string.h>

static void free_item(void *data)
{
    WbCaseFinding *item = data;

    g_array_unref(item->runs);
    g_free(item);
}

void wb_case_findings_free(WbCaseFindings *findings)
{
    if (!findings)
        return;
    g_ptr_array_unref(findings->items);
    g_string_chunk_free(findings->text);
    g_free(findings);
}

static int64_t first_run(const WbCaseFinding *item)
{
    return g_array_index(item->runs, WbRunFinding, 0).run->run_id;
}

static int compare_items(const void *a, const void *b)
{
    const WbCaseFinding *x = *(WbCaseFinding *const *)a;
    const WbCaseFinding *y = *(WbCaseFinding *const *)b;

    if (x->of_case->id != y->of_case->id)
        return x->of_case->id < y->of_case->id ? -1 : 1;
    if (x->of_case != y->of_case) /* parts of a case that are told apart by a field */
        return first_run(x) < first_run(y) ? -1 : first_run(x) > first_run(y);
    if (x->runs->len != y->runs->len)
        return x->runs->len > y->runs->len ? -1 : 1;
    return strcmp(x->finding, y->finding);
}

/* The item of a case and a name, made when it is first met. `index`: "CASE NAME" -> item. */
static WbCaseFinding *item_of(WbCaseFindings *findings, GHashTable *index, const WbCase *of_case,
                              const WbFindingRecord *record)
{
    g_autofree char *key = g_strdup_printf("%p %s", (const void *)of_case, record->finding);
    WbCaseFinding *item = g_hash_table_lookup(index, key);

    if (item)
        return item;
    item = g_new0(WbCaseFinding, 1);
    item->of_case = of_case;
    item->finding = record->finding;
    item->advice = record->advice;
    item->runs = g_array_new(FALSE, FALSE, sizeof(WbRunFinding));
    g_ptr_array_add(findings->items, item);
    g_hash_table_insert(index, g_steal_pointer(&key), item);
    return item;
}

/* Both are in order of run_id; a finding of a run that is not in the set is passed over. */
static void gather(WbCaseFindings *findings, const GArray *records, const WbRunSet *set)
{
    g_autoptr(GHashTable) index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint at = 0;

    for (guint i = 0; i < records->len; i++) {
        const WbFindingRecord *record = &g_array_index(records, WbFindingRecord, i);
        WbRunFinding found = {.sentence = record->sentence};

        while (at < set->runs->len && g_array_index(set->runs, WbRun, at).run_id < record->run_id)
            at++;
        if (at == set->runs->len)
            break;
        found.run = &g_array_index(set->runs, WbRun, at);
        if (found.run->run_id == record->run_id)
            g_array_append_val(item_of(findings, index, found.run->of_case, record)->runs, found);
    }
}

WbCaseFindings *wb_case_findings_new(WbStore *store, const WbFilter *filter, const WbRunSet *set,
                                     GError **error)
{
    g_autoptr(WbCaseFindings) findings = g_new0(WbCaseFindings, 1);
    g_autoptr(GArray) records = NULL;

    findings->items = g_ptr_array_new_with_free_func(free_item);
    findings->text = g_string_chunk_new(4096);
    records = wb_store_load_findings(store, filter, findings->text, error);
    if (!records)
        return NULL;
    gather(findings, records, set);
    g_ptr_array_sort(findings->items, compare_items);
    return g_steal_pointer(&findings);
}

GHashTable *wb_case_findings_cases(const WbCaseFindings *findings, const char *finding)
{
    GHashTable *cases = g_hash_table_new(NULL, NULL);

    for (guint i = 0; findings && i < findings->items->len; i++) {
        const WbCaseFinding *item = g_ptr_array_index(findings->items, i);

        if (strcmp(item->finding, finding) == 0)
            g_hash_table_add(cases, (gpointer)item->of_case);
    }
    return cases;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *wb_case_findings_names(const WbCaseFindings *findings)
{
    GPtrArray *names = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; findings && i < findings->items->len; i++) {
        const WbCaseFinding *item = g_ptr_array_index(findings->items, i);

        if (g_hash_table_add(seen, (gpointer)item->finding))
            g_ptr_array_add(names, (gpointer)item->finding);
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}
