/*
 * CSV rows. runner/import reads CSV as well, into records of runs; analyze may not include it, and
 * needs no more than cells.
 */
#include "analyze/csv_rows.h"

#include <stdbool.h>
#include <string.h>

#include "analyze/calc.h"

/* Where the text is cut. */
typedef struct {
    WbCsvRows *csv;
    char *at;
    size_t line;
} Cutter;

/* Cuts one cell out of the text, in place; what ended it is in *out_end: ',', '\n' or '\0'.
 * NULL: a quote is not closed, or something stands behind a closing one. */
static char *cut_cell(Cutter *cutter, char *out_end)
{
    char *cell = cutter->at, *from = cutter->at, *to = cutter->at;

    if (*from == '"') {
        for (from++; *from && (*from != '"' || from[1] == '"'); from++) {
            from += *from == '"';
            cutter->line += *from == '\n';
            *to++ = *from;
        }
        if (*from++ != '"')
            return NULL;
    } else {
        for (; *from && *from != ',' && *from != '\n' && *from != '\r'; from++)
            *to++ = *from;
    }
    if (*from == '\r' && from[1] == '\n')
        from++;
    *out_end = *from;
    cutter->at = *from ? from + 1 : from;
    *to = '\0';
    return strchr(",\n", *out_end) ? cell : NULL;
}

static bool refuse(const Cutter *cutter, const char *what, GError **error)
{
    g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE, "%s:%" G_GSIZE_FORMAT ": %s",
                cutter->csv->path, cutter->line, what);
    return false;
}

/* Cuts one row into `out`; false with an error where a cell is no cell. */
static bool cut_row(Cutter *cutter, GPtrArray *out, GError **error)
{
    char end = ',';

    while (end == ',') {
        char *cell = cut_cell(cutter, &end);

        if (!cell)
            return refuse(cutter, "a quoted cell does not end where it should", error);
        g_ptr_array_add(out, cell);
    }
    cutter->line += end == '\n';
    return true;
}

static bool cut_all(Cutter *cutter, GError **error)
{
    WbCsvRows *csv = cutter->csv;

    if (!*cutter->at)
        return refuse(cutter, "the file is empty; a header row with the names of columns is needed",
                      error);
    if (!cut_row(cutter, csv->header, error))
        return false;
    while (*cutter->at) {
        guint before = csv->cells->len;
        size_t line = cutter->line;

        if (*cutter->at == '\n' || *cutter->at == '\r') {
            cutter->line += *cutter->at++ == '\n';
            continue;
        }
        if (!cut_row(cutter, csv->cells, error))
            return false;
        if (csv->cells->len - before != csv->header->len) {
            cutter->line = line;
            return refuse(cutter, "not as many cells as the header row has", error);
        }
        g_array_append_val(csv->lines, line);
    }
    return true;
}

WbCsvRows *wb_csv_rows_read(const char *path, GError **error)
{
    g_autoptr(WbCsvRows) csv = g_new0(WbCsvRows, 1);
    bool is_input = !strcmp(path, "-");
    gsize len;
    Cutter cutter;

    csv->path = g_strdup(is_input ? "standard input" : path);
    csv->header = g_ptr_array_new();
    csv->cells = g_ptr_array_new();
    csv->lines = g_array_new(FALSE, FALSE, sizeof(size_t));
    if (!g_file_get_contents(is_input ? "/dev/stdin" : path, &csv->text, &len, error))
        return NULL;
    cutter = (Cutter){csv, csv->text, 1};
    if (memchr(csv->text, '\0', len)) {
        refuse(&cutter, "this is no text", error);
        return NULL;
    }
    if (g_str_has_prefix(csv->text, "\xef\xbb\xbf"))
        cutter.at += 3;
    return cut_all(&cutter, error) ? g_steal_pointer(&csv) : NULL;
}

void wb_csv_rows_free(WbCsvRows *csv)
{
    if (!csv)
        return;
    g_ptr_array_unref(csv->header);
    g_ptr_array_unref(csv->cells);
    g_array_unref(csv->lines);
    g_free(csv->text);
    g_free(csv->path);
    g_free(csv);
}

size_t wb_csv_rows_count(const WbCsvRows *csv)
{
    return csv->lines->len;
}

int wb_csv_rows_column(const WbCsvRows *csv, const char *name)
{
    for (guint i = 0; i < csv->header->len; i++)
        if (!strcmp(g_ptr_array_index(csv->header, i), name))
            return (int)i;
    return -1;
}

char *wb_csv_rows_cell(const WbCsvRows *csv, size_t row, size_t column)
{
    return g_ptr_array_index(csv->cells, row * csv->header->len + column);
}

size_t wb_csv_rows_line(const WbCsvRows *csv, size_t row)
{
    return g_array_index(csv->lines, size_t, row);
}
