/*
 * Drawing: a chart as a flat list of shapes, as gnuplot laid it out. What the clean SVG, the web
 * page and the PDF draw; nothing nested, no state from one shape to the next.
 *
 * Units: pixels of the canvas (96 a inch), x to the right, y down, from its top left corner. Every
 * number is finite and within +-32,000. Colours are 0xRRGGBB.
 */
#ifndef WB_REPORT_DRAWING_H
#define WB_REPORT_DRAWING_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    WB_SHAPE_PATH,   /* steps */
    WB_SHAPE_RECT,   /* x, y: its top left corner; w, h */
    WB_SHAPE_CIRCLE, /* x, y: its centre; r */
    WB_SHAPE_TEXT,   /* x, y: of the baseline at its anchor; text, size, anchor, bold */
} WbShapeKind;

typedef enum {
    WB_ANCHOR_START,
    WB_ANCHOR_MIDDLE,
    WB_ANCHOR_END,
} WbAnchor;

typedef enum {
    WB_STEP_MOVE,
    WB_STEP_LINE,
    WB_STEP_CLOSE,
} WbStepOp;

/* One step of a path. The first is always a move. */
typedef struct {
    WbStepOp op;
    double x, y; /* unused to close */
} WbStep;

#define WB_NO_COLOR UINT32_MAX
#define WB_DASH_MAX 4

/* One shape. Members that its kind does not name are 0. */
typedef struct {
    WbShapeKind kind;
    uint32_t fill;            /* WB_NO_COLOR: not filled; of a text its colour */
    uint32_t stroke;          /* WB_NO_COLOR: no line */
    double width;             /* of the line */
    double dash[WB_DASH_MAX]; /* on, off, ... */
    size_t dash_n;            /* 0: a whole line */
    double x, y, w, h, r;
    GArray *steps; /* of WbStep, owned; NULL: no path */
    char *text;    /* cleaned, owned; NULL: no text */
    double size;   /* of the font, in px */
    WbAnchor anchor;
    bool bold;
} WbShape;

typedef struct {
    double width, height; /* of the canvas */
    char *title;          /* for who cannot see it: what is shown */
    char *desc;           /* and a sentence on what it shows */
    GArray *shapes;       /* of WbShape, the first at the back */
} WbDrawing;

/** wb_drawing_new: an empty canvas; copies title and desc. */
WbDrawing *wb_drawing_new(double width, double height, const char *title, const char *desc);
void wb_drawing_free(WbDrawing *drawing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbDrawing, wb_drawing_free)

/** wb_drawing_shape: shape number i (borrowed). */
const WbShape *wb_drawing_shape(const WbDrawing *drawing, size_t i);

#endif
