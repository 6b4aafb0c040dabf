/*
 * Near word: optimal string alignment distance (Levenshtein with swaps of neighbours), case not
 * counted. Words here are short; a longer one than MAX_LEN is near to nothing.
 */
#include "runner/near_word.h"

#include <stdbool.h>
#include <string.h>

enum { MAX_LEN = 40, MAX_LISTED = 20 };

static bool same_letter(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b);
}

/* Rows of the usual table; `two_up` is what a swap looks back at. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][MAX_LEN + 1];
    size_t *two_up = rows[0];
    size_t *up = rows[1];
    size_t *row = rows[2];

    for (size_t j = 0; j <= b_len; j++)
        up[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *unused = two_up;

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = up[j - 1] + !same_letter(a[i - 1], b[j - 1]);

            row[j] = MIN(MIN(up[j], row[j - 1]) + 1, change);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1]))
                row[j] = MIN(row[j], two_up[j - 2] + 1);
        }
        two_up = up;
        up = row;
        row = unused;
    }
    return up[b_len];
}

const char *wb_near_word(const char *word, const GPtrArray *known)
{
    size_t len = strlen(word);
    size_t best = MAX(len / 3, 1) + 1;
    const char *nearest = NULL;

    if (len == 0 || len > MAX_LEN)
        return NULL;
    for (guint i = 0; i < known->len; i++) {
        const char *other = known->pdata[i];
        size_t other_len = strlen(other);
        size_t apart;

        if (other_len > MAX_LEN)
            continue;
        apart = distance(word, len, other, other_len);
        if (len >= 3 && g_ascii_strncasecmp(word, other, len) == 0)
            apart = MIN(apart, 1);
        if (apart < best && apart < len) {
            best = apart;
            nearest = other;
        }
    }
    return nearest;
}

char *wb_near_word_hint(const char *word, const GPtrArray *known)
{
    const char *nearest = wb_near_word(word, known);
    GString *hint;

    if (nearest)
        return g_strdup_printf("did you mean '%s'?", nearest);
    if (known->len == 0)
        return g_strdup("none is known here");
    hint = g_string_new("known here: ");
    for (guint i = 0; i < MIN(known->len, MAX_LISTED); i++)
        g_string_append_printf(hint, "%s%.80s", i ? ", " : "", (const char *)known->pdata[i]);
    if (known->len > MAX_LISTED)
        g_string_append(hint, ", ...");
    return g_string_free(hint, FALSE);
}
