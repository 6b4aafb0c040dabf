/*
 * Rank document: a ranking for machines: the JSON document "wrkbook/rank" (every pair with its
 * test) and TSV with one row a case. Names are those of STATISTICS section 10, with units.
 */
#ifndef WB_ANALYZE_RANK_DOCUMENT_H
#define WB_ANALYZE_RANK_DOCUMENT_H

#include "analyze/rank_scores.h"
#include "analyze/rank_tables.h"

/** wb_rank_json, wb_rank_tsv: the whole text with a line end (caller frees).
 *
 * @param scores  of WbRankScore; NULL: not asked for */
char *wb_rank_json(const WbRankTables *tables, const GArray *scores);
char *wb_rank_tsv(const WbRankTables *tables);

#endif
