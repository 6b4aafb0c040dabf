/*
 * Suite change: what the command line changes: fewer cells, other runs, duration or seed.
 */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "runner/engine/engine.h"
#include "runner/json_place.h"
#include "runner/near_word.h"
#include "runner/suite_draft.h"
#include "schema/store.h"
#include "schema/units.h"

typedef cJSON Json;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, cJSON_Delete)

static const WbLabels *cell_labels(const GPtrArray *cells, guint i)
{
    return ((const WbSuiteCell *)cells->pdata[i])->labels;
}

static const WbLabels *skip_labels(const GPtrArray *skips, guint i)
{
    return ((const WbSuiteSkip *)skips->pdata[i])->labels;
}

/* ---- which labels there are ---------------------------------------------------------------- */

/* All values of a label, or all keys where `key` is NULL, each once, in order of appearance. */
static void collect(const WbLabels *labels, const char *key, GPtrArray *words, GHashTable *seen)
{
    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        const WbLabel *label = wb_labels_at(labels, i);
        char *word = key ? label->value : label->key;

        if ((!key || strcmp(label->key, key) == 0) && g_hash_table_add(seen, word))
            g_ptr_array_add(words, word);
    }
}

static GPtrArray *known_words(const WbSuite *suite, const char *key)
{
    GPtrArray *words = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < suite->cells->len; i++)
        collect(cell_labels(suite->cells, i), key, words, seen);
    for (guint i = 0; i < suite->skips->len; i++)
        collect(skip_labels(suite->skips, i), key, words, seen);
    return words;
}

char *wb_suite_unmatched(const WbSuite *suite, const char *key, const char *value)
{
    g_autoptr(GPtrArray) keys = known_words(suite, NULL);
    g_autoptr(GPtrArray) values = known_words(suite, key);
    g_autofree char *hint = NULL;

    for (guint i = 0; i < values->len; i++)
        if (strcmp(values->pdata[i], value) == 0)
            return NULL;
    if (values->len > 0) {
        hint = wb_near_word_hint(value, values);
        return g_strdup_printf("no cell has %.64s=%.80s; %s", key, value, hint);
    }
    hint = wb_near_word_hint(key, keys);
    return g_strdup_printf("no cell has a label '%.64s'; %s", key, hint);
}

/* ---- which cells stay ---------------------------------------------------------------------- */

/* Judges the labels of a cell. */
typedef bool (*Wanted)(const WbLabels *labels, const void *wish);

/* In order; g_ptr_array_set_size frees what was swapped behind the kept ones. */
static void keep(GPtrArray *list, const WbLabels *(*labels)(const GPtrArray *, guint),
                 Wanted wanted, const void *wish)
{
    guint kept = 0;

    for (guint i = 0; i < list->len; i++) {
        void *item = list->pdata[i];

        if (!wanted(labels(list, i), wish))
            continue;
        list->pdata[i] = list->pdata[kept];
        list->pdata[kept++] = item;
    }
    g_ptr_array_set_size(list, (int)kept);
}

static void keep_wanted(WbSuite *suite, Wanted wanted, const void *wish)
{
    keep(suite->cells, cell_labels, wanted, wish);
    keep(suite->skips, skip_labels, wanted, wish);
}

static bool is_where(const WbLabels *labels, const void *wish)
{
    const WbWhere *where = wish;
    const char *value = wb_labels_get(labels, where->key);

    return value && g_strv_contains((const char *const *)where->values, value);
}

static bool refuse(GError **error, const char *what)
{
    g_set_error_literal(error, WB_SUITE_ERROR, WB_SUITE_ERROR_USE, what);
    return false;
}

static bool apply_only(WbSuite *suite, char *const *only, GError **error)
{
    g_autoptr(WbFilter) filter = wb_filter_new();

    for (size_t i = 0; only && only[i]; i++) {
        g_autoptr(GError) cause = NULL;

        if (wb_filter_add(filter, only[i], &cause))
            continue;
        g_set_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_USE, "--only: %s", cause->message);
        return false;
    }
    for (guint i = 0; i < filter->wheres->len; i++) {
        const WbWhere *where = filter->wheres->pdata[i];

        for (size_t j = 0; where->values[j]; j++) {
            g_autofree char *why = wb_suite_unmatched(suite, where->key, where->values[j]);

            if (why) {
                g_set_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_USE, "--only: %s", why);
                return false;
            }
        }
    }
    for (guint i = 0; i < filter->wheres->len; i++)
        keep_wanted(suite, is_where, filter->wheres->pdata[i]);
    return suite->cells->len > 0 ||
           refuse(error, "--only: no cell has all of these labels; see --dry-run for the cells");
}

/* ---- --cells ------------------------------------------------------------------------------- */

/* An entry is an object of labels, or has one called "labels". */
static WbLabels *entry_labels(const Json *entry)
{
    const Json *inner = cJSON_GetObjectItemCaseSensitive(entry, "labels");
    const Json *object = cJSON_IsObject(inner) ? inner : entry;
    g_autoptr(WbLabels) labels = wb_labels_new();
    const Json *member;

    if (!cJSON_IsObject(entry))
        return NULL;
    cJSON_ArrayForEach(member, object)
    {
        char number[32];

        if (wb_labels_count(labels) > WB_LABELS_MAX)
            return NULL;
        if (cJSON_IsNumber(member) && member->valuedouble == floor(member->valuedouble) &&
            fabs(member->valuedouble) < 1e15)
            g_snprintf(number, sizeof number, "%.0f", member->valuedouble);
        else if (!cJSON_IsString(member))
            return NULL;
        wb_labels_set(labels, member->string,
                      cJSON_IsString(member) ? member->valuestring : number);
    }
    return g_steal_pointer(&labels);
}

static bool refuse_syntax(const char *path, const char *text, const char *end, GError **error)
{
    const char *what;
    const char *at = wb_json_place_syntax(text, end, &what);

    return wb_suite_refuse_at(path, text, at, what, error);
}

static bool read_cells(const char *path, GPtrArray *wishes, GError **error)
{
    static const char remedy[] = "a list of label objects is needed, as in [{\"server\": "
                                 "\"gunicorn\"}], or a document with such a list called \"repeat\"";
    g_autofree char *text = NULL;
    g_autoptr(Json) root = NULL;
    g_autoptr(GError) cause = NULL;
    const char *end;
    const Json *list;
    const Json *entry;
    int number = 0;

    if (!g_file_get_contents(path, &text, NULL, &cause)) {
        g_set_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_USE, "--cells: %s", cause->message);
        return false;
    }
    root = cJSON_ParseWithOpts(text, &end, true);
    if (!root)
        return refuse_syntax(path, text, end, error);
    list = cJSON_IsObject(root) ? cJSON_GetObjectItemCaseSensitive(root, "repeat") : root;
    if (!cJSON_IsArray(list))
        return wb_suite_refuse_at(path, text, text, remedy, error);
    cJSON_ArrayForEach(entry, list)
    {
        WbLabels *labels = entry_labels(entry);

        number++;
        if (!labels) {
            g_set_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_USE,
                        "--cells: entry %d of '%s' is no object of labels; %s", number, path,
                        remedy);
            return false;
        }
        g_ptr_array_add(wishes, labels);
    }
    return true;
}

/* The cell has all labels of one of the entries. */
static bool is_listed(const WbLabels *labels, const void *wish)
{
    const GPtrArray *wishes = wish;

    for (guint i = 0; i < wishes->len; i++) {
        const WbLabels *wanted = wishes->pdata[i];
        size_t j = 0;

        for (; j < wb_labels_count(wanted); j++)
            if (g_strcmp0(wb_labels_get(labels, wb_labels_at(wanted, j)->key),
                          wb_labels_at(wanted, j)->value) != 0)
                break;
        if (j == wb_labels_count(wanted))
            return true;
    }
    return false;
}

static bool apply_cells(WbSuite *suite, const char *path, GError **error)
{
    g_autoptr(GPtrArray) wishes = g_ptr_array_new_with_free_func((GDestroyNotify)wb_labels_free);

    if (!path)
        return true;
    if (!read_cells(path, wishes, error))
        return false;
    keep_wanted(suite, is_listed, wishes);
    if (suite->cells->len > 0)
        return true;
    g_set_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_USE,
                "--cells: none of the %u cells in '%s' is in this suite; see --dry-run for its "
                "cells",
                wishes->len, path);
    return false;
}

/* ---- runs, duration, seed ------------------------------------------------------------------ */

static bool apply_runs(WbSuite *suite, int runs, GError **error)
{
    if (runs == 0)
        return true;
    if (runs < 0 || (int64_t)runs * suite->cells->len > WB_SUITE_MAX_RUNS)
        return refuse(error, "--runs: must be 1 or more, and at most 1000000 for all cells");
    for (guint i = 0; i < suite->cells->len; i++) {
        WbSuiteLoad *load = &((WbSuiteCell *)suite->cells->pdata[i])->load;

        load->runs_min = load->runs_max = runs;
        load->until_ci = 0;
    }
    return true;
}

static bool apply_duration(WbSuite *suite, int64_t duration_ns, GError **error)
{
    if (duration_ns == 0)
        return true;
    for (guint i = 0; i < suite->cells->len; i++) {
        WbSuiteLoad *load = &((WbSuiteCell *)suite->cells->pdata[i])->load;

        if (duration_ns < 0 || duration_ns / load->slice_ns >= WB_LOAD_MAX_SLICES)
            return refuse(error, "--duration: too long for the suite's slices");
        load->duration_ns = duration_ns;
    }
    return true;
}

bool wb_suite_change(WbSuite *suite, const WbSuiteChanges *changes, GError **error)
{
    if (!apply_only(suite, changes->only, error) ||
        !apply_cells(suite, changes->cells_file, error) ||
        !apply_runs(suite, changes->runs, error) ||
        !apply_duration(suite, changes->duration_ns, error))
        return false;
    if (changes->seed >= 0) {
        suite->seed = (uint64_t)changes->seed;
        suite->seed_drawn = false;
    }
    return true;
}
