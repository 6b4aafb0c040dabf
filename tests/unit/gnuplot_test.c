/*
 * The runner of gnuplot, with the real one and with programs that stand in for it and misbehave.
 * They use what the shell has built in only: whoever is not root may not fork under the limits.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "report/gnuplot.h"

/* A folder that is the whole PATH while it lives, with a program `gnuplot` in it. */
typedef struct {
    char *dir, *program, *path_before;
} Fake;

/* @param body  of a shell script; NULL: no program */
static void fake_init(Fake *fake, const char *body)
{
    fake->dir = g_dir_make_tmp("wb-gnuplot-XXXXXX", NULL);
    fake->program = g_build_filename(fake->dir, "gnuplot", NULL);
    fake->path_before = g_strdup(g_getenv("PATH"));
    if (body) {
        g_autofree char *text = g_strconcat("#!/bin/sh\n", body, "\n", NULL);

        g_assert_true(g_file_set_contents_full(fake->program, text, -1, G_FILE_SET_CONTENTS_NONE,
                                               0755, NULL));
    }
    g_setenv("PATH", fake->dir, TRUE);
}

static void fake_clear(Fake *fake)
{
    g_setenv("PATH", fake->path_before, TRUE);
    g_unlink(fake->program);
    g_rmdir(fake->dir);
    g_free(fake->dir);
    g_free(fake->program);
    g_free(fake->path_before);
}

/* One script drawn by a stand-in: the picture, or NULL and why. */
static char *draw_with(const char *body, const char *script, GError **error)
{
    g_autoptr(GBytes) picture = NULL;
    GError *why = NULL;
    Fake fake;

    fake_init(&fake, body);
    wb_gnuplot_run(&script, 1, &picture, &why);
    fake_clear(&fake);
    if (why) {
        g_assert_null(picture);
        g_propagate_error(error, why);
        return NULL;
    }
    return g_strndup(g_bytes_get_data(picture, NULL), g_bytes_get_size(picture));
}

#define SVG "set terminal svg noenhanced\n"

/* Each picture at the place of its script, and one that fails takes none with it. */
static void test_many_side_by_side(void)
{
    enum { N = 7, WRONG = 3 };
    g_auto(GStrv) scripts = g_new0(char *, N + 1);
    GBytes *pictures[N];
    GError *errors[N];

    for (int i = 0; i < N; i++)
        scripts[i] = i == WRONG ? g_strdup(SVG "plot no_such_function(x)\n")
                                : g_strdup_printf(SVG "set label 1 'picture %d' at graph 0.5, "
                                                      "graph 0.5\nplot x\n",
                                                  i);
    g_assert_false(wb_gnuplot_run((const char *const *)scripts, N, pictures, errors));
    for (int i = 0; i < N; i++) {
        g_autofree char *wanted = g_strdup_printf("picture %d", i);

        if (i == WRONG) {
            g_assert_error(errors[i], WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_FAILED);
            g_assert_null(pictures[i]);
            g_clear_error(&errors[i]);
            continue;
        }
        g_assert_no_error(errors[i]);
        g_assert_nonnull(g_strstr_len(g_bytes_get_data(pictures[i], NULL),
                                      (gssize)g_bytes_get_size(pictures[i]), wanted));
        g_bytes_unref(pictures[i]);
    }
}

/* What the process is given: its arguments, three variables, and limits (REPORTS section 6). */
static void test_the_process_is_bounded(void)
{
    const char *body = "while read -r line; do case $line in\n"
                       "'Max cpu time '*' 20 '*' 20 '*seconds) n=$((n + 1)) ;;\n"
                       "'Max file size '*' 67108864 '*' 67108864 '*bytes) n=$((n + 1)) ;;\n"
                       "'Max address space '*' 1073741824 '*' 1073741824 '*) n=$((n + 1)) ;;\n"
                       "'Max core file size '*' 0 '*' 0 '*bytes) n=$((n + 1)) ;;\n"
                       "'Max processes '*' 0 '*' 0 '*) n=$((n + 1)) ;;\n"
                       "esac; done </proc/$$/limits\n"
                       "echo \"$*|$HOME|$LC_ALL|$WB_SECRET|$n\"";
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;

    g_setenv("WB_SECRET", "secret", TRUE);
    said = draw_with(body, "", &error);
    g_unsetenv("WB_SECRET");
    g_assert_no_error(error);
    g_assert_cmpstr(said, ==, "-d -|/nonexistent|C.UTF-8||5\n");
}

/* A pipe that is full on either side stops nobody: 2 MB in, 2 MB of complaints, then the picture.
 */
static void test_full_pipes_do_not_lock(void)
{
    const char *body = "i=0; while [ $i -lt 20000 ]; do i=$((i + 1))\n"
                       "echo 'a complaint of a hundred letters, which is more than anybody would "
                       "read of it, were it not only for us' >&2; done\n"
                       "n=0; while read -r line; do n=$((n + 1)); done; echo \"$n lines\"";
    g_autoptr(GString) script = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;

    for (int i = 0; i < 20000; i++)
        g_string_append(script, "# a line of a script that is longer than all the pipes that lead "
                                "to it can hold at once, by far\n");
    said = draw_with(body, script->str, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(said, ==, "20000 lines\n");
}

/* One that reads nothing does not end us by a broken pipe; its own word is told, without controls.
 */
static void test_a_reader_that_is_gone(void)
{
    g_autofree char *script = g_strnfill(1 << 20, ' ');
    g_autoptr(GError) error = NULL;

    g_assert_null(
        draw_with("printf 'line 1: \\033[31mno\\nsecond line\\n' >&2; exit 3", script, &error));
    g_assert_error(error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_FAILED);
    g_assert_cmpstr(error->message, ==, "gnuplot failed with status 3: line 1:  [31mno");
}

/* Half a picture of one that was killed is none. */
static void test_killed_half_way(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(draw_with("echo '<svg><g>'; kill -KILL $$", "", &error));
    g_assert_error(error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "took too long or was killed"));
}

/* The limit of CPU time, here a second of the twenty, ends one that computes for ever. */
static void test_slow(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(draw_with("ulimit -t 1; while :; do :; done", "", &error));
    g_assert_error(error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "took too long or was killed"));
}

static void test_missing(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(draw_with(NULL, "", &error));
    g_assert_error(error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "install gnuplot"));
}

/* What counts as 5.4 or later. */
static void test_versions(void)
{
    static const struct {
        const char *says;
        bool good;
    } versions[] = {
        {"gnuplot 5.4 patchlevel 4", true},  {"gnuplot 6.0 patchlevel 0", true},
        {"gnuplot 5.10 patchlevel 1", true}, {"gnuplot 5.2 patchlevel 8", false},
        {"gnuplot 4.6 patchlevel 6", false}, {"a shell that was renamed", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        g_autofree char *body = g_strdup_printf("echo '%s'", versions[i].says);
        g_autoptr(GError) error = NULL;
        Fake fake;

        fake_init(&fake, body);
        g_assert_cmpint(wb_gnuplot_check(&error), ==, versions[i].good);
        fake_clear(&fake);
        if (versions[i].good)
            continue;
        g_assert_error(error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_OLD);
        g_assert_nonnull(strstr(error->message, versions[i].says));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/gnuplot/many side by side", test_many_side_by_side);
    g_test_add_func("/gnuplot/the process is bounded", test_the_process_is_bounded);
    g_test_add_func("/gnuplot/full pipes do not lock", test_full_pipes_do_not_lock);
    g_test_add_func("/gnuplot/a reader that is gone", test_a_reader_that_is_gone);
    g_test_add_func("/gnuplot/killed half way", test_killed_half_way);
    g_test_add_func("/gnuplot/slow", test_slow);
    g_test_add_func("/gnuplot/missing", test_missing);
    g_test_add_func("/gnuplot/versions", test_versions);
    return g_test_run();
}
