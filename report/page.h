/*
 * Page: a paper as one HTML file that asks for nothing: one style, one script, both allowed by
 * their SHA-256 alone; charts inline. Without the script all is there, unsorted.
 */
#ifndef WB_REPORT_PAGE_H
#define WB_REPORT_PAGE_H

#include <glib.h>
#include <stdbool.h>

#include "report/paper.h"

/** wb_page_append: the whole file.
 * @param live  for serve.h: the script follows /events and fetches the page anew */
void wb_page_append(const WbPaper *paper, bool live, GString *out);

#endif
