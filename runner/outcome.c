/*
 * Outcome: the list of formats.
 */
#include "runner/outcome.h"

#include <string.h>

static const WbOutcomeFormat *const formats[] = {&wb_outcome_text, &wb_outcome_wrk,
                                                 &wb_outcome_json};

const WbOutcomeFormat *wb_outcome_format_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

char *wb_outcome_format_names(void)
{
    GString *names = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        g_string_append_printf(names, "%s%s", i ? ", " : "", formats[i]->name);
    return g_string_free(names, FALSE);
}
