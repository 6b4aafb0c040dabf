/*
 * The store: the cases and campaigns of a file by their numbers, read whole before the runs that
 * name them: a million runs have ten thousand cases and a handful of campaigns.
 */
#include "schema/store_private.h"

typedef struct {
    WbCase *of_case; /* owned until it is taken */
    int is_used;     /* atomic: readers of several threads look cases up */
} KnownCase;

struct WbKnown {
    GArray *cases;      /* of KnownCase, by number */
    GHashTable *index;  /* number of a case -> its place in `cases` + 1 */
    GHashTable *uuids;  /* number of a campaign -> uuid */
    GStringChunk *text; /* borrowed: what the uuids lie in */
};

static void free_case(void *data)
{
    wb_case_free(((KnownCase *)data)->of_case);
}

void wb_known_free(WbKnown *known)
{
    if (!known)
        return;
    g_hash_table_unref(known->index);
    g_hash_table_unref(known->uuids);
    g_array_unref(known->cases);
    g_free(known);
}

static bool load_cases(WbStore *store, WbKnown *known, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store,
                         "SELECT k.id, l.key, l.value FROM cases AS k LEFT JOIN case_labels AS l "
                         "ON l.case_id = k.id ORDER BY k.id, l.key",
                         error);
    WbCase *last = NULL;
    int code;

    if (!statement)
        return false;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(statement, 0);

        if (!last || last->id != id) {
            KnownCase one = {last = g_new0(WbCase, 1), 0};

            last->id = id;
            last->labels = wb_labels_new();
            g_array_append_val(known->cases, one);
            g_hash_table_insert(known->index, &last->id, GUINT_TO_POINTER(known->cases->len));
        }
        if (sqlite3_column_type(statement, 1) != SQLITE_NULL)
            wb_labels_set(last->labels, (const char *)sqlite3_column_text(statement, 1),
                          (const char *)sqlite3_column_text(statement, 2));
    }
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

static bool load_campaigns(WbStore *store, WbKnown *known, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "SELECT id, uuid FROM campaigns", error);
    int code;

    if (!statement)
        return false;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(statement, 0);

        g_hash_table_insert(known->uuids, g_memdup2(&id, sizeof id),
                            (gpointer)wb_store_column_text(statement, 1, known->text));
    }
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

WbKnown *wb_known_load(WbStore *store, GStringChunk *text, GError **error)
{
    g_autoptr(WbKnown) known = g_new0(WbKnown, 1);

    known->cases = g_array_new(FALSE, FALSE, sizeof(KnownCase));
    g_array_set_clear_func(known->cases, free_case);
    known->index = g_hash_table_new(g_int64_hash, g_int64_equal);
    known->uuids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    known->text = text;
    if (!load_cases(store, known, error) || !load_campaigns(store, known, error))
        return NULL;
    return g_steal_pointer(&known);
}

const WbCase *wb_known_case(const WbKnown *known, int64_t id)
{
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(known->index, &id));
    KnownCase *one;

    if (place == 0)
        return NULL;
    one = &g_array_index(known->cases, KnownCase, place - 1);
    if (!g_atomic_int_get(&one->is_used))
        g_atomic_int_set(&one->is_used, 1);
    return one->of_case;
}

const char *wb_known_campaign(const WbKnown *known, int64_t id)
{
    return g_hash_table_lookup(known->uuids, &id);
}

void wb_known_list_used(const WbKnown *known, GPtrArray *out)
{
    for (guint i = 0; i < known->cases->len; i++) {
        KnownCase *one = &g_array_index(known->cases, KnownCase, i);

        if (one->is_used)
            g_ptr_array_add(out, one->of_case);
    }
}

void wb_known_take_used(WbKnown *known, GPtrArray *out)
{
    for (guint i = 0; i < known->cases->len; i++) {
        KnownCase *one = &g_array_index(known->cases, KnownCase, i);

        if (one->is_used)
            g_ptr_array_add(out, g_steal_pointer(&one->of_case));
    }
}
