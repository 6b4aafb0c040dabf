/* TSV: see tsv.h. */
#include "analyze/tsv.h"

#include "analyze/steering.h"

void wb_tsv_append(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        switch (c) {
        case '\\':
            g_string_append(out, "\\\\");
            break;
        case '\t':
            g_string_append(out, "\\t");
            break;
        case '\n':
            g_string_append(out, "\\n");
            break;
        case '\r':
            g_string_append(out, "\\r");
            break;
        default:
            if (wb_steers(c))
                g_string_append_printf(out, "\\u%04x", c);
            else
                g_string_append_unichar(out, c);
        }
    }
}
