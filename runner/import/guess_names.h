/*
 * What a part of many paths may mean, told from the values that it has there.
 */
#ifndef WB_RUNNER_IMPORT_GUESS_NAMES_H
#define WB_RUNNER_IMPORT_GUESS_NAMES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/** wb_guess_date: where the first date in the value begins, or NULL: 2018-06-05, 20180605, years
 * from 1900 to 2099, no digit beside it. *out_len: its length. */
const char *wb_guess_date(const char *value, size_t *out_len);

/** wb_guess_is_duration: "10s", "500ms", "2m". */
bool wb_guess_is_duration(const char *value);

/**
 * wb_guess_name_by_word: what a number is by the word that stands before or behind it: "c" or
 * "conns" are connections, "run" is run_no.
 *
 * @return  name of a field or label (static); NULL: the word is not known
 */
const char *wb_guess_name_by_word(const char *word);

/**
 * wb_guess_name_by_values: "server", "framework" or "benchmark" where at least half of the values
 * are known as such.
 *
 * @param values  of const char *, not empty
 * @return        static; NULL: none of them
 */
const char *wb_guess_name_by_values(const GPtrArray *values);

#endif
