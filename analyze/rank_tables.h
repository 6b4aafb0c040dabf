/*
 * Rank tables: the cases of a query in order, table by table (one a benchmark, unless --tables says
 * otherwise): what rank.h says of numbers, said of cases. One figure a complete run: its rate, or a
 * latency (--metric); a published rate stands in for a case without runs.
 */
#ifndef WB_ANALYZE_RANK_TABLES_H
#define WB_ANALYZE_RANK_TABLES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/compare_metric.h"
#include "analyze/grid.h"
#include "analyze/query.h"
#include "analyze/rank.h"

/* One table: a part of the grid, ranked. */
typedef struct {
    const WbGridTable *part;  /* of WbRankTables.grid; one column, each row a case */
    const WbCaseView **views; /* [ranking->n] borrowed from the grid; of the ranking's cases */
    size_t *rows;             /* [ranking->n] item of grid->rows of each */
    WbRankCase *cases;        /* [ranking->n] what was ranked */
    WbSampleFigures *figures; /* [ranking->n] and what each says of its metric */
    WbRanking *ranking;
    bool unequal_runs; /* ranked cases rest on unequal numbers of runs: best_of_k is fairer */
} WbRankTable;

typedef struct {
    /* As given by options; owned. */
    WbQuery query;
    char *tie_margin;
    char *pairs;
    char *adjust_text;
    char *metric_name;
    gboolean score;
    char **weights;

    /* Made by wb_rank_tables_load. */
    double tie_margin_share;
    WbAdjust adjust;
    const WbCompareMetric *metric;
    WbGrid *grid;    /* rows: all labels that are no table's */
    GPtrArray *list; /* of WbRankTable, in order of the grid's parts */
    GPtrArray *room; /* what the rankings borrow: names, rounds, values */
} WbRankTables;

void wb_rank_tables_init(WbRankTables *tables);
void wb_rank_tables_clear(WbRankTables *tables);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbRankTables, wb_rank_tables_clear)

/** wb_rank_tables_add_options: --db, --where, --tables, --split, --tie-margin, --pairs,
 * --adjust. */
void wb_rank_tables_add_options(WbRankTables *tables, GOptionContext *context);

/** wb_rank_tables_add_order_options: --metric, --score, --weight, for those that show the order. */
void wb_rank_tables_add_order_options(WbRankTables *tables, GOptionContext *context);

/** wb_rank_tables_load: reads the database and ranks every table. Errors: those of the query;
 * WB_QUERY_ERROR_OPTION also for more cases in a table than rank takes, for an unknown metric, and
 * for latencies of unlike kinds in one table. */
bool wb_rank_tables_load(WbRankTables *tables, GError **error);

/** wb_rank_tables_rank: ranks every table of a query that is loaded already, laid out by its
 * `tables`. The query is borrowed and must outlive the tables; `tables->query` stays unused. */
bool wb_rank_tables_rank(WbRankTables *tables, const WbQuery *query, GError **error);

/** wb_rank_table_at: table number i (borrowed). */
const WbRankTable *wb_rank_table_at(const WbRankTables *tables, size_t i);

#endif
