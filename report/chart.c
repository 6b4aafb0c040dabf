/* Charts: see chart.h. */
#include "report/chart.h"

#include <string.h>

#include "report/clean.h"
#include "report/fonts.h"
#include "report/gnuplot.h"
#include "report/summary_text.h"
#include "report/svg_reader.h"

G_DEFINE_QUARK(wb - chart - error - quark, wb_chart_error)

static const struct {
    const char *name;
    const char *text;
} bodies[] = {
#include "chart_bodies.h"
};

static const WbChartKind kinds[] = {
    {{"matrix", NULL, "which pair is fast: a heat map, the figure in each cell"},
     wb_chart_add_matrix,
     false},
    {{"ranking", NULL, "what is the order: a dot on a stem from zero, best of each case"},
     wb_chart_add_ranking,
     false},
    {{"runs", NULL, "how sure is a best-of-N: every run a dot"}, wb_chart_add_runs, false},
    {{"ranges", NULL, "how steady: min - max per window, with and without errors"},
     wb_chart_add_ranges,
     false},
    {{"bars", NULL,
      "columns side by side: grouped bars, at most 4 series and 8 groups; else ranking"},
     wb_chart_add_bars,
     false},
    {{"latency", NULL, "how bad is the tail: percentiles, both axes logarithmic"},
     wb_chart_add_latency,
     false},
    {{"windows", NULL, "what happened during a run: requests per window"},
     wb_chart_add_windows,
     false},
    {{"compare", NULL, "what changed since --old: each change with its interval"},
     wb_chart_add_compare,
     true},
};

WbChoices wb_chart_kinds(void)
{
    return WB_CHOICES(kinds);
}

WbChart *wb_chart_new(const char *kind, const WbStoryPart *part, WbChartScript *script,
                      double height, char *title, char *desc)
{
    WbChart *chart = g_new0(WbChart, 1);

    chart->kind = kind;
    chart->name = g_strdup(part ? part->title : "");
    chart->title = title;
    chart->desc = desc;
    chart->height = height;
    chart->data = script->text;
    return chart;
}

void wb_chart_free(WbChart *chart)
{
    g_free(chart->name);
    g_free(chart->title);
    g_free(chart->desc);
    g_string_free(chart->data, TRUE);
    g_free(chart);
}

char *wb_chart_load_text(const WbStory *story)
{
    g_autoptr(GPtrArray) facts = wb_summary_facts(story->query.set, story->query.summary);

    for (guint i = 0; i + 1 < facts->len; i += 2) {
        const char *value = g_ptr_array_index(facts, i + 1);

        if (!strcmp(g_ptr_array_index(facts, i), "Load") && !strchr(value, ';') &&
            strcmp(value, "not told") != 0)
            return g_strconcat(value, "; ", NULL);
    }
    return g_strdup("");
}

/* ---- scripts -------------------------------------------------------------------------------- */

static const char *body_of(const char *kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++)
        if (!strcmp(bodies[i].name, kind))
            return bodies[i].text;
    g_assert_not_reached();
}

/* A point of a PNG is 1/72 inch at 96 dpi, a unit of an SVG a px: 3/4 of the number for the same
 * size. */
static void append_terminal(GString *out, double height, bool png)
{
    static const struct {
        const char *name;
        double px;
    } fonts[] = {{"F14", WB_CHART_SIZE_TITLE},
                 {"F11", WB_CHART_SIZE_TEXT},
                 {"F10", WB_CHART_SIZE_SMALL},
                 {"F9", WB_CHART_SIZE_FOOT}};
    char size[G_ASCII_DTOSTR_BUF_SIZE];
    char tall[G_ASCII_DTOSTR_BUF_SIZE];
    const char *terminal =
        png ? "pngcairo noenhanced fontscale 2 linewidth 2 pointscale 2" : "svg noenhanced dynamic";

    g_ascii_formatd(tall, sizeof tall, "%.0f", height * (png ? 2 : 1));
    g_ascii_formatd(size, sizeof size, "%.4g", WB_CHART_SIZE_TEXT * (png ? 0.75 : 1));
    g_string_append_printf(
        out, "set terminal %s size %d,%s font '" WB_FONT_FAMILY ",%s' background '#ffffff'\n",
        terminal, (int)WB_CHART_WIDTH * (png ? 2 : 1), tall, size);
    for (size_t i = 0; i < G_N_ELEMENTS(fonts); i++) {
        g_ascii_formatd(size, sizeof size, "%.4g", fonts[i].px * (png ? 0.75 : 1));
        g_string_append_printf(out, "%s = '" WB_FONT_FAMILY ",%s'\n", fonts[i].name, size);
    }
}

char *wb_chart_script_of(const WbChart *chart, bool png)
{
    GString *out = g_string_new(NULL);

    append_terminal(out, chart->height, png);
    g_string_append(out, chart->data->str);
    g_string_append(out, body_of("_look"));
    g_string_append(out, body_of(chart->kind));
    if (png) { /* an SVG keeps its text: whoever shows it has fonts of their own */
        g_autofree char *shown = wb_fonts_shown(out->str);

        g_string_assign(out, shown);
    }
    return g_string_free(out, FALSE);
}

/* ---- pictures ------------------------------------------------------------------------------- */

static void free_drawing(gpointer data)
{
    wb_drawing_free(data);
}

static void free_bytes(gpointer data)
{
    if (data)
        g_bytes_unref(data);
}

/* A gnuplot that is too old fails in its own words; the version says more. */
static void explain(GError **error)
{
    g_autoptr(GError) version = NULL;

    if (!*error || g_error_matches(*error, WB_GNUPLOT_ERROR, WB_GNUPLOT_ERROR_MISSING) ||
        wb_gnuplot_check(&version))
        return;
    g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&version));
}

static GPtrArray *run(const GPtrArray *charts, bool png, GError **out_errors)
{
    g_auto(GStrv) scripts = g_new0(char *, charts->len + 1);
    g_autofree GBytes **pictures = g_new0(GBytes *, charts->len + 1);
    GPtrArray *out = g_ptr_array_new_with_free_func(free_bytes);

    for (guint i = 0; i < charts->len; i++)
        scripts[i] = wb_chart_script_of(g_ptr_array_index(charts, i), png);
    wb_gnuplot_run((const char *const *)scripts, charts->len, pictures, out_errors);
    for (guint i = 0; i < charts->len; i++) {
        g_ptr_array_add(out, pictures[i]);
        explain(&out_errors[i]);
    }
    return out;
}

GPtrArray *wb_charts_draw(const GPtrArray *charts, GError **out_errors)
{
    g_autoptr(GPtrArray) pictures = run(charts, false, out_errors);
    GPtrArray *out = g_ptr_array_new_with_free_func(free_drawing);

    for (guint i = 0; i < charts->len; i++) {
        const WbChart *chart = g_ptr_array_index(charts, i);
        gconstpointer svg = NULL;
        gsize len = 0;

        if (!out_errors[i])
            svg = g_bytes_get_data(g_ptr_array_index(pictures, i), &len);
        g_ptr_array_add(out, svg ? wb_svg_read(svg, len, chart->title, chart->desc, &out_errors[i])
                                 : NULL);
        if (svg)
            explain(&out_errors[i]);
    }
    return out;
}

GPtrArray *wb_charts_png(const GPtrArray *charts, GError **out_errors)
{
    return run(charts, true, out_errors);
}
