/* `wrkbook chart KIND`: one kind of chart as SVG or PNG files. */
#include <string.h>

#include "report/chart.h"
#include "report/commands.h"
#include "report/fonts.h"
#include "report/output.h"
#include "report/story.h"
#include "report/svg.h"

static const char examples[] =
    "\n"
    "Several tables (benchmarks), or more than fits one picture, become FILE, FILE-2, FILE-3, ...\n"
    "Charts are drawn by gnuplot 5.4 or later (Debian: gnuplot-nox).\n"
    "\n"
    "Examples:\n"
    "  wrkbook chart matrix --db results.db -o matrix.svg\n"
    "  wrkbook chart runs --db results.db --where benchmark=hello -o runs.png\n"
    "  wrkbook chart compare --db new.db --old old.db -o changes.svg\n"
    "  wrkbook chart ranking --db results.db -o ranking.svg --keep-script scripts";

static char *describe(void)
{
    GString *text = g_string_new("Kinds:\n");

    wb_choices_append_help(wb_chart_kinds(), text);
    g_string_append(text, examples);
    return g_string_free(text, FALSE);
}

/* By the name of the file. */
static bool read_format(const char *path, bool *out_png, GError **error)
{
    *out_png = path && g_str_has_suffix(path, ".png");
    if (*out_png || (path && g_str_has_suffix(path, ".svg")))
        return true;
    g_set_error(error, WB_CHART_ERROR, WB_CHART_ERROR_FILE,
                "chart writes a picture: name it by -o FILE.svg or -o FILE.png");
    return false;
}

/* "a.svg" -> "a-2.svg" for the second. */
static char *path_of(const char *path, guint i)
{
    if (i == 0)
        return g_strdup(path);
    return g_strdup_printf("%.*s-%u%s", (int)(strlen(path) - 4), path, i + 1,
                           path + strlen(path) - 4);
}

static GPtrArray *make_charts(const WbStory *story, const WbChartKind *kind)
{
    GPtrArray *charts = g_ptr_array_new_with_free_func((GDestroyNotify)wb_chart_free);
    WbFontMetrics *metrics = wb_font_metrics_new(WB_FONT_FAMILY);

    for (guint p = 0; p < (kind->whole ? 1 : story->grid->parts->len); p++) {
        WbStoryPart part = wb_story_part(story, p);

        kind->add(story, &part, metrics, charts);
        wb_story_part_clear(&part);
    }
    wb_font_metrics_free(metrics);
    return charts;
}

/* FILE.gp of each, for who wants to draw it otherwise: `gnuplot FILE.gp > FILE.svg`. */
static bool keep_scripts(const GPtrArray *charts, const char *dir, bool png, GError **error)
{
    for (guint i = 0; i < charts->len; i++) {
        const WbChart *chart = g_ptr_array_index(charts, i);
        g_autofree char *name = i ? g_strdup_printf("%s-%u.gp", chart->kind, i + 1)
                                  : g_strdup_printf("%s.gp", chart->kind);
        g_autofree char *path = g_build_filename(dir, name, NULL);
        g_autofree char *script = wb_chart_script_of(chart, png);
        g_autoptr(GString) text = g_string_new(script);

        if (!wb_output_write(path, text, error))
            return false;
    }
    return true;
}

static bool draw(const GPtrArray *charts, bool png, GPtrArray *out, GError **error)
{
    g_autofree GError **errors = g_new0(GError *, charts->len + 1);
    g_autoptr(GPtrArray) pictures =
        png ? wb_charts_png(charts, errors) : wb_charts_draw(charts, errors);
    bool good = true;

    for (guint i = 0; i < charts->len; i++) {
        GString *text = g_string_new(NULL);

        g_ptr_array_add(out, text);
        if (errors[i] && good)
            g_propagate_error(error, g_steal_pointer(&errors[i]));
        good = good && g_ptr_array_index(pictures, i);
        g_clear_error(&errors[i]);
        if (!g_ptr_array_index(pictures, i))
            continue;
        if (png)
            g_string_append_len(text, g_bytes_get_data(g_ptr_array_index(pictures, i), NULL),
                                (gssize)g_bytes_get_size(g_ptr_array_index(pictures, i)));
        else
            wb_svg_append_file(text, g_ptr_array_index(pictures, i));
    }
    return good;
}

static void free_string(gpointer data)
{
    g_string_free(data, TRUE);
}

/* All pictures, or none. */
static bool write_charts(WbStory *story, const char *kind_name, const char *path,
                         const char *scripts, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(free_string);
    g_autoptr(GPtrArray) charts = NULL;
    const WbChartKind *kind = wb_choice_named(wb_chart_kinds(), "chart", kind_name, error);
    bool png;

    if (!kind || !read_format(path, &png, error) || !wb_story_load(story, error))
        return false;
    charts = make_charts(story, kind);
    if (charts->len == 0) {
        g_set_error(error, WB_CHART_ERROR, WB_CHART_ERROR_NOTHING,
                    "'%s' holds nothing that the chart '%s' could show (%s)",
                    wb_store_path(story->query.store), kind->choice.name, kind->choice.summary);
        return false;
    }
    if ((scripts && !keep_scripts(charts, scripts, png, error)) || !draw(charts, png, texts, error))
        return false;
    for (guint i = 0; i < charts->len; i++) {
        g_autofree char *file = path_of(path, i);

        if (!wb_output_write(file, g_ptr_array_index(texts, i), error))
            return false;
        if (charts->len > 1)
            g_printerr("wrote '%s': %s\n", file,
                       ((const WbChart *)g_ptr_array_index(charts, i))->title);
    }
    return true;
}

int wb_report_cmd_chart(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("KIND - a picture");
    g_autofree char *description = describe();
    g_autofree char *path = NULL;
    g_autofree char *scripts = NULL;
    g_auto(WbStory) story;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "The picture: .svg or .png", "FILE"},
        {"keep-script", 0, 0, G_OPTION_ARG_FILENAME, &scripts,
         "Leave gnuplot's scripts with their data in that folder", "DIR"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_story_init(&story);
    g_option_context_set_description(context, description);
    wb_story_add_options(&story, context);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        (argc > 2 && !wb_query_check_end(argc - 1, argv + 1, error)) ||
        !write_charts(&story, argc > 1 ? argv[1] : NULL, path, scripts, error))
        return 2;
    return 0;
}
