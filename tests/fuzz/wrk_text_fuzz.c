/*
 * The wrk parser on arbitrary bytes. What must hold whatever the text is: no access outside of it
 * (AddressSanitizer sees to that), what log_checks.h says of records, and that it never refuses a
 * text as a whole.
 */
#include "tests/fuzz/log_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_parse(&wb_parser_wrk, (const char *)data, size);
    return 0;
}
