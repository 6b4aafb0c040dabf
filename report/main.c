/*
 * wrkbook-report: the program that makes numbers into text. It hands the verb to its
 * function and is the only place that prints an error and exits.
 */
#include <glib.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "report/commands.h"

static const struct {
    const char *verb;
    int (*function)(int argc, char **argv, GError **error);
    const char *summary;
} commands[] = {
    {"summary", wb_report_cmd_summary, "what the runs say, for people"},
    {"table", wb_report_cmd_table, "rows x columns of figures, in any format"},
    {"rank", wb_report_cmd_rank, "cases in order, and which are neck and neck"},
    {"compare", wb_report_cmd_compare, "what changed between two databases, and how sure"},
    {"chart", wb_report_cmd_chart, "one kind of chart, as SVG or PNG"},
    {"export", wb_report_cmd_export, "runs and cases in formats of other programs"},
    {"html", wb_report_cmd_html, "a web page of one file"},
    {"article", wb_report_cmd_article, "a folder to publish: text, tables, charts, data"},
    {"findings", wb_report_cmd_findings, "causes that the runs' own evidence names"},
    {"pdf", wb_report_cmd_pdf, "all of it as a document to send and print"},
};

static void print_help(void)
{
    puts("Usage: wrkbook-report VERB [OPTION...]\n\nVerbs:");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        printf("  %-10s %s\n", commands[i].verb, commands[i].summary);
    puts("\n`wrkbook-report VERB --help` shows the options and examples of a verb.");
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    if (argc >= 2 && !strcmp(argv[1], "--version")) {
        puts("wrkbook " WB_VERSION);
        return 0;
    }
    if (argc >= 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        print_help();
        return 0;
    }
    if (argc < 2) {
        fputs("wrkbook-report: no verb given; see --help\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *name = g_strconcat("wrkbook ", commands[i].verb, NULL);
        int status;

        if (strcmp(argv[1], commands[i].verb) != 0)
            continue;
        g_set_prgname(name); /* what --help shows as usage */
        status = commands[i].function(argc - 1, argv + 1, &error);
        if (error)
            fprintf(stderr, "wrkbook-report: %s\n", error->message);
        if ((fflush(stdout) != 0 || ferror(stdout)) && !error) {
            fputs("wrkbook-report: cannot write to standard output\n", stderr);
            return 2;
        }
        return status;
    }
    fprintf(stderr, "wrkbook-report: no verb '%s'; see --help\n", argv[1]);
    return 2;
}
