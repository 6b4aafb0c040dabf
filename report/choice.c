/* Choice: see choice.h. */
#include "report/choice.h"

#include <string.h>

G_DEFINE_QUARK(wb - choice - error - quark, wb_choice_error)

const void *wb_choice_at(WbChoices choices, size_t i)
{
    return (const char *)choices.items + i * choices.size;
}

/* "text, md or json" */
static char *names_of(WbChoices choices)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (size_t i = 0; i < choices.n; i++) {
        const WbChoice *choice = wb_choice_at(choices, i);

        g_string_append_printf(names, "%s%s",
                               i == 0              ? ""
                               : i + 1 < choices.n ? ", "
                                                   : " or ",
                               choice->name);
    }
    return g_strdup(names->str);
}

const void *wb_choice_named(WbChoices choices, const char *asked, const char *name, GError **error)
{
    g_autofree char *names = NULL;

    for (size_t i = 0; i < choices.n; i++)
        if (!g_strcmp0(((const WbChoice *)wb_choice_at(choices, i))->name, name))
            return wb_choice_at(choices, i);
    names = names_of(choices);
    g_set_error(error, WB_CHOICE_ERROR, WB_CHOICE_ERROR_NAME, "%s takes %s%s%s%s", asked, names,
                name ? ", not '" : "", name ? name : "", name ? "'" : "");
    return NULL;
}

const void *wb_choice_find(WbChoices choices, const char *asked, const char *name, const char *path,
                           GError **error)
{
    if (name)
        return wb_choice_named(choices, asked, name, error);
    for (size_t i = 0; path && i < choices.n; i++) {
        const WbChoice *choice = wb_choice_at(choices, i);

        if (choice->suffix && g_str_has_suffix(path, choice->suffix))
            return choice;
    }
    return choices.items;
}

void wb_choices_append_help(WbChoices choices, GString *out)
{
    for (size_t i = 0; i < choices.n; i++) {
        const WbChoice *choice = wb_choice_at(choices, i);

        g_string_append_printf(out, "  %-14s %s\n", choice->name, choice->summary);
    }
}
