/*
 * Story charts: pictures between the tables of a story. While it is told they are only asked for;
 * then all are drawn at once, side by side.
 */
#ifndef WB_REPORT_STORY_CHARTS_H
#define WB_REPORT_STORY_CHARTS_H

#include <stdbool.h>

#include "report/story_parts.h"

/* The pictures of one story. */
typedef struct WbStoryCharts WbStoryCharts;

WbStoryCharts *wb_story_charts_new(void);
void wb_story_charts_free(WbStoryCharts *charts);

/** wb_story_charts_ask: pictures of a kind at the end of the paper, at most `most` of them; none
 * where there is nothing to show, or with --no-charts. */
void wb_story_charts_ask(WbTelling *t, const WbStoryPart *part, const char *kind, guint most);

/**
 * wb_story_charts_draw: draws all that were asked for and puts them into their blocks.
 *
 * Without a gnuplot, where the story says that it may be so, one sentence stands in the place of
 * the first picture, and the others are left out. Errors: WB_GNUPLOT_ERROR_..., WB_SVG_ERROR_...
 */
bool wb_story_charts_draw(WbTelling *t, GError **error);

#endif
