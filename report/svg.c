/* Clean SVG: see svg.h. */
#include "report/svg.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "report/formats.h"

/* The colours of the charts (report/charts/_look.gp) by what they are for. What is none of them is
 * a shade of the heat map, and stays what it is on every ground. */
static const struct {
    const char *role;
    uint32_t color;
} roles[] = {
    {"paper", 0xffffff}, {"ink", 0x1f2328},      {"second", 0x59636e}, {"axis", 0x8c959f},
    {"grid", 0xe4e7eb},  {"pale", 0xc9d7e3},     {"blue", 0x0072b2},   {"vermilion", 0xd55e00},
    {"green", 0x009e73}, {"orange", 0xe69f00},   {"sky", 0x56b4e9},    {"purple", 0xcc79a7},
    {"error", 0xb04a00}, {"bluetext", 0x005a8c}, {"band", 0xe0eef6},   {"errorband", 0xf9e0cf},
    {"empty", 0xf6f8fa},
};

static const char *role_of(uint32_t color)
{
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        if (roles[i].color == color)
            return roles[i].role;
    return NULL;
}

void wb_svg_append_styles(GString *out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        g_string_append_printf(
            out, ".wb-fill-%s{fill:var(--wb-%s,#%06x)}.wb-line-%s{stroke:var(--wb-%s,#%06x)}\n",
            roles[i].role, roles[i].role, roles[i].color, roles[i].role, roles[i].role,
            roles[i].color);
}

/* Two decimals, without zeros at the end. */
static void append_number(GString *out, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    size_t n;

    g_ascii_formatd(digits, sizeof digits, "%.2f", fabs(value) < 0.005 ? 0 : value);
    n = strlen(digits);
    while (digits[n - 1] == '0')
        digits[--n] = '\0';
    if (digits[n - 1] == '.')
        digits[--n] = '\0';
    g_string_append(out, digits);
}

static void append_attribute(GString *out, const char *name, double value)
{
    g_string_append_printf(out, " %s=\"", name);
    append_number(out, value);
    g_string_append_c(out, '"');
}

/* A figure on a coloured cell must not turn with the ground: black and white are no roles of text.
 */
static void append_paint(GString *out, const WbShape *shape)
{
    bool text = shape->kind == WB_SHAPE_TEXT;
    const char *fill = shape->fill == WB_NO_COLOR || (text && shape->fill == 0xffffff)
                           ? NULL
                           : role_of(shape->fill);
    const char *line = shape->stroke == WB_NO_COLOR ? NULL : role_of(shape->stroke);

    if (fill || line)
        g_string_append_printf(out, " class=\"%s%s%s%s%s\"", fill ? "wb-fill-" : "",
                               fill ? fill : "", fill && line ? " " : "", line ? "wb-line-" : "",
                               line ? line : "");
    if (!fill && shape->fill == WB_NO_COLOR)
        g_string_append(out, " fill=\"none\"");
    else if (!fill)
        g_string_append_printf(out, " fill=\"#%06x\"", shape->fill);
    if (!line && shape->stroke != WB_NO_COLOR)
        g_string_append_printf(out, " stroke=\"#%06x\"", shape->stroke);
    if (shape->stroke != WB_NO_COLOR && shape->width != 1)
        append_attribute(out, "stroke-width", shape->width);
    for (size_t i = 0; i < shape->dash_n; i++) {
        g_string_append(out, i ? "," : " stroke-dasharray=\"");
        append_number(out, shape->dash[i]);
    }
    if (shape->dash_n)
        g_string_append_c(out, '"');
}

static void append_steps(GString *out, const GArray *steps)
{
    g_string_append(out, " d=\"");
    for (guint i = 0; i < steps->len; i++) {
        const WbStep *step = &g_array_index(steps, WbStep, i);

        if (step->op == WB_STEP_CLOSE) {
            g_string_append_c(out, 'z');
            continue;
        }
        g_string_append_c(out, step->op == WB_STEP_MOVE ? 'M' : 'L');
        append_number(out, step->x);
        g_string_append_c(out, ' ');
        append_number(out, step->y);
    }
    g_string_append_c(out, '"');
}

static void append_text(GString *out, const WbShape *shape)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};

    g_string_append(out, "<text");
    append_attribute(out, "x", shape->x);
    append_attribute(out, "y", shape->y);
    append_attribute(out, "font-size", shape->size);
    g_string_append(out, anchors[shape->anchor]);
    if (shape->bold)
        g_string_append(out, " font-weight=\"bold\"");
    append_paint(out, shape);
    g_string_append_c(out, '>');
    wb_html_append(out, shape->text);
    g_string_append(out, "</text>\n");
}

static void append_shape(GString *out, const WbShape *shape)
{
    switch (shape->kind) {
    case WB_SHAPE_TEXT:
        append_text(out, shape);
        return;
    case WB_SHAPE_PATH:
        g_string_append(out, "<path");
        append_steps(out, shape->steps);
        break;
    case WB_SHAPE_RECT:
        g_string_append(out, "<rect");
        append_attribute(out, "x", shape->x);
        append_attribute(out, "y", shape->y);
        append_attribute(out, "width", shape->w);
        append_attribute(out, "height", shape->h);
        break;
    case WB_SHAPE_CIRCLE:
        g_string_append(out, "<circle");
        append_attribute(out, "cx", shape->x);
        append_attribute(out, "cy", shape->y);
        append_attribute(out, "r", shape->r);
        break;
    }
    append_paint(out, shape);
    g_string_append(out, "/>\n");
}

static void append_words(GString *out, const char *element, const char *id, const char *what,
                         const char *text)
{
    g_string_append_printf(out, "<%s id=\"%s-%s\">", element, id, what);
    wb_html_append(out, text);
    g_string_append_printf(out, "</%s>\n", element);
}

static void append_picture(GString *out, const WbDrawing *drawing, const char *id, bool file)
{
    g_string_append(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
    append_number(out, drawing->width);
    g_string_append_c(out, ' ');
    append_number(out, drawing->height);
    g_string_append_c(out, '"');
    if (file) {
        append_attribute(out, "width", drawing->width);
        append_attribute(out, "height", drawing->height);
    }
    g_string_append_printf(out,
                           " role=\"img\" aria-labelledby=\"%s-title %s-desc\" font-family=\""
                           "'DejaVu Sans', Verdana, sans-serif\">\n",
                           id, id);
    append_words(out, "title", id, "title", drawing->title);
    append_words(out, "desc", id, "desc", drawing->desc);
    if (file) {
        g_string_append(out, "<style>\n");
        wb_svg_append_styles(out);
        g_string_append(out, "</style>\n");
    }
    for (guint i = 0; i < drawing->shapes->len; i++)
        append_shape(out, wb_drawing_shape(drawing, i));
    g_string_append(out, "</svg>\n");
}

void wb_svg_append(GString *out, const WbDrawing *drawing, const char *id)
{
    append_picture(out, drawing, id, false);
}

void wb_svg_append_file(GString *out, const WbDrawing *drawing)
{
    append_picture(out, drawing, "chart", true);
}
