/*
 * SVG reader: see svg_reader.h. GLib reads the XML. A stack of states follows the groups; points
 * (`use`) are drawn from the definitions that gnuplot puts at the top of each picture.
 */
#include "report/svg_reader.h"

#include <math.h>
#include <string.h>

#include "report/svg_attributes.h"

#define DEPTH 32

G_DEFINE_QUARK(wb - svg - error - quark, wb_svg_error)

/* A point of gnuplot's, in its own unit; drawn at a place in a size. */
typedef struct {
    WbShape shape; /* steps or circle */
    bool filled;
} Point;

typedef struct {
    WbDrawing *drawing;
    const char *title, *desc;
    GArray *states; /* of WbSvgState */
    GHashTable *points;
    GString *text; /* within a text element, else NULL */
    bool in_defs;
} Reader;

/* ---- shapes --------------------------------------------------------------------------------- */

static WbSvgState *top(const Reader *r)
{
    return &g_array_index(r->states, WbSvgState, r->states->len - 1);
}

static WbShape shape_of(WbShapeKind kind, const WbSvgState *state)
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

static void move_steps(GArray *steps, const WbSvgPlace *by, double scale)
{
    double turn = by->angle * G_PI / 180;

    for (guint i = 0; i < steps->len; i++) {
        WbStep *step = &g_array_index(steps, WbStep, i);
        double x = step->x * scale, y = step->y * scale;

        step->x = by->x + x * cos(turn) - y * sin(turn);
        step->y = by->y + x * sin(turn) + y * cos(turn);
    }
}

static bool start_path(Reader *r, WbSvgAttributes *a, bool polygon, GError **error)
{
    WbSvgState state = *top(r);
    WbShape shape;
    const char *data;
    double opacity = 1, ignored;

    if (!wb_svg_take_state(a, &state, &ignored, error) ||
        !wb_svg_take_number(a, "fill-opacity", &opacity, error))
        return false;
    shape = shape_of(WB_SHAPE_PATH, &state);
    if (shape.fill != WB_NO_COLOR)
        shape.fill = wb_svg_on_white(shape.fill, opacity);
    data = wb_svg_take(a, polygon ? "points" : "d");
    shape.steps = g_array_new(FALSE, FALSE, sizeof(WbStep));
    if (!wb_svg_take_dash(a, &shape, error) || !data ||
        !(polygon ? wb_svg_polygon : wb_svg_path)(data, shape.steps)) {
        free_shape_parts(&shape);
        return *error ? false : wb_svg_unknown(error, "the path", data ? data : "");
    }
    move_steps(shape.steps, &state.place, 1);
    add_shape(r, &shape);
    return true;
}

/* Of rectangles there is one: the background. */
static bool start_rect(Reader *r, WbSvgAttributes *a, GError **error)
{
    WbSvgState state = *top(r);
    WbShape shape;
    double ignored;

    if (!wb_svg_take_state(a, &state, &ignored, error))
        return false;
    shape = shape_of(WB_SHAPE_RECT, &state);
    if (!wb_svg_take_number(a, "x", &shape.x, error) ||
        !wb_svg_take_number(a, "y", &shape.y, error) ||
        !wb_svg_take_number(a, "width", &shape.w, error) ||
        !wb_svg_take_number(a, "height", &shape.h, error))
        return false;
    shape.x += state.place.x;
    shape.y += state.place.y;
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
    wb_svg_add_step(steps, WB_STEP_MOVE, x, y);
    wb_svg_add_step(steps, WB_STEP_LINE, x + w, y);
    wb_svg_add_step(steps, WB_STEP_LINE, x + w, y + h);
    wb_svg_add_step(steps, WB_STEP_LINE, x, y + h);
    wb_svg_add_step(steps, WB_STEP_CLOSE, 0, 0);
}

static bool take_all(WbSvgAttributes *a, const char *const *names, double *out, size_t n,
                     GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!wb_svg_take_number(a, names[i], &out[i], error))
            return false;
    return true;
}

/* A definition of its own geometry: circle, rectangle or path. */
static bool define(Reader *r, const char *element, WbSvgAttributes *a, GError **error)
{
    static const char *const round[] = {"cx", "cy", "r"};
    static const char *const square[] = {"x", "y", "width", "height"};
    Point *point = g_new0(Point, 1);
    const char *id = wb_svg_take(a, "id");
    const char *fill = wb_svg_take(a, "fill");
    double at[4] = {0};
    const char *data;
    bool good;

    wb_svg_take(a, "stroke");
    wb_svg_take(a,
                "stroke-width"); /* the line around a point is the chart's, not the definition's */
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
        data = wb_svg_take(a, "d");
        point->shape.steps = g_array_new(FALSE, FALSE, sizeof(WbStep));
        good = (data && wb_svg_path(data, point->shape.steps)) ||
               wb_svg_unknown(error, "the point", element);
    }
    if (!good || !id) {
        free_point(point);
        return good ? wb_svg_unknown(error, "a definition without id,", element) : false;
    }
    g_hash_table_replace(r->points, g_strdup(id), point);
    return wb_svg_all_taken(a, error);
}

static GArray *copy_steps(const GArray *steps)
{
    GArray *copy = g_array_new(FALSE, FALSE, sizeof(WbStep));

    g_array_append_vals(copy, steps->data, steps->len);
    return copy;
}

static const Point *find_point(const Reader *r, WbSvgAttributes *a, GError **error)
{
    const char *link = wb_svg_take(a, "xlink:href");
    const Point *point = link && *link == '#' ? g_hash_table_lookup(r->points, link + 1) : NULL;

    if (!point)
        wb_svg_unknown(error, "the point", link ? link : "");
    return point;
}

/* A definition from another one: filled, or turned. */
static bool define_from(Reader *r, WbSvgAttributes *a, GError **error)
{
    const Point *of = find_point(r, a, error);
    const char *id = wb_svg_take(a, "id");
    const char *fill = wb_svg_take(a, "fill");
    WbSvgState state = {0};
    double scale;
    const char *transform = wb_svg_take(a, "transform");
    Point *point;

    wb_svg_take(a, "stroke");
    if (!of || !id)
        return *error ? false : wb_svg_unknown(error, "a definition without id,", "use");
    if (transform && !wb_svg_transform(transform, &state.place, &scale))
        return wb_svg_unknown(error, "the transformation", transform);
    point = g_new0(Point, 1);
    point->shape = of->shape;
    point->filled = fill ? strcmp(fill, "none") != 0 : of->filled;
    if (of->shape.steps) {
        point->shape.steps = copy_steps(of->shape.steps);
        move_steps(point->shape.steps, &state.place, 1);
    }
    g_hash_table_replace(r->points, g_strdup(id), point);
    return wb_svg_all_taken(a, error);
}

static bool start_use(Reader *r, WbSvgAttributes *a, GError **error)
{
    const Point *point;
    WbSvgState state = *top(r);
    WbShape shape;
    double scale;

    if (r->in_defs)
        return define_from(r, a, error);
    point = find_point(r, a, error);
    if (!point || !wb_svg_take_state(a, &state, &scale, error))
        return false;
    shape = point->shape;
    shape.fill = point->filled ? state.color : WB_NO_COLOR;
    shape.stroke = point->filled ? WB_NO_COLOR : state.color;
    shape.width = state.width;
    if (shape.kind == WB_SHAPE_CIRCLE) {
        shape.x = state.place.x;
        shape.y = state.place.y;
        shape.r *= scale;
    } else {
        shape.steps = copy_steps(point->shape.steps);
        move_steps(shape.steps, &state.place, scale);
    }
    g_array_append_val(r->drawing->shapes, shape);
    return true;
}

/* ---- text ----------------------------------------------------------------------------------- */

static void end_text(Reader *r)
{
    const WbSvgState *state = top(r);
    WbShape shape = {.kind = WB_SHAPE_TEXT,
                     .fill = state->fill,
                     .stroke = WB_NO_COLOR,
                     .x = state->place.x,
                     .y = state->place.y,
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

static bool start_svg(Reader *r, WbSvgAttributes *a, GError **error)
{
    const char *box = wb_svg_take(a, "viewBox");
    const char *at = box ? box : "";
    double x, y, w, h;

    wb_svg_take(a, "width");
    wb_svg_take(a, "height");
    wb_svg_take(a, "xmlns");
    wb_svg_take(a, "xmlns:xlink");
    if (r->drawing || !wb_svg_number(&at, &x) || !wb_svg_number(&at, &y) ||
        !wb_svg_number(&at, &w) || !wb_svg_number(&at, &h) || x != 0 || y != 0)
        return wb_svg_unknown(error, "the canvas", box ? box : "");
    r->drawing = wb_drawing_new(w, h, r->title, r->desc);
    return true;
}

static bool start_group(Reader *r, WbSvgAttributes *a, GError **error)
{
    double scale;

    return wb_svg_take_state(a, top(r), &scale, error) &&
           (scale == 1 || wb_svg_unknown(error, "a scaled group", ""));
}

static bool start_text(Reader *r, WbSvgAttributes *a, GError **error)
{
    double scale;

    if (r->text)
        return wb_svg_unknown(error, "a text in a text", "");
    if (top(r)->place.angle != 0)
        return wb_svg_unknown(error, "a turned text", "");
    r->text = g_string_new(NULL);
    return wb_svg_take_state(a, top(r), &scale, error);
}

/* What is skipped with all that it holds. */
static bool is_idle(const char *element)
{
    return !strcmp(element, "title") || !strcmp(element, "desc") || !strcmp(element, "filter");
}

static bool start_element(Reader *r, const char *element, WbSvgAttributes *a, GError **error)
{
    if (!strcmp(element, "svg"))
        return start_svg(r, a, error);
    if (!r->drawing)
        return wb_svg_unknown(error, "another root,", element);
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

        return wb_svg_take_state(a, top(r), &scale, error);
    }
    return wb_svg_unknown(error, "the element", element);
}

static void on_start(GMarkupParseContext *context, const char *element, const char **names,
                     const char **values, gpointer user_data, GError **error)
{
    Reader *r = user_data;
    WbSvgAttributes a = {.names = names, .values = values};
    WbSvgState state = *top(r);

    (void)context;
    if (r->states->len == DEPTH) {
        wb_svg_unknown(error, "groups too deep at", element);
        return;
    }
    state.ignored |= is_idle(element);
    g_array_append_val(r->states, state);
    if (!state.ignored && start_element(r, element, &a, error))
        wb_svg_all_taken(&a, error);
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
    const WbSvgState first = {.fill = 0, .stroke = WB_NO_COLOR, .width = 1, .size = 12};
    Reader r = {.title = title, .desc = desc};
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &r, NULL);
    g_autoptr(GError) problem = NULL;
    bool good;

    r.states = g_array_new(FALSE, FALSE, sizeof(WbSvgState));
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
