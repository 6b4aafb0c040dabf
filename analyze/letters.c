/*
 * Letters. The sets are grown by one thing after the other: a set of which the thing is told apart
 * from nobody takes it in, every other set stays and offers what it shares with the thing as a new
 * one, unless a larger set holds that already. The sets of the first k things are never more than
 * those of all, so to stop at the first one too many is exact.
 */
#include "analyze/letters.h"

#include <glib.h>
#include <string.h>

#define WORD 64

typedef struct {
    size_t words; /* of a set: bit i of it is thing i */
    size_t n;
    guint64 *sets[2 * WB_LETTERS_MOST + 1]; /* the sets; while one thing is added, offers behind */
} Sets;

static bool is_within(const Sets *sets, const guint64 *inner, const guint64 *outer)
{
    for (size_t w = 0; w < sets->words; w++)
        if (inner[w] & ~outer[w])
            return false;
    return true;
}

static void put(guint64 *set, size_t thing)
{
    set[thing / WORD] |= G_GUINT64_CONSTANT(1) << (thing % WORD);
}

/* Which of the things before k are not told apart from it. */
static guint64 *ties_of(const Sets *sets, const bool *different, size_t n, size_t k)
{
    guint64 *ties = g_new0(guint64, sets->words);

    for (size_t i = 0; i < k; i++)
        if (!different[k * n + i])
            put(ties, i);
    return ties;
}

static void remove_set(Sets *sets, size_t at)
{
    g_free(sets->sets[at]);
    sets->sets[at] = sets->sets[--sets->n];
}

/* Takes out the sets from `from` on that lie within another one. */
static void absorb(Sets *sets, size_t from)
{
    for (size_t i = sets->n; i-- > from;)
        for (size_t j = 0; j < sets->n; j++)
            if (i != j && is_within(sets, sets->sets[i], sets->sets[j])) {
                remove_set(sets, i);
                break;
            }
}

static void add_thing(Sets *sets, const bool *different, size_t n, size_t k)
{
    g_autofree guint64 *ties = ties_of(sets, different, n, k);
    size_t before = sets->n;

    for (size_t s = 0; s < before; s++) {
        guint64 *offer;

        if (is_within(sets, sets->sets[s], ties)) {
            put(sets->sets[s], k);
            continue;
        }
        offer = g_new(guint64, sets->words);
        for (size_t w = 0; w < sets->words; w++)
            offer[w] = sets->sets[s][w] & ties[w];
        put(offer, k);
        sets->sets[sets->n++] = offer;
    }
    if (before == 0) {
        sets->sets[sets->n] = g_new0(guint64, sets->words);
        put(sets->sets[sets->n++], k);
    }
    absorb(sets, before);
}

/* The first thing that only one of two sets holds decides. */
static int compare_sets(const void *a, const void *b, void *data)
{
    const guint64 *x = *(guint64 *const *)a, *y = *(guint64 *const *)b;
    const Sets *sets = data;

    for (size_t w = 0; w < sets->words; w++) {
        guint64 apart = x[w] ^ y[w];

        if (apart)
            return x[w] & (apart & -apart) ? -1 : 1;
    }
    return 0;
}

static char **name_all(const Sets *sets, size_t n)
{
    const char *const names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char **out = g_new0(char *, n + 1);

    for (size_t i = 0; i < n; i++) {
        GString *text = g_string_new(NULL);

        for (size_t s = 0; s < sets->n; s++)
            if (sets->sets[s][i / WORD] >> (i % WORD) & 1)
                g_string_append_c(text, names[s]);
        out[i] = g_string_free(text, FALSE);
    }
    return out;
}

char **wb_letters(const bool *different, size_t n)
{
    Sets sets = {.words = (n + WORD - 1) / WORD};
    char **out = NULL;

    for (size_t k = 0; k < n && sets.n <= WB_LETTERS_MOST; k++)
        add_thing(&sets, different, n, k);
    if (sets.n <= WB_LETTERS_MOST) {
        g_qsort_with_data(sets.sets, (int)sets.n, sizeof *sets.sets, compare_sets, &sets);
        out = name_all(&sets, n);
    }
    for (size_t s = 0; s < sets.n; s++)
        g_free(sets.sets[s]);
    return out;
}
