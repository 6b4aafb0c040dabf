/*
 * SVG reader: gnuplot's SVG -> drawing list. It knows what gnuplot 5.4 and 6 write for our charts
 * and nothing else: anything unknown is an error, so that a gnuplot that draws otherwise is noticed
 * and no shape is lost in silence.
 */
#ifndef WB_REPORT_SVG_READER_H
#define WB_REPORT_SVG_READER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/drawing.h"

#define WB_SVG_ERROR (wb_svg_error_quark())
GQuark wb_svg_error_quark(void);
typedef enum {
    WB_SVG_ERROR_XML,     /* no well-formed XML */
    WB_SVG_ERROR_UNKNOWN, /* an element, attribute or value that the reader does not know */
} WbSvgError;

/**
 * wb_svg_read: the shapes of a picture, in order, with all groups, definitions and transforms
 * resolved. A transparent fill becomes the colour that it has on white. What nobody sees (an empty
 * text, a path without a line) is left out.
 *
 * @param svg         [len] as gnuplot wrote it
 * @param title,desc  of the drawing (gnuplot's own say nothing of the data)
 * @return            caller's
 */
WbDrawing *wb_svg_read(const char *svg, size_t len, const char *title, const char *desc,
                       GError **error);

#endif
