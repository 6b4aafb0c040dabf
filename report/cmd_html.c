/* `wrkbook html`: a web page of one file. */
#include "report/commands.h"
#include "report/output.h"
#include "report/page.h"
#include "report/serve.h"
#include "report/story.h"

static const char help[] =
    "Writes a page of one file that asks the network for nothing: result, tables that can be "
    "sorted\n"
    "and filtered, charts, errors and their causes, what cannot be concluded, method, commands.\n"
    "Light and dark, narrow screens, print, keyboard and screen readers; whole without "
    "JavaScript.\n"
    "\n"
    "Examples:\n"
    "  wrkbook html --db results.db -o results.html\n"
    "  wrkbook html --db new.db --old old.db -o changes.html\n"
    "  wrkbook html --db results.db --where benchmark=hello --no-charts -o hello.html\n"
    "\n"
    "While a suite runs, in another terminal: the page follows it; read-only, on this host alone\n"
    "unless another address is given. It takes at most a tenth of one core while somebody looks.\n"
    "  wrkbook html --db results.db --serve 127.0.0.1:8000";

static bool write_page(WbStory *story, const char *path, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(WbPaper) paper = NULL;

    if (!path) {
        g_set_error(error, WB_OUTPUT_ERROR, WB_OUTPUT_ERROR_OPTION,
                    "html writes a file: name it by -o FILE.html (- for standard output), or is "
                    "served: --serve 127.0.0.1:8000");
        return false;
    }
    if (!wb_story_load(story, error))
        return false;
    paper = wb_story_tell(story, error);
    if (!paper)
        return false;
    wb_page_append(paper, false, out);
    return wb_output_write(path, out, error);
}

int wb_report_cmd_html(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- a web page of one file");
    g_autofree char *path = NULL;
    g_autofree char *address = NULL;
    g_auto(WbStory) story;
    int signal_number = 0;
    const GOptionEntry entries[] = {{"output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
                                     "The page, whole or not at all; - for standard output",
                                     "FILE"},
                                    {"serve", 0, 0, G_OPTION_ARG_FILENAME, &address,
                                     "Serve it over HTTP and follow the database", "ADDRESS:PORT"},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_story_init(&story);
    g_option_context_set_description(context, help);
    wb_story_add_options(&story, context);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error))
        return 2;
    if (address && path) {
        g_set_error(error, WB_OUTPUT_ERROR, WB_OUTPUT_ERROR_OPTION,
                    "either -o or --serve, not both");
        return 2;
    }
    if (address)
        return wb_serve(address, &story, &signal_number, error) ? 128 + signal_number : 2;
    return write_page(&story, path, error) ? 0 : 2;
}
