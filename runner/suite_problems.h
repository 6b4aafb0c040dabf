/*
 * Suite problems: what is wrong with a suite file, each with its place, told together so that a
 * file is mended in one go.
 */
#ifndef WB_RUNNER_SUITE_PROBLEMS_H
#define WB_RUNNER_SUITE_PROBLEMS_H

#include <glib.h>
#include <stdbool.h>

#define WB_SUITE_PROBLEMS_MAX 20

typedef struct WbSuiteProblems WbSuiteProblems;

/* A place is the number of a value in the text (see json_place.h); this is its key's place. */
#define WB_SUITE_KEY_OF(place) (~(place))

/** wb_suite_problems_new: both texts are borrowed and must outlive it. */
WbSuiteProblems *wb_suite_problems_new(const char *path, const char *text);
void wb_suite_problems_free(WbSuiteProblems *problems);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbSuiteProblems, wb_suite_problems_free)

/**
 * wb_suite_problems_add: "what is wrong; the remedy", at a place.
 *
 * Only the first problem of a place is kept (what is wrong once is wrong in each cell), and no more
 * than WB_SUITE_PROBLEMS_MAX.
 */
void wb_suite_problems_add(WbSuiteProblems *problems, int place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/** wb_suite_problems_count: how many there are. */
size_t wb_suite_problems_count(const WbSuiteProblems *problems);

/** wb_suite_problems_full: no further one will be kept, so that reading may stop. */
bool wb_suite_problems_full(const WbSuiteProblems *problems);

/** wb_suite_problems_where: a place in words, "line 8, column 5" (caller frees). */
char *wb_suite_problems_where(const WbSuiteProblems *problems, int place);

/** wb_suite_problems_report: false with WB_SUITE_ERROR_FILE if there are any: one a line, each with
 * FILE:LINE:COLUMN, in the order of the file. */
bool wb_suite_problems_report(const WbSuiteProblems *problems, GError **error);

#endif
