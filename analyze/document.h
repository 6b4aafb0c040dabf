/*
 * Document: a JSON text under construction, for the verbs that print one. Names and values go in
 * one after the other; numbers keep all their digits, and what does not exist becomes null.
 */
#ifndef WB_ANALYZE_DOCUMENT_H
#define WB_ANALYZE_DOCUMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/figures.h"

typedef struct WbDocument WbDocument;

/** wb_document_new: an object is open; wb_document_finish or _free ends it. */
WbDocument *wb_document_new(void);
void wb_document_free(WbDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbDocument, wb_document_free)

/** wb_document_begin: an object inside what is open.
 * @param name  of the member; NULL inside a list */
void wb_document_begin(WbDocument *document, const char *name);

/** wb_document_begin_list: a list inside what is open. */
void wb_document_begin_list(WbDocument *document, const char *name);

/** wb_document_end: closes what was begun last. */
void wb_document_end(WbDocument *document);

/* One value each; `name` is NULL inside a list. NaN, infinity, WB_NONE and NULL become null. */
void wb_document_add_real(WbDocument *document, const char *name, double value);
void wb_document_add_int(WbDocument *document, const char *name, int64_t value);
void wb_document_add_bool(WbDocument *document, const char *name, bool value);
void wb_document_add_text(WbDocument *document, const char *name, const char *text);
void wb_document_add_null(WbDocument *document, const char *name);

/** wb_document_add_figures: all figures of a struct.
 * @param suffix  added to the names of those that have the metric's unit: wb_figure_suffix, or ""
 */
void wb_document_add_figures(WbDocument *document, const WbFigure *figures, size_t n,
                             const void *base, const char *suffix);

/** wb_document_finish: the text, with a line end (caller frees); frees the document. */
char *wb_document_finish(WbDocument *document);

#endif
