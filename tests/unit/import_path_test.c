/*
 * Labels and fields from paths (--labels-from), text into fields, and text for terminals.
 */
#include <string.h>

#include "runner/import/field_value.h"
#include "runner/import/path_template.h"
#include "runner/import/printable.h"

/* Labels and run_no that a template takes from a path, as one text; NULL: does not fit. */
static char *match(const char *template_text, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(WbPathTemplate) path_template = wb_path_template_new(template_text, &error);
    g_autoptr(WbLabels) labels = wb_labels_new();
    GStringChunk *chunk = g_string_chunk_new(64);
    GString *text = g_string_new(NULL);
    bool matches = false;
    WbRun run;

    g_assert_no_error(error);
    wb_run_init(&run);
    if (path_template)
        wb_path_template_match(path_template, path, labels, &run, chunk, &matches, &error);
    if (error)
        g_string_append(text, error->message);
    for (size_t i = 0; !error && i < wb_labels_count(labels); i++)
        g_string_append_printf(text, "%s=%s ", wb_labels_at(labels, i)->key,
                               wb_labels_at(labels, i)->value);
    if (run.run_no != WB_NONE)
        g_string_append_printf(text, "#%" G_GINT64_FORMAT, run.run_no);
    g_string_chunk_free(chunk);
    return g_string_free(text, !matches && !error);
}

static void assert_match(const char *template_text, const char *path, const char *wanted)
{
    g_autofree char *text = match(template_text, path);

    g_test_message("%s %s", template_text, path);
    g_assert_cmpstr(text, ==, wanted);
}

static void test_template_takes_labels_and_fields(void)
{
    static const char usual[] = "{benchmark}/{server}__{framework}__run{run_no}.log";

    assert_match(usual, "logs/hello/gunicorn__flask__run12.log",
                 "benchmark=hello framework=flask server=gunicorn #12");
    assert_match(usual, "hello/gunicorn__flask__run1.log",
                 "benchmark=hello framework=flask server=gunicorn #1");
    assert_match(usual, "/a/b/hello/gunicorn__flask__run01.log",
                 "benchmark=hello framework=flask server=gunicorn #1");
}

static void test_template_is_matched_against_the_end_of_names(void)
{
    assert_match("{server}.log", "a/b/gunicorn.log", "server=gunicorn ");
    assert_match("run{_}.log", "a/prerun1.log", NULL);
    assert_match("{a}/{b}.log", "x.log", NULL);
    assert_match("/{a}.log", "x.log", "a=x ");
    assert_match("/{a}.log", "y/x.log", "a=x ");
    assert_match("{a}.log", "x.log.txt", NULL);
    assert_match("{a}.log", ".log", NULL);
}

static void test_template_gives_each_name_the_shortest_text(void)
{
    assert_match("{a}_{b}.log", "x_y_z.log", "a=x b=y_z ");
    assert_match("{a}__{b}.log", "x___y.log", "a=x b=_y ");
    assert_match("{a}-run{run_no}.log", "x-run-run3.log",
                 "{run_no}: '-run3' is no whole number "
                 "from 0 on: write all its digits and no "
                 "separators");
    assert_match("{a}.log", "x.log.log", "a=x.log ");
    assert_match("{}_{b}_{_}.log", "p_q_r.log", "b=q ");
}

static void test_template_without_sense_is_refused(void)
{
    static const char *const texts[] = {
        "",         "{a",      "a}",    "{a}{b}",           "{a/b}", "{my name}", "{a}_{a}",
        "{run_id}", "{1st}.x", "{{a}}", "{run_no}-{run_no}"};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(WbPathTemplate) path_template = wb_path_template_new(texts[i], &error);

        g_test_message("%s: %s", texts[i], error ? error->message : "taken");
        g_assert_null(path_template);
        g_assert_nonnull(error);
    }
}

/* A path made of the template's own separators must not take quadratic time squared. */
static void test_template_is_quick_on_a_path_made_to_hurt(void)
{
    g_autofree char *path = g_strnfill(4000, '_');
    g_autofree char *text = match("{a}_{b}_{c}_{d}_{e}_{f}_{g}_{h}x", path);

    g_assert_cmpstr(text, ==, NULL);
}

static void assert_field(const char *name, const char *text, double value, double half)
{
    const WbField *field = wb_field_find_settable(name);
    g_autoptr(GError) error = NULL;
    WbRun run;
    const char *base = (const char *)&run;

    wb_run_init(&run);
    g_assert_nonnull(field);
    g_assert_true(wb_field_set_text(&run, field, text, &error));
    g_assert_no_error(error);
    g_assert_false(wb_field_is_missing(&run, field));
    if (field->type == WB_FIELD_INT) {
        g_assert_cmpint(*(const int64_t *)(const void *)(base + field->offset), ==, (int64_t)value);
        if (field->half_offset)
            g_assert_cmpint(*(const int64_t *)(const void *)(base + field->half_offset), ==,
                            (int64_t)half);
    } else {
        g_assert_cmpfloat(*(const double *)(const void *)(base + field->offset), ==, value);
        if (field->half_offset)
            g_assert_cmpfloat(*(const double *)(const void *)(base + field->half_offset), ==, half);
    }
}

static void test_field_reads_units_and_half_widths(void)
{
    assert_field("latency_mean_ns", "11.18ms", 11180000, 5000);
    assert_field("latency_mean_ns", "11180000", 11180000, 0);
    assert_field("timeout_ns", "10s", 1e10, 0);
    assert_field("asked_duration_ns", "1m", 6e10, 0);
    assert_field("bytes", "1.25MB", 1310720, 5243);
    assert_field("requests_per_s", "19.34k", 19340, 5);
    assert_field("client_cpu_share", "0.5", 0.5, 0);
    assert_field("threads", "0", 0, 0);
    assert_field("requests", "4611686018427387904", 4611686018427387904.0, 0);
}

static void test_field_refuses_what_it_cannot_hold(void)
{
    static const struct {
        const char *field;
        const char *text;
    } cases[] = {
        {"threads", "-1"},
        {"threads", "1k"},
        {"threads", "1.0"},
        {"requests", "9223372036854775808"},
        {"requests", "99999999999999999999999"},
        {"timeout_ns", "10 s"},
        {"timeout_ns", "-10s"},
        {"client_cpu_share", "1.5"},
        {"requests_per_s", "inf"},
        {"status", "done"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        WbRun run;

        wb_run_init(&run);
        g_test_message("%s=%s", cases[i].field, cases[i].text);
        g_assert_false(
            wb_field_set_text(&run, wb_field_find_settable(cases[i].field), cases[i].text, &error));
        g_assert_nonnull(error);
        g_assert_true(wb_field_is_missing(&run, wb_field_find_settable(cases[i].field)));
    }
    g_assert_null(wb_field_find_settable("run_id"));
    g_assert_null(wb_field_find_settable("log_line"));
    g_assert_null(wb_field_find_settable("server"));
}

static void test_printable_leaves_nothing_that_moves_the_cursor(void)
{
    static const struct {
        const char *text;
        const char *shown;
    } cases[] = {
        {"plain \xc3\xa9", "plain \xc3\xa9"},
        {"a\033[2Jb\r\nc\td", "a?[2Jb??c d"},
        {"\x7f\xc2\x9b", "??"},
        {"\xe2\x80\xae evil", "? evil"},
        {"\xff", "\xef\xbf\xbd"},
        {"12345678901", "1234567890..."},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = wb_printable(cases[i].text, 10);
        g_autofree char *wide = wb_printable(cases[i].text, 100);

        g_assert_cmpstr(i + 1 < G_N_ELEMENTS(cases) ? wide : shown, ==, cases[i].shown);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/template/labels", test_template_takes_labels_and_fields);
    g_test_add_func("/import/template/end", test_template_is_matched_against_the_end_of_names);
    g_test_add_func("/import/template/shortest", test_template_gives_each_name_the_shortest_text);
    g_test_add_func("/import/template/refused", test_template_without_sense_is_refused);
    g_test_add_func("/import/template/quick", test_template_is_quick_on_a_path_made_to_hurt);
    g_test_add_func("/import/field/reads", test_field_reads_units_and_half_widths);
    g_test_add_func("/import/field/refuses", test_field_refuses_what_it_cannot_hold);
    g_test_add_func("/import/printable", test_printable_leaves_nothing_that_moves_the_cursor);
    return g_test_run();
}
