/*
 * Long CSV: what a row is, states, half widths, quoting, and refusals that name the place.
 */
#include <string.h>

#include "runner/import/parser.h"

/* A sink writes everything that a text gave, one line a record. */

static void append_labels(GString *text, const WbLabels *labels)
{
    for (size_t i = 0; i < wb_labels_count(labels); i++)
        g_string_append_printf(text, " %s=%s", wb_labels_at(labels, i)->key,
                               wb_labels_at(labels, i)->value);
}

static void append_rate(GString *text, const char *name, double value, double half)
{
    if (!isnan(value))
        g_string_append_printf(text, " %s:%.9g+-%.9g", name, value, half);
}

static void append_int(GString *text, const char *name, int64_t value)
{
    if (value != WB_NONE)
        g_string_append_printf(text, " %s:%" G_GINT64_FORMAT, name, value);
}

static bool on_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    GString *text = user_data;

    (void)error;
    g_string_append_printf(text, "%" G_GINT64_FORMAT " run", run->log_line);
    append_labels(text, labels);
    append_int(text, "no", run->run_no);
    append_int(text, "requests", run->requests);
    append_int(text, "threads", run->threads);
    append_int(text, "elapsed", run->elapsed_ns);
    append_int(text, "elapsed+-", run->elapsed_ns_half ? run->elapsed_ns_half : WB_NONE);
    append_int(text, "p99", run->latency_p99_ns);
    append_int(text, "p99+-", run->latency_p99_ns_half ? run->latency_p99_ns_half : WB_NONE);
    append_rate(text, "rate", run->requests_per_s, run->requests_per_s_half);
    append_rate(text, "min", run->window_min, 0);
    g_string_append_printf(text, " %s\n", run->status);
    return true;
}

static bool on_published(void *user_data, const WbPublished *published, const WbLabels *labels,
                         GError **error)
{
    GString *text = user_data;

    (void)error;
    g_string_append_printf(text, "%" G_GINT64_FORMAT " %s", published->log_line,
                           wb_state_name(published->state));
    append_labels(text, labels);
    append_rate(text, "rate", published->requests_per_s, published->requests_per_s_half);
    append_rate(text, "min", published->window_min, 0);
    append_rate(text, "max", published->window_max, 0);
    append_int(text, "window", published->window_ns);
    if (published->split)
        g_string_append_printf(text, " split:%s", published->split);
    if (published->because)
        g_string_append_printf(text, " because:%s", published->because);
    g_string_append_c(text, '\n');
    return true;
}

static char *parse(const char *csv, GError **error)
{
    GString *text = g_string_new(NULL);
    const WbSink sink = {on_run, on_published, NULL, text};
    g_autofree char *copy = g_memdup2(csv, strlen(csv)); /* without the zero at its end */

    wb_parser_csv.parse(copy, strlen(csv), &sink, error);
    return g_string_free(text, FALSE);
}

static void assert_gives(const char *csv, const char *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = parse(csv, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, wanted);
}

static void assert_refused(const char *csv, const char *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = parse(csv, &error);

    (void)text; /* whatever came before the line that is refused */
    g_assert_error(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT);
    if (error && !g_str_has_prefix(error->message, wanted))
        g_test_fail_printf("'%s' instead of '%s'", error->message, wanted);
}

/* ---- what a row is -------------------------------------------------------------------------- */

static void test_rate_alone_is_a_published_figure(void)
{
    assert_gives("server,framework,value\nmeinheld,hug,70.96k\ngunicorn,hug,12670\n",
                 "2 ok framework=hug server=meinheld rate:70960+-5\n"
                 "3 ok framework=hug server=gunicorn rate:12670+-0\n");
}

static void test_states_stand_in_the_cell_of_the_figure(void)
{
    assert_gives("server,value\na,errors\nb,n/a\nc,\nd,blank\n",
                 "2 errors server=a\n3 n/a server=b\n4 blank server=c\n5 blank server=d\n");
    assert_gives("server,state,value\na,errors,\nb,ok,5\nc,,\n",
                 "2 errors server=a\n3 ok server=b rate:5+-0\n4 blank server=c\n");
}

static void test_ranges_are_of_10_s(void)
{
    assert_gives("server,min,max\na,209,485\nb,,\nc,n/a,n/a\n",
                 "2 ok server=a min:209+-0 max:485+-0 window:10000000000\n"
                 "3 blank server=b\n4 n/a server=c\n");
    assert_gives("server,window_min,window_max,window_ns\na,1,2,5s\n",
                 "2 ok server=a min:1+-0 max:2+-0 window:5000000000\n");
}

static void test_row_with_run_no_or_counts_is_a_run(void)
{
    assert_gives("server,run_no,requests_per_s\na,1,19.34k\n",
                 "2 run server=a no:1 rate:19340+-5 complete\n");
    assert_gives("server,requests,elapsed_ns\na,14403,10.02s\n",
                 "2 run server=a requests:14403 elapsed:10020000000 elapsed+-:5000000 "
                 "rate:1437.42515+-0 complete\n");
    assert_gives("server,latency_p99_ns,value\na,11.18ms,5\nb,,5\n",
                 "2 run server=a p99:11180000 p99+-:5000 rate:5+-0 complete\n"
                 "3 ok server=b rate:5+-0\n");
    assert_gives("server,run_no,status,threads\na,1,failed,8\n",
                 "2 run server=a no:1 threads:8 failed\n");
}

static void test_setting_of_a_published_figure_is_a_label(void)
{
    assert_gives("server,connections,value\na,64,5\n", "2 ok connections=64 server=a rate:5+-0\n");
}

static void test_split_and_reason(void)
{
    assert_gives("server,split,because,value\na,no errors,,5\nb,,own server,n/a\n",
                 "2 ok server=a rate:5+-0 split:no errors\n3 n/a server=b because:own server\n");
}

static void test_columns_that_the_database_makes_are_passed_over(void)
{
    assert_gives("run_id,campaign,findings,server,run_no\n7,x,[],a,1\n",
                 "2 run server=a no:1 complete\n");
}

/* ---- the text ------------------------------------------------------------------------------- */

static void test_quotes_line_ends_and_marks(void)
{
    assert_gives("\xef\xbb\xbf\"server\" , value\r\n\"a, \"\"b\"\"\n c\",1\r\n\r\n x ,2",
                 "2 ok server=a, \"b\"\n c rate:1+-0\n5 ok server=x rate:2+-0\n");
}

static void test_blank_label_is_absent(void)
{
    assert_gives("server,framework,value\na,,1\n", "2 ok server=a rate:1+-0\n");
}

static void test_numbers_as_programs_write_them(void)
{
    assert_gives("server,value\na,1.5e+06\nb,0.25\nc,1437.38\n",
                 "2 ok server=a rate:1500000+-0\n3 ok server=b rate:0.25+-0.005\n"
                 "4 ok server=c rate:1437.38+-0.005\n");
}

static void test_refusals_name_line_and_column(void)
{
    static const struct {
        const char *csv;
        const char *message;
    } cases[] = {
        {"server,value\na,1\nb,fast\n", "3: column 'value': 'fast' is no number"},
        {"server,value\na,-1\n", "2: column 'value': '-1' is no number from 0 on"},
        {"server,value\na,nan\n", "2: column 'value': 'nan' is no number from 0 on"},
        {"server,requests\na,1.5k\n", "2: column 'requests': '1.5k' is no whole number"},
        {"server,latency_p99_ns\na,11.18\n", "2: column 'latency_p99_ns': '11.18' is no time"},
        {"server,bytes\na,1.25QB\n", "2: column 'bytes': '1.25QB' is no size"},
        {"server,run_no,status\na,1,fine\n", "2: column 'status': 'fine' is no status"},
        {"server,value,state\na,,maybe\n", "2: column 'state': is ok, errors"},
        {"server,value,split\na,1,maybe\n", "2: column 'split': is errors or"},
        {"server,value,state\na,5,n/a\n", "2: column 'state': a state stands beside a figure"},
        {"server,run_no,value\na,1,n/a\n", "2: column 'value': a state stands in a row of a run"},
        {"server,min,max\na,n/a,errors\n", "2: column 'max': says another state"},
        {"server,min,max\na,5,\n", "2: column 'window_max': is missing"},
        {"server,min,max\na,5,4\n", "2: column 'window_max': is below"},
        {"server,min,max\na,5,n/a\n", "2: column 'max': a state stands beside a figure"},
        {"server,value\na,1,2\n", "2: the row has 3 cells, the first row 2"},
        {"server,value\n\na\n", "3: the row has 1 cells"},
        {"server,value\n\"a\nb\",x\n", "2: column 'value'"},
        {"server,value\n\"a,1\n", "2: a quoted cell has no closing quote"},
        {"server,value\na\"b,1\n", "2: a quote within a cell"},
        {"server,value\n\"a\"b,1\n", "2: text behind a closing quote"},
        {"my server,value\na,1\n", "1: column 'my server': 'my server' cannot name a label"},
        {"server,,value\na,b,1\n", "1: column '': has no name"},
        {"server,server,value\na,b,1\n", "1: column 'server': stands there twice"},
        {"value,requests_per_s\n1,1\n", "1: column 'requests_per_s': stands there twice"},
        {"server,framework\na,b\n", "1: no column holds a figure"},
        {"server,value\n\xff,1\n", "2: column 'server': is no UTF-8 text"},
        {"", "1: no column holds a figure"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(cases[i].csv, cases[i].message);
}

static void test_only_a_table_with_a_figure_looks_like_one(void)
{
    static const struct {
        const char *text;
        bool looks;
    } cases[] = {
        {"server,framework,value\n", true},
        {"\xef\xbb\xbfserver,\"requests_per_s\"\r\n", true},
        {"server,min,max", true},
        {"server,state\n", true},
        {"server,framework\n", false},
        {"Hello, world\n", false},
        {"value\n", false},
        {"Running 10s test @ http://x/?a,b\n", false},
        {"", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(wb_parser_csv.looks_like(cases[i].text, strlen(cases[i].text)), ==,
                        cases[i].looks);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/csv/row/published", test_rate_alone_is_a_published_figure);
    g_test_add_func("/import/csv/row/states", test_states_stand_in_the_cell_of_the_figure);
    g_test_add_func("/import/csv/row/ranges", test_ranges_are_of_10_s);
    g_test_add_func("/import/csv/row/runs", test_row_with_run_no_or_counts_is_a_run);
    g_test_add_func("/import/csv/row/settings", test_setting_of_a_published_figure_is_a_label);
    g_test_add_func("/import/csv/row/split", test_split_and_reason);
    g_test_add_func("/import/csv/row/made", test_columns_that_the_database_makes_are_passed_over);
    g_test_add_func("/import/csv/text/quotes", test_quotes_line_ends_and_marks);
    g_test_add_func("/import/csv/text/blank-label", test_blank_label_is_absent);
    g_test_add_func("/import/csv/text/numbers", test_numbers_as_programs_write_them);
    g_test_add_func("/import/csv/text/refusals", test_refusals_name_line_and_column);
    g_test_add_func("/import/csv/text/looks-like", test_only_a_table_with_a_figure_looks_like_one);
    return g_test_run();
}
