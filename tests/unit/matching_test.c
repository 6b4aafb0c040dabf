/*
 * Two databases side by side: which case is which, and which pairs must not be compared.
 */
#include "tests/unit/two_sides.h"

/* ---- which case is which -------------------------------------------------------------------- */

static void test_cases_match_by_all_labels_in_the_order_of_the_old_side(void)
{
    static const char *const wanted[] = {NULL, "only_in_a", "only_in_b"};
    Two two;

    two_init(&two);
    add(&two.a, "server=x framework=f", steady());
    add(&two.a, "server=y framework=f", steady());
    add(&two.b, "server=z framework=f", steady());
    add(&two.b, "framework=f server=x", steady());
    load_and_match(&two);
    g_assert_cmpuint(two.matching.list->len, ==, 3);
    for (size_t i = 0; i < 3; i++)
        g_assert_cmpstr(wb_unlike_name(wb_match_at(&two.matching, i)->unlike), ==, wanted[i]);
    g_assert_cmpstr(wb_labels_get(wb_match_at(&two.matching, 1)->labels, "server"), ==, "y");
    g_assert_null(wb_match_at(&two.matching, 2)->a);
    two_clear(&two);
}

static void test_ignored_labels_do_not_tell_cases_apart(void)
{
    Two two;

    two_init(&two);
    add(&two.a, "server=x release=1", steady());
    add(&two.b, "server=x release=2", steady());
    set_option(&two.matching.ignore, "release", NULL);
    load_and_match(&two);
    g_assert_cmpuint(two.matching.list->len, ==, 1);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_NONE);
    g_assert_null(wb_labels_get(wb_match_at(&two.matching, 0)->labels, "release"));
    two_clear(&two);
}

static void test_by_leaves_only_the_labels_that_are_named(void)
{
    Two two;

    two_init(&two);
    add(&two.a, "server=x release=1 day=mo", steady());
    add(&two.b, "server=x release=2", steady());
    two.matching.by = g_strdup("server");
    load_and_match(&two);
    g_assert_cmpuint(two.matching.list->len, ==, 1);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_NONE);
    two_clear(&two);
}

static void test_two_cases_that_ignoring_makes_one_are_an_error(void)
{
    g_autoptr(GError) error = NULL;
    Two two;

    two_init(&two);
    add(&two.a, "server=x release=1", steady());
    add(&two.a, "server=x release=2", steady());
    add(&two.b, "server=x release=2", steady());
    set_option(&two.matching.ignore, "release", NULL);
    load(&two, NULL);
    g_assert_false(wb_matching_find(&two.matching, wb_sides_at(&two.sides, 0),
                                    wb_sides_at(&two.sides, 1), NULL, &error));
    g_assert_error(error, WB_MATCHING_ERROR, WB_MATCHING_ERROR_TWICE);
    two_clear(&two);
}

static void test_map_renames_a_key_and_a_value_of_the_old_side(void)
{
    Two two;

    two_init(&two);
    add(&two.a, "server=gunicorn19 fw=flask", steady());
    add(&two.b, "server=gunicorn framework=flask", steady());
    set_option(&two.matching.map, "fw=framework", "server:gunicorn19=gunicorn");
    load_and_match(&two);
    g_assert_cmpuint(two.matching.list->len, ==, 1);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_NONE);
    g_assert_cmpstr(wb_labels_get(wb_match_at(&two.matching, 0)->labels, "framework"), ==, "flask");
    two_clear(&two);
}

/* Neither "server=a framework=..." nor an "=" in a value may make two cases look like one. */
static void test_values_cannot_pass_for_other_labels(void)
{
    WbRun run = steady();
    g_autoptr(WbLabels) odd = wb_labels_new();
    Two two;

    two_init(&two);
    wb_labels_set(odd, "a", "1:x b=1:y");
    g_assert_true(wb_store_add_run(two.a.store, &run, odd, NULL, NULL));
    add(&two.b, "a=x b=y", steady());
    load_and_match(&two);
    g_assert_cmpuint(two.matching.list->len, ==, 2);
    two_clear(&two);
}

static void test_an_unknown_key_is_an_error(void)
{
    static const struct {
        const char *option, *text;
    } wrong[] = {{"by", "sever"},      {"ignore", "sever"},  {"map", "=x"},
                 {"map", "no equals"}, {"allow", "settngs"}, {"map", "a=b c"}};

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        Two two;

        two_init(&two);
        add(&two.a, "server=x", steady());
        add(&two.b, "server=x", steady());
        load(&two, NULL);
        if (!strcmp(wrong[i].option, "by"))
            two.matching.by = g_strdup(wrong[i].text);
        else
            set_option(!strcmp(wrong[i].option, "ignore") ? &two.matching.ignore
                       : !strcmp(wrong[i].option, "map")  ? &two.matching.map
                                                          : &two.matching.allow,
                       wrong[i].text, NULL);
        g_assert_false(wb_matching_find(&two.matching, wb_sides_at(&two.sides, 0),
                                        wb_sides_at(&two.sides, 1), NULL, &error));
        g_assert_error(error, WB_MATCHING_ERROR, WB_MATCHING_ERROR_OPTION);
        g_assert_nonnull(strstr(error->message, wrong[i].option));
        two_clear(&two);
    }
}

/* ---- what must not be compared -------------------------------------------------------------- */

static WbRun with_connections(int64_t connections)
{
    WbRun run = steady();

    run.connections = connections;
    return run;
}

static void test_another_setting_is_named_and_not_compared(void)
{
    const WbDifference *difference;
    Two two;

    two_init(&two);
    add(&two.a, "server=x", with_connections(100));
    add(&two.b, "server=x", with_connections(200));
    load_and_match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_SETTINGS);
    g_assert_cmpuint(wb_match_at(&two.matching, 0)->differences->len, ==, 1);
    difference = &g_array_index(wb_match_at(&two.matching, 0)->differences, WbDifference, 0);
    g_assert_cmpstr(difference->trait->name, ==, "connections");
    g_assert_cmpstr(difference->a, ==, "100");
    g_assert_cmpstr(difference->b, ==, "200");
    set_option(&two.matching.allow, "connections", NULL);
    match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_NONE);
    g_assert_cmpuint(wb_match_at(&two.matching, 0)->differences->len, ==, 1);
    two_clear(&two);
}

/* Each of the settings that the issue names, one at a time. */
static void test_each_setting_counts(void)
{
    static const char *const names[] = {"threads", "connections", "duration",   "requests",
                                        "rate",    "timeout",     "pipelining", "keepalive",
                                        "engine",  "backend",     "coalescing"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        WbRun old = steady(), new = steady();
        const WbTrait *trait = &wb_traits(&(size_t){0})[wb_trait_find(names[i])];
        const WbField *field = wb_run_field_find(trait->field);
        void *at_old = (char *)&old + field->offset;
        void *at_new = (char *)&new + field->offset;
        Two two;

        two_init(&two);
        if (field->type == WB_FIELD_TEXT) {
            *(const char **)at_old = "one";
            *(const char **)at_new = "other";
        } else if (field->type == WB_FIELD_REAL) {
            *(double *)at_new = 5000; /* against a closed loop */
        } else {
            *(int64_t *)at_old = 1;
            *(int64_t *)at_new = 2;
        }
        add(&two.a, "server=x", old);
        add(&two.b, "server=x", new);
        load_and_match(&two);
        g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_SETTINGS);
        two_clear(&two);
    }
}

static void test_what_a_log_does_not_tell_is_unlike_nothing(void)
{
    WbRun silent = steady();
    Two two;

    two_init(&two);
    silent.connections = silent.threads = silent.asked_duration_ns = WB_NONE;
    add(&two.a, "server=x", with_connections(100));
    add(&two.b, "server=x", silent);
    load_and_match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_NONE);
    two_clear(&two);
}

static void test_latencies_of_two_kinds_do_not_spoil_the_rate(void)
{
    WbRun raw = steady(), corrected = steady();
    Two two;

    two_init(&two);
    raw.latency_kind = "raw";
    corrected.latency_kind = "corrected by wrk";
    add(&two.a, "server=x", raw);
    add(&two.b, "server=x", corrected);
    load_and_match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_NONE);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike_latency, ==, WB_UNLIKE_SETTINGS);
    two_clear(&two);
}

static void test_an_unlike_host_is_not_compared_but_a_new_kernel_is_told(void)
{
    Two two;

    two_init(&two);
    begin_on(&two.a, "{\"name\":\"a\",\"kernel\":\"6.1\",\"cpu_model\":\"Xeon\",\"cpus\":2}");
    add(&two.a, "server=x", steady());
    begin_on(&two.b, "{\"name\":\"b\",\"kernel\":\"6.2\",\"cpu_model\":\"Xeon\",\"cpus\":2}");
    add(&two.b, "server=x", steady());
    load_and_match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_NONE);
    g_assert_cmpuint(wb_match_at(&two.matching, 0)->differences->len, ==, 2);
    two_clear(&two);

    two_init(&two);
    begin_on(&two.a, "{\"cpu_model\":\"Xeon\",\"cpus\":2}");
    add(&two.a, "server=x", steady());
    begin_on(&two.b, "{\"cpu_model\":\"Xeon\",\"cpus\":4}");
    add(&two.b, "server=x", steady());
    load_and_match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_HOSTS);
    set_option(&two.matching.allow, "hosts", NULL);
    match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_NONE);
    two_clear(&two);
}

static void test_errors_that_appear_or_go_are_told_apart(void)
{
    WbRun bad = steady(), status = steady();
    Two two;

    bad.errors_read = 14;
    status.errors_status = 3;
    two_init(&two);
    add(&two.a, "server=appear", steady());
    add(&two.b, "server=appear", bad);
    add(&two.a, "server=gone", bad);
    add(&two.b, "server=gone", steady());
    add(&two.a, "server=both", bad);
    add(&two.b, "server=both", bad);
    add(&two.a, "server=status", steady());
    add(&two.b, "server=status", status);
    load_and_match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_ERRORS_APPEARED);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->errors_b.errors, ==, 14);
    g_assert_cmpint(wb_match_at(&two.matching, 1)->unlike, ==, WB_UNLIKE_ERRORS_GONE);
    g_assert_cmpint(wb_match_at(&two.matching, 2)->unlike, ==, WB_UNLIKE_NONE);
    g_assert_true(wb_match_at(&two.matching, 2)->with_errors);
    g_assert_cmpint(wb_match_at(&two.matching, 3)->unlike, ==, WB_UNLIKE_ERRORS_APPEARED);
    set_option(&two.matching.allow, "errors", NULL);
    match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_NONE);
    two_clear(&two);
}

static void test_a_server_whose_runs_all_failed_has_errors(void)
{
    WbRun failed = steady();
    Two two;

    failed.status = "failed";
    two_init(&two);
    add(&two.a, "server=x", steady());
    add(&two.b, "server=x", failed);
    load_and_match(&two);
    g_assert_cmpint(wb_match_at(&two.matching, 0)->unlike, ==, WB_UNLIKE_ERRORS_APPEARED);
    two_clear(&two);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
#define ADD(path, name) g_test_add_func("/matching/" path, name)
    ADD("all-labels", test_cases_match_by_all_labels_in_the_order_of_the_old_side);
    ADD("ignore", test_ignored_labels_do_not_tell_cases_apart);
    ADD("by", test_by_leaves_only_the_labels_that_are_named);
    ADD("twice", test_two_cases_that_ignoring_makes_one_are_an_error);
    ADD("map", test_map_renames_a_key_and_a_value_of_the_old_side);
    ADD("values", test_values_cannot_pass_for_other_labels);
    ADD("unknown-key", test_an_unknown_key_is_an_error);
    ADD("setting", test_another_setting_is_named_and_not_compared);
    ADD("each-setting", test_each_setting_counts);
    ADD("silent", test_what_a_log_does_not_tell_is_unlike_nothing);
    ADD("latency-kind", test_latencies_of_two_kinds_do_not_spoil_the_rate);
    ADD("hosts", test_an_unlike_host_is_not_compared_but_a_new_kernel_is_told);
    ADD("errors", test_errors_that_appear_or_go_are_told_apart);
    ADD("failed", test_a_server_whose_runs_all_failed_has_errors);
    return g_test_run();
}
