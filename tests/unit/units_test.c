/* Units: text to base units and back; half widths; rounding before the prefix is chosen. */
#include <glib.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "schema/units.h"

static void test_time_text_keeps_value_and_half_width(void)
{
    static const struct {
        const char *text;
        int64_t ns;
        int64_t half;
    } cases[] = {
        {"11.18ms", 11180000, 5000},
        {"401.76us", 401760, 5},
        {"1.39s", 1390000000, 5000000},
        {"0.92m", INT64_C(55200000000), 300000000},
        {"10s", INT64_C(10000000000), 500000000},
        {"2h", INT64_C(7200000000000), INT64_C(1800000000000)},
        {"0.00us", 0, 5},
        {"350ns", 350, 1},                  /* half a ns, rounded */
        {"0.000000000000000000000s", 0, 0}, /* more decimals than a double can divide by */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *end = cases[i].text + strlen(cases[i].text);
        int64_t ns = -1;
        int64_t half = -1;

        g_assert_true(wb_units_scan_time(cases[i].text, end, &ns, &half) == end);
        g_assert_cmpint(ns, ==, cases[i].ns);
        g_assert_cmpint(half, ==, cases[i].half);
    }
}

static void test_count_and_bytes_keep_half_width(void)
{
    double value;
    double half;
    int64_t bytes;
    int64_t half_bytes;
    const char *text = "19.34k";
    const char *size = "1.25MB";
    const char *lost = "1.84M"; /* the B got lost on the way */

    g_assert_nonnull(wb_units_scan_count(text, text + 6, &value, &half));
    g_assert_cmpfloat(value, ==, 19340);
    g_assert_cmpfloat(half, ==, 5);
    g_assert_nonnull(wb_units_scan_count("14403", "14403" + 5, &value, &half));
    g_assert_cmpfloat(half, ==, 0);
    g_assert_true(wb_units_scan_bytes(size, size + 6, &bytes, &half_bytes) == size + 6);
    g_assert_cmpint(bytes, ==, 1310720);
    g_assert_cmpint(half_bytes, ==, 5243); /* 0.005 MiB is 5242.88 */
    g_assert_true(wb_units_scan_bytes(lost, lost + 5, &bytes, &half_bytes) == lost + 5);
    g_assert_cmpint(bytes, ==, 1929380);
}

static void test_text_that_is_no_figure_is_refused(void)
{
    static const char *const texts[] = {"",    ".",    "-", "s",
                                        "nan", "-nan", "k", "99999999999999999999s"};
    int64_t ns;
    int64_t half;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_null(wb_units_scan_time(texts[i], texts[i] + strlen(texts[i]), &ns, &half));
    g_assert_null(wb_units_scan_time("12", "12" + 2, &ns, &half));
}

static void test_duration_takes_what_users_type(void)
{
    static const struct {
        const char *text;
        int64_t ns;
    } good[] = {{"10s", 10000000000}, {"10", 10000000000},  {"500ms", 500000000},
                {"1.5s", 1500000000}, {"2m", 120000000000}, {"1h", 3600000000000}};
    static const char *const bad[] = {"", "0", "0s", "-1s", "10 s", "10x", "s", "ten", "1e3"};
    int64_t ns;

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_assert_true(wb_units_parse_duration(good[i].text, &ns, NULL));
        g_assert_cmpint(ns, ==, good[i].ns);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(wb_units_parse_duration(bad[i], &ns, &error));
        g_assert_error(error, WB_UNITS_ERROR, WB_UNITS_ERROR_TEXT);
    }
}

static void test_share_takes_percent_and_plain_numbers(void)
{
    static const struct {
        const char *text;
        double share;
    } good[] = {{"5%", 0.05}, {"2.5 %", 0.025}, {"0.05", 0.05}, {"0", 0}, {"150%", 1.5}};
    static const char *const bad[] = {"", "%", "-1%", "5%%", "5 percent", "nan", "1e3", " 5%"};
    double share;

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_assert_true(wb_units_parse_share(good[i].text, &share, NULL));
        g_assert_cmpfloat_with_epsilon(share, good[i].share, 1e-15);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(wb_units_parse_share(bad[i], &share, &error));
        g_assert_error(error, WB_UNITS_ERROR, WB_UNITS_ERROR_TEXT);
    }
}

static void test_prefix_is_chosen_after_rounding(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {999994, "999.99k"}, {999995, "1.00M"}, {999.994, "999.99"},
        {999.995, "1.00k"},  {19340, "19.34k"}, {0, "0.00"},
        {-0.0, "0.00"},      {-0.001, "0.00"},  {1e15, "1000.00T"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            wb_units_format_scaled(cases[i].value, wb_units_prefix(cases[i].value, 2), 2);

        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void test_double_text_reads_back_to_the_same_double(void)
{
    static const double values[] = {0.1, 1.0 / 3, 1437.38, 5e-324, 1.7976931348623157e308, 19340};
    char buffer[WB_UNITS_DOUBLE_SIZE];

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        g_assert_cmpfloat(g_ascii_strtod(wb_units_format_double(values[i], buffer), NULL), ==,
                          values[i]);
    g_assert_cmpstr(wb_units_format_double(0.1, buffer), ==, "0.1");
    g_assert_cmpstr(wb_units_format_double(NAN, buffer), ==, "");
    g_assert_cmpstr(wb_units_format_double(INFINITY, buffer), ==, "");
}

static void test_times_for_people(void)
{
    static const struct {
        int64_t ns;
        const char *text;
    } cases[] = {{350, "350 ns"},
                 {2100, "2.10 us"},
                 {11180000, "11.18 ms"},
                 {999995000, "1.00 s"},
                 {1390000000, "1.39 s"}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = wb_units_format_time(cases[i].ns);

        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/units/scan/time", test_time_text_keeps_value_and_half_width);
    g_test_add_func("/units/scan/count-and-bytes", test_count_and_bytes_keep_half_width);
    g_test_add_func("/units/scan/no-figure", test_text_that_is_no_figure_is_refused);
    g_test_add_func("/units/parse/duration", test_duration_takes_what_users_type);
    g_test_add_func("/units/share", test_share_takes_percent_and_plain_numbers);
    g_test_add_func("/units/format/prefix", test_prefix_is_chosen_after_rounding);
    g_test_add_func("/units/format/double", test_double_text_reads_back_to_the_same_double);
    g_test_add_func("/units/format/time", test_times_for_people);
    return g_test_run();
}
