#include "runner/import/oha_errors.h"

static bool has(const char *text, const char *end, const char *words)
{
    return g_strstr_len(text, end - text, words) != NULL;
}

void wb_oha_error(WbRun *run, const char *text, const char *end, int64_t count)
{
    int64_t *out = &run->errors_read;

    if (has(text, end, "aborted due to deadline"))
        out = &run->in_flight;
    else if (has(text, end, "timeout") || has(text, end, "timed out"))
        out = &run->errors_timeout;
    else if (has(text, end, "onnect"))
        out = &run->errors_connect;
    *out = MIN(MAX(0, *out) + count, INT64_C(1000000000000000000));
}
