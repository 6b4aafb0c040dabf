/*
 * Guessing labels from paths: real ways in which people name their logs, and the template that a
 * person would write for them.
 */
#include <glib.h>
#include <string.h>

#include "runner/import/guess.h"

/* The template for paths that are parted by blanks; NULL: none. */
static char *guess(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_autoptr(GPtrArray) paths = g_ptr_array_new();

    for (char **word = words; *word; word++)
        g_ptr_array_add(paths, *word);
    return wb_guess_template(paths);
}

static void test_names_are_taken_apart_as_a_person_would(void)
{
    static const struct {
        const char *paths;
        const char *wanted;
    } cases[] = {
        {"l/hello/gunicorn__flask__run1.log l/hello/uwsgi__hug__run2.log "
         "l/data/uwsgi__hug__run1.log",
         "{benchmark}/{server}__{framework}__run{run_no}.log"},
        {"gunicorn-flask_c64_t4-r1.txt gunicorn-hug_c128_t8-r2.txt",
         "gunicorn-{framework}_c{connections}_t{threads}-r{run_no}.txt"},
        {"nginx_10s_200c.log caddy_30s_400c.log",
         "{server}_{asked_duration_ns}_{connections}c.log"},
        {"nginx-d10s.log caddy-d30s.log", "{server}-d{asked_duration_ns}.log"},
        {"nginx-2018-06-05.log node-2018-06-06.log nginx-2018-06-06.log", "{server}-{date}.log"},
        {"20180605/nginx.txt 20180606/nginx.txt", "{date}/nginx.txt"},
        {"a/64/1.log a/128/2.log b/256/3.log", "{label1}/{label2}/{run_no}.log"},
        {"x/nginx.log x/caddy.md", "{server}.{_}"},
        {"nginx caddy", "{server}"},
        /* Separators within a value that not all names have. */
        {"my_server__flask.log other__hug.log", "{label1}__{framework}.log"},
        /* A file that is unlike the others, and a folder that is. */
        {"r/nginx_run1.log r/nginx_run2.log r/caddy_run1.log r/caddy_run2.log r/x/y/notes.log "
         "r/readme.log",
         "{server}_run{run_no}.log"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = guess(cases[i].paths);

        g_test_message("%s", cases[i].paths);
        g_assert_cmpstr(text, ==, cases[i].wanted);
    }
}

static void test_paths_without_a_pattern_give_none(void)
{
    g_assert_null(guess("only.log"));
    g_assert_null(guess("a.log a.log"));
    g_assert_null(guess("{x}_1.log {x}_2.log"));         /* a template could not say that brace */
    g_assert_null(guess("\033[2J_1.log \033[2J_2.log")); /* nor should a terminal get this */
    g_assert_null(guess(""));
}

static void test_description_counts_and_names_what_does_not_fit(void)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    g_autoptr(WbPathTemplate) path_template =
        wb_path_template_new("{server}_run{run_no}.log", NULL);
    g_autofree char *text = NULL;

    g_ptr_array_add(paths, (char *)(uintptr_t) "x/nginx_run1.log");
    g_ptr_array_add(paths, (char *)(uintptr_t) "x/nginx_run2.log");
    g_ptr_array_add(paths, (char *)(uintptr_t) "x/odd\033[2J.log");
    text = wb_guess_describe(path_template, paths);
    g_assert_cmpstr(text, ==,
                    "2 of 3 files fit:\n"
                    "  server       nginx (1)\n"
                    "  run_no       1, 2 (2)\n"
                    "one that does not fit: x/odd?[2J.log\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/guess/template", test_names_are_taken_apart_as_a_person_would);
    g_test_add_func("/import/guess/none", test_paths_without_a_pattern_give_none);
    g_test_add_func("/import/guess/description",
                    test_description_counts_and_names_what_does_not_fit);
    return g_test_run();
}
