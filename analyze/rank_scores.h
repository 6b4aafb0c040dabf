/*
 * Rank scores: the score of each row of rank tables over all of them (`rank --score`): which server
 * and framework does best in all benchmarks together.
 */
#ifndef WB_ANALYZE_RANK_SCORES_H
#define WB_ANALYZE_RANK_SCORES_H

#include <glib.h>

#include "analyze/rank_tables.h"

/* One row: a case of each benchmark that differ in the labels of the tables alone. */
typedef struct {
    const WbLabels *labels; /* of one of its cases; borrowed from the tables */
    double score;           /* NaN: it lacks a benchmark, or has errors in one */
} WbRankScore;

/**
 * wb_rank_scores: of WbRankScore, the best first, those without last, else in order of the rows
 * (caller's).
 *
 * @param weights  "TABLE=WEIGHT" by the first label of a table, NULL-terminated; NULL: all 1
 * Errors: WB_QUERY_ERROR_OPTION: fewer than two tables, an unknown table, no number.
 */
GArray *wb_rank_scores(const WbRankTables *tables, char *const *weights, GError **error);

#endif
