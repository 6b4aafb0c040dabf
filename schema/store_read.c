/*
 * The store, reading: sets of runs with their cases and published figures. Runs are read from the
 * tables (store_runs.c), not from run_facts: what the view adds (windows of slices) analyze makes
 * itself, for any width. A column that an older file lacks is read as missing.
 */
#include <string.h>

#include "schema/store_private.h"

/* ---- runs --------------------------------------------------------------------------------- */

void wb_case_free(WbCase *of_case)
{
    if (!of_case)
        return;
    wb_labels_free(of_case->labels);
    g_free(of_case);
}

static void free_case(void *data)
{
    wb_case_free(data);
}

void wb_run_set_free(WbRunSet *set)
{
    if (!set)
        return;
    g_ptr_array_unref(set->cases);
    g_array_unref(set->runs);
    g_array_unref(set->published);
    g_string_chunk_free(set->text);
    g_clear_pointer(&set->more_text, g_ptr_array_unref);
    g_free(set);
}

static void free_text(void *text)
{
    g_string_chunk_free(text);
}

static WbRunSet *run_set_new(void)
{
    WbRunSet *set = g_new0(WbRunSet, 1);

    set->cases = g_ptr_array_new_with_free_func(free_case);
    set->runs = g_array_new(FALSE, FALSE, sizeof(WbRun));
    set->published = g_array_new(FALSE, FALSE, sizeof(WbPublished));
    set->text = g_string_chunk_new(4096);
    set->more_text = g_ptr_array_new_with_free_func(free_text);
    return set;
}

int64_t wb_store_column_int(sqlite3_stmt *statement, int i)
{
    return sqlite3_column_type(statement, i) == SQLITE_NULL ? WB_NONE
                                                            : sqlite3_column_int64(statement, i);
}

double wb_store_column_real(sqlite3_stmt *statement, int i)
{
    return sqlite3_column_type(statement, i) == SQLITE_NULL ? NAN
                                                            : sqlite3_column_double(statement, i);
}

static bool load_published_rows(WbStore *store, WbRunSet *set, const WbKnown *known,
                                const WbFilter *filter, const char *conditions, GError **error)
{
    g_autofree char *sql = g_strdup_printf(
        "SELECT p.case_id, p.state, p.split, p.because, p.requests_per_s, p.requests_per_s_half, "
        "p.window_ns, p.window_min, p.window_max, p.log_id, p.log_line FROM published AS p "
        "JOIN cases AS k ON k.id = p.case_id WHERE 1 %s ORDER BY p.id",
        conditions);
    g_autoptr(WbStatement) statement = wb_store_prepare(store, sql, error);
    int code;

    if (!statement)
        return false;
    wb_filter_bind(filter, statement);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        WbPublished p;

        wb_published_init(&p);
        p.of_case = wb_known_case(known, sqlite3_column_int64(statement, 0));
        wb_state_parse((const char *)sqlite3_column_text(statement, 1), &p.state);
        p.split = wb_store_column_text(statement, 2, set->text);
        p.because = wb_store_column_text(statement, 3, set->text);
        p.requests_per_s = wb_store_column_real(statement, 4);
        p.requests_per_s_half = sqlite3_column_double(statement, 5);
        p.window_ns = wb_store_column_int(statement, 6);
        p.window_min = wb_store_column_real(statement, 7);
        p.window_max = wb_store_column_real(statement, 8);
        p.log_id = wb_store_column_int(statement, 9);
        p.log_line = wb_store_column_int(statement, 10);
        g_array_append_val(set->published, p);
    }
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

static bool load(WbStore *store, WbRunSet *set, const WbFilter *filter, const char *const *fields,
                 GError **error)
{
    g_autoptr(WbKnown) known = NULL;
    g_autoptr(GString) of_runs = g_string_new(NULL);
    g_autoptr(GString) of_published = g_string_new(NULL);

    if (!wb_filter_to_sql(store, filter, of_runs, of_published, error))
        return false;
    known = wb_known_load(store, set->text, error);
    if (!known || !wb_store_read_runs(store, set, known, filter, of_runs->str, fields, error) ||
        !load_published_rows(store, set, known, filter, of_published->str, error))
        return false;
    wb_known_take_used(known, set->cases);
    return true;
}

/* Cases, campaigns, runs and published figures are of one moment: one read transaction. */
WbRunSet *wb_store_load_runs(WbStore *store, const WbFilter *filter, const char *const *fields,
                             GError **error)
{
    g_autoptr(WbRunSet) set = run_set_new();
    bool outside = sqlite3_get_autocommit(store->db) != 0;
    bool done;

    if (outside && !wb_store_exec(store, "BEGIN", error))
        return NULL;
    done = load(store, set, filter, fields, error);
    if (outside)
        sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    return done ? g_steal_pointer(&set) : NULL;
}

char **wb_store_label_keys(WbStore *store, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(
        store, "SELECT key FROM case_labels GROUP BY key ORDER BY min(case_id), key", error);
    GPtrArray *keys;

    if (!statement)
        return NULL;
    keys = g_ptr_array_new();
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_ptr_array_add(keys, g_strdup((const char *)sqlite3_column_text(statement, 0)));
    g_ptr_array_add(keys, NULL);
    return (char **)g_ptr_array_free(keys, FALSE);
}
