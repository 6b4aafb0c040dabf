/*
 * Small, because GLib has none and libcsv gives no line numbers: remedies need them.
 */
#include "runner/import/csv_reader.h"

#include <string.h>

#include "runner/import/parser.h"

void wb_csv_reader_init(WbCsvReader *reader, const char *bytes, size_t len)
{
    static const char mark[] = "\xef\xbb\xbf";

    *reader = (WbCsvReader){
        .next = bytes,
        .end = bytes + len,
        .next_line = 1,
        .text = g_string_new(NULL),
        .offsets = g_array_new(FALSE, FALSE, sizeof(size_t)),
    };
    if (len >= 3 && memcmp(bytes, mark, 3) == 0)
        reader->next += 3;
}

void wb_csv_reader_clear(WbCsvReader *reader)
{
    g_string_free(reader->text, TRUE);
    g_array_unref(reader->offsets);
}

size_t wb_csv_reader_count(const WbCsvReader *reader)
{
    return reader->offsets->len;
}

const char *wb_csv_reader_cell(const WbCsvReader *reader, size_t i)
{
    return reader->text->str + g_array_index(reader->offsets, size_t, i);
}

static bool fail(int64_t line, const char *what, GError **error)
{
    g_set_error(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT, "%" G_GINT64_FORMAT ": %s", line,
                what);
    return false;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* Steps over LF, CRLF or CR. */
static void skip_line_end(WbCsvReader *reader)
{
    if (reader->next < reader->end && *reader->next == '\r')
        reader->next++;
    if (reader->next < reader->end && *reader->next == '\n')
        reader->next++;
    reader->next_line++;
}

/* Behind the opening quote: up to the closing one. */
static bool read_quoted(WbCsvReader *reader, GError **error)
{
    int64_t first = reader->next_line;

    for (;; reader->next++) {
        if (reader->next >= reader->end || reader->text->len > WB_CSV_ROW_MAX)
            return fail(first, "a quoted cell has no closing quote; close it with \"", error);
        if (*reader->next == '"') {
            if (reader->next + 1 >= reader->end || reader->next[1] != '"')
                break;
            reader->next++; /* "" is a quote in the cell */
        } else if (*reader->next == '\n') {
            reader->next_line++;
        }
        g_string_append_c(reader->text, *reader->next);
    }
    reader->next++;
    while (reader->next < reader->end && (*reader->next == ' ' || *reader->next == '\t'))
        reader->next++;
    if (reader->next < reader->end && *reader->next != ',' && !is_line_end(*reader->next))
        return fail(reader->next_line, "text behind a closing quote; double a quote within a cell",
                    error);
    return true;
}

static bool read_plain(WbCsvReader *reader, GError **error)
{
    const char *from = reader->next;
    const char *to;

    while (reader->next < reader->end && *reader->next != ',' && !is_line_end(*reader->next) &&
           reader->next - from <= WB_CSV_ROW_MAX) {
        if (*reader->next == '"')
            return fail(reader->next_line,
                        "a quote within a cell; put the cell in quotes and double it", error);
        reader->next++;
    }
    for (to = reader->next; to > from && (to[-1] == ' ' || to[-1] == '\t'); to--)
        ;
    g_string_append_len(reader->text, from, to - from);
    return true;
}

static bool read_cell(WbCsvReader *reader, GError **error)
{
    size_t offset = reader->text->len;
    bool ok;

    while (reader->next < reader->end && (*reader->next == ' ' || *reader->next == '\t'))
        reader->next++;
    g_array_append_val(reader->offsets, offset);
    if (reader->next < reader->end && *reader->next == '"') {
        reader->next++;
        ok = read_quoted(reader, error);
    } else {
        ok = read_plain(reader, error);
    }
    if (!ok)
        return false;
    if (memchr(reader->text->str + offset, '\0', reader->text->len - offset))
        return fail(reader->line, "a zero byte; this is no text", error);
    if (reader->text->len > WB_CSV_ROW_MAX || reader->offsets->len > WB_CSV_CELLS_MAX)
        return fail(reader->line, "a row of more than 1 MiB or 1000 cells", error);
    g_string_append_c(reader->text, '\0');
    return true;
}

bool wb_csv_reader_next(WbCsvReader *reader, bool *out_row, GError **error)
{
    g_string_truncate(reader->text, 0);
    g_array_set_size(reader->offsets, 0);
    while (reader->next < reader->end && is_line_end(*reader->next))
        skip_line_end(reader);
    reader->line = reader->next_line;
    *out_row = reader->next < reader->end;
    while (*out_row) {
        if (!read_cell(reader, error))
            return false;
        if (reader->next >= reader->end)
            break;
        if (is_line_end(*reader->next)) {
            skip_line_end(reader);
            break;
        }
        reader->next++; /* the comma; at the end of the text an empty cell follows it */
    }
    return true;
}
