/* `wrkbook compare`: options, then the chosen format's writer, then the gate's exit status. */
#include "analyze/query.h"
#include "report/commands.h"
#include "report/compare_formats.h"
#include "report/output.h"

static const char examples[] =
    "Says what changed, how sure that is, and what cannot be compared. Databases are only read.\n"
    "A case is `broken` if it has errors that it had not, `fixed` if they are gone; `cannot "
    "tell`:\n"
    "neither a change nor that there is none is shown. Cases measured with other settings or on\n"
    "another kind of host are not compared unless --allow says so.\n"
    "\n"
    "More than two databases are a series, the oldest first: at which of them each case changed, "
    "the\n"
    "last against the first, and the trend. --gate, junit, github, action-..., benchstat and cells "
    "are\n"
    "of its last step.\n"
    "\n"
    "Exit status with --gate: 0 pass; 1 worse by the limit, or new errors; 3 cannot tell (too few\n"
    "runs); 4 not comparable; without --gate: 0. 2: not done (a database cannot be read).\n"
    "\n"
    "Examples:\n"
    "  wrkbook compare old.db new.db\n"
    "  wrkbook compare old.db new.db --all --metric rate,p99\n"
    "  wrkbook compare v1.db v2.db v3.db v4.db v5.db\n"
    "  wrkbook compare all.db --series release --gate 5%\n"
    "  wrkbook compare all.db --where campaign=1 --against campaign=2\n"
    "  wrkbook compare all.db --where release=1.0 --against release=1.1\n"
    "  wrkbook compare old.db new.db --gate 5% --gate 'p99:+10%' --format md\n"
    "  wrkbook compare old.db new.db --gate auto --format junit -o results.xml\n"
    "  wrkbook compare old.db new.db --format cells -o again.json &&\n"
    "    wrkbook suite suite.json --cells again.json --runs 10 --db new.db";

typedef struct {
    char *format, *output, *color;
    gboolean all, ascii, csv_raw; /* what GOption takes */
} Options;

static void options_clear(Options *options)
{
    g_free(options->format);
    g_free(options->output);
    g_free(options->color);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void add_options(Options *options, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"all", 0, 0, G_OPTION_ARG_NONE, &options->all, "Also what did not change", NULL},
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &options->format,
         "How it is written, see below; else by the name of -o", "FORMAT"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         "Write to a file, whole or not at all", "FILE"},
        {"csv-raw", 0, 0, G_OPTION_ARG_NONE, &options->csv_raw,
         "csv: no ' before text that a spreadsheet takes for a formula", NULL},
        {"ascii", 0, 0, G_OPTION_ARG_NONE, &options->ascii, "No signs beyond ASCII", NULL},
        {"color", 0, 0, G_OPTION_ARG_FILENAME, &options->color, "text: auto, always or never",
         "WHEN"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_add_main_entries(context, entries, NULL);
}

/* The names of formats and metrics in --help come from their own lists. */
static char *describe(void)
{
    GString *text = g_string_new("Formats:\n");
    size_t n;
    const WbCompareMetric *metrics;

    wb_choices_append_help(wb_compare_formats(), text);
    g_string_append(text, "\nMetrics:\n");
    metrics = wb_compare_metrics(&n);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(text, "  %-14s %s\n", metrics[i].name, metrics[i].title);
    g_string_append_printf(text, "\n%s", examples);
    return g_string_free(text, FALSE);
}

static bool write_report(const Options *options, WbCompareReport *report, GError **error)
{
    const WbCompareFormat *format =
        wb_choice_find(wb_compare_formats(), "--format", options->format, options->output, error);
    g_autoptr(GString) out = g_string_new(NULL);
    bool written;

    if (!format || !wb_output_color(options->color, options->output, &report->color, error))
        return false;
    report->all = options->all;
    report->ascii = options->ascii;
    report->csv_raw = options->csv_raw;
    report->columns = wb_output_columns(options->output);
    wb_compare_report_prepare(report);
    format->render(report, out);
    written = wb_output_write(options->output, out, error);
    wb_compare_report_clear(report);
    return written;
}

/* Two sides, or a series, which the formats that know only two see as its last step. */
static bool compare(const Options *options, WbComparison *comparison, WbGate *gate, GError **error)
{
    WbCompareReport report = {.comparison = comparison, .gate = gate};
    g_auto(WbHistory) history;

    wb_history_init(&history, comparison);
    if (!wb_history_is_asked(comparison))
        return wb_gate_load(gate, comparison, error) && write_report(options, &report, error);
    if (!wb_gate_load_history(gate, &history, error))
        return false;
    report.history = &history;
    report.comparison = wb_history_step(&history, wb_history_sides(&history) - 2);
    return write_report(options, &report, error);
}

int wb_report_cmd_compare(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- what changed, and how sure");
    g_autofree char *description = describe();
    g_auto(Options) options = {0};
    g_auto(WbComparison) comparison;
    g_auto(WbGate) gate;

    wb_comparison_init(&comparison);
    wb_gate_init(&gate);
    g_option_context_set_description(context, description);
    wb_comparison_add_options(&comparison, context);
    wb_gate_add_options(&gate, context);
    add_options(&options, context);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !compare(&options, &comparison, &gate, error))
        return 2;
    return gate.status;
}
