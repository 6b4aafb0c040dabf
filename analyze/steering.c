/* Steering: see steering.h. */
#include "analyze/steering.h"

bool wb_steers(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Below 0x20 there is only the document's own layout: in strings they are escaped already. */
void wb_json_append(GString *out, const char *printed)
{
    while (*printed) {
        gunichar c = g_utf8_get_char_validated(printed, -1);

        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append(out, "\\ufffd");
            printed++;
            continue;
        }
        if (c >= 0x7f && wb_steers(c))
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_unichar(out, c);
        printed = g_utf8_next_char(printed);
    }
    g_string_append_c(out, '\n');
}
