/* Go benchmark names: see go_bench.h. */
#include "report/go_bench.h"

#include <string.h>

#include "report/clean.h"

/* A name holds no blank, `/` and `=` part it, and `-8` at its end would be GOMAXPROCS. */
static void append_part(GString *out, const char *text)
{
    g_autofree char *clean = wb_clean(text);
    const char *end = clean + strlen(clean);

    while (end > clean && g_ascii_isdigit(end[-1]))
        end--;
    for (const char *at = clean; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool last_dash = *at == '-' && at + 1 == end && *end;

        if (c <= 0x20 || strchr("/=%\"", (int)(c < 0x80 ? c : 'x')) || last_dash)
            g_string_append_printf(out, "%%%02X", (unsigned)c);
        else if (g_unichar_isspace(c))
            g_string_append_c(out, '_');
        else
            g_string_append_unichar(out, c);
    }
}

char *wb_go_bench_name(const WbLabels *labels, const GPtrArray *keys)
{
    GString *name = g_string_new("BenchmarkHTTP");

    for (guint k = 0; k < keys->len; k++) {
        const char *key = g_ptr_array_index(keys, k);
        const char *value = wb_labels_get(labels, key);

        g_string_append_printf(name, "/%s=", key);
        append_part(name, value ? value : "");
    }
    return g_string_free(name, FALSE);
}
