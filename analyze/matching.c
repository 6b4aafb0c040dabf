/*
 * Matching: see matching.h. Renaming is done on the old side only: `--map OLD=NEW` says what the
 * old side's key (`fw=framework`), or a value of a key (`server:gunicorn19=gunicorn`), is called
 * on the new one.
 */
#include "analyze/matching.h"

#include <string.h>

G_DEFINE_QUARK(wb - matching - error - quark, wb_matching_error)

#define ALLOW_SETTINGS "settings"
#define ALLOW_HOSTS    "hosts"
#define ALLOW_ERRORS   "errors"

const char *wb_unlike_name(WbUnlike unlike)
{
    static const char *const names[] = {
        [WB_UNLIKE_ONLY_IN_A] = "only_in_a",
        [WB_UNLIKE_ONLY_IN_B] = "only_in_b",
        [WB_UNLIKE_SETTINGS] = "settings_differ",
        [WB_UNLIKE_HOSTS] = "hosts_differ",
        [WB_UNLIKE_ERRORS_APPEARED] = "errors_appeared",
        [WB_UNLIKE_ERRORS_GONE] = "errors_gone",
    };

    return names[unlike];
}

static void clear_difference(void *data)
{
    WbDifference *difference = data;

    g_free(difference->a);
    g_free(difference->b);
}

static void free_match(void *data)
{
    WbMatch *match = data;

    wb_labels_free(match->labels);
    g_array_unref(match->differences);
    g_free(match);
}

void wb_matching_init(WbMatching *matching)
{
    *matching = (WbMatching){.list = g_ptr_array_new_with_free_func(free_match)};
}

void wb_matching_clear(WbMatching *matching)
{
    g_free(matching->by);
    g_strfreev(matching->ignore);
    g_strfreev(matching->map);
    g_strfreev(matching->allow);
    g_ptr_array_unref(matching->list);
}

const WbMatch *wb_match_at(const WbMatching *matching, size_t i)
{
    return g_ptr_array_index(matching->list, i);
}

void wb_matching_add_options(WbMatching *matching, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"by", 0, 0, G_OPTION_ARG_FILENAME, &matching->by,
         "Match cases by these labels only (default: by all)", "KEY[,KEY]"},
        {"ignore", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &matching->ignore,
         "Match without this label, as one that names the release; repeatable", "KEY[,KEY]"},
        {"map", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &matching->map,
         "A renamed label: its key, or KEY:VALUE=VALUE; repeatable", "OLD=NEW"},
        {"allow", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &matching->allow,
         "Compare in spite of that difference: settings, hosts, errors, or one by name, as "
         "connections; repeatable",
         "KEY[,KEY]"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_add_main_entries(context, entries, NULL);
}

/* ---- options -------------------------------------------------------------------------------- */

/* "a,b" and "c" -> a set of a, b, c. */
static void add_words(GHashTable *set, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);

    for (char **word = words; *word; word++)
        g_hash_table_add(set, g_strdup(g_strstrip(*word)));
}

static GHashTable *words_of(char **texts)
{
    GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (size_t i = 0; texts && texts[i]; i++)
        add_words(set, texts[i]);
    return set;
}

/* A key that no case has is a slip of the pen: two cases more or less would match by it. */
static bool check_keys(const GHashTable *keys, const char *option, const WbSide *a, const WbSide *b,
                       GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    void *key;

    for (int s = 0; s < 2; s++) {
        const GPtrArray *cases = (s ? b : a)->set->cases;

        for (guint i = 0; i < cases->len; i++) {
            const WbLabels *labels = ((const WbCase *)g_ptr_array_index(cases, i))->labels;

            for (size_t l = 0; l < wb_labels_count(labels); l++)
                g_hash_table_add(known, wb_labels_at(labels, l)->key);
        }
    }
    g_hash_table_iter_init(&iter, (GHashTable *)keys);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (!g_hash_table_contains(known, key)) {
            g_set_error(error, WB_MATCHING_ERROR, WB_MATCHING_ERROR_OPTION,
                        "--%s: no case has a label '%s'", option, (const char *)key);
            return false;
        }
    return true;
}

static bool check_allow(const GHashTable *allow, GError **error)
{
    static const char *const groups[] = {ALLOW_SETTINGS, ALLOW_HOSTS, ALLOW_ERRORS, NULL};
    GHashTableIter iter;
    void *word;

    g_hash_table_iter_init(&iter, (GHashTable *)allow);
    while (g_hash_table_iter_next(&iter, &word, NULL)) {
        g_autoptr(GString) known = g_string_new(NULL);
        size_t n;
        const WbTrait *traits = wb_traits(&n);

        if (g_strv_contains(groups, word) || wb_trait_find(word) >= 0)
            continue;
        for (size_t i = 0; i < n; i++)
            if (traits[i].kind != WB_TRAIT_TOLD)
                g_string_append_printf(known, ", %s", traits[i].name);
        g_set_error(error, WB_MATCHING_ERROR, WB_MATCHING_ERROR_OPTION,
                    "--allow takes settings, hosts, errors%s; not '%s'", known->str,
                    (const char *)word);
        return false;
    }
    return true;
}

/* ---- labels that count ---------------------------------------------------------------------- */

/* What decides of the labels of a case. */
typedef struct {
    GHashTable *by; /* NULL: all */
    GHashTable *ignore;
    GHashTable *keys;   /* old key -> new key */
    GHashTable *values; /* "KEY:OLD" -> new value */
} Rules;

static void rules_clear(Rules *rules)
{
    g_clear_pointer(&rules->by, g_hash_table_destroy);
    g_clear_pointer(&rules->ignore, g_hash_table_destroy);
    g_clear_pointer(&rules->keys, g_hash_table_destroy);
    g_clear_pointer(&rules->values, g_hash_table_destroy);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rules, rules_clear)

static bool read_map(Rules *rules, const char *text, GError **error)
{
    const char *equals = strchr(text, '=');
    const char *colon = strchr(text, ':');
    g_autofree char *old = equals ? g_strndup(text, (size_t)(equals - text)) : NULL;
    bool value = equals && colon && colon < equals;

    if (!old || !*old ||
        (!value && (!wb_labels_check_key(old, NULL) || !wb_labels_check_key(equals + 1, NULL)))) {
        g_set_error(error, WB_MATCHING_ERROR, WB_MATCHING_ERROR_OPTION,
                    "--map takes OLDKEY=NEWKEY or KEY:OLDVALUE=NEWVALUE, not '%s'", text);
        return false;
    }
    g_hash_table_insert(value ? rules->values : rules->keys, g_steal_pointer(&old),
                        g_strdup(equals + 1));
    return true;
}

static bool read_rules(Rules *rules, const WbMatching *matching, const WbSide *a, const WbSide *b,
                       const GPtrArray *chosen_by, GError **error)
{
    rules->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    rules->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    rules->ignore = words_of(matching->ignore);
    if (!check_keys(rules->ignore, "ignore", a, b, error))
        return false;
    for (size_t i = 0; matching->map && matching->map[i]; i++)
        if (!read_map(rules, matching->map[i], error))
            return false;
    for (guint i = 0; chosen_by && i < chosen_by->len; i++)
        g_hash_table_add(rules->ignore, g_strdup(g_ptr_array_index(chosen_by, i)));
    if (!matching->by)
        return true;
    rules->by = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    add_words(rules->by, matching->by);
    return check_keys(rules->by, "by", a, b, error);
}

static WbLabels *labels_of(const Rules *rules, const WbCaseSummary *of, bool old)
{
    const WbLabels *all = of->of_case->labels;
    WbLabels *labels = wb_labels_new();

    for (size_t i = 0; i < wb_labels_count(all); i++) {
        const char *key = wb_labels_at(all, i)->key;
        const char *value = wb_labels_at(all, i)->value;
        const char *new_key = old ? g_hash_table_lookup(rules->keys, key) : NULL;
        g_autofree char *pair = g_strconcat(key, ":", value, NULL);
        const char *new_value = old ? g_hash_table_lookup(rules->values, pair) : NULL;

        key = new_key ? new_key : key;
        if (!g_hash_table_contains(rules->ignore, key) &&
            (!rules->by || g_hash_table_contains(rules->by, key)))
            wb_labels_set(labels, key, new_value ? new_value : value);
    }
    return labels;
}

/* Keys hold no "=", values may hold anything: lengths make it unambiguous. */
static char *flatten(const WbLabels *labels)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        const WbLabel *label = wb_labels_at(labels, i);

        g_string_append_printf(text, "%s=%zu:%s ", label->key, strlen(label->value), label->value);
    }
    return g_string_free(text, FALSE);
}

/* ---- errors --------------------------------------------------------------------------------- */

static int64_t run_errors(const WbRun *run)
{
    const int64_t classes[] = {run->errors_connect, run->errors_read,   run->errors_write,
                               run->errors_timeout, run->errors_status, run->errors_expect};
    int64_t sum = WB_NONE;

    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
        if (classes[i] != WB_NONE)
            sum = (sum == WB_NONE ? 0 : sum) + classes[i];
    return sum;
}

static WbErrorTally tally(const WbCaseSummary *of)
{
    WbErrorTally out = {.errors = WB_NONE};

    for (size_t i = 0; i < of->complete_n; i++) {
        int64_t errors = run_errors(of->complete[i]);

        out.runs++;
        if (errors == WB_NONE)
            continue;
        out.with_errors += errors > 0;
        out.errors = (out.errors == WB_NONE ? 0 : out.errors) + errors;
    }
    /* Published cases say no more than that there are some. A server none of whose runs came to
     * its end has failed, whatever the client counted. */
    if (out.runs == 0)
        out.with_errors = of->runs_failed > 0 || !g_strcmp0(of->split, WB_SPLIT_NAME_ERRORS);
    return out;
}

/* ---- a pair --------------------------------------------------------------------------------- */

static bool is_allowed(const WbTrait *trait, const GHashTable *allow)
{
    GHashTable *set = (GHashTable *)allow;

    if (trait->kind == WB_TRAIT_TOLD || g_hash_table_contains(set, trait->name))
        return true;
    return g_hash_table_contains(set, trait->kind == WB_TRAIT_HOST ? ALLOW_HOSTS : ALLOW_SETTINGS);
}

static void find_differences(WbMatch *match, const WbSide *a, const WbSide *b,
                             const GHashTable *allow)
{
    size_t n;
    const WbTrait *traits = wb_traits(&n);

    for (size_t i = 0; i < n; i++) {
        g_autofree char *old = wb_trait_text(&traits[i], a, match->a);
        g_autofree char *new = wb_trait_text(&traits[i], b, match->b);
        WbDifference difference = {.trait = &traits[i], .allowed = is_allowed(&traits[i], allow)};

        if (!old || !new || !strcmp(old, new))
            continue;
        difference.a = g_steal_pointer(&old);
        difference.b = g_steal_pointer(&new);
        g_array_append_val(match->differences, difference);
    }
}

static bool differs(const WbMatch *match, WbTraitKind kind)
{
    for (guint i = 0; i < match->differences->len; i++) {
        const WbDifference *d = &g_array_index(match->differences, WbDifference, i);

        if (d->trait->kind == kind && !d->allowed)
            return true;
    }
    return false;
}

static void judge(WbMatch *match, const WbSide *a, const WbSide *b, const GHashTable *allow)
{
    bool errors_a, errors_b;

    if (match->a)
        match->errors_a = tally(match->a);
    if (match->b)
        match->errors_b = tally(match->b);
    errors_a = match->errors_a.with_errors > 0;
    errors_b = match->errors_b.with_errors > 0;
    if (!match->a || !match->b) {
        match->unlike = match->a ? WB_UNLIKE_ONLY_IN_A : WB_UNLIKE_ONLY_IN_B;
    } else {
        find_differences(match, a, b, allow);
        match->with_errors = errors_a && errors_b;
        if (differs(match, WB_TRAIT_SETTING))
            match->unlike = WB_UNLIKE_SETTINGS;
        else if (differs(match, WB_TRAIT_HOST))
            match->unlike = WB_UNLIKE_HOSTS;
        else if (errors_a != errors_b && !g_hash_table_contains((GHashTable *)allow, ALLOW_ERRORS))
            match->unlike = errors_b ? WB_UNLIKE_ERRORS_APPEARED : WB_UNLIKE_ERRORS_GONE;
    }
    match->unlike_latency = match->unlike;
    if (match->unlike == WB_UNLIKE_NONE && differs(match, WB_TRAIT_LATENCY))
        match->unlike_latency = WB_UNLIKE_SETTINGS;
}

/* ---- finding -------------------------------------------------------------------------------- */

/* A declared n/a or blank is no case that was measured. */
static bool is_measured(const WbCaseSummary *of)
{
    return of->runs > 0 || of->split;
}

/* "server=gunicorn, framework=flask" for an error message. */
static char *name_of(const WbLabels *labels)
{
    GString *name = g_string_new(NULL);

    for (size_t i = 0; i < wb_labels_count(labels); i++)
        g_string_append_printf(name, "%s%s=%s", i ? ", " : "", wb_labels_at(labels, i)->key,
                               wb_labels_at(labels, i)->value);
    for (char *p = name->str; *p; p++)
        if (g_ascii_iscntrl(*p))
            *p = '?';
    return g_string_free(name, FALSE);
}

/* The cases of one side by the labels that count. */
static bool index_side(const Rules *rules, const WbSide *side, bool old, WbMatching *matching,
                       GHashTable *index, GError **error)
{
    for (size_t i = 0; i < side->summary->cases->len; i++) {
        const WbCaseSummary *of = wb_summary_at(side->summary, i);
        g_autoptr(WbLabels) labels = labels_of(rules, of, old);
        g_autofree char *flat = flatten(labels);
        WbMatch *match = g_hash_table_lookup(index, flat);

        if (!is_measured(of))
            continue;
        if (match && (old ? match->a : match->b)) {
            g_autofree char *name = name_of(labels);

            g_set_error(error, WB_MATCHING_ERROR, WB_MATCHING_ERROR_TWICE,
                        "the %s side holds more than one case '%s' by the labels that count; leave "
                        "more of them in --by, ignore fewer, or choose by --where",
                        old ? "old" : "new", name);
            return false;
        }
        if (!match) {
            match = g_new0(WbMatch, 1);
            match->labels = g_steal_pointer(&labels);
            match->differences = g_array_new(FALSE, FALSE, sizeof(WbDifference));
            g_array_set_clear_func(match->differences, clear_difference);
            g_ptr_array_add(matching->list, match);
            g_hash_table_insert(index, g_steal_pointer(&flat), match);
        }
        *(old ? &match->a : &match->b) = of;
    }
    return true;
}

bool wb_matching_find(WbMatching *matching, const WbSide *a, const WbSide *b,
                      const GPtrArray *chosen_by, GError **error)
{
    g_autoptr(GHashTable) index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) allow = words_of(matching->allow);
    g_auto(Rules) rules = {0};

    g_ptr_array_set_size(matching->list, 0);
    if (!check_allow(allow, error) || !read_rules(&rules, matching, a, b, chosen_by, error) ||
        !index_side(&rules, a, true, matching, index, error) ||
        !index_side(&rules, b, false, matching, index, error))
        return false;
    for (guint i = 0; i < matching->list->len; i++)
        judge(g_ptr_array_index(matching->list, i), a, b, allow);
    return true;
}
