/*
 * Story: what a database says, told from top to bottom: the result in a sentence, the facts, then
 * for each benchmark its tables, order, spread, errors and their causes; what mattered, what
 * changed since an older database, what cannot be concluded, and how it was measured. One paper
 * (paper.h) that `article`, `pdf` and `html` write each in its own format.
 *
 * Sentences are built from figures and from nothing else: where a figure is missing, so is its
 * sentence. No clock, host name or path of this machine enters it.
 */
#ifndef WB_REPORT_STORY_H
#define WB_REPORT_STORY_H

#include <glib.h>
#include <stdbool.h>

#include "analyze/comparison.h"
#include "analyze/query.h"
#include "analyze/rank_tables.h"
#include "report/paper.h"

typedef struct {
    /* As given by options; owned. */
    WbQuery query;
    char *title; /* NULL: the campaigns' name, else "Benchmark results" */
    char *old;   /* an older database to compare with; NULL: none */
    gboolean no_charts;

    /* Set by the verb. */
    bool charts_may_lack; /* without gnuplot a sentence stands in for the charts, no error */
    bool with_png;        /* the charts as PNG, too */

    /* Made by wb_story_load. */
    WbGrid *grid;
    WbRankTables ranks;
    WbComparison comparison; /* loaded only with `old` */
    GStringChunk *text;
    GArray *campaigns; /* of WbCampaignRecord: those that have runs or figures here */
} WbStory;

void wb_story_init(WbStory *story);
void wb_story_clear(WbStory *story);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbStory, wb_story_clear)

/** wb_story_add_options: those of the query with layout, --title, --old, --no-charts. */
void wb_story_add_options(WbStory *story, GOptionContext *context);

/** wb_story_load: reads all that the story rests on, each database once. Errors: the query's, the
 * comparison's. */
bool wb_story_load(WbStory *story, GError **error);

/** wb_story_tell: the paper of a loaded story (caller's); NULL where a chart failed. */
WbPaper *wb_story_tell(const WbStory *story, GError **error);

#endif
