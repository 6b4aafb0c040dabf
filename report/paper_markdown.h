/* Paper in Markdown (GFM): what `article` writes as article.md. */
#ifndef WB_REPORT_PAPER_MARKDOWN_H
#define WB_REPORT_PAPER_MARKDOWN_H

#include <glib.h>

#include "report/paper.h"

/**
 * wb_paper_markdown_append: the whole paper.
 *
 * @param charts  folder in which the pictures lie, each NAME.svg; NULL: without pictures
 */
void wb_paper_markdown_append(const WbPaper *paper, const char *charts, GString *out);

#endif
