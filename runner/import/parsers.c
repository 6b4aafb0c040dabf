/*
 * The table of parsers. CSV is asked first, because it judges by the first line alone; the others
 * look for their tool's words anywhere.
 */
#include "runner/import/parser.h"

#include <string.h>

G_DEFINE_QUARK(wb_parser_error, wb_parser_error)

static const WbParser *const parsers[] = {
    &wb_parser_csv,
    &wb_parser_wrk,
};

const WbParser *const *wb_parsers(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(parsers);
    return parsers;
}

const WbParser *wb_parser_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parsers); i++)
        if (strcmp(parsers[i]->name, name) == 0)
            return parsers[i];
    return NULL;
}

const WbParser *wb_parser_for(const char *bytes, size_t len)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parsers); i++)
        if (parsers[i]->looks_like(bytes, len))
            return parsers[i];
    return NULL;
}
