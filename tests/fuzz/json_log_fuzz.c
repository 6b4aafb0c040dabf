/* The reader of JSON reports on arbitrary bytes. What must hold: log_checks.h. */
#include "tests/fuzz/log_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_parse(&wb_parser_json, (const char *)data, size);
    return 0;
}
