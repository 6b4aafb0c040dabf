/*
 * `wrkbook analyze calc`: the figures of one sample file, as JSON.
 */
#include <stdio.h>

#include "analyze/calc.h"
#include "analyze/commands.h"

static char *describe(void)
{
    GString *text = g_string_new("KIND says what the file holds, in CSV with a header row (its "
                                 "columns in brackets):\n");
    size_t n;
    const WbCalcKind *const *kinds = wb_calc_kinds(&n);

    for (size_t i = 0; i < n; i++) {
        g_autofree char *set = g_strjoinv(", ", (char **)(void *)kinds[i]->set);

        g_string_append_printf(text, "  %-8s %s%s%s\n", kinds[i]->name, kinds[i]->what,
                               *set ? "; --set " : "", set);
    }
    g_string_append(text, "\nExamples:\n"
                          "  wrkbook analyze calc sample runs.csv\n"
                          "  wrkbook analyze calc compare both.csv --set delta=0.05\n"
                          "  printf 'value\\n470\\n474\\n466\\n' | wrkbook analyze calc sample -");
    return g_string_free(text, FALSE);
}

int wb_analyze_cmd_calc(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context =
        g_option_context_new("KIND FILE.csv - the figures of one sample file");
    g_autofree char *description = describe();
    g_auto(GStrv) set = NULL;
    g_autofree char *text = NULL;
    const GOptionEntry entries[] = {{"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &set,
                                     "A setting of the kind (repeatable)", "NAME=VALUE"},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_set_description(context, description);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return 2;
    if (argc != 3) {
        g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_USE,
                    "calc takes a kind and one file; see --help");
        return 2;
    }
    text = wb_calc(argv[1], argv[2], set, error);
    if (!text)
        return 2;
    fputs(text, stdout);
    return 0;
}
