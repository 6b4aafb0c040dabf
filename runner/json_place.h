/*
 * JSON place: line and column of a value in a JSON text, for FILE:LINE:COLUMN. cJSON keeps no
 * places, but it keeps the order: the nth value that a walk over its tree meets (an object before
 * its members) is the nth value in the text. So a value's number is all that has to be kept, and
 * only who reports an error pays for a look at the text.
 */
#ifndef WB_RUNNER_JSON_PLACE_H
#define WB_RUNNER_JSON_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/* From 1; columns count characters (UTF-8), not bytes. */
typedef struct {
    int line;
    int column;
} WbJsonPlace;

/** wb_json_place_at: place of the byte `offset` of `text` (at most its length). */
WbJsonPlace wb_json_place_at(const char *text, size_t offset);

/**
 * wb_json_place_value: where the nth value begins.
 *
 * @param text  JSON that cJSON could read; may begin with a byte order mark
 * @param nth   from 0 (the outermost value), in order of appearance; keys are not counted
 * @return      false if the text has fewer values; *out is untouched then
 */
bool wb_json_place_value(const char *text, size_t nth, WbJsonPlace *out);

/** wb_json_place_key: where the key of the nth value begins; the value itself if it has none. */
bool wb_json_place_key(const char *text, size_t nth, WbJsonPlace *out);

/**
 * wb_json_place_syntax: the byte at which a text stops being JSON.
 *
 * @param end       where cJSON_ParseWithOpts gave up, which is sometimes a byte too far
 * @param out_what  what is wrong there, as far as it can be guessed, and the remedy (static)
 * @return          within `text`
 */
const char *wb_json_place_syntax(const char *text, const char *end, const char **out_what);

#endif
