/*
 * The reader of oha's database on arbitrary bytes: a file is either refused with a sentence, or
 * gives runs as log_checks.h says, of which no row is more than the file has room for.
 */
#include "tests/fuzz/log_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool on_db_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    const Text one_line = {1};

    must(run->requests >= 1 && run->requests <= (int64_t)(*(size_t *)user_data / 16));
    return on_run((void *)&one_line, run, labels, error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const WbSink sink = {on_db_run, NULL, NULL, &size};
    g_autoptr(GError) error = NULL;

    (void)wb_parser_for_binary((const char *)data, size);
    if (!wb_parser_oha_db.parse((const char *)data, size, &sink, &error))
        must(error && error->domain == WB_PARSER_ERROR &&
             g_utf8_validate(error->message, -1, NULL));
    return 0;
}
