/*
 * Suite expand: targets x matrix into cells, less the skipped ones.
 *
 * The values of the matrix turn like an odometer, the last key fastest, so that cells stand in the
 * order in which the file reads. How many there will be is known, and bounded, before the first is
 * made.
 */
#include "runner/suite_draft.h"

#include <string.h>

typedef struct {
    WbSuite *suite;
    WbSuiteDraft *draft;
    WbSuiteProblems *problems;
    const char *folder;
    GHashTable *seen; /* labels of a cell as text -> its target */
    int64_t bytes;
} Expansion;

/* The axes of one target: the suite's that neither its labels fix nor its own matrix replaces, in
 * their places, then its own. Borrowed; the list is the caller's. */
static GPtrArray *axes_of(const Expansion *e, const WbDraftScope *target)
{
    GPtrArray *axes = g_ptr_array_new();
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < e->draft->suite->axes->len; i++) {
        WbDraftAxis *axis = e->draft->suite->axes->pdata[i];

        for (guint j = 0; j < target->axes->len; j++)
            if (strcmp(((WbDraftAxis *)target->axes->pdata[j])->key, axis->key) == 0)
                axis = target->axes->pdata[j];
        g_hash_table_add(taken, axis->key);
        if (!wb_draft_texts_find(target->labels, axis->key))
            g_ptr_array_add(axes, axis);
    }
    for (guint j = 0; j < target->axes->len; j++) {
        WbDraftAxis *axis = target->axes->pdata[j];

        if (!g_hash_table_contains(taken, axis->key))
            g_ptr_array_add(axes, axis);
    }
    return axes;
}

/* A key that one object fixes and lets vary at once. */
static void check_scope(Expansion *e, const WbDraftScope *scope)
{
    for (guint i = 0; i < scope->axes->len; i++) {
        const WbDraftAxis *axis = scope->axes->pdata[i];

        if (wb_draft_texts_find(scope->labels, axis->key))
            wb_suite_problems_add(e->problems, WB_SUITE_KEY_OF(axis->place),
                                  "'%s' stands in \"labels\" beside it as well; remove one",
                                  axis->key);
    }
}

static int64_t count_cells(const GPtrArray *axes)
{
    int64_t n = 1;

    for (guint i = 0; i < axes->len && n <= WB_SUITE_MAX_CELLS; i++)
        n *= ((const WbDraftAxis *)axes->pdata[i])->values->len;
    return n;
}

static bool check_count(Expansion *e)
{
    int64_t n = 0;

    for (guint i = 0; i < e->draft->targets->len; i++) {
        const WbDraftScope *target = e->draft->targets->pdata[i];
        g_autoptr(GPtrArray) axes = axes_of(e, target);

        n += count_cells(axes);
        if (n > WB_SUITE_MAX_CELLS) {
            wb_suite_problems_add(e->problems, target->place,
                                  "too many cells: targets and matrix give more than %d; split "
                                  "the suite",
                                  WB_SUITE_MAX_CELLS);
            return false;
        }
    }
    return true;
}

static void set_labels(WbLabels *labels, const GArray *texts)
{
    for (guint i = 0; i < texts->len; i++) {
        const WbDraftText *text = &g_array_index(texts, WbDraftText, i);

        wb_labels_set(labels, text->name, text->text);
    }
}

static WbLabels *labels_of(const Expansion *e, const WbDraftScope *target, const GPtrArray *axes,
                           const guint *turn)
{
    WbLabels *labels = wb_labels_new();

    set_labels(labels, e->draft->suite->labels);
    set_labels(labels, target->labels);
    for (guint i = 0; i < axes->len; i++) {
        const WbDraftAxis *axis = axes->pdata[i];

        wb_labels_set(labels, axis->key, g_array_index(axis->values, WbDraftText, turn[i]).text);
    }
    return labels;
}

/* The next turn of the odometer; false: it went round. */
static bool next_turn(const GPtrArray *axes, guint *turn)
{
    for (guint i = axes->len; i-- > 0;) {
        if (++turn[i] < ((const WbDraftAxis *)axes->pdata[i])->values->len)
            return true;
        turn[i] = 0;
    }
    return false;
}

/* ---- duplicates and skips ------------------------------------------------------------------ */

/* Keys hold no '=' and texts no NUL: U+001F keeps neighbours apart well enough to compare. */
static char *identity(const WbLabels *labels, char between)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        const WbLabel *label = wb_labels_at(labels, i);

        if (i)
            g_string_append_c(text, between);
        g_string_append_printf(text, "%s=%s", label->key, label->value);
    }
    return g_string_free(text, FALSE);
}

static bool is_new(Expansion *e, const WbLabels *labels, WbDraftScope *target)
{
    char *key = identity(labels, '\x1f');
    const WbDraftScope *other = g_hash_table_lookup(e->seen, key);
    g_autofree char *words = NULL;
    g_autofree char *where = NULL;

    e->bytes += (int64_t)strlen(key) * 2 + 64;
    if (!other) {
        g_hash_table_insert(e->seen, key, target);
        return true;
    }
    g_free(key);
    words = identity(labels, ' ');
    where = wb_suite_problems_where(e->problems, other->place);
    wb_suite_problems_add(e->problems, target->place,
                          "the same cell as the target at %s: %.200s; give one of both another "
                          "label",
                          where, *words ? words : "both have no label");
    return false;
}

static bool has_labels(const WbLabels *labels, const GArray *wanted)
{
    for (guint i = 0; i < wanted->len; i++) {
        const WbDraftText *text = &g_array_index(wanted, WbDraftText, i);
        const char *value = wb_labels_get(labels, text->name);

        if (!value || strcmp(value, text->text) != 0)
            return false;
    }
    return true;
}

/* The first skip that is about these labels, or NULL; all that are get marked. */
static const WbDraftSkip *find_skip(const WbDraftScope *scope, const WbLabels *labels)
{
    const WbDraftSkip *first = NULL;

    for (guint i = 0; i < scope->skips->len; i++) {
        WbDraftSkip *skip = scope->skips->pdata[i];

        if (!has_labels(labels, skip->labels))
            continue;
        skip->matched = true;
        first = first ? first : skip;
    }
    return first;
}

/* Why a skip matches nothing: the first label that no cell has, or just the set of them. */
static void tell_unmatched(Expansion *e, const WbDraftSkip *skip)
{
    for (guint i = 0; i < skip->labels->len; i++) {
        const WbDraftText *text = &g_array_index(skip->labels, WbDraftText, i);
        g_autofree char *why = wb_suite_unmatched(e->suite, text->name, text->text);

        if (why) {
            wb_suite_problems_add(e->problems, text->place, "this skip matches nothing: %s", why);
            return;
        }
    }
    wb_suite_problems_add(e->problems, skip->place,
                          "this skip matches nothing: no cell has all of its labels; correct or "
                          "remove it");
}

static void check_skips(Expansion *e, const WbDraftScope *scope)
{
    for (guint i = 0; i < scope->skips->len && !wb_suite_problems_full(e->problems); i++) {
        const WbDraftSkip *skip = scope->skips->pdata[i];

        if (!skip->matched)
            tell_unmatched(e, skip);
    }
}

/* ---- cells --------------------------------------------------------------------------------- */

static void apply_scope(const WbDraftScope *scope, WbDraftApply *apply, WbSuiteCell *cell)
{
    for (guint i = 0; i < scope->settings->len; i++) {
        const WbDraftSetting *setting = &g_array_index(scope->settings, WbDraftSetting, i);

        if (!(setting->key->flags & WB_KEY_OF_SUITE))
            wb_draft_setting_apply(setting, apply, cell);
    }
}

/* Takes ownership of `labels`. */
static void add_cell(Expansion *e, const WbDraftScope *target, int number, WbLabels *labels)
{
    WbDraftApply apply = {.problems = e->problems, .labels = labels, .expanded_bytes = &e->bytes};
    WbSuiteCell *cell = wb_suite_cell_new();
    char *directory;

    wb_labels_free(cell->labels);
    cell->labels = labels;
    cell->target = number;
    apply_scope(e->draft->suite, &apply, cell);
    apply_scope(target, &apply, cell);
    directory =
        g_canonicalize_filename(cell->server.directory ? cell->server.directory : ".", e->folder);
    g_free(cell->server.directory);
    cell->server.directory = directory;
    cell->server.picks_port = apply.port_in_command || apply.port_in_url;
    if (cell->server.url)
        wb_suite_cell_check(cell, e->draft->suite, target, &apply);
    e->bytes += (int64_t)(sizeof *cell + strlen(directory));
    g_ptr_array_add(e->suite->cells, cell);
}

static void add_skip(Expansion *e, const WbDraftSkip *why, WbLabels *labels)
{
    WbSuiteSkip *skip = g_new0(WbSuiteSkip, 1);

    skip->labels = labels;
    skip->because = g_strdup(why->because);
    g_ptr_array_add(e->suite->skips, skip);
}

static bool may_go_on(Expansion *e, const WbDraftScope *target)
{
    if (e->bytes > WB_SUITE_MAX_EXPANDED_BYTES)
        wb_suite_problems_add(e->problems, target->place,
                              "the cells' texts take more than 256 MiB; split the suite");
    return e->bytes <= WB_SUITE_MAX_EXPANDED_BYTES && !wb_suite_problems_full(e->problems);
}

static void expand_target(Expansion *e, WbDraftScope *target, int number)
{
    g_autoptr(GPtrArray) axes = axes_of(e, target);
    g_autofree guint *turn = g_new0(guint, axes->len + 1);

    do {
        WbLabels *labels = labels_of(e, target, axes, turn);
        const WbDraftSkip *skip = find_skip(e->draft->suite, labels);
        const WbDraftSkip *own = find_skip(target, labels);

        if (wb_labels_count(labels) > WB_LABELS_MAX) {
            wb_suite_problems_add(e->problems, target->place,
                                  "too many labels in a cell: %zu, at most %d",
                                  wb_labels_count(labels), WB_LABELS_MAX);
            wb_labels_free(labels);
            return;
        }
        if (!is_new(e, labels, target))
            wb_labels_free(labels);
        else if (skip || own)
            add_skip(e, skip ? skip : own, labels);
        else
            add_cell(e, target, number, labels);
    } while (may_go_on(e, target) && next_turn(axes, turn));
}

int64_t wb_suite_count_runs(const WbSuite *suite)
{
    int64_t n = 0;

    for (guint i = 0; i < suite->cells->len; i++)
        n += ((const WbSuiteCell *)suite->cells->pdata[i])->load.runs_max;
    return n;
}

void wb_suite_expand(WbSuite *suite, WbSuiteDraft *draft, const char *folder,
                     WbSuiteProblems *problems)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Expansion e = {suite, draft, problems, folder, seen, 0};

    check_scope(&e, draft->suite);
    for (guint i = 0; i < draft->targets->len; i++)
        check_scope(&e, draft->targets->pdata[i]);
    if (wb_suite_problems_count(problems) > 0 || !check_count(&e))
        return;
    for (guint i = 0; i < draft->targets->len && may_go_on(&e, draft->targets->pdata[i]); i++)
        expand_target(&e, draft->targets->pdata[i], (int)i);
    if (wb_suite_problems_count(problems) > 0)
        return;
    check_skips(&e, draft->suite);
    for (guint i = 0; i < draft->targets->len; i++)
        check_skips(&e, draft->targets->pdata[i]);
    if (wb_suite_problems_count(problems) == 0 && suite->cells->len == 0)
        wb_suite_problems_add(problems, 0, "every cell is skipped; nothing is left to run");
    if (wb_suite_count_runs(suite) > WB_SUITE_MAX_RUNS)
        wb_suite_problems_add(problems, 0,
                              "too many runs: %" G_GINT64_FORMAT " of all cells, at most "
                              "%d; ask for fewer \"runs\"",
                              wb_suite_count_runs(suite), WB_SUITE_MAX_RUNS);
}
