/*
 * Suites that are wrong: each thing that a file can get wrong, with its place and the words that
 * tell it.
 */
#include <string.h>

#include "runner/json_place.h"
#include "runner/near_word.h"
#include "runner/suite.h"

static WbSuite *parse(const char *text, GError **error)
{
    return wb_suite_parse("s.json", text, strlen(text), error);
}

#define TARGET(more)  "{\"targets\": [{\"url\": \"http://a/\"" more "}]}"
#define STARTED(more) TARGET(", \"start\": [\"x\"]" more)

/* Each text holds a '^' where its first problem is. */
static const struct {
    const char *text;
    const char *words; /* part of the message */
} bad[] = {
    /* no JSON, no suite */
    {"^", "ends too early"},
    {"{\"name\": \"x\"^", "ends too early"},
    {"{\n  \"name\": \"x\",\n^}", "a comma before the closing bracket"},
    {"{\n  \"name\": \"x\",\n  ^}\n", "a comma before the closing bracket"},
    {"{\"targets\": [\n1,\n ^]}", "a comma before the closing bracket"},
    {"{\n^// no\n}", "JSON has no comments"},
    {"{^'a': 1}", "double quotes"},
    {"{\"name\": ^'a'}", "double quotes"},
    {"{\"name\" ^\"x\"}", "missing comma, colon or quote"},
    {"{\"name\": \"x\"\n ^\"seed\": 1}", "missing comma, colon or quote"},
    {"{\"name\": ^\"x\n}", "no closing quote"},
    {"{} ^{}", "this is no JSON"},
    {"\n^\xff", "save the file as UTF-8"},
    {"{\"name\": \"a^\\u0000b\"}", "NUL"},
    {"^[]", "a suite is an object, not a list"},
    {"\xEF\xBB\xBF{^\"nam\": 1, \"targets\": [{\"url\": \"a\"}]}", "did you mean 'name'?"},
    /* keys */
    {"^{}", "\"targets\" is missing in a suite; add it, as in \"targets\": [{\"url\""},
    {"^{\n \"labels\": {},\n \"targts\": []\n}", "\"targets\" is missing"},
    {TARGET(", ^\"strat\": []"), "unknown key 'strat' in a target; did you mean 'start'?"},
    {TARGET(", ^\"cwd\": 1"), "known here: labels, start, env, directory"},
    {"{\"load\": {^\"conections\": 1}, \"targets\": [{\"url\": \"a\"}]}",
     "unknown key 'conections' in load; did you mean 'connections'?"},
    {TARGET(",\n ^\"url\": \"b\""), "'url' stands here twice"},
    {"{\"targets\": [^{\"start\": [\"x\"]}]}", "\"url\" is missing in a target"},
    {"{\"targets\": ^[]}", "no target"},
    {"{\"targets\": [^7]}", "a target is an object, not a number"},
    /* types */
    {TARGET(", \"load\": {\"connections\": ^\"200\"}"),
     "\"connections\" must be a number, not text; write it as in \"connections\": 200"},
    {TARGET(", \"load\": {\"duration\": ^10}"), "\"duration\" must be a text with its unit, not a "
                                                "number; write it as in \"duration\": \"10s\""},
    {STARTED(", ^\"start\": \"x\""), "stands here twice"},
    {TARGET(", \"start\": ^\"x\""), "\"start\" must be a list of words, not text"},
    {TARGET(", \"start\": ^[]"), "\"start\" is empty"},
    {TARGET(", \"start\": [\"x\", ^null]"), "a text is needed here, not null"},
    {TARGET(", \"start\": ^[\"\"]"), "cannot be the name of a program"},
    {STARTED(", \"env\": ^[\"A=1\"]"), "\"env\" must be an object of texts, not a list"},
    {STARTED(", \"env\": {^\"A=\": \"1\"}"), "without '='"},
    {TARGET(", \"load\": {\"keepalive\": ^\"yes\"}"), "must be true or false, not text"},
    {"{\"seed\": ^\"{x}\", \"targets\": []}", "\"seed\" must be a number, not text"},
    {"{\"labels\": {\"a\": ^true}, \"targets\": []}", "a label is a text"},
    {"{\"labels\": {\"a\": ^1.5}, \"targets\": []}", "or a whole number"},
    {"{\"labels\": {^\"a b\": \"1\"}, \"targets\": []}", "'a b' cannot name a label"},
    {"{\"labels\": {^\"port\": \"1\"}, \"targets\": []}", "no label can be called 'port'"},
    {"{\"matrix\": {\"a\": ^[]}, \"targets\": []}", "must be a list of at least one"},
    {"{\"matrix\": {\"a\": [1, ^\"1\"]}, \"targets\": []}", "stands here twice"},
    {"{\"skip\": [^{\"because\": \"n/a\"}], \"targets\": []}", "a skip is an object of labels"},
    /* values */
    {TARGET(", \"load\": {\"connections\": ^0}"), "\"connections\" is 0, but must be 1 to 1000000"},
    {TARGET(", \"load\": {\"connections\": ^1.5}"), "'1.5' is no whole number"},
    {TARGET(", \"load\": {\"connections\": ^1e999}"), "must be 1 to"},
    {TARGET(", \"load\": {\"rate\": ^-1}"), "must be 0 to 10000000"},
    {TARGET(", \"load\": {\"duration\": ^\"ten\"}"), "'ten' is no time with ms, s, m or h"},
    {TARGET(", \"load\": {\"duration\": ^\"10\"}"), "is no time"},
    {TARGET(", \"load\": {\"duration\": ^\"0s\"}"), "must be 10.00 ms to 168h"},
    {TARGET(", \"load\": {\"engine\": ^\"wkr\"}"), "did you mean 'wrk'?"},
    {TARGET(", \"load\": {\"runs\": ^{\"min\": 5, \"max\": 9}}"),
     "\"until_ci\" is missing in runs"},
    {TARGET(", \"load\": {\"runs\": {\"min\": 5, \"max\": 9, \"until_ci\": ^\"2\"}}"),
     "'2' is no percentage"},
    {TARGET(", \"load\": {\"runs\": {\"min\": 9, \"max\": ^5, \"until_ci\": \"2%\"}}"),
     "\"max\" runs (5) are fewer than \"min\" (9)"},
    {STARTED(", \"stop\": {\"signal\": ^\"STOP\"}"), "is none of TERM, INT"},
    {STARTED(", \"pin\": {\"server\": ^\"0-\"}"), "no list of CPUs"},
    {STARTED(", \"pin\": {\"server\": ^\"3,x\"}"), "no list of CPUs"},
    {STARTED(", \"user\": ^\"\""), "is empty"},
    {STARTED(", \"somaxconn\": ^128"), "add \"isolate\": \"net\""},
    {"{\"order\": ^\"random\", \"targets\": []}", "known here: interleaved, grouped"},
    {"{\"targets\": [{\"url\": ^\"ftp://a/\"}]}", "only http, https and unix"},
    {TARGET(", \"ready\": {\"path\": ^\"x\"}"), "begins with '/'"},
    {TARGET(", \"load\": {\"headers\": ^[\"X\"]}"), "'X' is no header"},
    /* what does not go together */
    {TARGET(", \"load\": {\"threads\": 4, \"connections\": ^2}"), "fewer connections (2)"},
    {"{\"targets\": [^{\"url\": \"a\", \"load\": {\"threads\": 40}}]}",
     "fewer connections (10) than threads (40)"},
    {TARGET(", \"load\": {\"duration\": \"168h\", \"slice\": ^\"1ms\"}"), "too many slices"},
    {TARGET(", \"load\": {\"engine\": \"wrk\", \"rate\": ^5}"), "an open rate is not to be had"},
    {TARGET(", \"load\": {\"keepalive\": false, \"pipeline\": ^2}"), "cannot be pipelined"},
    {TARGET(", \"env\": ^{\"A\": \"1\"}"), "about a server that is started here"},
    {"^{\"targets\": [{\"url\": \"a\", \"load\": {\"runs\": 1000000}, \"labels\": {\"a\": 1}},"
     " {\"url\": \"b\"}]}",
     "too many runs: 1000005"},
    /* labels in texts */
    {"{\"targets\": [{\"url\": ^\"http://a/{framwork}\"}],\n \"matrix\": {\"framework\": [1]}}",
     "unknown label 'framwork' in '{framwork}'; did you mean 'framework'?"},
    {"{\"load\": {\"headers\": [\"A: b\", ^\"C: {d}\"]}, \"targets\": [{\"url\": \"a\"}]}",
     "unknown label 'd' in '{d}'; none is known here"},
    {"{\"targets\": [{\"url\": ^\"http://a/{b\"}]}", "write '{{' for a brace"},
    {"{\"targets\": [{\"url\": ^\"http://a/\", \"start\": [\"x\",\n \"{port}\"]}]}",
     "but the URL is always the same"},
    {"{\"targets\": [{\"url\": ^\"http://a:{port}/\", \"start\": [\"x\"]}]}",
     "nothing tells the server its port"},
    {STARTED(", \"directory\": ^\"{port}\""), "{port} is known only in start, env and url"},
    {TARGET(", \"start\": [^\"{{port}\"]"), "a literal '{port}'"},
    {TARGET(", \"load\": {\"connections\": ^\"{n}\"}, \"labels\": {\"n\": \"many\"}"),
     "'many' is no number"},
    /* cells */
    {"{\"targets\": [\n {\"url\": \"http://a/\"},\n ^{\"url\": \"http://b/\"}]}",
     "the same cell as the target at line 2, column 2: both have no label"},
    {"{\"targets\": [{\"url\": \"a\"}, {\"url\": \"b\", \"labels\": {\"a\": 1}},\n"
     " ^{\"url\": \"c\", \"labels\": {\"a\": 1}}]}",
     "the same cell as the target at line 1, column 28: a=1;"},
    {"{\"labels\": {\"a\": 1}, \"matrix\": {^\"a\": [1]}, \"targets\": [{\"url\": \"b\"}]}",
     "'a' stands in \"labels\" beside it as well"},
    {"{\"targets\": [{\"url\": \"a\", \"labels\": {\"server\": \"uwsgi\"}}],\n"
     " \"skip\": [{\"server\": ^\"uwsg\"}]}",
     "this skip matches nothing: no cell has server=uwsg; did you mean 'uwsgi'?"},
    {"{\"targets\": [{\"url\": \"a\", \"labels\": {\"server\": \"uwsgi\"}}],\n"
     " \"skip\": [{\"sever\": ^\"uwsgi\"}]}",
     "no cell has a label 'sever'; did you mean 'server'?"},
    {"{\"targets\": [{\"url\": \"a\", \"labels\": {\"s\": \"1\"}}, {\"url\": \"a\", \"labels\": "
     "{\"s\": "
     "2}}],\n"
     " \"matrix\": {\"f\": [3, 4]}, \"skip\": [{\"s\": \"1\", \"f\": \"3\"}, {\"f\": 4, \"s\": "
     "^9}]}",
     "no cell has s=9; known here: 1, 2"},
    {"{\"targets\": [{\"url\": \"a\", \"labels\": {\"s\": 1, \"t\": 1}},"
     " {\"url\": \"a\", \"labels\": {\"s\": 2, \"t\": 2}}],\n \"skip\": [^{\"s\": 1, \"t\": 2}]}",
     "no cell has all of its labels"},
    {"^{\"targets\": [{\"url\": \"a\", \"labels\": {\"a\": 1}, \"skip\": [{\"a\": 1}]}]}",
     "every cell is skipped"},
};

/* The text without its mark; "LINE:COLUMN" of the mark, counted here by hand. */
static char *take_mark(const char *text, char at[32])
{
    const char *mark = strchr(text, '^');
    const char *line = text;
    int lines = 1;

    if (g_str_has_prefix(text, "\xEF\xBB\xBF"))
        line += 3;
    for (const char *p = text; p < mark; p++)
        if (*p == '\n') {
            line = p + 1;
            lines++;
        }
    g_snprintf(at, 32, "%d:%d", lines, (int)(mark - line) + 1);
    return g_strdup_printf("%.*s%s", (int)(mark - text), text, mark + 1);
}

static void test_what_is_wrong_is_told_with_its_place(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        char at[32];
        g_autofree char *text = take_mark(bad[i].text, at);
        g_autoptr(GError) error = NULL;
        g_autoptr(WbSuite) suite = parse(text, &error);
        g_autofree char *begin = g_strdup_printf("s.json:%s: ", at);

        g_assert_null(suite);
        g_assert_error(error, WB_SUITE_ERROR, WB_SUITE_ERROR_FILE);
        if (!error || !g_str_has_prefix(error->message, begin) ||
            !strstr(error->message, bad[i].words)) {
            g_test_message("%s\n  wanted: %s%s\n  got: %s", text, begin, bad[i].words,
                           error ? error->message : "a suite");
            g_test_fail();
        }
    }
}

static void test_all_problems_are_told_in_the_order_of_the_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(WbSuite) suite = parse("{\"order\": \"x\",\n \"load\": {\"threads\": 0},\n"
                                     " \"targets\": [{\"url\": \"a\", \"q\": 1}]}",
                                     &error);
    g_auto(GStrv) lines = error ? g_strsplit(error->message, "\n", -1) : NULL;

    g_assert_null(suite);
    g_assert_nonnull(lines);
    if (!lines)
        return;
    g_assert_cmpuint(g_strv_length(lines), ==, 3);
    g_assert_true(g_str_has_prefix(lines[0], "s.json:1:11: "));
    g_assert_true(g_str_has_prefix(lines[1], "s.json:2:22: "));
    g_assert_true(g_str_has_prefix(lines[2], "s.json:3:27: "));
}

static void test_no_more_than_twenty_problems_are_told(void)
{
    g_autoptr(GString) text = g_string_new("{");
    g_autoptr(GError) error = NULL;
    g_autoptr(WbSuite) suite = NULL;
    g_auto(GStrv) lines = NULL;

    for (int i = 0; i < 100; i++)
        g_string_append_printf(text, "%s\"zzz%d\": 1", i ? ",\n" : "", i);
    g_string_append(text, "}");
    suite = parse(text->str, &error);
    g_assert_null(suite);
    lines = g_strsplit(error->message, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 20);
}

static void test_sizes_are_bounded(void)
{
    g_autoptr(GString) axis = g_string_new("[0");
    g_autofree char *text = NULL;
    g_autoptr(GError) many = NULL;
    g_autoptr(GError) large = NULL;
    g_autoptr(GError) missing = NULL;
    g_autofree char *blanks = g_strnfill((4 << 20) + 1, ' ');

    for (int i = 1; i < 400; i++)
        g_string_append_printf(axis, ",%d", i);
    g_string_append(axis, "]");
    text = g_strdup_printf("{\"matrix\": {\"a\": %s, \"b\": %s}, \"targets\": [{\"url\": \"a\"}]}",
                           axis->str, axis->str);
    g_assert_null(parse(text, &many));
    g_assert_error(many, WB_SUITE_ERROR, WB_SUITE_ERROR_FILE);
    g_assert_nonnull(strstr(many->message, "more than 100000"));
    g_assert_null(parse(blanks, &large));
    g_assert_nonnull(strstr(large->message, "s.json:1:1: too large"));
    g_assert_null(wb_suite_load("/no/such/suite.json", &missing));
    g_assert_error(missing, WB_SUITE_ERROR, WB_SUITE_ERROR_READ);
}

/* A text that grows with each replaced label must not take all memory. */
static void test_replaced_texts_are_bounded(void)
{
    g_autofree char *value = g_strnfill(1000, 'v');
    g_autoptr(GString) body = g_string_new(NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < 2000; i++)
        g_string_append(body, "{a}");
    text = g_strdup_printf("{\"labels\": {\"a\": \"%s\"}, \"targets\": [{\"url\": \"a\", \"load\": "
                           "{\"body\": \"%s\"}}]}",
                           value, body->str);
    g_assert_null(parse(text, &error));
    g_assert_nonnull(strstr(error->message, "at most 1 MiB"));
}

/* ---- the small modules --------------------------------------------------------------------- */

static void test_places_of_values_and_keys(void)
{
    static const char text[] = "{\"a\": [1, {\"b\":\n \"x:y\\\"\"}],\n \"\xC3\xA4\" : null}";
    static const struct {
        size_t nth;
        int line, column, key_line, key_column;
    } cases[] = {{0, 1, 1, 1, 1},   {1, 1, 7, 1, 2},  {2, 1, 8, 1, 8},
                 {3, 1, 11, 1, 11}, {4, 2, 2, 1, 12}, {5, 3, 8, 3, 2}};
    WbJsonPlace place;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(wb_json_place_value(text, cases[i].nth, &place));
        g_assert_cmpint(place.line, ==, cases[i].line);
        g_assert_cmpint(place.column, ==, cases[i].column);
        g_assert_true(wb_json_place_key(text, cases[i].nth, &place));
        g_assert_cmpint(place.line, ==, cases[i].key_line);
        g_assert_cmpint(place.column, ==, cases[i].key_column);
    }
    g_assert_false(wb_json_place_value(text, 6, &place));
}

static void test_near_words(void)
{
    static const struct {
        const char *word, *near;
    } cases[] = {{"durration", "duration"},
                 {"duraiton", "duration"},
                 {"DURATION", "duration"},
                 {"conn", "connections"},
                 {"thread", "threads"},
                 {"keep_alive", "keepalive"},
                 {"x", NULL},
                 {"", NULL},
                 {"cooldown", NULL}};
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    static const char *const words[] = {"threads", "connections", "duration", "keepalive"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        g_ptr_array_add(known, (char *)(uintptr_t)words[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(wb_near_word(cases[i].word, known), ==, cases[i].near);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(void);
    } tests[] = {
        {"/suite/wrong/places", test_what_is_wrong_is_told_with_its_place},
        {"/suite/wrong/all", test_all_problems_are_told_in_the_order_of_the_file},
        {"/suite/wrong/twenty", test_no_more_than_twenty_problems_are_told},
        {"/suite/wrong/sizes", test_sizes_are_bounded},
        {"/suite/wrong/replaced", test_replaced_texts_are_bounded},
        {"/suite/place", test_places_of_values_and_keys},
        {"/suite/near-word", test_near_words},
    };

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].path, tests[i].test);
    return g_test_run();
}
