/*
 * The store, reading. Runs are read in one query from the tables, not from run_facts: what the
 * view adds (windows of slices) analyze makes itself, for any width. A column that an older file
 * lacks is read as missing.
 */
#include <string.h>

#include "schema/store_private.h"

/* ---- runs --------------------------------------------------------------------------------- */

static void free_case(void *data)
{
    WbCase *of_case = data;

    wb_labels_free(of_case->labels);
    g_free(of_case);
}

void wb_run_set_free(WbRunSet *set)
{
    if (!set)
        return;
    g_ptr_array_unref(set->cases);
    g_array_unref(set->runs);
    g_array_unref(set->published);
    g_string_chunk_free(set->text);
    g_free(set);
}

static WbRunSet *run_set_new(void)
{
    WbRunSet *set = g_new0(WbRunSet, 1);

    set->cases = g_ptr_array_new_with_free_func(free_case);
    set->runs = g_array_new(FALSE, FALSE, sizeof(WbRun));
    set->published = g_array_new(FALSE, FALSE, sizeof(WbPublished));
    set->text = g_string_chunk_new(4096);
    return set;
}

static WbLabels *load_labels(WbStore *store, int64_t case_id, GError **error)
{
    g_autoptr(WbLabels) labels = wb_labels_new();
    sqlite3_stmt *statement = wb_store_statement(
        store, STATEMENT_LOAD_LABELS,
        "SELECT key, value FROM case_labels WHERE case_id = ?1 ORDER BY key", error);
    int code;

    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, case_id);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        wb_labels_set(labels, (const char *)sqlite3_column_text(statement, 0),
                      (const char *)sqlite3_column_text(statement, 1));
    if (code != SQLITE_DONE)
        wb_store_set_error(store, error);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? g_steal_pointer(&labels) : NULL;
}

/* The set's case of that number, loaded when it is first met. `index`: number -> WbCase. */
static WbCase *case_of(WbStore *store, WbRunSet *set, GHashTable *index, int64_t id, GError **error)
{
    WbCase *of_case = g_hash_table_lookup(index, &id);
    WbLabels *labels;

    if (of_case)
        return of_case;
    labels = load_labels(store, id, error);
    if (!labels)
        return NULL;
    of_case = g_new0(WbCase, 1);
    of_case->id = id;
    of_case->labels = labels;
    g_ptr_array_add(set->cases, of_case);
    g_hash_table_insert(index, &of_case->id, of_case);
    return of_case;
}

static int64_t column_int(sqlite3_stmt *statement, int i)
{
    return sqlite3_column_type(statement, i) == SQLITE_NULL ? WB_NONE
                                                            : sqlite3_column_int64(statement, i);
}

static double column_real(sqlite3_stmt *statement, int i)
{
    return sqlite3_column_type(statement, i) == SQLITE_NULL ? NAN
                                                            : sqlite3_column_double(statement, i);
}

/* One field that is read: neighbours often have the same text, which is then looked up once. */
typedef struct {
    const WbField *field;
    const char *last;
} Column;

static const char *read_text(sqlite3_stmt *statement, int i, Column *column, GStringChunk *chunk)
{
    const char *text = (const char *)sqlite3_column_text(statement, i);

    if (!text)
        return NULL;
    if (!column->last || strcmp(column->last, text) != 0)
        column->last = column->field->is_unique ? g_string_chunk_insert(chunk, text)
                                                : g_string_chunk_insert_const(chunk, text);
    return column->last;
}

static int read_field(sqlite3_stmt *statement, int i, Column *column, WbRun *run,
                      GStringChunk *chunk)
{
    const WbField *field = column->field;
    char *base = (char *)run;
    void *member = base + field->offset;
    void *half = base + field->half_offset;

    if (field->type == WB_FIELD_TEXT) {
        *(const char **)member = read_text(statement, i, column, chunk);
        return i + 1;
    }
    if (field->type == WB_FIELD_REAL) {
        *(double *)member = column_real(statement, i);
        if (field->half_offset)
            *(double *)half = sqlite3_column_double(statement, i + 1);
    } else {
        *(int64_t *)member = column_int(statement, i);
        if (field->half_offset)
            *(int64_t *)half = sqlite3_column_int64(statement, i + 1);
    }
    return i + (field->half_offset ? 2 : 1);
}

/* Columns of table `runs` in this file, an older one perhaps. */
static GHashTable *columns_of_runs(WbStore *store, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "SELECT name FROM pragma_table_info('runs')", error);
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (!statement)
        return NULL;
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_hash_table_add(names, g_strdup((const char *)sqlite3_column_text(statement, 0)));
    return g_steal_pointer(&names);
}

static void append_column(GString *sql, GHashTable *columns, const char *name)
{
    if (g_hash_table_contains(columns, name))
        g_string_append_printf(sql, ", r.%s", name);
    else
        g_string_append(sql, ", NULL");
}

/* Of Column: the wanted fields, in the order of wb_run_fields. */
static GArray *columns_for(const char *const *wanted)
{
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(Column));
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    for (size_t i = 0; i < n; i++) {
        Column column = {&fields[i], NULL};

        if (!wanted || strcmp(fields[i].name, "run_id") == 0 ||
            g_strv_contains(wanted, fields[i].name))
            g_array_append_val(columns, column);
    }
    return columns;
}

/* "SELECT case_id, <fields and halves> FROM runs ...": in the order of `read`. */
static char *select_runs_sql(WbStore *store, const GArray *read, const char *conditions,
                             GError **error)
{
    g_autoptr(GHashTable) columns = columns_of_runs(store, error);
    GString *sql;

    if (!columns)
        return NULL;
    sql = g_string_new("SELECT r.case_id");
    for (guint i = 0; i < read->len; i++) {
        const WbField *field = g_array_index(read, Column, i).field;
        g_autofree char *half = g_strconcat(field->name, "_half", NULL);

        if (strcmp(field->name, "campaign") == 0)
            g_string_append(sql, ", c.uuid");
        else
            append_column(sql, columns, field->name);
        if (field->half_offset)
            append_column(sql, columns, half);
    }
    g_string_append_printf(sql,
                           " FROM runs AS r JOIN campaigns AS c ON c.id = r.campaign_id "
                           "JOIN cases AS k ON k.id = r.case_id WHERE 1 %s ORDER BY r.run_id",
                           conditions);
    return g_string_free(sql, FALSE);
}

static bool load_run_rows(WbStore *store, WbRunSet *set, GHashTable *index, const WbFilter *filter,
                          const char *conditions, const char *const *wanted, GError **error)
{
    g_autoptr(GArray) read = columns_for(wanted);
    g_autofree char *sql = select_runs_sql(store, read, conditions, error);
    g_autoptr(WbStatement) statement = sql ? wb_store_prepare(store, sql, error) : NULL;
    int code;

    if (!statement)
        return false;
    wb_filter_bind(filter, statement);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        WbRun run;
        int column = 1;

        wb_run_init(&run);
        for (guint i = 0; i < read->len; i++)
            column =
                read_field(statement, column, &g_array_index(read, Column, i), &run, set->text);
        run.of_case = case_of(store, set, index, sqlite3_column_int64(statement, 0), error);
        if (!run.of_case)
            return false;
        g_array_append_val(set->runs, run);
    }
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

static bool load_published_rows(WbStore *store, WbRunSet *set, GHashTable *index,
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
        p.of_case = case_of(store, set, index, sqlite3_column_int64(statement, 0), error);
        if (!p.of_case)
            return false;
        wb_state_parse((const char *)sqlite3_column_text(statement, 1), &p.state);
        p.split = wb_store_column_text(statement, 2, set->text);
        p.because = wb_store_column_text(statement, 3, set->text);
        p.requests_per_s = column_real(statement, 4);
        p.requests_per_s_half = sqlite3_column_double(statement, 5);
        p.window_ns = column_int(statement, 6);
        p.window_min = column_real(statement, 7);
        p.window_max = column_real(statement, 8);
        p.log_id = column_int(statement, 9);
        p.log_line = column_int(statement, 10);
        g_array_append_val(set->published, p);
    }
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

static int compare_case_ids(const void *a, const void *b)
{
    const WbCase *x = *(WbCase *const *)a;
    const WbCase *y = *(WbCase *const *)b;

    return (x->id > y->id) - (x->id < y->id);
}

WbRunSet *wb_store_load_runs(WbStore *store, const WbFilter *filter, const char *const *fields,
                             GError **error)
{
    g_autoptr(WbRunSet) set = run_set_new();
    g_autoptr(GHashTable) index = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GString) of_runs = g_string_new(NULL);
    g_autoptr(GString) of_published = g_string_new(NULL);

    if (!wb_filter_to_sql(store, filter, of_runs, of_published, error) ||
        !load_run_rows(store, set, index, filter, of_runs->str, fields, error) ||
        !load_published_rows(store, set, index, filter, of_published->str, error))
        return NULL;
    /* A case is numbered when it is first met, so its number is its order of appearance. */
    g_ptr_array_sort(set->cases, compare_case_ids);
    return g_steal_pointer(&set);
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
