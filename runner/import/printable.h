/*
 * Foreign text for a terminal: names of files and lines of logs may hold escape sequences that
 * move the cursor, or signs that turn the reading direction.
 */
#ifndef WB_RUNNER_IMPORT_PRINTABLE_H
#define WB_RUNNER_IMPORT_PRINTABLE_H

#include <stddef.h>

/**
 * wb_printable: the text as valid UTF-8 with '?' for every control character.
 *
 * @param text       NUL-terminated
 * @param max_chars  longer text is cut and ends in "..."
 * @return           caller frees
 */
char *wb_printable(const char *text, size_t max_chars);

#endif
