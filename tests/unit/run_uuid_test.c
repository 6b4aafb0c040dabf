/*
 * Names of runs, held against the layout that RFC 9562 gives version 7.
 */
#include "schema/run_uuid.h"

#include <glib.h>
#include <string.h>

#define MS INT64_C(1000000)

static void test_layout_is_that_of_the_rfc(void)
{
    WbRunUuids uuids = {0};
    char name[WB_RUN_UUID_SIZE];

    /* The time of the RFC's own example (appendix A.6): 017F22E2-79B0-7... */
    wb_run_uuid_make(&uuids, INT64_C(0x017F22E279B0) * MS, name);
    g_assert_true(g_uuid_string_is_valid(name));
    g_assert_true(g_str_has_prefix(name, "017f22e2-79b0-7000-"));
    g_assert_nonnull(strchr("89ab", name[19]));
    wb_run_uuid_make(&uuids, INT64_C(0x017F22E279B0) * MS + MS / 2, name);
    g_assert_true(g_str_has_prefix(name, "017f22e2-79b0-7800-"));
}

static void test_names_rise_whatever_the_clock_does(void)
{
    WbRunUuids uuids = {0};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    char last[WB_RUN_UUID_SIZE] = "";

    for (int i = 0; i < 10000; i++) {
        const int64_t clock_ns = INT64_C(1700000000000) * MS + (i % 3 == 2 ? -5 : i / 100) * MS;
        char name[WB_RUN_UUID_SIZE];

        wb_run_uuid_make(&uuids, clock_ns, name);
        g_assert_true(g_uuid_string_is_valid(name));
        g_assert_cmpstr(name, >, last);
        g_strlcpy(last, name, sizeof last);
        g_assert_true(g_hash_table_add(seen, g_strdup(name + 19))); /* the random part */
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/run-uuid/layout", test_layout_is_that_of_the_rfc);
    g_test_add_func("/run-uuid/rise", test_names_rise_whatever_the_clock_does);
    return g_test_run();
}
