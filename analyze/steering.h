/*
 * Steering: characters that a terminal acts on (escapes, controls) or that change the order in
 * which others are shown. Text for people loses them (report/clean.h); what a machine reads keeps
 * them, as escapes of its format, so that it may be looked at on a terminal as well.
 */
#ifndef WB_ANALYZE_STEERING_H
#define WB_ANALYZE_STEERING_H

#include <glib.h>
#include <stdbool.h>

/** wb_steers: C0 and C1 controls, DEL, line and paragraph separators, bidirectional controls. */
bool wb_steers(gunichar c);

/** wb_json_append: a printed JSON document and a line end, with \uXXXX for what steers; bytes that
 * are no UTF-8 as \ufffd. */
void wb_json_append(GString *out, const char *printed);

#endif
