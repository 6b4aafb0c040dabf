/*
 * Story parts: the sections of a story, one function a section, for story.c alone. A section that
 * has nothing to say adds nothing, not even its heading.
 */
#ifndef WB_REPORT_STORY_PARTS_H
#define WB_REPORT_STORY_PARTS_H

#include "report/story.h"

/* A story while it is told. */
typedef struct {
    const WbStory *story;
    WbPaper *paper;
    struct WbStoryCharts *charts;
} WbTelling;

/* One benchmark: a part of the grid with its ranking, and names for its cases. */
typedef struct {
    const WbGridTable *part;
    const WbRankTable *rank; /* NULL: none of that name */
    size_t rank_i;
    char *title;          /* "hello"; "Results" where no label makes tables */
    GPtrArray *name_keys; /* of const char *: by which its cases are named */
} WbStoryPart;

/** wb_story_part: number p of the grid's parts; wb_story_part_clear frees what it owns. */
WbStoryPart wb_story_part(const WbStory *story, size_t p);
void wb_story_part_clear(WbStoryPart *part);

/** wb_story_rate_text: a rate with its interval, as the ranking shows it: "19.41k +- 0.31k
 * requests/s" (caller frees). */
char *wb_story_rate_text(const WbCaseView *view);

/** wb_story_join: "a, b and c"; "a, b, c, d and 7 more" beyond `most` (caller frees). */
char *wb_story_join(const GPtrArray *names, guint most);

/* story_results.c */
void wb_story_tell_results(WbTelling *t, const WbStoryPart *part);
/** wb_story_leader: who is first and who is neck and neck, as a sentence; NULL: no rates. */
char *wb_story_leader(const WbStoryPart *part);

/* story_errors.c: errors by class, and the causes that the evidence names */
void wb_story_tell_errors(WbTelling *t, const WbStoryPart *part);

/* story_effects.c */
void wb_story_tell_effects(WbTelling *t);

/* story_compared.c */
void wb_story_tell_comparison(WbTelling *t);

/* story_method.c */
void wb_story_tell_facts(WbTelling *t);
void wb_story_tell_method(WbTelling *t);
void wb_story_tell_limits(WbTelling *t);

/* story_environment.c */
void wb_story_tell_environment(WbTelling *t);
/** wb_story_hosts: the hosts of the campaigns in words; NULL: unknown (caller frees). */
char *wb_story_hosts(const WbStory *story);

#endif
