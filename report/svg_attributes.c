/* SVG attributes: see svg_attributes.h. */
#include "report/svg_attributes.h"

#include <string.h>

#include "report/svg_reader.h"

bool wb_svg_unknown(GError **error, const char *what, const char *of)
{
    g_set_error(error, WB_SVG_ERROR, WB_SVG_ERROR_UNKNOWN,
                "gnuplot's picture has %s '%s', which this program does not know; gnuplot 5.4 is "
                "what it was made for",
                what, of);
    return false;
}

const char *wb_svg_take(WbSvgAttributes *a, const char *name)
{
    for (size_t i = 0; a->names[i] && i < G_N_ELEMENTS(a->taken); i++)
        if (!strcmp(a->names[i], name)) {
            a->taken[i] = true;
            return a->values[i];
        }
    return NULL;
}

/* What says nothing of the drawing. */
static void take_idle(WbSvgAttributes *a)
{
    static const char *const idle[] = {
        "id",          "class",    "stroke-linecap", "stroke-linejoin", "shape-rendering",
        "font-family", "xml:space"};

    for (size_t i = 0; i < G_N_ELEMENTS(idle); i++)
        wb_svg_take(a, idle[i]);
}

bool wb_svg_all_taken(const WbSvgAttributes *a, GError **error)
{
    for (size_t i = 0; a->names[i]; i++)
        if (i >= G_N_ELEMENTS(a->taken) || !a->taken[i])
            return wb_svg_unknown(error, "the attribute", a->names[i]);
    return true;
}

bool wb_svg_take_number(WbSvgAttributes *a, const char *name, double *out, GError **error)
{
    const char *text = wb_svg_take(a, name);

    return !text || wb_svg_whole(text, out) || wb_svg_unknown(error, "the number", text);
}

static bool take_color(WbSvgAttributes *a, const char *name, const WbSvgState *state, uint32_t *out,
                       GError **error)
{
    const char *text = wb_svg_take(a, name);

    return !text || wb_svg_color(state->color, text, out) ||
           wb_svg_unknown(error, "the colour", text);
}

/* Colours, width, font and place of an element, on top of those around it. */
bool wb_svg_take_state(WbSvgAttributes *a, WbSvgState *state, double *out_scale, GError **error)
{
    const char *anchor, *weight, *transform;

    *out_scale = 1;
    if (!take_color(a, "color", state, &state->color, error) ||
        !take_color(a, "fill", state, &state->fill, error) ||
        !take_color(a, "stroke", state, &state->stroke, error) ||
        !wb_svg_take_number(a, "stroke-width", &state->width, error) ||
        !wb_svg_take_number(a, "font-size", &state->size, error))
        return false;
    anchor = wb_svg_take(a, "text-anchor");
    weight = wb_svg_take(a, "font-weight");
    transform = wb_svg_take(a, "transform");
    if (anchor && !wb_svg_anchor(anchor, &state->anchor))
        return wb_svg_unknown(error, "the anchor", anchor);
    if (weight)
        state->bold = !strcmp(weight, "bold");
    if (transform && !wb_svg_transform(transform, &state->place, out_scale))
        return wb_svg_unknown(error, "the transformation", transform);
    take_idle(a);
    return true;
}

bool wb_svg_take_dash(WbSvgAttributes *a, WbShape *shape, GError **error)
{
    const char *text = wb_svg_take(a, "stroke-dasharray");

    for (const char *at = text; at && *at;) {
        if (shape->dash_n == WB_DASH_MAX || !wb_svg_number(&at, &shape->dash[shape->dash_n++]))
            return wb_svg_unknown(error, "the dashes", text);
        while (g_ascii_isspace(*at))
            at++;
    }
    return true;
}
