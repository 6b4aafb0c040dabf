/*
 * Suite file: JSON into a draft, member by member, by the tables of suite_keys.c.
 *
 * cJSON keeps no places. Its member valueint, which is of no use to us (a number is read from
 * valuedouble), takes the number of the value in the text instead; json_place.h tells the rest.
 * A key that stands twice is an error: cJSON would silently take the first.
 */
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "runner/json_place.h"
#include "runner/near_word.h"
#include "runner/suite_draft.h"
#include "schema/units.h"

typedef cJSON Json;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, cJSON_Delete)

typedef struct {
    WbSuiteProblems *problems;
    WbSuiteDraft *draft;
} Reader;

static void read_section(Reader *r, const Json *object, const char *what, const WbSuiteKey *keys,
                         WbDraftScope *scope);

static int number_values(Json *item, int next)
{
    item->valueint = next++;
    for (Json *child = item->child; child; child = child->next)
        next = number_values(child, next);
    return next;
}

static int place_of(const Json *item)
{
    return item->valueint;
}

static const char *type_name(const Json *item)
{
    return cJSON_IsString(item)   ? "text"
           : cJSON_IsNumber(item) ? "a number"
           : cJSON_IsBool(item)   ? "true or false"
           : cJSON_IsArray(item)  ? "a list"
           : cJSON_IsObject(item) ? "an object"
                                  : "null";
}

/* ---- texts and pairs ----------------------------------------------------------------------- */

/* A text, or a whole number written as one ("--workers", 3); NULL: neither (caller frees). */
static char *text_of(const Json *item)
{
    char number[WB_UNITS_DOUBLE_SIZE];

    if (cJSON_IsString(item))
        return g_strdup(item->valuestring);
    if (!cJSON_IsNumber(item) || item->valuedouble != floor(item->valuedouble) ||
        fabs(item->valuedouble) > 9007199254740992.0)
        return NULL;
    g_snprintf(number, sizeof number, "%.0f", item->valuedouble);
    return g_strdup(number);
}

static bool add_text(Reader *r, const Json *item, const char *name, GArray *texts)
{
    g_autofree char *text = text_of(item);

    if (!text) {
        wb_suite_problems_add(r->problems, place_of(item),
                              "a text is needed here, not %s; put it in quotes", type_name(item));
        return false;
    }
    wb_draft_texts_add(texts, name, text, place_of(item));
    return true;
}

/* Names `seen` before in the same object, and tells them. */
static bool is_double(Reader *r, const Json *member, GHashTable *seen)
{
    if (g_hash_table_add(seen, member->string))
        return false;
    wb_suite_problems_add(r->problems, WB_SUITE_KEY_OF(place_of(member)),
                          "'%.60s' stands here twice; remove one", member->string);
    return true;
}

static void read_list(Reader *r, const Json *list, GArray *texts)
{
    const Json *item;

    cJSON_ArrayForEach(item, list)
    {
        if (!add_text(r, item, NULL, texts) && wb_suite_problems_full(r->problems))
            return;
    }
}

static void read_pairs(Reader *r, const Json *object, GArray *texts)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const Json *member;

    cJSON_ArrayForEach(member, object)
    {
        if (*member->string == '\0' || strchr(member->string, '='))
            wb_suite_problems_add(r->problems, WB_SUITE_KEY_OF(place_of(member)),
                                  "a name is needed here, without '='");
        else if (!is_double(r, member, seen))
            add_text(r, member, member->string, texts);
        if (wb_suite_problems_full(r->problems))
            return;
    }
}

/* ---- labels, matrix, skip ------------------------------------------------------------------ */

static bool check_label_key(Reader *r, const Json *member)
{
    g_autoptr(GError) error = NULL;

    if (strcmp(member->string, "port") == 0) {
        wb_suite_problems_add(r->problems, WB_SUITE_KEY_OF(place_of(member)),
                              "no label can be called 'port': {port} is the free port of a server; "
                              "choose another name");
        return false;
    }
    if (wb_labels_check_key(member->string, &error))
        return true;
    wb_suite_problems_add(r->problems, WB_SUITE_KEY_OF(place_of(member)), "%s", error->message);
    return false;
}

static bool add_label(Reader *r, const Json *item, const char *key, GArray *texts)
{
    g_autofree char *text = text_of(item);

    if (!text || strlen(text) > 1000) {
        wb_suite_problems_add(r->problems, place_of(item),
                              "a label is a text of at most 1000 bytes or a whole number, not %s",
                              text ? "so long a text" : type_name(item));
        return false;
    }
    wb_draft_texts_add(texts, key, text, place_of(item));
    return true;
}

/* Labels of an object; its member `because`, if `out_because` is given, is none. */
static void read_labels(Reader *r, const Json *object, GArray *labels, char **out_because)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const Json *member;

    cJSON_ArrayForEach(member, object)
    {
        if (wb_suite_problems_full(r->problems))
            return;
        if (is_double(r, member, seen))
            continue;
        if (out_because && strcmp(member->string, "because") == 0) {
            *out_because = text_of(member);
            if (!*out_because)
                wb_suite_problems_add(r->problems, place_of(member),
                                      "\"because\" must be a text, not %s", type_name(member));
            continue;
        }
        if (labels->len == WB_LABELS_MAX) {
            wb_suite_problems_add(r->problems, WB_SUITE_KEY_OF(place_of(member)),
                                  "too many labels: at most %d", WB_LABELS_MAX);
            return;
        }
        if (check_label_key(r, member))
            add_label(r, member, member->string, labels);
    }
}

static void read_axis(Reader *r, const Json *list, WbDraftScope *scope)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    WbDraftAxis *axis;
    const Json *item;

    if (!cJSON_IsArray(list) || !list->child) {
        wb_suite_problems_add(r->problems, place_of(list),
                              "the values of '%.64s' must be a list of at least one, as in "
                              "[\"bottle\", \"flask\"]",
                              list->string);
        return;
    }
    axis = g_new0(WbDraftAxis, 1);
    axis->key = g_strdup(list->string);
    axis->place = place_of(list);
    axis->values = wb_draft_texts_new();
    g_ptr_array_add(scope->axes, axis);
    cJSON_ArrayForEach(item, list)
    {
        if (wb_suite_problems_full(r->problems))
            return;
        if (add_label(r, item, NULL, axis->values) && !g_hash_table_add(seen, text_of(item)))
            wb_suite_problems_add(r->problems, place_of(item),
                                  "this value of '%.64s' stands here twice; remove one",
                                  list->string);
    }
}

static void read_matrix(Reader *r, const Json *object, WbDraftScope *scope)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const Json *member;

    cJSON_ArrayForEach(member, object)
    {
        if (wb_suite_problems_full(r->problems))
            return;
        if (scope->axes->len == WB_LABELS_MAX)
            wb_suite_problems_add(r->problems, WB_SUITE_KEY_OF(place_of(member)),
                                  "too many labels: at most %d", WB_LABELS_MAX);
        else if (!is_double(r, member, seen) && check_label_key(r, member))
            read_axis(r, member, scope);
    }
}

static void read_skips(Reader *r, const Json *list, WbDraftScope *scope)
{
    const Json *item;

    cJSON_ArrayForEach(item, list)
    {
        WbDraftSkip *skip;

        if (wb_suite_problems_full(r->problems))
            return;
        if (scope->skips->len == WB_SUITE_MAX_SKIPS) {
            wb_suite_problems_add(r->problems, place_of(item), "too many skips: at most %d",
                                  WB_SUITE_MAX_SKIPS);
            return;
        }
        skip = g_new0(WbDraftSkip, 1);
        skip->labels = wb_draft_texts_new();
        skip->place = place_of(item);
        g_ptr_array_add(scope->skips, skip);
        if (cJSON_IsObject(item))
            read_labels(r, item, skip->labels, &skip->because);
        if (!cJSON_IsObject(item) || skip->labels->len == 0)
            wb_suite_problems_add(r->problems, place_of(item),
                                  "a skip is an object of labels, as in {\"framework\": \"hug\", "
                                  "\"because\": \"n/a\"}");
    }
}

static void read_targets(Reader *r, const Json *list)
{
    const Json *item;

    if (!list->child)
        wb_suite_problems_add(r->problems, place_of(list),
                              "no target; a suite needs one at least, as in [{\"url\": "
                              "\"http://127.0.0.1:8000/\"}]");
    cJSON_ArrayForEach(item, list)
    {
        WbDraftScope *target = wb_draft_scope_new(place_of(item));

        g_ptr_array_add(r->draft->targets, target);
        if (wb_suite_problems_full(r->problems))
            return;
        if (!cJSON_IsObject(item))
            wb_suite_problems_add(r->problems, place_of(item),
                                  "a target is an object, not %s; write it as in {\"url\": "
                                  "\"http://127.0.0.1:8000/\"}",
                                  type_name(item));
        else
            read_section(r, item, "a target", wb_suite_keys_target(), target);
    }
}

/* ---- settings ------------------------------------------------------------------------------ */

/* The JSON types that a kind takes, and how they are called. */
static const struct {
    int types;
    const char *name;
} takes[] = {
    [WB_KIND_TEXT] = {cJSON_String, "a text"},
    [WB_KIND_CPUS] = {cJSON_String, "a text"},
    [WB_KIND_SIGNAL] = {cJSON_String, "a text"},
    [WB_KIND_WORD] = {cJSON_String, "a text"},
    [WB_KIND_ISOLATE] = {cJSON_String, "a text"},
    [WB_KIND_TIME] = {cJSON_String, "a text with its unit"},
    [WB_KIND_PERCENT] = {cJSON_String, "a text with a percent sign"},
    [WB_KIND_COUNT] = {cJSON_Number, "a number"},
    [WB_KIND_COUNT64] = {cJSON_Number, "a number"},
    [WB_KIND_RATE] = {cJSON_Number, "a number"},
    [WB_KIND_BOOL] = {cJSON_True | cJSON_False, "true or false"},
    [WB_KIND_BOOL_NOT] = {cJSON_True | cJSON_False, "true or false"},
    [WB_KIND_RUNS] = {cJSON_Number | cJSON_Object, "a number or an object"},
    [WB_KIND_ARGV] = {cJSON_Array, "a list of words"},
    [WB_KIND_ENV] = {cJSON_Object, "an object of texts"},
    [WB_KIND_HEADERS] = {cJSON_Object | cJSON_Array, "an object of texts"},
    [WB_KIND_SECTION] = {cJSON_Object, "an object"},
    [WB_KIND_LABELS] = {cJSON_Object, "an object of labels"},
    [WB_KIND_MATRIX] = {cJSON_Object, "an object of lists"},
    [WB_KIND_SKIP] = {cJSON_Array, "a list of objects"},
    [WB_KIND_TARGETS] = {cJSON_Array, "a list of objects"},
};

/* A number may be a label of several values: "connections": "{connections}". */
static bool is_number_template(const WbSuiteKey *key, const Json *item)
{
    return (takes[key->kind].types & cJSON_Number) && !(key->flags & WB_KEY_OF_SUITE) &&
           cJSON_IsString(item) && strchr(item->valuestring, '{');
}

static bool check_type(Reader *r, const WbSuiteKey *key, const Json *item)
{
    if ((item->type & 0xFF & takes[key->kind].types) || is_number_template(key, item))
        return true;
    wb_suite_problems_add(r->problems, place_of(item),
                          "\"%s\" must be %s, not %s; write it as in \"%s\": %s", key->name,
                          takes[key->kind].name, type_name(item), key->name, key->example);
    return false;
}

/* What needs no label is judged at once, on a cell that is thrown away. */
static void try_setting(Reader *r, const WbDraftSetting *setting)
{
    int64_t bytes = 0;
    WbDraftApply apply = {.problems = r->problems, .expanded_bytes = &bytes};
    WbSuiteCell *cell;

    if (wb_draft_setting_has_template(setting) || (setting->key->flags & WB_KEY_OF_SUITE))
        return;
    cell = wb_suite_cell_new();
    wb_draft_setting_apply(setting, &apply, cell);
    wb_suite_cell_free(cell);
}

static void read_setting(Reader *r, const WbSuiteKey *key, const Json *item, WbDraftScope *scope)
{
    WbDraftSetting setting = {.key = key, .place = place_of(item)};
    size_t before = wb_suite_problems_count(r->problems);

    if (cJSON_IsNumber(item) || cJSON_IsBool(item))
        setting.number = cJSON_IsNumber(item) ? item->valuedouble : cJSON_IsTrue(item);
    else
        setting.texts = wb_draft_texts_new();
    if (cJSON_IsString(item))
        wb_draft_texts_add(setting.texts, NULL, item->valuestring, setting.place);
    else if (cJSON_IsArray(item))
        read_list(r, item, setting.texts);
    else if (cJSON_IsObject(item))
        read_pairs(r, item, setting.texts);
    if (key->kind == WB_KIND_ARGV && !item->child)
        wb_suite_problems_add(r->problems, setting.place,
                              "\"%s\" is empty; write it as in \"%s\": %s", key->name, key->name,
                              key->example);
    if (wb_suite_problems_count(r->problems) == before)
        try_setting(r, &setting);
    g_array_append_val(scope->settings, setting);
}

static void read_member(Reader *r, const WbSuiteKey *key, const Json *item, WbDraftScope *scope)
{
    if (!check_type(r, key, item))
        return;
    switch (key->kind) {
    case WB_KIND_SECTION:
        read_section(r, item, key->name, key->keys, scope);
        break;
    case WB_KIND_LABELS:
        read_labels(r, item, scope->labels, NULL);
        break;
    case WB_KIND_MATRIX:
        read_matrix(r, item, scope);
        break;
    case WB_KIND_SKIP:
        read_skips(r, item, scope);
        break;
    case WB_KIND_TARGETS:
        read_targets(r, item);
        break;
    case WB_KIND_RUNS:
        if (cJSON_IsObject(item)) {
            read_section(r, item, key->name, key->keys, scope);
            break;
        }
        read_setting(r, key, item, scope);
        break;
    default:
        read_setting(r, key, item, scope);
    }
}

static void tell_unknown(Reader *r, const Json *member, const char *what, const WbSuiteKey *keys)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    g_autofree char *hint = NULL;

    for (; keys->name; keys++)
        g_ptr_array_add(known, (char *)(uintptr_t)keys->name);
    hint = wb_near_word_hint(member->string, known);
    wb_suite_problems_add(r->problems, WB_SUITE_KEY_OF(place_of(member)),
                          "unknown key '%.60s' in %s; %s", member->string, what, hint);
}

static void read_section(Reader *r, const Json *object, const char *what, const WbSuiteKey *keys,
                         WbDraftScope *scope)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const Json *member;

    cJSON_ArrayForEach(member, object)
    {
        const WbSuiteKey *key = keys;

        if (wb_suite_problems_full(r->problems))
            return;
        while (key->name && strcmp(key->name, member->string) != 0)
            key++;
        if (!key->name)
            tell_unknown(r, member, what, keys);
        else if (!is_double(r, member, seen))
            read_member(r, key, member, scope);
    }
    for (; keys->name; keys++)
        if ((keys->flags & WB_KEY_REQUIRED) && !g_hash_table_contains(seen, keys->name))
            wb_suite_problems_add(r->problems, place_of(object),
                                  "\"%s\" is missing in %s; add it, as in \"%s\": %s", keys->name,
                                  what, keys->name, keys->example);
}

/* ---- the document -------------------------------------------------------------------------- */

static Json *parse_json(const char *path, const char *text, GError **error)
{
    const char *end = text;
    const char *what;
    Json *root = cJSON_ParseWithOpts(text, &end, true);

    if (root)
        return root;
    end = wb_json_place_syntax(text, end, &what);
    wb_suite_refuse_at(path, text, end, what, error);
    return NULL;
}

WbSuiteDraft *wb_suite_draft_read(const char *path, const char *text, WbSuiteProblems *problems,
                                  GError **error)
{
    g_autoptr(Json) root = parse_json(path, text, error);
    WbSuiteDraft *draft;

    if (!root)
        return NULL;
    number_values(root, 0);
    draft = wb_suite_draft_new();
    if (cJSON_IsObject(root))
        read_section(&(Reader){problems, draft}, root, "a suite", wb_suite_keys(), draft->suite);
    else
        wb_suite_problems_add(problems, 0,
                              "a suite is an object, not %s; write it as in {\"targets\": [...]}",
                              type_name(root));
    return draft;
}
