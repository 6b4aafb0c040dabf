/*
 * CSV as RFC 4180 has it, a row at a time: quoted cells with commas, line ends and doubled quotes
 * in them, CRLF or LF, with or without a line end at the end, a byte order mark skipped. Lines
 * without anything on them are passed over.
 */
#ifndef WB_RUNNER_IMPORT_CSV_READER_H
#define WB_RUNNER_IMPORT_CSV_READER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WB_CSV_CELLS_MAX 1000          /* in a row */
#define WB_CSV_ROW_MAX   (1024 * 1024) /* bytes in a row */

typedef struct {
    const char *next; /* of the text that is still to be read */
    const char *end;
    int64_t next_line;
    int64_t line;    /* on which the last row read begins, from 1 */
    GString *text;   /* cells of the last row, each NUL-terminated */
    GArray *offsets; /* of size_t, into `text` */
} WbCsvReader;

/** wb_csv_reader_init: `bytes` is borrowed for the reader's life. */
void wb_csv_reader_init(WbCsvReader *reader, const char *bytes, size_t len);
void wb_csv_reader_clear(WbCsvReader *reader);

/**
 * wb_csv_reader_next: reads a row.
 *
 * @param out_row  whether there was one; false at the end of the text
 * Errors: WB_PARSER_ERROR with "LINE: ": a quote without its partner or within a cell that does
 * not begin with one, a zero byte, too many cells or bytes.
 */
bool wb_csv_reader_next(WbCsvReader *reader, bool *out_row, GError **error);

/** wb_csv_reader_count, wb_csv_reader_cell: the cells of the last row, valid until the next.
 * A cell is trimmed of blanks around it unless it is quoted. */
size_t wb_csv_reader_count(const WbCsvReader *reader);
const char *wb_csv_reader_cell(const WbCsvReader *reader, size_t i);

#endif
