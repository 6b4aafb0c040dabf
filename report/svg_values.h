/*
 * SVG values: numbers, colours, transformations and paths as gnuplot writes them. Each takes text
 * and says false where it is anything else.
 */
#ifndef WB_REPORT_SVG_VALUES_H
#define WB_REPORT_SVG_VALUES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "report/drawing.h"

/* Translation in px, rotation in degrees. */
typedef struct {
    double x, y, angle;
} WbSvgPlace;

/** wb_svg_number: the number at *at, within +-32,000; moves *at behind it. */
bool wb_svg_number(const char **at, double *out);

/** wb_svg_whole: a text that is a number and nothing else. */
bool wb_svg_whole(const char *text, double *out);

/** wb_svg_color: "none", "currentColor" (`current`), "black", "white", "#rrggbb", "rgb(r, g, b)".
 */
bool wb_svg_color(uint32_t current, const char *text, uint32_t *out);

/** wb_svg_on_white: the colour that a transparent one has on white paper. */
uint32_t wb_svg_on_white(uint32_t color, double opacity);

/** wb_svg_anchor: "start", "middle", "end". */
bool wb_svg_anchor(const char *text, WbAnchor *out);

/** wb_svg_transform: "translate(x,y) rotate(a) scale(s)", each at most once; adds to `place`. */
bool wb_svg_transform(const char *text, WbSvgPlace *place, double *out_scale);

/** wb_svg_add_step, wb_svg_path, wb_svg_polygon: steps (of WbStep) of a path or of points. */
void wb_svg_add_step(GArray *steps, WbStepOp op, double x, double y);
bool wb_svg_path(const char *text, GArray *steps);
bool wb_svg_polygon(const char *text, GArray *steps);

#endif
