/* Case name: see case_name.h. */
#include "report/case_name.h"

#include <stdbool.h>

#include "report/clean.h"
#include "schema/units.h"

#define NO_VALUE "-"

static bool holds(const GPtrArray *keys, const char *key)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)keys, key, g_str_equal, NULL);
}

static bool differs_in(const GPtrArray *labels, const char *key)
{
    const char *first = wb_labels_get(g_ptr_array_index(labels, 0), key);

    for (guint i = 1; i < labels->len; i++)
        if (g_strcmp0(first, wb_labels_get(g_ptr_array_index(labels, i), key)) != 0)
            return true;
    return false;
}

/* Keys of all cases, in the order in which they are shown. */
static GPtrArray *all_keys(const GPtrArray *labels, char *const *without)
{
    static const char *const first[] = {"server", "framework"};
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    GPtrArray *keys = g_ptr_array_new();

    for (guint i = 0; i < labels->len; i++) {
        const WbLabels *of = g_ptr_array_index(labels, i);

        for (size_t l = 0; l < wb_labels_count(of); l++) {
            const char *key = wb_labels_at(of, l)->key;

            if (!holds(found, key) &&
                !(without && g_strv_contains((const char *const *)without, key)))
                g_ptr_array_add(found, (gpointer)key);
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
        if (holds(found, first[i]))
            g_ptr_array_add(keys, (gpointer)first[i]);
    for (guint i = 0; i < found->len; i++)
        if (!holds(keys, g_ptr_array_index(found, i)))
            g_ptr_array_add(keys, g_ptr_array_index(found, i));
    return keys;
}

GPtrArray *wb_case_name_keys(const GPtrArray *labels, char *const *without, GPtrArray *out_shared)
{
    GPtrArray *all = all_keys(labels, without);
    GPtrArray *keys = g_ptr_array_new();

    for (guint k = 0; k < all->len; k++) {
        bool differs = differs_in(labels, g_ptr_array_index(all, k));

        if (differs)
            g_ptr_array_add(keys, g_ptr_array_index(all, k));
        else if (out_shared)
            g_ptr_array_add(out_shared, g_ptr_array_index(all, k));
    }
    if (keys->len) {
        g_ptr_array_unref(all);
        return keys;
    }
    g_ptr_array_unref(keys);
    return all;
}

char *wb_case_name_part(const char *key, const char *value)
{
    static const struct {
        double ns;
        const char *unit;
    } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}};
    const WbField *field = wb_run_field_find(key);
    char buffer[WB_UNITS_DOUBLE_SIZE];
    int64_t ns;
    size_t u = 0;

    if (!value || !*value)
        return g_strdup(NO_VALUE);
    if (!field || !g_ascii_isdigit(*value))
        return g_strdup(value);
    if (field->unit != WB_UNIT_NS || !wb_units_parse_count(value, 1, INT64_MAX, &ns, NULL))
        return g_strdup_printf("%s=%s", key, value);
    while ((double)ns < units[u].ns)
        u++;
    return g_strdup_printf("%s %s", wb_units_format_double((double)ns / units[u].ns, buffer),
                           units[u].unit);
}

char *wb_case_name(const WbLabels *labels, const GPtrArray *keys)
{
    return wb_case_name_by(labels, keys, "/");
}

char *wb_case_name_by(const WbLabels *labels, const GPtrArray *keys, const char *between)
{
    g_autoptr(GString) name = g_string_new(NULL);

    for (guint k = 0; k < keys->len; k++) {
        const char *key = g_ptr_array_index(keys, k);
        g_autofree char *value = wb_case_name_part(key, wb_labels_get(labels, key));

        g_string_append_printf(name, "%s%s", k ? between : "", value);
    }
    return name->len ? wb_clean(name->str) : g_strdup("all runs");
}
