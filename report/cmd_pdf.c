/* `wrkbook pdf`: the story of a database as a document. */
#include <stdio.h>
#include <string.h>

#include "report/commands.h"
#include "report/fonts.h"
#include "report/output.h"
#include "report/pdf.h"
#include "report/story.h"

static const char help[] =
    "Writes a document to send, print and keep: the result in a sentence, tables, charts as "
    "vectors,\n"
    "order with ties, spread, errors and their causes, what cannot be concluded, and the method. "
    "Text\n"
    "is set from left to right, without shaping of scripts that need it. Charts are drawn by "
    "gnuplot.\n"
    "\n"
    "Examples:\n"
    "  wrkbook pdf --db results.db -o results.pdf\n"
    "  wrkbook pdf --db results.db --where benchmark=hello --title 'Six servers' -o hello.pdf\n"
    "  wrkbook pdf --db new.db --old old.db --paper letter -o changes.pdf";

typedef struct {
    char *output, *paper, *font;
} Options;

static void options_clear(Options *options)
{
    g_free(options->output);
    g_free(options->paper);
    g_free(options->font);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void add_options(Options *options, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         "The file to write, whole or not at all; - for standard output", "FILE"},
        {"paper", 0, 0, G_OPTION_ARG_FILENAME, &options->paper, "a4 (default) or letter", "SIZE"},
        {"font", 0, 0, G_OPTION_ARG_FILENAME, &options->font,
         "A family of fonts with TrueType outlines (default " WB_FONT_FAMILY ")", "FAMILY"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_add_main_entries(context, entries, NULL);
}

static bool check_options(const Options *options, WbPdfOptions *out_pdf, GError **error)
{
    out_pdf->family = options->font;
    out_pdf->letter = options->paper && !g_ascii_strcasecmp(options->paper, "letter");
    if (!options->output) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "pdf writes a file: name it by -o FILE.pdf");
        return false;
    }
    if (options->paper && !out_pdf->letter && g_ascii_strcasecmp(options->paper, "a4") != 0) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--paper takes a4 or letter, not '%s'", options->paper);
        return false;
    }
    return true;
}

/* What cannot be shown is said once, with the characters and the way out. */
static void warn_of_lacking(const char *lacking, const char *family)
{
    if (*lacking)
        fprintf(stderr,
                "wrkbook-report: font '%s' lacks %s: shown as U+FFFD; --font takes another\n",
                family ? family : WB_FONT_FAMILY, lacking);
}

static bool write_pdf(WbStory *story, const Options *options, GError **error)
{
    g_autoptr(WbPaper) paper = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *lacking = NULL;
    WbPdfOptions pdf = {0};

    if (!check_options(options, &pdf, error) || !wb_story_load(story, error))
        return false;
    paper = wb_story_tell(story, error);
    if (!paper || !wb_pdf_render(paper, &pdf, out, &lacking, error) ||
        !wb_output_write(options->output, out, error))
        return false;
    warn_of_lacking(lacking, pdf.family);
    return true;
}

int wb_report_cmd_pdf(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- a document to send and print");
    g_auto(Options) options = {0};
    g_auto(WbStory) story;

    wb_story_init(&story);
    g_option_context_set_description(context, help);
    wb_story_add_options(&story, context);
    add_options(&options, context);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) || !write_pdf(&story, &options, error))
        return 2;
    return 0;
}
