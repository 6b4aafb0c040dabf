/*
 * Filters: `--where KEY=VALUE[,VALUE...]` as text, and as SQL conditions. Keys and values only
 * ever become parameters; the SQL text holds column names of wb_run_fields and nothing foreign.
 */
#include <string.h>

#include "schema/store_private.h"

void wb_where_free(WbWhere *where)
{
    if (!where)
        return;
    g_free(where->key);
    g_strfreev(where->values);
    g_free(where);
}

static void free_where(void *where)
{
    wb_where_free(where);
}

WbFilter *wb_filter_new(void)
{
    WbFilter *filter = g_new0(WbFilter, 1);

    filter->wheres = g_ptr_array_new_with_free_func(free_where);
    return filter;
}

void wb_filter_free(WbFilter *filter)
{
    if (!filter)
        return;
    g_ptr_array_unref(filter->wheres);
    g_free(filter);
}

/* "a,b\,c" as {"a", "b,c"}. */
static char **split_values(const char *text)
{
    GPtrArray *values = g_ptr_array_new();
    GString *value = g_string_new(NULL);

    for (; *text; text++) {
        if (*text == ',') {
            g_ptr_array_add(values, g_string_free(value, FALSE));
            value = g_string_new(NULL);
            continue;
        }
        if (text[0] == '\\' && text[1] == ',')
            text++;
        g_string_append_c(value, *text);
    }
    g_ptr_array_add(values, g_string_free(value, FALSE));
    g_ptr_array_add(values, NULL);
    return (char **)g_ptr_array_free(values, FALSE);
}

bool wb_filter_add(WbFilter *filter, const char *text, GError **error)
{
    const char *equals = strchr(text, '=');
    WbWhere *where;

    if (!equals || equals == text) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_INVALID,
                    "'%.80s' is no condition: write KEY=VALUE or KEY=VALUE,VALUE, as in "
                    "server=gunicorn,uwsgi",
                    text);
        return false;
    }
    where = g_new0(WbWhere, 1);
    where->key = g_strndup(text, (size_t)(equals - text));
    where->values = split_values(equals + 1);
    g_ptr_array_add(filter->wheres, where);
    return true;
}

WbWhere *wb_filter_take(WbFilter *filter, const char *key)
{
    for (guint i = 0; i < filter->wheres->len; i++) {
        WbWhere *where = g_ptr_array_index(filter->wheres, i);

        if (strcmp(where->key, key) == 0)
            return g_ptr_array_steal_index(filter->wheres, i);
    }
    return NULL;
}

/* ---- as SQL -------------------------------------------------------------------------------- */

static bool is_label(WbStore *store, const char *key, bool *out, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "SELECT EXISTS (SELECT 1 FROM case_labels WHERE key = ?1)", error);

    if (!statement)
        return false;
    wb_store_bind_text(statement, 1, key);
    if (sqlite3_step(statement) != SQLITE_ROW)
        return wb_store_set_error(store, error);
    *out = sqlite3_column_int(statement, 0) != 0;
    return true;
}

static void append_parameters(GString *sql, char **values)
{
    for (size_t i = 0; values[i]; i++)
        g_string_append(sql, i ? ",?" : "?");
}

/* The key is bound too, and unused, so that labels and fields bind alike. */
static void append_field(GString *sql, const WbField *field, char **values)
{
    g_string_append(sql, " AND ? IS NOT NULL AND ");
    if (!strcmp(field->name, "campaign")) {
        g_string_append(sql, "EXISTS (SELECT 1 FROM campaigns AS x, (VALUES ");
        for (size_t i = 0; values[i]; i++)
            g_string_append(sql, i ? ",(?)" : "(?)");
        g_string_append(sql, ") AS v WHERE x.id = r.campaign_id AND v.column1 IN "
                             "(CAST(x.id AS TEXT), x.name, x.uuid))");
        return;
    }
    g_string_append_printf(sql, "r.run_id IN (SELECT run_id FROM run_facts WHERE %s IN (",
                           field->name);
    append_parameters(sql, values);
    g_string_append(sql, "))");
}

static bool unknown_key(WbStore *store, const char *key, GError **error)
{
    g_auto(GStrv) keys = wb_store_label_keys(store, NULL);
    g_autofree char *list = keys ? g_strjoinv(", ", keys) : NULL;

    g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_NOT_FOUND,
                "database '%s' has no label and no field named '%s'; its labels are: %s",
                store->path, key, list && *list ? list : "(none)");
    return false;
}

bool wb_filter_to_sql(WbStore *store, const WbFilter *filter, GString *out_runs,
                      GString *out_published, GError **error)
{
    for (guint i = 0; filter && i < filter->wheres->len; i++) {
        const WbWhere *where = g_ptr_array_index(filter->wheres, i);
        const WbField *field = wb_run_field_find(where->key);
        g_autoptr(GString) condition = g_string_new(" AND k.id IN (SELECT case_id FROM case_labels "
                                                    "WHERE key = ? AND value IN (");
        bool label = false;

        if (!is_label(store, where->key, &label, error))
            return false;
        if (label) {
            append_parameters(condition, where->values);
            g_string_append(condition, "))");
            g_string_append(out_runs, condition->str);
            g_string_append(out_published, condition->str);
        } else if (field && field->in_facts) {
            append_field(out_runs, field, where->values);
            g_string_append(out_published, " AND ? IS NULL AND 0 IN (");
            append_parameters(out_published, where->values);
            g_string_append_c(out_published, ')');
        } else {
            return unknown_key(store, where->key, error);
        }
    }
    return true;
}

int wb_filter_bind(const WbFilter *filter, sqlite3_stmt *statement)
{
    int next = 1;

    for (guint i = 0; filter && i < filter->wheres->len; i++) {
        const WbWhere *where = g_ptr_array_index(filter->wheres, i);

        sqlite3_bind_text(statement, next++, where->key, -1, SQLITE_STATIC);
        for (size_t v = 0; where->values[v]; v++)
            sqlite3_bind_text(statement, next++, where->values[v], -1, SQLITE_STATIC);
    }
    return next;
}
