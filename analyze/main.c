/*
 * wrkbook-analyze: the program that computes: numbers only, for machines. It hands the verb to its
 * function and is the only place that prints an error and exits.
 */
#include <glib.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "analyze/commands.h"

static const struct {
    const char *verb;
    int (*function)(int argc, char **argv, GError **error);
    const char *summary;
} commands[] = {
    {"summary", wb_analyze_cmd_summary, "every figure of every case, as JSON or TSV"},
    {"rank", wb_analyze_cmd_rank, "cases in order, and which are neck and neck"},
    {"effects", wb_analyze_cmd_effects, "which label mattered, and by how much"},
    {"advise", wb_analyze_cmd_advise, "how many more runs, of which cases, at what cost"},
    {"compare", wb_analyze_cmd_compare, "two databases, case by case, as JSON or TSV"},
    {"calc", wb_analyze_cmd_calc, "the figures of one sample file, as JSON"},
};

static void print_help(void)
{
    puts("Usage: wrkbook-analyze VERB [OPTION...]\n\nVerbs:");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        printf("  %-10s %s\n", commands[i].verb, commands[i].summary);
    puts("\n`wrkbook-analyze VERB --help` shows the options and examples of a verb.");
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
        fputs("wrkbook-analyze: no verb given; see --help\n", stderr);
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
            fprintf(stderr, "wrkbook-analyze: %s\n", error->message);
        if (fflush(stdout) != 0 || ferror(stdout)) {
            fputs("wrkbook-analyze: cannot write to standard output\n", stderr);
            return 2;
        }
        return status;
    }
    fprintf(stderr, "wrkbook-analyze: no verb '%s'; see --help\n", argv[1]);
    return 2;
}
