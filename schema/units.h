/*
 * Units: text to base units and back. Base units are int64 ns, int64 bytes and counts, double for
 * rates. Reading keeps the half width of the rounding: "11.18ms" is 11 180 000 ns +- 5 000 ns.
 */
#ifndef WB_SCHEMA_UNITS_H
#define WB_SCHEMA_UNITS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* ---- reading ---------------------------------------------------------------------------- */

/**
 * wb_units_scan_number: the decimal number at the start of a text, locale free.
 *
 * Takes an optional sign, digits, an optional point with digits; no exponent, no blanks.
 *
 * @param text       not necessarily NUL-terminated
 * @param end        first byte past it
 * @param out_value  the number
 * @param out_half   half a unit of its last printed digit (0.5 for an integer)
 * @param out_exact  the text had no point: a whole number
 * @return           first byte after the number, or NULL if there is none
 */
const char *wb_units_scan_number(const char *text, const char *end, double *out_value,
                                 double *out_half, bool *out_exact);

/**
 * wb_units_scan_time: a number with one of ns, us, ms, s, m, h directly behind it.
 *
 * @return  first byte after the unit, or NULL; *out_ns in ns, *out_half_ns half a unit of the
 *          last printed digit ("1m": 30 s)
 */
const char *wb_units_scan_time(const char *text, const char *end, int64_t *out_ns,
                               int64_t *out_half_ns);

/**
 * wb_units_scan_count: a number with none or one of k, M, G, T (of 1000) behind it.
 *
 * A number without a point and without a unit is exact (half width 0).
 */
const char *wb_units_scan_count(const char *text, const char *end, double *out_value,
                                double *out_half);

/**
 * wb_units_scan_bytes: a number, none or one of K, M, G, T (of 1024), and "B" (which may be lost:
 * `1.84M`).
 */
const char *wb_units_scan_bytes(const char *text, const char *end, int64_t *out_bytes,
                                int64_t *out_half_bytes);

/**
 * wb_units_parse_duration: what a user types: "10s", "500ms", "2m", "1h", "1.5s", or a plain
 * number of seconds (as wrk takes it). Must be used up to its end and be above 0.
 *
 * Errors: WB_UNITS_ERROR, naming the text and what would be right.
 */
bool wb_units_parse_duration(const char *text, int64_t *out_ns, GError **error);

/** wb_units_parse_share: what a user types for a share, 0 or more: "5%", "2.5 %", "0.05".
 *
 * Errors: WB_UNITS_ERROR, naming the text and what would be right.
 */
bool wb_units_parse_share(const char *text, double *out_share, GError **error);

/** wb_units_parse_count: a whole number a user types, with k, M, G allowed ("10k"). */
bool wb_units_parse_count(const char *text, int64_t min, int64_t max, int64_t *out_value,
                          GError **error);

#define WB_UNITS_ERROR (wb_units_error_quark())
GQuark wb_units_error_quark(void);
typedef enum {
    WB_UNITS_ERROR_TEXT,
} WbUnitsError;

/* ---- writing for people ------------------------------------------------------------------ */

/* A decimal prefix: "", "k", "M", "G", "T" and its factor. */
typedef struct {
    const char *text;
    double factor;
} WbPrefix;

/**
 * wb_units_prefix: the prefix at 1000 for a figure shown with `decimals` decimals, chosen after
 * rounding: 999 994 is k, 999 995 is M (for 2 decimals).
 */
WbPrefix wb_units_prefix(double value, int decimals);

/**
 * wb_units_format_scaled: value / prefix.factor with `decimals` decimals and the prefix's letter:
 * "19.34k". Halves round away from zero, as decimals: 2675 is "2.68k". Negative zero is "0".
 *
 * @return caller frees
 */
char *wb_units_format_scaled(double value, WbPrefix prefix, int decimals);

/** wb_units_format_time: a time in ns for people: "11.18 ms", "1.39 s", "350 ns", "2.10 us".
 * Three significant digits at least, two decimals; caller frees. */
char *wb_units_format_time(int64_t ns);

/** wb_units_format_bytes: "1.25 MiB"; caller frees. */
char *wb_units_format_bytes(int64_t bytes);

/** wb_units_parse_utc: an instant as stored, "2026-11-26T17:41:05.25Z", in seconds since 1970 (a
 * double holds it to the microsecond). False for any other text. */
bool wb_units_parse_utc(const char *text, double *out_s);

/* ---- writing for machines ---------------------------------------------------------------- */

#define WB_UNITS_DOUBLE_SIZE 40

/** wb_units_format_double: shortest text that reads back to the same double, always with a dot as
 * decimal sign, "" for NaN and infinity. Writes into `buffer` and returns it. */
const char *wb_units_format_double(double value, char buffer[WB_UNITS_DOUBLE_SIZE]);

#endif
