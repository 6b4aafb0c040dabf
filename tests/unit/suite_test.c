/*
 * Suites: what a file may say, what it becomes, and in which order it is run. The files are in
 * tests/data/suites, which is the corpus of the fuzz target, too. What can be wrong with a file:
 * suite_wrong_test.c.
 */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "runner/suite.h"

static WbSuite *parse(const char *text, GError **error)
{
    return wb_suite_parse("s.json", text, strlen(text), error);
}

static WbSuite *load(const char *name)
{
    g_autofree char *path = g_build_filename("tests/data/suites", name, NULL);
    g_autoptr(GError) error = NULL;
    WbSuite *suite = wb_suite_load(path, &error);

    g_assert_no_error(error);
    return suite;
}

static const WbSuiteCell *cell(const WbSuite *suite, guint i)
{
    g_assert_cmpuint(i, <, suite->cells->len);
    return suite->cells->pdata[i];
}

static char *join(char *const *words)
{
    return g_strjoinv(" ", (char **)(uintptr_t)words);
}

/* ---- what a suite becomes ------------------------------------------------------------------ */

static void test_example_of_design_gives_three_cells_and_a_skip(void)
{
    g_autoptr(WbSuite) suite = load("hello.json");
    g_autofree char *start = NULL;
    const WbSuiteSkip *skip;
    const WbSuiteCell *second;

    if (!suite)
        return;
    g_assert_cmpstr(suite->name, ==, "python servers, hello");
    g_assert_cmpint(suite->order, ==, WB_ORDER_INTERLEAVED);
    g_assert_cmpint(suite->restart, ==, WB_RESTART_DRAIN);
    g_assert_true(suite->seed_drawn);
    g_assert_cmpuint(suite->cells->len, ==, 3);
    g_assert_cmpuint(suite->skips->len, ==, 1);
    skip = suite->skips->pdata[0];
    g_assert_cmpstr(skip->because, ==, "n/a");
    g_assert_cmpstr(wb_labels_get(skip->labels, "benchmark"), ==, "hello");
    g_assert_cmpstr(wb_labels_get(skip->labels, "framework"), ==, "hug");
    second = cell(suite, 1);
    start = join(second->server.start);
    g_assert_cmpstr(start, ==, "gunicorn --workers 3 --bind 127.0.0.1:8000 hello_falcon:app");
    g_assert_true(g_path_is_absolute(second->server.directory));
    g_assert_true(g_str_has_suffix(second->server.directory, "/tests/data/suites/apps"));
    g_assert_cmpstr(second->server.ready_body, ==, "Hello World!");
    g_assert_cmpint(second->server.ready_within_ns, ==, INT64_C(20000000000));
    g_assert_false(second->server.picks_port);
    g_assert_cmpint(second->load.connections, ==, 200);
    g_assert_cmpint(second->load.warmup_ns, ==, INT64_C(2000000000));
    g_assert_cmpint(second->load.runs_min, ==, 6);
    g_assert_cmpint(second->load.runs_max, ==, 6);
    g_assert_cmpuint(wb_labels_count(second->labels), ==, 3);
}

static void test_every_key_is_read(void)
{
    g_autoptr(WbSuite) suite = load("every_key.json");
    g_autofree char *start = NULL;
    g_autofree char *env = NULL;
    const WbSuiteServer *server;
    const WbSuiteLoad *l;

    if (!suite)
        return;
    g_assert_cmpint(suite->order, ==, WB_ORDER_GROUPED);
    g_assert_cmpint(suite->restart, ==, WB_RESTART_ALWAYS);
    g_assert_cmpuint(suite->seed, ==, 20180605);
    g_assert_false(suite->seed_drawn);
    g_assert_cmpint(suite->cooldown_ns, ==, 0);
    g_assert_true(suite->canary);
    g_assert_cmpuint(suite->cells->len, ==, 4);
    g_assert_cmpuint(suite->skips->len, ==, 2);
    server = &cell(suite, 1)->server;
    start = join(server->start);
    env = join(server->env);
    g_assert_cmpstr(start, ==, "./serve --port {port} --workers 3 --tag {hello}");
    g_assert_cmpstr(env, ==, "MODE=fast PORT={port}");
    g_assert_true(g_str_has_suffix(server->directory, "/suites/apps/own"));
    g_assert_cmpstr(server->user, ==, "nobody");
    g_assert_cmpstr(server->url, ==, "http://127.0.0.1:{port}/fast");
    g_assert_true(server->picks_port);
    g_assert_cmpint(server->ready_status, ==, 204);
    g_assert_cmpstr(server->ready_body, ==, "");
    g_assert_cmpstr(server->ready_path, ==, "/health");
    g_assert_cmpint(server->ready_within_ns, ==, 1500000000);
    g_assert_cmpint(server->stop_signal, ==, SIGQUIT);
    g_assert_cmpint(server->stop_within_ns, ==, INT64_C(3000000000));
    g_assert_cmpint(server->drain_within_ns, ==, 0);
    g_assert_cmpstr(server->version[1], ==, "--version");
    g_assert_cmpstr(server->pin_server, ==, "0-1,3");
    g_assert_cmpstr(server->pin_client, ==, "2");
    g_assert_true(server->isolate_net);
    g_assert_cmpint(server->somaxconn, ==, 128);
    l = &cell(suite, 1)->load;
    g_assert_cmpint(l->threads, ==, 2);
    g_assert_cmpint(l->connections, ==, 200);
    g_assert_cmpint(l->pipeline, ==, 1);
    g_assert_cmpint(l->duration_ns, ==, INT64_C(60000000000));
    g_assert_cmpint(l->timeout_ns, ==, 500000000);
    g_assert_cmpint(l->warmup_ns, ==, 0);
    g_assert_cmpint(l->slice_ns, ==, 50000000);
    g_assert_cmpfloat(l->rate_per_s, ==, 2500.5);
    g_assert_cmpstr(l->method, ==, "POST");
    g_assert_cmpstr(l->body, ==, "{\"server\": \"own\"}");
    g_assert_cmpstr(l->headers[0], ==, "Content-Type: application/json");
    g_assert_false(l->no_keepalive);
    g_assert_true(l->insecure);
    g_assert_cmpint(l->engine, ==, WB_ENGINE_NATIVE);
    g_assert_cmpint(l->runs_min, ==, 5);
    g_assert_cmpint(l->runs_max, ==, 20);
    g_assert_cmpfloat_with_epsilon(l->until_ci, 0.02, 1e-12);
}

static void test_target_overrides_load_and_matrix(void)
{
    g_autoptr(WbSuite) suite = load("every_key.json");
    const WbSuiteCell *other;

    if (!suite)
        return;
    g_assert_cmpstr(wb_labels_get(cell(suite, 0)->labels, "connections"), ==, "50");
    other = cell(suite, 3);
    g_assert_cmpint(other->target, ==, 1);
    g_assert_cmpstr(wb_labels_get(other->labels, "connections"), ==, "10");
    g_assert_cmpstr(wb_labels_get(other->labels, "round"), ==, "3");
    g_assert_cmpint(other->load.connections, ==, 100);
    g_assert_cmpint(other->load.pipeline, ==, 4);
    g_assert_cmpstr(other->load.body, ==, "");
    g_assert_cmpstr(other->load.headers[0], ==, "Accept: text/html");
    g_assert_cmpint(other->load.runs_max, ==, 1);
    g_assert_cmpfloat(other->load.until_ci, ==, 0);
    g_assert_null(other->server.start);
    g_assert_cmpint(other->server.stop_signal, ==, SIGTERM);
    g_assert_cmpint(other->server.somaxconn, ==, WB_NONE);
}

static void test_label_of_a_target_fixes_the_matrix(void)
{
    g_autoptr(WbSuite) suite = load("fixed_labels.json");

    if (!suite)
        return;
    g_assert_cmpstr(suite->name, ==, "fixed_labels");
    g_assert_cmpuint(suite->cells->len, ==, 3);
    g_assert_cmpstr(wb_labels_get(cell(suite, 2)->labels, "framework"), ==, "sanic");
    g_assert_cmpint(cell(suite, 2)->load.engine, ==, WB_ENGINE_WRK);
}

static void test_last_key_of_the_matrix_turns_fastest(void)
{
    g_autoptr(WbSuite) suite = parse("{\"targets\":[{\"url\":\"http://a/{x}{y}\"}],"
                                     "\"matrix\":{\"x\":[1,2],\"y\":[\"a\",\"b\",\"c\"]}}",
                                     NULL);
    g_autoptr(GString) urls = g_string_new(NULL);

    g_assert_nonnull(suite);
    for (guint i = 0; suite && i < suite->cells->len; i++)
        g_string_append(urls, cell(suite, i)->server.url + strlen("http://a/"));
    g_assert_cmpstr(urls->str, ==, "1a1b1c2a2b2c");
}

/* ---- order --------------------------------------------------------------------------------- */

static WbSuite *square(const char *more)
{
    g_autofree char *text =
        g_strdup_printf("{%s \"targets\": [{\"url\": \"a\"}], \"load\": {\"runs\": 7},"
                        " \"matrix\": {\"x\": [1,2,3,4,5], \"y\": [1,2,3,4]}}",
                        more);
    g_autoptr(GError) error = NULL;
    WbSuite *suite = parse(text, &error);

    g_assert_no_error(error);
    return suite;
}

static const WbSuiteStep *step(const GArray *steps, guint i)
{
    return &g_array_index(steps, WbSuiteStep, i);
}

static void test_each_round_holds_each_cell_once(void)
{
    g_autoptr(WbSuite) suite = square("\"seed\": 7,");
    g_autoptr(GArray) steps = wb_suite_steps(suite);
    guint same = 0;

    g_assert_cmpuint(steps->len, ==, 140);
    for (guint round = 0; round < 7; round++) {
        bool seen[20] = {false};

        for (guint i = 0; i < 20; i++) {
            const WbSuiteStep *s = step(steps, round * 20 + i);

            g_assert_cmpint(s->order, ==, (int)(round * 20 + i));
            g_assert_cmpint(s->round, ==, (int)round + 1);
            g_assert_false(seen[s->cell]);
            seen[s->cell] = true;
            same += round > 0 && step(steps, i)->cell == s->cell;
        }
    }
    g_assert_cmpuint(same, <, 30); /* of 120; 6 expected of unlike orders */
}

static void test_order_depends_on_the_seed_alone(void)
{
    g_autoptr(WbSuite) a = square("\"seed\": 7,");
    g_autoptr(WbSuite) b = square("\"name\": \"another\", \"seed\": 7,");
    g_autoptr(WbSuite) c = square("\"seed\": 8,");
    g_autoptr(GArray) of_a = wb_suite_steps(a);
    g_autoptr(GArray) of_b = wb_suite_steps(b);
    g_autoptr(GArray) of_c = wb_suite_steps(c);
    guint same = 0;

    g_assert_cmpmem(of_a->data, of_a->len * sizeof(WbSuiteStep), of_b->data,
                    of_b->len * sizeof(WbSuiteStep));
    for (guint i = 0; i < of_a->len; i++)
        same += step(of_a, i)->cell == step(of_c, i)->cell;
    g_assert_cmpuint(same, <, 35);
}

/* Seed 0 begins e220a8397b1dcdaf (STATISTICS.md section 4), and that is the first round's own seed.
 * Worked out apart from this program, with Python's integers. */
static void test_order_is_the_same_in_every_version(void)
{
    static const int expected[] = {7,  9,  5,  14, 1,  18, 15, 8,  0,  16, 17, 4,  3,  10,
                                   2,  12, 11, 6,  19, 13, 0,  14, 18, 9,  13, 10, 11, 1,
                                   12, 8,  16, 17, 3,  19, 7,  6,  2,  15, 4,  5};
    g_autoptr(WbSuite) suite = square("\"seed\": 0,");
    g_autoptr(GArray) steps = wb_suite_steps(suite);

    for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpint(step(steps, i)->cell, ==, expected[i]);
}

/* Every cell should come first about equally often: 4000 rounds of 20 cells, 200 +- 14 each. */
static void test_every_place_is_equally_likely(void)
{
    g_autoptr(WbSuite) suite = square("\"seed\": 1,");
    g_autoptr(GArray) steps = NULL;
    const WbSuiteChanges changes = {.runs = 4000, .seed = -1};
    int first[20] = {0};

    g_assert_true(wb_suite_change(suite, &changes, NULL));
    steps = wb_suite_steps(suite);
    for (guint i = 0; i < steps->len; i += 20)
        first[step(steps, i)->cell]++;
    for (guint i = 0; i < 20; i++)
        g_assert_true(first[i] > 130 && first[i] < 270);
}

static void test_grouped_order_takes_cell_after_cell(void)
{
    g_autoptr(WbSuite) suite = square("\"order\": \"grouped\",");
    g_autoptr(GArray) steps = wb_suite_steps(suite);

    for (guint i = 0; i < steps->len; i++) {
        g_assert_cmpint(step(steps, i)->cell, ==, (int)(i / 7));
        g_assert_cmpint(step(steps, i)->round, ==, (int)(i % 7) + 1);
    }
}

static void test_cell_of_fewer_runs_is_left_out_of_later_rounds(void)
{
    g_autoptr(WbSuite) suite = load("every_key.json");
    g_autoptr(GArray) steps = NULL;

    suite->order = WB_ORDER_INTERLEAVED;
    steps = wb_suite_steps(suite);
    g_assert_cmpuint(steps->len, ==, 61);
    for (guint i = 4; i < steps->len; i++)
        g_assert_cmpint(step(steps, i)->cell, !=, 3);
}

/* ---- changes ------------------------------------------------------------------------------- */

static void test_only_keeps_cells_and_skips_that_match(void)
{
    g_autoptr(WbSuite) suite = load("hello.json");
    char *only[] = {(char *)"framework=flask,bottle", (char *)"server=gunicorn", NULL};
    const WbSuiteChanges changes = {.only = only, .runs = 2, .duration_ns = 3000000000, .seed = 5};
    g_autoptr(GError) error = NULL;

    g_assert_true(wb_suite_change(suite, &changes, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(suite->cells->len, ==, 2);
    g_assert_cmpuint(suite->skips->len, ==, 0);
    g_assert_cmpstr(wb_labels_get(cell(suite, 0)->labels, "framework"), ==, "bottle");
    g_assert_cmpstr(wb_labels_get(cell(suite, 1)->labels, "framework"), ==, "flask");
    g_assert_cmpint(cell(suite, 1)->load.runs_max, ==, 2);
    g_assert_cmpint(cell(suite, 1)->load.duration_ns, ==, 3000000000);
    g_assert_cmpuint(suite->seed, ==, 5);
    g_assert_false(suite->seed_drawn);
}

static void test_only_that_names_nothing_is_refused(void)
{
    static const struct {
        const char *only, *words;
    } cases[] = {
        {"framework=flsk", "--only: no cell has framework=flsk; did you mean 'flask'?"},
        {"framwork=flask", "no cell has a label 'framwork'; did you mean 'framework'?"},
        {"framework", "is no condition"},
        {"framework=hug", "no cell has all of these labels"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(WbSuite) suite = load("hello.json");
        char *only[] = {(char *)(uintptr_t)cases[i].only, NULL};
        g_autoptr(GError) error = NULL;

        g_assert_false(wb_suite_change(suite, &(WbSuiteChanges){.only = only, .seed = -1}, &error));
        g_assert_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_USE);
        g_assert_nonnull(strstr(error->message, cases[i].words));
    }
}

/* Writes `text`, applies it as --cells and gives how many cells are left, or -1. */
static int cells_left(const char *text, GError **error)
{
    g_autoptr(WbSuite) suite = load("hello.json");
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("suite-cells-XXXXXX", &path, NULL);
    bool ok;

    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    ok = wb_suite_change(suite, &(WbSuiteChanges){.cells_file = path, .seed = -1}, error);
    g_unlink(path);
    return ok ? (int)suite->cells->len : -1;
}

static void test_cells_file_chooses_cells(void)
{
    g_assert_cmpint(cells_left("[{\"framework\": \"flask\"}, {\"framework\": \"none\"}]", NULL), ==,
                    1);
    g_assert_cmpint(cells_left("[{\"benchmark\": \"hello\"}]", NULL), ==, 3);
    g_assert_cmpint(
        cells_left("{\"document\": \"wrkbook/compare\", \"repeat\": [{\"labels\": "
                   "{\"framework\": \"flask\", \"server\": \"gunicorn\"}, \"runs\": 5}]}",
                   NULL),
        ==, 1);
}

static void test_cells_file_that_is_wrong_is_refused(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"[{\"framework\": \"flsk\"}]", "none of the 1 cells"},
        {"[]", "none of the 0 cells"},
        {"{\"cells\": []}", ":1:1: a list of label objects is needed"},
        {"[1]", "entry 1 of "},
        {"[{\"a\": []}]", "is no object of labels"},
        {"[\n}]", ":2:1: this is no JSON"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_cmpint(cells_left(cases[i].text, &error), ==, -1);
        g_assert_nonnull(error);
        if (error && !strstr(error->message, cases[i].words)) {
            g_test_message("wanted: %s\n  got: %s", cases[i].words, error->message);
            g_test_fail();
        }
    }
}

/* ---- texts --------------------------------------------------------------------------------- */

static void test_plan_text_knows_all_but_seed_and_place(void)
{
    g_autoptr(WbSuite) a = load("hello.json");
    g_autoptr(WbSuite) b = load("hello.json");
    g_autoptr(WbSuite) moved = NULL;
    g_autofree char *text_a = wb_suite_plan_text(a);
    g_autofree char *text_b = wb_suite_plan_text(b);
    g_autofree char *text_moved = NULL;
    g_autofree char *text_longer = NULL;

    moved = wb_suite_parse("/elsewhere/h.json", a->text, strlen(a->text), NULL);
    text_moved = wb_suite_plan_text(moved);
    g_assert_cmpstr(text_a, ==, text_b);
    g_assert_cmpstr(text_a, ==, text_moved);
    g_assert_true(
        wb_suite_change(b, &(WbSuiteChanges){.duration_ns = 1000000000, .seed = -1}, NULL));
    text_longer = wb_suite_plan_text(b);
    g_assert_cmpstr(text_a, !=, text_longer);
    g_assert_nonnull(strstr(text_a, " start gunicorn --workers 3 --bind 127.0.0.1:8000 "
                                    "hello_bottle:app\n directory apps\n"));
}

static void test_description_holds_what_will_be_done(void)
{
    static const char *const parts[] = {
        "3 cells (1 skipped), at most 18 runs, interleaved, seed 3\n",
        "\n   2  benchmark=hello framework=falcon server=gunicorn\n",
        " start    gunicorn --workers 3 --bind 127.0.0.1:8000 hello_falcon:app\n",
        " in       apps (no such directory)\n",
        " ready    status 200, body \"Hello World!\", within 20 s\n",
        " stop     TERM, within 10 s; drain within 20 s\n",
        " load     1 thread, 200 connections, 10 s after 2 s of warm-up, timeout 2 s; 6 runs\n",
        "\n      benchmark=hello framework=hug server=gunicorn: n/a\n",
        "\nOrder of the cells in each round\n   1  ",
        "\nTime: 3 min 36 s of load; with starts, drains and stops about 5 min 6 s\n",
    };
    g_autoptr(WbSuite) suite = load("hello.json");
    g_autofree char *text = NULL;

    g_assert_true(wb_suite_change(suite, &(WbSuiteChanges){.seed = 3}, NULL));
    text = wb_suite_describe(suite);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (!strstr(text, parts[i])) {
            g_test_message("missing: %s\nin: %s", parts[i], text);
            g_test_fail();
        }
}

static void test_every_suite_can_be_described(void)
{
    static const char *const names[] = {"every_key.json", "fixed_labels.json", "running.json"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(WbSuite) suite = load(names[i]);
        g_autofree char *text = wb_suite_describe(suite);

        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_nonnull(strstr(text, "\nTime: "));
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(void);
    } tests[] = {
        {"/suite/expand/design", test_example_of_design_gives_three_cells_and_a_skip},
        {"/suite/expand/every-key", test_every_key_is_read},
        {"/suite/expand/overrides", test_target_overrides_load_and_matrix},
        {"/suite/expand/fixed-label", test_label_of_a_target_fixes_the_matrix},
        {"/suite/expand/odometer", test_last_key_of_the_matrix_turns_fastest},
        {"/suite/order/rounds", test_each_round_holds_each_cell_once},
        {"/suite/order/seed", test_order_depends_on_the_seed_alone},
        {"/suite/order/stable", test_order_is_the_same_in_every_version},
        {"/suite/order/fair", test_every_place_is_equally_likely},
        {"/suite/order/grouped", test_grouped_order_takes_cell_after_cell},
        {"/suite/order/fewer-runs", test_cell_of_fewer_runs_is_left_out_of_later_rounds},
        {"/suite/change/only", test_only_keeps_cells_and_skips_that_match},
        {"/suite/change/only-wrong", test_only_that_names_nothing_is_refused},
        {"/suite/change/cells", test_cells_file_chooses_cells},
        {"/suite/change/cells-wrong", test_cells_file_that_is_wrong_is_refused},
        {"/suite/text/plan", test_plan_text_knows_all_but_seed_and_place},
        {"/suite/text/description", test_description_holds_what_will_be_done},
        {"/suite/text/all", test_every_suite_can_be_described},
    };

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].path, tests[i].test);
    return g_test_run();
}
