/*
 * Article folder: what `wrkbook article -o DIR` leaves: article.md, its tables as CSV and LaTeX,
 * its charts, the runs that it rests on as data.db, and a README with the command that makes the
 * folder again, byte for byte.
 */
#ifndef WB_REPORT_ARTICLE_FOLDER_H
#define WB_REPORT_ARTICLE_FOLDER_H

#include <glib.h>
#include <stdbool.h>

#include "report/paper.h"
#include "report/story.h"

#define WB_ARTICLE_ERROR (wb_article_error_quark())
GQuark wb_article_error_quark(void);
typedef enum {
    WB_ARTICLE_ERROR_FOLDER, /* it is there already, or cannot be made or filled */
} WbArticleError;

/** wb_article_check_folder: whether `dir` may be written: it is not there, or an empty folder. */
bool wb_article_check_folder(const char *dir, GError **error);

/** wb_article_write: the whole folder, or nothing. Errors: WB_ARTICLE_ERROR_FOLDER, the store's. */
bool wb_article_write(const WbStory *story, const WbPaper *paper, const char *dir, GError **error);

#endif
