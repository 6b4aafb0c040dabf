/*
 * SVG attributes: those of one element, each taken by who knows it; what is left when all have
 * taken theirs is unknown, which is an error.
 */
#ifndef WB_REPORT_SVG_ATTRIBUTES_H
#define WB_REPORT_SVG_ATTRIBUTES_H

#include "report/svg_values.h"

/* What groups pass on. */
typedef struct {
    uint32_t fill, stroke, color; /* 0xRRGGBB, WB_NO_COLOR */
    double width;
    WbSvgPlace place;
    double size;
    WbAnchor anchor;
    bool bold;
    bool ignored; /* within a title, a description, a filter */
} WbSvgState;

typedef struct {
    const char **names, **values; /* NULL-terminated, borrowed */
    bool taken[24];
} WbSvgAttributes;

/** wb_svg_unknown: WB_SVG_ERROR_UNKNOWN that names it. Returns false. */
bool wb_svg_unknown(GError **error, const char *what, const char *of);

/** wb_svg_take: the value of an attribute, NULL: there is none. */
const char *wb_svg_take(WbSvgAttributes *a, const char *name);

/** wb_svg_all_taken: an error where one is left. */
bool wb_svg_all_taken(const WbSvgAttributes *a, GError **error);

/** wb_svg_take_number: `out` keeps its value where there is none. */
bool wb_svg_take_number(WbSvgAttributes *a, const char *name, double *out, GError **error);

/** wb_svg_take_state: colours, width, font and place of an element, on top of those around it. */
bool wb_svg_take_state(WbSvgAttributes *a, WbSvgState *state, double *out_scale, GError **error);

/** wb_svg_take_dash: the dashes of a line. */
bool wb_svg_take_dash(WbSvgAttributes *a, WbShape *shape, GError **error);

#endif
