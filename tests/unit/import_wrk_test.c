/*
 * The wrk parser on texts made up here: what people do to the text, and what must not be believed.
 * The figures of published logs are in import_wrk_corpus_test.c.
 */
#include <string.h>

#include "runner/import/parser.h"

/* A block as wrk 4.1.0 prints it; tests put their own text around its lines. */
#define HEAD                                                                                       \
    "Running 10s test @ http://wsgi:8000\n"                                                        \
    "  1 threads and 200 connections\n"
#define ROWS                                                                                       \
    "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"                                        \
    "    Latency    11.18ms   45.49ms   1.39s    99.46%\n"                                         \
    "    Req/Sec     3.49k     3.99k    8.71k    64.10%\n"
#define TOTALS "  14403 requests in 10.02s, 1.25MB read\n"
#define ERRORS "  Socket errors: connect 0, read 14403, write 0, timeout 62\n"
#define RATES                                                                                      \
    "Requests/sec:   1437.38\n"                                                                    \
    "Transfer/sec:    127.74KB\n"
#define BLOCK HEAD ROWS TOTALS RATES

typedef struct {
    GArray *runs; /* of WbRun, texts in `text` */
    GPtrArray *unread;
    GStringChunk *text;
} Parsed;

static const char *keep(Parsed *parsed, const char *text)
{
    return text ? g_string_chunk_insert(parsed->text, text) : NULL;
}

static bool on_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    Parsed *parsed = user_data;
    WbRun copy = *run;

    (void)labels;
    (void)error;
    copy.url = keep(parsed, run->url);
    copy.command = keep(parsed, run->command);
    copy.printed_mismatch = keep(parsed, run->printed_mismatch);
    g_array_append_val(parsed->runs, copy);
    return true;
}

static bool on_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    Parsed *parsed = user_data;

    (void)error;
    g_ptr_array_add(parsed->unread, g_strdup_printf("%" G_GINT64_FORMAT ": %s: %s", line->line,
                                                    line->text, line->reason));
    return true;
}

static Parsed *parse_bytes(const char *bytes, size_t len)
{
    Parsed *parsed = g_new0(Parsed, 1);
    const WbSink sink = {on_run, NULL, on_unread, parsed};
    /* Exactly as long as the text, so that AddressSanitizer sees a read behind it. */
    g_autofree char *copy = len ? g_memdup2(bytes, len) : NULL;
    g_autoptr(GError) error = NULL;

    parsed->runs = g_array_new(FALSE, FALSE, sizeof(WbRun));
    parsed->unread = g_ptr_array_new_with_free_func(g_free);
    parsed->text = g_string_chunk_new(256);
    g_assert_true(wb_parser_wrk.parse(copy, len, &sink, &error));
    g_assert_no_error(error);
    return parsed;
}

static Parsed *parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static void parsed_free(Parsed *parsed)
{
    g_array_unref(parsed->runs);
    g_ptr_array_unref(parsed->unread);
    g_string_chunk_free(parsed->text);
    g_free(parsed);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Parsed, parsed_free)

static const WbRun *run_at(const Parsed *parsed, guint i)
{
    static WbRun none;

    wb_run_init(&none);
    if (i < parsed->runs->len)
        return &g_array_index(parsed->runs, WbRun, i);
    g_test_fail_printf("there is no run %u", i);
    return &none;
}

/* One run with the figures of BLOCK's totals. */
static void assert_is_block(const Parsed *parsed, guint i)
{
    const WbRun *run = run_at(parsed, i);

    g_assert_cmpint(run->requests, ==, 14403);
    g_assert_cmpfloat(run->requests_per_s, ==, 1437.38);
    g_assert_cmpint(run->latency_mean_ns, ==, 11180000);
    g_assert_cmpint(run->latency_mean_ns_half, ==, 5000);
    g_assert_cmpstr(run->status, ==, "complete");
    g_assert_cmpstr(run->printed_mismatch, ==, NULL);
}

static void assert_one_block(const char *text)
{
    g_autoptr(Parsed) parsed = parse(text);

    g_assert_cmpint(parsed->runs->len, ==, 1);
    assert_is_block(parsed, 0);
    g_assert_cmpint(parsed->unread->len, ==, 0);
}

static void assert_refused(const char *text, const char *reason)
{
    g_autoptr(Parsed) parsed = parse(text);

    g_assert_cmpint(parsed->runs->len, ==, 0);
    g_assert_cmpint(parsed->unread->len, ==, 1);
    if (parsed->unread->len == 1 && !strstr(parsed->unread->pdata[0], reason))
        g_test_fail_printf("%s has no '%s'", (char *)parsed->unread->pdata[0], reason);
}

/* `text` with `from` replaced by `to` everywhere. */
static char *replaced(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, -1);

    return g_strjoinv(to, parts);
}

/* ---- a plain block ------------------------------------------------------------------------- */

static void test_block_gives_its_figures(void)
{
    g_autoptr(Parsed) parsed = parse(HEAD ROWS TOTALS ERRORS RATES);
    const WbRun *run = run_at(parsed, 0);

    assert_is_block(parsed, 0);
    g_assert_cmpstr(run->tool, ==, "wrk");
    g_assert_cmpstr(run->url, ==, "http://wsgi:8000");
    g_assert_cmpint(run->threads, ==, 1);
    g_assert_cmpint(run->connections, ==, 200);
    g_assert_cmpint(run->asked_duration_ns, ==, 10000000000);
    g_assert_cmpint(run->asked_duration_ns_half, ==, 0);
    g_assert_cmpint(run->bytes, ==, 1310720);
    g_assert_cmpint(run->bytes_half, ==, 5243);
    g_assert_cmpfloat(run->requests_per_s_half, ==, 0.005);
    g_assert_cmpint(run->errors_read, ==, 14403);
    g_assert_cmpint(run->errors_timeout, ==, 62);
    g_assert_cmpint(run->errors_status, ==, 0);
    g_assert_cmpint(run->latency_max_ns, ==, 1390000000);
    g_assert_cmpstr(run->latency_kind, ==, "corrected by wrk");
    g_assert_cmpint(run->latency_p50_ns, ==, WB_NONE);
    g_assert_cmpint(run->timeout_ns, ==, WB_NONE);
    g_assert_cmpfloat(run->req_sec_max_per_s, ==, 8710);
    g_assert_cmpint(run->log_line, ==, 1);
}

/* 14403 / 1437.38 = 10.020 315 0.. s; the half width is 0.005 / 1437.38 of that. */
static void test_elapsed_is_the_finer_of_two_times(void)
{
    g_autoptr(Parsed) parsed = parse(BLOCK);
    const WbRun *run = run_at(parsed, 0);

    g_assert_cmpint(ABS(run->elapsed_ns - 10020315017), <, 1000);
    g_assert_cmpint(ABS(run->elapsed_ns_half - 34857), <, 100);
}

static void test_elapsed_without_requests_is_the_printed_one(void)
{
    g_autoptr(Parsed) parsed =
        parse(HEAD "  0 requests in 10.01s, 0.00B read\nRequests/sec:      0.00\n"
                   "Transfer/sec:       0.00B\n");
    const WbRun *run = run_at(parsed, 0);

    g_assert_cmpint(run->elapsed_ns, ==, 10010000000);
    g_assert_cmpint(run->elapsed_ns_half, ==, 5000000);
    g_assert_cmpint(run->requests, ==, 0);
    g_assert_cmpint(run->errors_timeout, ==, 0);
    g_assert_cmpstr(run->printed_mismatch, ==, NULL);
}

static void test_nan_rows_are_no_data(void)
{
    g_autoptr(Parsed) parsed =
        parse(HEAD "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"
                   "    Latency     0.00us    0.00us   0.00us    -nan%\n"
                   "    Req/Sec     0.00      0.00     0.00      -nan%\n" TOTALS RATES);
    const WbRun *run = run_at(parsed, 0);

    g_assert_cmpint(run->latency_mean_ns, ==, WB_NONE);
    g_assert_cmpint(run->latency_max_ns, ==, WB_NONE);
    g_assert_true(isnan(run->req_sec_mean_per_s));
    g_assert_cmpstr(run->latency_kind, ==, NULL);
    g_assert_cmpstr(run->tool, ==, "wrk");
    g_assert_cmpstr(run->status, ==, "complete");
}

/* ---- decorations --------------------------------------------------------------------------- */

static void test_line_prefixes_are_passed_over(void)
{
    static const char *const prefixes[] = {
        "\t", "> ", "# ", "bench_1        | ", "2024-05-01T10:00:00.123Z ", "    "};

    for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        g_autofree char *separator = g_strconcat("\n", prefixes[i], NULL);
        g_autofree char *text = replaced("\n" BLOCK, "\n", separator);

        g_test_message("'%s'", prefixes[i]);
        assert_one_block(text);
    }
}

static void test_line_ends_do_not_matter(void)
{
    g_autofree char *crlf = replaced(BLOCK, "\n", "\r\n");
    g_autofree char *blanks = replaced(BLOCK, "\n", "  \t\n");

    assert_one_block(crlf);
    assert_one_block(blanks);
    assert_one_block("text without an end\n\n" BLOCK "\n\ntext");
}

static void test_escape_sequences_are_stripped(void)
{
    g_autofree char *coloured = replaced(BLOCK, "Requests", "\033[1;32mRequests\033[0m");
    g_autofree char *split = replaced(coloured, "14403", "14\033[K403");
    g_autofree char *titled = g_strconcat("\033]0;wrk\a", split, NULL);

    assert_one_block(titled);
    assert_one_block("^[[A^C  \n" HEAD "\033[C" ROWS TOTALS RATES);
}

static void test_markdown_around_a_block(void)
{
    assert_one_block("# Results\n```" HEAD ROWS TOTALS RATES "```\ntext: Requests/sec: 12.00\n");
    assert_one_block("```\n" BLOCK "```\n| Latency | 12.14ms |\n| Requests/sec | 1437.38 |\n");
    /* An excerpt quoted again is no run. */
    assert_one_block(BLOCK "as seen above:\n```\n" TOTALS RATES "```\n");
}

static void test_lost_and_doubled_letters(void)
{
    g_autofree char *lost = replaced(BLOCK, "Running", "unning");
    g_autofree char *doubled = replaced(BLOCK, "Running", "RRunning");
    g_autofree char *last = replaced(BLOCK, "127.74KB", "127.74K");
    g_autofree char *grouped = replaced(BLOCK, "14403 requests", "14,403 requests");

    assert_one_block(lost);
    assert_one_block(doubled);
    assert_one_block(last);
    assert_one_block(grouped);
}

static void test_remarks_between_lines_are_told(void)
{
    g_autoptr(Parsed) parsed =
        parse(HEAD "  (the table)\n" ROWS "  # totals\n" TOTALS RATES "after the end\n");

    g_assert_cmpint(parsed->runs->len, ==, 1);
    assert_is_block(parsed, 0);
    g_assert_cmpint(parsed->unread->len, ==, 2);
    g_assert_cmpstr(parsed->unread->pdata[0], ==, "3:   (the table): no line of wrk's");
}

static void test_remarks_without_end_are_counted(void)
{
    g_autoptr(GString) text = g_string_new(HEAD);
    g_autoptr(Parsed) parsed = NULL;

    for (int i = 0; i < 1000; i++)
        g_string_append(text, "printed by a script\n");
    g_string_append(text, ROWS TOTALS RATES);
    parsed = parse(text->str);
    assert_is_block(parsed, 0);
    g_assert_cmpint(parsed->unread->len, ==, 21);
    g_assert_nonnull(strstr(parsed->unread->pdata[20], "980 further lines"));
}

/* ---- several blocks ------------------------------------------------------------------------ */

static void test_runs_back_to_back(void)
{
    g_autoptr(Parsed) parsed = parse(BLOCK BLOCK "text\n" BLOCK);

    g_assert_cmpint(parsed->runs->len, ==, 3);
    for (guint i = 0; i < 3; i++)
        assert_is_block(parsed, i);
    g_assert_cmpint(run_at(parsed, 1)->log_line, ==, 9);
}

static void test_block_without_header_has_no_settings(void)
{
    g_autoptr(Parsed) parsed = parse("$ wrk -t8 -c100 -d30s http://x/\n" ROWS TOTALS RATES);
    const WbRun *run = run_at(parsed, 0);

    assert_is_block(parsed, 0);
    g_assert_cmpstr(run->url, ==, NULL);
    g_assert_cmpint(run->threads, ==, WB_NONE);
    g_assert_cmpstr(run->command, ==, "wrk -t8 -c100 -d30s http://x/");
}

static void test_two_columns_are_two_runs(void)
{
    g_auto(GStrv) lines = g_strsplit(BLOCK, "\n", -1);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(Parsed) parsed = NULL;

    for (size_t i = 0; lines[i] && *lines[i]; i++)
        g_string_append_printf(text, "%-60s|  %s\n", lines[i], lines[i]);
    parsed = parse(text->str);
    g_assert_cmpint(parsed->runs->len, ==, 2);
    assert_is_block(parsed, 0);
    assert_is_block(parsed, 1);
}

static void test_more_columns_are_refused(void)
{
    g_auto(GStrv) lines = g_strsplit(BLOCK, "\n", -1);
    g_autoptr(GString) bars = g_string_new(NULL);
    g_autoptr(GString) blanks = g_string_new(NULL);

    for (size_t i = 0; lines[i] && *lines[i]; i++) {
        g_string_append_printf(bars, "%-60s|%-60s|%s\n", lines[i], lines[i], lines[i]);
        g_string_append_printf(blanks, "%-60s%s\n", lines[i], lines[i]);
    }
    assert_refused(bars->str, "side by side");
    assert_refused(blanks->str, "side by side");
}

/* ---- cut short ----------------------------------------------------------------------------- */

static void test_block_cut_before_its_totals_is_partial(void)
{
    g_autoptr(Parsed) parsed = parse("```\n" HEAD ROWS "```\n" BLOCK);
    const WbRun *run = run_at(parsed, 0);

    g_assert_cmpint(parsed->runs->len, ==, 2);
    g_assert_cmpstr(run->status, ==, "partial");
    g_assert_cmpint(run->requests, ==, WB_NONE);
    g_assert_cmpint(run->errors_read, ==, WB_NONE);
    g_assert_true(isnan(run->requests_per_s));
    assert_is_block(parsed, 1);
}

static void test_header_alone_is_no_run(void)
{
    assert_refused(HEAD, "no figures follow");
    assert_refused("Running 10s test @ http://x/ is what wrk says\n", "no figures follow");
}

/* Whatever a text is cut to, no figure is read that is not the whole text's. */
static void test_text_cut_anywhere_never_gives_a_wrong_figure(void)
{
    static const char text[] =
        HEAD ROWS "  Latency Distribution\n     50%    2.93ms\n     99%    1.35s\n" TOTALS ERRORS
                  "  Non-2xx or 3xx responses: 131\n" RATES;
    g_autoptr(Parsed) whole = parse(text);
    const WbRun *wanted = run_at(whole, 0);
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    for (size_t len = 0; len < strlen(text); len++) {
        g_autoptr(Parsed) parsed = parse_bytes(text, len);
        const WbRun *run;

        if (parsed->runs->len == 0)
            continue;
        run = run_at(parsed, 0);
        for (size_t i = 0; i < n; i++) {
            int64_t value = *(const int64_t *)(const void *)((const char *)run + fields[i].offset);
            int64_t right =
                *(const int64_t *)(const void *)((const char *)wanted + fields[i].offset);

            /* The printed time stands in for the finer one while there is no rate. */
            if (fields[i].type == WB_FIELD_INT && value != WB_NONE && value != right &&
                strcmp(fields[i].name, "elapsed_ns") != 0)
                g_test_fail_printf("cut to %zu bytes: %s", len, fields[i].name);
        }
        g_assert_true(isnan(run->requests_per_s) || run->requests_per_s == 1437.38);
        g_assert_cmpstr(run->printed_mismatch, ==, NULL);
    }
}

static void test_run_stopped_early_is_partial(void)
{
    g_autofree char *text = replaced(BLOCK, "Running 10s", "Running 30s");
    g_autoptr(Parsed) parsed = parse(text);

    g_assert_cmpstr(run_at(parsed, 0)->status, ==, "partial");
    g_assert_cmpint(run_at(parsed, 0)->requests, ==, 14403);
    g_assert_cmpint(run_at(parsed, 0)->errors_read, ==, 0);
}

/* ---- command lines ------------------------------------------------------------------------- */

static void test_command_gives_what_the_text_lacks(void)
{
    g_autoptr(Parsed) parsed =
        parse("me@host ~ % wrk -t1 -c 200 --duration=10s \\\n    --timeout 5s -H 'A: b -t9' \\\n"
              "    http://wsgi:8000\n" BLOCK);
    const WbRun *run = run_at(parsed, 0);

    g_assert_cmpint(run->timeout_ns, ==, 5000000000);
    g_assert_cmpstr(run->command, ==,
                    "wrk -t1 -c 200 --duration=10s  --timeout 5s -H 'A: b -t9'  http://wsgi:8000");
    g_assert_cmpint(run->threads, ==, 1);
}

static void test_command_makes_a_rounded_duration_exact(void)
{
    g_autofree char *text =
        replaced("`wrk -t1 -c200 -d100s http://wsgi:8000`\n" BLOCK, "10s test", "2m test");
    g_autoptr(Parsed) parsed = parse(text);
    g_autoptr(Parsed) without = parse(strchr(text, '\n'));

    g_assert_cmpint(run_at(parsed, 0)->asked_duration_ns, ==, 100000000000);
    g_assert_cmpint(run_at(parsed, 0)->asked_duration_ns_half, ==, 0);
    g_assert_cmpint(run_at(without, 0)->asked_duration_ns, ==, 120000000000);
    g_assert_cmpint(run_at(without, 0)->asked_duration_ns_half, ==, 30000000000);
}

static void test_command_that_ran_otherwise_changes_nothing(void)
{
    g_autoptr(Parsed) parsed = parse("wrk -t1 -c200 -d60 --timeout 9s http://wsgi:8000\n" BLOCK);
    const WbRun *run = run_at(parsed, 0);

    g_assert_cmpint(run->asked_duration_ns, ==, 10000000000);
    g_assert_cmpint(run->timeout_ns, ==, WB_NONE);
    g_assert_cmpstr(run->command, ==, "wrk -t1 -c200 -d60 --timeout 9s http://wsgi:8000");
}

static void test_command_of_another_run_is_not_taken(void)
{
    g_autoptr(Parsed) parsed = parse("wrk -t8 -c200 http://wsgi:8000\n" BLOCK);
    g_autofree char *other = replaced(BLOCK, "http://wsgi:8000", "http://other:8000");
    g_autofree char *text = g_strconcat("wrk -t1 -c200 http://wsgi:8000\n" BLOCK, other, NULL);
    g_autoptr(Parsed) two = parse(text);

    g_assert_cmpstr(run_at(parsed, 0)->command, ==, NULL);
    g_assert_cmpstr(run_at(two, 0)->command, ==, "wrk -t1 -c200 http://wsgi:8000");
    g_assert_cmpstr(run_at(two, 1)->command, ==, NULL);
}

/* ---- what is not to be believed ------------------------------------------------------------ */

static void test_lookalikes_are_refused(void)
{
    g_autofree char *decimals = replaced(BLOCK, "10.02s", "10.023s");
    g_autofree char *small_k = replaced(BLOCK, "127.74KB", "127.74kB");
    g_autofree char *tasks =
        replaced(BLOCK, "1 threads and 200 connections", "200 task(s) running concurrently");
    g_autofree char *fork = replaced(BLOCK, "Max ", "99% ");

    assert_refused(decimals, "decimals");
    assert_refused(small_k, "kB");
    assert_refused(tasks, "another program");
    assert_refused(fork, "99%");
    assert_refused(HEAD ROWS TOTALS "  Non-2xx or 3xx responses: 0\n" RATES, "above 0");
}

static void test_figures_that_disagree_are_warned_of(void)
{
    g_autofree char *rate = replaced(BLOCK, "1437.38", "1500.00");
    g_autofree char *transfer = replaced(BLOCK, "127.74KB", "150.00KB");
    g_autofree char *spelling = replaced(BLOCK, "11.18ms", "0.50ms");
    g_autoptr(Parsed) a = parse(rate);
    g_autoptr(Parsed) b = parse(transfer);
    g_autoptr(Parsed) c = parse(spelling);

    g_assert_cmpstr(run_at(a, 0)->printed_mismatch, ==,
                    "14403 requests in the printed time are not 1500.00 a second");
    g_assert_cmpint(run_at(a, 0)->elapsed_ns, ==, 10020000000); /* the printed one */
    g_assert_nonnull(run_at(b, 0)->printed_mismatch);
    g_assert_cmpstr(run_at(c, 0)->printed_mismatch, ==, "wrk would not write '0.50ms'");
}

static void test_message_of_wrk_is_told(void)
{
    assert_refused("unable to connect to localhost:8080 Connection refused\n", "no run");
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*function)(void);
    } tests[] = {
        {"block/figures", test_block_gives_its_figures},
        {"block/elapsed-finer", test_elapsed_is_the_finer_of_two_times},
        {"block/elapsed-no-requests", test_elapsed_without_requests_is_the_printed_one},
        {"block/nan", test_nan_rows_are_no_data},
        {"around/prefixes", test_line_prefixes_are_passed_over},
        {"around/line-ends", test_line_ends_do_not_matter},
        {"around/escapes", test_escape_sequences_are_stripped},
        {"around/markdown", test_markdown_around_a_block},
        {"around/letters", test_lost_and_doubled_letters},
        {"around/remarks", test_remarks_between_lines_are_told},
        {"around/many-remarks", test_remarks_without_end_are_counted},
        {"several/back-to-back", test_runs_back_to_back},
        {"several/no-header", test_block_without_header_has_no_settings},
        {"several/two-columns", test_two_columns_are_two_runs},
        {"several/more-columns", test_more_columns_are_refused},
        {"cut/before-totals", test_block_cut_before_its_totals_is_partial},
        {"cut/header-alone", test_header_alone_is_no_run},
        {"cut/anywhere", test_text_cut_anywhere_never_gives_a_wrong_figure},
        {"cut/stopped-early", test_run_stopped_early_is_partial},
        {"command/settings", test_command_gives_what_the_text_lacks},
        {"command/duration", test_command_makes_a_rounded_duration_exact},
        {"command/ran-otherwise", test_command_that_ran_otherwise_changes_nothing},
        {"command/of-another-run", test_command_of_another_run_is_not_taken},
        {"doubt/lookalikes", test_lookalikes_are_refused},
        {"doubt/disagree", test_figures_that_disagree_are_warned_of},
        {"doubt/message", test_message_of_wrk_is_told},
    };

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/import/wrk/", tests[i].path, NULL);

        g_test_add_func(path, tests[i].function);
    }
    return g_test_run();
}
