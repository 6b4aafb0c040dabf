/* Which item of a list is meant: by name, by the file's name, or the first; and what is said where
 * none is. */
#include <glib.h>
#include <string.h>

#include "report/choice.h"

typedef struct {
    WbChoice choice;
    int number;
} Thing;

static const Thing things[] = {{{"text", ".txt", "for people"}, 1},
                               {{"article", ".txt", "for a blog"}, 2},
                               {{"cells", NULL, "for a suite"}, 3}};

static int found(const char *name, const char *path)
{
    const Thing *thing = wb_choice_find(WB_CHOICES(things), "--format", name, path, NULL);

    return thing ? thing->number : 0;
}

static void test_a_name_goes_before_the_name_of_the_file(void)
{
    g_assert_cmpint(found("cells", "x.txt"), ==, 3);
    g_assert_cmpint(found("article", NULL), ==, 2);
    g_assert_cmpint(found(NULL, "x.txt"), ==, 1); /* the first of that suffix */
    g_assert_cmpint(found(NULL, "x.pdf"), ==, 1); /* the first of all */
    g_assert_cmpint(found(NULL, NULL), ==, 1);
    g_assert_cmpint(found("tex", "x.txt"), ==, 0);
    g_assert_cmpint(found("", NULL), ==, 0);
}

static void test_an_unknown_name_is_told_all_that_there_are(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(wb_choice_named(WB_CHOICES(things), "--format", "tex", &error));
    g_assert_error(error, WB_CHOICE_ERROR, WB_CHOICE_ERROR_NAME);
    g_assert_cmpstr(error->message, ==, "--format takes text, article or cells, not 'tex'");
    g_clear_error(&error);
    g_assert_null(wb_choice_named(WB_CHOICES(things), "chart", NULL, &error));
    g_assert_cmpstr(error->message, ==, "chart takes text, article or cells");
}

static void test_help_has_a_line_for_each(void)
{
    g_autoptr(GString) out = g_string_new("Formats:\n");

    wb_choices_append_help(WB_CHOICES(things), out);
    g_assert_cmpstr(out->str, ==,
                    "Formats:\n  text           for people\n  article        for a blog\n"
                    "  cells          for a suite\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/choice/find", test_a_name_goes_before_the_name_of_the_file);
    g_test_add_func("/choice/unknown", test_an_unknown_name_is_told_all_that_there_are);
    g_test_add_func("/choice/help", test_help_has_a_line_for_each);
    return g_test_run();
}
