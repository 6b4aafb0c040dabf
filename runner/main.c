/*
 * wrkbook-runner: the program that measures and that writes databases. It hands the verb to its
 * function and is the only place that prints an error and exits.
 */
#include <glib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "runner/commands.h"

static const struct {
    const char *verb;
    int (*function)(int argc, char **argv, GError **error);
    const char *summary;
} commands[] = {
    {"run", wb_cmd_run, "load one URL and store every run"},
    {"suite", wb_cmd_suite, "start servers, load them in turn, store every run"},
    {"doctor", wb_cmd_doctor, "say what on this host would spoil a measurement"},
    {"import", wb_cmd_import, "read past logs and CSV tables into a database"},
    {"logs", wb_cmd_logs, "list imported logs, print one back byte for byte"},
};

static void print_help(void)
{
    puts("Usage: wrkbook-runner VERB [OPTION...]\n\nVerbs:");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        printf("  %-10s %s\n", commands[i].verb, commands[i].summary);
    puts("\n`wrkbook-runner VERB --help` shows the options and examples of a verb.");
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    /* A file at its limit (ulimit -f) is an error to be told, as a full disk is. */
    signal(SIGXFSZ, SIG_IGN);
    if (argc >= 2 && !strcmp(argv[1], "--version")) {
        puts("wrkbook " WB_VERSION);
        return 0;
    }
    if (argc >= 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        print_help();
        return 0;
    }
    if (argc < 2) {
        fputs("wrkbook-runner: no verb given; see --help\n", stderr);
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
            fprintf(stderr, "wrkbook-runner: %s\n", error->message);
        if (fflush(stdout) != 0 || ferror(stdout)) {
            fputs("wrkbook-runner: cannot write to standard output\n", stderr);
            return 2;
        }
        return status;
    }
    fprintf(stderr, "wrkbook-runner: no verb '%s'; see --help\n", argv[1]);
    return 2;
}
