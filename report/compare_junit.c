/*
 * A comparison as JUnit XML: a test case for each case and metric, so that a CI server lists and
 * remembers them. What is worse (by the gate; without one: slower or broken) failed, what cannot be
 * compared is an error, what cannot be told is skipped. Valid by the schema of Jenkins' xUnit
 * plugin (tests/cli/report_junit.t). Times are 0: nothing was run; the timestamp is that of the
 * newest campaign.
 */
#include <string.h>

#include "report/case_name.h"
#include "report/compare_formats.h"

typedef enum { PASSED, FAILED, ERROR, SKIPPED } Outcome;

static Outcome outcome_of(const WbCompareReport *report, const WbCompareRow *row)
{
    if (report->gate && wb_gate_is_set(report->gate) && row->gated != WB_GATED_NOT) {
        static const Outcome of_gate[] = {[WB_GATED_PASS] = PASSED,
                                          [WB_GATED_WORSE] = FAILED,
                                          [WB_GATED_CANNOT_TELL] = SKIPPED,
                                          [WB_GATED_NOT_COMPARABLE] = ERROR};

        return of_gate[row->gated];
    }
    switch (row->word) {
    case WB_WORD_BROKEN:
        return FAILED;
    case WB_WORD_SLOWER: /* with a gate, on a metric that it does not limit: told, no failure */
        return report->gate && wb_gate_is_set(report->gate) ? PASSED : FAILED;
    case WB_WORD_GONE:
    case WB_WORD_NOT_COMPARABLE:
        return ERROR;
    case WB_WORD_TOO_FEW_RUNS:
    case WB_WORD_CANNOT_TELL:
        return SKIPPED;
    default:
        return PASSED;
    }
}

static void append_attribute(GString *out, const char *name, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append_printf(out, " %s=\"%s\"", name, escaped);
}

static void append_case(const WbCompareReport *report, const WbCompareRow *row, GString *out)
{
    static const char *const elements[] = {NULL, "failure", "error", "skipped"};
    Outcome outcome = outcome_of(report, row);
    /* a dot parts packages from classes: server.framework */
    g_autofree char *class = wb_case_name_by(row->match->labels, report->name_keys, ".");
    g_autofree char *message = wb_compare_sentence(report, row);
    g_autofree char *escaped = g_markup_escape_text(message, -1);

    g_string_append(out, "    <testcase");
    append_attribute(out, "classname", class);
    append_attribute(out, "name", row->metric->name);
    g_string_append(out, " time=\"0\">\n");
    if (outcome != PASSED) {
        g_string_append_printf(out, "      <%s", elements[outcome]);
        if (outcome != SKIPPED) { /* which may have none by Jenkins' schema: its text is read */
            append_attribute(out, "message", message);
            append_attribute(out, "type", row->verdict);
        }
        g_string_append_printf(out, ">%s</%s>\n", escaped, elements[outcome]);
    }
    g_string_append_printf(out, "      <system-out>%s</system-out>\n    </testcase>\n", escaped);
}

static void append_property(GString *out, const char *name, const char *value)
{
    g_string_append(out, "      <property");
    append_attribute(out, "name", name);
    append_attribute(out, "value", value);
    g_string_append(out, "/>\n");
}

/* The lines above the table, "NAME: ...", as name and value. */
static void append_properties(const WbCompareReport *report, GString *out)
{
    g_autoptr(GPtrArray) head = wb_compare_head(report);

    g_string_append(out, "    <properties>\n");
    for (guint i = 0; i < head->len; i++) {
        const char *line = g_ptr_array_index(head, i);
        const char *colon = i ? strstr(line, ": ") : NULL;
        g_autofree char *name = colon ? g_strndup(line, (size_t)(colon - line)) : g_strdup("says");

        append_property(out, name, colon ? colon + 2 : line);
    }
    g_string_append(out, "    </properties>\n");
}

/* Second precision without a zone, as the schemas want it. */
static char *timestamp(const WbComparison *comparison)
{
    const WbSide *new = comparison->new;
    const WbCampaignRecord *last =
        new->campaigns->len
            ? &g_array_index(new->campaigns, WbCampaignRecord, new->campaigns->len - 1)
            : NULL;

    return last && strlen(last->started_at) >= 19 ? g_strndup(last->started_at, 19)
                                                  : g_strdup("1970-01-01T00:00:00");
}

void wb_compare_render_junit(const WbCompareReport *report, GString *out)
{
    const WbComparison *comparison = report->comparison;
    g_autofree char *when = timestamp(comparison);
    g_autofree char *counts = NULL;
    guint count[SKIPPED + 1] = {0};

    for (guint i = 0; i < comparison->rows->len; i++)
        count[outcome_of(report, wb_comparison_row(comparison, i))]++;
    counts = g_strdup_printf("tests=\"%u\" failures=\"%u\" errors=\"%u\"", comparison->rows->len,
                             count[FAILED], count[ERROR]);
    g_string_append_printf(out,
                           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<testsuites name=\"wrkbook compare\" %s time=\"0\">\n"
                           "  <testsuite name=\"wrkbook compare\" %s skipped=\"%u\" time=\"0\"",
                           counts, counts, count[SKIPPED]);
    append_attribute(out, "timestamp", when);
    g_string_append(out, " hostname=\"localhost\">\n");
    append_properties(report, out);
    for (guint i = 0; i < comparison->rows->len; i++)
        append_case(report, wb_comparison_row(comparison, i), out);
    g_string_append(out, "    <system-out/>\n    <system-err/>\n  </testsuite>\n</testsuites>\n");
}
