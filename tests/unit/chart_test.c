/*
 * Charts, looked at as pictures: whatever the data, every text lies on the canvas and no two texts
 * overlap. Measured in the drawing list with the widths of the font; a picture that nobody can read
 * is wrong even if it is well-formed.
 */
#include <math.h>
#include <stdio.h>

#include "report/chart_rows.h"
#include "report/fonts.h"
#include "report/svg.h"
#include "report/svg_reader.h"
#include "tests/unit/fixture.h"

#define SLACK 1.0 /* px; two lines of text may touch */

/* Where a text is: its ink, by the ascent and descent that DejaVu's letters and digits have. */
typedef struct {
    double left, right, top, bottom;
    const char *text;
} Box;

static Box box_of(const WbShape *shape, const WbFontMetrics *metrics)
{
    double width = wb_font_metrics_width(metrics, shape->text, shape->size);
    double left = shape->anchor == WB_ANCHOR_START    ? shape->x
                  : shape->anchor == WB_ANCHOR_MIDDLE ? shape->x - width / 2
                                                      : shape->x - width;

    return (Box){left, left + width, shape->y - 0.76 * shape->size, shape->y + 0.2 * shape->size,
                 shape->text};
}

static bool overlap(const Box *a, const Box *b)
{
    return a->left < b->right - SLACK && b->left < a->right - SLACK && a->top < b->bottom - SLACK &&
           b->top < a->bottom - SLACK;
}

static bool on_canvas(const WbDrawing *drawing, double x, double y)
{
    return x >= -SLACK && x <= drawing->width + SLACK && y >= -SLACK &&
           y <= drawing->height + SLACK;
}

/* Every mark, bar and line on the canvas. */
static void check_marks(const WbDrawing *drawing, const char *what)
{
    for (guint i = 0; i < drawing->shapes->len; i++) {
        const WbShape *shape = wb_drawing_shape(drawing, i);
        bool inside = on_canvas(drawing, shape->x + shape->w, shape->y + shape->h) &&
                      on_canvas(drawing, shape->x, shape->y);

        for (guint k = 0; shape->steps && k < shape->steps->len; k++) {
            const WbStep *step = &g_array_index(shape->steps, WbStep, k);

            inside = inside && (step->op == WB_STEP_CLOSE || on_canvas(drawing, step->x, step->y));
        }
        if (inside)
            continue;
        g_test_message("%s: shape %u leaves the canvas", what, i);
        g_test_fail();
    }
}

/* Every text on the canvas, none over another. */
static void check_texts(const WbDrawing *drawing, const char *what)
{
    g_autoptr(WbFontMetrics) metrics = wb_font_metrics_new(WB_FONT_FAMILY);
    g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(Box));

    for (guint i = 0; i < drawing->shapes->len; i++) {
        const WbShape *shape = wb_drawing_shape(drawing, i);
        Box box;

        if (shape->kind != WB_SHAPE_TEXT)
            continue;
        box = box_of(shape, metrics);
        if (box.left < -SLACK || box.right > drawing->width + SLACK || box.top < -SLACK ||
            box.bottom > drawing->height + SLACK) {
            g_test_message("%s: '%s' leaves the canvas: %.0f to %.0f, %.0f to %.0f", what, box.text,
                           box.left, box.right, box.top, box.bottom);
            g_test_fail();
        }
        for (guint k = 0; k < boxes->len; k++) {
            const Box *other = &g_array_index(boxes, Box, k);

            if (!overlap(&box, other))
                continue;
            g_test_message("%s: '%s' lies over '%s'", what, box.text, other->text);
            g_test_fail();
        }
        g_array_append_val(boxes, box);
    }
    g_assert_cmpuint(boxes->len, >, 0);
}

/* ---- data ----------------------------------------------------------------------------------- */

/* What a set of cases looks like. */
typedef struct {
    const char *what;
    int servers, frameworks, runs;
    double rate, growth; /* of the first run; from case to case */
    const char *name;    /* of a server, with %d */
    bool errors;         /* every third server has some */
    bool details;        /* slices and latencies, too */
} Shape;

static const Shape shapes[] = {
    {"one run", 1, 1, 1, 1000, 1, "s%d", false, false},
    {"all equal", 3, 2, 4, 5000, 1, "s%d", false, false},
    {"a matrix with errors", 6, 6, 6, 12000, 1.07, "server%d", true, false},
    {"80 rows", 80, 1, 3, 900, 1.05, "s%d", true, false},
    {"30 columns", 2, 30, 2, 250000, 0.97, "s%d", false, false},
    {"60 letters", 4, 2, 3, 100, 1.4,
     "a-server-with-a-name-that-nobody-would-read-to-its-end-number-%d", true, false},
    {"Greek, Cyrillic, Japanese", 3, 2, 3, 30000, 0.6,
     "\xce\x94\xce\xb9\xce\xb1\xce\xba \xd0\xa1\xd0\xb5\xd1\x80 "
     "\xe3\x83\x99\xe3\x83\xb3\xe3\x83\x81 %d",
     false, false},
    {"huge", 3, 2, 3, 3e11, 9, "s%d", false, false},
    {"tiny", 3, 2, 3, 0.02, 1.3, "s%d", false, false},
    {"zero", 2, 2, 2, 0, 1, "s%d", false, false},
    {"100 runs a case", 3, 1, 100, 2000, 1.1, "s%d", false, false},
    {"mixed magnitudes", 6, 1, 2, 2.5, 40, "s%d", false, false},
    {"one run with slices", 1, 1, 1, 3000, 1, "s%d", false, true},
    {"slices and latencies", 5, 3, 2, 40000, 0.5, "server%d", true, true},
    {"slices of long names", 3, 1, 1, 900, 3,
     "a-server-with-a-name-that-nobody-would-read-to-its-end-number-%d-%%`%%s'", false, true},
    {"slices without requests", 2, 1, 2, 0, 1, "s%d", false, true},
};

#define SLICES 40

/* Slices that wander, a stall with errors in one of them, and a latency tail over five decades. */
static void add_detailed(Fixture *f, const char *labels, WbRun *run)
{
    WbSliceRecord slices[SLICES] = {0};
    g_autofree WbHist *hist = g_new0(WbHist, 1);
    WbHistRecord record = {.kind = "latency", .hist = hist};
    WbRunDetails details = {.slice_ns = INT64_C(100000000),
                            .slices = slices,
                            .slices_n = SLICES,
                            .hists = &record,
                            .hists_n = 1};

    for (int i = 0; i < SLICES; i++)
        slices[i].requests = (int64_t)(run->requests_per_s / 10) * ((i * 7) % 11) / 10;
    slices[13].requests = 0;
    slices[13].errors_read = run->errors_read;
    for (int i = 1; i <= 5000; i++)
        wb_hist_add(hist, INT64_C(20000000000) / i);
    run->elapsed_ns = SLICES * details.slice_ns;
    run->latency_kind = "raw";
    fixture_add_run(f, labels, run, &details);
}

static void add_case(Fixture *f, const Shape *shape, int server, int framework, double rate)
{
    g_autofree char *name = g_strdup_printf(shape->name, server);
    g_autofree char *dashed = g_strdelimit(g_strdup(name), " ", '-');
    g_autofree char *labels =
        g_strdup_printf("benchmark=b server=%s framework=framework%d", dashed, framework);

    for (int i = 0; i < shape->runs; i++) {
        WbRun run = fixture_run(rate * (1 + 0.013 * ((i * 7) % 10)));

        if (shape->errors && server % 3 == 2)
            run.errors_read = 3;
        run.window_ns = INT64_C(10000000000);
        run.window_min = rate * 9;
        run.window_max = rate * 11;
        if (shape->details)
            add_detailed(f, labels, &run);
        else
            fixture_add_run(f, labels, &run, NULL);
    }
}

/* A quarter of the cases times `factor`, and closes it. */
static void fill(Fixture *f, const Shape *shape, double factor)
{
    double rate = shape->rate;

    g_assert_true(wb_store_begin(f->store, NULL));
    for (int s = 0; s < shape->servers; s++)
        for (int w = 0; w < shape->frameworks; w++) {
            add_case(f, shape, s, w, (s + w) % 4 ? rate : rate * factor);
            rate *= shape->growth;
        }
    g_assert_true(wb_store_commit(f->store, NULL));
    g_clear_pointer(&f->store, wb_store_free);
}

/* Which kinds have something to show. */
static bool is_expected(const Shape *shape, const char *kind)
{
    int without_errors = shape->servers - (shape->errors ? shape->servers / 3 : 0);

    if (!strcmp(kind, "latency") || !strcmp(kind, "windows"))
        return shape->details;
    if (!strcmp(kind, "bars")) /* four series in eight groups, one way or the other */
        return (without_errors <= 4 && shape->frameworks <= 8) ||
               (shape->frameworks <= 4 && shape->servers <= 8);
    return strcmp(kind, "compare") != 0 || shape->rate * 10 >= 1; /* a request */
}

/* All of them side by side. */
static void check_pictures(const GPtrArray *charts, const char *what)
{
    g_autofree GError **errors = g_new0(GError *, charts->len + 1);
    g_autoptr(GPtrArray) drawings = wb_charts_draw(charts, errors);

    for (guint i = 0; i < charts->len; i++) {
        const WbChart *chart = g_ptr_array_index(charts, i);
        g_autofree char *name = g_strdup_printf("%s of %s, picture %u", chart->kind, what, i + 1);

        g_assert_no_error(errors[i]);
        check_texts(g_ptr_array_index(drawings, i), name);
        check_marks(g_ptr_array_index(drawings, i), name);
    }
}

/* The pictures of all kinds; of each kind some, or none where it has nothing to show. */
static GPtrArray *make_charts(const WbStory *story, const Shape *shape)
{
    GPtrArray *charts = g_ptr_array_new_with_free_func((GDestroyNotify)wb_chart_free);
    g_autoptr(WbFontMetrics) metrics = wb_font_metrics_new(WB_FONT_FAMILY);
    WbStoryPart part = wb_story_part(story, 0);
    const WbChoices kinds = wb_chart_kinds();

    for (size_t k = 0; k < kinds.n; k++) {
        const WbChartKind *kind = wb_choice_at(kinds, k);
        guint before = charts->len;

        kind->add(story, &part, metrics, charts);
        if ((charts->len > before) == is_expected(shape, kind->choice.name))
            continue;
        g_test_message("%s: %u pictures", kind->choice.name, charts->len - before);
        g_test_fail();
    }
    wb_story_part_clear(&part);
    return charts;
}

static void test_pictures(const void *data)
{
    const Shape *shape = data;
    g_autoptr(GPtrArray) charts = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(WbStory) story;
    Fixture f, old;

    fixture_init(&f);
    fixture_init(&old);
    fill(&f, shape, 1.5);
    fill(&old, shape, 0.3);
    wb_story_init(&story);
    story.query.db = g_strdup(f.path);
    story.old = g_strdup(old.path);
    wb_story_load(&story, &error);
    g_assert_no_error(error);
    charts = make_charts(&story, shape);
    check_pictures(charts, shape->what);
    g_clear_pointer(&story.query.store, wb_store_free);
    fixture_clear(&f);
    fixture_clear(&old);
}

/* ---- the reader ----------------------------------------------------------------------------- */

static WbDrawing *read_text(const char *svg, GError **error)
{
    return wb_svg_read(svg, strlen(svg), "title", "desc", error);
}

/* Shapes with everything resolved: nested groups, inherited paint, points, transparent fills. */
static void test_reader(void)
{
    const char *svg =
        "<svg viewBox='0 0 100 50' xmlns='x' xmlns:xlink='y'><title>no</title><defs>"
        "<circle id='gpPt6' cx='0' cy='0' r='1' fill='currentColor' stroke='currentColor'/></defs>"
        "<g transform='translate(10,20)' fill='none' color='black' stroke='rgb(0, 114, 178)' "
        "stroke-width='2.00'><path d='M1,2 L3,4 h5 v-2 z' stroke-dasharray='8,4'/>"
        "<use xlink:href='#gpPt6' transform='translate(5,6) scale(3)' color='#d55e00'/></g>"
        "<g stroke='none' fill='rgb(31,35,40)' font-size='11' text-anchor='end' "
        "transform='translate(90,40)'><text><tspan>it&#39;s &lt;a&gt;</tspan></text></g>"
        "<g fill='none' stroke='none'><polygon points='0,0 4,0 4,4' fill='rgb(0,0,0)' "
        "fill-opacity='0.5'/></g></svg>";
    g_autoptr(GError) error = NULL;
    g_autoptr(WbDrawing) drawing = read_text(svg, &error);
    const WbShape *path, *point, *text, *polygon;

    g_assert_no_error(error);
    g_assert_cmpfloat(drawing->width, ==, 100);
    g_assert_cmpuint(drawing->shapes->len, ==, 4);
    path = wb_drawing_shape(drawing, 0);
    g_assert_cmpuint(path->steps->len, ==, 5);
    g_assert_cmpfloat(g_array_index(path->steps, WbStep, 3).x, ==, 18);
    g_assert_cmpfloat(g_array_index(path->steps, WbStep, 3).y, ==, 22);
    g_assert_cmphex(path->stroke, ==, 0x0072b2);
    g_assert_cmpfloat(path->width, ==, 2);
    g_assert_cmpuint(path->dash_n, ==, 2);
    point = wb_drawing_shape(drawing, 1);
    g_assert_cmpint(point->kind, ==, WB_SHAPE_CIRCLE);
    g_assert_cmpfloat(point->x, ==, 15);
    g_assert_cmpfloat(point->r, ==, 3);
    g_assert_cmphex(point->fill, ==, 0xd55e00);
    text = wb_drawing_shape(drawing, 2);
    g_assert_cmpstr(text->text, ==, "it's <a>");
    g_assert_cmpint(text->anchor, ==, WB_ANCHOR_END);
    g_assert_cmpfloat(text->x, ==, 90);
    polygon = wb_drawing_shape(drawing, 3);
    g_assert_cmphex(polygon->fill, ==, 0x808080);
    g_assert_cmphex(polygon->stroke, ==, WB_NO_COLOR);
}

/* What it does not know is an error that names it. */
static void test_unknown(void)
{
    static const struct {
        const char *svg, *wanted;
    } wrong[] = {
        {"<svg viewBox='0 0 9 9'><blink/></svg>", "'blink'"},
        {"<svg viewBox='0 0 9 9'><path d='M0,0 C1,1 2,2 3,3' stroke='black'/></svg>", "C1,1"},
        {"<svg viewBox='0 0 9 9'><path d='M0,0 L40000,1' stroke='black'/></svg>", "40000"},
        {"<svg viewBox='0 0 9 9'><path d='M0,0 L nan,1' stroke='black'/></svg>", "nan"},
        {"<svg viewBox='0 0 9 9'><path d='L0,0 L1,1' stroke='black'/></svg>", "L0,0"},
        {"<svg viewBox='0 0 9 9'><g fill='url(#x)'/></svg>", "url(#x)"},
        {"<svg viewBox='0 0 9 9'><g onload='x'/></svg>", "'onload'"},
        {"<svg viewBox='0 0 9 9'><use xlink:href='#none'/></svg>", "#none"},
        {"<svg viewBox='0 0 9 9'><g transform='matrix(1)'/></svg>", "matrix(1)"},
        {"<svg viewBox='0 0 9 9'><g>", "cannot be read"},
        {"<html/>", "'html'"},
        {"", "cannot be read"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(read_text(wrong[i].svg, &error));
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, wrong[i].wanted));
    }
}

/* ---- words and axes ------------------------------------------------------------------------- */

static void test_fit(void)
{
    g_autoptr(WbFontMetrics) metrics = wb_font_metrics_new(WB_FONT_FAMILY);
    g_autofree char *whole = wb_font_metrics_fit(metrics, "short", 11, 200);
    g_autofree char *cut = wb_font_metrics_fit(metrics, "the-begin-of-a-name-and-its-end", 11, 100);

    g_assert_cmpstr(whole, ==, "short");
    g_assert_true(g_str_has_prefix(cut, "the-"));
    g_assert_true(g_str_has_suffix(cut, "end"));
    g_assert_nonnull(strstr(cut, "\xe2\x80\xa6"));
    g_assert_cmpfloat(wb_font_metrics_width(metrics, cut, 11), <=, 100);
    /* DejaVu Sans is 2048 units to the em; "0" is 1303 of them wide (its own hmtx table). */
    g_assert_cmpfloat_with_epsilon(wb_font_metrics_width(metrics, "00", 2048), 2606, 1);
}

/* Names that differ in one part keep what they differ in. */
static void test_names_in_parts(void)
{
    const char *long_name = "a-server-with-a-name-that-nobody-reads-1/"
                            "a-framework-with-a-name-that-nobody-reads-2";
    g_autoptr(WbFontMetrics) metrics = wb_font_metrics_new(WB_FONT_FAMILY);
    g_autofree char *both = wb_chart_name_fit(metrics, long_name, 11, 200);
    g_autofree char *one =
        wb_chart_name_fit(metrics, "nginx/a-framework-with-a-name-that-nobody-reads-2", 11, 150);
    g_autofree char *whole = wb_chart_name_fit(metrics, "nginx/flask", 11, 200);
    g_autofree char *many = wb_chart_name_fit(metrics, "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o", 11, 60);

    g_assert_nonnull(strstr(both, "s-1/a-f"));
    g_assert_true(g_str_has_suffix(both, "s-2"));
    g_assert_cmpfloat(wb_font_metrics_width(metrics, both, 11), <=, 200);
    g_assert_true(g_str_has_prefix(one, "nginx/a-f"));
    g_assert_true(g_str_has_suffix(one, "s-2"));
    g_assert_cmpfloat(wb_font_metrics_width(metrics, one, 11), <=, 150);
    g_assert_cmpstr(whole, ==, "nginx/flask");
    g_assert_cmpfloat(wb_font_metrics_width(metrics, many, 11), <=, 60);
}

/* No picture with one row left over. */
static void test_rows_of_a_page(void)
{
    static const guint rows[][2] = {{0, 1}, {1, 1}, {40, 40}, {41, 21}, {80, 40}, {81, 27}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpuint(wb_chart_rows_each(rows[i][0]), ==, rows[i][1]);
}

static void test_axis(void)
{
    static const struct {
        double lo, hi;
        bool zero;
        double step;
        const char *format;
    } axes[] = {
        {0, 70960, true, 20000, "%.0fk"}, {0, 494, true, 100, "%.0f"},
        {0, 2.4, true, 0.5, "%.1f"},      {0, 0.019, true, 0.005, "%.3f"},
        {0, 1150, true, 200, "%.1fk"},    {0, 11e12, true, 2e12, "%.0fT"},
        {0, 12345, true, 2500, "%.1fk"},  {11900, 19950, false, 2000, "%.0fk"},
        {1000, 1000, false, 20, "%.2fk"}, {0, 0, false, 0.2, "%.1f"},
        {3, 3, false, 0.05, "%.2f"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(axes); i++) {
        WbChartAxis axis = wb_chart_axis(axes[i].lo, axes[i].hi, axes[i].zero, 6);

        g_assert_cmpfloat(axis.min, <=, axes[i].lo);
        g_assert_cmpfloat(axis.max, >=, axes[i].hi);
        g_assert_cmpfloat_with_epsilon(axis.min / axis.step, round(axis.min / axis.step), 1e-6);
        g_assert_cmpfloat_with_epsilon(axis.max / axis.step, round(axis.max / axis.step), 1e-6);
        g_assert_cmpfloat_with_epsilon(axis.step, axes[i].step, 1e-9 * axes[i].step);
        g_assert_cmpstr(axis.format, ==, axes[i].format);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chart/reader", test_reader);
    g_test_add_func("/chart/unknown", test_unknown);
    g_test_add_func("/chart/fit", test_fit);
    g_test_add_func("/chart/names in parts", test_names_in_parts);
    g_test_add_func("/chart/rows of a page", test_rows_of_a_page);
    g_test_add_func("/chart/axis", test_axis);
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autofree char *path = g_strdup_printf("/chart/pictures/%s", shapes[i].what);

        g_test_add_data_func(path, &shapes[i], test_pictures);
    }
    return g_test_run();
}
