/*
 * Compare formats: the list of ways to write a comparison. A new one is one file that defines its
 * render function, and one line in compare_formats.c.
 */
#ifndef WB_REPORT_COMPARE_FORMATS_H
#define WB_REPORT_COMPARE_FORMATS_H

#include <glib.h>

#include "report/choice.h"
#include "report/compare_view.h"

typedef struct {
    WbChoice choice; /* for --format and -o */
    void (*render)(const WbCompareReport *report, GString *out);
} WbCompareFormat;

/** wb_compare_formats: all of them, of WbCompareFormat. */
WbChoices wb_compare_formats(void);

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
