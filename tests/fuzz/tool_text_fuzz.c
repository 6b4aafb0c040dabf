/*
 * The readers of tool text (tool_text.h), of hey's CSV and of Go benchmarks on arbitrary bytes:
 * each of them, and the one for several tools in a text. What must hold: log_checks.h.
 */
#include "tests/fuzz/log_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const WbParser *const parsers[] = {
        &wb_parser_ab,         &wb_parser_hey,   &wb_parser_h2load,  &wb_parser_siege,
        &wb_parser_vegeta,     &wb_parser_oha,   &wb_parser_k6,      &wb_parser_bombardier,
        &wb_parser_autocannon, &wb_parser_rewrk, &wb_parser_hey_csv, &wb_parser_go_bench,
        &wb_parser_hgrm,       &wb_parser_hlog,  &wb_parser_hlog_us, &wb_parser_plow,
    };
    const char *bytes = (const char *)data;
    const WbParser *chosen = wb_parser_for(bytes, size);

    for (size_t i = 0; i < G_N_ELEMENTS(parsers); i++)
        check_parse(parsers[i], bytes, size);
    if (chosen && chosen->is_log && !chosen->is_binary)
        check_parse(chosen, bytes, size);
    return 0;
}
