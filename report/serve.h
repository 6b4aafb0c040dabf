/*
 * Serve: the web page of a story over HTTP, made anew when its database has changed, so that a long
 * campaign can be watched. Reads only; costs a stat twice a second while nobody looks.
 */
#ifndef WB_REPORT_SERVE_H
#define WB_REPORT_SERVE_H

#include <glib.h>
#include <stdbool.h>

#include "report/story.h"

#define WB_SERVE_ERROR (wb_serve_error_quark())
GQuark wb_serve_error_quark(void);
typedef enum {
    WB_SERVE_ERROR_ADDRESS, /* not ADDRESS:PORT */
    WB_SERVE_ERROR_LISTEN,  /* the address is taken, or not ours */
} WbServeError;

/**
 * wb_serve: serves until SIGINT or SIGTERM.
 *
 * A page is made at most once for each change, and never takes more than a tenth of the time, since
 * it may share the host with what is measured. Requests for another host's name are refused, so
 * that no page of another site can read it by a name of its own.
 *
 * @param address  "127.0.0.1:8000", "[::1]:8000", or "8000": the loopback address; port 0: a free
 *                 one, told on stderr
 * @param options  of the story; borrowed, not loaded: each page loads one of its own
 * @param out_signal  the signal that ended it
 */
bool wb_serve(const char *address, const WbStory *options, int *out_signal, GError **error);

#endif
