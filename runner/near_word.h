/*
 * Near word: what somebody who typed an unknown word may have meant.
 */
#ifndef WB_RUNNER_NEAR_WORD_H
#define WB_RUNNER_NEAR_WORD_H

#include <glib.h>

/**
 * wb_near_word: the known word that is nearest to `word`, if one is near enough for a slip: a third
 * of its letters (at least one, never all) left out, added, changed or swapped, or `word` is its
 * beginning.
 *
 * @param known  of const char * (borrowed)
 * @return       borrowed from `known`; the first of equally near ones; NULL: none is near
 */
const char *wb_near_word(const char *word, const GPtrArray *known);

/** wb_near_word_hint: "did you mean 'duration'?", or else "known here: a, b, c" (caller frees). */
char *wb_near_word_hint(const char *word, const GPtrArray *known);

#endif
