/*
 * Font metrics: how wide a text is before anybody draws it, so that the margins of a chart are
 * those that its words need. The font is the family's own (fonts.h).
 */
#ifndef WB_REPORT_FONT_METRICS_H
#define WB_REPORT_FONT_METRICS_H

#include <glib.h>

typedef struct WbFontMetrics WbFontMetrics;

/** wb_font_metrics_new: of a family's regular face; without it here it guesses (caller's). */
WbFontMetrics *wb_font_metrics_new(const char *family);
void wb_font_metrics_free(WbFontMetrics *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbFontMetrics, wb_font_metrics_free)

/** wb_font_metrics_width: of a text in a font of `size`, in the unit of the size. A character that
 * the font lacks is taken to be as wide as the size (another font will show it). */
double wb_font_metrics_width(const WbFontMetrics *metrics, const char *text, double size);

/** wb_font_metrics_widest: the width of the widest of some texts (of char *); 0: none. */
double wb_font_metrics_widest(const WbFontMetrics *metrics, const GPtrArray *texts, double size);

/** wb_font_metrics_fit: the text, or as much of its begin and its end as fits into `width`, with an
 * ellipsis in the middle (caller frees). */
char *wb_font_metrics_fit(const WbFontMetrics *metrics, const char *text, double size,
                          double width);

#endif
