/* Lines: see pdf_lines.h. One pass: each character is measured once for each line that it is tried
 * on, which is twice at most. */
#include "report/pdf_lines.h"

#include <stdbool.h>
#include <string.h>

/* Rounding of sums of widths must not push the last letter of a word onto a line of its own. */
#define SLACK 1e-6

static bool is_break_after(gunichar c)
{
    return c < 0x80 && strchr("/-,.=&?:;_", (int)c) != NULL;
}

/* Whether a line may begin with c, which follows `before`, other than after a blank. */
static bool is_between_wide(gunichar before, gunichar c)
{
    return (g_unichar_iswide(before) || g_unichar_iswide(c)) && !g_unichar_iszerowidth(c) &&
           !g_unichar_ispunct(c);
}

/* "8.7 %", "19.4k ± 0.8k" and "209 – 485" are one word each. */
static bool is_glue(const char *blank, gunichar before)
{
    gunichar after = g_utf8_get_char(blank + 1);

    return after == '%' || after == 0xb1 || after == 0x2013 || before == 0xb1 || before == 0x2013;
}

/* The places of one line at which it could end. */
typedef struct {
    const char *blank; /* the first blank of the last run of blanks, or between wide characters */
    const char *mark;  /* behind punctuation */
    const char *any;   /* before the last character that has a width */
} Ends;

static void note_end(Ends *ends, const char *start, const char *at, gunichar before, gunichar c)
{
    if (at == start || g_unichar_iszerowidth(c))
        return;
    if ((c == ' ' && before != ' ' && !is_glue(at, before)) ||
        (c != ' ' && is_between_wide(before, c)))
        ends->blank = at;
    if (is_break_after(before) && c != ' ')
        ends->mark = at;
    ends->any = at;
}

static const char *best_of(const Ends *ends)
{
    if (ends->blank)
        return ends->blank;
    return ends->mark ? ends->mark : ends->any;
}

/* Where the line from `start` on ends: at a line end, the text's end, or the best place to break.
 */
static const char *line_end(const char *start, double most, WbCharWidth width_of, void *data)
{
    Ends ends = {NULL, NULL, NULL};
    gunichar before = 0;
    double width = 0;

    for (const char *at = start; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (c == '\n')
            return at;
        note_end(&ends, start, at, before, c);
        width += width_of(c, data);
        if (width > most + SLACK && c != ' ' && best_of(&ends))
            return best_of(&ends);
        before = c;
    }
    return start + strlen(start);
}

GArray *wb_lines_break(const char *text, double most, WbCharWidth width_of, void *data)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(WbLine));
    const char *at = text;

    do {
        const char *end = line_end(at, most, width_of, data);
        WbLine line = {.start = (size_t)(at - text), .bytes = (size_t)(end - at)};

        while (line.bytes && text[line.start + line.bytes - 1] == ' ')
            line.bytes--;
        g_array_append_val(lines, line);
        at = end;
        if (*at == '\n')
            at++;
        else
            while (*at == ' ')
                at++;
    } while (*at);
    return lines;
}

const WbLine *wb_lines_at(const GArray *lines, size_t i)
{
    return &g_array_index(lines, WbLine, i);
}
