/* Where texts are broken into lines. Widths are in columns here: 1 a character, wide ones 2. */
#include "report/pdf_lines.h"

#include "report/clean.h"

static double column_width(gunichar c, void *data)
{
    (void)data;
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* The lines, joined by '|'. */
static char *broken(const char *text, double most)
{
    g_autoptr(GArray) lines = wb_lines_break(text, most, column_width, NULL);
    GString *joined = g_string_new(NULL);

    for (guint i = 0; i < lines->len; i++) {
        const WbLine *line = wb_lines_at(lines, i);

        g_string_append_printf(joined, "%s%.*s", i ? "|" : "", (int)line->bytes,
                               text + line->start);
    }
    return g_string_free(joined, FALSE);
}

#define assert_lines(text, most, wanted)                                                           \
    do {                                                                                           \
        g_autofree char *got = broken(text, most);                                                 \
        g_assert_cmpstr(got, ==, wanted);                                                          \
    } while (0)

static void test_a_text_that_fits_is_one_line(void)
{
    assert_lines("", 10, "");
    assert_lines("one two", 7, "one two");
    assert_lines("one two  ", 7, "one two");
}

static void test_lines_end_at_the_last_blank_that_fits(void)
{
    assert_lines("one two three", 9, "one two|three");
    assert_lines("one two three", 7, "one two|three");
    assert_lines("one two three", 6, "one|two|three");
    assert_lines("one   two", 5, "one|two");
}

static void test_a_figure_is_not_torn_from_its_sign(void)
{
    assert_lines("noise 8.7 %", 9, "noise|8.7 %");
    assert_lines("is 19k ± 1k", 10, "is|19k ± 1k");
    assert_lines("in 209 – 485", 11, "in|209 – 485");
}

static void test_line_ends_are_kept_and_indents_with_them(void)
{
    assert_lines("a\n  b\n\nc", 10, "a|  b||c");
    assert_lines("  indented code", 10, "  indented|code");
}

static void test_a_long_word_is_broken_behind_punctuation_else_anywhere(void)
{
    assert_lines("../venv/bin/gunicorn", 12, "../venv/bin/|gunicorn");
    assert_lines("abcdefgh", 3, "abc|def|gh");
    assert_lines("see abcdefgh", 6, "see|abcdef|gh");
}

static void test_nothing_is_torn_from_its_accent(void)
{
    assert_lines("abe\xcc\x81x", 3, "abe\xcc\x81|x");
    assert_lines("ae\xcc\x81\xcc\x81 x", 1, "a|e\xcc\x81\xcc\x81|x");
}

static void test_wide_characters_need_no_blanks(void)
{
    assert_lines("ab ベンチ", 7, "ab ベン|チ");
    assert_lines("ベンチ", 4, "ベン|チ");
}

static void test_a_line_holds_a_character_however_narrow(void)
{
    assert_lines("abc", 0.1, "a|b|c");
    assert_lines("ベン", 1, "ベ|ン");
}

/* Whatever the width: nothing but blanks is lost, and only a single character is too wide. */
static void test_any_text_comes_whole_out_of_its_lines(void)
{
    static const char *const pieces[] = {"a", "bb/c", " ", "  ", "e\xcc\x81", "ベンチ", "-", "x.y"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(9);

    for (int i = 0; i < 2000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GArray) lines = NULL;
        double most = g_rand_int_range(rand, 1, 12);
        size_t at = 0;

        for (int n = g_rand_int_range(rand, 0, 20); n > 0; n--)
            g_string_append(text, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
        lines = wb_lines_break(text->str, most, column_width, NULL);
        for (guint l = 0; l < lines->len; l++) {
            const WbLine *line = wb_lines_at(lines, l);
            g_autofree char *own = g_strndup(text->str + line->start, line->bytes);

            for (; at < line->start; at++)
                g_assert_cmpint(text->str[at], ==, ' ');
            at += line->bytes;
            if (g_utf8_strlen(own, -1) > 2)
                g_assert_cmpfloat((double)wb_clean_width(own), <=, most);
        }
        for (; at < text->len; at++)
            g_assert_cmpint(text->str[at], ==, ' ');
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/pdf-lines/one", test_a_text_that_fits_is_one_line);
    g_test_add_func("/pdf-lines/blanks", test_lines_end_at_the_last_blank_that_fits);
    g_test_add_func("/pdf-lines/figures", test_a_figure_is_not_torn_from_its_sign);
    g_test_add_func("/pdf-lines/line-ends", test_line_ends_are_kept_and_indents_with_them);
    g_test_add_func("/pdf-lines/long-words",
                    test_a_long_word_is_broken_behind_punctuation_else_anywhere);
    g_test_add_func("/pdf-lines/accents", test_nothing_is_torn_from_its_accent);
    g_test_add_func("/pdf-lines/wide", test_wide_characters_need_no_blanks);
    g_test_add_func("/pdf-lines/narrow", test_a_line_holds_a_character_however_narrow);
    g_test_add_func("/pdf-lines/whole", test_any_text_comes_whole_out_of_its_lines);
    return g_test_run();
}
