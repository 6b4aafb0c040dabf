/*
 * Letters: the compact letter display. Things that are not told apart share a letter: one letter
 * for each largest set of things of which no two are told apart. Pure.
 */
#ifndef WB_ANALYZE_LETTERS_H
#define WB_ANALYZE_LETTERS_H

#include <stdbool.h>
#include <stddef.h>

#define WB_LETTERS_MOST 52 /* a to z, A to Z */

/**
 * wb_letters: the letters of each thing.
 *
 * @param different  [n * n] whether thing i is told apart from thing j; symmetric
 * @param n          things, the best first; sets that hold better things get earlier letters
 * @return           n texts and NULL (g_strfreev); NULL: there are more than WB_LETTERS_MOST sets
 * Source: Piepho 2004 (insert and absorb), thing by thing.
 */
char **wb_letters(const bool *different, size_t n);

#endif
