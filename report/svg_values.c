/* SVG values: see svg_values.h. */
#include "report/svg_values.h"

#include <math.h>
#include <string.h>

#define FARTHEST 32000.0 /* px; what libharu takes */

bool wb_svg_number(const char **at, double *out)
{
    char *end;

    while (g_ascii_isspace(**at) || **at == ',')
        (*at)++;
    *out = g_ascii_strtod(*at, &end);
    if (end == *at || !isfinite(*out) || fabs(*out) > FARTHEST)
        return false;
    *at = end;
    return true;
}

bool wb_svg_whole(const char *text, double *out)
{
    return wb_svg_number(&text, out) && *text == '\0';
}

static bool read_hex(const char *text, uint32_t *out)
{
    guint64 value;

    if (strlen(text) != 7 || !g_ascii_string_to_unsigned(text + 1, 16, 0, 0xffffff, &value, NULL))
        return false;
    *out = (uint32_t)value;
    return true;
}

static bool read_rgb(const char *text, uint32_t *out)
{
    const char *at = text + strlen("rgb(");
    double part;

    *out = 0;
    for (int i = 0; i < 3; i++) {
        if (!wb_svg_number(&at, &part) || part < 0 || part > 255)
            return false;
        *out = *out << 8 | (uint32_t)part;
    }
    return !strcmp(at, ")");
}

bool wb_svg_color(uint32_t current, const char *text, uint32_t *out)
{
    *out = WB_NO_COLOR;
    if (!strcmp(text, "none"))
        return true;
    if (!strcmp(text, "currentColor"))
        *out = current;
    else if (!strcmp(text, "black"))
        *out = 0x000000;
    else if (!strcmp(text, "white"))
        *out = 0xffffff;
    else if (*text == '#')
        return read_hex(text, out);
    else
        return g_str_has_prefix(text, "rgb(") && read_rgb(text, out);
    return true;
}

/* The colour that a transparent one has on white paper. */
uint32_t wb_svg_on_white(uint32_t color, double opacity)
{
    uint32_t out = 0;

    for (int shift = 16; shift >= 0; shift -= 8) {
        double part = (double)(color >> shift & 0xff);

        out = out << 8 | (uint32_t)lround(255 + (part - 255) * opacity);
    }
    return out;
}

bool wb_svg_anchor(const char *text, WbAnchor *out)
{
    static const char *const names[] = {"start", "middle", "end"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (!strcmp(text, names[i])) {
            *out = (WbAnchor)i;
            return true;
        }
    return false;
}

/* "translate(x,y) rotate(a) scale(s)", each at most once. */
bool wb_svg_transform(const char *text, WbSvgPlace *place, double *out_scale)
{
    const char *at = text;

    *out_scale = 1;
    while (*at) {
        double x, y = 0;

        while (g_ascii_isspace(*at))
            at++;
        if (g_str_has_prefix(at, "translate(")) {
            at += strlen("translate(");
            if (!wb_svg_number(&at, &x) || !wb_svg_number(&at, &y))
                return false;
            place->x += x;
            place->y += y;
        } else if (g_str_has_prefix(at, "rotate(")) {
            at += strlen("rotate(");
            if (!wb_svg_number(&at, &x))
                return false;
            place->angle += x;
        } else if (g_str_has_prefix(at, "scale(")) {
            at += strlen("scale(");
            if (!wb_svg_number(&at, out_scale))
                return false;
        } else {
            return *at == '\0';
        }
        if (*at++ != ')')
            return false;
    }
    return true;
}

/* ---- paths ---------------------------------------------------------------------------------- */

void wb_svg_add_step(GArray *steps, WbStepOp op, double x, double y)
{
    WbStep step = {.op = op, .x = x, .y = y};

    g_array_append_val(steps, step);
}

/* One command with its numbers; several pairs behind an M are lines. */
static bool read_step(const char **at, char command, GArray *steps, double *x, double *y)
{
    double value;

    if (command == 'z' || command == 'Z') {
        wb_svg_add_step(steps, WB_STEP_CLOSE, 0, 0);
        return true;
    }
    if (command == 'h' || command == 'v') {
        if (!wb_svg_number(at, &value))
            return false;
        *(command == 'h' ? x : y) += value;
        wb_svg_add_step(steps, WB_STEP_LINE, *x, *y);
        return true;
    }
    if ((command != 'M' && command != 'L') || !wb_svg_number(at, x) || !wb_svg_number(at, y))
        return false;
    wb_svg_add_step(steps, command == 'M' ? WB_STEP_MOVE : WB_STEP_LINE, *x, *y);
    return true;
}

bool wb_svg_path(const char *text, GArray *steps)
{
    double x = 0, y = 0;
    char command = 0;

    for (const char *at = text;;) {
        while (g_ascii_isspace(*at) || *at == ',')
            at++;
        if (!*at)
            return steps->len == 0 || g_array_index(steps, WbStep, 0).op == WB_STEP_MOVE;
        if (g_ascii_isalpha(*at))
            command = *at++;
        else if (command == 'M')
            command = 'L';
        else if (command != 'L')
            return false;
        if (!read_step(&at, command, steps, &x, &y))
            return false;
    }
}

bool wb_svg_polygon(const char *text, GArray *steps)
{
    double x, y;

    for (const char *at = text;;) {
        while (g_ascii_isspace(*at))
            at++;
        if (!*at)
            break;
        if (!wb_svg_number(&at, &x) || !wb_svg_number(&at, &y))
            return false;
        wb_svg_add_step(steps, steps->len ? WB_STEP_LINE : WB_STEP_MOVE, x, y);
    }
    wb_svg_add_step(steps, WB_STEP_CLOSE, 0, 0);
    return steps->len > 1;
}
