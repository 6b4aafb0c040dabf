/* Cleaned text: see clean.h. */
#include "report/clean.h"

#include <string.h>

#include "analyze/steering.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ELLIPSIS    "\xe2\x80\xa6" /* U+2026 */

static size_t width_of(gunichar c)
{
    if (c >= ' ' && c < 0x7f)
        return 1;
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

size_t wb_clean_width(const char *text)
{
    size_t width = 0;

    for (; *text; text = g_utf8_next_char(text))
        width += width_of(g_utf8_get_char(text));
    return width;
}

/* Cuts at whole characters, so that the ellipsis is the last column. */
static void cut(GString *text)
{
    size_t width = 0;
    const char *at = text->str;
    size_t fits = 0; /* bytes that leave a column for the ellipsis */

    for (; *at; at = g_utf8_next_char(at)) {
        width += width_of(g_utf8_get_char(at));
        if (width <= WB_CLEAN_COLUMNS - 1)
            fits = (size_t)(g_utf8_next_char(at) - text->str);
    }
    if (width <= WB_CLEAN_COLUMNS)
        return;
    g_string_truncate(text, fits);
    g_string_append(text, ELLIPSIS);
}

char *wb_clean_whole(const char *text)
{
    GString *out = g_string_new(NULL);

    while (text && *text) {
        gunichar c = g_utf8_get_char_validated(text, -1);

        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append(out, REPLACEMENT);
            text++;
            continue;
        }
        if (c == 0xfffe || c == 0xffff) /* XML forbids them, however written */
            c = 0xfffd;
        if (c == '\t' || c == '\n' || c == '\r')
            g_string_append_c(out, ' ');
        else if (!wb_steers(c))
            g_string_append_unichar(out, c);
        text = g_utf8_next_char(text);
    }
    return g_string_free(out, FALSE);
}

char *wb_clean(const char *text)
{
    g_autofree char *whole = wb_clean_whole(text);
    GString *out = g_string_new(whole);

    cut(out);
    return g_string_free(out, FALSE);
}

void wb_clean_pad(GString *out, const char *text, size_t width, size_t left)
{
    size_t own = wb_clean_width(text);
    size_t blanks = width > own ? width - own : 0;

    left = MIN(left, blanks);
    g_string_append_printf(out, "%*s%s%*s", (int)left, "", text, (int)(blanks - left), "");
}

void wb_clean_repeat(GString *out, char c, size_t n)
{
    size_t at = out->len;

    g_string_set_size(out, at + n);
    memset(out->str + at, c, n);
}
