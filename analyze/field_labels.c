/*
 * Field labels: see field_labels.h. The parts of a case are found by its number and the texts of
 * the fields, joined.
 */
#include "analyze/field_labels.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "schema/units.h"

/* ---- which fields -------------------------------------------------------------------------- */

/* `findings` is made by a view, not read with the runs. */
static bool is_field(const char *key)
{
    const WbField *field = wb_run_field_find(key);

    return field && field->in_facts && strcmp(key, "findings") != 0;
}

char **wb_field_labels_find(char **keys, char **labels)
{
    GPtrArray *found = g_ptr_array_new();

    for (; *keys; keys++)
        if (is_field(*keys) && !g_strv_contains((const char *const *)labels, *keys) &&
            !g_ptr_array_find_with_equal_func(found, *keys, g_str_equal, NULL))
            g_ptr_array_add(found, g_strdup(*keys));
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}

/* ---- values -------------------------------------------------------------------------------- */

/* uuid -> what a campaign is called: its name if no other has it, else its number. */
static GHashTable *campaign_names(WbStore *store, GError **error)
{
    g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
    g_autoptr(GArray) records = wb_store_load_campaigns(store, text, error);
    g_autoptr(GHashTable) times = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTable *names;

    if (!records)
        return NULL;
    names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < records->len; i++) {
        const WbCampaignRecord *c = &g_array_index(records, WbCampaignRecord, i);
        int n = c->name ? GPOINTER_TO_INT(g_hash_table_lookup(times, c->name)) : 0;

        if (c->name)
            g_hash_table_insert(times, (gpointer)c->name, GINT_TO_POINTER(n + 1));
    }
    for (guint i = 0; i < records->len; i++) {
        const WbCampaignRecord *c = &g_array_index(records, WbCampaignRecord, i);
        bool own = c->name && *c->name && GPOINTER_TO_INT(g_hash_table_lookup(times, c->name)) == 1;

        g_hash_table_insert(names, g_strdup(c->uuid),
                            own ? g_strdup(c->name) : g_strdup_printf("%" PRId64, c->id));
    }
    return names;
}

/* As --where takes it; NULL: the run lacks it. */
static char *value_text(const WbField *field, const WbRun *run, GHashTable *campaigns)
{
    const void *member = (const char *)run + field->offset;
    char buffer[WB_UNITS_DOUBLE_SIZE];

    if (field->type == WB_FIELD_INT) {
        int64_t value = *(const int64_t *)member;

        return value == WB_NONE ? NULL : g_strdup_printf("%" PRId64, value);
    }
    if (field->type == WB_FIELD_REAL) {
        double value = *(const double *)member;

        return isnan(value) ? NULL : g_strdup(wb_units_format_double(value, buffer));
    }
    if (!strcmp(field->name, "campaign") && run->campaign)
        return g_strdup(g_hash_table_lookup(campaigns, run->campaign));
    return g_strdup(*(const char *const *)member);
}

/* ---- parts of cases ------------------------------------------------------------------------ */

typedef struct {
    char **fields;
    GHashTable *campaigns;
    GHashTable *parts;   /* case and values as text -> WbCase */
    GHashTable *whole;   /* old WbCases that stay */
    GHashTable *of_case; /* old WbCase -> GPtrArray of its parts */
} Maker;

static WbCase *part_new(const Maker *m, const WbCase *whole, char **values)
{
    WbCase *part = g_new0(WbCase, 1);

    part->id = whole->id;
    part->labels = wb_labels_copy(whole->labels);
    for (size_t i = 0; m->fields[i]; i++)
        if (values[i])
            wb_labels_set(part->labels, m->fields[i], values[i]);
    return part;
}

/* The part that a run with those values belongs to; the whole case where it has none of them. */
static const WbCase *part_of(Maker *m, const WbRun *run, char **values, bool any)
{
    g_autoptr(GString) key = g_string_new(NULL);
    GPtrArray *parts;
    WbCase *part;

    if (!any) {
        g_hash_table_add(m->whole, (gpointer)run->of_case);
        return run->of_case;
    }

    g_string_printf(key, "%" PRId64, run->of_case->id);
    for (size_t i = 0; m->fields[i]; i++)
        g_string_append_printf(key, "\x1f%s%s", values[i] ? "=" : "", values[i] ? values[i] : "");
    part = g_hash_table_lookup(m->parts, key->str);
    if (!part) {
        part = part_new(m, run->of_case, values);
        g_hash_table_insert(m->parts, g_strdup(key->str), part);
        parts = g_hash_table_lookup(m->of_case, run->of_case);
        if (!parts) {
            parts = g_ptr_array_new();
            g_hash_table_insert(m->of_case, (gpointer)run->of_case, parts);
        }
        g_ptr_array_add(parts, part);
    }
    return part;
}

static void place_run(Maker *m, WbRun *run)
{
    size_t n = g_strv_length(m->fields);
    g_autofree char **values = g_new0(char *, n + 1);
    bool any = false;

    for (size_t i = 0; i < n; i++) {
        values[i] = value_text(wb_run_field_find(m->fields[i]), run, m->campaigns);
        any |= values[i] != NULL;
    }
    run->of_case = part_of(m, run, values, any);
    for (size_t i = 0; i < n; i++)
        g_free(values[i]);
}

static void free_case(void *data)
{
    WbCase *of_case = data;

    wb_labels_free(of_case->labels);
    g_free(of_case);
}

/* The parts of each case in its place; the whole one where published figures or runs are of it. */
static void take_parts(Maker *m, WbRunSet *set)
{
    GPtrArray *old = set->cases;

    for (guint i = 0; i < set->published->len; i++)
        g_hash_table_add(m->whole, (gpointer)g_array_index(set->published, WbPublished, i).of_case);
    set->cases = g_ptr_array_new_with_free_func(free_case);
    for (guint i = 0; i < old->len; i++) {
        WbCase *whole = g_ptr_array_index(old, i);
        const GPtrArray *parts = g_hash_table_lookup(m->of_case, whole);

        for (guint p = 0; parts && p < parts->len; p++)
            g_ptr_array_add(set->cases, g_ptr_array_index(parts, p));
        if (g_hash_table_contains(m->whole, whole))
            g_ptr_array_add(set->cases, whole);
        else
            free_case(whole);
    }
    g_ptr_array_set_free_func(old, NULL);
    g_ptr_array_unref(old);
}

static void free_parts(void *parts)
{
    g_ptr_array_unref(parts);
}

bool wb_field_labels_add(WbRunSet *set, WbStore *store, char **fields, GError **error)
{
    Maker m = {.fields = fields, .campaigns = campaign_names(store, error)};

    if (!m.campaigns)
        return false;
    m.parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    m.of_case = g_hash_table_new_full(NULL, NULL, NULL, free_parts);
    m.whole = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < set->runs->len; i++)
        place_run(&m, &g_array_index(set->runs, WbRun, i));
    take_parts(&m, set);
    g_hash_table_destroy(m.campaigns);
    g_hash_table_destroy(m.parts);
    g_hash_table_destroy(m.whole);
    g_hash_table_destroy(m.of_case);
    return true;
}
