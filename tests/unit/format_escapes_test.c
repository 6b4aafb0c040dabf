/* The escapes of each format, and the colours of text. Reading whole outputs back with foreign
 * programs is in tests/cli/report_formats.t. */
#include <glib.h>
#include <string.h>

#include "analyze/steering.h"
#include "analyze/tsv.h"
#include "report/formats.h"
#include "report/text.h"

typedef struct {
    const char *text, *wanted;
} Pair;

static void test_markdown(void)
{
    static const Pair known[] = {
        {"a|b", "a\\|b"},
        {"_*~^#{}", "\\_\\*\\~^\\#{}"},
        {"<script>&", "&lt;script&gt;&amp;"},
        {"`id` \\ [x]!", "\\`id\\` \\\\ \\[x\\]\\!"},
        {"http://x", "http\\://x"},
        {"www.x", "www\\.x"},
        {"WWW.x", "WWW\\.x"},
        {"me@x", "me\\@x"},
        {"a:b 1.5", "a:b 1.5"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(GString) out = g_string_new(NULL);

        wb_markdown_append(out, known[i].text);
        g_assert_cmpstr(out->str, ==, known[i].wanted);
    }
}

static void test_csv_guards_formulas_and_quotes(void)
{
    static const Pair known[] = {
        {"plain", "plain"},
        {"", ""},
        {"=1+1", "'=1+1"},
        {"@x", "'@x"},
        {"-x", "'-x"},
        {"  =1", "\"'  =1\""},
        {"\xef\xbc\x9d"
         "1",
         "'\xef\xbc\x9d"
         "1"},
        {"\"q\"", "\"\"\"q\"\"\""},
        {"a,b", "\"a,b\""},
        {"=a,b", "\"'=a,b\""},
        {" out ", "\" out \""},
        {"it's", "it's"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autoptr(GString) out = g_string_new(NULL);

        wb_csv_append(out, known[i].text, false);
        g_assert_cmpstr(out->str, ==, known[i].wanted);
    }
}

static void test_csv_raw_has_no_guard(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    wb_csv_append(out, "=1+1", true);
    g_assert_cmpstr(out->str, ==, "=1+1");
}

static void test_tsv(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    wb_tsv_append(out, "=a\tb\\c\nd\re");
    g_assert_cmpstr(out->str, ==, "=a\\tb\\\\c\\nd\\re");
}

/* U+202E turns what follows around, U+009B begins a sequence as ESC [ does, 0xff is no UTF-8. */
#define STEERING "\xe2\x80\xae\xc2\x9b\xff\x7f\xc3\xa9"

static void test_tsv_of_what_steers_a_terminal(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    wb_tsv_append(out, "\x1b[31m" STEERING);
    g_assert_cmpstr(out->str, ==, "\\u001b[31m\\u202e\\u009b\xef\xbf\xbd\\u007f\xc3\xa9");
}

/* cJSON escapes only what JSON makes it escape, up to U+001F: what is here stands in its strings.
 */
static void test_json_of_what_steers_a_terminal(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    wb_json_append(out, "{\n\t\"a\": \"\\u001b[31m" STEERING "\"}");
    g_assert_cmpstr(out->str, ==,
                    "{\n\t\"a\": \"\\u001b[31m\\u202e\\u009b\\ufffd\\u007f\xc3\xa9\"}\n");
}

/* A table of one column and two rows, made by hand. */
static WbTextTable *small_table(void)
{
    WbTextTable *table = g_new0(WbTextTable, 1);

    table->caption = g_strdup("");
    table->stub_head = g_strdup("server");
    table->heads = g_ptr_array_new_with_free_func(g_free);
    table->stubs = g_ptr_array_new_with_free_func(g_free);
    table->notes = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(table->heads, g_strdup("x"));
    g_ptr_array_add(table->heads, g_strdup("y"));
    g_ptr_array_add(table->stubs, g_strdup("a"));
    table->cells = g_new0(WbTextCell, 2);
    table->cells[0] = (WbTextCell){g_strdup("1.00k"), WB_CELL_VALUE, true};
    table->cells[1] = (WbTextCell){g_strdup("errors"), WB_CELL_ERRORS, false};
    return table;
}

static void test_text_colour_is_around_words_only(void)
{
    WbTextTable *table = small_table();
    g_autoptr(GString) plain = g_string_new(NULL);
    g_autoptr(GString) color = g_string_new(NULL);

    wb_text_append_table(table, false, 0, plain);
    g_assert_cmpstr(plain->str, ==,
                    "             x      y\n"
                    "---------  -----  ------\n"
                    "a          1.00k  errors\n");
    wb_text_append_table(table, true, 0, color);
    g_assert_cmpstr(color->str, ==,
                    "             x      y\n"
                    "---------  -----  ------\n"
                    "a          \033[1m1.00k\033[0m  \033[31merrors\033[0m\n");
    wb_text_table_free(table);
}

static void test_text_too_wide_is_cut_into_blocks(void)
{
    WbTextTable *table = small_table();
    g_autoptr(GString) out = g_string_new(NULL);

    wb_text_append_table(table, false, 20, out);
    g_assert_cmpstr(out->str, ==,
                    "             x\n"
                    "---------  -----\n"
                    "a          1.00k\n"
                    "\n"
                    "             y\n"
                    "---------  ------\n"
                    "a          errors\n");
    wb_text_table_free(table);
}

/* Columns, not bytes: the U+2212 is one, each of the three letters at the end two. */
static void test_text_is_wrapped_at_blanks_by_columns(void)
{
    static const char sentence[] = "change \xe2\x88\x92 of all of it \xe3\x83\x99\xe3\x83\xb3"
                                   "\xe3\x83\x81 and-a-word-that-fits-nowhere x";
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GString) one = g_string_new(NULL);

    wb_text_append_wrapped(out, "* ", sentence, 2, 20);
    g_assert_cmpstr(out->str, ==,
                    "* change \xe2\x88\x92 of all of\n"
                    "  it \xe3\x83\x99\xe3\x83\xb3\xe3\x83\x81\n"
                    "  and-a-word-that-fits-nowhere\n"
                    "  x\n");
    wb_text_append_wrapped(one, "", sentence, 2, 0);
    g_assert_cmpint(one->str[one->len - 1], ==, '\n');
    g_assert_cmpmem(one->str, (int)one->len - 1, sentence, (int)strlen(sentence));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/format_escapes/markdown", test_markdown);
    g_test_add_func("/format_escapes/csv", test_csv_guards_formulas_and_quotes);
    g_test_add_func("/format_escapes/csv-raw", test_csv_raw_has_no_guard);
    g_test_add_func("/format_escapes/tsv", test_tsv);
    g_test_add_func("/format_escapes/tsv/steering", test_tsv_of_what_steers_a_terminal);
    g_test_add_func("/format_escapes/json/steering", test_json_of_what_steers_a_terminal);
    g_test_add_func("/format_escapes/text/colour", test_text_colour_is_around_words_only);
    g_test_add_func("/format_escapes/text/blocks", test_text_too_wide_is_cut_into_blocks);
    g_test_add_func("/format_escapes/text/wrapped", test_text_is_wrapped_at_blanks_by_columns);
    return g_test_run();
}
