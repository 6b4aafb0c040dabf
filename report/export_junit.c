/*
 * Export: JUnit XML: a test case for each case: failed if it had socket errors or no complete run,
 * else passed, with its figures as properties of the suite's output.
 */
#include <inttypes.h>
#include <math.h>

#include "report/case_name.h"
#include "report/export.h"
#include "report/figure_text.h"
#include "report/formats.h"

static bool is_failed(const WbCaseSummary *of)
{
    return of->complete_n == 0 || of->errors.runs_with_errors > 0;
}

static double time_of(const WbCaseSummary *of)
{
    double sum = 0;

    for (size_t r = 0; r < of->complete_n; r++)
        if (of->complete[r]->elapsed_ns != WB_NONE)
            sum += (double)of->complete[r]->elapsed_ns / 1e9;
    return sum;
}

static void append_message(GString *out, const WbCaseSummary *of)
{
    g_autofree char *errors = of->complete_n ? wb_figure_errors(&of->errors) : NULL;

    wb_html_append(out, errors ? errors : "no complete run");
}

static void append_case(const WbExport *export, const WbCaseSummary *of, GString *out)
{
    g_autofree char *name = wb_case_name(of->of_case->labels, export->keys);
    char time[G_ASCII_DTOSTR_BUF_SIZE], rate[WB_UNITS_DOUBLE_SIZE];

    g_string_append(out, "    <testcase classname=\"wrkbook\" name=\"");
    wb_html_append(out, name);
    g_string_append_printf(out, "\" time=\"%s\">\n",
                           g_ascii_formatd(time, sizeof time, "%.3f", time_of(of)));
    if (is_failed(of)) {
        g_string_append(out, "      <failure type=\"errors\" message=\"");
        append_message(out, of);
        g_string_append(out, "\"/>\n");
    }
    g_string_append_printf(out,
                           "      <system-out>median requests/s: %s; complete runs: %zu"
                           "</system-out>\n    </testcase>\n",
                           wb_units_format_double(of->rate.median, rate), of->complete_n);
}

bool wb_export_junit(const WbExport *export, WbOutput *out, GError **error)
{
    const WbCaseSummary *of;
    size_t tests = 0, failures = 0;
    double time = 0;
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    (void)error;
    for (size_t i = 0; (of = wb_export_next_case(export, &i));) {
        tests++;
        failures += is_failed(of);
        time += time_of(of);
    }
    g_ascii_formatd(text, sizeof text, "%.3f", time);
    g_string_append_printf(out->text,
                           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%zu\" "
                           "failures=\"%zu\" errors=\"0\" time=\"%s\">\n"
                           "  <testsuite name=\"wrkbook\" tests=\"%zu\" failures=\"%zu\" "
                           "errors=\"0\" skipped=\"0\" time=\"%s\">\n",
                           tests, failures, text, tests, failures, text);
    for (size_t i = 0; (of = wb_export_next_case(export, &i));)
        append_case(export, of, out->text);
    g_string_append(out->text, "  </testsuite>\n</testsuites>\n");
    return true;
}
