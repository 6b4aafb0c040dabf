/* TSV: see tsv.h. */
#include "analyze/tsv.h"

void wb_tsv_append(GString *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
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
            g_string_append_c(out, *text);
        }
    }
}
