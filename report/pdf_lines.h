/*
 * Lines: where a text is broken so that each line fits a width. Greedy: as much as fits goes onto a
 * line, the right margin is ragged.
 */
#ifndef WB_REPORT_PDF_LINES_H
#define WB_REPORT_PDF_LINES_H

#include <glib.h>
#include <stddef.h>

/* One line: bytes of the text, without the blanks at which it was broken. */
typedef struct {
    size_t start, bytes;
} WbLine;

/** The width of one character, in the unit of `most` below. */
typedef double (*WbCharWidth)(gunichar c, void *data);

/**
 * wb_lines_break: the lines of a text.
 *
 * A line ends at a line end, or at the last blank that fits (but not inside a figure with its sign
 * or unit: "8.7 %", "19.4k ± 0.8k"), or before or after a wide character (CJK has no blanks); a
 * word longer than a line is broken behind the last of / - , . = & ? : ; _ that fits, or anywhere,
 * but never before what has no width of its own (an accent). A line holds at least one character,
 * however narrow it is.
 *
 * @param text  valid UTF-8 (borrowed)
 * @param most  the width that a line may have
 * @return      of WbLine, at least one; caller's
 */
GArray *wb_lines_break(const char *text, double most, WbCharWidth width_of, void *data);

/** wb_lines_at: line i (borrowed). */
const WbLine *wb_lines_at(const GArray *lines, size_t i);

#endif
