/*
 * Rank text: a ranking as a table for people: rank, median with its interval, best, how far behind
 * the first, and the letters of its group; under it in words who is neck and neck, and what the
 * order rests on.
 */
#ifndef WB_REPORT_RANK_TEXT_H
#define WB_REPORT_RANK_TEXT_H

#include "analyze/rank_scores.h"
#include "analyze/rank_tables.h"
#include "report/table.h"

/** wb_rank_text_table: table number i, cleaned and not yet escaped (caller's). */
WbTextTable *wb_rank_text_table(const WbRankTables *tables, size_t i, bool ascii);

/** wb_rank_text_scores: the scores over all tables, cleaned and not yet escaped (caller's). */
WbTextTable *wb_rank_text_scores(const WbRankTables *tables, const GArray *scores);

#endif
