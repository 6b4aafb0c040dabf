/*
 * SVG reader: see svg_reader.h. GLib reads the XML. A stack of states follows the groups; points
 * (`use`) are drawn from the definitions that gnuplot puts at the top of each picture.
 */
#include "report/svg_reader.h"

#include <math.h>
#include <string.h>

#define FARTHEST 32000.0 /* px; what libharu takes */
#define DEPTH    32

G_DEFINE_QUARK(wb - svg - error - quark, wb_svg_error)

/* What groups pass on. */
typedef struct {
    uint32_t fill, stroke, color; /* 0xRRGGBB, WB_NO_COLOR */
    double width;
    double x, y, angle; /* translation in px, rotation in degrees */
    double size;
    WbAnchor anchor;
    bool bold;
    bool ignored; /* within a title, a description, a filter */
} State;

/* A point of gnuplot's, in its own unit; drawn at a place in a size. */
typedef struct {
    WbShape shape; /* steps or circle */
    bool filled;
} Point;

typedef struct {
    WbDrawing *drawing;
    const char *title, *desc;
    GArray *states; /* of State */
    GHashTable *points;
    GString *text; /* within a text element, else NULL */
    bool in_defs;
} Reader;

static bool unknown(GError **error, const char *what, const char *of)
{
    g_set_error(error, WB_SVG_ERROR, WB_SVG_ERROR_UNKNOWN,
                "gnuplot's picture has %s '%s', which this program does not know; gnuplot 5.4 is "
                "what it was made for",
                what, of);
    return false;
}

/* ---- values --------------------------------------------------------------------------------- */

static bool read_number(const char **at, double *out)
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

static bool read_whole(const char *text, double *out)
{
    return read_number(&text, out) && *text == '\0';
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
        if (!read_number(&at, &part) || part < 0 || part > 255)
            return false;
        *out = *out << 8 | (uint32_t)part;
    }
    return !strcmp(at, ")");
}

static bool read_color(const State *state, const char *text, uint32_t *out)
{
    *out = WB_NO_COLOR;
    if (!strcmp(text, "none"))
        return true;
    if (!strcmp(text, "currentColor"))
        *out = state->color;
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
static uint32_t on_white(uint32_t color, double opacity)
{
    uint32_t out = 0;

    for (int shift = 16; shift >= 0; shift -= 8) {
        double part = (double)(color >> shift & 0xff);

        out = out << 8 | (uint32_t)lround(255 + (part - 255) * opacity);
    }
    return out;
}

static bool read_anchor(const char *text, WbAnchor *out)
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
static bool read_transform(const char *text, State *state, double *out_scale)
{
    const char *at = text;

    *out_scale = 1;
    while (*at) {
        double x, y = 0;

        while (g_ascii_isspace(*at))
            at++;
        if (g_str_has_prefix(at, "translate(")) {
            at += strlen("translate(");
            if (!read_number(&at, &x) || !read_number(&at, &y))
                return false;
            state->x += x;
            state->y += y;
        } else if (g_str_has_prefix(at, "rotate(")) {
            at += strlen("rotate(");
            if (!read_number(&at, &x))
                return false;
            state->angle += x;
        } else if (g_str_has_prefix(at, "scale(")) {
            at += strlen("scale(");
            if (!read_number(&at, out_scale))
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

static void add_step(GArray *steps, WbStepOp op, double x, double y)
{
    WbStep step = {.op = op, .x = x, .y = y};

    g_array_append_val(steps, step);
}

/* One command with its numbers; several pairs behind an M are lines. */
static bool read_step(const char **at, char command, GArray *steps, double *x, double *y)
{
    double value;

    if (command == 'z' || command == 'Z') {
        add_step(steps, WB_STEP_CLOSE, 0, 0);
        return true;
    }
    if (command == 'h' || command == 'v') {
        if (!read_number(at, &value))
            return false;
        *(command == 'h' ? x : y) += value;
        add_step(steps, WB_STEP_LINE, *x, *y);
        return true;
    }
    if ((command != 'M' && command != 'L') || !read_number(at, x) || !read_number(at, y))
        return false;
    add_step(steps, command == 'M' ? WB_STEP_MOVE : WB_STEP_LINE, *x, *y);
    return true;
}

static bool read_path(const char *text, GArray *steps)
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

static bool read_polygon(const char *text, GArray *steps)
{
    double x, y;

    for (const char *at = text;;) {
        while (g_ascii_isspace(*at))
            at++;
        if (!*at)
            break;
        if (!read_number(&at, &x) || !read_number(&at, &y))
            return false;
        add_step(steps, steps->len ? WB_STEP_LINE : WB_STEP_MOVE, x, y);
    }
    add_step(steps, WB_STEP_CLOSE, 0, 0);
    return steps->len > 1;
}

/* ---- attributes ----------------------------------------------------------------------------- */

/* The attributes of an element by name, each taken once; what is left is unknown. */
typedef struct {
    const char **names, **values;
    bool taken[24];
} Attributes;

static const char *take(Attributes *a, const char *name)
{
    for (size_t i = 0; a->names[i] && i < G_N_ELEMENTS(a->taken); i++)
        if (!strcmp(a->names[i], name)) {
            a->taken[i] = true;
            return a->values[i];
        }
    return NULL;
}

/* What says nothing of the drawing. */
static void take_idle(Attributes *a)
{
    static const char *const idle[] = {
        "id",          "class",    "stroke-linecap", "stroke-linejoin", "shape-rendering",
        "font-family", "xml:space"};

    for (size_t i = 0; i < G_N_ELEMENTS(idle); i++)
        take(a, idle[i]);
}

static bool all_taken(const Attributes *a, GError **error)
{
    for (size_t i = 0; a->names[i]; i++)
        if (i >= G_N_ELEMENTS(a->taken) || !a->taken[i])
            return unknown(error, "the attribute", a->names[i]);
    return true;
}

static bool take_number(Attributes *a, const char *name, double *out, GError **error)
{
    const char *text = take(a, name);

    return !text || read_whole(text, out) || unknown(error, "the number", text);
}

static bool take_color(Attributes *a, const char *name, const State *state, uint32_t *out,
                       GError **error)
{
    const char *text = take(a, name);

    return !text || read_color(state, text, out) || unknown(error, "the colour", text);
}

/* Colours, width, font and place of an element, on top of those around it. */
static bool take_state(Attributes *a, State *state, double *out_scale, GError **error)
{
    const char *anchor, *weight, *transform;

    *out_scale = 1;
    if (!take_color(a, "color", state, &state->color, error) ||
        !take_color(a, "fill", state, &state->fill, error) ||
        !take_color(a, "stroke", state, &state->stroke, error) ||
        !take_number(a, "stroke-width", &state->width, error) ||
        !take_number(a, "font-size", &state->size, error))
        return false;
    anchor = take(a, "text-anchor");
    weight = take(a, "font-weight");
    transform = take(a, "transform");
    if (anchor && !read_anchor(anchor, &state->anchor))
        return unknown(error, "the anchor", anchor);
    if (weight)
        state->bold = !strcmp(weight, "bold");
    if (transform && !read_transform(transform, state, out_scale))
        return unknown(error, "the transformation", transform);
    take_idle(a);
    return true;
}

static bool take_dash(Attributes *a, WbShape *shape, GError **error)
{
    const char *text = take(a, "stroke-dasharray");

    for (const char *at = text; at && *at;) {
        if (shape->dash_n == WB_DASH_MAX || !read_number(&at, &shape->dash[shape->dash_n++]))
            return unknown(error, "the dashes", text);
        while (g_ascii_isspace(*at))
            at++;
    }
    return true;
}

/* ---- shapes --------------------------------------------------------------------------------- */

static State *top(const Reader *r)
{
    return &g_array_index(r->states, State, r->states->len - 1);
}

static WbShape shape_of(WbShapeKind kind, const State *state)
{
    return (WbShape){
        .kind = kind, .fill = state->fill, .stroke = state->stroke, .width = state->width};
}

static void free_shape_parts(WbShape *shape)
{
    if (shape->steps)
        g_array_unref(shape->steps);
    g_free(shape->text);
}

/* What nobody would see is no shape. */
static void add_shape(Reader *r, WbShape *shape)
{
    if ((shape->fill == WB_NO_COLOR && shape->stroke == WB_NO_COLOR) ||
        (shape->steps && shape->steps->len < 2))
        free_shape_parts(shape);
    else
        g_array_append_val(r->drawing->shapes, *shape);
}

static void move_steps(GArray *steps, const State *by, double scale)
{
    double turn = by->angle * G_PI / 180;

    for (guint i = 0; i < steps->len; i++) {
        WbStep *step = &g_array_index(steps, WbStep, i);
        double x = step->x * scale, y = step->y * scale;

        step->x = by->x + x * cos(turn) - y * sin(turn);
        step->y = by->y + x * sin(turn) + y * cos(turn);
    }
}

static bool start_path(Reader *r, Attributes *a, bool polygon, GError **error)
{
    State state = *top(r);
    WbShape shape;
    const char *data;
    double opacity = 1, ignored;

    if (!take_state(a, &state, &ignored, error) || !take_number(a, "fill-opacity", &opacity, error))
        return false;
    shape = shape_of(WB_SHAPE_PATH, &state);
    if (shape.fill != WB_NO_COLOR)
        shape.fill = on_white(shape.fill, opacity);
    data = take(a, polygon ? "points" : "d");
    shape.steps = g_array_new(FALSE, FALSE, sizeof(WbStep));
    if (!take_dash(a, &shape, error) || !data ||
        !(polygon ? read_polygon : read_path)(data, shape.steps)) {
        free_shape_parts(&shape);
        return *error ? false : unknown(error, "the path", data ? data : "");
    }
    move_steps(shape.steps, &state, 1);
    add_shape(r, &shape);
    return true;
}

/* Of rectangles there is one: the background. */
static bool start_rect(Reader *r, Attributes *a, GError **error)
{
    State state = *top(r);
    WbShape shape;
    double ignored;

    if (!take_state(a, &state, &ignored, error))
        return false;
    shape = shape_of(WB_SHAPE_RECT, &state);
    if (!take_number(a, "x", &shape.x, error) || !take_number(a, "y", &shape.y, error) ||
        !take_number(a, "width", &shape.w, error) || !take_number(a, "height", &shape.h, error))
        return false;
    shape.x += state.x;
    shape.y += state.y;
    add_shape(r, &shape);
    return true;
}

/* ---- points --------------------------------------------------------------------------------- */

static void free_point(gpointer data)
{
    Point *point = data;

    free_shape_parts(&point->shape);
    g_free(point);
}

static void add_rect_steps(GArray *steps, double x, double y, double w, double h)
{
    add_step(steps, WB_STEP_MOVE, x, y);
    add_step(steps, WB_STEP_LINE, x + w, y);
    add_step(steps, WB_STEP_LINE, x + w, y + h);
    add_step(steps, WB_STEP_LINE, x, y + h);
    add_step(steps, WB_STEP_CLOSE, 0, 0);
}

static bool take_all(Attributes *a, const char *const *names, double *out, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!take_number(a, names[i], &out[i], error))
            return false;
    return true;
}

/* A definition of its own geometry: circle, rectangle or path. */
static bool define(Reader *r, const char *element, Attributes *a, GError **error)
{
    static const char *const round[] = {"cx", "cy", "r"};
    static const char *const square[] = {"x", "y", "width", "height"};
    Point *point = g_new0(Point, 1);
    const char *id = take(a, "id");
    const char *fill = take(a, "fill");
    double at[4] = {0};
    const char *data;
    bool good;

    take(a, "stroke");
    take(a, "stroke-width"); /* the line around a point is the chart's, not the definition's */
    point->filled = fill && strcmp(fill, "none") != 0;
    if (!strcmp(element, "circle")) {
        point->shape.kind = WB_SHAPE_CIRCLE;
        good = take_all(a, round, at, 3, error);
        point->shape.r = at[2];
    } else if (!strcmp(element, "rect")) {
        point->shape.steps = g_array_new(FALSE, FALSE, sizeof(WbStep));
        good = take_all(a, square, at, 4, error);
        add_rect_steps(point->shape.steps, at[0], at[1], at[2], at[3]);
    } else {
        data = take(a, "d");
        point->shape.steps = g_array_new(FALSE, FALSE, sizeof(WbStep));
        good =
            (data && read_path(data, point->shape.steps)) || unknown(error, "the point", element);
    }
    if (!good || !id) {
        free_point(point);
        return good ? unknown(error, "a definition without id,", element) : false;
    }
    g_hash_table_replace(r->points, g_strdup(id), point);
    return all_taken(a, error);
}

static GArray *copy_steps(const GArray *steps)
{
    GArray *copy = g_array_new(FALSE, FALSE, sizeof(WbStep));

    g_array_append_vals(copy, steps->data, steps->len);
    return copy;
}

static const Point *find_point(const Reader *r, Attributes *a, GError **error)
{
    const char *link = take(a, "xlink:href");
    const Point *point = link && *link == '#' ? g_hash_table_lookup(r->points, link + 1) : NULL;

    if (!point)
        unknown(error, "the point", link ? link : "");
    return point;
}

/* A definition from another one: filled, or turned. */
static bool define_from(Reader *r, Attributes *a, GError **error)
{
    const Point *of = find_point(r, a, error);
    const char *id = take(a, "id");
    const char *fill = take(a, "fill");
    State state = {0};
    double scale;
    const char *transform = take(a, "transform");
    Point *point;

    take(a, "stroke");
    if (!of || !id)
        return *error ? false : unknown(error, "a definition without id,", "use");
    if (transform && !read_transform(transform, &state, &scale))
        return unknown(error, "the transformation", transform);
    point = g_new0(Point, 1);
    point->shape = of->shape;
    point->filled = fill ? strcmp(fill, "none") != 0 : of->filled;
    if (of->shape.steps) {
        point->shape.steps = copy_steps(of->shape.steps);
        move_steps(point->shape.steps, &state, 1);
    }
    g_hash_table_replace(r->points, g_strdup(id), point);
    return all_taken(a, error);
}

static bool start_use(Reader *r, Attributes *a, GError **error)
{
    const Point *point;
    State state = *top(r);
    WbShape shape;
    double scale;

    if (r->in_defs)
        return define_from(r, a, error);
    point = find_point(r, a, error);
    if (!point || !take_state(a, &state, &scale, error))
        return false;
    shape = point->shape;
    shape.fill = point->filled ? state.color : WB_NO_COLOR;
    shape.stroke = point->filled ? WB_NO_COLOR : state.color;
    shape.width = state.width;
    if (shape.kind == WB_SHAPE_CIRCLE) {
        shape.x = state.x;
        shape.y = state.y;
        shape.r *= scale;
    } else {
        shape.steps = copy_steps(point->shape.steps);
        move_steps(shape.steps, &state, scale);
    }
    g_array_append_val(r->drawing->shapes, shape);
    return true;
}

/* ---- text ----------------------------------------------------------------------------------- */

static void end_text(Reader *r)
{
    const State *state = top(r);
    WbShape shape = {.kind = WB_SHAPE_TEXT,
                     .fill = state->fill,
                     .stroke = WB_NO_COLOR,
                     .x = state->x,
                     .y = state->y,
                     .size = state->size,
                     .anchor = state->anchor,
                     .bold = state->bold};

    g_strstrip(r->text->str);
    if (*r->text->str) {
        shape.text = g_strdup(r->text->str);
        g_array_append_val(r->drawing->shapes, shape);
    }
    g_string_free(r->text, TRUE);
    r->text = NULL;
}

/* ---- elements ------------------------------------------------------------------------------- */

static bool start_svg(Reader *r, Attributes *a, GError **error)
{
    const char *box = take(a, "viewBox");
    const char *at = box ? box : "";
    double x, y, w, h;

    take(a, "width");
    take(a, "height");
    take(a, "xmlns");
    take(a, "xmlns:xlink");
    if (r->drawing || !read_number(&at, &x) || !read_number(&at, &y) || !read_number(&at, &w) ||
        !read_number(&at, &h) || x != 0 || y != 0)
        return unknown(error, "the canvas", box ? box : "");
    r->drawing = wb_drawing_new(w, h, r->title, r->desc);
    return true;
}

static bool start_group(Reader *r, Attributes *a, GError **error)
{
    double scale;

    return take_state(a, top(r), &scale, error) &&
           (scale == 1 || unknown(error, "a scaled group", ""));
}

static bool start_text(Reader *r, Attributes *a, GError **error)
{
    double scale;

    if (r->text)
        return unknown(error, "a text in a text", "");
    if (top(r)->angle != 0)
        return unknown(error, "a turned text", "");
    r->text = g_string_new(NULL);
    return take_state(a, top(r), &scale, error);
}

/* What is skipped with all that it holds. */
static bool is_idle(const char *element)
{
    return !strcmp(element, "title") || !strcmp(element, "desc") || !strcmp(element, "filter");
}

static bool start_element(Reader *r, const char *element, Attributes *a, GError **error)
{
    if (!strcmp(element, "svg"))
        return start_svg(r, a, error);
    if (!r->drawing)
        return unknown(error, "another root,", element);
    if (!strcmp(element, "defs")) {
        r->in_defs = true;
        return true;
    }
    if (!strcmp(element, "use"))
        return start_use(r, a, error);
    if (r->in_defs &&
        (!strcmp(element, "circle") || !strcmp(element, "rect") || !strcmp(element, "path")))
        return define(r, element, a, error);
    if (!strcmp(element, "g"))
        return start_group(r, a, error);
    if (!strcmp(element, "path") || !strcmp(element, "polygon"))
        return start_path(r, a, !strcmp(element, "polygon"), error);
    if (!strcmp(element, "rect"))
        return start_rect(r, a, error);
    if (!strcmp(element, "text"))
        return start_text(r, a, error);
    if (!strcmp(element, "tspan") && r->text) {
        double scale;

        return take_state(a, top(r), &scale, error);
    }
    return unknown(error, "the element", element);
}

static void on_start(GMarkupParseContext *context, const char *element, const char **names,
                     const char **values, gpointer user_data, GError **error)
{
    Reader *r = user_data;
    Attributes a = {.names = names, .values = values};
    State state = *top(r);

    (void)context;
    if (r->states->len == DEPTH) {
        unknown(error, "groups too deep at", element);
        return;
    }
    state.ignored |= is_idle(element);
    g_array_append_val(r->states, state);
    if (!state.ignored && start_element(r, element, &a, error))
        all_taken(&a, error);
}

static void on_end(GMarkupParseContext *context, const char *element, gpointer user_data,
                   GError **error)
{
    Reader *r = user_data;

    (void)context;
    (void)error;
    if (!strcmp(element, "defs"))
        r->in_defs = false;
    if (!strcmp(element, "text") && r->text)
        end_text(r);
    g_array_set_size(r->states, r->states->len - 1);
}

static void on_text(GMarkupParseContext *context, const char *text, gsize len, gpointer user_data,
                    GError **error)
{
    Reader *r = user_data;

    (void)context;
    (void)error;
    if (r->text && !top(r)->ignored)
        g_string_append_len(r->text, text, (gssize)len);
}

WbDrawing *wb_svg_read(const char *svg, size_t len, const char *title, const char *desc,
                       GError **error)
{
    const GMarkupParser parser = {on_start, on_end, on_text, NULL, NULL};
    const State first = {.fill = 0, .stroke = WB_NO_COLOR, .width = 1, .size = 12};
    Reader r = {.title = title, .desc = desc};
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &r, NULL);
    g_autoptr(GError) problem = NULL;
    bool good;

    r.states = g_array_new(FALSE, FALSE, sizeof(State));
    r.points = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_point);
    g_array_append_val(r.states, first);
    good = g_markup_parse_context_parse(context, svg, (gssize)len, &problem) &&
           g_markup_parse_context_end_parse(context, &problem) && r.drawing;
    g_markup_parse_context_free(context);
    g_array_unref(r.states);
    g_hash_table_unref(r.points);
    if (r.text)
        g_string_free(r.text, TRUE);
    if (good)
        return r.drawing;
    wb_drawing_free(r.drawing);
    if (problem && problem->domain == WB_SVG_ERROR)
        g_propagate_error(error, g_steal_pointer(&problem));
    else
        g_set_error(error, WB_SVG_ERROR, WB_SVG_ERROR_XML, "gnuplot's picture cannot be read: %s",
                    problem ? problem->message : "it is empty");
    return NULL;
}
