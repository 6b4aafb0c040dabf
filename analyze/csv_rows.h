/*
 * CSV rows: a small RFC 4180 file in memory, as rows of cells under a header.
 */
#ifndef WB_ANALYZE_CSV_ROWS_H
#define WB_ANALYZE_CSV_ROWS_H

#include <glib.h>
#include <stddef.h>

typedef struct {
    char *path;        /* for messages */
    char *text;        /* the file, its cells cut in place */
    GPtrArray *header; /* of char *, into text */
    GPtrArray *cells;  /* of char *, row by row, as many as the header has */
    GArray *lines;     /* of size_t: the line that each row begins on */
} WbCsvRows;

/** wb_csv_rows_read: reads a file, "-" for standard input. Quoted cells may hold commas, line ends
 * and doubled quotes. Errors: WB_CALC_ERROR_FILE. */
WbCsvRows *wb_csv_rows_read(const char *path, GError **error);
void wb_csv_rows_free(WbCsvRows *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbCsvRows, wb_csv_rows_free)

size_t wb_csv_rows_count(const WbCsvRows *csv);

/** wb_csv_rows_column: number of the column of that name; -1: none. */
int wb_csv_rows_column(const WbCsvRows *csv, const char *name);

/** wb_csv_rows_cell: borrowed. */
char *wb_csv_rows_cell(const WbCsvRows *csv, size_t row, size_t column);

/** wb_csv_rows_line: where a row begins in the file. */
size_t wb_csv_rows_line(const WbCsvRows *csv, size_t row);

#endif
