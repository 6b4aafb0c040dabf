#include "runner/import/go_errors.h"

#define MOST INT64_C(1000000000000000000)

static bool has(const char *text, const char *end, const char *words)
{
    return g_strstr_len(text, end - text, words) != NULL;
}

void wb_go_error(WbRun *run, const char *text, const char *end, int64_t count)
{
    int64_t *out = &run->errors_read;

    if (has(text, end, "dial") || has(text, end, "refused"))
        out = &run->errors_connect;
    else if (has(text, end, "timeout") || has(text, end, "timed out"))
        out = &run->errors_timeout;
    *out = MIN(MAX(0, *out) + MIN(count, MOST), MOST);
}
