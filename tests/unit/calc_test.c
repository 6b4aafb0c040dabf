/*
 * `analyze calc` against the oracle sets: figures that R and SciPy worked out (each set names its
 * calls). Every name in `expected` must be there and agree within the tolerance of its name; the
 * sets in ../shared/oracle are tried as well, where there are any, and so is any folder of such
 * sets that WRKBOOK_ORACLE names.
 */
#include <cjson/cJSON.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "analyze/calc.h"

#define OWN   "tests/data/oracle"
#define WIDER "../shared/oracle"

typedef struct {
    const char *folder;
    char *id;
    cJSON *json;
} Set;

static void complain(const Set *set, const char *path, const char *wanted, const char *got)
{
    g_test_message("%s/%s %s: %s, wanted %s", set->folder, set->id, path, got, wanted);
    g_test_fail();
}

static double tolerance(const Set *set, const char *name, const char *which)
{
    const cJSON *all = cJSON_GetObjectItemCaseSensitive(set->json, "tolerance");
    const cJSON *own = name ? cJSON_GetObjectItemCaseSensitive(all, name) : NULL;

    if (!own)
        own = cJSON_GetObjectItemCaseSensitive(all, "default");
    return cJSON_GetObjectItemCaseSensitive(own, which)->valuedouble;
}

static bool is_near(const Set *set, const char *name, double wanted, double got)
{
    return fabs(got - wanted) <=
           fmax(tolerance(set, name, "abs"), tolerance(set, name, "rel") * fabs(wanted));
}

static bool is_same_leaf(const Set *set, const char *name, const cJSON *wanted, const cJSON *got)
{
    if (cJSON_IsNumber(wanted))
        return cJSON_IsNumber(got) && is_near(set, name, wanted->valuedouble, got->valuedouble);
    if (cJSON_IsString(wanted))
        return cJSON_IsString(got) && !strcmp(wanted->valuestring, got->valuestring);
    return got && wanted->type == got->type; /* null, true, false */
}

/* Walks what is wanted; more may be there. Returns how many values were compared. */
static int compare(const Set *set, const char *path, const char *name, const cJSON *wanted,
                   const cJSON *got)
{
    int compared = 0;
    int at = 0;

    if (!cJSON_IsObject(wanted) && !cJSON_IsArray(wanted)) {
        g_autofree char *want_text = cJSON_PrintUnformatted(wanted);
        g_autofree char *got_text = got ? cJSON_PrintUnformatted(got) : g_strdup("nothing");

        if (!is_same_leaf(set, name, wanted, got))
            complain(set, path, want_text, got_text);
        return 1;
    }
    if (!got || got->type != wanted->type) {
        complain(set, path, "a list or an object", "something else");
        return 0;
    }
    if (cJSON_IsArray(wanted) && cJSON_GetArraySize(wanted) != cJSON_GetArraySize(got))
        complain(set, path, "as many entries", "another number of entries");
    for (const cJSON *item = wanted->child; item; item = item->next, at++) {
        g_autofree char *deeper = item->string ? g_strconcat(path, "/", item->string, NULL)
                                               : g_strdup_printf("%s/%d", path, at);

        compared += compare(set, deeper, item->string ? item->string : name, item,
                            item->string ? cJSON_GetObjectItemCaseSensitive(got, item->string)
                                         : cJSON_GetArrayItem(got, at));
    }
    return compared;
}

static char **settings(const Set *set)
{
    GPtrArray *out = g_ptr_array_new();
    const cJSON *param;

    cJSON_ArrayForEach(param, cJSON_GetObjectItemCaseSensitive(set->json, "params"))
    {
        g_autofree char *printed = cJSON_PrintUnformatted(param);

        g_ptr_array_add(out, g_strdup_printf("%s=%s", param->string,
                                             cJSON_IsString(param) ? param->valuestring : printed));
    }
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_free(out, FALSE);
}

static const char *text_of(const Set *set, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(set->json, name)->valuestring;
}

static void check_set(const void *data)
{
    const Set *set = data;
    g_autofree char *path = g_strdup_printf("%s/%s.csv", set->folder, set->id);
    g_auto(GStrv) set_values = settings(set);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = wb_calc(text_of(set, "kind"), path, set_values, &error);
    cJSON *got;

    g_assert_no_error(error);
    got = cJSON_Parse(text);
    g_assert_nonnull(got);
    g_assert_cmpint(
        compare(set, "", NULL, cJSON_GetObjectItemCaseSensitive(set->json, "expected"), got), >, 4);
    cJSON_Delete(got);
}

static void free_set(void *data)
{
    Set *set = data;

    cJSON_Delete(set->json);
    g_free(set->id);
    g_free(set);
}

static void add_set(const char *folder, const char *file)
{
    Set *set = g_new0(Set, 1);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autofree char *text = NULL;
    g_autofree char *name = NULL;

    set->folder = folder;
    set->id = g_strndup(file, strlen(file) - strlen(".json"));
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    set->json = cJSON_Parse(text);
    g_assert_nonnull(set->json);
    name = g_strdup_printf("/calc/%s/%s", folder, set->id);
    g_test_add_data_func_full(name, set, check_set, free_set);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_folder(const char *folder)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;

    if (!dir) {
        g_test_message("no %s here: only the copies in the project are tried", folder);
        return;
    }
    while ((name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ".json"))
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++)
        add_set(folder, names->pdata[i]);
}

/* ---- what users get wrong ----------------------------------------------------------------- */

static void refused(const char *kind, const char *csv, char **set, const char *words)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    path = g_build_filename(g_get_tmp_dir(), "wrkbook-calc-test.csv", NULL);
    g_assert_true(g_file_set_contents(path, csv, -1, NULL));
    text = wb_calc(kind, path, set, &error);
    g_assert_null(text);
    g_assert_nonnull(error);
    if (!strstr(error->message, words))
        g_test_message("'%s' does not say '%s'", error->message, words);
    g_assert_nonnull(strstr(error->message, words));
    g_remove(path);
}

static void test_bad_input_is_refused_with_its_place(void)
{
    char *unknown[] = {"colour=red", NULL};
    char *bad[] = {"half_width=wide", NULL};
    char *alpha[] = {"alpha=0.01", NULL};

    refused("sample", "run,value\n1,2\n2,two\n", NULL, ".csv:3: 'two' in column 'value'");
    refused("sample", "run,value\n1,\n", NULL, ".csv:2: '' in column 'value' is not a number");
    refused("sample", "run,value\n1,inf\n", NULL, ".csv:2: 'inf'");
    refused("sample", "run,rate\n1,2\n", NULL, ".csv:1: no column 'value'");
    refused("sample", "run,value\n1\n", NULL, ".csv:2: not as many cells");
    refused("sample", "run,value\n\"1,2\n", NULL, "a quoted cell does not end");
    refused("sample", "", NULL, ".csv:1: the file is empty");
    refused("sample", "value\n1\n", unknown, "half_width, k, better");
    refused("sample", "value\n1\n", bad, "'wide' is not a number");
    refused("sample", "value\n1\n", alpha, "from 0.05 to 0.05");
    refused("shuffle", "value\n1\n", NULL, "there are sample");
    refused("compare", "db,case,value\nA,x,1\nC,x,2\n", NULL, "not 'C'");
    refused("paired", "db,case,value\nA,x,1\nB,x,2\nB,x,3\n", NULL, "as many values of A as of B");
}

static void test_quoted_cells_are_read(void)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "wrkbook-calc-quoted.csv", NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    g_assert_true(g_file_set_contents(path,
                                      "\xef\xbb\xbf"
                                      "db,case,value\r\nA,\"a,\"\"b\"\"\nc\",1\r\n"
                                      "B,\"a,\"\"b\"\"\nc\",2\r\n\r\n",
                                      -1, NULL));
    text = wb_calc("compare", path, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(text, "\"a,\\\"b\\\"\\nc\""));
    g_remove(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    add_folder(OWN);
    add_folder(WIDER);
    if (g_getenv("WRKBOOK_ORACLE"))
        add_folder(g_getenv("WRKBOOK_ORACLE"));
    g_test_add_func("/calc/refuses", test_bad_input_is_refused_with_its_place);
    g_test_add_func("/calc/quoted", test_quoted_cells_are_read);
    return g_test_run();
}
