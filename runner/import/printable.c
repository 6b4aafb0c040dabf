#include "runner/import/printable.h"

#include <glib.h>
#include <stdbool.h>

/* C0, DEL, C1, and the marks that change the direction in which the rest of a line is shown. */
static bool is_control(gunichar c)
{
    return g_unichar_iscntrl(c) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *wb_printable(const char *text, size_t max_chars)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    size_t n = 0;

    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (n++ == max_chars) {
            g_string_append(out, "...");
            break;
        }
        g_string_append_unichar(out, c == '\t' ? ' ' : is_control(c) ? '?' : c);
    }
    return g_string_free(out, FALSE);
}
