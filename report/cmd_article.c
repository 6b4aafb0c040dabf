/* `wrkbook article`: a folder that a writer can publish and a reader can check. */
#include "report/article_folder.h"
#include "report/commands.h"
#include "report/story.h"

static const char help[] =
    "Writes a folder: article.md with the result in a sentence, tables, order with ties, spread,\n"
    "errors and their causes, what cannot be concluded, method and test environment with the "
    "exact\n"
    "commands; its tables as CSV and LaTeX; data.db with every run that it rests on; and a README\n"
    "with the command that makes the folder again, byte for byte.\n"
    "\n"
    "Examples:\n"
    "  wrkbook article --db results.db -o article\n"
    "  wrkbook article --db results.db --where benchmark=hello --title 'Six servers' -o hello\n"
    "  wrkbook article --db new.db --old old.db -o second-edition";

static bool write_article(WbStory *story, const char *dir, GError **error)
{
    g_autoptr(WbPaper) paper = NULL;

    if (!dir) {
        g_set_error(error, WB_ARTICLE_ERROR, WB_ARTICLE_ERROR_FOLDER,
                    "article writes a folder: name it by -o DIR");
        return false;
    }
    if (!wb_article_check_folder(dir, error) || !wb_story_load(story, error))
        return false;
    story->charts_may_lack = true;
    story->with_png = true;
    paper = wb_story_tell(story, error);
    return paper && wb_article_write(story, paper, dir, error);
}

int wb_report_cmd_article(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- a folder to publish");
    g_autofree char *dir = NULL;
    g_auto(WbStory) story;
    const GOptionEntry entries[] = {{"output", 'o', 0, G_OPTION_ARG_FILENAME, &dir,
                                     "The folder to make, whole or not at all", "DIR"},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_story_init(&story);
    g_option_context_set_description(context, help);
    wb_story_add_options(&story, context);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) || !write_article(&story, dir, error))
        return 2;
    return 0;
}
