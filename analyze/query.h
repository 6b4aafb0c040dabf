/*
 * Query: which runs, in which layout. The option group that the verbs of analyze and report share
 * (DESIGN section 2), and the one way from those options to a summary and a grid.
 */
#ifndef WB_ANALYZE_QUERY_H
#define WB_ANALYZE_QUERY_H

#include <glib.h>
#include <stdbool.h>

#include "analyze/case_findings.h"
#include "analyze/case_view.h"
#include "analyze/grid.h"
#include "analyze/summary.h"
#include "schema/store.h"

typedef struct {
    /* As given by options; owned. */
    char *db;
    char **where;
    char *rows, *cols, *tables;
    char *window;
    char *skip_first;
    gboolean steady;
    char *unit;
    char *split;
    char *sort;
    char **fields; /* of rows, cols and tables those that are fields of runs; made by
                      wb_query_load */

    /* Made by wb_query_open. */
    WbStore *store;
    WbFilter *filter;        /* what the store judged */
    WbSummaryOptions wanted; /* the caller's, with what the options say */

    /* Made by wb_query_load. */
    WbRunSet *set;
    WbSummary *summary;
    WbCaseFindings *findings; /* NULL until wb_query_load_findings */
    WbSplit only;             /* of --where split=... */
    bool by_split;            /* --split errors */
    WbSort order;
    bool figures_only; /* set before wb_query_load: no field beyond wb_summary_fields is needed */
} WbQuery;

void wb_query_init(WbQuery *query);
void wb_query_clear(WbQuery *query);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbQuery, wb_query_clear)

#define WB_QUERY_ERROR (wb_query_error_quark())
GQuark wb_query_error_quark(void);
typedef enum {
    WB_QUERY_ERROR_OPTION, /* an option's value that means nothing */
    WB_QUERY_ERROR_EMPTY,  /* no case is left */
} WbQueryError;

/** wb_query_add_options: --db, --where, --window, --skip-first, --steady, --unit; with `layout`
 * also
 * --rows, --cols,
 * --tables,
 * --split and --sort. The query must outlive the context's parsing. */
void wb_query_add_options(WbQuery *query, GOptionContext *context, bool layout);

/**
 * wb_query_open: reads the options and opens the database (read-only), for what reads the runs one
 * by one instead of loading them.
 *
 * @param options  NULL: defaults; window_ns, skip_ns, steady and unit_start are taken from the
 *                 options
 * Errors: WB_QUERY_ERROR_OPTION, the store's, the units'.
 */
bool wb_query_open(WbQuery *query, const WbSummaryOptions *options, GError **error);

/**
 * wb_query_load: opens, loads what --where leaves, and summarises it.
 *
 * `split` in a --where (unless a label has that name) is judged by who shows cases (`only`): it is
 * known after the summary.
 *
 * Parameters and errors: as for wb_query_open
 */
bool wb_query_load(WbQuery *query, const WbSummaryOptions *options, GError **error);

/** wb_query_load_findings: the findings of a loaded query; for what shows them. */
bool wb_query_load_findings(WbQuery *query, GError **error);

/** wb_query_label_keys: what the cases of a loaded query may be called by: all label keys of the
 * database, then the fields that its layout asked for (caller's; g_strfreev). */
char **wb_query_label_keys(const WbQuery *query, GError **error);

/**
 * wb_query_grid: the grid of a loaded query, sorted as asked.
 *
 * Errors: WB_QUERY_ERROR_EMPTY where no case is left, WB_GRID_ERROR_...
 */
WbGrid *wb_query_grid(const WbQuery *query, GError **error);

/** wb_query_first_grid: the same for a first look, which must not ask for options before it shows
 * anything: every label a row where nobody chose a layout and the usual one does not fit. */
WbGrid *wb_query_first_grid(const WbQuery *query, GError **error);

/** wb_query_check_end: an error if arguments are left that no option took (argv[0] is the verb). */
bool wb_query_check_end(int argc, char **argv, GError **error);

/** wb_query_check_format: an error if --format of an analyze verb is not json (NULL) or tsv. */
bool wb_query_check_format(const char *format, GError **error);

#endif
