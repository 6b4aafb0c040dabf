/* A comparison as CSV and TSV: the flat rows of compare_document.h. */
#include "analyze/compare_document.h"
#include "analyze/tsv.h"
#include "report/clean.h"
#include "report/compare_formats.h"
#include "report/formats.h"

/* A row while it is written. */
typedef struct {
    GString *out;
    bool tsv;
    bool raw;
    size_t fields;
} Row;

static void write_field(void *user_data, const char *text, bool foreign)
{
    Row *row = user_data;
    g_autofree char *clean = foreign ? wb_clean(text) : NULL;

    if (row->fields++)
        g_string_append_c(row->out, row->tsv ? '\t' : ',');
    if (row->tsv)
        wb_tsv_append(row->out, clean ? clean : text);
    else
        wb_csv_append(row->out, clean ? clean : text, row->raw || !foreign);
}

static void end_row(void *user_data)
{
    Row *row = user_data;

    g_string_append(row->out, row->tsv ? "\n" : "\r\n");
    row->fields = 0;
}

static void render(const WbCompareReport *report, bool tsv, GString *out)
{
    Row row = {.out = out, .tsv = tsv, .raw = report->csv_raw};
    const WbFieldWriter writer = {write_field, end_row, &row};

    if (report->history)
        wb_history_each_field(report->history, &writer);
    else
        wb_compare_each_field(report->comparison, &writer);
}

void wb_compare_render_csv(const WbCompareReport *report, GString *out)
{
    render(report, false, out);
}

void wb_compare_render_tsv(const WbCompareReport *report, GString *out)
{
    render(report, true, out);
}
