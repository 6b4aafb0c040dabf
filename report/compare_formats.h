/*
 * Compare formats: the list of ways to write a comparison. A new one is one file that defines its
 * render function, and one line in compare_formats.c.
 */
#ifndef WB_REPORT_COMPARE_FORMATS_H
#define WB_REPORT_COMPARE_FORMATS_H

#include <glib.h>

#include "report/compare_view.h"

typedef struct {
    const char *name;
    const char *suffix;  /* of files in this format; NULL: not chosen by a file's name */
    const char *summary; /* for --help */
    void (*render)(const WbCompareReport *report, GString *out);
} WbCompareFormat;

/** wb_compare_formats: all of them (static). */
const WbCompareFormat *wb_compare_formats(size_t *out_n);

/** wb_compare_format_find: by name, or by the suffix of a file's name; NULL: none. */
const WbCompareFormat *wb_compare_format_find(const char *name);
const WbCompareFormat *wb_compare_format_of_file(const char *path);

void wb_compare_render_text(const WbCompareReport *report, GString *out);
void wb_compare_render_markdown(const WbCompareReport *report, GString *out);
void wb_compare_render_csv(const WbCompareReport *report, GString *out);
void wb_compare_render_tsv(const WbCompareReport *report, GString *out);
void wb_compare_render_html(const WbCompareReport *report, GString *out);
void wb_compare_render_junit(const WbCompareReport *report, GString *out);
void wb_compare_render_annotations(const WbCompareReport *report, GString *out);
void wb_compare_render_action_bigger(const WbCompareReport *report, GString *out);
void wb_compare_render_action_smaller(const WbCompareReport *report, GString *out);
void wb_compare_render_benchstat(const WbCompareReport *report, GString *out);

#endif
