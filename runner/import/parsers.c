/*
 * The table of parsers. Those of CSV are asked first, because they judge by the first line alone,
 * and those of one program's CSV before any other; the rest look for their tool's words anywhere. A
 * text with the words of several tools is read by each of them: every one takes its own blocks and
 * leaves the rest.
 */
#include "runner/import/parser.h"

#include <string.h>

G_DEFINE_QUARK(wb_parser_error, wb_parser_error)

static const WbParser *const parsers[] = {
    &wb_parser_hey_csv,    &wb_parser_hgrm,   &wb_parser_csv,     &wb_parser_wrk,
    &wb_parser_ab,         &wb_parser_hey,    &wb_parser_h2load,  &wb_parser_siege,
    &wb_parser_vegeta,     &wb_parser_oha,    &wb_parser_k6,      &wb_parser_bombardier,
    &wb_parser_autocannon, &wb_parser_rewrk,  &wb_parser_plow,    &wb_parser_hlog,
    &wb_parser_go_bench,   &wb_parser_json,   &wb_parser_oha_db,  &wb_parser_hgrm_ns,
    &wb_parser_hgrm_us,    &wb_parser_hgrm_s, &wb_parser_hlog_ns, &wb_parser_hlog_us,
    &wb_parser_hlog_ms,
};

bool wb_parser_never(const char *bytes, size_t len)
{
    (void)bytes;
    (void)len;
    return false;
}

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

const WbParser *wb_parser_for_binary(const char *bytes, size_t len)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parsers); i++)
        if (parsers[i]->is_binary && parsers[i]->looks_like(bytes, len))
            return parsers[i];
    return NULL;
}

/* Whether the text holds output of this tool, among that of others. */
static bool is_in(const WbParser *parser, const char *bytes, size_t len)
{
    return parser->is_log && !parser->is_binary && parser->looks_like(bytes, len);
}

static bool parse_several(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parsers); i++)
        if (is_in(parsers[i], bytes, len) && !parsers[i]->parse(bytes, len, sink, error))
            return false;
    return true;
}

static bool looks_like_several(const char *bytes, size_t len)
{
    int found = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(parsers); i++)
        found += is_in(parsers[i], bytes, len);
    return found > 1;
}

/* Not in the table: nobody asks for it by name. */
static const WbParser several = {.name = "several",
                                 .what = "several tools in one text",
                                 .is_log = true,
                                 .looks_like = looks_like_several,
                                 .parse = parse_several};

const WbParser *wb_parser_for(const char *bytes, size_t len)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parsers); i++)
        if (parsers[i]->looks_like(bytes, len))
            return parsers[i]->is_log && several.looks_like(bytes, len) ? &several : parsers[i];
    return NULL;
}
