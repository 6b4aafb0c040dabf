/*
 * Cleaned text: all foreign text (labels, titles, tool names, error words: everything not made by
 * us) passes wb_clean before any writer sees it; each writer then escapes for its own format, at
 * output, once. Here too: how wide text is on a terminal.
 */
#ifndef WB_REPORT_CLEAN_H
#define WB_REPORT_CLEAN_H

#include <glib.h>
#include <stddef.h>

#define WB_CLEAN_COLUMNS 200 /* longer text is cut, with an ellipsis as its last column */

/**
 * wb_clean: text that harms no writer and no reader.
 *
 * Valid UTF-8 (else U+FFFD, as for U+FFFE and U+FFFF, which XML forbids), no C0 and C1 controls
 * (tab and line ends become a blank), no line or paragraph separator, no bidirectional control, at
 * most WB_CLEAN_COLUMNS columns.
 *
 * @param text  bytes up to NUL; NULL is ""
 * @return      caller frees
 */
char *wb_clean(const char *text);

/** wb_clean_whole: the same without the cut: for sentences, paragraphs and commands (caller frees).
 */
char *wb_clean_whole(const char *text);

/** wb_clean_width: columns of a text: zero-width characters 0, wide ones 2, by GLib's tables and
 * not by the locale. */
size_t wb_clean_width(const char *text);

/** wb_clean_pad: appends `text` with blanks up to `width` columns; `left` of them (at most all)
 * go before it. */
void wb_clean_pad(GString *out, const char *text, size_t width, size_t left);

/** wb_clean_repeat: appends `c` n times (blanks, rules). */
void wb_clean_repeat(GString *out, char c, size_t n);

#endif
