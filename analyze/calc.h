/*
 * Calc: one sample file in, its figures out as JSON (STATISTICS section 16): a ministat for users,
 * and the way in which the formulas are held against R and SciPy.
 *
 * A kind of calculation is one file calc_<kind>.c that defines a `const WbCalcKind`, and one line
 * in the table of calc.c. It names the columns that it reads; calc.c reads and checks the file, so
 * that a kind sees numbers only. The names in its output carry no unit.
 */
#ifndef WB_ANALYZE_CALC_H
#define WB_ANALYZE_CALC_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/document.h"

#define WB_CALC_COLUMNS_MOST 16

typedef struct {
    const char *name; /* in the header row */
    bool is_number;   /* every cell must be one */
    bool is_optional; /* the column may be missing, and a cell empty: NaN, "" */
} WbCalcColumn;

typedef struct {
    size_t rows;
    double *numbers[WB_CALC_COLUMNS_MOST]; /* [rows] by number of the column, or NULL */
    char **texts[WB_CALC_COLUMNS_MOST];    /* [rows] where it is no number, or NULL */
    GHashTable *set;                       /* of --set: name -> value (texts) */
} WbCalcInput;

typedef struct {
    const char *name;
    const char *what;            /* for the help, with its columns and what --set takes */
    const WbCalcColumn *columns; /* ends with a NULL name */
    const char *const *set;      /* names that --set takes, NULL-terminated */
    /** calc: adds the figures to the open object. Errors: a --set value that means nothing. */
    bool (*calc)(const WbCalcInput *input, WbDocument *out, GError **error);
} WbCalcKind;

#define WB_CALC_ERROR (wb_calc_error_quark())
GQuark wb_calc_error_quark(void);
typedef enum {
    WB_CALC_ERROR_USE,  /* no such kind, a --set that the kind does not take */
    WB_CALC_ERROR_FILE, /* what is wrong in the file; begins with FILE:LINE: */
} WbCalcError;

/** wb_calc_kinds: all of them (static). */
const WbCalcKind *const *wb_calc_kinds(size_t *out_n);

/**
 * wb_calc: reads the file (RFC 4180, header row), and returns the JSON text (caller frees).
 *
 * @param kind  name of a kind
 * @param set   NAME=VALUE each, NULL-terminated; may be NULL
 */
char *wb_calc(const char *kind, const char *path, char **set, GError **error);

/* ---- for the kinds ------------------------------------------------------------------------ */

/** wb_calc_number: a --set value as a number, or `otherwise` if it is not set; bad: an error.
 * @param least, most  both ends are allowed */
bool wb_calc_number(const WbCalcInput *input, const char *name, double otherwise, double least,
                    double most, double *out, GError **error);

/** wb_calc_word: a --set value as text, NULL if not set (borrowed). */
const char *wb_calc_word(const WbCalcInput *input, const char *name);

/** wb_calc_direction: --set better=lower or better=higher (the default). */
bool wb_calc_direction(const WbCalcInput *input, bool *out_lower_is_better, GError **error);

/* The rows of one case, in the order of the file. */
typedef struct {
    const char *name; /* borrowed from the input */
    GArray *rows;     /* of size_t */
} WbCalcGroup;

/** wb_calc_groups: of WbCalcGroup, by the text of a column, in order of first appearance. */
GPtrArray *wb_calc_groups(const WbCalcInput *input, size_t column);

/** wb_calc_values: the numbers of a column in the rows of a group (caller frees). */
double *wb_calc_values(const WbCalcInput *input, size_t column, const WbCalcGroup *group);

extern const WbCalcKind wb_calc_compare;
extern const WbCalcKind wb_calc_drift;
extern const WbCalcKind wb_calc_errors;
extern const WbCalcKind wb_calc_hist;
extern const WbCalcKind wb_calc_paired;
extern const WbCalcKind wb_calc_rank;
extern const WbCalcKind wb_calc_sample;
extern const WbCalcKind wb_calc_starts;
extern const WbCalcKind wb_calc_steady;
extern const WbCalcKind wb_calc_two_way;
extern const WbCalcKind wb_calc_windows;

#endif
