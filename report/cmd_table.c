/* `wrkbook table`: options, then the chosen format's writer. */
#include <string.h>

#include "analyze/grid_means.h"
#include "analyze/query.h"
#include "report/commands.h"
#include "report/formats.h"
#include "report/output.h"

static const char examples[] =
    "Cells may be several by comma: 19.34k (209 - 485), the first one leads; where no label makes\n"
    "columns, the figures do. csv, tsv and json have one row a case and a column a figure.\n"
    "\n"
    "Examples:\n"
    "  wrkbook table --db results.db --where benchmark=hello\n"
    "  wrkbook table --db results.db --cell range --split errors --format article\n"
    "  wrkbook table --db results.db --rows framework --cols server --cell median,cv\n"
    "  wrkbook table --db results.db --cols connections --totals geomean --cell best\n"
    "  wrkbook table --db results.db --cell best,range,errors -o results.csv";

typedef struct {
    char *cell, *format, *output, *color, *heading_at, *best, *caption, *label, *top, *totals;
    gboolean ascii, wide, csv_raw; /* what GOption takes */
} Options;

static void options_clear(Options *options)
{
    g_free(options->cell);
    g_free(options->format);
    g_free(options->output);
    g_free(options->color);
    g_free(options->heading_at);
    g_free(options->top);
    g_free(options->totals);
    g_free(options->best);
    g_free(options->caption);
    g_free(options->label);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void set_wrong(GError **error, const char *option, const char *text, const char *right)
{
    g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION, "%s takes %s, not '%s'", option,
                right, text);
}

static void add_options(Options *options, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"cell", 0, 0, G_OPTION_ARG_FILENAME, &options->cell,
         "What stands in a cell (default best); see below", "NAME[,NAME]"},
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &options->format,
         "One of the list below (default text); else by the name of -o", "FORMAT"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         "Write to a file, whole or not at all", "FILE"},
        {"top", 0, 0, G_OPTION_ARG_FILENAME, &options->top,
         "Only the first N rows of each table (in the order of --sort, default best)", "N"},
        {"totals", 0, 0, G_OPTION_ARG_FILENAME, &options->totals,
         "geomean: a last row, the geometric mean of each column", "HOW"},
        {"heading-at", 0, 0, G_OPTION_ARG_FILENAME, &options->heading_at,
         "article: byte offsets of the words of the heading", "N,N,..."},
        {"best", 0, 0, G_OPTION_ARG_FILENAME, &options->best,
         "bold: the best figure of each column in bold (md, html, latex, asciidoc, rst)", "HOW"},
        {"caption", 0, 0, G_OPTION_ARG_FILENAME, &options->caption,
         "latex: put the tabular into a table with this caption", "TEXT"},
        {"label", 0, 0, G_OPTION_ARG_FILENAME, &options->label,
         "latex: a name for \\ref; of several tables with -1, -2, ...", "NAME"},
        {"wide", 0, 0, G_OPTION_ARG_NONE, &options->wide,
         "csv, tsv, json: the table's own shape, not one row a case", NULL},
        {"csv-raw", 0, 0, G_OPTION_ARG_NONE, &options->csv_raw,
         "csv: no ' before text that a spreadsheet takes for a formula", NULL},
        {"ascii", 0, 0, G_OPTION_ARG_NONE, &options->ascii, "text, md: no signs beyond ASCII",
         NULL},
        {"color", 0, 0, G_OPTION_ARG_FILENAME, &options->color, "text: auto, always or never",
         "WHEN"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_add_main_entries(context, entries, NULL);
}

/* The names of cells and formats in --help come from their own lists. */
static char *describe(void)
{
    GString *text = g_string_new("Cells:\n");
    size_t n;
    const WbMeasure *measures = wb_measures(&n);

    for (size_t i = 0; i < n; i++)
        g_string_append_printf(text, "  %-14s %s\n", measures[i].name, measures[i].title);
    g_string_append(text, "\nFormats:\n");
    wb_choices_append_help(wb_formats(), text);
    g_string_append_printf(text, "\n%s", examples);
    return g_string_free(text, FALSE);
}

/* "12,24,35" -> offsets. */
static bool read_offsets(const char *text, GArray *offsets, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);

    for (char **word = words; *word; word++) {
        uint64_t value;
        size_t offset;

        if (!g_ascii_string_to_unsigned(g_strstrip(*word), 10, 0, 10000, &value, NULL)) {
            set_wrong(error, "--heading-at", text, "byte offsets such as 12,24,35");
            return false;
        }
        offset = (size_t)value;
        g_array_append_val(offsets, offset);
    }
    return true;
}

/* Histograms and slices are read only if a cell wants them. */
static WbSummaryOptions needs_of(const GPtrArray *measures)
{
    WbSummaryOptions needs = {.no_latency = true, .no_windows = true, .no_series = true};

    for (size_t i = 0; i < measures->len; i++) {
        const WbMeasure *measure = g_ptr_array_index(measures, i);

        if (measure->unit == WB_UNIT_NS)
            needs.no_latency = false;
        if (measure->kind == WB_MEASURE_RANGE)
            needs.no_windows = false;
    }
    return needs;
}

/* The first rows of an order: that of --sort, or by best where nobody chose one. */
static bool read_top(const Options *options, const WbFormat *format, WbQuery *query,
                     int64_t *out_top, GError **error)
{
    if (!options->top)
        return true;
    if (format->is_long && !options->wide) {
        set_wrong(error, "--top", options->top, "a table: add --wide, or another format");
        return false;
    }
    if (!wb_units_parse_count(options->top, 1, G_MAXINT32, out_top, error)) {
        g_prefix_error(error, "--top: ");
        return false;
    }
    if (!query->sort)
        query->sort = g_strdup("best");
    return true;
}

/* Means stand below a table, and only rates and latencies have one. */
static bool check_totals(const Options *options, const WbFormat *format, const GPtrArray *measures,
                         GError **error)
{
    bool any = false;

    if (!options->totals)
        return true;
    for (size_t i = 0; i < measures->len; i++)
        any |= wb_measure_has_mean(g_ptr_array_index(measures, i));
    if (strcmp(options->totals, "geomean") != 0)
        set_wrong(error, "--totals", options->totals, "geomean");
    else if (format->is_long && !options->wide)
        set_wrong(error, "--totals", options->totals, "a table: add --wide, or another format");
    else if (!any)
        set_wrong(error, "--totals geomean", options->cell,
                  "rates or latencies in --cell (best, median, p99, ...)");
    else
        return true;
    return false;
}

static bool write_table(const Options *options, WbQuery *query, GError **error)
{
    const WbFormat *format =
        wb_choice_find(wb_formats(), "--format", options->format, options->output, error);
    g_autoptr(GPtrArray) measures =
        format ? wb_measures_parse(options->cell ? options->cell : "best", error) : NULL;
    g_autoptr(GArray) offsets = g_array_new(FALSE, FALSE, sizeof(size_t));
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(WbGrid) grid = NULL;
    g_autoptr(GPtrArray) unsaid = g_ptr_array_new_with_free_func(g_free);
    WbReport report = {.query = query,
                       .measures = measures,
                       .ascii = options->ascii,
                       .wide = options->wide,
                       .csv_raw = options->csv_raw,
                       .means = options->totals != NULL,
                       .bold_best = options->best != NULL,
                       .caption = options->caption,
                       .label = options->label,
                       .unsaid = unsaid,
                       .columns = wb_output_columns(options->output)};
    WbSummaryOptions needs;
    int64_t top = 0;

    if (!measures || !read_top(options, format, query, &top, error) ||
        !check_totals(options, format, measures, error) ||
        !wb_output_color(options->color, options->output, &report.color, error))
        return false;
    if (options->best && strcmp(options->best, "bold") != 0) {
        set_wrong(error, "--best", options->best, "bold");
        return false;
    }
    if (options->heading_at && !read_offsets(options->heading_at, offsets, error))
        return false;
    report.heading_at = options->heading_at ? (const size_t *)offsets->data : NULL;
    report.heading_n = offsets->len;
    needs = needs_of(measures);
    if (!wb_query_load(query, &needs, error))
        return false;
    if (!format->is_long || report.wide) {
        grid = wb_query_grid(query, error);
        if (grid && top > 0)
            wb_grid_top(grid, (size_t)top);
        if (!grid || (!format->is_long && !wb_query_load_findings(query, error)))
            return false;
    }
    report.grid = grid;
    if (!format->render(&report, out, error))
        return false;
    for (size_t i = 0; i < unsaid->len; i++)
        g_printerr("%s\n", (const char *)g_ptr_array_index(unsaid, i));
    if (out->len == 0) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_EMPTY,
                    "no case has a figure for --cell %s", options->cell ? options->cell : "best");
        return false;
    }
    return wb_output_write(options->output, out, error);
}

int wb_report_cmd_table(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- rows x columns of figures");
    g_autofree char *description = describe();
    g_auto(Options) options = {0};
    g_auto(WbQuery) query;

    wb_query_init(&query);
    g_option_context_set_description(context, description);
    wb_query_add_options(&query, context, true);
    add_options(&options, context);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) || !write_table(&options, &query, error))
        return 2;
    return 0;
}
