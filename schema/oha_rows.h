/*
 * The rows of oha's own database (`oha --db-url FILE`): one an answered request, in a table `oha`.
 * The file is foreign: it is held in memory and never written; none of its views, triggers or
 * functions runs; what it costs is bounded by its length, whatever its pages say.
 *
 * Source of the table: src/db.rs of oha, unchanged from 0.6 to 1.15.
 */
#ifndef WB_SCHEMA_OHA_ROWS_H
#define WB_SCHEMA_OHA_ROWS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WB_OHA_ROWS_ERROR (wb_oha_rows_error_quark())
GQuark wb_oha_rows_error_quark(void);
typedef enum {
    WB_OHA_ROWS_ERROR_FILE, /* not oha's, damaged, or with values that oha does not write */
} WbOhaRowsError;

typedef struct {
    int64_t run;     /* when its run began, in s since 1970 */
    const char *url; /* borrowed until the next row; may be no UTF-8 */
    int64_t end_ns;  /* since the run began */
    int64_t duration_ns;
    bool from_due; /* duration_ns counts from when the request was due, not from its sending */
    int64_t status;
    int64_t bytes; /* of the body */
} WbOhaRow;

/** Returns false with `error` set to stop. */
typedef bool (*WbOhaRowFn)(void *user_data, const WbOhaRow *row, GError **error);

/** wb_oha_rows_looks_like: an SQLite file that defines a table `oha`. */
bool wb_oha_rows_looks_like(const char *bytes, size_t len);

/**
 * wb_oha_rows_each: every row, in the order in which oha stored them, in one pass.
 *
 * @param bytes, len  the whole file
 * Errors: WB_OHA_ROWS_ERROR, a sentence with what to do; those of `each`.
 */
bool wb_oha_rows_each(const char *bytes, size_t len, WbOhaRowFn each, void *user_data,
                      GError **error);

#endif
